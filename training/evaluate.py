"""Measure a model on a labelled data set through the product's own detector."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from zoubian.datasets.formats import LabelledImage, YoloDataset
from zoubian.detector.detections import Detections
from zoubian.detector.views import LOWEST_SCORE, photo_views, steadied
from zoubian.training.metrics import (
    ScoredMatches,
    average_precision,
    match_boxes,
    precision_recall_at,
)

# Low enough that the tail of the curve is in the area, as the field does it.
EVALUATION_SCORE = 0.001
EVALUATION_IOU = 0.7


class Finds(Protocol):
    """What evaluation needs of a detector."""

    @property
    def classes(self) -> tuple[str, ...]: ...

    def stream(
        self,
        pictures: Iterable[NDArray[np.uint8]],
        *,
        score_threshold: float,
        iou: float,
    ) -> Iterator[Detections]: ...


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """One class: AP at IoU 0.5, and precision and recall at the working threshold (0..1)."""

    ap50: float | None
    precision: float | None
    recall: float | None
    threshold: float
    boxes: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Means over the classes that have boxes, and each class."""

    map50: float | None
    map50_95: float | None
    per_class: Mapping[str, ClassFigures]

    def document(self) -> dict[str, object]:
        """The `--json` document of `zoubian evaluate`."""
        return asdict(self)


def look_at(dataset: YoloDataset, detector: Finds) -> list[tuple[LabelledImage, Detections]]:
    """Run the detector over all photos of a data set, in its order."""
    frames = (_read(item) for item in dataset.items)
    found = detector.stream(frames, score_threshold=EVALUATION_SCORE, iou=EVALUATION_IOU)
    return list(zip(dataset.items, found, strict=True))


def look_at_photos(dataset: YoloDataset, detector: Finds) -> list[tuple[LabelledImage, Detections]]:
    """As `look_at`, each photo in several views, with the scores that they steady."""
    looked = []
    for item in dataset.items:
        views = photo_views(_read(item))
        found = detector.stream(views, score_threshold=LOWEST_SCORE, iou=EVALUATION_IOU)
        looked.append((item, steadied(list(found))))
    return looked


def match_classes(
    looked: Iterable[tuple[LabelledImage, Detections]],
    *,
    names: Mapping[int, str],
    classes: tuple[str, ...],
) -> dict[str, ScoredMatches]:
    """Match detections with boxes, class by class.

    Args:
        names: the data set's classes by the number in its labels.
        classes: the model's classes in the order of its output. Classes are matched by name;
            those that only one of the two knows are left out.
    """
    label_of = {name: number for number, name in names.items()}
    shared = [name for name in classes if name in label_of]
    scores: dict[str, list[NDArray[np.float32]]] = {name: [] for name in shared}
    hits: dict[str, list[NDArray[np.bool_]]] = {name: [] for name in shared}
    boxes = dict.fromkeys(shared, 0)
    for item, found in looked:
        truth_px = item.boxes_xyxy_px()
        for name in shared:
            truth = truth_px[item.class_ids == label_of[name]]
            mine = found.class_ids == classes.index(name)
            scores[name].append(found.scores[mine])
            hits[name].append(match_boxes(found.boxes_xyxy_px[mine], truth))
            boxes[name] += len(truth)
    return {
        name: ScoredMatches(
            scores=np.concatenate(scores[name]).astype(np.float64),
            hits=np.concatenate(hits[name]),
            boxes=boxes[name],
        )
        for name in shared
    }


def figures(matches: Mapping[str, ScoredMatches], thresholds: Mapping[str, float]) -> Evaluation:
    """Average precision, and precision and recall at the working thresholds."""
    curves = {name: average_precision(match) for name, match in matches.items()}
    told = [curve for name, curve in curves.items() if matches[name].boxes]
    per_class = {}
    for name, match in matches.items():
        precision, recall = precision_recall_at(match, thresholds[name])
        per_class[name] = ClassFigures(
            ap50=_known(curves[name][0]),
            precision=_known(precision),
            recall=_known(recall),
            threshold=thresholds[name],
            boxes=match.boxes,
        )
    return Evaluation(
        map50=_known(np.mean([curve[0] for curve in told])) if told else None,
        map50_95=_known(np.mean([curve.mean() for curve in told])) if told else None,
        per_class=per_class,
    )


def _known(value: float | np.floating) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def _read(item: LabelledImage) -> NDArray[np.uint8]:
    image = cv2.imdecode(np.fromfile(item.image_path, dtype=np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f"{item.image_path}: not a readable picture")
    return image.astype(np.uint8, copy=False)
