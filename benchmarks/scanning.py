"""A scan of 200 real photos: spots, and the same end however often it was killed.

python benchmarks/scanning.py [--json]
"""

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from figures import Figure, tell
from real_photos import data_root

from zoubian.datasets.classes.lookup import packaged_tables

PHOTOS = 200
KILL_AT = (40, 100, 160)  # photos done when the whole process group is killed
COMMAND = (sys.executable, "-c", "from zoubian.api.cli.main import main; main()")


def photos() -> list[str]:
    """The photos that are scanned."""
    folder = data_root() / "waste" / "val" / "images"
    return [str(path) for path in sorted(folder.iterdir())[:PHOTOS]]


def scan_command(workspace: Path) -> list[str]:
    """The scan as a user types it."""
    return [
        *COMMAND,
        "scan",
        *photos(),
        "--patrol",
        "proof",
        "--workspace",
        str(workspace),
        "--json",
    ]


def scan(workspace: Path) -> dict[str, Any]:
    """Scan to the end; the document."""
    done = subprocess.run(scan_command(workspace), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"scan ended with {done.returncode}: {done.stderr[-500:]}")
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def scan_and_kill(workspace: Path, *, at: int) -> int:
    """Start a scan and kill -9 it and its children when `at` photos are done; returns how many."""
    process = subprocess.Popen(
        scan_command(workspace),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while process.poll() is None and photos_done(workspace) < at:
        time.sleep(0.05)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return photos_done(workspace)


def photos_done(workspace: Path) -> int:
    """Photos whose analysis is stored."""
    database = workspace / "zoubian.db"
    if not database.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5) as connection:
            row = connection.execute("select count(*) from medium where state = 'done'").fetchone()
    except sqlite3.OperationalError:  # the first migration is still running
        return 0
    return int(row[0])


def comparable(document: dict[str, Any], workspace: Path) -> list[dict[str, Any]]:
    """The candidates, without the folder that the evidence lies in."""
    return [
        {
            **candidate,
            "evidence": [str(Path(e).relative_to(workspace)) for e in candidate["evidence"]],
        }
        for candidate in document["candidates"]
    ]


def most_candidates_a_spot(document: dict[str, Any]) -> int:
    """Most candidates of one group of compatible classes that any photo has."""
    classes = packaged_tables().visual_classes
    count: Counter[tuple[str, str]] = Counter()
    for candidate in document["candidates"]:
        group = str(classes[candidate["visual_class"]].spot_group)
        count.update((path, group) for path in candidate["frames"])
    return max(count.values(), default=0)


def measure() -> list[Figure]:
    """Scan undisturbed, then killed and resumed, and compare."""
    with tempfile.TemporaryDirectory() as folder:
        calm, killed = Path(folder) / "calm", Path(folder) / "killed"
        undisturbed = scan(calm)
        stopped_at = [scan_and_kill(killed, at=at) for at in KILL_AT]
        resumed = scan(killed)
        same = comparable(undisturbed, calm) == comparable(resumed, killed)
    seconds = undisturbed["seconds"]
    return [
        Figure("photos scanned", len(undisturbed["media"]), PHOTOS, remark=f"in {seconds:.0f} s"),
        Figure("candidates", len(undisturbed["candidates"]), None),
        Figure(
            "most candidates for things standing together in one photo",
            most_candidates_a_spot(undisturbed),
            1,
            at_most=True,
        ),
        Figure(
            "killed and resumed: same candidates, places and evidence (1 = yes)",
            float(same),
            1,
            remark=f"kill -9 with {', '.join(map(str, stopped_at))} photos done",
        ),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    sys.exit(tell(measure(), as_json=parser.parse_args().json))
