"""A patrol looked at again: what people dealt with stays, nothing goes without a trace."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select, update

from zoubian.pipeline.candidates.models import Candidate, CandidateFrame
from zoubian.pipeline.candidates.rescan import (
    PlannedCandidate,
    handled_by_people,
    replace_candidates,
)
from zoubian.pipeline.candidates.rules import SeenFrame, SeenObject, SpotDraft
from zoubian.pipeline.candidates.service import Means, form_candidates, plan_candidates
from zoubian.pipeline.domain.boxes import Box
from zoubian.pipeline.intake.models import Medium
from zoubian.pipeline.sightings.models import DetectionRow

if TYPE_CHECKING:
    from tests.pipeline.candidates.conftest import PatrolDesk

PATROL = "p1"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FULL = ("overflowing_bin", 0.8, (100.0, 200.0, 400.0, 700.0))
HEAP = ("garbage_pile", 0.5, (450.0, 400.0, 900.0, 800.0))
HERE = (43.88, 125.32)
NEXT_STEP = (43.88002, 125.32)  # 2.2 m north


@pytest.fixture
def desk(both_desks: "PatrolDesk") -> "PatrolDesk":
    return both_desks


def scan(desk: "PatrolDesk", means: Means, at: datetime = NOW) -> tuple[str, ...]:
    with desk.uow() as session:
        return form_candidates(session, desk.files, patrol_id=PATROL, means=means, at=at)


def rows(desk: "PatrolDesk") -> list[Candidate]:
    with desk.uow.reading() as session:
        return list(session.scalars(select(Candidate).order_by(Candidate.number)))


def frames(desk: "PatrolDesk", identifier: str) -> list[str]:
    with desk.uow.reading() as session:
        return list(
            session.scalars(
                select(CandidateFrame.frame_id)
                .where(CandidateFrame.candidate_id == identifier)
                .order_by(CandidateFrame.rank)
            )
        )


def handle(desk: "PatrolDesk", identifier: str, state: str) -> None:
    with desk.uow() as session:
        row = session.get_one(Candidate, identifier)
        row.state, row.handled = state, True


def facts(row: Candidate) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in Candidate.__table__.columns}


def see(desk: "PatrolDesk", frame_id: str, visual_class: str) -> None:
    """Another model finds one thing more in a frame that is stored already."""
    box = (500.0, 100.0, 800.0, 300.0)
    with desk.uow() as session:
        session.add(
            DetectionRow(
                frame_id=frame_id,
                visual_class=visual_class,
                score=0.7,
                x1_px=box[0],
                y1_px=box[1],
                x2_px=box[2],
                y2_px=box[3],
            )
        )


@pytest.mark.parametrize(
    "state", ["pending", "check_requested", "confirmed", "declined", "merged", "split"]
)
def test_what_a_person_dealt_with_stays_and_is_not_proposed_again(
    desk: "PatrolDesk", means: Means, state: str
) -> None:
    desk.photo("a.jpg", [FULL], at=HERE)
    (identifier,) = scan(desk, means)
    handle(desk, identifier, state)
    before = [facts(row) for row in rows(desk)]
    assert scan(desk, means, LATER) == ()
    assert [facts(row) for row in rows(desk)] == before
    assert frames(desk, identifier) == ["f-p1-a.jpg"]


def test_what_a_person_dealt_with_keeps_its_pictures_when_the_photo_is_replaced(
    desk: "PatrolDesk", means: Means
) -> None:
    desk.photo("a.jpg", [FULL], at=HERE)
    (identifier,) = scan(desk, means)
    handle(desk, identifier, "confirmed")
    with desk.uow() as session:
        session.execute(delete(Medium))
    scan(desk, means)
    with desk.uow.reading() as session:
        (picture,) = session.scalars(select(CandidateFrame)).all()
    assert picture.candidate_id == identifier
    for sha256 in (picture.photo_sha256, picture.shown_sha256, picture.evidence_sha256):
        assert desk.files.path(str(sha256)).exists()


def test_a_new_photo_of_a_declined_spot_is_proposed_beside_it(
    desk: "PatrolDesk", means: Means
) -> None:
    desk.photo("a.jpg", [FULL], at=HERE)
    (earlier,) = scan(desk, means)
    handle(desk, earlier, "declined")
    desk.photo("0.jpg", [FULL], at=NEXT_STEP)
    (again,) = scan(desk, means, LATER)
    assert again != earlier
    assert frames(desk, again) == ["f-p1-0.jpg"]
    assert [(row.number, row.state) for row in rows(desk)] == [
        ("Z1123-001", "declined"),
        ("Z1123-002", "pending"),
    ]


def test_another_class_in_a_frame_that_was_dealt_with_is_proposed(
    desk: "PatrolDesk", means: Means
) -> None:
    frame_id = desk.photo("a.jpg", [HEAP], at=HERE)
    (earlier,) = scan(desk, means)
    handle(desk, earlier, "declined")
    see(desk, frame_id, "overflowing_bin")
    (again,) = scan(desk, means)
    assert scan(desk, means) == (again,)
    assert again != earlier
    (_, row) = rows(desk)
    assert (row.visual_class, row.members) == ("overflowing_bin", {"overflowing_bin": 1})


def test_a_decision_between_plan_and_writing_is_kept(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("b.jpg", [FULL], at=HERE)
    (earlier,) = scan(desk, means)
    desk.photo("a.jpg", [FULL], at=NEXT_STEP)  # comes first and gives the spot another id
    with desk.uow.reading() as session:
        planned = plan_candidates(session, desk.files, patrol_id=PATROL, means=means)
    assert [len(plan.draft.frames) for plan in planned] == [2]
    handle(desk, earlier, "confirmed")
    with desk.uow() as session:
        replace_candidates(session, planned, patrol_id=PATROL, at=LATER)
    assert [row.state for row in rows(desk)] == ["confirmed", "pending"]
    assert frames(desk, earlier) == ["f-p1-b.jpg"]
    assert frames(desk, planned[0].id) == ["f-p1-a.jpg"]


def test_a_decision_on_the_very_same_plan_is_kept(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("a.jpg", [FULL], at=HERE)
    (identifier,) = scan(desk, means)
    with desk.uow.reading() as session:
        planned = plan_candidates(session, desk.files, patrol_id=PATROL, means=means)
    handle(desk, identifier, "declined")
    with desk.uow() as session:
        replace_candidates(session, planned, patrol_id=PATROL, at=LATER)
    assert [(row.state, row.version) for row in rows(desk)] == [("declined", 1)]


def test_scanning_again_without_news_changes_no_version(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("a.jpg", [FULL, HEAP], at=HERE)
    scan(desk, means)
    before = [facts(row) for row in rows(desk)]
    scan(desk, means, LATER)
    assert [facts(row) for row in rows(desk)] == before


def test_news_raise_the_version_and_leave_the_place_in_the_queue(
    desk: "PatrolDesk", means: Means
) -> None:
    frame_id = desk.photo("a.jpg", [FULL], at=HERE)
    scan(desk, means)
    see(desk, frame_id, "garbage_pile")
    scan(desk, means, LATER)
    (row,) = rows(desk)
    assert row.members == {"overflowing_bin": 1, "garbage_pile": 1}
    assert (row.version, row.queued_at, row.number) == (2, NOW, "Z1123-001")


def test_other_pictures_alone_are_news(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("a.jpg", [FULL], at=HERE)
    scan(desk, means)
    with desk.uow() as session:
        session.execute(update(CandidateFrame).values(evidence_sha256="ab" * 32))
    scan(desk, means)
    (row,) = rows(desk)
    assert row.version == 2


def test_what_is_no_longer_found_lapses_and_comes_back_when_it_is(
    desk: "PatrolDesk", means: Means
) -> None:
    desk.photo("a.jpg", [FULL])
    (identifier,) = scan(desk, means)
    blind = replace(
        means,
        manifest=replace(means.manifest, thresholds=dict.fromkeys(means.manifest.classes, 0.95)),
    )
    assert scan(desk, blind) == ()
    scan(desk, blind)
    assert [(row.id, row.state, row.version) for row in rows(desk)] == [(identifier, "lapsed", 2)]
    scan(desk, means, LATER)
    (row,) = rows(desk)
    assert (row.id, row.state, row.version, row.queued_at) == (identifier, "pending", 3, NOW)
    assert row.number == "Z1123-001"


def test_a_spot_named_by_an_earlier_frame_keeps_its_number(
    desk: "PatrolDesk", means: Means
) -> None:
    desk.photo("b.jpg", [FULL], at=HERE)
    (before,) = scan(desk, means)
    desk.photo("a.jpg", [FULL], at=NEXT_STEP)
    (after,) = scan(desk, means, LATER)
    assert after != before
    (row,) = rows(desk)
    assert (row.id, row.number, row.queued_at) == (after, "Z1123-001", NOW)
    assert frames(desk, after) == ["f-p1-a.jpg", "f-p1-b.jpg"]


def test_spots_that_grow_together_keep_the_first_number(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("b.jpg", [FULL], at=HERE)
    desk.photo("c.jpg", [FULL], at=(43.8801, 125.32))  # 11 m north of the first
    scan(desk, means)
    assert [row.number for row in rows(desk)] == ["Z1123-001", "Z1123-002"]
    desk.photo("a.jpg", [FULL], at=(43.88005, 125.32))
    scan(desk, means)
    assert [row.number for row in rows(desk)] == ["Z1123-001"]
    desk.photo("d.jpg", [FULL])
    scan(desk, means)
    assert [row.number for row in rows(desk)] == ["Z1123-001", "Z1123-003"]


LEFT = (100.0, 200.0, 400.0, 700.0)
RIGHT = (600.0, 200.0, 900.0, 700.0)


def spot_of_footage(identifier: str, frame_id: str, box: Box) -> PlannedCandidate:
    """One of several spots that one frame of a video shows."""
    frame = SeenFrame(
        id=frame_id,
        order=frame_id,
        taken_at=NOW,
        position=None,
        assessable=True,
        width_px=1280,
        height_px=960,
        sharpness=0.7,
        objects=(SeenObject("overflowing_bin", 0.8, box),),
    )
    draft = SpotDraft("waste", (frame,), {"overflowing_bin": 1}, "overflowing_bin", 0.8, None, NOW)
    return PlannedCandidate(identifier, draft, "bin_overflow", 0.9, None, {})


def test_a_spot_of_footage_outlives_the_decision_about_its_neighbour_in_the_frame(
    desk: "PatrolDesk",
) -> None:
    frame_id = desk.photo("v.mp4", [])
    plans = [spot_of_footage("a", frame_id, LEFT), spot_of_footage("b", frame_id, RIGHT)]
    with desk.uow() as session:
        session.execute(update(Medium).values(kind="video"))
        replace_candidates(session, plans, patrol_id=PATROL, at=NOW)
    handle(desk, "a", "declined")
    with desk.uow.reading() as session:
        handled = handled_by_people(session, PATROL)
    shifted = (LEFT[0] + 20, *LEFT[1:])
    assert handled.knows(frame_id, "overflowing_bin", shifted)
    assert not handled.knows(frame_id, "overflowing_bin", RIGHT)
    assert not handled.knows(frame_id, "garbage_pile", LEFT)
    again = [spot_of_footage("other", frame_id, shifted), plans[1]]
    with desk.uow() as session:
        replace_candidates(session, again, patrol_id=PATROL, at=LATER)
    assert [(row.id, row.state, row.version) for row in rows(desk)] == [
        ("a", "declined", 1),
        ("b", "pending", 1),
    ]


def test_a_number_goes_to_the_spot_of_footage_that_shows_the_same_object(
    desk: "PatrolDesk",
) -> None:
    frame_id = desk.photo("v.mp4", [])
    before = [spot_of_footage("a", frame_id, LEFT), spot_of_footage("b", frame_id, RIGHT)]
    after = [spot_of_footage("c", frame_id, RIGHT), spot_of_footage("d", frame_id, LEFT)]
    with desk.uow() as session:
        session.execute(update(Medium).values(kind="video"))
        replace_candidates(session, before, patrol_id=PATROL, at=NOW)
    with desk.uow() as session:
        replace_candidates(session, after, patrol_id=PATROL, at=LATER)
    assert [(row.id, row.number) for row in rows(desk)] == [
        ("d", "Z1123-001"),
        ("c", "Z1123-002"),
    ]
