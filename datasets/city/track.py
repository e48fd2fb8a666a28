"""The phone's track of a walk past the cameras' places, as GPX at 1 Hz with drifting noise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from zoubian.datasets.city.projection import Anchor
from zoubian.datasets.city.seeds import stream

# The error of a phone among houses wanders over half a minute rather than jumping every second.
DRIFT = 0.97


@dataclass(frozen=True, slots=True)
class Waypoint:
    """Where somebody stands at a moment, street metres."""

    at: datetime
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Receiver:
    """How good a positioning receiver is.

    Attributes:
        noise_m: Standard deviation of the position error per axis.
        clock_late_s: The track's clock runs behind the camera's by so much.
        gap: Shares (from, to) of the time in which it has no fix, as under a bridge.
    """

    noise_m: float
    clock_late_s: float
    gap: tuple[float, float]


def walk_gpx(
    waypoints: Sequence[Waypoint], anchor: Anchor, receiver: Receiver, *, seed: int
) -> str:
    """A GPX document of the walk from the first waypoint to the last.

    Args:
        waypoints: In order of time, at least two.
        anchor: Of the street.
        receiver: How good the track is.
        seed: Of the noise.
    """
    source = stream("track", seed)
    error = [source.gauss(0.0, receiver.noise_m) for _ in range(2)]
    fresh = receiver.noise_m * (1.0 - DRIFT**2) ** 0.5
    points = []
    moment, end = waypoints[0].at, waypoints[-1].at
    late = timedelta(seconds=receiver.clock_late_s)
    span = (end - moment) or timedelta(seconds=1)
    while moment <= end:
        x, y = position_at(waypoints, moment + late)
        error = [value * DRIFT + source.gauss(0.0, fresh) for value in error]
        if not receiver.gap[0] <= (moment - waypoints[0].at) / span < receiver.gap[1]:
            lat, lon = anchor.to_wgs84(x + error[0], y + error[1])
            stamp = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            points.append(f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><time>{stamp}</time></trkpt>')
        moment += timedelta(seconds=1)
    body = "\n".join(points)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="zoubian rendered city" '
        'xmlns="http://www.topografix.com/GPX/1/1">\n'
        f"<trk><name>patrol</name><trkseg>\n{body}\n</trkseg></trk>\n</gpx>\n"
    )


def position_at(waypoints: Sequence[Waypoint], moment: datetime) -> tuple[float, float]:
    """Where the walker is: on the straight line between the waypoints before and after."""
    for before, after in pairwise(waypoints):
        if before.at <= moment <= after.at:
            span = (after.at - before.at).total_seconds() or 1.0
            share = (moment - before.at).total_seconds() / span
            return (
                before.x + share * (after.x - before.x),
                before.y + share * (after.y - before.y),
            )
    last = waypoints[-1] if moment > waypoints[-1].at else waypoints[0]
    return last.x, last.y
