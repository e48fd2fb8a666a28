"""The camera worked out from footage: direction from the flow, scale from what passes by."""

from dataclasses import replace

import pytest
from drives import LEVEL, RULES, drive_past

from zoubian.pipeline.footage.camera import calibrate, refine
from zoubian.pipeline.footage.car_patrol import CALIBRATION_LIMITS, CAR_CAMERA, SPOT_LIMITS
from zoubian.pipeline.footage.motion import Travel
from zoubian.pipeline.footage.sizes import SIZES_BY_CLASS


def travels(count: int, *, ahead_x: float, ahead_y: float, turn_deg: float = 0.2) -> list[Travel]:
    """Pairs of frames whose direction of travel wavers by some degrees."""
    wavers = [0.04 * ((index * 7) % 5 - 2) for index in range(count)]
    return [Travel(turn_deg, ahead_x + w, ahead_y - w / 2, 80) for w in wavers]


def test_looking_right_the_scene_flows_from_the_left():
    told = calibrate(
        CAR_CAMERA, travels(40, ahead_x=-0.25, ahead_y=-0.05), limits=CALIBRATION_LIMITS
    )
    assert told.yaw_deg == pytest.approx(14.04, abs=0.3)
    assert told.pitch_deg == pytest.approx(-2.86, abs=0.3)
    assert told.yaw_sd_deg < 1.0 and told.pitch_sd_deg < 1.0
    assert (told.height_m, told.hfov_deg) == (CAR_CAMERA.height_m, CAR_CAMERA.hfov_deg)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param([], id="nothing seen"),
        pytest.param(travels(4, ahead_x=-0.25, ahead_y=0.0), id="too few"),
        pytest.param(travels(40, ahead_x=-0.25, ahead_y=0.0, turn_deg=6.0), id="all in a bend"),
    ],
)
def test_footage_that_does_not_tell_changes_nothing(seen):
    assert calibrate(CAR_CAMERA, seen, limits=CALIBRATION_LIMITS) is CAR_CAMERA


def test_bends_do_not_spoil_the_straight():
    straight = travels(30, ahead_x=-0.25, ahead_y=0.0)
    bends = travels(29, ahead_x=0.5, ahead_y=0.0, turn_deg=8.0)
    assert calibrate(CAR_CAMERA, [*straight, *bends], limits=CALIBRATION_LIMITS) == calibrate(
        CAR_CAMERA, straight, limits=CALIBRATION_LIMITS
    )


def test_more_pairs_make_it_surer_down_to_a_floor():
    few, many, most = (
        calibrate(CAR_CAMERA, travels(n, ahead_x=0.0, ahead_y=0.0), limits=CALIBRATION_LIMITS)
        for n in (15, 60, 5000)
    )
    assert few.yaw_sd_deg > many.yaw_sd_deg > most.yaw_sd_deg
    assert most.yaw_sd_deg == CALIBRATION_LIMITS.least_sd_deg


PASSED = [
    ("bin", 0.9, (4.0 + index % 3, 12.0 + 9.0 * index)) for index in range(8)
]  # 1.2 m tall in `drives`, 1.1 m by their prior


def refined(assumed):
    frames = drive_past(PASSED, frames=45)
    return refine(
        assumed,
        frames,
        RULES,
        SIZES_BY_CLASS,
        sightings=SPOT_LIMITS.sightings,
        limits=CALIBRATION_LIMITS,
    )


@pytest.mark.parametrize("assumed_deg", [70.0, 110.0])
def test_what_passes_by_corrects_the_field_of_view(assumed_deg):
    """The true camera sees 90 degrees from 1.5 m."""
    doubtful = replace(LEVEL, hfov_deg=assumed_deg, hfov_sd_deg=12.0, height_sd_m=0.1)
    told = refined(doubtful)
    assert abs(told.hfov_deg - 90.0) < 0.5 * abs(assumed_deg - 90.0)
    assert told.hfov_sd_deg < 12.0


def test_a_known_camera_stays_as_it_is():
    told = refined(LEVEL)
    assert told.hfov_deg == pytest.approx(90.0, abs=2.0)
    assert told.height_m == pytest.approx(1.5, abs=0.05)


def test_an_empty_street_tells_no_scale():
    told = refine(
        CAR_CAMERA,
        drive_past([]),
        RULES,
        SIZES_BY_CLASS,
        sightings=SPOT_LIMITS.sightings,
        limits=CALIBRATION_LIMITS,
    )
    assert told is CAR_CAMERA


def test_another_field_of_view_keeps_the_pixel_straight_ahead():
    assumed = replace(LEVEL, hfov_deg=70.0, hfov_sd_deg=12.0, yaw_deg=10.0, height_sd_m=0.1)
    told = refine(
        assumed,
        drive_past(PASSED, frames=45, camera=replace(LEVEL, yaw_deg=14.1)),
        RULES,
        SIZES_BY_CLASS,
        sightings=SPOT_LIMITS.sightings,
        limits=CALIBRATION_LIMITS,
    )
    assert told.yaw_deg > assumed.yaw_deg
