"""Frames a second against `yolo predict`: same weights, frames and input shape, in one run.

    .venv/bin/python benchmarks/against_ultralytics.py --checkpoint best.pt --model waste-day-one

Every contender goes the whole way from JPEG files to boxes in the pixels of the picture, in a
process of its own that loads once; the rounds alternate, so that what else the machine does falls
on all of them. Ratios are medians over rounds. The processor time a frame stands beside them:
it means something even on a busy machine.

Ours decodes at a reduced scale where the picture is at least twice as large as the input needs it;
ultralytics always decodes it whole. `rect=False` makes its input the same square as ours; as a
user runs it, a 16:9 frame is padded to a smaller one, which `--rect` allows it.
"""

import argparse
import itertools
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoubian.detector.bench import decode_ahead, draw_frames
from zoubian.detector.detector import load_detector
from zoubian.detector.memory import reuse_picture_memory
from zoubian.detector.runtimes.port import require
from zoubian.models.registry.manifest import Manifest, load_manifest
from zoubian.models.registry.service import find_model

SCORE_THRESHOLD = 0.25  # ultralytics' default


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to run the model."""

    name: str
    runner: str  # "ours" or "ultralytics"
    threads: int | None


@dataclass(frozen=True, slots=True)
class Setup:
    """What all contenders run."""

    manifest: Manifest
    checkpoint: Path
    frames: tuple[Path, ...]
    rect: bool


@dataclass(frozen=True, slots=True)
class Round:
    """What one contender did in one round."""

    fps: float
    cpu_ms: float
    boxes: int


def main() -> int:
    """Run the comparison."""
    options = parse_options()
    manifest = load_manifest(options.model) if options.model.exists() else None
    manifest = manifest or find_model(str(options.model), None)
    contenders = (
        Contender("zoubian", "ours", options.threads),
        Contender("yolo predict, its own threads", "ultralytics", None),
        Contender(f"yolo predict, {options.threads} threads", "ultralytics", options.threads),
    )
    with tempfile.TemporaryDirectory() as folder:
        frames = gather_frames(Path(folder), options.pictures, count=options.frames)
        setup = Setup(manifest, options.checkpoint.resolve(), frames, options.rect)
        rounds = run_rounds(setup, contenders, rounds=options.rounds)
    document = summary(rounds, setup, threads=options.threads)
    text = json.dumps(document, indent=2) if options.json else table(document)
    sys.stdout.write(text + "\n")
    return 0


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    add = parser.add_argument
    add("--checkpoint", type=Path, required=True, help=".pt file of the same weights")
    add("--model", type=Path, required=True, help="manifest.json, or name of a shipped model")
    add("--pictures", type=Path, help="folder of JPEG files (default: drawn 1280x720 frames)")
    add("--frames", type=int, default=24, help="frames a round (default 24)")
    add("--rounds", type=int, default=5, help="alternating rounds (default 5)")
    add("--threads", type=int, default=os.cpu_count(), help="ours (default: all cores)")
    add("--rect", action="store_true", help="let ultralytics pad to its smaller rectangle")
    add("--json", action="store_true", help="one JSON document instead of a table")
    return parser.parse_args()


def gather_frames(folder: Path, pictures: Path | None, *, count: int) -> tuple[Path, ...]:
    """Fill `folder` with the frames: links to real JPEG files, or drawn ones."""
    if pictures is None:
        return draw_frames(folder, count=count, seed=7)
    found = (file for file in sorted(pictures.iterdir()) if file.suffix.lower() == ".jpg")
    for file in itertools.islice(found, count):
        (folder / file.name).symlink_to(file.resolve())
    return tuple(sorted(folder.iterdir()))


def run_rounds(
    setup: Setup, contenders: tuple[Contender, ...], *, rounds: int
) -> dict[str, list[Round]]:
    """Let the contenders take turns."""
    results: dict[str, list[Round]] = {contender.name: [] for contender in contenders}
    context = multiprocessing.get_context("spawn")
    pools = [
        ProcessPoolExecutor(1, mp_context=context, initializer=load, initargs=(setup, contender))
        for contender in contenders
    ]
    for _ in range(rounds):
        for contender, pool in zip(contenders, pools, strict=True):
            results[contender.name].append(pool.submit(run_round).result())
    for pool in pools:
        pool.shutdown()
    return results


def summary(rounds: dict[str, list[Round]], setup: Setup, *, threads: int) -> dict[str, Any]:
    """The figures, as printed."""
    [ours, *others] = rounds
    return {
        "model": setup.manifest.name,
        "quantisation": setup.manifest.quantisation,
        "input_hw_px": list(setup.manifest.input_hw_px),
        "ultralytics_input": "rectangle" if setup.rect else "the same square",
        "threads": threads,
        "frames_a_round": len(setup.frames),
        "contenders": {
            name: {
                "fps": round(statistics.median(r.fps for r in results), 2),
                "fps_rounds": [round(r.fps, 2) for r in results],
                "cpu_ms_a_frame": round(statistics.median(r.cpu_ms for r in results), 1),
                "boxes": results[0].boxes,
            }
            for name, results in rounds.items()
        },
        "ratios": {
            name: round(
                statistics.median(
                    a.fps / b.fps for a, b in zip(rounds[ours], rounds[name], strict=True)
                ),
                2,
            )
            for name in others
        },
    }


def table(document: dict[str, Any]) -> str:
    """The figures for people."""
    height, width = document["input_hw_px"]
    lines = [
        f"{document['model']}, {document['quantisation']}, {width}x{height} px, "
        f"{document['threads']} threads; ultralytics runs {document['ultralytics_input']}",
        f"{'':34}{'frames/s':>10}{'CPU ms':>10}{'boxes':>8}{'ours is':>10}",
    ]
    for name, row in document["contenders"].items():
        ratio = document["ratios"].get(name)
        lines.append(
            f"{name:34}{row['fps']:>10}{row['cpu_ms_a_frame']:>10}{row['boxes']:>8}"
            + (f"{ratio:>9}x" if ratio else "")
        )
    return "\n".join(lines)


# What follows runs inside the contenders' processes.

_run: Callable[[], int]
_frames: int


def load(setup: Setup, contender: Contender) -> None:
    """Load and warm up one contender."""
    global _run, _frames
    _frames = len(setup.frames)
    make = ours if contender.runner == "ours" else ultralytics_predict
    _run = make(setup, contender.threads)
    _run()


def run_round() -> Round:
    """Go over all frames once."""
    cpu, wall = time.process_time(), time.perf_counter()
    boxes = _run()
    seconds = time.perf_counter() - wall
    return Round(_frames / seconds, (time.process_time() - cpu) / _frames * 1000, boxes)


def ours(setup: Setup, threads: int | None) -> Callable[[], int]:
    """Our way: files, decoding threads, the default runtime, boxes."""
    import cv2

    reuse_picture_memory()
    cv2.setNumThreads(1)
    detector = load_detector(
        setup.manifest, runtime="auto", threads=threads, precision="auto", cache_dir=None
    )

    def run() -> int:
        pictures = decode_ahead(
            iter(setup.frames), input_hw_px=setup.manifest.input_hw_px, threads=2
        )
        iou = setup.manifest.nms_iou
        found = detector.stream(pictures, score_threshold=SCORE_THRESHOLD, iou=iou)
        return sum(len(detections) for detections in found)

    return run


def ultralytics_predict(setup: Setup, threads: int | None) -> Callable[[], int]:
    """What `yolo predict` does, spared its printing and saving."""
    import torch

    ultralytics: Any = require("ultralytics", install="'zoubian[train]'")
    model = ultralytics.YOLO(str(setup.checkpoint))
    height, width = setup.manifest.input_hw_px

    def use_threads(_predictor: object) -> None:
        if threads is not None:
            torch.set_num_threads(threads)

    model.add_callback("on_predict_start", use_threads)

    def run() -> int:
        results = model.predict(
            source=str(setup.frames[0].parent),
            stream=True,
            imgsz=(height, width),
            rect=setup.rect,
            conf=SCORE_THRESHOLD,
            iou=setup.manifest.nms_iou,
            device="cpu",
            verbose=False,
        )
        return sum(len(result.boxes) for result in results)

    return run


if __name__ == "__main__":
    sys.exit(main())
