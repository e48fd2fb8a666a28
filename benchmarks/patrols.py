"""Patrols against their truth: what was found, where, how often wrongly.

    python benchmarks/patrols.py [--json] [--simulated] [--seeds N] [FOLDER ...]

Without folders the rendered patrols below ZOUBIAN_RENDERED (else `../render`) are scanned with the
product: `patrol`, `patrol-second`, `patrol-clean`, as `datasets.city.render` wrote them. Simulated
drives need no pictures: a made-up detector on the layout, many receivers. The matching rule is
`matching.match`, told in docs/footage.md.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from figures import Figure, tell
from matching import Matching, Told, TruthSpot, errors_m, match, truth_spots
from simulated import (
    RULES,
    drive_of,
    driven_km,
    told_on,
    truth_on,
    usual_faults,
)

from zoubian.datasets.city.export import MIN_SIDE_PX, MIN_VISIBILITY
from zoubian.datasets.city.footage import QUALITY, VIDEO_NAME, ship
from zoubian.datasets.city.plans import receiver_of
from zoubian.pipeline.domain.geo import Position, distance_m

ROOT = Path(__file__).resolve().parent.parent
PLANS = ("patrol", "patrol-second", "patrol-clean")
MEANT_WITHIN_M = 20.0  # a candidate farther from every spot means none of them
SEEDS = 12
COMMAND = (sys.executable, "-c", "from zoubian.api.cli.main import main; main()")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One patrol's candidates and truth."""

    told: tuple[Told, ...]
    truth: tuple[TruthSpot, ...]
    km: float

    def matching(self) -> Matching:
        """The candidates held against the truth."""
        return match(self.told, self.truth)


def scanned(folder: Path) -> Outcome | None:
    """Scan a patrol with the product; None where it is not rendered to its end.

    Args:
        folder: as `datasets.city.render` wrote it, or as `datasets.city.footage` shipped it.
    """
    with tempfile.TemporaryDirectory() as scratch:
        shipped = folder
        if not (folder / VIDEO_NAME).exists():
            shipped = Path(scratch) / folder.name
            try:
                ship(folder, shipped, quality=QUALITY)
            except FileNotFoundError:
                return None
        document = _scan(shipped, Path(scratch) / "workspace")
        truth = json.loads((shipped / "truth.json").read_text("utf-8"))
    return Outcome(
        tuple(_told(document["candidates"])),
        tuple(truth_spots(seen_things(truth["pictures"]), RULES)),
        _way_km(truth["pictures"]),
    )


def _scan(folder: Path, workspace: Path) -> dict[str, Any]:
    """The document of a scan as a user types it."""
    command = [*COMMAND, "scan", str(folder / VIDEO_NAME), "--track", str(folder / "track.gpx")]
    command += ["--patrol", folder.name, "--workspace", str(workspace), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"scan ended with {done.returncode}: {done.stdout[-300:]}")
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def _told(candidates: Iterable[dict[str, Any]]) -> list[Told]:
    return [
        Told(
            row["visual_class"],
            RULES[row["visual_class"]].spot_group,
            Position(row["lat"], row["lon"], row["radius_m"]),
            row["proven"],
        )
        for row in candidates
        if row["lat"] is not None
    ]


def seen_things(pictures: Iterable[dict[str, Any]]) -> list[tuple[str, str, float, float]]:
    """Things that some picture shows well enough to be named (the rule of the export)."""
    found: dict[str, tuple[str, str, float, float]] = {}
    for picture in pictures:
        for item in picture["objects"]:
            x1, y1, x2, y2 = item["box_xyxy_px"]
            if min(x2 - x1, y2 - y1) >= MIN_SIDE_PX and item["visibility"] >= MIN_VISIBILITY:
                row = (item["spot_id"], item["visual_class"], item["lat"], item["lon"])
                found[item["thing_id"]] = row
    return [found[name] for name in sorted(found)]


def _way_km(pictures: Iterable[dict[str, Any]]) -> float:
    ordered = sorted(pictures, key=lambda picture: str(picture["taken_at"]))
    places = [Position(p["camera"]["lat"], p["camera"]["lon"], 0.0) for p in ordered]
    return sum(distance_m(a, b) for a, b in pairwise(places)) / 1000


def simulated(plan: str, seeds: Sequence[int]) -> list[Outcome]:
    """Drives of a plan with a middling detector, each with a receiver's error of its own."""
    drive = drive_of(plan)
    receiver = receiver_of(plan, drive.frames)
    assert receiver is not None
    truth, km = tuple(truth_on(drive)), driven_km(drive)
    return [
        Outcome(tuple(told_on(drive, receiver, usual_faults(), seed=seed)), truth, km)
        for seed in seeds
    ]


