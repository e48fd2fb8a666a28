"""Average precision and precision-recall of boxes, as the field measures them.

Detections are matched one to one with boxes of the same class and picture, the surest detection
first, each with the box it overlaps most among those left; average precision is the area under the
precision envelope, sampled at 101 recalls (the COCO rule).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IOU_THRESHOLDS = np.linspace(0.5, 0.95, 10)


@dataclass(frozen=True, slots=True)
class ScoredMatches:
    """All detections of one class over a data set, and how many boxes there were to find.

    `scores (N,)`; `hits (N, 10)`: whether the detection found a box, at each of IOU_THRESHOLDS.
    """

    scores: NDArray[np.float64]
    hits: NDArray[np.bool_]
    boxes: int


def box_iou(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float64]:
    """Overlap of every box of `a (N, 4)` with every box of `b (M, 4)`, xyxy, as `(N, M)`."""
    top_left = np.maximum(a[:, None, :2], b[None, :, :2]).astype(np.float64)
    bottom_right = np.minimum(a[:, None, 2:], b[None, :, 2:]).astype(np.float64)
    intersection = np.prod(np.clip(bottom_right - top_left, 0.0, None), axis=2)
    area_a = np.prod(a[:, 2:] - a[:, :2], axis=1).astype(np.float64)
    area_b = np.prod(b[:, 2:] - b[:, :2], axis=1).astype(np.float64)
    union = area_a[:, None] + area_b[None, :] - intersection
    overlap: NDArray[np.float64] = np.divide(
        intersection, union, out=np.zeros_like(intersection), where=union > 0
    )
    return overlap


def match_boxes(found: NDArray[np.float32], truth: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which of `found (N, 4)` hit a box of `truth (M, 4)`, one to one, per IoU threshold `(N, 10)`.

    Both hold boxes of one class in one picture, xyxy px; `found` by falling score: of several
    detections of one object the surest is the hit, the others are false.
    """
    hits = np.zeros((len(found), len(IOU_THRESHOLDS)), dtype=bool)
    if not len(found) or not len(truth):
        return hits
    overlaps = box_iou(found, truth)
    for level, minimum in enumerate(IOU_THRESHOLDS):
        free = np.ones(len(truth), dtype=bool)
        for row in np.flatnonzero(overlaps.max(axis=1) >= minimum):
            left = np.where(free, overlaps[row], -1.0)
            best = int(left.argmax())
            if left[best] >= minimum:
                hits[row, level] = True
                free[best] = False
    return hits


def average_precision(matches: ScoredMatches) -> NDArray[np.float64]:
    """Average precision at each of IOU_THRESHOLDS, shape `(10,)`; NaN where nothing was to find.

    >>> perfect = ScoredMatches(np.array([0.9]), np.ones((1, 10), dtype=bool), boxes=1)
    >>> round(float(average_precision(perfect)[0]), 2)
    0.99
    """
    levels = len(IOU_THRESHOLDS)
    if matches.boxes == 0:
        return np.full(levels, np.nan)
    if not len(matches.scores):
        return np.zeros(levels)
    order = np.argsort(-matches.scores, kind="stable")
    hits = matches.hits[order].cumsum(axis=0)
    seen = np.arange(1, len(order) + 1)[:, None]
    recall, precision = hits / matches.boxes, hits / seen
    at = np.linspace(0.0, 1.0, 101)
    result = np.zeros(levels)
    for level in range(levels):
        known_recall = np.concatenate(([0.0], recall[:, level], [recall[-1, level], 1.0]))
        known = np.concatenate(([1.0], precision[:, level], [0.0, 0.0]))
        envelope = np.maximum.accumulate(known[::-1])[::-1]
        result[level] = np.trapezoid(np.interp(at, known_recall, envelope), at)
    return result


def precision_recall_at(matches: ScoredMatches, threshold: float) -> tuple[float, float]:
    """Precision and recall (IoU 0.5) of the detections that score at least `threshold`.

    Either is NaN where it has no meaning: nothing found, or nothing to find.
    """
    kept = matches.scores >= threshold
    hits = int(matches.hits[kept, 0].sum())
    precision = hits / int(kept.sum()) if kept.any() else float("nan")
    recall = hits / matches.boxes if matches.boxes else float("nan")
    return precision, recall
