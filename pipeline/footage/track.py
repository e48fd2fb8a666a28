"""The camera's path: a track smoothed as a car drives, and where it was at the time of a frame.

A receiver's error wanders over half a minute: neighbouring fixes share it. The smoother therefore
keeps it as a state of its own beside position and speed (a Gauss-Markov bias), so that the path
between fixes comes out smooth while the error of the place as such is not averaged away.
Rauch-Tung-Striebel smoother: Rauch, Tung, Striebel, AIAA Journal 3(8), 1965; the formulas are
written out in docs/footage.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoubian.pipeline.domain.geo import EARTH_RADIUS_M, Position, moved
from zoubian.pipeline.footage.models import FramePose
from zoubian.pipeline.intake.track import Track

Array = NDArray[np.float64]

# Radius of the circle that holds 95 of 100 points of a round normal distribution, in its standard
# deviations per axis: sqrt(-2 ln 0.05).
SIGMAS_OF_95 = 2.4477
_ROBUST_ROUNDS = 3
_BELIEVED_SIGMAS = 3.0


@dataclass(frozen=True, slots=True)
class TrackLimits:
    """How a car moves and how a receiver errs.

    Attributes:
        acceleration: spectral density of the acceleration, m²/s³: 1 follows a car through a turn
            and lets it not zigzag.
        bias_s: time over which the receiver's error changes.
        white_share: share of the error's variance that is new with every fix.
        max_gap_s: between two fixes further apart nothing is said, save near them.
        hold_s: how far from the nearest fix a pose is told all the same, before the first, after
            the last and in a long gap.
        moving_mps: below it the car stands: the heading is held and no way is counted.
        clock_sd_s: what is left of the offset between the camera's clock and the track's.
    """

    acceleration: float
    bias_s: float
    white_share: float
    max_gap_s: float
    hold_s: float
    moving_mps: float
    clock_sd_s: float


@dataclass(frozen=True, slots=True, eq=False)
class SmoothTrack:
    """A smoothed track: arrays of its N fixes, metres east and north of `origin`.

    Attributes:
        origin: its first fix.
        times_s: (N,) seconds since 1970 UTC, strictly rising.
        place_m: (N, 2) east, north.
        velocity_mps: (N, 2).
        place_sd_m: (N,) per axis, the bias included.
        velocity_sd_mps: (N,) per axis.
        heading_deg: (N,) held while standing.
        driven_m: (N,) since the first fix.
        limits: with which it was made.
    """

    origin: Position
    times_s: Array
    place_m: Array
    velocity_mps: Array
    place_sd_m: Array
    velocity_sd_mps: Array
    heading_deg: Array
    driven_m: Array
    limits: TrackLimits


def smooth_track(track: Track, *, limits: TrackLimits) -> SmoothTrack:
    """Smooth a whole track at once, forwards and backwards; outliers lose their weight."""
    origin = track.position(0)
    metres = np.radians(1.0) * EARTH_RADIUS_M
    fixes = np.stack(
        [
            (track.lon - origin.lon) * metres * np.cos(np.radians(origin.lat)),
            (track.lat - origin.lat) * metres,
        ],
        axis=1,
    )
    sd = np.maximum(track.error_m, 0.5) / SIGMAS_OF_95
    weight = np.ones(len(sd))
    for _ in range(_ROBUST_ROUNDS):
        states, covariances = _smoothed(track.times_s, fixes, sd, weight, limits)
        rest = np.linalg.norm(fixes - states[:, 0] - states[:, 2], axis=1)
        weight = np.maximum(1.0, rest / (_BELIEVED_SIGMAS * sd * limits.white_share**0.5))
    velocity = states[:, 1]
    return SmoothTrack(
        origin=origin,
        times_s=track.times_s,
        place_m=states[:, 0],
        velocity_mps=velocity,
        place_sd_m=np.sqrt(covariances[:, 0, 0]),
        velocity_sd_mps=np.sqrt(covariances[:, 1, 1]),
        heading_deg=_held_headings(velocity, limits.moving_mps),
        driven_m=_driven(track.times_s, states[:, 0], velocity, limits.moving_mps),
        limits=limits,
    )


def poses_at(track: SmoothTrack, times_s: Sequence[float]) -> tuple[FramePose | None, ...]:
    """Where the camera was at each moment, None where the track does not say.

    Between two fixes the path is the cubic through both places with both speeds.

    Args:
        times_s: seconds since 1970 UTC on the track's clock.
    """
    return tuple(_pose_at(track, float(moment)) for moment in times_s)


def _pose_at(track: SmoothTrack, moment_s: float) -> FramePose | None:
    limits = track.limits
    after = int(np.searchsorted(track.times_s, moment_s))
    before = max(after - 1, 0)
    after = min(after, len(track.times_s) - 1)
    since, until = moment_s - track.times_s[before], track.times_s[after] - moment_s
    away_s = min(abs(since), abs(until))
    inside = since >= 0.0 and until >= 0.0 and since + until <= limits.max_gap_s
    if not inside and away_s > limits.hold_s:
        return None
    if inside and after > before:
        place, velocity = _between(track, before, since / (since + until))
        share = since / (since + until)
        driven_m = float(np.interp(share, (0, 1), track.driven_m[[before, after]]))
    else:
        nearest = before if abs(since) <= abs(until) else after
        lead_s = moment_s - track.times_s[nearest]
        velocity = track.velocity_mps[nearest]
        place = track.place_m[nearest] + velocity * lead_s
        driven_m = float(track.driven_m[nearest])
        driven_m = max(0.0, driven_m + float(np.linalg.norm(velocity)) * lead_s)
        before = nearest
    speed = float(np.linalg.norm(velocity))
    nearest = before if abs(since) <= abs(until) else after
    velocity_sd = float(track.velocity_sd_mps[nearest])
    moving = speed >= limits.moving_mps
    sd = np.sqrt(
        track.place_sd_m[nearest] ** 2
        + (speed * limits.clock_sd_s) ** 2 / 2
        + (away_s * velocity_sd) ** 2
    )
    heading = np.degrees(np.arctan2(velocity[0], velocity[1])) % 360.0
    return FramePose(
        position=moved(
            track.origin, float(place[0]), float(place[1]), error_m=float(sd) * SIGMAS_OF_95
        ),
        heading_deg=float(heading if moving else track.heading_deg[before]),
        heading_error_deg=float(np.degrees(np.arctan2(velocity_sd, max(speed, limits.moving_mps)))),
        speed_mps=speed,
        driven_m=driven_m,
    )


def _between(track: SmoothTrack, before: int, share: float) -> tuple[Array, Array]:
    """Place and velocity between a fix and the next (cubic Hermite)."""
    step_s = track.times_s[before + 1] - track.times_s[before]
    p0, p1 = track.place_m[before], track.place_m[before + 1]
    m0, m1 = (track.velocity_mps[i] * step_s for i in (before, before + 1))
    s = share
    place = (
        (2 * s**3 - 3 * s**2 + 1) * p0
        + (s**3 - 2 * s**2 + s) * m0
        + (3 * s**2 - 2 * s**3) * p1
        + (s**3 - s**2) * m1
    )
    velocity = (1 - s) * track.velocity_mps[before] + s * track.velocity_mps[before + 1]
    return place, velocity


def _smoothed(
    times_s: Array, fixes: Array, sd: Array, weight: Array, limits: TrackLimits
) -> tuple[Array, Array]:
    """States (N, 3, 2): place, velocity, bias by axis; covariances (N, 3, 3), one for both axes."""
    n = len(times_s)
    bias_var = sd**2 * (1.0 - limits.white_share)
    noise_var = sd**2 * limits.white_share * weight**2
    state = np.zeros((3, 2))
    state[0] = fixes[0]
    p = np.diag([2.0 * sd[0] ** 2, 20.0**2, bias_var[0]])
    p[0, 2] = p[2, 0] = -bias_var[0]
    predicted, filtered = np.empty((n, 3, 2)), np.empty((n, 3, 2))
    p_predicted, p_filtered = np.empty((n, 3, 3)), np.empty((n, 3, 3))
    steps = np.empty((n, 3, 3))
    for i in range(n):
        dt = times_s[i] - times_s[i - 1] if i else 0.0
        keep = np.exp(-dt / limits.bias_s)
        f = np.array([[1.0, dt, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, keep]])
        q = np.zeros((3, 3))
        q[:2, :2] = limits.acceleration * np.array([[dt**3 / 3, dt**2 / 2], [dt**2 / 2, dt]])
        q[2, 2] = bias_var[i] * (1.0 - keep**2)
        state, p = f @ state, f @ p @ f.T + q
        steps[i], predicted[i], p_predicted[i] = f, state, p
        innovation_var = p[0, 0] + 2 * p[0, 2] + p[2, 2] + noise_var[i]
        gain = (p[:, 0] + p[:, 2]) / innovation_var
        state = state + np.outer(gain, fixes[i] - state[0] - state[2])
        p = p - np.outer(gain, gain) * innovation_var
        filtered[i], p_filtered[i] = state, p
    states, covariances = filtered.copy(), p_filtered.copy()
    for i in range(n - 2, -1, -1):
        back = np.linalg.solve(p_predicted[i + 1], steps[i + 1] @ p_filtered[i]).T
        states[i] += back @ (states[i + 1] - predicted[i + 1])
        covariances[i] += back @ (covariances[i + 1] - p_predicted[i + 1]) @ back.T
    return states, covariances


def _held_headings(velocity: Array, moving_mps: float) -> Array:
    """Heading by fix; while standing the last one, before the first start the first one."""
    heading = np.degrees(np.arctan2(velocity[:, 0], velocity[:, 1])) % 360.0
    moving = np.flatnonzero(np.linalg.norm(velocity, axis=1) >= moving_mps)
    if not len(moving):
        return heading
    last = np.searchsorted(moving, np.arange(len(heading)), side="right") - 1
    held: Array = heading[moving[np.maximum(last, 0)]]
    return held


def _driven(times_s: Array, place_m: Array, velocity: Array, moving_mps: float) -> Array:
    speed = np.linalg.norm(velocity, axis=1)
    step = np.linalg.norm(np.diff(place_m, axis=0), axis=1)
    step[(speed[1:] < moving_mps) & (speed[:-1] < moving_mps)] = 0.0
    return np.concatenate([[0.0], np.cumsum(step)])
