"""The smoothed track: drives as a car does, keeps its error, is silent where it knows nothing."""

import math
import random

import numpy as np
import pytest
from drives import HOME, track_of

from zoubian.pipeline.domain.geo import offset_m
from zoubian.pipeline.footage.car_patrol import TRACK_LIMITS
from zoubian.pipeline.footage.track import poses_at, smooth_track


def noisy(places: np.ndarray, seed: int, *, sd_m: float = 2.8, drift: float = 0.97) -> np.ndarray:
    """Places with the wandering error of a receiver."""
    source = random.Random(seed)
    error = np.array([source.gauss(0, sd_m), source.gauss(0, sd_m)])
    rows = []
    for place in places:
        fresh = sd_m * math.sqrt(1 - drift**2)
        error = drift * error + [source.gauss(0, fresh), source.gauss(0, fresh)]
        rows.append(place + error)
    return np.array(rows)


def eastward(seconds: int, speed: float = 6.6) -> np.ndarray:
    return np.stack([speed * np.arange(seconds), np.zeros(seconds)], axis=1)


def told_m(pose) -> tuple[float, float]:
    return offset_m(HOME, pose.position)


def test_a_clean_track_comes_out_as_it_is_between_the_fixes_too():
    track = smooth_track(track_of(eastward(30)), limits=TRACK_LIMITS)
    moments = [1005.0, 1010.5, 1017.25]
    for moment, pose in zip(moments, poses_at(track, moments), strict=True):
        assert told_m(pose) == pytest.approx((6.6 * (moment - 1000), 0.0), abs=0.05)
        assert pose.heading_deg == pytest.approx(90.0, abs=0.1)
        assert pose.speed_mps == pytest.approx(6.6, abs=0.05)
        assert pose.driven_m == pytest.approx(6.6 * (moment - 1000), abs=0.2)


def test_a_car_does_not_zigzag():
    raw, smooth = [], []
    for seed in range(12):
        fixes = noisy(eastward(60), seed)
        steps = np.diff(fixes, axis=0)
        raw += [math.degrees(math.atan2(north, east)) for east, north in steps]
        track = smooth_track(track_of(fixes), limits=TRACK_LIMITS)
        smooth += [pose.heading_deg - 90.0 for pose in poses_at(track, np.arange(1005, 1055, 0.5))]
    assert np.std(raw) > 5.0
    assert np.std(smooth) < 3.0


def test_the_stated_error_holds_the_truth_and_is_not_averaged_away():
    inside, stated = [], []
    for seed in range(40):
        track = smooth_track(track_of(noisy(eastward(60), seed)), limits=TRACK_LIMITS)
        for moment, pose in zip(
            moments := range(1005, 1055, 10), poses_at(track, list(moments)), strict=True
        ):
            east, north = told_m(pose)
            inside.append(math.hypot(east - 6.6 * (moment - 1000), north) <= pose.position.error_m)
            stated.append(pose.position.error_m)
    assert 0.9 <= np.mean(inside) <= 1.0
    assert np.mean(stated) > 7.0  # 60 fixes of 8 m each are still no better than about 8 m


def test_a_single_wild_fix_moves_nothing():
    fixes = eastward(40)
    fixes[20] += (0.0, 25.0)
    track = smooth_track(track_of(fixes), limits=TRACK_LIMITS)
    _, north = told_m(poses_at(track, [1020.0])[0])
    assert abs(north) < 2.0


def test_a_turn_is_followed():
    speed, radius = 6.0, 8.0
    legs = []
    for second in range(60):
        way = speed * second - 180.0
        angle = min(max(way / radius, 0.0), math.pi / 2)
        before, after = min(way, 0.0), max(way - radius * math.pi / 2, 0.0)
        legs.append((before + radius * math.sin(angle), radius * (1 - math.cos(angle)) + after))
    track = smooth_track(track_of(noisy(np.array(legs), 3, sd_m=1.0)), limits=TRACK_LIMITS)
    before, after = poses_at(track, [1020.0, 1045.0])
    assert before.heading_deg == pytest.approx(90.0, abs=8.0)
    assert min(after.heading_deg, 360.0 - after.heading_deg) < 8.0


def test_nothing_is_said_inside_a_long_gap_or_far_from_the_ends():
    times = np.concatenate([np.arange(0, 20), np.arange(60, 80)]) + 1000.0
    places = np.stack([6.6 * (times - 1000), 0 * times], axis=1)
    track = smooth_track(track_of(places, times_s=times), limits=TRACK_LIMITS)
    moments = [990.0, 999.0, 1010.0, 1020.5, 1040.0, 1059.0, 1080.5, 1090.0]
    told = [pose is not None for pose in poses_at(track, moments)]
    assert told == [False, True, True, True, False, True, True, False]


def test_a_bridge_is_crossed_with_a_larger_error():
    times = np.array([*range(0, 20), *range(28, 50)]) + 1000.0
    places = np.stack([6.6 * (times - 1000), 0 * times], axis=1)
    track = smooth_track(track_of(places, times_s=times), limits=TRACK_LIMITS)
    under, open_sky = poses_at(track, [1023.5, 1010.0])
    assert told_m(under)[0] == pytest.approx(6.6 * 23.5, abs=0.5)
    assert under.position.error_m > open_sky.position.error_m


def test_standing_holds_the_heading_and_counts_no_way():
    moving = eastward(20)
    standing = np.repeat(moving[-1:], 60, axis=0)
    track = smooth_track(
        track_of(noisy(np.concatenate([moving, standing]), 5, sd_m=1.0)), limits=TRACK_LIMITS
    )
    early, late = poses_at(track, [1030.0, 1075.0])
    assert late.heading_deg == pytest.approx(early.heading_deg, abs=25.0)
    assert late.driven_m - early.driven_m < 5.0
    assert late.speed_mps < 1.0


def test_one_fix_is_a_track():
    track = smooth_track(track_of(np.zeros((1, 2))), limits=TRACK_LIMITS)
    here, later = poses_at(track, [1000.5, 1010.0])
    assert here is not None and later is None
