"""Which frames show a spot best."""

import math
from collections.abc import Mapping, Sequence

from zoubian.pipeline.domain.boxes import area
from zoubian.pipeline.footage.models import FrameObservations, Look

_CUT_SHARE = 0.5  # a thing cut off by the frame's edge counts half


def best_frames(
    frames: Mapping[str, FrameObservations], looks: Sequence[Look], *, limit: int, apart_s: float
) -> tuple[str, ...]:
    """Ids of up to `limit` frames, best first: large, sharp, sure and in the middle.

    Frames less than `apart_s` from a better one show the same picture again; they are taken only
    where there are no others.
    """
    worth: dict[str, float] = {}
    for look in looks:
        worth[look.frame_id] = worth.get(look.frame_id, 0.0) + _worth(frames[look.frame_id], look)
    order = sorted(worth, key=lambda frame_id: (-worth[frame_id], frame_id))
    chosen: list[str] = []
    for frame_id in order:
        if all(abs(frames[frame_id].time_s - frames[other].time_s) >= apart_s for other in chosen):
            chosen.append(frame_id)
    chosen += [frame_id for frame_id in order if frame_id not in chosen]
    return tuple(chosen[:limit])


def _worth(frame: FrameObservations, look: Look) -> float:
    width, height = frame.size_px
    x1, y1, x2, y2 = (float(value) for value in frame.boxes_xyxy_px[look.box])
    size = math.sqrt(area((x1, y1, x2, y2)) / (width * height))
    aside = abs((x1 + x2) / 2 - width / 2) / (width / 2)
    cut = min(x1, y1) <= 2.0 or x2 >= width - 2.0 or y2 >= height - 2.0
    whole = _CUT_SHARE if cut else 1.0
    return size * frame.sharpness * float(frame.scores[look.box]) * (1.0 - aside / 2) * whole
