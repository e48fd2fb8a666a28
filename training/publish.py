"""From a checkpoint to a model folder: export, calibrate, measure, manifest and cards."""

import logging
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from zoubian.datasets.formats import load_yolo_dataset
from zoubian.datasets.formats.dataset import YoloDataset
from zoubian.detector.detections import Detections
from zoubian.detector.detector import load_detector
from zoubian.models.registry.manifest import (
    MANIFEST_FILE,
    Head,
    Manifest,
    save_manifest,
    sha256_of,
)
from zoubian.models.registry.precision import precision_at
from zoubian.training.card import card
from zoubian.training.datahash import dataset_sha256
from zoubian.training.evaluate import look_at, look_at_photos
from zoubian.training.export import export_onnx, made_with
from zoubian.training.quantize import quantize_model
from zoubian.training.recipe import Recipe, Terms
from zoubian.training.release import (
    calibrate,
    metrics_document,
    photo_figures,
    split_by_use,
    with_calibration,
)

logger = logging.getLogger(__name__)

LICENCE = "AGPL-3.0-or-later"
NMS_IOU = 0.7  # what evaluation uses; ultralytics' own default
CALIBRATION_STEP = 7  # every seventh training picture: about 280


def publish(
    weights: Path,
    *,
    folder: Path,
    version: str,
    imgsz_px: int,
    int8: bool,
    recipe: Recipe,
    data_root: Path,
) -> Manifest:
    """Make the model folder of a checkpoint; the folder's name is the model's.

    Args:
        weights: `.pt` checkpoint that `recipe` made.
        int8: whether the shipped weights are quantised; fp32 is measured beside them then.
        data_root: folder that the recipe's data is relative to; beside its data file lies
            `val_use.csv`, which halves `val`.

    Raises:
        DatasetError: a part of the data set is missing.
    """
    data_yaml = data_root / recipe.data
    train_set, _ = load_yolo_dataset(data_yaml, "train")
    onnx = folder / "model.onnx"
    classes, head = export_onnx(weights, onnx, imgsz_px=imgsz_px)
    full = _unmeasured(folder, onnx, classes=classes, head=head, imgsz_px=imgsz_px, weights=weights)
    full = replace(full, version=version, attributions=recipe.terms.attributions)
    result = measured(full, data_yaml=data_yaml, terms=recipe.terms)
    facts: dict[str, Any] = {}
    if int8:
        pictures = [item.image_path for item in train_set.items[::CALIBRATION_STEP]]
        quantize_model(onnx, onnx, pictures=pictures, input_hw_px=full.input_hw_px)
        small = replace(full, sha256=sha256_of(onnx), quantisation="int8")
        full_result, result = result, measured(small, data_yaml=data_yaml, terms=recipe.terms)
        facts["int8_against_fp32"] = _comparison(result, full_result, pictures=len(pictures))
    facts["training"] = training_facts(recipe, train_set)
    manifest = replace(result, metrics={**result.metrics, **facts})
    write_model(manifest, folder)
    return manifest


def _unmeasured(
    folder: Path,
    onnx: Path,
    *,
    classes: tuple[str, ...],
    head: Head,
    imgsz_px: int,
    weights: Path,
) -> Manifest:
    return Manifest(
        name=folder.name,
        version="0",
        weights=onnx.resolve(),
        sha256=sha256_of(onnx),
        classes=classes,
        head=head,
        input_hw_px=(imgsz_px, imgsz_px),
        quantisation="fp32",
        thresholds=dict.fromkeys(classes, 1.0),
        nms_iou=NMS_IOU,
        precision={},
        proven=dict.fromkeys(classes, False),
        metrics={},
        licence=LICENCE,
        attributions=(),
        source_weights_sha256=sha256_of(weights),
        made_with=made_with(),
    )


def measured(manifest: Manifest, *, data_yaml: Path, terms: Terms) -> Manifest:
    """The manifest with thresholds, precision and figures measured on the data set."""
    dataset, problems = load_yolo_dataset(data_yaml, "val")
    for problem in problems:
        logger.warning("%s", problem)
    detector = load_detector(
        manifest, runtime="auto", threads=None, precision="f32", cache_dir=None
    )
    looked, seen = look_at(dataset, detector), look_at_photos(dataset, detector)
    use_csv = data_yaml.parent / "val_use.csv"
    for_calibration, for_report = split_by_use(looked, use_csv)
    photos_for_calibration, photos_for_report = split_by_use(seen, use_csv)
    rule = partial(calibrate, dataset=dataset, classes=manifest.classes, problems=terms.problems)
    calibration = rule(for_calibration, quiet_share=terms.quiet_share)
    of_photos = rule(photos_for_calibration, quiet_share=terms.photo_quiet_share)
    calibrated = replace(
        manifest,
        **with_calibration(manifest, calibration),
        photo_thresholds={c: of_photos.thresholds.get(c, 1.0) for c in manifest.classes},
        photo_precision=of_photos.precision,
    )
    metrics = metrics_document(
        looked,
        for_report,
        dataset=dataset,
        classes=manifest.classes,
        thresholds=calibrated.thresholds,
        told_classes=terms.told_classes,
    )
    photos = photo_figures(
        photos_for_report,
        lambda found: strongest_problem(found, calibrated.for_photos(), terms.problems),
        dataset=dataset,
        problems=terms.problems,
    )
    metrics["photos"] = asdict(photos)
    metrics["val_sha256"] = dataset_sha256(dataset)[:16]
    metrics["measured_on"] = date.today().isoformat()
    return replace(calibrated, metrics=metrics)


def strongest_problem(
    found: Detections, manifest: Manifest, problems: frozenset[str]
) -> str | None:
    """The problem class above its threshold that is most likely true, by measured precision."""
    ids, scores = found.class_ids.tolist(), found.scores.tolist()
    shown = [
        (precision_at(manifest, name, score) or 0.0, score, name)
        for name, score in zip((manifest.classes[i] for i in ids), scores, strict=True)
        if name in problems and score >= manifest.thresholds[name]
    ]
    return max(shown)[2] if shown else None


def write_model(manifest: Manifest, folder: Path) -> None:
    """Write manifest and cards into the model's folder."""
    save_manifest(manifest, folder / MANIFEST_FILE)
    (folder / "card.md").write_text(card(manifest, lang="en"), encoding="utf-8")
    (folder / "card.zh.md").write_text(card(manifest, lang="zh"), encoding="utf-8")


def training_facts(recipe: Recipe, train: YoloDataset) -> dict[str, Any]:
    """What the card says about a training."""
    stages = (
        f"{stage.name}: {stage.settings['epochs']} epochs at {stage.settings['imgsz']} px"
        for stage in recipe.stages
    )
    return {
        "recipe": recipe.name,
        "start": recipe.start,
        "seed": recipe.seed,
        "stages": "; ".join(stages),
        "train_images": len(train.items),
        "train_sha256": dataset_sha256(train)[:16],
    }


def _comparison(int8: Manifest, fp32: Manifest, *, pictures: int) -> dict[str, Any]:
    return {
        "mean_ap50_int8": int8.metrics["mean_ap50"]["value"],
        "mean_ap50_fp32": fp32.metrics["mean_ap50"]["value"],
        "calibrated_on_train_pictures": pictures,
    }
