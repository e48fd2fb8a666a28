"""How far the clocks of camera and track are apart, told by turns and stops that both show."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zoubian.pipeline.footage.motion import Shift
from zoubian.pipeline.footage.rays import Array
from zoubian.pipeline.footage.track import SmoothTrack, poses_at

_GRID_S = 0.2


@dataclass(frozen=True, slots=True)
class OffsetLimits:
    """When an offset is believed.

    Attributes:
        reach_s: greatest offset that is looked for, both ways.
        step_s: between offsets that are tried.
        alike_s: signals nearer in time than this say the same.
        full_speed_mps: a car this fast moves for sure; `full_change` likewise in grey levels.
        least_turn_deg: turns of the track, added up, without which turns say nothing.
        greatest_sd_s: an offset that is less sure is not told.
    """

    reach_s: float
    step_s: float
    alike_s: float
    full_speed_mps: float
    full_change: float
    least_turn_deg: float
    greatest_sd_s: float


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """Seconds to add to a camera's time to get the track's, with one standard deviation."""

    seconds: float
    sd_s: float


@dataclass(frozen=True, slots=True)
class Beat:
    """What changed from one small frame to the next.

    Attributes:
        time_s: of the second frame, on the camera's clock.
        apart_s: between the two, about 0.2.
    """

    time_s: float
    apart_s: float
    shift: Shift


def clock_offset(
    beats: Sequence[Beat], track: SmoothTrack, *, limits: OffsetLimits
) -> ClockOffset | None:
    """The offset at which the turns and stops of the pictures fall on those of the track.

    For each offset the signals of picture and track are correlated; n independent pairs with
    correlation r have the likelihood (1 - r²)^(-n/2), and the offset's mean and standard deviation
    are those of the likelihoods of turns and stops multiplied.

    Returns:
        None where the drive shows neither turns nor stops enough to tell.
    """
    if not beats:
        return None
    offsets = np.arange(-limits.reach_s, limits.reach_s + limits.step_s / 2, limits.step_s)
    times = np.array([beat.time_s - beat.apart_s / 2 for beat in beats])
    turning = np.array([-beat.shift.right_share / beat.apart_s for beat in beats])
    moving = np.tanh(np.array([beat.shift.change for beat in beats]) / limits.full_change)
    grid = np.arange(times[0] - limits.reach_s, times[-1] + limits.reach_s, _GRID_S)
    grid_turn_rate, grid_speed, grid_known = _track_signals(track, grid)
    step_s = (times[-1] - times[0]) / max(len(times) - 1, 1)
    logs = np.zeros(len(offsets))
    for index, offset in enumerate(offsets):
        known = np.interp(times + offset, grid, grid_known) > 0.99
        turn_rate = np.interp(times + offset, grid, grid_turn_rate)
        speed = np.interp(times + offset, grid, grid_speed)
        count = float(known.sum()) * step_s / limits.alike_s
        if count < 4:
            logs[index] = -np.inf
            continue
        track_moving = np.tanh(speed[known] / limits.full_speed_mps)
        logs[index] += _log_likelihood(moving[known], track_moving, count)
        turned = np.abs(turn_rate[known]).sum() * step_s
        if turned >= limits.least_turn_deg:
            logs[index] += _log_likelihood(turning[known], turn_rate[known], count)
    if not np.isfinite(logs).any():
        return None
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    mean = float(weights @ offsets)
    sd = float(np.sqrt(weights @ (offsets - mean) ** 2))
    at_the_edge = abs(mean) > limits.reach_s - 3 * sd
    if sd > limits.greatest_sd_s or at_the_edge:
        return None
    return ClockOffset(mean, max(sd, limits.step_s))


def _log_likelihood(a: Array, b: Array, count: float) -> float:
    """Of two signals belonging together; opposite ones do not."""
    spread = float(a.std() * b.std())
    if spread < 1e-9:
        return 0.0
    r = max(0.0, float(((a - a.mean()) * (b - b.mean())).mean()) / spread)
    return -count / 2 * float(np.log(1.0 - min(r, 0.999) ** 2))


def _track_signals(track: SmoothTrack, times: Array) -> tuple[Array, Array, Array]:
    """At even times: turn rate to the right in degrees a second, speed, 1 where they are told."""
    poses = poses_at(track, times.tolist())
    known = np.array([pose is not None for pose in poses], dtype=np.float64)
    speed = np.array([0.0 if pose is None else pose.speed_mps for pose in poses])
    heading = np.array([0.0 if pose is None else pose.heading_deg for pose in poses])
    turn = np.gradient(np.unwrap(heading, period=360.0), _GRID_S)
    return turn, speed, known
