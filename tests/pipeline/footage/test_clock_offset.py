"""Clock offset: drives with turns and stops tell it, an even drive does not."""

import math
import random

import numpy as np
import pytest
from drives import track_of

from zoubian.pipeline.footage.car_patrol import OFFSET_LIMITS, TRACK_LIMITS
from zoubian.pipeline.footage.clock_offset import Beat, clock_offset
from zoubian.pipeline.footage.motion import Shift
from zoubian.pipeline.footage.track import smooth_track

SECONDS = 150


def speed_at(t: float, *, stops: bool) -> float:
    """6 m/s, with waits from 30 to 45 s and from 100 to 108 s."""
    if not stops:
        return 6.0
    for begin, end in ((30.0, 45.0), (100.0, 108.0)):
        if begin - 3.0 < t < end + 3.0:
            return 6.0 * min(1.0, max(0.0, (begin - t) / 3.0, (t - end) / 3.0))
    return 6.0


def turn_at(t: float, *, turns: bool) -> float:
    """Degrees a second: right at 60 s, left at 85 s and at 130 s."""
    if not turns:
        return 0.0
    return sum(
        sign * 22.5 * max(0.0, 1.0 - abs(t - middle) / 4.0)
        for middle, sign in ((60.0, 1), (85.0, -1), (130.0, -1))
    )


def drive(*, stops: bool, turns: bool, offset_s: float, seed: int):
    """A receiver's track and what the camera saw, its clock `offset_s` behind the track's."""
    source = random.Random(seed)
    heading, place, places = 90.0, np.zeros(2), []
    step = 0.1
    for index in range(int(SECONDS / step)):
        if index % 10 == 0:
            places.append(place.copy())
        t = index * step
        heading += turn_at(t, turns=turns) * step
        way = speed_at(t, stops=stops) * step
        course = math.radians(heading)
        place = place + way * np.array([math.sin(course), math.cos(course)])
    error = np.array([source.gauss(0, 2.8), source.gauss(0, 2.8)])
    fixes = []
    for true in places:
        error = 0.97 * error + [source.gauss(0, 0.68), source.gauss(0, 0.68)]
        fixes.append(true + error)
    beats = []
    for index in range(1, int(SECONDS / 0.2)):
        t = index * 0.2 - 0.1
        right = -turn_at(t, turns=turns) * 0.2 / 80.0 + source.gauss(0, 0.006)
        change = 8.0 * math.tanh(speed_at(t, stops=stops) / 1.5) + abs(source.gauss(0.6, 0.4))
        beats.append(Beat(1000.0 + index * 0.2 - offset_s, 0.2, Shift(right, 0.6, change)))
    return beats, smooth_track(track_of(np.array(fixes)), limits=TRACK_LIMITS)


@pytest.mark.parametrize(
    ("stops", "turns", "tolerance_s"),
    [(True, True, 0.4), (True, False, 0.6), (False, True, 0.6)],
)
@pytest.mark.parametrize("offset_s", [0.4, -1.5, 3.0])
def test_turns_and_stops_tell_the_offset(stops, turns, tolerance_s, offset_s):
    told = [
        clock_offset(*drive(stops=stops, turns=turns, offset_s=offset_s, seed=seed),
                     limits=OFFSET_LIMITS)
        for seed in range(3)
    ]  # fmt: skip
    for one in told:
        assert one is not None
        assert one.seconds == pytest.approx(offset_s, abs=tolerance_s)
        assert one.sd_s <= OFFSET_LIMITS.greatest_sd_s


@pytest.mark.parametrize("seed", range(5))
def test_an_even_drive_tells_nothing(seed):
    beats, track = drive(stops=False, turns=False, offset_s=0.4, seed=seed)
    assert clock_offset(beats, track, limits=OFFSET_LIMITS) is None


def test_an_offset_beyond_reach_is_not_made_up():
    beats, track = drive(stops=True, turns=True, offset_s=14.0, seed=1)
    assert clock_offset(beats, track, limits=OFFSET_LIMITS) is None


def test_no_footage_tells_nothing():
    _, track = drive(stops=True, turns=True, offset_s=0.0, seed=1)
    assert clock_offset([], track, limits=OFFSET_LIMITS) is None
