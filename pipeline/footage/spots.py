"""From the frames of a patrol to its spots: pure, and blind to how the footage was cut."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zoubian.pipeline.domain.classes import ClassRule
from zoubian.pipeline.domain.geo import Position, moved
from zoubian.pipeline.domain.grouping import group_near
from zoubian.pipeline.footage.best_frames import best_frames
from zoubian.pipeline.footage.models import (
    CameraProfile,
    FrameObservations,
    Look,
    Sighting,
    Spot,
)
from zoubian.pipeline.footage.rays import Array
from zoubian.pipeline.footage.sightings import (
    FoundObject,
    SightingLimits,
    Verdict,
    glances_of,
    judge,
    objects_on_the_ground,
    origin_of,
)
from zoubian.pipeline.footage.sizes import SizePrior
from zoubian.pipeline.footage.track import SIGMAS_OF_95
from zoubian.pipeline.footage.unplaced import objects_in_time

# Radius that holds 88 of 100 points of a round normal distribution, in its standard deviations per
# axis: sqrt(-2 ln 0.12).
SIGMAS_OF_88 = 2.059


@dataclass(frozen=True, slots=True)
class SpotLimits:
    """What stands together.

    Attributes:
        near_m: objects nearer than this are one spot.
        extent_m: greatest distance within a spot.
        stretch_gap_m: spots of scattered things nearer than this are one stretch.
        stretch_extent_m: greatest length of a stretch.
        unplaced_gap_s: without a track, looks further apart in time are two spots.
        best_frames: frames named first, `best_apart_s` between them.
        sightings: from boxes to judged objects.
    """

    near_m: float
    extent_m: float
    stretch_gap_m: float
    stretch_extent_m: float
    unplaced_gap_s: float
    best_frames: int
    best_apart_s: float
    sightings: SightingLimits


@dataclass(frozen=True, slots=True)
class _Judged:
    """An object with its verdict."""

    found: FoundObject
    verdict: Verdict


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
    3. Problems of one spot group within `near_m` are one spot; harmless objects join the nearest
       spot within `near_m` and make none alone.
    4. Spots of nothing but scattered things join along the street.

    Args:
        frames: of a whole patrol (`join_segments`), in any order.
        rules: by class; boxes of other classes are left out.
    """
    ordered = join_segments([frames])
    origin = origin_of(ordered)
    spots = []
    for group in sorted({rule.spot_group for rule in rules.values()}):
        glances = glances_of(
            ordered, rules, group=group, same_object_iou=limits.sightings.judge.same_object_iou
        )
        parts = [
            _judged(run, rules, limits)
            for run in objects_in_time(ordered, glances, gap_s=limits.unplaced_gap_s)
        ]
        if origin is not None:
            found = objects_on_the_ground(
                ordered,
                glances,
                camera,
                sizes,
                origin=origin,
                limits=limits.sightings,
            )
            parts += _together(_judged(found, rules, limits), rules, origin, limits)
        spots += [
            _spot(group, part, rules, ordered, camera, origin, limits)
            for part in parts
            if any(one.verdict.problem for one in part)
        ]
    return tuple(sorted(spots, key=lambda spot: (spot.first_seen_s, spot.group, spot.frame_ids)))


def _judged(
    found: Sequence[FoundObject], rules: Mapping[str, ClassRule], limits: SpotLimits
) -> list[_Judged]:
    return [
        _Judged(one, verdict)
        for one in found
        if (verdict := judge(one, rules, limits=limits.sightings.judge)) is not None
    ]


def _together(
    judged: Sequence[_Judged],
    rules: Mapping[str, ClassRule],
    origin: Position,
    limits: SpotLimits,
) -> list[list[_Judged]]:
    """Groups of objects with a place that are one spot or one stretch."""
    problems = [one for one in judged if one.verdict.problem]
    groups = _near(
        [[one] for one in problems], origin, near_m=limits.near_m, extent_m=limits.extent_m
    )
    for one in judged:
        if not one.verdict.problem:
            apart = [(_apart_m(one, group), number) for number, group in enumerate(groups)]
            if apart and min(apart)[0] <= limits.near_m:
                groups[min(apart)[1]].append(one)
    scattered = [group for group in groups if _is_scattered(group, rules)]
    return [group for group in groups if not _is_scattered(group, rules)] + _near(
        scattered, origin, near_m=limits.stretch_gap_m, extent_m=limits.stretch_extent_m
    )


