"""Renders a plan of the city: `python -m zoubian.datasets.city.render --plan sample --out DIR`.

Needs the render environment (`setup_render_env.sh`). Frames that are there are skipped, so a killed
run goes on where it stopped; `progress.json` says how far it is.
"""

import argparse
import json
import logging
import math
import os
import sys
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from zoubian.datasets.city.documents import (
    json_bytes,
    pairs_document,
    picture_document,
    plan_document,
    write_whole,
)
from zoubian.datasets.city.exif import PhoneTags, with_exif
from zoubian.datasets.city.frames import Frame
from zoubian.datasets.city.pairs_plan import pair
from zoubian.datasets.city.places import places_csv
from zoubian.datasets.city.plans import PLANS, quick, receiver_of
from zoubian.datasets.city.seeds import stream
from zoubian.datasets.city.street import Street, StreetPlan, build_street
from zoubian.datasets.city.track import Waypoint, walk_gpx

logger = logging.getLogger("zoubian.datasets.city")


def main(arguments: Sequence[str] | None = None) -> int:
    """Renders what is missing of a plan; returns the exit code."""
    options = _options().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    frames = PLANS[options.plan](seed_range(options.seeds))
    if options.scale != 1.0 or options.samples:
        frames = [quick(frame, options.scale, options.samples or frame.samples) for frame in frames]
    if options.only:
        frames = [frame for frame in frames if frame.name.startswith(tuple(options.only))]
    if not frames:
        logger.error("no such frame 没有这样的画面: %s", options.only)
        return 2
    (options.out / "masks").mkdir(parents=True, exist_ok=True)
    _keep_to_cores(options.threads)
    started, done = time.monotonic(), 0
    for index, frame in enumerate(frames):
        if not _finished(options.out, frame):
            _render(frame, options.out, threads=options.threads)
            done += 1
        _progress(options.out, frames, index + 1, done, time.monotonic() - started)
    _write_plan(options.out, options.plan, frames)
    if options.plan == "pairs":
        pairs = [pair(seed) for seed in seed_range(options.seeds)]
        write_whole(options.out / "pairs.json", json_bytes(pairs_document(pairs)))
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zoubian.datasets.city.render", description=__doc__)
    parser.add_argument("--plan", choices=sorted(PLANS), required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of pictures and truth")
    parser.add_argument("--seeds", default="0-0", help="A-B, of plans that take seeds")
    parser.add_argument("--only", nargs="*", help="only frames whose names start so")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (default 1)")
    parser.add_argument("--scale", type=float, default=1.0, help="of the picture's sides")
    parser.add_argument("--samples", type=int, default=0, help="paths a pixel; 0: the plan's")
    return parser


def _keep_to_cores(count: int) -> None:
    """Shows the renderer no more cores than it may use: its idle workers spin on the others."""
    cores = sorted(os.sched_getaffinity(0))
    first = os.getpid() % len(cores)
    os.sched_setaffinity(0, {cores[(first + step) % len(cores)] for step in range(count)})


def seed_range(words: str) -> range:
    """Seeds from "A-B", both included.

    >>> seed_range("3-5")
    range(3, 6)
    """
    first, _, last = words.partition("-")
    return range(int(first), int(last or first) + 1)


@lru_cache(maxsize=1)
def _street(plan: StreetPlan) -> Street:
    return build_street(plan)


def _finished(out: Path, frame: Frame) -> bool:
    """The truth is written last: where it stands, picture and mask stand too."""
    return (out / f"{frame.name}.json").exists()


def _render(frame: Frame, out: Path, *, threads: int) -> None:
    from zoubian.datasets.city.scene.frame import render

    raw = out / f"{frame.name}.raw.jpg"
    started = time.process_time()
    mask, objects = render(frame, _street(frame.street), raw, threads=threads)
    write_whole(out / f"{frame.name}.jpg", with_exif(raw.read_bytes(), phone_tags(frame)))
    raw.unlink()
    mask.save_png(out / "masks" / f"{frame.name}.png")
    write_whole(out / f"{frame.name}.json", json_bytes(picture_document(frame, objects)))
    logger.info(
        "%s: %d objects, %.0f CPU s", frame.name, len(objects), time.process_time() - started
    )


def phone_tags(frame: Frame) -> PhoneTags:
    """What the phone writes beside the pixels: its position is off by the frame's error."""
    orientation = 6 if frame.sideways else 1
    if frame.position_error_m is None:
        return PhoneTags(frame.taken_at, None, None, None, None, orientation)
    dx, dy = frame.position_error_m
    lat, lon = frame.street.anchor.to_wgs84(frame.camera.x + dx, frame.camera.y + dy)
    source = stream("compass", frame.street.seed, frame.name)
    bearing = (frame.street.anchor.compass_deg(frame.camera.yaw) + source.gauss(0.0, 6.0)) % 360.0
    error_m = math.hypot(dx, dy) * source.uniform(0.8, 1.4)
    return PhoneTags(frame.taken_at, lat, lon, error_m, bearing, orientation)


def _progress(out: Path, frames: Sequence[Frame], seen: int, done: int, seconds: float) -> None:
    document: dict[str, Any] = {
        "frames": len(frames),
        "finished": seen,
        "rendered_now": done,
        "seconds": round(seconds, 1),
        "last": frames[seen - 1].name,
    }
    write_whole(out / "progress.json", json_bytes(document))


def _write_plan(out: Path, plan: str, frames: Sequence[Frame]) -> None:
    """Gathers the frames' truth; a plan along one street also gets its track and places."""
    pictures = [json.loads((out / f"{frame.name}.json").read_text("utf-8")) for frame in frames]
    street = frames[0].street
    write_whole(out / "truth.json", json_bytes(plan_document(plan, street.seed, pictures)))
    receiver = receiver_of(plan, frames)
    if receiver is None:
        return
    write_whole(out / "places.csv", places_csv(_street(street)).encode())
    walk = [Waypoint(f.taken_at, f.camera.x, f.camera.y) for f in frames if f.light.name != "unlit"]
    gpx = walk_gpx(walk, street.anchor, receiver, seed=street.seed)
    write_whole(out / "track.gpx", gpx.encode())


if __name__ == "__main__":
    sys.exit(main())
