"""A finder that sees red rectangles and misbehaves on photos with a sky of certain greys.

Children import it by name: it imports no more than they need.
"""

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from zoubian.detector.pictures import ScaledPicture
from zoubian.pipeline.sightings.records import Finder, SeenBox

# Grey levels of the sky of photos on which the finder misbehaves.
ABORT, HANG, HOG, ABORT_ONCE = 60, 90, 120, 150
_MISBEHAVIOUR_STEP = 10


def load(config: dict[str, Any]) -> Finder:
    """`config`: slow_s (s a photo), marks (a folder to leave marks in; None: it behaves)."""

    def find(pictures: Iterable[ScaledPicture]) -> Iterator[list[SeenBox]]:
        for picture in pictures:
            time.sleep(config["slow_s"])
            if config["marks"] is not None:
                _misbehave(int(picture.pixels[2, 2, 0]), Path(config["marks"]))
            yield _red(picture)

    return find


def _misbehave(sky: int, marks: Path) -> None:
    def means(level: int) -> bool:
        return abs(sky - level) < _MISBEHAVIOUR_STEP

    if means(ABORT):
        os.abort()
    if means(HANG):
        time.sleep(600)
    if means(HOG):
        np.ones(2 << 30, np.uint8).sum()
    if means(ABORT_ONCE) and not (marks / "aborted").exists():
        (marks / "aborted").touch()
        os.abort()


def _red(picture: ScaledPicture) -> list[SeenBox]:
    blue, _, red = cv2.split(picture.pixels)
    mask = ((red > 150) & (blue < 90)).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    scale = picture.source_hw_px[1] / picture.pixels.shape[1]
    found = []
    for x, y, width, height, area in stats[1:count]:
        if area > 100:
            box = (float(side * scale) for side in (x, y, x + width, y + height))
            found.append(SeenBox("overflowing_bin", 0.9, *box))
    return found
