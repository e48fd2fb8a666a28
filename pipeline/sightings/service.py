"""What is stored of the analysis of photos: which wait, what was seen, where they were taken."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.intake.collect import natural_key
from zoubian.pipeline.intake.messages import message
from zoubian.pipeline.intake.models import Medium, Remark
from zoubian.pipeline.sightings.messages import TRANSIENT
from zoubian.pipeline.sightings.models import DetectionRow, Frame
from zoubian.pipeline.sightings.records import Line, MediumAnalysis, SeenFrame, failed_analysis

_PLACED_BY_TRACK = "track"


@dataclass(frozen=True, slots=True)
class PendingMedium:
    """A medium to analyse; `suspect` if a child died while it had it in hand."""

    id: str
    sha256: str
    shown_path: str
    suspect: bool


@dataclass(frozen=True, slots=True)
class AnalysisCounts:
    """Photos of a patrol by how their analysis ended."""

    done: int
    failed: int
    pending: int


def request_analysis(session: Session, patrol_id: str, *, analysis_key: str) -> list[str]:
    """Mark photos that were not analysed in this way; returns all that wait, in natural order."""
    session.execute(
        update(Medium)
        .where(
            Medium.patrol_id == patrol_id,
            Medium.kind == "photo",
            Medium.state != "pending",
            or_(Medium.analysis_key.is_(None), Medium.analysis_key != analysis_key),
        )
        .values(state="pending", attempts=0, problem_code=None, problem_zh=None, problem_en=None)
    )
    waiting = session.execute(
        select(Medium.id, Medium.path).where(
            Medium.patrol_id == patrol_id, Medium.kind == "photo", Medium.state == "pending"
        )
    )
    return [row.id for row in sorted(waiting, key=lambda row: (natural_key(row.path), row.id))]


def pending_media(session: Session, ids: Sequence[str]) -> list[PendingMedium]:
    """Those of the media that still wait, in the order given."""
    rows = session.scalars(select(Medium).where(Medium.id.in_(ids), Medium.state == "pending"))
    found = {row.id: row for row in rows}
    return [
        PendingMedium(row.id, row.sha256, row.shown_path, row.attempts > 0)
        for row in map(found.get, ids)
        if row is not None
    ]


def store_analysis(session: Session, analysis: MediumAnalysis, *, analysis_key: str) -> None:
    """Replace what is stored of a medium by `analysis`, and end its waiting."""
    medium = session.get_one(Medium, analysis.medium_id)
    problem = analysis.problem
    passing = problem is not None and problem.code in TRANSIENT
    medium.state = "failed" if problem else "done"
    medium.attempts = 0
    medium.analysis_key = None if passing else analysis_key
    medium.problem_code = problem.code if problem else None
    medium.problem_zh = problem.zh if problem else None
    medium.problem_en = problem.en if problem else None
    medium.frames_read = analysis.frames_read
    medium.frames_sampled = len(analysis.frames)
    session.execute(delete(Remark).where(Remark.medium_id == medium.id))
    session.add_all(_remark(medium, line) for line in analysis.notes)
    kept = write_frames(session, medium.id, analysis.frames)
    session.execute(delete(Frame).where(Frame.medium_id == medium.id, Frame.id.not_in(kept)))


def suspect(session: Session, media: Iterable[PendingMedium]) -> None:
    """Remember that a child died while it had `media` in hand: they are tried again alone."""
    ids = [medium.id for medium in media]
    session.execute(update(Medium).where(Medium.id.in_(ids)).values(attempts=Medium.attempts + 1))


def give_up_pending(session: Session, patrol_id: str, problem: Line, *, analysis_key: str) -> None:
    """End the waiting of photos that no job will come to any more."""
    waiting = session.scalars(
        select(Medium.id).where(
            Medium.patrol_id == patrol_id, Medium.kind == "photo", Medium.state == "pending"
        )
    ).all()
    for medium_id in waiting:
        store_analysis(session, failed_analysis(medium_id, problem), analysis_key=analysis_key)


def place_frames(
    session: Session,
    patrol_id: str,
    *,
    position_at: Callable[[datetime], Position | None],
) -> list[datetime]:
    """Place the photos that do not know their position themselves; note those that stay unplaced.

    May be called again with another track, or with one that knows nothing: only positions from
    tracks are changed.

    Returns:
        Capture times of the frames that asked the track.
    """
    asked = []
    photos = select(Medium.id).where(Medium.patrol_id == patrol_id, Medium.kind == "photo")
    session.execute(
        delete(Remark).where(Remark.medium_id.in_(photos), Remark.code == "no_position")
    )
    frames = session.execute(
        select(Frame, Medium)
        .join(Medium, Medium.id == Frame.medium_id)
        .where(
            Medium.patrol_id == patrol_id,
            Medium.kind == "photo",
            or_(Frame.position_source.is_(None), Frame.position_source == _PLACED_BY_TRACK),
        )
        .order_by(Frame.id)
    ).all()
    unplaced: dict[str, Medium] = {}
    for frame, medium in frames:
        place = position_at(frame.taken_at) if frame.taken_at else None
        if frame.taken_at:
            asked.append(frame.taken_at)
        frame.lat = place.lat if place else None
        frame.lon = place.lon if place else None
        frame.position_error_m = place.error_m if place else None
        frame.position_source = _PLACED_BY_TRACK if place else None
        if place is None:
            unplaced[medium.id] = medium
    line = message("no_position")
    session.add_all(
        _remark(medium, Line(line.code, line.zh, line.en)) for medium in unplaced.values()
    )
    return asked


def analysis_counts(session: Session, patrol_id: str) -> AnalysisCounts:
    """How many photos of a patrol ended how."""
    states = list(
        session.scalars(
            select(Medium.state).where(Medium.patrol_id == patrol_id, Medium.kind == "photo")
        )
    )
    return AnalysisCounts(*(states.count(state) for state in ("done", "failed", "pending")))


def write_frames(session: Session, medium_id: str, frames: Sequence[SeenFrame]) -> list[str]:
    """Write frames of a medium and their boxes in place of what these frames held; their ids.

    Rows are kept where frames stay: candidates refer to them.
    """
    ids = [f"{medium_id}-{frame.index:06d}" for frame in frames]
    known = set(session.scalars(select(Frame.id).where(Frame.id.in_(ids))))
    session.execute(delete(DetectionRow).where(DetectionRow.frame_id.in_(ids)))
    rows: list[dict[str, Any]] = []
    boxes: list[dict[str, Any]] = []
    for identifier, frame in zip(ids, frames, strict=True):
        fields = asdict(frame)
        boxes += [{"frame_id": identifier, **box} for box in fields.pop("boxes")]
        rows.append({"id": identifier, "medium_id": medium_id, **fields})
    fresh = [row for row in rows if row["id"] not in known]
    stale = [row for row in rows if row["id"] in known]
    for statement, values in ((insert(Frame), fresh), (update(Frame), stale)):
        if values:
            session.execute(statement, values)
    if boxes:
        session.execute(insert(DetectionRow), boxes)
    return ids


def _remark(medium: Medium, line: Line) -> Remark:
    return Remark(
        patrol_id=medium.patrol_id,
        medium_id=medium.id,
        severity="note",
        path=medium.shown_path,
        code=line.code,
        message_zh=line.zh,
        message_en=line.en,
    )
