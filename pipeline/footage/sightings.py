"""From boxes to objects: one look for each thing in a frame, one sighting for each thing at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from zoubian.pipeline.domain.boxes import Box, iou
from zoubian.pipeline.domain.classes import ClassRule
from zoubian.pipeline.domain.geo import Position, offset_m
from zoubian.pipeline.footage.association import AssociationLimits, associate
from zoubian.pipeline.footage.models import CameraProfile, FrameObservations
from zoubian.pipeline.footage.rays import Array, RayLimits, Rays, rays_of
from zoubian.pipeline.footage.sizes import SizePrior
from zoubian.pipeline.footage.triangulation import triangulate


@dataclass(frozen=True, slots=True)
class JudgeLimits:
    """When what was seen is believed.

    Attributes:
        same_object_iou: boxes of one spot group in one frame that overlap more are one thing that
            the detector takes for two.
        least_looks: a median is taken over at least so many scores, missing ones as 0.
        near_share: share of the looks, the nearest, that decide: far ones are small in the picture.
        missed_weight: share of the frames that should have shown the object and did not, that count
            as a score of 0; what hides behind a parked car is missed honestly.
    """

    same_object_iou: float
    least_looks: int
    near_share: float
    missed_weight: float


@dataclass(frozen=True, slots=True)
class SightingLimits:
    """The steps from boxes to judged objects, each with its own limits."""

    rays: RayLimits
    association: AssociationLimits
    judge: JudgeLimits


@dataclass(frozen=True, slots=True)
class Glance:
    """One thing in one frame: its surest box, and the best score of every class that fits it."""

    frame: int
    box: int
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class FoundObject:
    """One object over the frames, not yet judged.

    Attributes:
        glances: by time.
        distances_m: of each glance, from the camera over the ground; empty without poses.
        cut: whether the object goes on beyond the frame's edge, of each glance.
        missed: frames between the first and the last glance that had the object before them, no
            nearer and no farther than the glances, and do not show it.
        ways_m: the camera's way until the first and until the last glance; 0 without poses.
        place_m: east and north of the origin; None without poses.
        covariance_m2: (2, 2) of the rays' own errors only.
    """

    glances: tuple[Glance, ...]
    distances_m: tuple[float, ...]
    cut: tuple[bool, ...]
    missed: int
    ways_m: tuple[float, float]
    place_m: Array | None
    covariance_m2: Array | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an object is believed to be."""

    visual_class: str
    problem: bool
    confidence: float


def glances_of(
    frames: Sequence[FrameObservations],
    rules: Mapping[str, ClassRule],
    *,
    group: str,
    same_object_iou: float,
) -> list[Glance]:
    """The things of a spot group in each assessable frame, doubled boxes taken once."""
    found = []
    for number, frame in enumerate(frames):
        if not frame.assessable:
            continue
        of_group = [
            box
            for box, name in enumerate(frame.visual_classes)
            if name in rules and rules[name].spot_group == group
        ]
        of_group.sort(key=lambda box: (-_ratio(frame, box, rules), _corners(frame, box)))
        kept: list[tuple[int, dict[str, float]]] = []
        for box in of_group:
            scores = _twin(frame, box, kept, same_object_iou)
            name, score = frame.visual_classes[box], float(frame.scores[box])
            scores[name] = max(score, scores.get(name, 0.0))
        found += [Glance(number, box, scores) for box, scores in kept]
    return found


def _twin(
    frame: FrameObservations, box: int, kept: list[tuple[int, dict[str, float]]], limit: float
) -> dict[str, float]:
    """The scores of the kept thing that this box shows too, else those of a new one."""
    for other, scores in kept:
        if iou(_corners(frame, box), _corners(frame, other)) > limit:
            return scores
    kept.append((box, {}))
    return kept[-1][1]


def _ratio(frame: FrameObservations, box: int, rules: Mapping[str, ClassRule]) -> float:
    return float(frame.scores[box]) / rules[frame.visual_classes[box]].threshold


def _corners(frame: FrameObservations, box: int) -> Box:
    x1, y1, x2, y2 = (float(value) for value in frame.boxes_xyxy_px[box])
    return x1, y1, x2, y2


def objects_on_the_ground(
    frames: Sequence[FrameObservations],
    glances: Sequence[Glance],
    camera: CameraProfile,
    sizes: Mapping[str, SizePrior],
    *,
    origin: Position,
    limits: SightingLimits,
) -> list[FoundObject]:
    """Objects with a place, from glances of frames with a pose."""
    by_box = {(glance.frame, glance.box): glance for glance in glances}
    rays = rays_of(frames, list(by_box), camera, sizes, origin=origin, limits=limits.rays)
    groups = associate(rays, limits=limits.association)
    cameras = _cameras(frames, camera, origin)
    return [_found(rays.take(index), by_box, cameras) for index in groups]


@dataclass(frozen=True, slots=True, eq=False)
class _Cameras:
    """Assessable frames with a pose: (F,) times and view directions, (F, 2) places; by time."""

    times_s: Array
    places_m: Array
    views_rad: Array
    half_view_rad: float


