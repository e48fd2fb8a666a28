"""From the stored frames of footage to spots, as drafts that candidates are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.rescan import Handled
from zoubian.pipeline.candidates.rules import SeenFrame, SeenObject, SpotDraft
from zoubian.pipeline.domain.classes import ClassRule
from zoubian.pipeline.footage.camera import CalibrationLimits, calibrate, refine
from zoubian.pipeline.footage.coverage import Coverage, CoverageLimits, coverage
from zoubian.pipeline.footage.models import CameraProfile, FrameObservations, Spot
from zoubian.pipeline.footage.motion import Travel
from zoubian.pipeline.footage.sizes import SizePrior
from zoubian.pipeline.footage.spots import SpotLimits, join_segments, spots_of
from zoubian.pipeline.intake.models import Medium
from zoubian.pipeline.sightings.models import DetectionRow, Frame, Segment
from zoubian.pipeline.sightings.ways import Ways


@dataclass(frozen=True, slots=True)
class FootageMeans:
    """What spots of footage are found with.

    Attributes:
        camera: what is assumed of it before the footage tells more.
        sizes: of things, by class.
    """

    camera: CameraProfile
    sizes: Mapping[str, SizePrior]
    spots: SpotLimits
    calibration: CalibrationLimits
    coverage: CoverageLimits


@dataclass(frozen=True, slots=True, eq=False)
class SeenFootage:
    """All looked-at frames of a patrol's footage.

    Attributes:
        observations: by time on the patrol's clock.
        frames: by id, as the candidates need them, without objects.
        media: of each frame, the id of its clip and the seconds since its first frame.
        reasons: why frames are not assessable, by id.
    """

    observations: tuple[FrameObservations, ...]
    frames: Mapping[str, SeenFrame]
    media: Mapping[str, tuple[str, float]]
    reasons: Mapping[str, str]
    travels: tuple[Travel, ...]


@dataclass(frozen=True, slots=True)
class FootageDraft:
    """A spot of footage; `best` are ids of its best frames, the best one first."""

    draft: SpotDraft
    best: tuple[str, ...]


def load_footage(session: Session, patrol_id: str, ways: Ways, handled: Handled) -> SeenFootage:
    """Read the frames of the patrol's footage and place them on their ways.

    Args:
        handled: boxes that people have dealt with are left out.
    """
    boxes = _boxes(session, patrol_id, handled)
    rows = session.execute(
        select(Frame, Medium.shown_path)
        .join(Medium, Frame.medium_id == Medium.id)
        .where(Medium.patrol_id == patrol_id, Medium.kind == "video")
        .order_by(Frame.medium_id, Frame.index)
    )
    by_clip: dict[str, list[tuple[Frame, str]]] = {}
    for frame, path in rows:
        by_clip.setdefault(frame.medium_id, []).append((frame, path))
    observations: list[FrameObservations] = []
    seen: dict[str, SeenFrame] = {}
    media: dict[str, tuple[str, float]] = {}
    reasons: dict[str, str] = {}
    for clip_id, frames in by_clip.items():
        if clip_id not in ways.clips:
            continue
        poses = ways.poses(clip_id, [frame.offset_s for frame, _ in frames])
        begin_s = ways.clips[clip_id].clock_s
        for (frame, path), pose in zip(frames, poses, strict=True):
            found = boxes.get(frame.id, [])
            observations.append(
                FrameObservations(
                    frame_id=frame.id,
                    time_s=begin_s + frame.offset_s,
                    pose=pose,
                    size_px=(frame.width_px, frame.height_px),
                    boxes_xyxy_px=np.array([b for _, _, b in found], np.float32).reshape(-1, 4),
                    scores=np.array([score for _, score, _ in found], np.float32),
                    visual_classes=tuple(name for name, _, _ in found),
                    sharpness=frame.sharpness,
                    assessable=frame.assessable,
                )
            )
            seen[frame.id] = SeenFrame(
                id=frame.id,
                order=f"{path}#{frame.index:09d}",
                taken_at=frame.taken_at,
                position=None if pose is None else pose.position,
                assessable=frame.assessable,
                width_px=frame.width_px,
                height_px=frame.height_px,
                sharpness=frame.sharpness,
                objects=(),
            )
            media[frame.id] = clip_id, frame.offset_s
            if frame.quality_reason is not None:
                reasons[frame.id] = frame.quality_reason
    return SeenFootage(
        join_segments([observations]), seen, media, reasons, _travels(session, patrol_id)
    )


def draft_spots(
    footage: SeenFootage, rules: Mapping[str, ClassRule], means: FootageMeans
) -> tuple[FootageDraft, ...]:
    """The spots of a patrol's footage, by the time they were first seen.

    The camera's mounting is worked out from all of it first.
    """
    if not footage.observations:
        return ()
    camera = calibrate(means.camera, footage.travels, limits=means.calibration)
    camera = refine(
        camera,
        footage.observations,
        rules,
        means.sizes,
        sightings=means.spots.sightings,
        limits=means.calibration,
    )
    spots = spots_of(footage.observations, rules, camera, means.sizes, limits=means.spots)
    by_id = {frame.frame_id: frame for frame in footage.observations}
    return tuple(
        FootageDraft(_draft(spot, by_id, footage), spot.frame_ids[: means.spots.best_frames])
        for spot in spots
    )


def covered(footage: SeenFootage, means: FootageMeans) -> Coverage:
    """Which stretches of the way were seen."""
    return coverage(footage.observations, limits=means.coverage)


def _draft(
    spot: Spot, observed: Mapping[str, FrameObservations], footage: SeenFootage
) -> SpotDraft:
    objects: dict[str, list[SeenObject]] = {frame_id: [] for frame_id in spot.frame_ids}
    for sighting in spot.sightings:
        for look in sighting.looks:
            frame = observed[look.frame_id]
            x1, y1, x2, y2 = (float(value) for value in frame.boxes_xyxy_px[look.box])
            objects[look.frame_id].append(
                SeenObject(sighting.visual_class, float(frame.scores[look.box]), (x1, y1, x2, y2))
            )
    by_time = sorted(objects, key=lambda frame_id: (observed[frame_id].time_s, frame_id))
    frames = tuple(replace(footage.frames[name], objects=tuple(objects[name])) for name in by_time)
    return SpotDraft(
        group=spot.group,
        frames=frames,
        members=dict(spot.members),
        visual_class=spot.visual_class,
        confidence=spot.confidence,
        position=spot.position,
        first_seen_at=_utc(spot.first_seen_s) if frames[0].taken_at is not None else None,
    )


def _utc(clock_s: float) -> datetime:
    return datetime.fromtimestamp(clock_s, UTC)


def _boxes(
    session: Session, patrol_id: str, handled: Handled
) -> dict[str, list[tuple[str, float, tuple[float, float, float, float]]]]:
    row = DetectionRow
    found = session.execute(
        select(
            row.frame_id, row.visual_class, row.score, row.x1_px, row.y1_px, row.x2_px, row.y2_px
        )
        .join(Frame, row.frame_id == Frame.id)
        .join(Medium, Frame.medium_id == Medium.id)
        .where(Medium.patrol_id == patrol_id, Medium.kind == "video")
        .order_by(row.frame_id, row.score.desc(), row.x1_px, row.y1_px)
    )
    boxes: dict[str, list[tuple[str, float, tuple[float, float, float, float]]]] = {}
    for frame_id, name, score, x1, y1, x2, y2 in found:
        box = (x1, y1, x2, y2)
        if not handled.knows(frame_id, name, box):
            boxes.setdefault(frame_id, []).append((name, score, box))
    return boxes


def _travels(session: Session, patrol_id: str) -> tuple[Travel, ...]:
    rows = session.scalars(
        select(Segment.travels)
        .join(Medium, Segment.medium_id == Medium.id)
        .where(Medium.patrol_id == patrol_id)
        .order_by(Segment.id)
    )
    return tuple(
        Travel(turn_deg, ahead_x, ahead_y, int(inliers))
        for row in rows
        for turn_deg, ahead_x, ahead_y, inliers in row
    )
