"""Footage without a track: what is seen without a break is one spot, and its place is not known."""

from collections.abc import Sequence

from zoubian.pipeline.footage.models import FrameObservations
from zoubian.pipeline.footage.sightings import FoundObject, Glance


def objects_in_time(
    frames: Sequence[FrameObservations], glances: Sequence[Glance], *, gap_s: float
) -> list[list[FoundObject]]:
    """Objects of glances of frames without a pose, by spot.

    Glances with less than `gap_s` between them are one spot. The surest things of its frames are
    taken for one object, the second surest for another, and so on: nobody can tell them apart
    without knowing how the car moved, but their number is right.

    Args:
        frames: by time.
        glances: of one spot group, by time, within reach: what shows far ahead is seen without a
            break until the next thing does.
    """
    runs: list[dict[int, list[Glance]]] = []
    last_s = float("-inf")
    for glance in glances:
        frame = frames[glance.frame]
        if frame.time_s - last_s > gap_s:
            runs.append({})
        last_s = frame.time_s
        runs[-1].setdefault(glance.frame, []).append(glance)
    return [_by_rank(list(run.values())) for run in runs]


def _by_rank(by_frame: list[list[Glance]]) -> list[FoundObject]:
    """Glances of a frame come surest first."""
    objects = []
    for rank in range(max(len(row) for row in by_frame)):
        looks = tuple(row[rank] for row in by_frame if rank < len(row))
        objects.append(FoundObject(looks, (), (False,) * len(looks), 0, (0.0, 0.0), None, None))
    return objects
