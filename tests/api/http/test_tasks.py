"""Links for one case: who holds one returns its photos, sees nothing else, and is named."""

from typing import Any

import pytest
from desk_city import City, Person, photo_bytes


def holder(city: City, token: str) -> Person:
    person = city.nobody()
    person.http.headers["Authorization"] = f"Bearer {token}"
    return person


def give(city: City, case_id: str, **asked: Any) -> Any:
    return city.person("officer").post(f"/cases/{case_id}/links", asked)


def send(person: Person, seed: int) -> str:
    answer = person.ask("POST", "/task/photos", files=[("file", ("a.jpg", photo_bytes(seed)))])
    sha256: str = answer.json()["sha256"]
    return sha256


def test_a_cleaner_returns_photos_without_an_account(city: City) -> None:
    case_id = city.case("c1")
    link = give(city, case_id)
    assert link["path"] == f"/task#{link['token']}"
    cleaner = holder(city, link["token"])
    task = cleaner.get("/task")
    assert (task["open"], task["category"], task["remaining"]) == (True, "bin_overflow", None)
    [copy] = [photo for photo in task["photos"]][:1]
    assert cleaner.ask("GET", f"/task/photos/{copy}").status_code == 200
    asked = {"name": "保洁员王师傅", "photo_sha256s": [send(cleaner, 7)]}
    assert cleaner.post("/task/return", asked)["state"] == "returned"
    officer = city.person("officer")
    case = officer.get(f"/cases/{case_id}")
    last = case["timeline"][-1]
    assert (last["action"], last["actor"]["unit_id"]) == ("returned", "street-1")
    assert last["actor"]["user_id"] == f"link:{link['id']}"
    assert "王师傅" not in str(case)  # the ledger names nobody
    [known] = officer.get(f"/cases/{case_id}/links")["items"]
    assert [use["name"] for use in known["uses"]] == ["保洁员王师傅"]
    assert city.faults() == []


def test_a_link_opens_its_case_and_nothing_else(city: City) -> None:
    link = give(city, city.case("c1"))
    other = city.case("c2", at=(43.806, 125.306))
    cleaner = holder(city, link["token"])
    for path in ("/cases", f"/cases/{other}", "/candidates", "/session", "/organisation"):
        assert cleaner.refused("GET", path) == (403, "forbidden")
    [picture] = city.person("office").get(f"/cases/{other}")["pictures"]
    refused = cleaner.refused("GET", f"/task/photos/{picture['shown_sha256']}")
    assert refused == (404, "no_such_file")


def test_a_link_is_no_way_around_the_table(city: City) -> None:
    cleaner = holder(city, give(city, city.case("c1"))["token"])
    asked = {"name": "王师傅", "photo_sha256s": [send(cleaner, 7)]}
    cleaner.post("/task/return", asked)
    assert cleaner.get("/task")["open"] is False
    assert cleaner.refused("POST", "/task/return", json=asked) == (409, "wrong_state")
    files = [("file", ("a.jpg", photo_bytes(8)))]
    assert cleaner.refused("POST", "/task/photos", files=files) == (409, "wrong_state")


def test_after_a_send_back_the_link_tells_what_remains(city: City) -> None:
    case_id = city.case("c1")
    cleaner = holder(city, give(city, case_id)["token"])
    cleaner.post("/task/return", {"name": "王师傅", "photo_sha256s": [send(cleaner, 7)]})
    city.act(
        "verifier", case_id, "sent_back", recheck="photo", reason="remains", remaining="箱后有垃圾"
    )
    task = cleaner.get("/task")
    assert (task["open"], task["remaining"], task["round"]) == (True, "箱后有垃圾", 2)


@pytest.mark.parametrize("how", ["late", "revoked", "made_up", "without_name"])
def test_a_link_that_does_not_hold_is_refused(city: City, how: str) -> None:
    case_id = city.case("c1")
    link = give(city, case_id, hours=2)
    cleaner = holder(city, link["token"])
    if how == "late":
        city.now.wait(hours=3)
    elif how == "revoked":
        city.person("officer").ask("DELETE", f"/cases/{case_id}/links/{link['id']}")
    elif how == "made_up":
        cleaner = holder(city, "zbt_" + "x" * 43)
    if how == "without_name":
        asked = {"photo_sha256s": [send(cleaner, 7)]}
        assert cleaner.refused("POST", "/task/return", json=asked) == (422, "invalid")
    else:
        assert cleaner.refused("GET", "/task") == (401, "not_signed_in")


def test_only_the_unit_that_works_gives_out_links(city: City) -> None:
    case_id = city.case("c1")
    for user_id, expected in (
        ("office", (403, "forbidden")),
        ("officer-2", (404, "no_such_case")),
    ):
        refused = city.person(user_id).refused("POST", f"/cases/{case_id}/links", json={})
        assert refused == expected
    city.act("officer", case_id, "disputed", note="不在本街道辖区")
    refused = city.person("officer").refused("POST", f"/cases/{case_id}/links", json={})
    assert refused == (404, "no_such_case")
