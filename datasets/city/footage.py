"""Joins a drive's frames to footage and puts all that a vehicle's patrol needs beside it.

`python -m zoubian.datasets.city.footage RENDERED TARGET` runs in the product's environment once
all frames of a patrol plan are rendered; TARGET is a folder.
"""

import argparse
import json
import logging
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from zoubian.datasets.city.documents import write_whole
from zoubian.datasets.city.patrol_plan import FRAMES_PER_S

VIDEO_NAME = "patrol.mp4"
COMPANIONS = ("track.gpx", "places.csv")
QUALITY = 28  # x264's constant rate factor: 18 looks whole, 32 coarse
logger = logging.getLogger(__name__)


def pictures_in_time(folder: Path) -> list[dict[str, Any]]:
    """The pictures of a folder's `truth.json` in the order they were taken.

    Raises:
        FileNotFoundError: The plan is not finished: it has no `truth.json` or lacks a picture.
    """
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    ordered = sorted(truth["pictures"], key=lambda picture: str(picture["taken_at"]))
    for picture in ordered:
        if not (folder / picture["picture"]).exists():
            raise FileNotFoundError(folder / picture["picture"])
    return ordered


def write_footage(
    paths: Sequence[Path], target: Path, *, started_at: datetime, quality: int
) -> None:
    """Writes H.264 video at the drive's rate, which says when it began as cameras do.

    Args:
        paths: Pictures of one size, in order.
        target: The MP4.
        started_at: Of the first frame.
        quality: x264's constant rate factor; more is smaller and coarser.

    Raises:
        OSError: A picture cannot be read.
    """
    with av.open(str(target), "w") as video:
        video.metadata["creation_time"] = started_at.astimezone(UTC).isoformat()
        stream = video.add_stream("libx264", rate=round(FRAMES_PER_S))
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": str(quality), "preset": "slow", "g": "10"}
        with Image.open(paths[0]) as first:
            stream.width, stream.height = first.size
        for path in paths:
            with Image.open(path) as opened:
                pixels = np.asarray(opened.convert("RGB"))
            video.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        video.mux(stream.encode(None))


def short_truth(folder: Path) -> bytes:
    """The truth document with one picture a line."""
    truth: Mapping[str, Any] = json.loads((folder / "truth.json").read_text("utf-8"))
    head = {name: value for name, value in truth.items() if name != "pictures"}
    lines = [
        json.dumps(picture, ensure_ascii=False, separators=(",", ":"))
        for picture in truth["pictures"]
    ]
    start = json.dumps(head, ensure_ascii=False).removesuffix("}")
    return (start + ', "pictures": [\n' + ",\n".join(lines) + "\n]}\n").encode()


def ship(rendered: Path, target: Path, *, quality: int) -> int:
    """Fills a folder with footage, track, places and truth; returns the number of frames.

    Raises:
        FileNotFoundError: The plan is not finished.
    """
    pictures = pictures_in_time(rendered)
    target.mkdir(parents=True, exist_ok=True)
    write_footage(
        [rendered / picture["picture"] for picture in pictures],
        target / VIDEO_NAME,
        started_at=datetime.fromisoformat(pictures[0]["taken_at"]),
        quality=quality,
    )
    write_whole(target / "truth.json", short_truth(rendered))
    for name in COMPANIONS:
        shutil.copyfile(rendered / name, target / name)
    return len(pictures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fills the folder; returns 3 while frames are missing."""
    parser = argparse.ArgumentParser(prog="zoubian.datasets.city.footage", description=__doc__)
    parser.add_argument("rendered", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--quality", type=int, default=QUALITY, help="x264 CRF (default 28)")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        count = ship(options.rendered, options.target, quality=options.quality)
    except FileNotFoundError as missing:
        logger.error("not rendered yet 尚未渲染: %s", missing)
        return 3
    logger.info("%d frames, %s", count, options.target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
