"""From a checkpoint to a model folder: export, calibrate, measure, manifest and cards."""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from zoubian.datasets.formats import load_yolo_dataset
from zoubian.datasets.formats.dataset import YoloDataset
from zoubian.detector.detections import Detections
from zoubian.detector.detector import load_detector
from zoubian.models.registry.manifest import MANIFEST_FILE, Manifest, save_manifest, sha256_of
from zoubian.training.card import card
from zoubian.training.datahash import dataset_sha256
from zoubian.training.evaluate import look_at, match_classes
from zoubian.training.export import export_onnx, made_with
from zoubian.training.release import (
    calibrate,
    metrics_document,
    photo_figures,
    split_by_use,
    with_calibration,
)

logger = logging.getLogger(__name__)

LICENCE = "AGPL-3.0-or-later"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a release is measured by.

    Attributes:
        problems: classes that are a problem by themselves.
        told_classes: classes whose AP50 makes the told mean.
        quiet_share: share of photos with closed bins only that shall stay without a suggestion.
        attributions: lines that the licences of the training pictures ask for.
    """

    problems: frozenset[str]
    told_classes: tuple[str, ...]
    quiet_share: float
    attributions: tuple[str, ...]


def publish(
    weights: Path,
    *,
    folder: Path,
    version: str,
    imgsz_px: int,
    data_yaml: Path,
    terms: Terms,
    training: Mapping[str, Any],
) -> Manifest:
    """Make the model folder of a checkpoint; the folder's name is the model's.

    Args:
        weights: `.pt` checkpoint.
        data_yaml: data set with `val` and, beside it, `val_use.csv` that halves it.
        training: what the card says about the training.

    Raises:
        FileNotFoundError: a part of the data set is missing.
    """
    onnx = folder / "model.onnx"
    classes, head = export_onnx(weights, onnx, imgsz_px=imgsz_px)
    blank = Manifest(
        name=folder.name,
        version=version,
        weights=onnx.resolve(),
        sha256=sha256_of(onnx),
        classes=classes,
        head=head,
        input_hw_px=(imgsz_px, imgsz_px),
        quantisation="fp32",
        thresholds=dict.fromkeys(classes, 1.0),
        nms_iou=0.7,
        precision={},
        proven=dict.fromkeys(classes, False),
        metrics={},
        licence=LICENCE,
        attributions=terms.attributions,
        source_weights_sha256=sha256_of(weights),
        made_with=made_with(),
    )
    manifest = measured(blank, data_yaml=data_yaml, terms=terms, training=training)
    write_model(manifest, folder)
    return manifest


def measured(
    manifest: Manifest, *, data_yaml: Path, terms: Terms, training: Mapping[str, Any]
) -> Manifest:
    """The manifest with thresholds, precision and figures measured on the data set."""
    dataset, problems = load_yolo_dataset(data_yaml, "val")
    for problem in problems:
        logger.warning("%s", problem)
    detector = load_detector(
        manifest, runtime="auto", threads=None, precision="f32", cache_dir=None
    )
    looked = look_at(dataset, detector)
    for_calibration, for_report = split_by_use(looked, data_yaml.parent / "val_use.csv")
    calibration = calibrate(
        for_calibration,
        match_classes(for_calibration, names=dataset.names, classes=manifest.classes),
        dataset=dataset,
        classes=manifest.classes,
        problems=terms.problems,
        quiet_share=terms.quiet_share,
    )
    calibrated = replace(manifest, **with_calibration(manifest, calibration))
    metrics = metrics_document(
        looked,
        for_report,
        dataset=dataset,
        classes=manifest.classes,
        thresholds=calibrated.thresholds,
        told_classes=terms.told_classes,
    )
    photos = photo_figures(
        for_report,
        lambda found: strongest_problem(found, calibrated, terms.problems),
        dataset=dataset,
        problems=terms.problems,
    )
    metrics["photos"] = asdict(photos)
    metrics["training"] = {**training, "val_sha256": dataset_sha256(dataset)[:16]}
    metrics["measured_on"] = date.today().isoformat()
    return replace(calibrated, metrics=metrics)


def strongest_problem(
    found: Detections, manifest: Manifest, problems: frozenset[str]
) -> str | None:
    """The problem class of the best detection above its class's threshold."""
    for class_id, score in zip(found.class_ids.tolist(), found.scores.tolist(), strict=True):
        name: str = manifest.classes[class_id]
        if name in problems and score >= manifest.thresholds[name]:
            return name
    return None


def write_model(manifest: Manifest, folder: Path) -> None:
    """Write manifest and cards into the model's folder."""
    save_manifest(manifest, folder / MANIFEST_FILE)
    (folder / "card.md").write_text(card(manifest, lang="en"), encoding="utf-8")
    (folder / "card.zh.md").write_text(card(manifest, lang="zh"), encoding="utf-8")


def training_facts(recipe_name: str, seed: int, train: YoloDataset, epochs: str) -> dict[str, Any]:
    """What the card says about a training."""
    return {
        "recipe": recipe_name,
        "seed": seed,
        "epochs": epochs,
        "train_images": len(train.items),
        "train_sha256": dataset_sha256(train)[:16],
    }
