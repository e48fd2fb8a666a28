"""Segments as rows: planned once, looked at once, together the frames of their clip."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.footage.clock_offset import Beat
from zoubian.pipeline.footage.motion import Shift, Travel
from zoubian.pipeline.intake.models import Medium, Patrol
from zoubian.pipeline.sightings.messages import NOT_ANALYSED, segments_failed
from zoubian.pipeline.sightings.models import DetectionRow, Frame, Segment
from zoubian.pipeline.sightings.records import SeenBox, SeenFrame
from zoubian.pipeline.sightings.segments import (
    SegmentPlan,
    close_clips,
    cut_clip,
    give_up_segment,
    is_waiting,
    request_looking,
    store_segment,
)

INF = float("inf")


@pytest.mark.parametrize(
    ("duration_s", "seen_s", "parts"),
    [
        (60.0, 0.0, [(0.0, INF)]),
        (1.0, 0.0, [(0.0, INF)]),
        (130.0, 2.0, [(2.0, 60.0), (60.0, INF)]),
        (170.0, 0.0, [(0.0, 60.0), (60.0, 120.0), (120.0, INF)]),
        (170.0, 65.0, [(65.0, 120.0), (120.0, INF)]),
        (60.0, 60.0, [(60.0, INF)]),
    ],
)
def test_cuts_on_a_grid(duration_s: float, seen_s: float, parts: list[tuple[float, float]]) -> None:
    assert cut_clip(duration_s, seen_s=seen_s, length_s=60.0) == parts


@pytest.fixture
def uow(engine: Engine) -> UnitOfWork:
    opened = UnitOfWork(engine)
    with opened() as session:
        at = datetime(2026, 1, 5, tzinfo=UTC)
        session.add(Patrol(id="p", name="p", created_at=at, tz_offset_min=480, crs="wgs84"))
        session.flush()
        session.add(
            Medium(
                id="m",
                patrol_id="p",
                sha256="0" * 64,
                path="/a.mp4",
                shown_path="a.mp4",
                kind="video",
                size_bytes=1,
            )
        )
    return opened


def plan(number: int, start_s: float, end_s: float, key: str = "k") -> SegmentPlan:
    return SegmentPlan(f"m-s{number}", "m", start_s, end_s, key)


BEATS = (Beat(1.0, 0.2, Shift(0.01, 0.9, 12.0)),)
PLANS = [plan(0, 0.0, 60.0), plan(1, 60.0, INF)]


def frame(index: int, boxes: int = 1) -> SeenFrame:
    box = SeenBox("bin", 0.5, 1.0, 2.0, 3.0, 4.0)
    return SeenFrame(
        index, index / 1000, None, None, None, None, None, None, 640, 360, True, None, 0.5, 0.7,
        None, None, (box,) * boxes,
    )  # fmt: skip


def store(uow: UnitOfWork, number: int, *frames: SeenFrame) -> None:
    with uow() as session:
        travels = (Travel(0.1, 0.2, 0.3, 40),)
        store_segment(
            session,
            f"m-s{number}",
            frames,
            frames_read=9,
            travels=travels,
            beats=BEATS,
            problem=None,
        )


def wanted(uow: UnitOfWork, plans: list[SegmentPlan]) -> list[str]:
    with uow() as session:
        return [found.id for found in request_looking(session, plans)]


def frames(uow: UnitOfWork) -> list[tuple[int, int]]:
    with uow.reading() as session:
        rows = session.scalars(select(Frame).order_by(Frame.index)).all()
        boxes = session.scalars(select(DetectionRow.frame_id)).all()
    return [(row.index, boxes.count(row.id)) for row in rows]


def test_a_segment_is_asked_for_until_it_was_looked_at_in_this_way(uow: UnitOfWork) -> None:
    assert wanted(uow, PLANS) == ["m-s0", "m-s1"]
    store(uow, 0, frame(1000), frame(2000, boxes=2))
    assert wanted(uow, PLANS) == ["m-s1"]
    with uow.reading() as session:
        assert not is_waiting(session, "m-s0", look_key="k")
        assert is_waiting(session, "m-s1", look_key="k")
        assert not is_waiting(session, "m-s1", look_key="other")
    assert wanted(uow, [plan(0, 0.0, 60.0, "other"), PLANS[1]]) == ["m-s0", "m-s1"]


def test_looking_again_replaces_the_frames_of_this_segment_only(uow: UnitOfWork) -> None:
    wanted(uow, PLANS)
    store(uow, 0, frame(1000), frame(59_999))
    store(uow, 1, frame(60_000), frame(61_000))
    store(uow, 0, frame(1000, boxes=3), frame(2000))
    assert frames(uow) == [(1000, 3), (2000, 1), (60_000, 1), (61_000, 1)]
    with uow.reading() as session:
        assert session.scalars(select(Segment.travels)).first() == [[0.1, 0.2, 0.3, 40]]


def test_frames_that_repeat_the_clip_before_go(uow: UnitOfWork) -> None:
    wanted(uow, PLANS)
    store(uow, 0, frame(500), frame(3000))
    assert wanted(uow, [plan(0, 2.0, 60.0, "later"), PLANS[1]]) == ["m-s0", "m-s1"]
    assert frames(uow) == [(3000, 1)]


def test_a_clip_is_done_when_its_segments_are(uow: UnitOfWork) -> None:
    wanted(uow, PLANS)
    store(uow, 0, frame(1000))
    with uow() as session:
        close_clips(session, ["m"], partly=segments_failed)
        assert session.get_one(Medium, "m").state == "pending"
    store(uow, 1, frame(61_000))
    with uow() as session:
        close_clips(session, ["m"], partly=segments_failed)
        medium = session.get_one(Medium, "m")
        assert (medium.state, medium.frames_read, medium.frames_sampled) == ("done", 18, 2)


def test_a_segment_that_was_given_up_is_a_problem_and_tried_again(uow: UnitOfWork) -> None:
    wanted(uow, PLANS)
    store(uow, 0, frame(1000))
    with uow() as session:
        give_up_segment(session, "m-s1", NOT_ANALYSED)
        close_clips(session, ["m"], partly=segments_failed)
        medium = session.get_one(Medium, "m")
        assert (medium.state, medium.problem_code) == ("done", "segments_failed")
        assert "1 of the video's 2 segments" in (medium.problem_en or "")
    assert wanted(uow, PLANS) == ["m-s1"]
    store(uow, 1, frame(61_000))
    with uow() as session:
        close_clips(session, ["m"], partly=segments_failed)
        assert session.get_one(Medium, "m").problem_code is None
