"""How fast the loaded organisation answers: the example of full size, many positions.

python benchmarks/organisation.py [--json]

Times are those of this thread's processor, so that other work on the machine does not count.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from figures import Figure, tell

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.datasets.organisation.example import SEED, SHAPES, WORKBOOK, write_example
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.domain.local_time import local_day
from zoubian.pipeline.organisation.places import PlaceIndex
from zoubian.pipeline.organisation.service import LIMITS, plan_load, read_files
from zoubian.pipeline.organisation.stored import organisation_of
from zoubian.pipeline.organisation.territory import holds_back, responsible
from zoubian.pipeline.organisation.words import place_words

POSITIONS = 5000
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)


def measure() -> list[Figure]:
    """Reading, building and asking."""
    with tempfile.TemporaryDirectory() as folder:
        write_example(Path(folder), seed=SEED)
        paths = [Path(folder) / WORKBOOK, Path(folder) / SHAPES]
        started = time.thread_time()
        files = read_files(
            paths, crs="wgs84", categories=packaged_tables().categories, limits=LIMITS
        )
        report = plan_load({}, files, as_of=local_day(NOW), complete=False)
        read_s = time.thread_time() - started
    stated = {
        (change.statement.kind, change.statement.identity): [change.statement]
        for change in report.changes
    }
    started = time.thread_time()
    known = organisation_of(stated, version=1)
    build_s = time.thread_time() - started
    ground, nothing = known.territory, PlaceIndex((), ())
    figures = [
        Figure("org: read and check the example, s", read_s, 10.0, at_most=True),
        Figure("org: build it in memory, s", build_s, 2.0, at_most=True),
    ]
    questions: dict[str, Callable[[Position], object]] = {
        "responsible": lambda where: responsible(ground, where, at=NOW),
        "holds_back": lambda where: holds_back(ground, "mobile_vendor", where, at=NOW),
        "place_words": lambda where: place_words(known, where, places=nothing, at=NOW),
    }
    for name, ask in questions.items():
        figures += _timed(name, ask)
    return figures


def _timed(name: str, ask: Callable[[Position], object]) -> list[Figure]:
    source = random.Random(SEED)
    times_ms = []
    for _ in range(POSITIONS):
        where = Position(
            43.88 + source.uniform(-0.1, 0.1),
            125.32 + source.uniform(-0.13, 0.13),
            source.choice([5.0, 10.0, 30.0]),
        )
        started = time.thread_time_ns()
        ask(where)
        times_ms.append((time.thread_time_ns() - started) / 1e6)
    times_ms.sort()
    return [
        Figure(f"org: {name}, median ms", times_ms[POSITIONS // 2], 1.0, at_most=True),
        Figure(f"org: {name}, p95 ms", times_ms[POSITIONS * 95 // 100], 2.0, at_most=True),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    sys.exit(tell(measure(), as_json=parser.parse_args().json))
