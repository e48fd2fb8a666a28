"""Joins a drive's frames to footage: `python -m zoubian.datasets.city.footage RENDERED OUT.mp4`.

Runs in the product's environment, once all frames of a patrol plan are rendered.
"""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2

from zoubian.datasets.city.patrol_plan import FRAMES_PER_S

logger = logging.getLogger(__name__)


def frame_paths(folder: Path) -> list[Path]:
    """The pictures of a folder's `truth.json` in the order they were taken.

    Raises:
        FileNotFoundError: The plan is not finished: it has no `truth.json` or lacks a picture.
    """
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    ordered = sorted(truth["pictures"], key=lambda picture: str(picture["taken_at"]))
    paths = [folder / picture["picture"] for picture in ordered]
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(path)
    return paths


def write_footage(paths: Sequence[Path], target: Path) -> None:
    """Writes MPEG-4 video at the drive's rate.

    Raises:
        OSError: A picture cannot be read or the video cannot be written.
    """
    writer = None
    for path in paths:
        image = cv2.imread(str(path))
        if image is None:
            raise OSError(f"cannot read {path}")
        if writer is None:
            size = (image.shape[1], image.shape[0])
            codec = cv2.VideoWriter.fourcc(*"mp4v")
            writer = cv2.VideoWriter(str(target), codec, FRAMES_PER_S, size)
            if not writer.isOpened():
                raise OSError(f"cannot write {target}")
        writer.write(image)
    if writer is not None:
        writer.release()


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the footage; returns 3 while frames are missing."""
    parser = argparse.ArgumentParser(prog="zoubian.datasets.city.footage", description=__doc__)
    parser.add_argument("rendered", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        paths = frame_paths(options.rendered)
    except FileNotFoundError as missing:
        logger.error("not rendered yet 尚未渲染: %s", missing)
        return 3
    write_footage(paths, options.out)
    logger.info("%d frames, %s", len(paths), options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
