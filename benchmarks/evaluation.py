"""Average precision of the default model on the real photos, ours and ultralytics' own figure.

    python benchmarks/evaluation.py [--json]

Both read the same weights file; the pictures are those of ZOUBIAN_DATA/waste.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from figures import Figure, tell
from real_photos import data_root

from zoubian.datasets.formats import load_yolo_dataset
from zoubian.detector.detector import load_detector
from zoubian.models.registry.manifest import Manifest
from zoubian.models.registry.service import find_model
from zoubian.training.dataset_view import link_dataset
from zoubian.training.evaluate import figures, look_at, match_classes

TOLD = ("bin", "overflowing_bin", "garbage_pile")  # litter, with 30 boxes, is told apart


def ours(manifest: Manifest, data_yaml: Path) -> dict[str, float]:
    """AP50 by class through the product's detector."""
    dataset, problems = load_yolo_dataset(data_yaml, "val")
    if problems:
        raise SystemExit(f"{data_yaml}: {problems[0]}")
    detector = load_detector(
        manifest, runtime="auto", threads=None, precision="f32", cache_dir=None
    )
    matches = match_classes(
        look_at(dataset, detector), names=dataset.names, classes=manifest.classes
    )
    result = figures(matches, manifest.thresholds)
    return {name: one.ap50 or 0.0 for name, one in result.per_class.items()}


def ultralytics_own(manifest: Manifest, data_yaml: Path) -> dict[str, float]:
    """AP50 by class as `yolo val` tells it for the same weights file and input shape."""
    from ultralytics.models import YOLO

    with tempfile.TemporaryDirectory() as folder:
        view = link_dataset(data_yaml, into=Path(folder) / "data")
        measured = YOLO(str(manifest.weights), task="detect").val(
            data=str(view),
            imgsz=manifest.input_hw_px[0],
            batch=1,
            rect=False,
            device="cpu",
            workers=0,
            plots=False,
            verbose=False,
            project=folder,
        )
    by_id = dict(zip(measured.box.ap_class_index.tolist(), measured.box.ap50, strict=True))
    return {manifest.classes[i]: float(ap) for i, ap in by_id.items()}


def measure() -> list[Figure]:
    """Evaluate the default model both ways."""
    manifest = find_model(None, None)
    data_yaml = data_root() / "waste" / "data.yaml"
    mine, theirs = ours(manifest, data_yaml), ultralytics_own(manifest, data_yaml)
    mean = sum(mine[name] for name in TOLD) / len(TOLD)
    their_mean = sum(theirs[name] for name in TOLD) / len(TOLD)
    model = f"{manifest.name} {manifest.version}, {manifest.quantisation}"
    each = [Figure(f"AP50 {name}", mine[name], None) for name in mine]
    return [
        Figure("mean AP50 of three on waste/val", mean, 0.76, remark=model),
        Figure("... ultralytics' own figure", their_mean, None),
        Figure("... difference", abs(mean - their_mean), 0.01, at_most=True),
        *each,
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    sys.exit(tell(measure(), as_json=parser.parse_args().json))
