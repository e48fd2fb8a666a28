"""Nobody sees or touches what is not theirs: every list, read, write and file route, every role."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
from desk_city import BUREAU, HERE, PEOPLE, THERE, City, open_city, photo_bytes
from due_office import FOUR_HOURS
from fastapi.routing import iter_route_contexts

from zoubian.api.http.app import PREFIX
from zoubian.pipeline.deadlines.rules import rule_of, store_rule
from zoubian.pipeline.domain.candidate_states import CandidateState

DESKS = ("reviewer", "dispatcher", "office", "admin")
CASES = ("k1", "k2", "k3", "k4", "k5")
CANDIDATES = ("m1", "m2", "m3", "m5", "r4", "p1", "p2", "p3", "ro", "ro2")
PATROLS = ("patrol-1", "patrol-2")

# Who may see what, reckoned by hand.
SEES: Mapping[str, set[str]] = {
    "officer": {"k1", "k3", "ro"},
    "officer-2": {"k2", "ro2"},
    "officer-bureau": {"k2", "k3", "k4"},  # it assists with two and leads the other
    "inspector": {"k1", "k3", "m1", "p1", "p3", "patrol-1"},
    "verifier": {"k1", "k3", "m1", "p1", "p3", "patrol-1"},
    "inspector-2": {"k2", "k4", "m2", "p2", "r4", "patrol-2"},
    "verifier-2": {"k2", "k4", "m2", "p2", "r4", "patrol-2"},
    **{user_id: {*CASES, *CANDIDATES, *PATROLS} for user_id in DESKS},
}
NOWHERE = (43.70, 125.10)
EVERY_STATE = [("state", state.value) for state in CandidateState]


@dataclass
class Rows:
    """A city with rows of everybody; `ids` by the names above, `marks` what gives a row away."""

    city: City
    ids: dict[str, str]
    marks: dict[str, set[str]]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Any) -> Iterator[Rows]:
    folder = tmp_path_factory.mktemp("scope")
    file = folder / "zoubian.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    with open_city(folder, f"sqlite:///{file}") as city:
        with city.workspace.uow() as session:
            store_rule(session, rule_of(FOUR_HOURS, city.now()))
        ids = _fill(city)
        city.now.wait(days=3)  # so that cases are overdue
        city.people.clear()
        yield Rows(city, ids, _marks(city, ids))


def _fill(city: City) -> dict[str, str]:
    ids = {
        "patrol-1": city.patrol("inspector", "一组早班"),
        "patrol-2": city.patrol("inspector-2", "二组早班"),
    }
    for name, at, patrol in (
        ("m1", HERE, ids["patrol-1"]),
        ("m2", THERE, ids["patrol-2"]),
        ("m3", (HERE[0] + 0.002, HERE[1]), None),
        ("m5", NOWHERE, None),
        ("p1", THERE, ids["patrol-1"]),  # beside a case that the group may not see
        ("p2", HERE, ids["patrol-2"]),
        ("p3", HERE, None),
    ):
        ids[name] = city.candidate(name, at=at, patrol_id=patrol)
    for case, candidate in (("k1", "m1"), ("k2", "m2"), ("k3", "m3"), ("k5", "m5")):
        asked = {"version": 1, "category": "bin_overflow"}
        confirmed = city.person("reviewer").post(f"/candidates/{candidate}/confirm", asked)
        ids[case] = confirmed["case_id"]
    due = (city.now.at.replace(year=2027)).isoformat()
    asked = {"version": 1, "fact": "是否有许可", "group_id": "group-1", "due_at": due}
    city.person("reviewer").post("/candidates/p3/check", asked)
    city.act("office", ids["k3"], "hard_raised", office_unit_id=BUREAU, note="权属不清")
    for name, user_id, at in (
        ("r4", "inspector-2", THERE),
        ("ro", "officer", HERE),
        ("ro2", "officer-2", THERE),
    ):
        person = city.person(user_id)
        photo = person.upload(photo_bytes(len(ids) * 10))
        report: dict[str, Any] = {
            "category": "bin_overflow",
            "position": {"lat": at[0], "lon": at[1], "radius_m": 5.0},
            "place_zh": f"{name}上报处",
            "photos": [{"sha256": photo}],
        }
        if name == "r4":
            report["after_photo_sha256s"] = [person.upload(photo_bytes(999))]
        made = person.post("/reports", report)
        ids[name] = made["id"]
        if name == "r4":
            ids["k4"] = made["case_id"]
    return ids


def _marks(city: City, ids: Mapping[str, str]) -> dict[str, set[str]]:
    office = city.person("office")
    marks = {name: {ids[name]} for name in PATROLS}
    for name in CASES:
        case = office.get(f"/cases/{ids[name]}")
        marks[name] = {case["id"], case["number"]}
    for name in CANDIDATES:
        found = office.get(f"/candidates/{ids[name]}")
        marks[name] = {found["number"], f'"id":"{found["id"]}"'}
    return marks


def paths(rows: Rows, *, having: str | None) -> list[tuple[str, str]]:
    """Methods and paths of the service's routes: those with a row's id of a kind, or with none."""
    found = []
    for context in iter_route_contexts(rows.city.app.routes):
        path = str(context.path).removeprefix(PREFIX)
        named = "{" in path if having is None else having in path
        if named is (having is not None):
            found += [(method, path) for method in sorted(context.methods or ())]
    return found


@pytest.mark.parametrize("user_id", PEOPLE)
def test_no_list_leaks_a_row(rows: Rows, user_id: str) -> None:
    person, seen = rows.city.person(user_id), set[str]()
    for method, path in paths(rows, having=None):
        if method != "GET" or path in ("/health", "/openapi.json"):
            continue
        parameters: list[tuple[str, Any]] = []
        if path in ("/candidates", "/candidates/counts"):
            parameters = list(EVERY_STATE)
        answer = person.ask("GET", path, params=[*parameters, *_needed(path)])
        if answer.status_code == 403:
            continue
        assert answer.status_code == 200, (path, answer.text)
        text = _text(answer.headers["content-type"], answer.content)
        told = {name for name, marks in rows.marks.items() if any(m in text for m in marks)}
        assert told <= SEES[user_id], path
        seen |= told
    # and what is theirs is listed somewhere
    shown = {name for name in SEES[user_id] if not name.startswith("patrol")}
    assert shown <= seen


def _needed(path: str) -> list[tuple[str, Any]]:
    return [("year", 2026)] if path == "/deadlines/calendar" else []


def _text(media_type: str, content: bytes) -> str:
    if "spreadsheet" not in media_type:
        return content.decode()
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(str(cell) for page in book for row in page.values for cell in row)


@pytest.mark.parametrize("user_id", PEOPLE)
def test_counts_count_no_more_than_the_lists_show(rows: Rows, user_id: str) -> None:
    person = rows.city.person(user_id)
    mine = {name for name in CASES if name in SEES[user_id]}
    assert person.get("/cases/count")["count"] == len(mine)
    answer = person.ask("GET", "/candidates/counts", params=EVERY_STATE)
    mine = {name for name in CANDIDATES if name in SEES[user_id]}
    assert answer.json()["total"] == len(mine)
    units = set(person.get("/due/counts"))
    if user_id.startswith("officer"):
        assert units <= {str(PEOPLE[user_id][1])}


PHOTO = "a" * 64
DECISION = {"version": 1}
BODIES: Mapping[str, Any] = {
    "/cases/{case_id}/actions": {"action": "noted", "details": {"note": "x"}},
    "/cases/{case_id}/links": {},
    "/candidates/{candidate_id}/confirm": {"version": 1, "category": "bin_overflow"},
    "/candidates/{candidate_id}/correct": {"version": 1, "place_zh": "别处"},
    "/candidates/{candidate_id}/merge": {
        "other_ids": ["p1"],
        "versions": {"p1": 1},
        "same_objects": True,
    },
    "/candidates/{candidate_id}/split": {
        "version": 1,
        "parts": [{"members": {"overflowing_bin": 1}, "frame_ids": ["f"]}],
    },
    "/candidates/{candidate_id}/check": {
        "version": 1,
        "fact": "x",
        "group_id": "group-1",
        "due_at": "2030-01-01T00:00:00Z",
    },
    "/candidates/{candidate_id}/check/answer": {"version": 1, "answer": "x"},
    "/candidates/{candidate_id}/decline": {"version": 1, "reason": "false_alarm"},
    "/candidates/{candidate_id}/restore": DECISION,
    "/candidates/{candidate_id}/undo": DECISION,
    "/patrols/{patrol_id}/media": {"upload_ids": ["u"]},
}


@pytest.mark.parametrize("user_id", PEOPLE)
@pytest.mark.parametrize(
    ("kind", "names"),
    [("{case_id}", CASES), ("{candidate_id}", CANDIDATES), ("{patrol_id}", PATROLS)],
)
def test_what_may_not_be_seen_is_not_there(
    rows: Rows, user_id: str, kind: str, names: tuple[str, ...]
) -> None:
    person = rows.city.person(user_id)
    hidden = [name for name in names if name not in SEES[user_id]]
    head = person.ask("GET", "/ledger/head")
    for method, path in paths(rows, having=kind):
        body = BODIES[path] if method == "POST" else None
        for name in hidden:
            real = path.replace(kind, rows.ids[name]).replace("{sha256}", PHOTO)
            answer = person.ask(method, real.replace("{link_id}", "x"), json=body)
            code = answer.json()["code"]
            # Without a model scans are refused before anything is looked at.
            nothing = code in ("no_such_case", "no_such_candidate", "no_such_patrol", "no_model")
            assert nothing or answer.status_code == 403, (method, real, answer.text)
    if head.status_code == 200:
        assert person.get("/ledger/head") == head.json()


@pytest.mark.parametrize("user_id", PEOPLE)
def test_what_may_be_seen_can_be_read_with_its_pictures(rows: Rows, user_id: str) -> None:
    person = rows.city.person(user_id)
    for name in SEES[user_id]:
        room = "cases" if name in CASES else "candidates" if name in CANDIDATES else "patrols"
        if room == "patrols" and user_id in ("dispatcher", "admin"):
            continue  # the permission is the group's and the desks'
        found = person.get(f"/{room}/{rows.ids[name]}")
        for picture in found.get("pictures", ()):
            if picture["shown_sha256"] is not None:
                answer = person.ask(
                    "GET", f"/{room}/{rows.ids[name]}/photos/{picture['shown_sha256']}"
                )
                assert answer.status_code == 200
                assert answer.headers["content-type"] == "image/jpeg"


def test_a_file_of_one_row_is_not_given_out_with_another(rows: Rows) -> None:
    officer = rows.city.person("officer")
    [other] = rows.city.person("office").get(f"/cases/{rows.ids['k2']}")["pictures"]
    for sha256 in (other["shown_sha256"], other["evidence_sha256"], other["original_sha256"]):
        refused = officer.refused("GET", f"/cases/{rows.ids['k1']}/photos/{sha256}")
        assert refused == (404, "no_such_file")


def test_what_one_has_not_sent_cannot_be_attached_and_then_read(rows: Rows) -> None:
    officer = rows.city.person("officer")
    [other] = rows.city.person("office").get(f"/cases/{rows.ids['k2']}")["pictures"]
    for sha256 in (other["shown_sha256"], other["original_sha256"]):
        asked = {"action": "noted", "details": {"note": "x", "photo_sha256s": [sha256]}}
        path = f"/cases/{rows.ids['k1']}/actions"
        assert officer.refused("POST", path, json=asked) == (422, "unknown_photo")


@pytest.mark.parametrize("field", ["into_case", "other_ids", "candidate_ids"])
def test_a_hidden_row_cannot_be_named_either(rows: Rows, field: str) -> None:
    inspector = rows.city.person("inspector")
    if field == "into_case":
        asked: Any = {**DECISION, "category": "bin_overflow", "into_case": rows.ids["k2"]}
        refused = inspector.refused("POST", "/candidates/p1/confirm", json=asked)
        assert refused == (404, "no_such_case")
    elif field == "other_ids":
        asked = {"other_ids": ["p2"], "versions": {"p1": 1, "p2": 1}, "same_objects": True}
        refused = inspector.refused("POST", "/candidates/p1/merge", json=asked)
        assert refused == (404, "no_such_candidate")
    else:
        asked = {"action": "seen_again", "details": {"candidate_ids": ["p2"]}}
        refused = inspector.refused("POST", f"/cases/{rows.ids['k1']}/actions", json=asked)
        assert refused == (404, "no_such_candidate")


def test_suspects_name_nothing_that_may_not_be_seen(rows: Rows) -> None:
    found = rows.city.person("inspector").get("/candidates/p1/suspects")["items"]
    assert rows.ids["k2"] not in {one["id"] for one in found}
    everything = rows.city.person("reviewer").get("/candidates/p1/suspects")["items"]
    assert rows.ids["k2"] in {one["id"] for one in everything}


def test_uploads_are_their_senders_only(rows: Rows) -> None:
    officer, other = rows.city.person("officer"), rows.city.person("officer-2")
    asked = {"name": "a.mp4", "size": 10, "sha256": "b" * 64}
    upload_id = officer.post("/uploads", asked)["id"]
    headers = {"Content-Range": "bytes 0-9/10"}
    for method, path in paths(rows, having="{upload_id}"):
        given: dict[str, Any] = {"content": b"0123456789", "headers": headers}
        answer = other.ask(
            method, path.replace("{upload_id}", upload_id), **(given if method == "PUT" else {})
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_upload"), path