def figures_of(name: str, outcomes: Sequence[Outcome]) -> list[Figure]:
    """The figures of one or more runs of a patrol, all classes, then lane by lane and class."""
    matchings = [outcome.matching() for outcome in outcomes]
    km = sum(outcome.km for outcome in outcomes)
    false = sum(len(one.false) for one in matchings)
    misnamed = sum(len(one.misnamed) for one in matchings)
    figures = [
        Figure(
            f"{name}: false candidates per km",
            false / km,
            2.0,
            at_most=True,
            remark=f"{false} on {km:.2f} km, {misnamed} of them on a problem of another kind",
        )
    ]
    if not outcomes[0].truth:
        return figures
    repeated = sum(len(one.repeated) for one in matchings)
    errors = [
        pair
        for outcome in outcomes
        for pair in errors_m(outcome.told, outcome.truth, within_m=MEANT_WITHIN_M)
    ]
    inside = sum(apart <= radius for apart, radius in errors)
    return [
        _found_figure(f"{name}: problem spots found", matchings, outcomes, bar=0.85, lane=None),
        Figure(f"{name}: reported twice", float(repeated), 0.0, at_most=True),
        *figures,
        Figure(
            f"{name}: median error of the position, m",
            median(apart for apart, _ in errors) if errors else None,
            5.0,
            at_most=True,
        ),
        Figure(
            f"{name}: truth inside radius_m",
            inside / len(errors) if errors else None,
            0.85,
            remark=f"{inside} of {len(errors)}; 0.99 is the most that is honest",
        ),
        Figure(
            f"{name}: median radius_m",
            median(radius for _, radius in errors) if errors else None,
            8.0,
            at_most=True,
        ),
        _found_figure(f"{name}: found, proven lane", matchings, outcomes, bar=None, lane=True),
        _found_figure(f"{name}: found, unproven lane", matchings, outcomes, bar=None, lane=False),
        *_by_class(name, matchings, outcomes),
    ]


def _found_figure(
    name: str,
    matchings: Sequence[Matching],
    outcomes: Sequence[Outcome],
    *,
    bar: float | None,
    lane: bool | None,
) -> Figure:
    found = [one.spot for matching in matchings for one in matching.matches]
    truth = [spot for outcome in outcomes for spot in outcome.truth]
    found, truth = (
        [spot for spot in spots if lane is None or spot.proven is lane] for spots in (found, truth)
    )
    share = len(found) / len(truth) if truth else None
    missed = sorted({s.spot_id for m in matchings for s in m.missed if lane in (None, s.proven)})
    remark = f"{len(found)} of {len(truth)}"
    return Figure(name, share, bar, remark=f"{remark}; missed {' '.join(missed)}"[:70])


def _by_class(
    name: str, matchings: Sequence[Matching], outcomes: Sequence[Outcome]
) -> list[Figure]:
    """Share found of the spots that hold each class, and false candidates of it."""
    there = Counter(c for o in outcomes for spot in o.truth for c in spot.visual_classes)
    found = Counter(c for m in matchings for one in m.matches for c in one.spot.visual_classes)
    false = Counter(told.visual_class for m in matchings for told in m.false)
    return [
        Figure(
            f"{name}: {visual_class}",
            found[visual_class] / there[visual_class] if there[visual_class] else None,
            None,
            remark=f"{found[visual_class]} of {there[visual_class]} spots; "
            f"{false[visual_class]} false",
        )
        for visual_class in sorted(there.keys() | false.keys())
    ]


def rendered_folders() -> list[Path]:
    """Where the patrols lie that were rendered."""
    root = Path(os.environ.get("ZOUBIAN_RENDERED", ROOT.parent / "render"))
    return [root / plan for plan in PLANS]


def measure() -> list[Figure]:
    """Rendered patrols as far as they are there, then simulated ones."""
    return [*measure_rendered(rendered_folders()), *measure_simulated(range(SEEDS))]


def measure_rendered(folders: Iterable[Path]) -> list[Figure]:
    """Scan each patrol; one that is not rendered is told as not measured."""
    figures: list[Figure] = []
    for folder in folders:
        outcome = scanned(folder)
        if outcome is None:
            figures.append(Figure(f"{folder.name}: not rendered", None, None))
        else:
            figures += figures_of(folder.name, [outcome])
    return figures


def measure_simulated(seeds: Sequence[int]) -> list[Figure]:
    """All three plans, simulated."""
    return [
        figure
        for plan in PLANS
        for figure in figures_of(f"{plan} simulated", simulated(plan, seeds))
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--simulated", action="store_true", help="no scan of rendered patrols")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="simulated drives of each plan")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    if options.simulated:
        told = measure_simulated(range(options.seeds))
    else:
        told = measure_rendered(options.folders) if options.folders else measure()
    sys.exit(tell(told, as_json=options.json))
