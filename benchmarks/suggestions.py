"""What `suggest` is worth on whole photos, and how long a large one takes.

    python benchmarks/suggestions.py [--json]

Accuracy on the report half of ZOUBIAN_DATA/waste/val, through the same warm child and the rules
of the command. Time on a 12-megapixel JPEG made from a real photo.
"""

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
from figures import Figure, tell
from real_photos import data_root, report_half

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.datasets.formats import load_yolo_dataset
from zoubian.pipeline import bootstrap
from zoubian.pipeline.bootstrap import Eye
from zoubian.pipeline.candidates.photo import suggestions_for
from zoubian.pipeline.jobs.analysis import WarmAnalyst
from zoubian.pipeline.settings import Settings

CALLS = 20


def accuracy(analyst: WarmAnalyst, eye: Eye) -> list[Figure]:
    """How often the first suggestion is right, and how often closed bins are left alone."""
    tables = packaged_tables()
    problems = {name for name, one in tables.visual_classes.items() if one.problem}
    dataset, _ = load_yolo_dataset(data_root() / "waste" / "data.yaml", "val")
    told = report_half()
    right = quiet = with_problem = bins_only = 0
    for item in dataset.items:
        if item.image_path.name not in told:
            continue
        present = {dataset.names[int(i)] for i in item.class_ids}
        analysis = analyst.analyse(item.image_path.read_bytes(), tz_offset_min=480, crs="wgs84")
        found = suggestions_for(analysis, manifest=eye.manifest, tables=tables)
        if present & problems:
            with_problem += 1
            right += bool(found) and found[0].visual_class in present
        elif present:
            bins_only += 1
            quiet += not found
    return [
        Figure(
            "first suggestion is a problem really in the photo",
            right / with_problem,
            0.80,
            remark=f"{right} of {with_problem} problem photos, report half",
        ),
        Figure(
            "nothing suggested on closed bins only",
            quiet / bins_only,
            0.85,
            remark=f"{quiet} of {bins_only} photos, report half",
        ),
    ]


def seconds_for_12_megapixels(analyst: WarmAnalyst) -> Figure:
    """Median time of one warm call."""
    photo = next(iter(sorted((data_root() / "waste" / "val" / "images").iterdir())))
    small = cv2.imdecode(np.fromfile(photo, np.uint8), cv2.IMREAD_COLOR)
    large = cv2.resize(small, (4000, 3000), interpolation=cv2.INTER_CUBIC)
    grain = np.random.default_rng(5).normal(0, 4, large.shape)  # as a sensor has, for honest bytes
    noisy = np.clip(large + grain, 0, 255).astype(np.uint8)
    data = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
    analyst.analyse(data, tz_offset_min=480, crs="wgs84")
    times = []
    for _ in range(CALLS):
        begun = time.perf_counter()
        analyst.analyse(data, tz_offset_min=480, crs="wgs84")
        times.append(time.perf_counter() - begun)
    return Figure(
        "suggest, 12 megapixels, warm, seconds",
        statistics.median(times),
        1.0,
        at_most=True,
        remark=f"slowest of {CALLS}: {max(times):.2f} s, {len(data) / 1e6:.1f} MB",
    )


def measure() -> list[Figure]:
    """Measure the default model."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = bootstrap.open_workspace(Settings(workspace=Path(folder), niceness=0))
        eye = bootstrap.open_eye(workspace, model=None)
        with closing(bootstrap.warm_analyst(workspace, eye)) as analyst:
            analyst.start()
            return [*accuracy(analyst, eye), seconds_for_12_megapixels(analyst)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    sys.exit(tell(measure(), as_json=parser.parse_args().json))
