"""Half an hour of footage: memory, and the same spots however often the scan was killed.

    python benchmarks/footage_long.py [--json] [--frames PICTURES] [--minutes 30]

A drive's pictures are repeated, each time in a street of its own; rendered ones (--frames, or the
folder ZOUBIAN_PATROL names) show things to find, drawn ones do not.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
from figures import Figure, tell
from footage_files import Picture, pictures

from zoubian.pipeline.domain.geo import Position, distance_m, moved

COMMAND = (sys.executable, "-c", "from zoubian.api.cli.main import main; main()")
STARTED = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
CORNER = Position(43.86, 125.30, 0.0)
SPEED_MPS = 30 / 3.6
BETWEEN_S = 20.0  # from one street to the next
KILLS = 3
MOST_MB = 1.2 * 1024


def write_drive(folder: Path, shown: Sequence[Picture], *, minutes: float) -> None:
    """A 640x360 video at 5 frames a second, and its track."""
    rows: list[str] = []
    second, street = 0.0, 0
    with av.open(str(folder / "drive.mp4"), "w") as out:
        out.metadata["creation_time"] = STARTED.strftime("%Y-%m-%dT%H:%M:%S.000000Z")
        stream: Any = out.add_stream("libx264", rate=5, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        stream.codec_context.gop_size = 25
        while second < minutes * 60:
            for number, picture in enumerate(shown):
                small = cv2.resize(picture, (640, 360), interpolation=cv2.INTER_AREA)
                frame = av.VideoFrame.from_ndarray(small, format="bgr24")
                frame.pts, frame.time_base = round(second * 1000), Fraction(1, 1000)
                out.mux(stream.encode(frame))
                if number % 5 == 0:
                    rows.append(_fix(second, street * 200.0, number / 5 * SPEED_MPS))
                second += 0.2
            second, street = second + BETWEEN_S, street + 1
        out.mux(stream.encode(None))
    head = '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    (folder / "drive.gpx").write_text(f"{head}{''.join(rows)}</trkseg></trk></gpx>")


def _fix(second: float, east_m: float, north_m: float) -> str:
    place = moved(CORNER, east_m, north_m, error_m=0.0)
    at = (STARTED + timedelta(seconds=second)).isoformat()
    return f'<trkpt lat="{place.lat:.8f}" lon="{place.lon:.8f}"><time>{at}</time></trkpt>'


def scan(footage: Path, workspace: Path) -> tuple[dict[str, Any], list[float]]:
    """Scan to the end; the document, and the memory of all its processes meanwhile, in MB."""
    with tempfile.TemporaryFile("w+") as said:
        process = _start(footage, workspace, stdout=said)
        memory = []
        while process.poll() is None:
            memory.append(session_mb(process.pid))
            time.sleep(1.0)
        said.seek(0)
        document: dict[str, Any] = json.load(said)
    return document, memory


def scan_and_kill(footage: Path, workspace: Path, *, after_s: float) -> None:
    """Start a scan and kill -9 it and its children."""
    process = _start(footage, workspace, stdout=subprocess.DEVNULL)
    try:
        process.wait(timeout=after_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _start(footage: Path, workspace: Path, *, stdout: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, "scan", str(footage), "--workspace", str(workspace), "--json"],
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def session_mb(leader: int) -> float:
    """Resident memory of a session's processes, added up."""
    total = 0
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == leader:
                total += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError, ValueError):
            continue
    return total / (1 << 20)


def greatest_shift_m(calm: dict[str, Any], resumed: dict[str, Any]) -> float:
    """How far spots of the same number lie apart at most; infinite where there are more or less."""
    pairs = [
        (one, other)
        for one, other in zip(calm["candidates"], resumed["candidates"], strict=False)
        if one["lat"] is not None and other["lat"] is not None
    ]
    if len(calm["candidates"]) != len(resumed["candidates"]):
        return float("inf")
    return max(
        (
            distance_m(Position(a["lat"], a["lon"], 0.0), Position(b["lat"], b["lon"], 0.0))
            for a, b in pairs
        ),
        default=0.0,
    )


def measure(frames: Path | None = None, minutes: float = 30.0) -> list[Figure]:
    """Scan undisturbed, then killed and resumed, and compare."""
    frames = frames or (
        Path(os.environ["ZOUBIAN_PATROL"]) if "ZOUBIAN_PATROL" in os.environ else None
    )
    rng = random.Random(11)
    with tempfile.TemporaryDirectory() as folder:
        footage = Path(folder) / "footage"
        footage.mkdir()
        write_drive(footage, pictures(frames), minutes=minutes)
        calm, memory = scan(footage, Path(folder) / "calm")
        killed = Path(folder) / "killed"
        stops = sorted(rng.uniform(0.1, 0.6) for _ in range(KILLS))
        for stop in stops:
            scan_and_kill(footage, killed, after_s=stop * calm["seconds"])
        resumed, _ = scan(footage, killed)
    half = len(memory) // 2
    return [
        Figure(
            f"{minutes:g} min of footage: most memory of all processes, MB",
            max(memory),
            MOST_MB,
            at_most=True,
            remark=f"first half {max(memory[:half]):.0f}, second {max(memory[half:]):.0f} MB; "
            f"{calm['seconds']:.0f} s",
        ),
        Figure("candidates", len(calm["candidates"]), None),
        Figure(
            "killed and resumed: spots moved by at most, m",
            greatest_shift_m(calm, resumed),
            1.0,
            at_most=True,
            remark="kill -9 after " + ", ".join(f"{s * calm['seconds']:.0f} s" for s in stops),
        ),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--frames", type=Path, help="folder of pictures, five a second")
    parser.add_argument("--minutes", type=float, default=30.0)
    arguments = parser.parse_args()
    sys.exit(tell(measure(arguments.frames, arguments.minutes), as_json=arguments.json))
