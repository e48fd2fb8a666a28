"""Footage hours a core works off in an hour, and what `yolo predict` does with the same files.

    python benchmarks/footage.py [--json] [--frames PICTURES] [--seconds 20]

Three files of one drive: 640x360 at 5 frames a second, 1080p30 H.264, 4K30 HEVC. Ours looks at
them as `zoubian scan` does at a drive of 30 km/h: a frame every two metres. `yolo predict` looks at
every frame, as a user runs it; and, to be fair, at as many as ours does (`vid_stride`).
"""

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from figures import Figure, tell
from footage_files import KINDS, write_all

from zoubian.detector.runtimes.port import require
from zoubian.models.registry.service import find_model

CHECKPOINTS = Path(__file__).resolve().parent.parent / "training" / "checkpoints"
COMMAND = (sys.executable, "-c", "from zoubian.api.cli.main import main; main()")


@dataclass(frozen=True, slots=True)
class Rival:
    """What `yolo predict` did with a file: seconds, and frames it looked at."""

    seconds: float
    frames: int


def bench(path: Path, seconds: float) -> dict[str, Any]:
    """The document of `zoubian bench --footage`."""
    done = subprocess.run(
        [*COMMAND, "bench", "--footage", str(path), "--length", str(seconds), "--rounds", "3",
         "--json"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )  # fmt: skip
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


def predict(path: Path, stride: int) -> Rival:
    """Look at every `stride`-th frame with ultralytics, in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_predict, path, stride).result()


def _predict(path: Path, stride: int) -> Rival:
    ultralytics: Any = require("ultralytics", install="'zoubian[train]'")
    manifest = find_model(None, None)
    model = ultralytics.YOLO(str(CHECKPOINTS / f"{manifest.name}.pt"))
    options = {"stream": True, "imgsz": max(manifest.input_hw_px), "device": "cpu",
               "verbose": False}  # fmt: skip
    next(iter(model.predict(source=str(path), vid_stride=stride, **options)))  # warm
    begun = time.perf_counter()
    frames = sum(1 for _ in model.predict(source=str(path), vid_stride=stride, **options))
    return Rival(time.perf_counter() - begun, frames)


def measure(frames: Path | None = None, seconds: float = 20.0) -> list[Figure]:
    """Measure the default model on each kind of file."""
    cores = os.cpu_count() or 1
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        files = write_all(Path(folder), frames=frames, seconds=seconds)
        for kind in KINDS:
            ours = bench(files[kind.name], seconds)
            stride = max(1, round(kind.rate * seconds / ours["frames_looked_at"]))
            every, same = predict(files[kind.name], 1), predict(files[kind.name], stride)
            hours = ours["footage_hours_per_core_hour"]
            rivals = [seconds / rival.seconds / cores for rival in (every, same)]
            remark = (
                f"looked at {ours['frames_looked_at']} of {ours['frames_decoded']} decoded; limit "
                f"{ours['limit']}; model {ours['raw_model_fps']:.1f}, decoder "
                f"{ours['decode_fps']:.1f} frames/s; {ours['rss_mb']:.0f} MB"
            )
            figures += [
                Figure(f"{kind.name}: footage hours a core hour", hours, None, remark=remark),
                Figure(
                    f"{kind.name}: times `yolo predict`",
                    hours / rivals[0],
                    None,
                    remark=f"every frame: {rivals[0]:.2f} footage hours a core hour",
                ),
                Figure(
                    f"{kind.name}: times `yolo predict` with vid_stride={stride}",
                    hours / rivals[1],
                    None,
                    remark=f"{same.frames} frames: {rivals[1]:.2f} footage hours a core hour",
                ),
            ]
            if kind.rate < 10:
                figures.append(Figure(f"{kind.name}: of the bare model", ours["ratio"], 0.85))
            else:
                figures.append(
                    Figure(f"{kind.name}: of the limit ({ours['limit']})", ours["of_limit"], 0.8)
                )
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--frames", type=Path, help="folder of pictures, five a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    arguments = parser.parse_args()
    sys.exit(tell(measure(arguments.frames, arguments.seconds), as_json=arguments.json))
