"""Association: which boxes are one object, whatever order they come in."""

import numpy as np
import pytest
from drives import HOME, LEVEL, RULES, drive_past

from zoubian.pipeline.footage.association import associate
from zoubian.pipeline.footage.car_patrol import SPOT_LIMITS
from zoubian.pipeline.footage.rays import rays_of
from zoubian.pipeline.footage.sizes import SIZES_BY_CLASS
from zoubian.pipeline.footage.triangulation import triangulate

LIMITS = SPOT_LIMITS.sightings.association


def rays_past(things, **drive):
    frames = drive_past([("bin", 0.9, place) for place in things], **drive)
    boxes = [(i, j) for i, one in enumerate(frames) for j in range(len(one.scores))]
    assert set(one.visual_classes[0] for one in frames if one.visual_classes) <= set(RULES)
    return rays_of(
        frames, boxes, LEVEL, SIZES_BY_CLASS, origin=HOME, limits=SPOT_LIMITS.sightings.rays
    )


def partition(rays, groups) -> set[frozenset[tuple[int, int]]]:
    return {frozenset((int(rays.frames[i]), int(rays.boxes[i])) for i in group) for group in groups}


@pytest.mark.parametrize(
    ("things", "objects"),
    [
        ([], 0),
        ([(5.0, 20.0)], 1),
        ([(5.0, 20.0), (-5.0, 20.0)], 2),
        ([(6.0, 14.0), (6.0, 24.0)], 2),
        ([(5.0, 20.0), (5.8, 20.0), (6.6, 20.0)], 3),
    ],
)
def test_each_thing_is_one_object(things, objects):
    rays = rays_past(things)
    groups = associate(rays, limits=LIMITS)
    assert len(groups) == objects
    assert sum(len(group) for group in groups) == len(rays)


def test_two_boxes_of_one_frame_are_never_one_object():
    rays = rays_past([(5.0, 20.0), (5.05, 20.0)])  # they stand nearly in one another
    groups = associate(rays, limits=LIMITS)
    for group in groups:
        assert len(set(rays.frames[group])) == len(group)


def test_order_says_nothing():
    rays = rays_past([(5.0, 14.0), (5.9, 14.0), (6.5, 22.0), (-6.0, 18.0)])
    told = partition(rays, associate(rays, limits=LIMITS))
    for seed in range(5):
        shuffled = rays.take(np.random.default_rng(seed).permutation(len(rays)))
        assert partition(shuffled, associate(shuffled, limits=LIMITS)) == told


def plain(rays) -> set[frozenset[int]]:
    """The same rule written out: products of normal distributions, all pairs, no memory."""
    covariances = rays.covariances_m2(place_sd_m=LIMITS.place_sd_m)
    common = rays.common_covariances_m2()

    def shared(members: list[int]) -> np.ndarray:
        return common[min(members, key=lambda i: np.trace(common[i]))]

    groups = [([i], np.linalg.inv(covariances[i]), rays.places_m()[i]) for i in range(len(rays))]
    while True:
        best = None
        for a in range(len(groups)):
            for b in range(a + 1, len(groups)):
                (ia, la, ma), (ib, lb, mb) = groups[a], groups[b]
                if {rays.frames[i] for i in ia} & {rays.frames[i] for i in ib}:
                    continue
                ta, tb = rays.times_s[ia], rays.times_s[ib]
                gap = max(0.0, ta.min() - tb.max(), tb.min() - ta.max())
                drift = min(LIMITS.drift_m_per_sqrt_s**2 * gap, LIMITS.max_drift_m**2)
                spread = np.linalg.inv(la) + np.linalg.inv(lb) + shared(ia) + shared(ib)
                extent = rays.extents_m[ia[0]] * rays.extents_m[ib[0]]
                spread += (drift + LIMITS.place_sd_m**2 + extent) * np.eye(2)
                squared = (ma - mb) @ np.linalg.solve(spread, ma - mb)
                if squared <= LIMITS.gate and (best is None or squared < best[0]):
                    best = (squared, a, b)
        if best is None:
            return {frozenset(members) for members, _, _ in groups}
        _, a, b = best
        (ia, la, ma), (ib, lb, mb) = groups[a], groups[b]
        joined = (ia + ib, la + lb, np.linalg.solve(la + lb, la @ ma + lb @ mb))
        groups = [g for k, g in enumerate(groups) if k not in (a, b)] + [joined]


@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_the_rule_written_out(seed):
    source = np.random.default_rng(seed)
    things = [(float(source.uniform(4, 9)), float(source.uniform(8, 22))) for _ in range(3)]
    rays = rays_past(things, frames=8)
    groups = associate(rays, limits=LIMITS)
    assert {frozenset(map(int, group)) for group in groups} == plain(rays)


def test_triangulates_to_the_thing_within_decimetres():
    rays = rays_past([(6.0, 26.0)])
    place, covariance = triangulate(rays)
    assert place == pytest.approx((6.0, 26.4), abs=0.45)  # the middle of a bin behind its foot
    assert 0.05 < np.sqrt(np.trace(covariance)) < 1.5


def test_one_wrong_ray_hardly_moves_the_place():
    rays = rays_past([(6.0, 26.0)])
    place, _ = triangulate(rays)
    bearings = rays.bearings_rad.copy()
    bearings[2] += np.radians(25.0)
    moved = rays.take(np.arange(len(rays)))
    object.__setattr__(moved, "bearings_rad", bearings)
    assert np.linalg.norm(triangulate(moved)[0] - place) < 0.5
