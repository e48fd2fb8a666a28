"""Which stretches of the way were seen, and where silence says nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from zoubian.pipeline.domain.geo import Position, distance_m
from zoubian.pipeline.footage.models import FrameObservations


@dataclass(frozen=True, slots=True)
class CoverageLimits:
    """What counts as seen.

    Attributes:
        max_gap_m: between two looked-at frames further apart the way was not seen.
        max_gap_s: likewise in time where no place is known; a car that waits shows nothing new.
        step_m: a stretch's line has a point at most every so often.
    """

    max_gap_m: float
    max_gap_s: float
    step_m: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the way in one state.

    Attributes:
        line: places of the camera, first and last included.
        length_m: along the way.
        from_s: time of its first frame; `to_s` of its last.
        assessable: False where what was seen cannot be judged.
    """

    line: tuple[Position, ...]
    length_m: float
    from_s: float
    to_s: float
    assessable: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a patrol saw; lengths in kilometres of the camera's way, ways driven twice count twice.

    Attributes:
        unplaced_s: seconds of footage with frames but without a place.
    """

    stretches: tuple[Stretch, ...]
    seen_km: float
    not_assessable_km: float
    unplaced_s: float


def coverage(frames: Sequence[FrameObservations], *, limits: CoverageLimits) -> Coverage:
    """Stretches between neighbouring looked-at frames, joined while their state stays the same.

    A step between two frames is assessable when both are.

    Args:
        frames: of a patrol by time, those that were looked at.
    """
    runs: list[list[FrameObservations]] = []
    unplaced_s = 0.0
    last_state: bool | None = None
    for before, after in pairwise(frames):
        apart_s = after.time_s - before.time_s
        if before.pose is None or after.pose is None:
            unplaced_s += apart_s if apart_s <= limits.max_gap_s else 0.0
            last_state = None
            continue
        way_m = after.pose.driven_m - before.pose.driven_m
        if way_m > limits.max_gap_m:
            last_state = None
            continue
        state = before.assessable and after.assessable
        if state is last_state:
            runs[-1].append(after)
        else:
            runs.append([before, after])
        last_state = state
    stretches = tuple(_stretch(run, limits) for run in runs)
    return Coverage(
        stretches=stretches,
        seen_km=sum(s.length_m for s in stretches if s.assessable) / 1000,
        not_assessable_km=sum(s.length_m for s in stretches if not s.assessable) / 1000,
        unplaced_s=unplaced_s,
    )


def _stretch(run: Sequence[FrameObservations], limits: CoverageLimits) -> Stretch:
    poses = [frame.pose for frame in run if frame.pose is not None]
    line = [poses[0].position]
    for pose in poses[1:-1]:
        if distance_m(line[-1], pose.position) >= limits.step_m:
            line.append(pose.position)
    return Stretch(
        line=(*line, poses[-1].position),
        length_m=poses[-1].driven_m - poses[0].driven_m,
        from_s=run[0].time_s,
        to_s=run[-1].time_s,
        assessable=run[0].assessable and run[1].assessable,
    )
