"""Rays: hand-worked boxes of a level camera 1.5 m up with a focal length of 480 px."""

import math
from dataclasses import replace

import numpy as np
import pytest
from drives import HOME, LEVEL, frame, pose

from zoubian.pipeline.footage.car_patrol import SPOT_LIMITS
from zoubian.pipeline.footage.rays import rays_of
from zoubian.pipeline.footage.sizes import SizePrior

LIMITS = SPOT_LIMITS.sightings.rays
FLAT = {"heap": SizePrior(0.0, None, 0.0), "bin": SizePrior(0.0, 1.0, 0.2)}


def ray(box, *, kind="heap", camera=LEVEL, heading=0.0, sizes=FLAT):
    shown = frame("f", 0.0, pose(0.0, 0.0, heading=heading), [(kind, 0.9, box)])
    return rays_of([shown], [(0, 0)], camera, sizes, origin=HOME, limits=LIMITS)


def range_m(rays) -> float:
    return float(1 / rays.inverse_ranges[0])


@pytest.mark.parametrize(
    ("foot_px", "expected_m"),
    [
        (270 + 72, 10.0),  # 480 * 1.5 / 72
        (270 + 144, 5.0),
        (270 + 36, 20.0),
    ],
)
def test_the_foot_tells_the_range(foot_px, expected_m):
    assert range_m(ray((470, 300, 490, foot_px))) == pytest.approx(expected_m, rel=1e-6)


@pytest.mark.parametrize(
    ("middle_px", "heading", "yaw", "expected_deg"),
    [
        (480, 0.0, 0.0, 0.0),
        (960 - 100, 0.0, 0.0, math.degrees(math.atan(380 / 480))),
        (480, 90.0, 14.0, 104.0),
        (0 + 100, 10.0, 0.0, 10.0 - math.degrees(math.atan(380 / 480))),
    ],
)
def test_the_bearing_turns_right_with_the_column(middle_px, heading, yaw, expected_deg):
    rays = ray(
        (middle_px - 10, 280, middle_px + 10, 342),
        heading=heading,
        camera=replace(LEVEL, yaw_deg=yaw),
    )
    assert np.degrees(rays.bearings_rad[0]) == pytest.approx(expected_deg, abs=1e-6)


def test_a_camera_that_looks_down_sees_the_same_range_lower():
    pitched = replace(LEVEL, pitch_deg=-5.0)
    below = math.atan(1.5 / 10.0) - math.radians(5.0)
    foot = 270 + 480 * math.tan(below)
    assert range_m(ray((470, 250, 490, foot), camera=pitched)) == pytest.approx(10.0, rel=1e-6)


def test_aside_the_same_foot_is_farther_over_the_ground():
    assert range_m(ray((950 - 60, 300, 950, 342))) == pytest.approx(
        10.0 * math.hypot(1.0, 440 / 480), rel=1e-6
    )


def test_uncertainty_grows_with_the_square_of_the_range():
    near, far = ray((470, 300, 490, 342)), ray((470, 290, 490, 306))
    sd = [float(r.inverse_range_sds[0] / r.inverse_ranges[0] ** 2) for r in (near, far)]
    assert sd[1] / sd[0] == pytest.approx(4.0, rel=0.2)


def test_height_and_foot_agree_on_a_range_surer_than_either():
    told = ray((470, 342 - 48, 490, 342), kind="bin")  # 480 * 1.0 / 48 = 10 m
    alone = ray((470, 342 - 48, 490, 342), kind="heap")
    assert range_m(told) == pytest.approx(10.0, rel=1e-6)
    assert told.inverse_range_sds[0] < alone.inverse_range_sds[0]


def test_the_middle_of_a_deep_thing_lies_behind_its_foot():
    deep = {"heap": SizePrior(3.0, None, 0.0)}
    assert range_m(ray((470, 300, 490, 342), sizes=deep)) == pytest.approx(13.0, rel=1e-6)


@pytest.mark.parametrize(
    ("box", "cut"),
    [
        ((470, 300, 490, 342), False),
        ((900, 300, 960, 342), True),
        ((0, 300, 40, 342), True),
        ((470, 300, 490, 540), True),
    ],
)
def test_a_box_at_the_frames_edge_is_known_to_go_on(box, cut):
    rays, whole = ray(box), ray((470, 300, 490, 342))
    assert bool(rays.cut[0]) is cut
    if cut and box[3] < 540:
        assert rays.bearing_sds_rad[0] > whole.bearing_sds_rad[0]


@pytest.mark.parametrize("box", [(470, 200, 490, 250), (470, 262, 490, 274)])
def test_what_must_be_out_of_reach_is_left_out(box):
    """At the horizon's row and above it nothing near stands on the ground."""
    sharp = replace(LIMITS, shake_sd_deg=0.05, edge_sd_share=0.0005)
    shown = frame("f", 0.0, pose(0.0, 0.0), [("heap", 0.9, box)])
    camera = replace(LEVEL, pitch_sd_deg=0.05)
    assert len(rays_of([shown], [(0, 0)], camera, FLAT, origin=HOME, limits=sharp)) == 0


def test_frames_without_a_pose_have_no_rays():
    shown = frame("f", 0.0, None, [("bin", 0.9, (470, 300, 490, 342))])
    assert len(rays_of([shown], [(0, 0)], LEVEL, FLAT, origin=HOME, limits=LIMITS)) == 0
