"""The doors around the application: rates by address, by account and for signing in."""

from collections.abc import Iterator

import pytest
from desk_city import PASSWORD, City, open_city
from starlette.testclient import TestClient

from zoubian.api.serving.doors import DoorRules, Doors
from zoubian.api.serving.rates import Rate

FREE = Rate(1e6, 1e6)
SLOW = Rate(0.01, 3)  # a fourth within the test has to wait


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with open_city(tmp_path_factory.mktemp("city"), None) as one:
        one.admit("officer")
        yield one


def page(
    city: City,
    *,
    address: Rate = FREE,
    account: Rate = FREE,
    sign_in: Rate = FREE,
    lasting: bool = False,
) -> Doors:
    return Doors(city.app, DoorRules(address, account, sign_in, lasting))


def client(doors: Doors, address: str = "10.0.0.1") -> TestClient:
    return TestClient(doors, base_url="https://testserver/api/v1", client=(address, 5000))


def sign_in(browser: TestClient, password: str = PASSWORD, path: str = "/session") -> int:
    asked = {"user_id": "officer", "password": password}
    return browser.post(path, json=asked).status_code


def test_one_address_cannot_ask_for_ever_and_others_can(city: City) -> None:
    doors = page(city, address=SLOW)
    browser = client(doors)
    assert [browser.get("/health").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert client(doors, "10.0.0.2").get("/health").status_code == 200


def test_a_refusal_is_a_problem_document_with_the_headers_of_any_answer(city: City) -> None:
    browser = client(page(city, address=Rate(0.1, 1)))
    browser.get("/health")
    refused = browser.get("/health", headers={"Accept-Language": "en"})
    assert refused.headers["content-type"] == "application/problem+json"
    assert (refused.json()["code"], refused.json()["status"]) == ("too_many", 429)
    assert refused.json()["detail"].startswith("too many requests: try again in")
    assert 9 <= int(refused.headers["retry-after"]) <= 10
    assert refused.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/session", "/session/reset"])
def test_guessing_is_slowed_down_whatever_the_account(path: str, city: City) -> None:
    browser = client(page(city, sign_in=SLOW))
    tried = [
        browser.post(
            path, json={"user_id": f"user-{n}", "code": "x" * 8, "password": "Guess-Horse-1"}
        ).status_code
        for n in range(5)
    ]
    assert 429 not in tried[:3] and tried[3:] == [429, 429]
    assert browser.get("/health").status_code == 200, "only signing in is refused"


def test_an_account_cannot_ask_for_ever_from_many_addresses(city: City) -> None:
    doors = page(city, account=SLOW)
    cookie = {}
    for n in range(4):
        browser = client(doors, f"10.0.1.{n}")
        if n == 0:
            assert sign_in(browser) == 200
            cookie = dict(browser.cookies)
        browser.cookies.update(cookie)
        answer = browser.get("/session")
        assert answer.status_code == (200 if n < 3 else 429)
    assert answer.json()["code"] == "too_many"


@pytest.mark.parametrize("lasting", [True, False])
def test_lasting_is_told_with_certificates_that_were_given_only(lasting: bool, city: City) -> None:
    answer = client(page(city, lasting=lasting)).get("/health")
    assert ("strict-transport-security" in answer.headers) is lasting


def test_files_of_strangers_are_not_even_taken(city: City) -> None:
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    browser = client(page(city))
    for headers in ({}, {"Cookie": "zoubian=made-up"}, {"Authorization": "Bearer made-up"}):
        answer = browser.post("/uploads/batch", content=b"--b--", headers={**form, **headers})
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    sign_in(browser)
    answer = browser.post("/uploads/batch", content=b"--b--", headers=form)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
