"""Footage for measuring: pictures of a drive, scaled and encoded as cameras write them.

python benchmarks/footage_files.py FOLDER [--frames PICTURES] [--seconds 20]
"""

import argparse
import itertools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file."""

    name: str
    codec: str
    size_px: tuple[int, int]
    rate: int
    options: tuple[tuple[str, str], ...]


KINDS = (
    Kind("640x360@5 H.264", "libx264", (640, 360), 5, (("preset", "fast"), ("crf", "23"))),
    Kind("1080p30 H.264", "libx264", (1920, 1080), 30, (("preset", "veryfast"), ("crf", "23"))),
    Kind(
        "4K30 HEVC",
        "libx265",
        (3840, 2160),
        30,
        (("preset", "ultrafast"), ("crf", "26"), ("x265-params", "log-level=none")),
    ),
)


def pictures(folder: Path | None) -> list[Picture]:
    """A drive's pictures in order, five a second: rendered ones, else drawn from a seed."""
    if folder is not None:
        found = sorted(path for path in folder.glob("*.jpg") if ".raw" not in path.name)
        read = [cv2.imread(str(path)) for path in found]
        return [picture.astype(np.uint8) for picture in read if picture is not None]
    rng = np.random.default_rng(7)
    scene = rng.integers(0, 255, (540, 3200, 3), dtype=np.uint8)
    scene = cv2.GaussianBlur(scene, (0, 0), 2.5).astype(np.uint8)
    for _ in range(400):
        x, y = (int(v) for v in rng.integers(0, (3200, 540)))
        w, h = (int(v) for v in rng.integers(20, 200, 2))
        colour = [int(v) for v in rng.integers(0, 255, 3)]
        cv2.rectangle(scene, (x, y), (x + w, y + h), colour, -1)
    return [np.ascontiguousarray(scene[:, n * 20 : n * 20 + 960]) for n in range(100)]


def write_file(target: Path, kind: Kind, shown: Sequence[Picture], *, seconds: float) -> None:
    """Encode a drive of so many seconds; between two pictures the camera moves in by a little."""
    with av.open(str(target), "w") as out:
        stream: Any = out.add_stream(kind.codec, rate=kind.rate, options=dict(kind.options))
        stream.width, stream.height = kind.size_px
        stream.pix_fmt = "yuv420p"
        stream.codec_context.gop_size = kind.rate * 2
        for number, picture in enumerate(_frames(shown, kind, round(seconds * kind.rate))):
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, kind.rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def _frames(shown: Sequence[Picture], kind: Kind, count: int) -> Iterator[Picture]:
    between = kind.rate // 5
    drive = itertools.cycle([*shown, *reversed(shown[1:-1])])
    for number in range(count):
        if number % between == 0:
            picture = next(drive)
        yield _moved_in(picture, kind.size_px, (number % between) / between)


def _moved_in(picture: Picture, size_px: tuple[int, int], share: float) -> Picture:
    height, width = picture.shape[:2]
    cut_x, cut_y = round(width * 0.02 * share), round(height * 0.02 * share)
    part = picture[cut_y : height - cut_y, cut_x : width - cut_x]
    return cv2.resize(part, size_px, interpolation=cv2.INTER_LINEAR).astype(np.uint8)


def write_all(folder: Path, *, frames: Path | None, seconds: float) -> dict[str, Path]:
    """One file of each kind; those that exist stay."""
    shown: list[Picture] = []
    files = {}
    for kind in KINDS:
        target = folder / f"{kind.name.replace(' ', '-').replace('.', '')}.mp4"
        files[kind.name] = target
        if not target.exists():
            shown = shown or pictures(frames)
            part = target.with_name(f"part-{target.name}")
            write_file(part, kind, shown, seconds=seconds)
            part.rename(target)
    return files


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--frames", type=Path, help="folder of pictures, five a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, path in write_all(
        options.folder, frames=options.frames, seconds=options.seconds
    ).items():
        sys.stdout.write(f"{name}: {path}, {path.stat().st_size / 1e6:.1f} MB\n")
