"""The ledger's stories through HTTP alone: each role on a page of its own, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from desk_city import (
    BUREAU,
    HERE,
    OTHER_UNIT,
    START,
    THERE,
    UNIT,
    City,
    photo_bytes,
)

LATER = (START + timedelta(days=60)).isoformat()


def _actions(case: Any) -> list[str]:
    return [entry["action"] for entry in case["timeline"]]


def _returned(city: City, user_id: str, case_id: str, seed: int) -> Any:
    photo = city.person(user_id).upload(photo_bytes(seed))
    return city.act(user_id, case_id, "returned", photo_sha256s=[photo])


def _refuse_unseen(city: City, case_id: str, *user_ids: str) -> None:
    for user_id in user_ids:
        refused = city.person(user_id).refused("GET", f"/cases/{case_id}")
        assert refused == (404, "no_such_case")


def test_from_dispatch_over_dispute_and_rework_to_closing_and_recurrence(any_city: City) -> None:
    city = any_city
    city.candidate("c1")
    reviewer = city.person("reviewer")
    [waiting] = reviewer.get("/candidates")["items"]
    assert (waiting["id"], waiting["precision"], waiting["proven"]) == ("c1", 0.9, True)
    confirmed = reviewer.post(
        "/candidates/c1/confirm", {"version": waiting["version"], "category": "bin_overflow"}
    )
    case_id = confirmed["case_id"]
    case = city.person("officer").get(f"/cases/{case_id}")
    assert (case["state"], case["unit_id"], case["round"]) == ("dispatched", UNIT, 1)
    _refuse_unseen(city, case_id, "officer-2", "verifier-2", "inspector-2")

    case = city.act("officer", case_id, "disputed", note="不在本街道辖区", unit_id=OTHER_UNIT)
    _refuse_unseen(city, case_id, "officer")  # it is nobody's now
    case = city.act("dispatcher", case_id, "dispatched", unit_id=OTHER_UNIT)
    assert (case["state"], case["unit_id"]) == ("dispatched", OTHER_UNIT)

    city.act("officer-2", case_id, "extension_requested", until=LATER, note="等待吊车")
    case = city.act("office", case_id, "extension_granted", until=LATER)
    assert "extended" in case["conditions"]

    case = _returned(city, "officer-2", case_id, 1)
    case = city.act(
        "verifier-2",
        case_id,
        "sent_back",
        recheck="on_site",
        reason="remains",
        remaining="箱旁仍有散落垃圾",
    )
    assert (case["state"], case["round"]) == ("dispatched", 2)
    assert case["timeline"][-1]["details"]["remaining"] == "箱旁仍有散落垃圾"

    _returned(city, "officer-2", case_id, 2)
    case = city.act("verifier-2", case_id, "closed", recheck="on_site")
    assert (case["state"], case["closing"]) == ("closed", "on_site")

    city.candidate("c2", at=THERE)
    [suspect] = reviewer.get("/candidates/c2/suspects")["items"] or [None]
    assert suspect is None or suspect["kind"] in ("closed_case", "candidate")
    again = reviewer.post(
        "/candidates/c2/confirm",
        {"version": 1, "category": "bin_overflow", "into_case": case_id},
    )
    assert again["case_id"] == case_id
    case = city.act("reviewer", case_id, "recurrence_accepted")
    assert (case["state"], case["unit_id"], case["round"]) == ("dispatched", OTHER_UNIT, 3)
    assert _actions(case) == [
        "registered",
        "dispatched",
        "disputed",
        "dispatched",
        "extension_requested",
        "extension_granted",
        "returned",
        "sent_back",
        "returned",
        "closed",
        "recurrence_proposed",
        "recurrence_accepted",
    ]
    assert [entry["actor"]["name"] for entry in case["timeline"]][:2] == ["张reviewer", None]
    assert city.faults() == []


def test_fixed_on_the_spot_by_the_group_that_found_it(any_city: City) -> None:
    city = any_city
    inspector = city.person("inspector")
    before, after = inspector.upload(photo_bytes(1)), inspector.upload(photo_bytes(2))
    report = {
        "category": "bin_overflow",
        "position": {"lat": HERE[0], "lon": HERE[1], "radius_m": 8.0},
        "photos": [{"sha256": before, "part": "near"}],
        "after_photo_sha256s": [after],
        "note": "当场清理",
        "request_id": "phone-1",
    }
    made = inspector.post("/reports", report)
    assert inspector.post("/reports", report)["id"] == made["id"]
    case = inspector.get(f"/cases/{made['case_id']}")
    assert (case["state"], case["closing"], case["unit_id"]) == ("closed", "fixed_on_spot", None)
    assert {picture["sha256"] for picture in case["pictures"]} == {before, after}
    case = city.act(
        "verifier", case["id"], "reopened", recheck="on_site", remaining="次日又满", unit_id=UNIT
    )
    assert (case["state"], case["unit_id"]) == ("dispatched", UNIT)
    assert city.faults() == []


def test_parked_on_request_reviewed_and_taken_up_again(any_city: City) -> None:
    city = any_city
    case_id = city.case("c1")
    city.act("officer", case_id, "parking_requested", until=LATER, note="冻土")
    case = city.act("office", case_id, "parked", until=LATER, note="同意，开春复工")
    assert (case["conditions"], case["state"]) == (["parked"], "dispatched")
    office = city.person("office")
    due = case["parking_review_at"]
    assert office.get("/cases", review_before=due)["items"] == []
    city.now.wait(days=31)
    city.people.clear()  # everybody is signed out by now
    office = city.person("office")
    now = city.now().isoformat()
    assert [c["id"] for c in office.get("/cases", review_before=now)["items"]] == [case_id]
    city.act("office", case_id, "parking_reviewed", note="仍有冻土")
    assert office.get("/cases", review_before=now)["items"] == []
    assert office.get("/cases/count", condition="parked")["count"] == 1
    city.act("office", case_id, "unparked")
    _returned(city, "officer", case_id, 5)
    assert city.act("verifier", case_id, "closed", recheck="on_site")["state"] == "closed"


def test_a_season_is_parked_in_bulk_and_those_that_cannot_are_named(any_city: City) -> None:
    city = any_city
    ids = [city.case(f"c{n}", at=(HERE[0] + n * 0.001, HERE[1])) for n in range(3)]
    _returned(city, "officer", ids[0], 1)
    asked = {
        "case_ids": [*ids, "nowhere"],
        "action": "parked",
        "details": {"until": LATER, "note": "冬季停工", "season": "winter-2026"},
    }
    outcome = city.person("office").post("/cases/actions", asked)
    assert set(outcome["done"]) == set(ids[1:])
    refused = {one["case_id"]: one["code"] for one in outcome["refused"]}
    assert refused == {ids[0]: "wrong_state", "nowhere": "no_such_case"}
    found = city.person("officer").get("/cases", season="winter-2026")["items"]
    assert [case["id"] for case in found] == [ids[2], ids[1]]


def test_a_hard_case_is_led_by_an_office_promised_and_struck_off(any_city: City) -> None:
    city = any_city
    case_id = city.case("c1")
    _refuse_unseen(city, case_id, "officer-bureau")
    city.act("verifier", case_id, "hard_raised", office_unit_id=BUREAU, note="权属不清")
    led = city.person("officer-bureau").get("/cases", hard_office_id=BUREAU)["items"]
    assert [case["id"] for case in led] == [case_id]
    city.act("office", case_id, "hard_noted", note="召开协调会")
    city.act("officer-bureau", case_id, "hard_promised", until=LATER)
    _returned(city, "officer", case_id, 1)
    city.act("verifier", case_id, "closed", recheck="on_site")
    case = city.act("office", case_id, "hard_struck_off", ground="已整改并现场确认")
    assert case["conditions"] == []
    assert case["timeline"][-1]["details"]["ground"] == "已整改并现场确认"
    assert city.faults() == []


@pytest.mark.parametrize(("answer", "state"), [("upheld", "returned"), ("rejected", "dispatched")])
def test_an_appeal_is_answered_and_erases_nothing(any_city: City, answer: str, state: str) -> None:
    city = any_city
    case_id = city.case("c1")
    _returned(city, "officer", case_id, 1)
    city.act(
        "verifier", case_id, "sent_back", recheck="photo", reason="too_dark", remaining="看不清"
    )
    city.act("officer", case_id, "appealed", note="照片所示为相邻点位")
    case = city.act("office", case_id, f"appeal_{answer}", note="经核实")
    assert (case["state"], case["send_backs"]) == (state, 1)
    assert "sent_back" in _actions(case)


def test_who_comes_second_is_told_and_nothing_is_overwritten(any_city: City) -> None:
    city = any_city
    case_id = city.case("c1")
    officer = city.person("officer")
    seen = officer.get(f"/cases/{case_id}")
    city.act("office", case_id, "noted", note="请尽快")
    photo = officer.upload(photo_bytes(1))
    late = {
        "action": "returned",
        "details": {"photo_sha256s": [photo]},
        "version": seen["version"],
    }
    assert officer.refused("POST", f"/cases/{case_id}/actions", json=late) == (409, "conflict")
    once = {**late, "version": None, "request_id": "tap-1"}
    first = officer.post(f"/cases/{case_id}/actions", once)
    assert officer.post(f"/cases/{case_id}/actions", once)["version"] == first["version"]


@pytest.mark.parametrize(
    ("user_id", "action", "details", "expected"),
    [
        ("verifier", "closed", {"recheck": "on_site"}, (409, "wrong_state")),
        ("reviewer", "dispatched", {"unit_id": UNIT}, (409, "wrong_state")),
        ("reviewer", "returned", {"photo_sha256s": ["a" * 64]}, (422, "unknown_photo")),
        ("reviewer", "parked", {"until": LATER, "note": "停"}, (403, "role")),
        ("officer", "disputed", {}, (422, "detail_missing")),
        ("officer", "disputed", {"note": "x", "season": "s"}, (422, "detail_unknown")),
        ("officer", "candidate_joined", {"candidate_ids": ["c1"]}, (422, "through_candidate")),
        ("officer", "flown", {}, (422, "invalid")),
    ],
)
def test_what_the_table_refuses_is_refused_in_the_users_language(
    shared_city: City, user_id: str, action: str, details: dict[str, Any], expected: Any
) -> None:
    name = f"c-{user_id}-{action}-{len(details)}"
    case_id = shared_city.case(name)
    asked = {"action": action, "details": details}
    person = shared_city.person(user_id)
    assert person.refused("POST", f"/cases/{case_id}/actions", json=asked) == expected
    english = person.ask(
        "POST", f"/cases/{case_id}/actions", json=asked, headers={"Accept-Language": "en"}
    )
    assert english.json()["detail"].isascii()
