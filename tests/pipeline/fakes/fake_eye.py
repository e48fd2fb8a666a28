"""Photos drawn for the fake finder, and a scan with both.

Run as a program it scans, so that tests can kill it: `fake_eye.py WORKSPACE PHOTOS SLOW_S`.
"""

import itertools
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ExifTags, Image

from zoubian.models.registry.manifest import Manifest
from zoubian.pipeline.bootstrap import (
    Eye,
    ScanOutcome,
    Workspace,
    open_workspace,
    scan,
)
from zoubian.pipeline.jobs.progress import Progress
from zoubian.pipeline.settings import Settings

NOW = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)


def draw_photo(
    path: Path, *, seed: int, sky: int = 220, bins: int = 1, exif: bool = True, px: int = 640
) -> None:
    """A grey street with red bins; photos stand 30 m apart and were taken a minute apart."""
    random = np.random.default_rng(seed)
    image = np.full((px * 3 // 4, px, 3), sky, np.uint8)
    image[px * 3 // 8 :] = random.integers(90, 130, (px * 3 // 4 - px * 3 // 8, px, 1), np.uint8)
    for n in range(bins):
        left = px // 8 + n * px // 4
        image[px // 2 : px * 5 // 8, left : left + px // 8] = (220, 30, 40)
    tags = Image.Exif()
    if exif:
        gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
        minutes = 52 + seed * 0.016
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLongitudeRef] = "N", "E"
        gps[ExifTags.GPS.GPSLatitude] = (43.0, minutes, 0.0)
        gps[ExifTags.GPS.GPSLongitude] = (125.0, 19.0, 0.0)
        camera = tags.get_ifd(ExifTags.IFD.Exif)
        local = NOW + timedelta(hours=8, minutes=seed)
        camera[ExifTags.Base.DateTimeOriginal] = local.strftime("%Y:%m:%d %H:%M:%S")
    Image.fromarray(image).save(path, quality=95, exif=tags)


def fake_manifest(folder: Path, input_hw_px: tuple[int, int] = (64, 64)) -> Manifest:
    classes = ("bin", "overflowing_bin")
    return Manifest(
        name="fake",
        version="1",
        weights=folder / "none.onnx",
        sha256="0" * 64,
        classes=classes,
        head="one_to_many",
        input_hw_px=input_hw_px,
        quantisation="fp32",
        thresholds=dict.fromkeys(classes, 0.3),
        nms_iou=0.7,
        precision={},
        proven=dict.fromkeys(classes, False),
        metrics={},
        licence="none",
        attributions=(),
        source_weights_sha256=None,
        made_with={},
    )


def fake_eye(folder: Path, *, slow_s: float = 0.0, identity: str = "fake") -> Eye:
    config = {"slow_s": slow_s, "marks": str(folder)}
    return Eye(fake_manifest(folder), "fake_finder:load", config, identity)


def footage_eye(folder: Path, *, slow_s: float = 0.0) -> Eye:
    """An eye that looks at frames at 320 px and behaves, whatever they show."""
    config = {"slow_s": slow_s, "marks": None}
    return Eye(fake_manifest(folder, (320, 320)), "fake_finder:load", config, "fake")


def fake_workspace(folder: Path, **settings: Any) -> Workspace:
    """A workspace whose clock starts at NOW and moves on by itself."""
    ticks = itertools.count()
    given = {"chunk": 6, "start_seconds": 60.0, "child_memory_mb": 1024, "niceness": 0, **settings}
    return open_workspace(
        Settings(workspace=folder, **given),
        clock=lambda: NOW + timedelta(milliseconds=next(ticks)),
    )


def scan_photos(
    workspace: Workspace,
    *paths: Path,
    eye: Eye,
    on_progress: Callable[[Progress], None] = lambda _: None,
    **options: Any,
) -> ScanOutcome:
    given = {"track": None, "tz_offset_min": 480, "crs": "wgs84", "patrol_name": None, **options}
    return scan(workspace, paths, eye=eye, on_progress=on_progress, **given)


if __name__ == "__main__":
    folder, photos, slow_s = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    sys.path.insert(0, str(Path(__file__).parent))
    try:
        scan_photos(
            fake_workspace(folder),
            photos,
            eye=fake_eye(folder, slow_s=slow_s),
            on_progress=lambda progress: print(progress.stage, flush=True),  # noqa: T201
        )
    except KeyboardInterrupt:
        sys.exit(130)
