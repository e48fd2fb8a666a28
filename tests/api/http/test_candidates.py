"""What is decided about candidates over HTTP, and many people at the same ones."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from desk_city import HERE, START, THERE, City, Person, photo_bytes

LATER = (START + timedelta(days=3)).isoformat()


def decide(city: City, user_id: str, candidate_id: str, how: str, **asked: Any) -> Any:
    person = city.person(user_id)
    version = person.get(f"/candidates/{candidate_id}")["version"]
    return person.post(f"/candidates/{candidate_id}/{how}", {"version": version, **asked})


def test_corrected_declined_and_taken_back(city: City) -> None:
    city.candidate("c1")
    told = decide(city, "reviewer", "c1", "correct", place_zh="人民广场北门")
    assert told["place_zh"] == "人民广场北门"
    told = decide(city, "reviewer", "c1", "decline", reason="false_alarm", note="是花箱")
    assert (told["state"], told["timeline"][-1]["note"]) == ("declined", "是花箱")
    told = decide(city, "reviewer", "c1", "undo")
    assert (told["state"], told["decline_reason"]) == ("pending", None)
    assert "confirmed" in told["allowed_actions"]
    assert [entry["action"] for entry in told["timeline"]] == ["corrected", "declined", "undone"]


def test_a_check_is_asked_of_a_group_and_answered_by_it(city: City) -> None:
    city.candidate("c1", at=THERE)
    inspector = city.person("inspector")
    assert inspector.get("/candidates/checks")["items"] == []
    decide(city, "reviewer", "c1", "check", fact="是否有夜市许可", group_id="group-1", due_at=LATER)
    [asked] = inspector.get("/candidates/checks")["items"]
    assert asked["check"]["fact"] == "是否有夜市许可"
    photo = inspector.upload(photo_bytes(4))
    told = decide(
        city, "inspector", "c1", "check/answer", answer="没有许可", photos=[{"sha256": photo}]
    )
    assert told["state"] == "pending"
    assert {picture["sha256"] for picture in told["pictures"]} >= {photo}
    # It has answered: the candidate is the desk's again.
    assert inspector.refused("GET", "/candidates/c1") == (404, "no_such_candidate")


def test_merged_and_taken_apart_again(city: City) -> None:
    for name in ("c1", "c2"):
        city.candidate(name)
    asked = {"other_ids": ["c2"], "versions": {"c1": 1, "c2": 1}, "same_objects": False}
    reviewer = city.person("reviewer")
    merged = reviewer.post("/candidates/c1/merge", asked)
    assert merged["members"] == {"overflowing_bin": 2}
    frames = [f"frame-{name}" for name in ("c1", "c2")]
    parts = [{"members": {"overflowing_bin": 1}, "frame_ids": [frame]} for frame in frames]
    made = decide(city, "reviewer", "c1", "split", parts=parts)["items"]
    assert [part["split_from"] for part in made] == ["c1", "c1"]
    unseen = {**asked, "versions": {"c1": 1}}
    assert reviewer.refused("POST", "/candidates/c1/merge", json=unseen) == (409, "conflict")


def test_the_queue_is_paged_without_gaps_while_it_is_worked_on(city: City) -> None:
    names = [city.candidate(f"c{n}") for n in range(7)]
    reviewer, seen = city.person("reviewer"), []
    after = None
    while True:
        page = reviewer.get("/candidates", limit=3, after=after)
        seen += [one["id"] for one in page["items"]]
        decide(city, "office", page["items"][0]["id"], "decline", reason="false_alarm")
        after = page["next"]
        if after is None:
            break
    assert seen == names
    assert reviewer.get("/candidates/counts")["total"] == 4


@pytest.mark.parametrize("cursor", ["x", "bm90IGpzb24", "WzFd", "WyJhIiwgImIiLCAiYyJd"])
@pytest.mark.parametrize("path", ["/candidates", "/cases", "/due", "/access-log", "/patrols"])
def test_a_cursor_that_is_none_of_ours_is_refused(
    shared_city: City, path: str, cursor: str
) -> None:
    answer = shared_city.person("office").ask("GET", path, params={"after": cursor})
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 422:
        assert answer.json()["code"] == "bad_cursor"


def test_a_unit_reports_what_it_found_and_a_reviewer_registers_it(city: City) -> None:
    officer = city.person("officer")
    report = {
        "category": "bin_overflow",
        "position": {"lat": HERE[0], "lon": HERE[1], "radius_m": 5.0},
        "photos": [{"sha256": officer.upload(photo_bytes(1)), "part": "near"}],
    }
    made = officer.post("/reports", report)
    assert (made["state"], made["source"], made["case_id"]) == ("pending", "street", None)
    told = decide(city, "reviewer", made["id"], "confirm", category="bin_overflow")
    case = officer.get(f"/cases/{told['case_id']}")
    assert (case["source"], case["unit_id"]) == ("street", "street-1")


def test_a_report_without_photo_or_place_is_refused(shared_city: City) -> None:
    inspector = shared_city.person("inspector")
    report: dict[str, Any] = {"category": "bin_overflow"}
    assert inspector.refused("POST", "/reports", json=report) == (422, "no_place")
    report["place_zh"] = "人民广场"
    assert inspector.refused("POST", "/reports", json=report) == (422, "no_photo")
    report["photos"] = [{"sha256": "c" * 64}]
    assert inspector.refused("POST", "/reports", json=report) == (422, "unknown_photo")


def test_many_browsers_at_the_same_candidates_double_no_case(any_city: City) -> None:
    """Each confirms everything that was pending when the page was loaded."""
    city = any_city
    names = [city.candidate(f"c{n:02}", at=(HERE[0], HERE[1] + n * 1e-4)) for n in range(12)]
    city.admit("reviewer")
    pages = [Person(city.app, "reviewer") for _ in range(6)]

    def confirm_all(page: Person) -> list[int]:
        asked = {"version": 1, "category": "bin_overflow"}
        return [
            page.ask("POST", f"/candidates/{name}/confirm", json=asked).status_code
            for name in names
        ]

    with ThreadPoolExecutor(len(pages)) as pool:
        outcomes = [status for told in pool.map(confirm_all, pages) for status in told]
    assert sorted(set(outcomes)) == [200, 409]
    assert outcomes.count(200) == len(names)
    numbers = [case["number"] for case in city.person("office").get("/cases")["items"]]
    assert len(numbers) == len(set(numbers)) == len(names)
    assert city.faults() == []
