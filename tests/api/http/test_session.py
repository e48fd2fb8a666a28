"""Signing in and out, locking out, roles, devices, resets."""

import pytest
from desk_city import PASSWORD, City
from starlette.testclient import TestClient

from zoubian.api.http.session import COOKIE


def test_a_page_gets_a_cookie_that_scripts_cannot_read(shared_city: City) -> None:
    shared_city.admit("officer")
    nobody = shared_city.nobody()
    answer = nobody.ask("POST", "/session", json={"user_id": "officer", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    for part in (f"{COOKIE}=", "HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert part in cookie
    document = answer.json()
    assert (document["user_id"], document["name"]) == ("officer", "张officer")
    assert document["acting_as"] == {"role": "officer", "unit_id": "street-1", "group_id": None}
    assert cookie.split("=", 1)[1].split(";")[0] not in answer.text


@pytest.mark.parametrize(
    ("user_id", "password"),
    [("officer", "wrong"), ("nobody-of-that-name", PASSWORD), ("officer", PASSWORD * 20)],
)
def test_wrong_names_and_passwords_are_told_alike(city: City, user_id: str, password: str) -> None:
    city.admit("officer")
    refused = city.nobody().refused(
        "POST", "/session", json={"user_id": user_id, "password": password}
    )
    assert refused == (401, "wrong_password")


@pytest.mark.parametrize("user_id", ["officer", "nobody-of-that-name"])
def test_after_some_tries_each_has_to_wait_twice_as_long(city: City, user_id: str) -> None:
    wrong = {"user_id": user_id, "password": "wrong"}
    right = {"user_id": user_id, "password": PASSWORD}
    city.admit("officer")
    nobody = city.nobody()
    for _ in range(5):
        assert nobody.refused("POST", "/session", json=wrong) == (401, "wrong_password")
    locked = nobody.ask("POST", "/session", json=right)
    assert (locked.status_code, locked.json()["code"]) == (429, "locked")
    assert 25 <= int(locked.headers["Retry-After"]) <= 30
    city.now.wait(seconds=31)
    assert nobody.refused("POST", "/session", json=wrong) == (401, "wrong_password")
    again = nobody.ask("POST", "/session", json=right)
    assert 55 <= int(again.headers["Retry-After"]) <= 60
    if user_id == "officer":
        city.now.wait(seconds=61)
        assert nobody.ask("POST", "/session", json=right).status_code == 200
        assert nobody.refused("POST", "/session", json=wrong)[0] == 401


def test_changes_need_the_token_of_the_page(shared_city: City) -> None:
    officer = shared_city.person("officer")
    stolen = TestClient(shared_city.app, base_url="https://testserver")
    stolen.cookies = officer.http.cookies
    for headers in ({}, {"X-CSRF-Token": "0" * 64}):
        answer = stolen.put("/api/v1/session/language", json={"language": "en"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert stolen.get("/api/v1/session").status_code == 200


def test_signed_out_is_signed_out(city: City) -> None:
    officer = city.person("officer")
    cookie = officer.http.cookies.get(COOKIE)
    officer.ask("DELETE", "/session")
    officer.http.cookies.set(COOKIE, str(cookie))
    assert officer.refused("GET", "/session") == (401, "not_signed_in")


@pytest.mark.parametrize(("hours_between", "times", "stays"), [(13, 1, False), (11, 3, True)])
def test_an_idle_page_is_signed_out(
    city: City, hours_between: int, times: int, stays: bool
) -> None:
    officer = city.person("officer")
    for _ in range(times):
        city.now.wait(hours=hours_between)
        status = officer.ask("GET", "/session").status_code
    assert (status == 200) is stays


def test_no_page_stays_signed_in_for_ever(city: City) -> None:
    officer = city.person("officer")
    for _ in range(15):
        city.now.wait(hours=11.5)
        status = officer.ask("GET", "/session").status_code
    assert status == 401


def test_a_device_acts_with_its_token_without_a_cookie(city: City) -> None:
    officer = city.person("officer")
    token = officer.post("/devices", {"name": "执法终端3"})["token"]
    phone = city.nobody()
    phone.http.headers["Authorization"] = f"Bearer {token}"
    assert phone.get("/session")["csrf"] is None
    assert phone.ask("PUT", "/session/language", json={"language": "en"}).status_code == 200
    [device] = officer.get("/devices")["items"]
    assert device["name"] == "执法终端3"
    officer.ask("DELETE", f"/devices/{device['id']}")
    assert phone.refused("GET", "/session") == (401, "not_signed_in")


def test_nobody_ends_the_device_of_somebody_else(city: City) -> None:
    officer, other = city.person("officer"), city.person("officer-2")
    officer.post("/devices", {"name": "手机"})
    [device] = officer.get("/devices")["items"]
    other.ask("DELETE", f"/devices/{device['id']}")
    assert len(officer.get("/devices")["items"]) == 1


def test_a_role_that_one_does_not_have_is_refused(shared_city: City) -> None:
    officer = shared_city.person("officer")
    for role in ({"role": "office"}, {"role": "officer", "unit_id": "street-2"}):
        assert officer.refused("POST", "/session/role", json=role) == (422, "not_your_role")


def test_an_administrator_who_is_in_no_organisation_may_sign_in(city: City) -> None:
    city.admit("root", admin=True)
    root = city.nobody()
    answer = root.ask("POST", "/session", json={"user_id": "root", "password": PASSWORD})
    assert answer.json()["acting_as"]["role"] == "admin"


def test_who_has_no_role_cannot_sign_in(city: City) -> None:
    with pytest.raises(AssertionError, match="no_role"):
        city.admit("stranger")


def test_a_reset_signs_out_and_its_code_works_once(city: City) -> None:
    officer, admin = city.person("officer"), city.person("admin")
    code = admin.post("/accounts/officer/code")["code"]
    assert officer.refused("GET", "/session") == (401, "not_signed_in")
    new = {"user_id": "officer", "code": code.lower(), "password": "Another-Horse-8"}
    nobody = city.nobody()
    assert nobody.ask("POST", "/session/reset", json=new).status_code == 200
    assert nobody.refused("POST", "/session/reset", json=new) == (401, "wrong_code")
    old = {"user_id": "officer", "password": PASSWORD}
    assert city.nobody().refused("POST", "/session", json=old) == (401, "wrong_password")


def test_a_code_runs_out(city: City) -> None:
    city.admit("officer")
    code = city.person("admin").post("/accounts/officer/code")["code"]
    city.now.wait(hours=25)
    new = {"user_id": "officer", "code": code, "password": "Another-Horse-8"}
    assert city.nobody().refused("POST", "/session/reset", json=new) == (401, "wrong_code")


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaa", "my-officer-123"])
def test_easy_passwords_are_refused(city: City, password: str) -> None:
    asked = {"old_password": PASSWORD, "password": password}
    refused = city.person("officer").refused("POST", "/session/password", json=asked)
    assert refused == (422, "weak_password")


def test_a_changed_password_signs_out_everywhere_else(city: City) -> None:
    here, there = city.person("officer"), city.nobody()
    there.ask("POST", "/session", json={"user_id": "officer", "password": PASSWORD})
    here.post("/session/password", {"old_password": PASSWORD, "password": "Another-Horse-8"})
    assert here.get("/session")["user_id"] == "officer"
    assert there.refused("GET", "/session") == (401, "not_signed_in")


def test_a_disabled_account_is_out_at_once(city: City) -> None:
    officer, admin = city.person("officer"), city.person("admin")
    admin.post("/accounts/officer/disabled", {"disabled": True})
    assert officer.refused("GET", "/session") == (401, "not_signed_in")
    asked = {"user_id": "officer", "password": PASSWORD}
    assert city.nobody().refused("POST", "/session", json=asked) == (401, "wrong_password")


def test_accounts_are_for_administrators(shared_city: City) -> None:
    assert shared_city.person("office").refused("GET", "/accounts") == (403, "forbidden")
    shared_city.person("officer")
    known = shared_city.person("admin").get("/accounts")["items"]
    assert "officer" in {one["user_id"] for one in known}


@pytest.mark.parametrize(
    ("header", "detail"),
    [("", "请先登录"), ("en-GB,en;q=0.9", "sign in first"), ("de", "请先登录")],
)
def test_errors_are_told_in_the_language_asked_for(
    shared_city: City, header: str, detail: str
) -> None:
    nobody = shared_city.nobody()
    answer = nobody.ask("GET", "/session", headers={"Accept-Language": header})
    assert answer.json()["detail"] == detail
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
