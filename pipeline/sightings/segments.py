"""Segments of clips: planned, looked at in any order, and together the frames of their clip."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from zoubian.pipeline.footage.clock_offset import Beat
from zoubian.pipeline.footage.motion import Shift, Travel
from zoubian.pipeline.intake.models import Medium
from zoubian.pipeline.sightings.models import Frame, Segment
from zoubian.pipeline.sightings.records import Line, SeenFrame
from zoubian.pipeline.sightings.service import write_frames

SEGMENTS_FAILED = "segments_failed"

_MS = 1000
_LATEST_S = 1e6  # infinity is no number for JSON and some databases


@dataclass(frozen=True, slots=True)
class SegmentPlan:
    """A part of a clip that is to be looked at: from `start_s` up to, not including, `end_s`.

    Attributes:
        look_key: names all that its frames depend on.
    """

    id: str
    medium_id: str
    start_s: float
    end_s: float
    look_key: str


def cut_clip(duration_s: float, *, seen_s: float, length_s: float) -> list[tuple[float, float]]:
    """Starts and ends of a clip's segments, all but the last on the grid of `length_s`.

    A rest shorter than a quarter goes with the segment before it; the last one is open, because a
    clip may be longer than its header.

    >>> cut_clip(130.0, seen_s=2.0, length_s=60.0)
    [(2.0, 60.0), (60.0, inf)]
    """
    count = max(1, int(duration_s / length_s + 0.75))
    starts = [n * length_s for n in range(count)]
    ends = [*starts[1:], float("inf")]
    return [(max(a, seen_s), b) for a, b in zip(starts, ends, strict=True) if b > seen_s]


def request_looking(session: Session, plans: Sequence[SegmentPlan]) -> list[SegmentPlan]:
    """Make the segments of some clips what the plans say; returns those not looked at in this way.

    Frames outside all segments of a planned clip go.
    """
    by_medium: dict[str, list[SegmentPlan]] = {}
    for plan in plans:
        by_medium.setdefault(plan.medium_id, []).append(plan)
    waiting: list[SegmentPlan] = []
    for medium_id, own in by_medium.items():
        known = {
            row.id: row
            for row in session.scalars(select(Segment).where(Segment.medium_id == medium_id))
        }
        for row_id in known.keys() - {plan.id for plan in own}:
            session.delete(known[row_id])
        for plan in own:
            row = known.get(plan.id)
            if row is None or row.look_key != plan.look_key or row.state != "done":
                waiting.append(plan)
                session.merge(
                    Segment(
                        id=plan.id,
                        medium_id=medium_id,
                        start_s=plan.start_s,
                        end_s=min(plan.end_s, _LATEST_S),
                        look_key=plan.look_key,
                        state="pending",
                        frames_read=0,
                        travels=[],
                        beats=[],
                        problem_code=None,
                    )
                )
        if any(plan.medium_id == medium_id for plan in waiting):
            session.get_one(Medium, medium_id).state = "pending"
        first_ms = round(min(plan.start_s for plan in own) * _MS)
        session.execute(delete(Frame).where(Frame.medium_id == medium_id, Frame.index < first_ms))
    session.flush()
    return waiting


def is_waiting(session: Session, plan_id: str, *, look_key: str) -> bool:
    """Whether a segment is still to be looked at in this way."""
    row = session.get(Segment, plan_id)
    return row is not None and row.look_key == look_key and row.state == "pending"


def store_segment(
    session: Session,
    segment_id: str,
    frames: Sequence[SeenFrame],
    *,
    frames_read: int,
    travels: Sequence[Travel],
    beats: Sequence[Beat],
    problem: Line | None,
) -> None:
    """Replace what is stored of a segment, and end its waiting."""
    segment = session.get_one(Segment, segment_id)
    segment.state = "failed" if problem else "done"
    segment.frames_read = frames_read
    segment.travels = [[t.turn_deg, t.ahead_x, t.ahead_y, t.inliers] for t in travels]
    segment.beats = [_beat_row(beat) for beat in beats]
    segment.problem_code = problem.code if problem else None
    segment.problem_zh = problem.zh if problem else None
    segment.problem_en = problem.en if problem else None
    kept = write_frames(session, segment.medium_id, frames)
    session.execute(
        delete(Frame).where(
            Frame.medium_id == segment.medium_id,
            Frame.index >= round(segment.start_s * _MS),
            Frame.index < round(segment.end_s * _MS),
            Frame.id.not_in(kept),
        )
    )


def stored_beats(session: Session, medium_id: str) -> list[Beat]:
    """What the frames of a clip tell of its turns and stops; times since its first frame."""
    rows = session.scalars(
        select(Segment.beats).where(Segment.medium_id == medium_id).order_by(Segment.start_s)
    )
    return [
        Beat(time_s, apart_s, Shift(right_share, trust, change))
        for row in rows
        for time_s, apart_s, right_share, trust, change in row
    ]


def _beat_row(beat: Beat) -> list[float]:
    shift = beat.shift
    values = (beat.time_s, beat.apart_s, shift.right_share, shift.trust, shift.change)
    return [round(value, 4) for value in values]


def give_up_segment(session: Session, segment_id: str, why: Line) -> None:
    """End the waiting of a segment that cannot be looked at."""
    store_segment(session, segment_id, (), frames_read=0, travels=(), beats=(), problem=why)


def close_clips(
    session: Session, medium_ids: Iterable[str], *, partly: Callable[[int, int], Line]
) -> None:
    """Sum up clips whose segments have all ended; others stay as they are.

    Args:
        partly: the problem of a clip of which so many of so many segments failed.
    """
    for medium_id in medium_ids:
        medium = session.get_one(Medium, medium_id)
        rows = session.scalars(select(Segment).where(Segment.medium_id == medium_id)).all()
        if not rows or any(row.state == "pending" for row in rows):
            continue
        failed = [row for row in rows if row.state == "failed"]
        medium.state = "failed" if len(failed) == len(rows) else "done"
        medium.frames_read = sum(row.frames_read for row in rows)
        medium.frames_sampled = (
            session.scalar(
                select(func.count()).select_from(Frame).where(Frame.medium_id == medium_id)
            )
            or 0
        )
        if failed and medium.problem_code is None:
            line = partly(len(failed), len(rows))
            medium.problem_code, medium.problem_zh, medium.problem_en = line.code, line.zh, line.en
        elif not failed and medium.problem_code == SEGMENTS_FAILED:
            medium.problem_code = medium.problem_zh = medium.problem_en = None
