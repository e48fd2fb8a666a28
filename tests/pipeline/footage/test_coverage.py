"""Coverage: which way was seen, and where silence says nothing."""

from dataclasses import replace

import pytest
from drives import drive_past

from zoubian.pipeline.footage.car_patrol import COVERAGE_LIMITS
from zoubian.pipeline.footage.coverage import coverage


def seen(frames):
    return coverage(frames, limits=COVERAGE_LIMITS)


def test_the_way_between_looked_at_frames_is_seen():
    told = seen(drive_past([], frames=101))
    assert told.seen_km == pytest.approx(0.2)
    assert told.not_assessable_km == 0.0
    (stretch,) = told.stretches
    assert stretch.length_m == pytest.approx(200.0)
    assert 18 <= len(stretch.line) <= 22
    assert (stretch.from_s, stretch.to_s) == pytest.approx((1000.0, 1000.0 + 100 / 3))


def test_what_cannot_be_judged_is_told_apart():
    frames = [
        replace(one, assessable=not 30 <= index < 60)
        for index, one in enumerate(drive_past([], frames=101))
    ]
    told = seen(frames)
    assert [stretch.assessable for stretch in told.stretches] == [True, False, True]
    assert told.not_assessable_km == pytest.approx(0.062)
    assert told.seen_km + told.not_assessable_km == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("cut", "stretches", "km"),
    [
        pytest.param(slice(40, 45), 1, 0.2, id="some metres without a frame are still seen"),
        pytest.param(slice(40, 60), 2, 0.158, id="a longer gap is not"),
    ],
)
def test_gaps(cut, stretches, km):
    frames = drive_past([], frames=101)
    del frames[cut]
    told = seen(frames)
    assert len(told.stretches) == stretches
    assert told.seen_km == pytest.approx(km)


def test_footage_without_a_place_is_counted_in_seconds():
    frames = [replace(one, pose=None) for one in drive_past([], frames=31)]
    told = seen(frames)
    assert told.stretches == ()
    assert told.unplaced_s == pytest.approx(10.0)


def test_a_standing_car_sees_its_place_without_length():
    told = seen(drive_past([], frames=5, step_m=0.0))
    assert told.seen_km == 0.0 and len(told.stretches) == 1


def test_waiting_at_a_crossing_parts_no_stretch():
    frames = [
        replace(one, time_s=one.time_s + (90.0 if index >= 50 else 0.0))
        for index, one in enumerate(drive_past([], frames=101))
    ]
    told = seen(frames)
    assert len(told.stretches) == 1
    assert told.seen_km == pytest.approx(0.2)


def test_nothing_looked_at_is_nothing_seen():
    assert seen([]).stretches == ()
