"""A patrol's candidates: formed from rows, the same in every run, people's decisions untouched."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from shapely.geometry import LineString
from sqlalchemy import select

from zoubian.pipeline.candidates.models import Candidate, CandidateFrame
from zoubian.pipeline.candidates.service import Means, form_candidates
from zoubian.pipeline.organisation.places import NamedShape, PlaceIndex
from zoubian.pipeline.sightings.models import Frame

if TYPE_CHECKING:
    from tests.pipeline.candidates.conftest import PatrolDesk

PATROL = "p1"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DECIDED_BY_PEOPLE = (
    "filing_condition",
    "reported_by",
    "case_id",
    "merged_into",
    "split_from",
    "decline_reason",
    "check_group_id",
    "check_due_at",
    "check_fact",
    "held_by",
    "held_zh",
    "held_en",
)
FULL = ("overflowing_bin", 0.8, (100.0, 200.0, 400.0, 700.0))
HEAP = ("garbage_pile", 0.5, (450.0, 400.0, 900.0, 800.0))
CLOSED = ("bin", 0.9, (950.0, 200.0, 1200.0, 700.0))
HERE = (43.88, 125.32)
NEXT_STEP = (43.88002, 125.32)  # 2.2 m north
NEXT_STREET = (43.883, 125.32)


def run(desk: "PatrolDesk", means: Means, patrol_id: str = PATROL) -> tuple[str, ...]:
    with desk.uow() as session:
        return form_candidates(session, desk.files, patrol_id=patrol_id, means=means, at=NOW)


def rows(desk: "PatrolDesk") -> list[dict[str, object]]:
    with desk.uow.reading() as session:
        found = session.scalars(select(Candidate).order_by(Candidate.number)).all()
        return [
            {column.key: getattr(row, column.key) for column in Candidate.__table__.columns}
            for row in found
        ]


def test_a_spot_becomes_one_candidate_with_all_its_columns(
    desk: "PatrolDesk", means_with: Callable[[PlaceIndex], Means]
) -> None:
    seen_at = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    desk.photo("a.jpg", [FULL, HEAP, CLOSED], at=HERE, taken_at=seen_at)
    street = NamedShape("解放大路", "Jiefang Road", LineString([(125.3, 43.88), (125.4, 43.88)]))
    (identifier,) = run(desk, means_with(PlaceIndex([street], ())))
    (row,) = rows(desk)
    evidence = row.pop("evidence_sha256")
    assert row == {
        "id": identifier,
        "patrol_id": PATROL,
        "number": "Z1123-001",  # the patrol's day in Changchun, where UTC still had the 22nd
        "state": "pending",
        "version": 1,
        "handled": False,
        "source": "patrol",
        "queued_at": NOW,
        "visual_class": "overflowing_bin",
        "category": "bin_overflow",
        "members": {"overflowing_bin": 1, "garbage_pile": 1, "bin": 1},
        "confidence": 0.8,
        "precision": pytest.approx(0.9),
        "proven": True,
        "lat": pytest.approx(HERE[0]),
        "lon": pytest.approx(HERE[1]),
        "radius_m": pytest.approx(20.0),
        "place_zh": "解放大路沿线，北纬43.88000，东经125.32000",
        "place_en": "along Jiefang Road, 43.88000° N, 125.32000° E",
        "first_seen_at": seen_at,
        **dict.fromkeys(DECIDED_BY_PEOPLE),
    }
    assert desk.files.path(str(evidence)).read_bytes().startswith(b"\xff\xd8")


def test_closed_bins_and_photos_that_cannot_be_judged_make_no_candidate(
    desk: "PatrolDesk", means: Means
) -> None:
    desk.photo("closed.jpg", [CLOSED])
    desk.photo("dark.jpg", [FULL], quality_reason="too_dark")
    assert run(desk, means) == ()
    assert rows(desk) == []


def test_an_unproven_class_has_no_precision(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("a.jpg", [("rubble_heap", 0.9, FULL[2])])
    run(desk, means)
    (row,) = rows(desk)
    assert (row["precision"], row["proven"]) == (None, False)


def test_two_runs_store_the_same_rows_and_the_same_bytes(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("a.jpg", [FULL], at=HERE)
    desk.photo("b.jpg", [FULL], at=NEXT_STEP)
    desk.photo("c.jpg", [HEAP], at=NEXT_STREET)
    first_ids, first_rows = run(desk, means), rows(desk)
    stored = sorted(path.name for path in desk.files.folder.rglob("*") if path.is_file())
    assert run(desk, means) == first_ids
    assert rows(desk) == first_rows
    assert stored == sorted(p.name for p in desk.files.folder.rglob("*") if p.is_file())


def test_frames_are_ranked_and_the_best_ones_drawn(desk: "PatrolDesk", means: Means) -> None:
    small = ("overflowing_bin", 0.8, (0.0, 0.0, 50.0, 50.0))
    desk.photo("a.jpg", [small], at=HERE)
    desk.photo("b.jpg", [FULL], at=NEXT_STEP)
    run(desk, replace(means, evidence_frames=1))
    with desk.uow.reading() as session:
        frames = session.scalars(select(CandidateFrame).order_by(CandidateFrame.rank)).all()
    assert [frame.frame_id for frame in frames] == ["f-p1-b.jpg", "f-p1-a.jpg"]
    assert [frame.evidence_sha256 is not None for frame in frames] == [True, False]


def test_numbers_go_on_through_the_patrols_of_a_workspace(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("a.jpg", [FULL])
    run(desk, means)
    desk.add_patrol("p2")
    desk.photo("a.jpg", [FULL], patrol_id="p2")
    run(desk, means, "p2")
    run(desk, means)
    numbers = [(row["patrol_id"], row["number"]) for row in rows(desk)]
    assert numbers == [("p1", "Z1123-001"), ("p2", "Z1123-002")]


def test_a_candidate_keeps_its_number_when_others_appear_before_it(
    desk: "PatrolDesk", means: Means
) -> None:
    desk.photo("b.jpg", [FULL])
    run(desk, means)
    desk.photo("a.jpg", [FULL])
    run(desk, means)
    with desk.uow.reading() as session:
        frames = session.execute(
            select(Candidate.number, CandidateFrame.frame_id)
            .join(CandidateFrame, CandidateFrame.candidate_id == Candidate.id)
            .order_by(Candidate.number)
        ).all()
    assert [tuple(row) for row in frames] == [
        ("Z1123-001", "f-p1-b.jpg"),
        ("Z1123-002", "f-p1-a.jpg"),
    ]


def test_a_lost_shown_copy_costs_the_picture_and_not_the_candidate(
    desk: "PatrolDesk", means: Means
) -> None:
    frame_id = desk.photo("a.jpg", [FULL])
    with desk.uow.reading() as session:
        shown = session.get_one(Frame, frame_id).shown_sha256
    desk.files.path(str(shown)).unlink()
    run(desk, means)
    (row,) = rows(desk)
    assert row["evidence_sha256"] is None
