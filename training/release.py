"""Make a model that can be shipped: export, calibrate, measure, and write manifest and cards."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from zoubian.datasets.formats import LabelledImage, YoloDataset
from zoubian.detector.detections import Detections
from zoubian.models.registry.manifest import Manifest, PrecisionPoint
from zoubian.training.calibration import best_f1_threshold, precision_table, quiet_thresholds
from zoubian.training.evaluate import figures, match_classes

Looked = list[tuple[LabelledImage, Detections]]

# A step of the precision table rests on at least this many detections.
MIN_PER_STEP = 25


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the calibrate half says: thresholds and measured precision by class."""

    thresholds: Mapping[str, float]
    precision: Mapping[str, tuple[PrecisionPoint, ...]]


@dataclass(frozen=True, slots=True)
class PhotoFigures:
    """How suggestions fare on whole photos.

    Attributes:
        problem_photos: photos that show a problem.
        named_first: share of those whose first suggestion is a problem that is in the photo.
        harmless_photos: photos with closed bins only.
        quiet: share of those without any suggestion.
    """

    problem_photos: int
    named_first: float
    harmless_photos: int
    quiet: float


def split_by_use(looked: Looked, use_csv: Path) -> tuple[Looked, Looked]:
    """The calibrate half and the report half, as the data set's own file says."""
    with use_csv.open(encoding="utf-8", newline="") as file:
        use = {row["file"]: row["use"] for row in csv.DictReader(file)}
    calibrate = [one for one in looked if use[one[0].image_path.name] == "calibrate"]
    report = [one for one in looked if use[one[0].image_path.name] == "report"]
    return calibrate, report


def calibrate(
    looked: Looked,
    *,
    dataset: YoloDataset,
    classes: tuple[str, ...],
    problems: frozenset[str],
    quiet_share: float,
) -> Calibration:
    """Thresholds and measured precision.

    A class is shown from the score where precision and recall balance best; problem classes not
    below the scores at which they, together, would disturb more than `1 - quiet_share` of the
    photos that show closed bins only.

    Args:
        looked: the calibrate half with its detections.
        problems: the classes that are a problem by themselves.
    """
    matches = match_classes(looked, names=dataset.names, classes=classes)
    harmless = [found for item, found in looked if is_harmless(item, dataset, problems)]
    tops = {
        name: np.array([top_score(found, classes.index(name)) for found in harmless])
        for name in matches
        if name in problems
    }
    best = {name: best_f1_threshold(match) for name, match in matches.items()}
    quiet = quiet_thresholds(
        tops, floors={name: best[name] for name in tops}, quiet_share=quiet_share
    )
    thresholds = {name: round(score, 4) for name, score in {**best, **quiet}.items()}
    tables = {
        name: precision_table(match, min_per_step=MIN_PER_STEP)
        for name, match in matches.items()
        if len(match.scores)
    }
    return Calibration(thresholds=thresholds, precision=tables)


def is_harmless(item: LabelledImage, dataset: YoloDataset, problems: frozenset[str]) -> bool:
    """Whether a photo shows bins and no problem."""
    names = {dataset.names[int(i)] for i in item.class_ids}
    return bool(names) and not names & problems


def top_score(found: Detections, class_id: int) -> float:
    """The best score of a class in one photo; 0 where it was not found."""
    scores = found.scores[found.class_ids == class_id]
    return float(scores.max()) if len(scores) else 0.0


def photo_figures(
    looked: Looked,
    first_suggestion: Callable[[Detections], str | None],
    *,
    dataset: YoloDataset,
    problems: frozenset[str],
) -> PhotoFigures:
    """How often the first suggestion is right, and how often harmless photos are left alone.

    Args:
        first_suggestion: the visual class that is suggested first for these detections.
    """
    right = quiet = with_problem = harmless = 0
    for item, found in looked:
        present = {dataset.names[int(i)] for i in item.class_ids} & problems
        first = first_suggestion(found)
        if present:
            with_problem += 1
            right += first in present
        elif is_harmless(item, dataset, problems):
            harmless += 1
            quiet += first is None
    return PhotoFigures(
        problem_photos=with_problem,
        named_first=right / with_problem if with_problem else 0.0,
        harmless_photos=harmless,
        quiet=quiet / harmless if harmless else 0.0,
    )


def metrics_document(
    looked: Looked,
    report: Looked,
    *,
    dataset: YoloDataset,
    classes: tuple[str, ...],
    thresholds: Mapping[str, float],
    told_classes: Sequence[str],
) -> dict[str, Any]:
    """The figures that a manifest carries: AP on all of val, precision and recall on report."""
    whole = figures(match_classes(looked, names=dataset.names, classes=classes), thresholds)
    half = figures(match_classes(report, names=dataset.names, classes=classes), thresholds)
    told = [whole.per_class[name].ap50 or 0.0 for name in told_classes]
    return {
        "val": asdict(whole),
        "report": asdict(half),
        "mean_ap50": {"classes": list(told_classes), "value": round(sum(told) / len(told), 4)},
    }


def with_calibration(manifest: Manifest, calibration: Calibration) -> dict[str, Any]:
    """The fields of a manifest that calibration decides."""
    return {
        "thresholds": {name: calibration.thresholds.get(name, 1.0) for name in manifest.classes},
        "precision": calibration.precision,
        "proven": {name: name in calibration.precision for name in manifest.classes},
    }
