"""Image motion on a drawn scene whose camera is known."""

import math

import cv2
import numpy as np
import pytest

from zoubian.pipeline.footage.car_patrol import TRAVEL_LIMITS
from zoubian.pipeline.footage.motion import frame_shift, travel_direction

WIDTH, HEIGHT, HFOV = 480, 270, 80.0
FOCAL = WIDTH / 2 / math.tan(math.radians(HFOV / 2))
SOURCE = np.random.default_rng(5)
# A street of patches: walls on both sides and the ground, metres right, down, ahead.
PATCHES = np.concatenate(
    [
        np.stack([np.full(260, side), SOURCE.uniform(-5, 1.3, 260), SOURCE.uniform(6, 60, 260)], 1)
        for side in (-7.0, 8.0)
    ]
    + [np.stack([SOURCE.uniform(-7, 8, 200), np.full(200, 1.4), SOURCE.uniform(5, 40, 200)], 1)]
)
GREYS = SOURCE.integers(40, 255, len(PATCHES))


def picture(*, ahead_m: float = 0.0, yaw_deg: float = 0.0, pitch_deg: float = 0.0) -> np.ndarray:
    """Grey frame of the scene; the camera stands `ahead_m` on, turned right and up."""
    yaw, pitch = math.radians(yaw_deg), math.radians(pitch_deg)
    right = np.array([math.cos(yaw), 0.0, -math.sin(yaw)])
    level = np.array([math.sin(yaw), 0.0, math.cos(yaw)])
    ahead = level * math.cos(pitch) + np.array([0.0, -math.sin(pitch), 0.0])
    down = np.cross(ahead, right)
    seen = PATCHES - (0.0, 0.0, ahead_m)
    axes = np.stack([right, down, ahead], axis=1)
    x, y, z = (seen @ axes).T
    grey = np.full((HEIGHT, WIDTH), 20, np.uint8)
    for i in np.argsort(-z):
        if z[i] > 1.0:
            u, v = WIDTH / 2 + FOCAL * x[i] / z[i], HEIGHT / 2 + FOCAL * y[i] / z[i]
            half = FOCAL * 0.18 / z[i]
            corners = np.array([[u - half, v - half], [u + half, v + half]]) * 16
            low, high = corners.round().astype(int)
            cv2.rectangle(
                grey, tuple(map(int, low)), tuple(map(int, high)), int(GREYS[i]), -1,
                lineType=cv2.LINE_AA, shift=4,
            )  # fmt: skip
    return grey


def directions(yaw_deg: float, pitch_deg: float, turn_deg: float = 0.0):
    found = []
    for start in np.arange(0.0, 8.0, 1.0):
        told = travel_direction(
            picture(ahead_m=start, yaw_deg=yaw_deg, pitch_deg=pitch_deg),
            picture(ahead_m=start + 1.2, yaw_deg=yaw_deg + turn_deg, pitch_deg=pitch_deg),
            assumed_hfov_deg=HFOV,
            limits=TRAVEL_LIMITS,
        )
        if told is not None:
            found.append(told)
    return found


@pytest.mark.parametrize(("yaw_deg", "pitch_deg"), [(0.0, 0.0), (14.0, -3.0), (-8.0, 2.0)])
def test_the_way_ahead_is_found_where_the_camera_drives_to(yaw_deg, pitch_deg):
    told = directions(yaw_deg, pitch_deg)
    assert len(told) >= 6
    x = np.degrees(np.arctan(np.median([one.ahead_x for one in told])))
    y = np.degrees(np.arctan(np.median([one.ahead_y for one in told])))
    assert x == pytest.approx(-yaw_deg, abs=1.5)
    assert y == pytest.approx(pitch_deg, abs=1.5)


@pytest.mark.parametrize("turn_deg", [3.0, -2.0])
def test_a_turn_is_told_apart_from_the_way(turn_deg):
    told = [one.turn_deg for one in directions(0.0, 0.0, turn_deg)]
    assert np.median(told) == pytest.approx(turn_deg, abs=0.4)


def test_the_same_frames_give_the_same_answer():
    assert directions(5.0, 0.0)[:2] == directions(5.0, 0.0)[:2]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(picture(), picture(), id="standing"),
        pytest.param(*[np.full((HEIGHT, WIDTH), 90, np.uint8)] * 2, id="fog"),
        pytest.param(picture(), picture(ahead_m=55.0), id="another place"),
    ],
)
def test_no_way_is_told_where_none_is_seen(before, after):
    assert travel_direction(before, after, assumed_hfov_deg=HFOV, limits=TRAVEL_LIMITS) is None


def small(grey: np.ndarray) -> np.ndarray:
    return cv2.resize(grey, (160, 90), interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("turn_deg", [4.0, 1.0, -3.0])
def test_a_turn_to_the_right_moves_the_scene_to_the_left(turn_deg):
    shift = frame_shift(small(picture()), small(picture(yaw_deg=turn_deg)))
    expected = -FOCAL * math.tan(math.radians(turn_deg)) / WIDTH
    assert shift.right_share == pytest.approx(expected, rel=0.3)


def test_standing_shows_no_change_and_driving_does():
    noise = np.random.default_rng(1).integers(0, 3, (HEIGHT, WIDTH)).astype(np.uint8)
    still = frame_shift(small(picture()), small(cv2.add(picture(), noise)))
    driving = frame_shift(small(picture()), small(picture(ahead_m=1.2)))
    assert still.change < 1.5 < driving.change
    assert still.right_share == pytest.approx(0.0, abs=0.002)
