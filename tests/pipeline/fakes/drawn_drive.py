"""A drive past red bins, drawn as a camera in a car sees it, for the fake finder."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from drawn_videos import Drawn, write_frames
from numpy.typing import NDArray

from zoubian.pipeline.domain.geo import Position, moved

ORIGIN = Position(43.86, 125.32, 0.0)
STARTED = datetime(2026, 1, 5, 8, 31, tzinfo=UTC)
SIZE_PX = (320, 180)
RATE = 10.0
HEIGHT_M, HFOV_DEG, SPEED_MPS = 1.4, 80.0, 8.0
_BIN_M = (1.0, 1.2)  # across and up


@dataclass(frozen=True, slots=True)
class Bin:
    """Where a bin stands: metres north along the way and east of it."""

    along_m: float
    aside_m: float

    @property
    def position(self) -> Position:
        return moved(ORIGIN, self.aside_m, self.along_m, error_m=0.0)


def draw_drive(
    path: Path, bins: list[Bin], *, seconds: float, from_s: float = 0.0, metadata: bool = True
) -> None:
    """The stretch of a drive northwards that begins `from_s` after STARTED."""
    times_s = tuple(n / RATE for n in range(round(seconds * RATE)))
    tags = {}
    if metadata:
        at = STARTED + timedelta(seconds=from_s)
        tags["creation_time"] = at.strftime("%Y-%m-%dT%H:%M:%S.000000Z")
    frames = ((t, _view((from_s + t) * SPEED_MPS, bins)) for t in times_s)
    drawn = Drawn(times_s, size_px=SIZE_PX, metadata=tuple(tags.items()))
    write_frames(path, drawn, frames)


def write_track(path: Path, *, seconds: float, day: int = 5) -> None:
    """The drive's GPX, a fix a second."""
    rows = []
    for second in range(-5, round(seconds) + 6):
        place = moved(ORIGIN, 0.0, second * SPEED_MPS, error_m=0.0)
        at = (STARTED + timedelta(seconds=second)).replace(day=day)
        rows.append(
            f'<trkpt lat="{place.lat:.8f}" lon="{place.lon:.8f}">'
            f"<time>{at.isoformat()}</time><hdop>1</hdop></trkpt>"
        )
    head = '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    path.write_text(f"{head}{''.join(rows)}</trkseg></trk></gpx>")


def _view(along_m: float, bins: list[Bin]) -> NDArray[np.uint8]:
    width, height = SIZE_PX
    picture = np.full((height, width, 3), 200, np.uint8)
    rng = np.random.default_rng(round(along_m * 10))
    ground = rng.integers(90, 140, (height // 2 // 3, width // 4, 1), dtype=np.uint8)
    picture[height // 2 :] = ground.repeat(3, axis=0).repeat(4, axis=1)[: height - height // 2]
    stripes = np.arange(width) + round(along_m * 4)
    picture[height // 4 : height // 2, (stripes // 9) % 2 == 0] = (90, 110, 150)
    focal = width / 2 / math.tan(math.radians(HFOV_DEG / 2))
    for one in sorted(bins, key=lambda b: -b.along_m):
        ahead = one.along_m - along_m
        if not 3.0 < ahead < 60.0:
            continue
        left = width / 2 + focal * (one.aside_m - _BIN_M[0] / 2) / ahead
        right = width / 2 + focal * (one.aside_m + _BIN_M[0] / 2) / ahead
        foot = height / 2 + focal * HEIGHT_M / ahead
        top = foot - focal * _BIN_M[1] / ahead
        rows = slice(max(0, round(top)), max(0, min(height, round(foot))))
        columns = slice(max(0, round(left)), max(0, min(width, round(right))))
        picture[rows, columns] = (220, 30, 40)
    return picture
