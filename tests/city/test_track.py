"""The walk's track is at 1 Hz, as noisy as told, and covers the photos without positions."""

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import gpxpy
import pytest

from zoubian.datasets.city.projection import Anchor
from zoubian.datasets.city.track import Receiver, Waypoint, position_at, walk_gpx

START = datetime(2026, 9, 15, 9, 0, tzinfo=timezone(timedelta(hours=8)))
EAST = Anchor(0.0, 125.0, 90.0)


def walk(seconds: int, metres: float) -> list[Waypoint]:
    return [Waypoint(START, 0.0, 0.0), Waypoint(START + timedelta(seconds=seconds), metres, 0.0)]


@pytest.mark.parametrize(
    ("after_s", "x"), [(-5, 0.0), (0, 0.0), (25, 30.0), (100, 120.0), (130, 120.0)]
)
def test_walker_is_on_the_line_between_waypoints(after_s, x):
    moment = START + timedelta(seconds=after_s)
    assert position_at(walk(100, 120.0), moment) == pytest.approx((x, 0.0))


def test_track_is_read_back_second_by_second_in_utc():
    document = walk_gpx(walk(60, 72.0), EAST, Receiver(0.0, 0.0, (0.0, 0.0)), seed=1)
    points = gpxpy.parse(document).tracks[0].segments[0].points
    assert len(points) == 61
    assert points[0].time.isoformat() == "2026-09-15T01:00:00+00:00"
    metres = [(point.longitude - 125.0) * 111_319.49 for point in points]
    assert metres[30] == pytest.approx(36.0, abs=0.02)


def test_noise_has_the_size_asked_for_and_wanders_slowly():
    document = walk_gpx(walk(4000, 0.0), EAST, Receiver(3.0, 0.0, (0.0, 0.0)), seed=3)
    points = gpxpy.parse(document).tracks[0].segments[0].points
    errors = [point.latitude * 111_319.49 for point in points]
    spread = (sum(error**2 for error in errors) / len(errors)) ** 0.5
    steps = [abs(b - a) for a, b in pairwise(errors)]
    assert 1.8 < spread < 4.2
    assert sum(steps) / len(steps) < 1.0


def test_a_late_clock_tells_where_the_car_is_a_moment_later():
    late = walk_gpx(walk(60, 600.0), EAST, Receiver(0.0, 0.4, (0.0, 0.0)), seed=1)
    points = gpxpy.parse(late).tracks[0].segments[0].points
    assert (points[30].longitude - 125.0) * 111_319.49 == pytest.approx(304.0, abs=0.05)


def test_no_fix_under_the_bridge():
    document = walk_gpx(walk(100, 600.0), EAST, Receiver(2.0, 0.0, (0.5, 0.6)), seed=1)
    points = gpxpy.parse(document).tracks[0].segments[0].points
    seconds = [(point.time - START).total_seconds() for point in points]
    assert len(points) == 91
    assert not [s for s in seconds if 50 <= s < 60]
