"""Which of the decoded frames are looked at: a stream in, the chosen ones out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = TypeVar("Picture")
Thumb = NDArray[np.uint8]

_THUMB_PX = (32, 18)


@dataclass(frozen=True, slots=True)
class SamplingLimits:
    """How densely footage is looked at.

    Attributes:
        step_m: one frame for each such stretch of the way; `dense_step_m` round a hit, a whole
            fraction of it.
        step_s: one frame for each such time where no track tells the way; `dense_step_s` likewise.
        least_change: mean difference of grey levels (0 to 255) of two thumbs under which a frame is
            the last kept one again: standing still.
    """

    step_m: float
    dense_step_m: float
    step_s: float
    dense_step_s: float
    least_change: float


@dataclass(frozen=True, slots=True, eq=False)
class Decoded(Generic[Picture]):
    """A decoded frame before anybody looked at it.

    Attributes:
        time_s: on the patrol's clock, rising.
        driven_m: `FramePose.driven_m`, None without a pose.
        sharpness: any measure that compares neighbouring frames.
        thumb: `thumb_of` the frame.
        picture: whatever is needed to look at it.
    """

    time_s: float
    driven_m: float | None
    sharpness: float
    thumb: Thumb
    picture: Picture


@dataclass(frozen=True, slots=True, eq=False)
class Chosen(Generic[Picture]):
    """A frame to look at.

    Attributes:
        dense: look at it only where the last or the next frame that is not dense has a hit.
    """

    frame: Decoded[Picture]
    dense: bool


def thumb_of(grey: NDArray[np.uint8]) -> Thumb:
    """(18, 32) grey copy of an (H, W) grey frame, by which near-identical frames are told."""
    return cv2.resize(grey, _THUMB_PX, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def choose_frames(
    decoded: Iterable[Decoded[Picture]], *, limits: SamplingLimits
) -> Iterator[Chosen[Picture]]:
    """The sharpest frame of each window of the way.

    Windows lie on a fixed grid of the way (or of time), so that the same windows come out wherever
    a segment begins. A coarse window of `step_m` consists of dense ones; its sharpest frame is
    yielded as not dense, the sharpest of each other dense window in it as dense. While the car
    stands no new window begins: neither without way nor, when the track creeps on meanwhile, with a
    frame that shows what the last kept one shows, also minutes later.

    Which dense frames are wanted is known when the coarse frames beside them were looked at
    (`Chosen.dense`), and depends on nothing else: neither on batches nor on threads.

    Yields:
        In order of time, a coarse window when it has ended.
    """
    window: dict[int, Decoded[Picture]] = {}
    opened: tuple[bool, int] | None = None
    for frame in decoded:
        placed = frame.driven_m is not None
        along = frame.time_s if frame.driven_m is None else frame.driven_m
        step, dense_step = (
            (limits.step_m, limits.dense_step_m) if placed else (limits.step_s, limits.dense_step_s)
        )
        key = (placed, int(along // step))
        if window and key != opened:
            if _change(frame.thumb, _sharpest(window).thumb) < limits.least_change:
                continue
            yield from _closed(window)
            window = {}
        opened = key
        cell = int(along // dense_step)
        if cell not in window or frame.sharpness > window[cell].sharpness:
            window[cell] = frame
    yield from _closed(window)


def _change(a: Thumb, b: Thumb) -> float:
    return float(cv2.absdiff(a, b).mean())


def _sharpest(window: dict[int, Decoded[Picture]]) -> Decoded[Picture]:
    return max(window.values(), key=lambda frame: (frame.sharpness, -frame.time_s))


def _closed(window: dict[int, Decoded[Picture]]) -> Iterator[Chosen[Picture]]:
    if not window:
        return
    best = _sharpest(window)
    for frame in sorted(window.values(), key=lambda frame: frame.time_s):
        yield Chosen(frame, dense=frame is not best)
