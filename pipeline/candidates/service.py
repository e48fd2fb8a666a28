"""Candidates of a patrol from its stored frames, planned and drawn; `rescan` writes the plan."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from zoubian.datasets.classes.models import ClassTables
from zoubian.models.registry.manifest import Manifest
from zoubian.pipeline.candidates.evidence import best_frames, draw_evidence
from zoubian.pipeline.candidates.fonts import FontFile
from zoubian.pipeline.candidates.footage import FootageDraft
from zoubian.pipeline.candidates.knowledge import (
    class_rules,
    measured_precision,
    ranked_categories,
)
from zoubian.pipeline.candidates.labels import box_labels
from zoubian.pipeline.candidates.numbers import candidate_id
from zoubian.pipeline.candidates.rescan import (
    Handled,
    PlannedCandidate,
    handled_by_people,
    replace_candidates,
)
from zoubian.pipeline.candidates.rules import (
    SeenFrame,
    SeenObject,
    SpotDraft,
    SpotLimits,
    form_spots,
)
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.files import FileStore
from zoubian.pipeline.intake.models import Medium
from zoubian.pipeline.organisation.places import PlaceIndex
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


def form_candidates(
    session: Session, files: FileStore, *, patrol_id: str, means: Means, at: datetime
) -> tuple[str, ...]:
    """Make the candidates of a patrol that nobody has dealt with anew; run again, nothing changes.

    Draws pictures inside the session's transaction: where others write at the same time, plan in a
    reading session and write the plan in a short one.

    Returns:
        Ids of the patrol's planned candidates, by the time they were first seen.
    """
    planned = plan_candidates(session, files, patrol_id=patrol_id, means=means)
    replace_candidates(session, planned, patrol_id=patrol_id, at=at)
    return tuple(plan.id for plan in planned)


def plan_candidates(
    session: Session,
    files: FileStore,
    *,
    patrol_id: str,
    means: Means,
    footage: Sequence[FootageDraft] = (),
) -> tuple[PlannedCandidate, ...]:
    """Form the spots of a patrol and draw their evidence into the file store; writes no row.

    What people have dealt with is left out (`handled_by_people`).

    Args:
        footage: spots of the patrol's videos, which come after those of its photos.
    """
    handled = handled_by_people(session, patrol_id)
    stored = _stored_frames(session, patrol_id)
    rules = class_rules(means.manifest, means.tables)
    objects = _objects_by_frame(
        session, patrol_id, min_score=min((r.threshold for r in rules.values()), default=1.0)
    )
    seen = [_seen_frame(frame, path, objects.get(frame.id, ()), handled) for frame, path in stored]
    drafts = form_spots(seen, rules, limits=means.limits)
    frames = {frame.id: frame for frame, _ in stored}
    shown = [(draft, best_frames(draft, limit=means.evidence_frames)) for draft in drafts]
    frames |= _frames_of(session, {name for one in footage for name in one.best})
    shown += [(one.draft, _named(one)) for one in footage]
    ids = _ids_of([draft for draft, _ in shown], patrol_id, handled)
    return tuple(
        _plan(draft, best, frames, files, identifier, means)
        for (draft, best), identifier in zip(shown, ids, strict=True)
    )


def _named(footage: FootageDraft) -> tuple[SeenFrame, ...]:
    by_id = {frame.id: frame for frame in footage.draft.frames}
    return tuple(by_id[name] for name in footage.best)


def _frames_of(session: Session, ids: Iterable[str]) -> dict[str, Frame]:
    rows = session.scalars(select(Frame).where(Frame.id.in_(sorted(ids))))
    return {frame.id: frame for frame in rows}


def _stored_frames(session: Session, patrol_id: str) -> list[tuple[Frame, str]]:
    rows = session.execute(
        select(Frame, Medium.shown_path)
        .join(Medium, Frame.medium_id == Medium.id)
        .where(Medium.patrol_id == patrol_id, Medium.kind == "photo")
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
        .where(Medium.patrol_id == patrol_id, Medium.kind == "photo", row.score >= min_score)
    )
    objects: dict[str, list[SeenObject]] = {}
    for frame_id, visual_class, score, *box in found:
        seen = SeenObject(visual_class, score, (box[0], box[1], box[2], box[3]))
        objects.setdefault(frame_id, []).append(seen)
    return objects


def _seen_frame(
    frame: Frame, path: str, objects: Sequence[SeenObject], handled: Handled
) -> SeenFrame:
    return SeenFrame(
        id=frame.id,
        order=f"{path}#{frame.index:09d}",
        taken_at=frame.taken_at,
        position=_position(frame),
        assessable=frame.assessable,
        width_px=frame.width_px,
        height_px=frame.height_px,
        sharpness=frame.sharpness,
        objects=tuple(
            o for o in objects if not handled.knows(frame.id, o.visual_class, o.box_xyxy_px)
        ),
    )


def _position(frame: Frame) -> Position | None:
    """None also for a position whose error nobody knows: it could not be told how far to trust."""
    if frame.lat is None or frame.lon is None or frame.position_error_m is None:
        return None
    return Position(frame.lat, frame.lon, frame.position_error_m)


def _ids_of(drafts: Sequence[SpotDraft], patrol_id: str, handled: Handled) -> list[str]:
    """Another id than that of the candidate that people know from the same frame.

    Two spots of footage may first be seen in one frame: the second is counted.
    """
    ids: list[str] = []
    for draft in drafts:
        first = draft.frames[0].id
        names = [draft.group, f"{draft.group} {draft.visual_class}"]
        names += [f"{draft.group} {number}" for number in range(2, len(drafts) + 3)]
        usual = (candidate_id(patrol_id, first, name) for name in names)
        ids.append(next(one for one in usual if one not in handled.ids and one not in ids))
    return ids


def _plan(
    draft: SpotDraft,
    best: Sequence[SeenFrame],
    frames: Mapping[str, Frame],
    files: FileStore,
    identifier: str,
    means: Means,
) -> PlannedCandidate:
    precision = measured_precision(
        means.manifest, means.tables, draft.visual_class, draft.confidence
    )
    labels = box_labels(draft, precision, means.tables, chinese=means.font is not None)
    evidence: dict[str, str] = {}
    for seen in best:
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
        id=identifier,
        draft=draft,
        category=choices[0].category if choices else None,
        precision=precision,
        place=None if draft.position is None else means.places.words(draft.position),
        evidence=evidence,
    )
