"""Camera and ground geometry against numbers worked out by hand."""

import math

import pytest

from zoubian.datasets.city.frames import aimed_camera
from zoubian.datasets.city.projection import Anchor, Camera


def camera(**changes: float) -> Camera:
    values = {"x": 0.0, "y": 0.0, "z": 1.5, "yaw": 0.0, "pitch": 0.0, "roll": 0.0} | changes
    return Camera(**values, hfov_deg=90.0, width=1000, height=800)


# At 90 degrees the focal length is half the width: 500 px. At 10 m one metre is 50 px.
@pytest.mark.parametrize(
    ("turns", "point", "expected"),
    [
        ({}, (10.0, 0.0, 1.5), (500.0, 400.0, 10.0)),
        ({}, (10.0, 2.0, 1.5), (400.0, 400.0, 10.0)),  # +y lies to the left
        ({}, (10.0, 0.0, 3.5), (500.0, 300.0, 10.0)),  # higher is further up
        ({"yaw": 90.0}, (2.0, 10.0, 1.5), (600.0, 400.0, 10.0)),
        ({"pitch": 45.0}, (10.0, 0.0, 11.5), (500.0, 400.0, 10.0 * math.sqrt(2.0))),
        ({"roll": 90.0}, (10.0, 2.0, 1.5), (500.0, 500.0, 10.0)),  # turned clockwise: left is below
    ],
)
def test_projects_to_the_pixel_worked_out_by_hand(turns, point, expected):
    assert camera(**turns).project(point) == pytest.approx(expected)


def test_ray_and_projection_are_inverse():
    tilted = camera(yaw=33.0, pitch=-12.0, roll=4.0)
    column, row = 123.0, 456.0
    direction = tilted.ray(column, row)
    point = tuple(
        start + 7.0 * part for start, part in zip((0.0, 0.0, 1.5), direction, strict=True)
    )
    assert tilted.project(point)[:2] == pytest.approx((column, row))


def test_point_behind_the_camera_has_no_depth():
    assert camera().project((-5.0, 0.0, 1.5))[2] < 0.0


@pytest.mark.parametrize("around_deg", [0.0, 75.0, 200.0, 318.0])
def test_aimed_camera_sees_its_target_in_the_middle(around_deg):
    target = (24.0, 11.0, 0.9)
    aimed = aimed_camera(
        target,
        distance_m=5.0,
        around_deg=around_deg,
        eye_z=1.7,
        aside_deg=0.0,
        roll=0.0,
        hfov_deg=67.0,
        size_px=(1280, 960),
    )
    column, row, depth = aimed.project(target)
    assert (column, row) == pytest.approx((640.0, 480.0))
    assert depth == pytest.approx(math.hypot(5.0, 0.8))


@pytest.mark.parametrize(
    ("bearing_deg", "x", "y", "north_m", "east_m"),
    [
        (90.0, 100.0, 0.0, 0.0, 100.0),
        (90.0, 0.0, 100.0, 100.0, 0.0),  # left of east is north
        (0.0, 100.0, 0.0, 100.0, 0.0),
        (0.0, 0.0, 100.0, 0.0, -100.0),
    ],
)
def test_street_metres_become_degrees(bearing_deg, x, y, north_m, east_m):
    lat, lon = Anchor(60.0, 125.0, bearing_deg).to_wgs84(x, y)
    metres_per_degree = 2.0 * math.pi * 6_378_137.0 / 360.0
    assert (lat - 60.0) * metres_per_degree == pytest.approx(north_m, abs=1e-3)
    assert (lon - 125.0) * metres_per_degree * 0.5 == pytest.approx(east_m, abs=1e-3)


def test_compass_turns_the_other_way_than_yaw():
    anchor = Anchor(43.86, 125.3, 84.0)
    assert anchor.compass_deg(0.0) == 84.0
    assert anchor.compass_deg(90.0) == 354.0
