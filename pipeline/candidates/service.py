"""Candidates of a patrol from its stored frames: planned and drawn first, then written at once."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from zoubian.datasets.classes.models import ClassTables
from zoubian.models.registry.manifest import Manifest
from zoubian.pipeline.candidates.evidence import best_frames, draw_evidence
from zoubian.pipeline.candidates.fonts import FontFile
from zoubian.pipeline.candidates.knowledge import (
    class_rules,
    measured_precision,
    ranked_categories,
)
from zoubian.pipeline.candidates.labels import box_labels
from zoubian.pipeline.candidates.models import Candidate, CandidateFrame
from zoubian.pipeline.candidates.numbers import assign_numbers, candidate_id
from zoubian.pipeline.candidates.rules import (
    SeenFrame,
    SeenObject,
    SpotDraft,
    SpotLimits,
    form_spots,
)
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.files import FileStore
from zoubian.pipeline.intake.models import Medium, Patrol
from zoubian.pipeline.organisation.places import PlaceIndex, PlaceWords
from zoubian.pipeline.sightings.models import DetectionRow, Frame

logger = logging.getLogger(__name__)

# What one spot is on a street, in metres; `SpotLimits` says what each means. 8 m is the design's;
# an extent of 12 m lets two people photograph one station from both sides; photos of one outing err
# alike, so that a quarter of their error is left between them; 15 m is the range at which a phone
# photo shows a bin large enough to be found.
STREET_LIMITS = SpotLimits(
    near_m=8.0,
    spot_extent_m=12.0,
    stretch_gap_m=25.0,
    stretch_extent_m=100.0,
    error_share=0.25,
    trusted_error_m=20.0,
    same_object_iou=0.6,
    object_range_m=15.0,
)


@dataclass(frozen=True, slots=True)
class Means:
    """What candidates are made with; the same means and rows give the same candidates."""

    manifest: Manifest
    tables: ClassTables
    places: PlaceIndex
    limits: SpotLimits
    font: FontFile | None
    evidence_frames: int


@dataclass(frozen=True, slots=True)
class PlannedCandidate:
    """A candidate before it is written.

    Attributes:
        category: the likeliest one, None where the campaign's list has none.
        place: None where no position is known.
        evidence: sha256 of the drawn picture by frame id, the best frame first.
    """

    id: str
    draft: SpotDraft
    category: str | None
    precision: float | None
    place: PlaceWords | None
    evidence: Mapping[str, str]


def form_candidates(
    session: Session, files: FileStore, *, patrol_id: str, means: Means
) -> tuple[str, ...]:
    """Make the pending candidates of a patrol anew; run again, it changes nothing.

    Draws pictures inside the session's transaction: where others write at the same time, plan in a
    reading session and write the plan in a short one.

    Returns:
        Ids of the patrol's planned candidates, by the time they were first seen.
    """
    planned = plan_candidates(session, files, patrol_id=patrol_id, means=means)
    replace_candidates(session, planned, patrol_id=patrol_id)
    return tuple(plan.id for plan in planned)


def plan_candidates(
    session: Session, files: FileStore, *, patrol_id: str, means: Means
) -> tuple[PlannedCandidate, ...]:
    """Form the spots of a patrol and draw their evidence into the file store; writes no row."""
    stored = _stored_frames(session, patrol_id)
    rules = class_rules(means.manifest, means.tables)
    objects = _objects_by_frame(
        session, patrol_id, min_score=min((r.threshold for r in rules.values()), default=1.0)
    )
    seen = [_seen_frame(frame, path, objects.get(frame.id, ())) for frame, path in stored]
    drafts = form_spots(seen, rules, limits=means.limits)
    frames = {frame.id: frame for frame, _ in stored}
    return tuple(_plan(draft, frames, files, patrol_id, means) for draft in drafts)


def replace_candidates(
    session: Session, planned: Sequence[PlannedCandidate], *, patrol_id: str
) -> None:
    """Write a plan in place of the patrol's pending candidates.

    Candidates that a person has dealt with stay as they are, and are not proposed a second time.
    """
    held = session.execute(select(Candidate.id, Candidate.number, Candidate.state)).all()
    mine = set(session.scalars(select(Candidate.id).where(Candidate.patrol_id == patrol_id)))
    settled = {identifier for identifier, _, state in held if state != "pending"}
    numbers = assign_numbers(
        [plan.id for plan in planned],
        _local_day(session.get_one(Patrol, patrol_id)),
        known={identifier: number for identifier, number, _ in held if identifier in mine},
        taken=[number for _, number, _ in held],
    )
    pending = mine - settled
    session.execute(delete(CandidateFrame).where(CandidateFrame.candidate_id.in_(pending)))
    session.execute(delete(Candidate).where(Candidate.id.in_(pending)))
    for plan in planned:
        if plan.id not in settled:
            session.add(_candidate_row(plan, patrol_id, numbers[plan.id]))
            session.flush()  # the frames refer to the row
            session.add_all(_frame_rows(plan))
    session.flush()
    logger.info("patrol %s: %d candidates proposed", patrol_id, len(planned))


def _stored_frames(session: Session, patrol_id: str) -> list[tuple[Frame, str]]:
    rows = session.execute(
        select(Frame, Medium.shown_path)
        .join(Medium, Frame.medium_id == Medium.id)
        .where(Medium.patrol_id == patrol_id)
        .order_by(Frame.id)
    )
    return [(frame, path) for frame, path in rows]


def _objects_by_frame(
    session: Session, patrol_id: str, *, min_score: float
) -> dict[str, list[SeenObject]]:
    row = DetectionRow
    found = session.execute(
        select(
            row.frame_id, row.visual_class, row.score, row.x1_px, row.y1_px, row.x2_px, row.y2_px
        )
        .join(Frame, row.frame_id == Frame.id)
        .join(Medium, Frame.medium_id == Medium.id)
        .where(Medium.patrol_id == patrol_id, row.score >= min_score)
    )
    objects: dict[str, list[SeenObject]] = {}
    for frame_id, visual_class, score, *box in found:
        seen = SeenObject(visual_class, score, (box[0], box[1], box[2], box[3]))
        objects.setdefault(frame_id, []).append(seen)
    return objects


def _seen_frame(frame: Frame, path: str, objects: Sequence[SeenObject]) -> SeenFrame:
    return SeenFrame(
        id=frame.id,
        order=f"{path}#{frame.index:09d}",
        taken_at=frame.taken_at,
        position=_position(frame),
        assessable=frame.assessable,
        width_px=frame.width_px,
        height_px=frame.height_px,
        sharpness=frame.sharpness,
        objects=tuple(objects),
    )


def _position(frame: Frame) -> Position | None:
    """None also for a position whose error nobody knows: it could not be told how far to trust."""
    if frame.lat is None or frame.lon is None or frame.position_error_m is None:
        return None
    return Position(frame.lat, frame.lon, frame.position_error_m)


def _plan(
    draft: SpotDraft, frames: Mapping[str, Frame], files: FileStore, patrol_id: str, means: Means
) -> PlannedCandidate:
    precision = measured_precision(
        means.manifest, means.tables, draft.visual_class, draft.confidence
    )
    labels = box_labels(draft, precision, means.tables, chinese=means.font is not None)
    evidence: dict[str, str] = {}
    for seen in best_frames(draft, limit=means.evidence_frames):
        frame = frames[seen.id]
        if frame.shown_sha256 is None or frame.shown_scale is None:
            continue
        try:
            drawn = draw_evidence(
                files.path(frame.shown_sha256),
                seen.objects,
                labels,
                shown_scale=frame.shown_scale,
                font_file=means.font,
            )
        except OSError:
            logger.warning("frame %s: shown copy not readable, no evidence drawn", frame.id)
            continue
        evidence[frame.id] = files.put_bytes(drawn)
    choices = ranked_categories(draft.visual_class, draft.members, means.tables)
    return PlannedCandidate(
        id=candidate_id(patrol_id, draft.frames[0].id, draft.group),
        draft=draft,
        category=choices[0].category if choices else None,
        precision=precision,
        place=None if draft.position is None else means.places.words(draft.position),
        evidence=evidence,
    )


def _candidate_row(plan: PlannedCandidate, patrol_id: str, number: str) -> Candidate:
    draft, position, place = plan.draft, plan.draft.position, plan.place
    return Candidate(
        id=plan.id,
        patrol_id=patrol_id,
        number=number,
        state="pending",
        visual_class=draft.visual_class,
        category=plan.category,
        members=dict(draft.members),
        confidence=draft.confidence,
        precision=plan.precision,
        proven=plan.precision is not None,
        lat=position.lat if position else None,
        lon=position.lon if position else None,
        radius_m=position.error_m if position else None,
        place_zh=place.zh if place else None,
        place_en=place.en if place else None,
        first_seen_at=draft.first_seen_at,
        evidence_sha256=next(iter(plan.evidence.values()), None),
    )


def _frame_rows(plan: PlannedCandidate) -> list[CandidateFrame]:
    """The drawn frames first, in their order, then the others by time."""
    others = [frame.id for frame in plan.draft.frames if frame.id not in plan.evidence]
    return [
        CandidateFrame(
            candidate_id=plan.id,
            frame_id=frame_id,
            rank=rank,
            evidence_sha256=plan.evidence.get(frame_id),
        )
        for rank, frame_id in enumerate([*plan.evidence, *others])
    ]


def _local_day(patrol: Patrol) -> date:
    return (patrol.created_at + timedelta(minutes=patrol.tz_offset_min)).date()