def _near(
    groups: Sequence[Sequence[_Judged]], origin: Position, *, near_m: float, extent_m: float
) -> list[list[_Judged]]:
    """Groups joined where the means of their problems are near."""
    places = [moved(origin, *map(float, _mean_place(group)), error_m=0.0) for group in groups]
    return [
        [one for index in joined for one in groups[index]]
        for joined in group_near(places, near_m=near_m, max_extent_m=extent_m, error_share=0.0)
    ]


def _apart_m(one: _Judged, group: Sequence[_Judged]) -> float:
    """Distance of an object to the nearest problem of a group."""
    return min(
        float(np.linalg.norm(_place(one) - _place(other)))
        for other in group
        if other.verdict.problem
    )


def _is_scattered(group: Sequence[_Judged], rules: Mapping[str, ClassRule]) -> bool:
    return all(rules[one.verdict.visual_class].stretch for one in group if one.verdict.problem)


def _place(one: _Judged) -> Array:
    assert one.found.place_m is not None
    return one.found.place_m


def _mean_place(group: Sequence[_Judged]) -> Array:
    places = [_place(one) for one in group if one.verdict.problem]
    mean: Array = np.mean(places, axis=0)
    return mean


def _spot(
    group: str,
    members: Sequence[_Judged],
    rules: Mapping[str, ClassRule],
    frames: Sequence[FrameObservations],
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
    counts = _counted(sightings)
    names = sorted(counts, key=lambda name: (rules[name].rank, name))
    problems = [name for name in names if rules[name].problem]
    naming = min(problems, key=lambda name: not rules[name].proven)
    by_id = {frame.frame_id: frame for frame in frames}
    shown = [look for s in sightings if rules[s.visual_class].problem for look in s.looks]
    best = best_frames(by_id, shown, limit=limits.best_frames, apart_s=limits.best_apart_s)
    every = sorted(
        {look.frame_id for s in sightings for look in s.looks} - set(best),
        key=lambda frame_id: (by_id[frame_id].time_s, frame_id),
    )
    return Spot(
        group=group,
        visual_class=naming,
        members={name: counts[name] for name in names},
        confidence=max(s.confidence for s in sightings if s.visual_class == naming),
        position=None
        if origin is None or ranked[0].found.place_m is None
        else _spot_position(ranked, frames, camera, origin),
        frame_ids=(*best, *every),
        first_seen_s=min(by_id[frame_id].time_s for frame_id in (*best, *every)),
        sightings=sightings,
    )


def _sighting(
    one: _Judged, frames: Sequence[FrameObservations], origin: Position | None
) -> Sighting:
    found = one.found
    position = None
    if origin is not None and found.place_m is not None and found.covariance_m2 is not None:
        sd = (float(np.trace(found.covariance_m2)) / 2) ** 0.5
        east, north = found.place_m
        position = moved(origin, float(east), float(north), error_m=sd * SIGMAS_OF_88)
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


def _counted(sightings: Sequence[Sighting]) -> dict[str, int]:
    """Objects by class: the most that two frames show at once, one frame where there is one.

    One object may fall into two sightings when it was hidden for a while; two objects never fall
    into one, because two boxes of a frame are never joined.
    """
    shown: dict[str, Counter[str]] = {}
    for sighting in sightings:
        frames = {look.frame_id for look in sighting.looks}
        shown.setdefault(sighting.visual_class, Counter()).update(frames)
    return {
        name: sorted(by_frame.values(), reverse=True)[:2][-1] for name, by_frame in shown.items()
    }


def _spot_position(
    members: Sequence[_Judged],
    frames: Sequence[FrameObservations],
    camera: CameraProfile,
    origin: Position,
) -> Position:
    """Mean of the problems with a radius that the error of the track dominates.

    The track's error is nearly the same for all frames of a spot and does not shrink with their
    number; nor does what the camera's direction and the heading are wrong by.
    """
    problems = [one for one in members if one.verdict.problem]
    variances = []
    for one in problems:
        poses = [frames[glance.frame].pose for glance in one.found.glances]
        track_m = np.mean([pose.position.error_m for pose in poses if pose is not None])
        heading = np.mean([pose.heading_error_deg for pose in poses if pose is not None])
        turned_m = float(np.mean(one.found.distances_m)) * np.radians(
            np.hypot(heading, camera.yaw_sd_deg)
        )
        own = 0.0 if one.found.covariance_m2 is None else np.trace(one.found.covariance_m2) / 2
        variances.append((track_m / SIGMAS_OF_95) ** 2 + turned_m**2 / 2 + own)
    sd = float(np.mean(variances)) ** 0.5
    east, north = _mean_place(members)
    return moved(origin, float(east), float(north), error_m=sd * SIGMAS_OF_88)
