"""From the frames of a patrol to its spots: pure, and blind to how the footage was cut."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zoubian.pipeline.domain.classes import ClassRule
from zoubian.pipeline.domain.geo import Position, moved
from zoubian.pipeline.footage.best_frames import best_frames
from zoubian.pipeline.footage.models import (
    CameraProfile,
    FrameObservations,
    Look,
    Sighting,
    Spot,
)
from zoubian.pipeline.footage.rays import box_ray
from zoubian.pipeline.footage.sightings import (
    FoundObject,
    Glance,
    SightingLimits,
    glances_of,
    judge,
    objects_on_the_ground,
    origin_of,
)
from zoubian.pipeline.footage.sizes import SizePrior
from zoubian.pipeline.footage.standing import (
    JudgedObject,
    StandingLimits,
    mean_place_m,
    passes_of,
    together,
)
from zoubian.pipeline.footage.track import SIGMAS_OF_95
from zoubian.pipeline.footage.unplaced import objects_in_time

# Radius that holds 88 of 100 points of a round normal distribution, in its standard deviations per
# axis: sqrt(-2 ln 0.12).
SIGMAS_OF_88 = 2.059


@dataclass(frozen=True, slots=True)
class SpotLimits:
    """How frames become spots.

    Attributes:
        sightings: from boxes to judged objects.
        standing: from objects to spots.
        unplaced_gap_s: without a track, looks further apart in time are two spots.
        best_frames: frames named first, `best_apart_s` between them.
    """

    sightings: SightingLimits
    standing: StandingLimits
    unplaced_gap_s: float
    best_frames: int
    best_apart_s: float


def join_segments(
    segments: Sequence[Sequence[FrameObservations]],
) -> tuple[FrameObservations, ...]:
    """All frames of a patrol by time, a frame that two segments share taken once."""
    distinct = {frame.frame_id: frame for segment in segments for frame in segment}
    return tuple(sorted(distinct.values(), key=lambda frame: (frame.time_s, frame.frame_id)))


def spots_of(
    frames: Sequence[FrameObservations],
    rules: Mapping[str, ClassRule],
    camera: CameraProfile,
    sizes: Mapping[str, SizePrior],
    *,
    limits: SpotLimits,
) -> tuple[Spot, ...]:
    """Spots with a problem, by the time they were first seen.

    1. Boxes become rays, rays become objects, all frames at once (`associate`).
    2. An object is a problem, harmless or dropped by the median of its scores (`judge`).
    3. What stands together is one spot, scattered things are one stretch (`together`).
    4. Footage without a track is grouped by time alone (`objects_in_time`).

    Args:
        frames: of one camera's whole patrol, in any order, overlaps of segments included.
        rules: by class; boxes of other classes are left out.
    """
    ordered = join_segments([frames])
    by_id = {frame.frame_id: frame for frame in ordered}
    origin = origin_of(ordered)
    spots = []
    for group in sorted({rule.spot_group for rule in rules.values()}):
        glances = glances_of(
            ordered, rules, group=group, same_object_iou=limits.sightings.judge.same_object_iou
        )
        unplaced = _unplaced(ordered, glances, camera, sizes, limits)
        parts = [
            _judged(run, ordered, rules, limits)
            for run in objects_in_time(ordered, unplaced, gap_s=limits.unplaced_gap_s)
        ]
        if origin is not None:
            found = objects_on_the_ground(
                ordered, glances, camera, sizes, origin=origin, limits=limits.sightings
            )
            judged = _judged(found, ordered, rules, limits)
            parts += together(judged, rules, origin=origin, limits=limits.standing)
        spots += [
            _spot(part, rules, ordered, by_id, camera, origin, limits)
            for part in parts
            if any(one.verdict.problem for one in part)
        ]
    return tuple(sorted(spots, key=lambda spot: (spot.first_seen_s, spot.group, spot.frame_ids)))


def _unplaced(
    frames: Sequence[FrameObservations],
    glances: Sequence[Glance],
    camera: CameraProfile,
    sizes: Mapping[str, SizePrior],
    limits: SpotLimits,
) -> list[Glance]:
    """Glances of frames without a pose, those out of reach left out."""
    reach = limits.sightings.rays
    return [
        glance
        for glance in glances
        if frames[glance.frame].pose is None
        and box_ray(frames[glance.frame], glance.box, camera, sizes, limits=reach).inverse_range
        >= 1.0 / reach.max_range_m
    ]


def _judged(
    found: Sequence[FoundObject],
    frames: Sequence[FrameObservations],
    rules: Mapping[str, ClassRule],
    limits: SpotLimits,
) -> list[JudgedObject]:
    judged = []
    for one in found:
        verdict = judge(one, rules, limits=limits.sightings.judge)
        if verdict is not None:
            seen = [frames[glance.frame] for glance in one.glances]
            poses = [frame.pose for frame in seen if frame.pose is not None]
            errors = [pose.position.error_m for pose in poses] or [0.0]
            judged.append(
                JudgedObject(
                    found=one,
                    verdict=verdict,
                    first_s=min(frame.time_s for frame in seen),
                    track_error_m=float(np.mean(errors)),
                    own_error_m=_own_error_m(one),
                )
            )
    return judged


def _own_error_m(found: FoundObject) -> float:
    if found.covariance_m2 is None:
        return 0.0
    return float(np.sqrt(np.trace(found.covariance_m2) / 2)) * SIGMAS_OF_88


def _spot(
    members: Sequence[JudgedObject],
    rules: Mapping[str, ClassRule],
    frames: Sequence[FrameObservations],
    by_id: Mapping[str, FrameObservations],
    camera: CameraProfile,
    origin: Position | None,
    limits: SpotLimits,
) -> Spot:
    ranked = sorted(
        members,
        key=lambda one: (
            not one.verdict.problem,
            rules[one.verdict.visual_class].rank,
            -one.verdict.confidence,
            one.found.glances[0].frame,
            one.found.glances[0].box,
        ),
    )
    sightings = tuple(_sighting(one, frames, origin) for one in ranked)
    counts = _counted(ranked, rules, pass_gap_m=limits.standing.pass_gap_m)
    names = sorted(counts, key=lambda name: (rules[name].rank, name))
    naming = min(
        (name for name in names if rules[name].problem), key=lambda name: not rules[name].proven
    )
    shown = [look for s in sightings if rules[s.visual_class].problem for look in s.looks]
    best = best_frames(by_id, shown, limit=limits.best_frames, apart_s=limits.best_apart_s)
    every = {look.frame_id for s in sightings for look in s.looks}
    others = sorted(every - set(best), key=lambda name: (by_id[name].time_s, name))
    placed = origin is not None and ranked[0].found.place_m is not None
    return Spot(
        group=rules[naming].spot_group,
        visual_class=naming,
        members={name: counts[name] for name in names},
        confidence=max(s.confidence for s in sightings if s.visual_class == naming),
        position=_spot_position(ranked, frames, camera, origin, reach=rules[naming].stretch)
        if origin and placed
        else None,
        frame_ids=(*best, *others),
        first_seen_s=min(one.first_s for one in ranked),
        sightings=sightings,
    )


def _sighting(
    one: JudgedObject, frames: Sequence[FrameObservations], origin: Position | None
) -> Sighting:
    found = one.found
    position = None
    if origin is not None and found.place_m is not None:
        east, north = map(float, found.place_m)
        position = moved(origin, east, north, error_m=one.own_error_m)
    distances: Sequence[float | None] = found.distances_m or (None,) * len(found.glances)
    return Sighting(
        visual_class=one.verdict.visual_class,
        confidence=one.verdict.confidence,
        position=position,
        looks=tuple(
            Look(frames[glance.frame].frame_id, glance.box, distance)
            for glance, distance in zip(found.glances, distances, strict=True)
        ),
    )


def _counted(
    members: Sequence[JudgedObject], rules: Mapping[str, ClassRule], *, pass_gap_m: float
) -> dict[str, int]:
    """Objects by class: the most that two frames show at once, one frame where there is one.

    One object may fall into two when it was hidden for a while; two objects never fall into one,
    because two boxes of a frame are never joined. Scattered things add up along their stretch,
    where no frame shows all of them, by pass.
    """
    shown: dict[str, Counter[int]] = {}
    for one in members:
        frames = {glance.frame for glance in one.found.glances}
        shown.setdefault(one.verdict.visual_class, Counter()).update(frames)
    counts = {name: sorted(by_frame.values())[-2:][0] for name, by_frame in shown.items()}
    for name in counts:
        if rules[name].stretch:
            counts[name] = max(
                sum(one.verdict.visual_class == name for one in one_pass)
                for one_pass in passes_of(members, pass_gap_m=pass_gap_m)
            )
    return counts


def _spot_position(
    members: Sequence[JudgedObject],
    frames: Sequence[FrameObservations],
    camera: CameraProfile,
    origin: Position,
    *,
    reach: bool,
) -> Position:
    """Mean of the problems with a radius that the error of the track dominates.

    The track's error is nearly the same for all frames of a spot and does not shrink with their
    number; nor does what the camera's direction and the heading are wrong by.

    Args:
        reach: the radius is to hold a whole stretch and not one place.
    """
    variances = []
    for one in members:
        if one.verdict.problem:
            poses = [frames[glance.frame].pose for glance in one.found.glances]
            heading = np.mean([pose.heading_error_deg for pose in poses if pose is not None])
            turned = np.radians(np.hypot(heading, camera.yaw_sd_deg))
            across_m = float(np.mean(one.found.distances_m)) * turned
            own = (one.own_error_m / SIGMAS_OF_88) ** 2
            variances.append((one.track_error_m / SIGMAS_OF_95) ** 2 + across_m**2 / 2 + own)
    middle = mean_place_m(members)
    places = [one.place_m for one in members if one.verdict.problem]
    farthest_m = max(float(np.linalg.norm(place - middle)) for place in places) if reach else 0.0
    radius_m = float(np.mean(variances)) ** 0.5 * SIGMAS_OF_88 + farthest_m
    return moved(origin, float(middle[0]), float(middle[1]), error_m=radius_m)