def _cameras(
    frames: Sequence[FrameObservations], camera: CameraProfile, origin: Position
) -> _Cameras:
    posed = [(frame.time_s, frame.pose) for frame in frames if frame.assessable and frame.pose]
    return _Cameras(
        times_s=np.array([time_s for time_s, _ in posed]),
        places_m=np.array([offset_m(origin, pose.position) for _, pose in posed]).reshape(-1, 2),
        views_rad=np.radians([pose.heading_deg + camera.yaw_deg for _, pose in posed]),
        half_view_rad=float(np.radians(camera.hfov_deg / 2)),
    )


def _found(rays: Rays, by_box: Mapping[tuple[int, int], Glance], cameras: _Cameras) -> FoundObject:
    place, covariance = triangulate(rays)
    distances = np.linalg.norm(rays.cameras_m - place, axis=1)
    boxes = zip(rays.frames, rays.boxes, strict=True)
    return FoundObject(
        glances=tuple(by_box[int(frame), int(box)] for frame, box in boxes),
        distances_m=tuple(float(distance) for distance in distances),
        cut=tuple(bool(cut) for cut in rays.cut),
        missed=_missed(rays, place, distances, cameras),
        ways_m=(float(rays.ways_m.min()), float(rays.ways_m.max())),
        place_m=place,
        covariance_m2=covariance,
    )


def _missed(rays: Rays, place: Array, distances: Array, cameras: _Cameras) -> int:
    """Frames that should have shown the object, less those that do."""
    between = slice(
        int(np.searchsorted(cameras.times_s, rays.times_s.min(), side="left")),
        int(np.searchsorted(cameras.times_s, rays.times_s.max(), side="right")),
    )
    away = place - cameras.places_m[between]
    ranges = np.linalg.norm(away, axis=1)
    turn = np.arctan2(away[:, 0], away[:, 1]) - cameras.views_rad[between]
    turn = np.abs((turn + np.pi) % (2 * np.pi) - np.pi)
    expected = (
        (turn <= cameras.half_view_rad)
        & (ranges >= distances.min() - 1e-6)
        & (ranges <= distances.max() + 1e-6)
    )
    return max(0, int(expected.sum()) - len(rays))


def rays_by_object(
    frames: Sequence[FrameObservations],
    rules: Mapping[str, ClassRule],
    camera: CameraProfile,
    sizes: Mapping[str, SizePrior],
    *,
    limits: SightingLimits,
) -> list[Rays]:
    """The rays of every object of any spot group, judged or not."""
    origin = origin_of(frames)
    if origin is None:
        return []
    objects = []
    for group in sorted({rule.spot_group for rule in rules.values()}):
        glances = glances_of(
            frames, rules, group=group, same_object_iou=limits.judge.same_object_iou
        )
        boxes = [(glance.frame, glance.box) for glance in glances]
        rays = rays_of(frames, boxes, camera, sizes, origin=origin, limits=limits.rays)
        objects += [rays.take(index) for index in associate(rays, limits=limits.association)]
    return objects


def origin_of(frames: Sequence[FrameObservations]) -> Position | None:
    """The first place of a camera: where metres are counted from."""
    return next((frame.pose.position for frame in frames if frame.pose is not None), None)


def judge(
    found: FoundObject, rules: Mapping[str, ClassRule], *, limits: JudgeLimits
) -> Verdict | None:
    """What the object is, None when its looks do not carry it.

    Scores are compared as shares of their class's threshold, so that classes with different
    thresholds may stand for one object. The object is a problem when the median over the deciding
    looks of the best problem score reaches its threshold, else it is harmless when the median of
    any score does. It is named by the class whose shares add up to the most.
    """
    looks = _deciding(found, limits)
    blanks = max(
        round(limits.near_share * limits.missed_weight * found.missed),
        limits.least_looks - len(looks),
    )
    for problem in (True, False):
        names = [name for name, rule in rules.items() if rule.problem or not problem]
        best = [_best(look, names, rules) for look in looks] + [(0.0, 0.0)] * blanks
        if median(share for share, _ in best) >= 1.0:
            naming = _naming(looks, names, rules)
            if rules[naming].problem is problem:
                return Verdict(naming, problem, median(score for _, score in best))
            return None  # neither a problem for sure nor harmless
    return None


def _best(
    look: Mapping[str, float], names: Sequence[str], rules: Mapping[str, ClassRule]
) -> tuple[float, float]:
    """The greatest share of a threshold that a look reaches, and the score that reaches it."""
    shares = [(look[name] / rules[name].threshold, look[name]) for name in names if name in look]
    return max(shares, default=(0.0, 0.0))


def _naming(
    looks: Sequence[Mapping[str, float]], names: Sequence[str], rules: Mapping[str, ClassRule]
) -> str:
    """The class whose shares of its threshold add up to the most."""
    sums = {
        name: sum(look.get(name, 0.0) / rules[name].threshold for look in looks) for name in names
    }
    return min(names, key=lambda name: (-sums[name], name))


def _deciding(found: FoundObject, limits: JudgeLimits) -> list[Mapping[str, float]]:
    """The nearest looks, whole ones before cut ones."""
    count = max(limits.least_looks, round(limits.near_share * len(found.glances)))
    distances = found.distances_m or (0.0,) * len(found.glances)
    order = sorted(
        range(len(found.glances)),
        key=lambda i: (found.cut[i], distances[i], found.glances[i].frame),
    )
    return [found.glances[i].scores for i in order[:count]]
