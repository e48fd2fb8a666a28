"""What a scan found and its JSON document: agreed keys, unknown values null, everything sorted."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from sqlalchemy import delete, select

from zoubian.pipeline.candidates.document import scan_document
from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.candidates.result import ScanResult, scan_result
from zoubian.pipeline.candidates.service import Means, form_candidates
from zoubian.pipeline.intake.models import Medium

if TYPE_CHECKING:
    from tests.pipeline.candidates.conftest import PatrolDesk

PATROL = "p1"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FULL = ("overflowing_bin", 0.81239, (100.0, 200.0, 400.0, 700.0))
RUBBLE = ("rubble_heap", 0.7, (100.0, 200.0, 400.0, 700.0))


def scanned(desk: "PatrolDesk", means: Means) -> ScanResult:
    with desk.uow() as session:
        form_candidates(session, desk.files, patrol_id=PATROL, means=means, at=NOW)
    with desk.uow.reading() as session:
        return scan_result(session, PATROL, tables=means.tables)


def document(
    desk: "PatrolDesk", means: Means, language: Literal["zh", "en"] = "zh"
) -> dict[str, Any]:
    return scan_document(scanned(desk, means), desk.files, seconds=1.239, language=language)


def test_document_has_exactly_the_agreed_keys(desk: "PatrolDesk", means: Means) -> None:
    taken_at = datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)
    desk.photo("a.jpg", [FULL], at=(43.88, 125.32), taken_at=taken_at)
    desk.remark("problem", "bad.jpg", "truncated")
    desk.remark("note", "list.csv", "side_files")
    told = document(desk, means)
    (candidate,) = told["candidates"]
    (evidence,) = candidate.pop("evidence")
    assert len(candidate.pop("id")) == 20
    assert candidate == {
        "visual_class": "overflowing_bin",
        "members": {"overflowing_bin": 1},
        "category": "bin_overflow",
        "category_zh": "垃圾箱满溢",
        "confidence": 0.8124,
        "precision": 0.9,
        "proven": True,
        "lat": 43.88,
        "lon": 125.32,
        "radius_m": 20.0,
        "place": "北纬43.88000，东经125.32000",
        "frames": ["a.jpg"],
        "first_seen_at": "2026-11-23T09:02:03+08:00",
    }
    assert Path(evidence).is_file()
    del told["candidates"]
    assert told == {
        "media": [{"path": "a.jpg", "kind": "photo", "frames_read": 1, "frames_sampled": 1}],
        "problems": [{"path": "bad.jpg", "code": "truncated", "message": "truncated：说明"}],
        "notes": [{"path": "list.csv", "code": "side_files", "message": "side_files：说明"}],
        "seconds": 1.24,
    }


def test_what_is_unknown_is_null(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("a.jpg", [RUBBLE])
    (candidate,) = json.loads(json.dumps(document(desk, means)))["candidates"]
    unknown = {key for key, value in candidate.items() if value is None}
    assert unknown == {"precision", "lat", "lon", "radius_m", "place", "first_seen_at"}
    assert candidate["proven"] is False


def test_an_empty_patrol_gives_an_empty_document(desk: "PatrolDesk", means: Means) -> None:
    assert document(desk, means) == {
        "media": [],
        "problems": [],
        "notes": [],
        "candidates": [],
        "seconds": 1.24,
    }


def test_messages_follow_the_language(desk: "PatrolDesk", means: Means) -> None:
    desk.remark("problem", "bad.jpg", "truncated")
    assert document(desk, means, "en")["problems"][0]["message"] == "truncated: told"


def test_a_frame_of_a_video_is_named_with_its_second(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("a.mp4", [FULL])
    scanned(desk, means)
    with desk.uow() as session:
        session.scalars(select(Medium)).one().kind = "video"
    with desk.uow.reading() as session:
        result = scan_result(session, PATROL, tables=means.tables)
    told = scan_document(result, desk.files, seconds=1.0, language="zh")
    assert told["candidates"][0]["frames"] == ["a.mp4#t=0.00"]


def test_lines_are_sorted_and_a_failure_is_told_once(desk: "PatrolDesk", means: Means) -> None:
    for name in ("b.jpg", "a.jpg"):
        desk.photo(name, [])
    with desk.uow() as session:
        medium = session.scalars(select(Medium).where(Medium.shown_path == "b.jpg")).one()
        medium.state, medium.problem_code = "failed", "truncated"
        medium.problem_zh, medium.problem_en = "truncated：说明", "truncated: told"
    desk.remark("problem", "z.jpg", "empty")
    desk.remark("problem", "b.jpg", "truncated")
    told = document(desk, means)
    assert [medium["path"] for medium in told["media"]] == ["a.jpg", "b.jpg"]
    assert [problem["path"] for problem in told["problems"]] == ["b.jpg", "z.jpg"]


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("pending", 1),
        ("check_requested", 1),
        ("confirmed", 1),
        ("declined", 0),
        ("merged", 0),
        ("split", 0),
        ("lapsed", 0),
    ],
)
def test_only_what_still_stands_is_told(
    desk: "PatrolDesk", means: Means, state: str, shown: int
) -> None:
    desk.photo("a.jpg", [FULL])
    scanned(desk, means)
    with desk.uow() as session:
        row = session.scalars(select(Candidate)).one()
        row.state, row.handled = state, True
    assert len(document(desk, means)["candidates"]) == shown


def test_a_candidate_whose_frames_were_replaced_keeps_its_evidence(
    desk: "PatrolDesk", means: Means
) -> None:
    desk.photo("a.jpg", [FULL])
    scanned(desk, means)
    with desk.uow() as session:
        session.scalars(select(Candidate)).one().handled = True
        session.execute(delete(Medium))
    (candidate,) = document(desk, means)["candidates"]
    assert candidate["frames"] == []
    assert len(candidate["evidence"]) == 1
