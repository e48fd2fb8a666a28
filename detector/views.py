"""One photo looked at in several ways, for an answer that does not hang on one of them."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from zoubian.detector.detections import Detections, sorted_detections

# How much farther away the third view stands, and the grey it stands on (the letterbox's).
WIDER = 1.25
_GREY = 114

# Views are compared down to this score, where thresholds are measured and where they are used.
LOWEST_SCORE = 0.01


def photo_views(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    """The photo (H, W, 3) as it is, mirrored, and from farther away."""
    height, width = pixels.shape[:2]
    down, across = round(height * (WIDER - 1) / 2), round(width * (WIDER - 1) / 2)
    wider = cv2.copyMakeBorder(
        pixels, down, down, across, across, cv2.BORDER_CONSTANT, value=(_GREY, _GREY, _GREY)
    )
    return pixels, np.ascontiguousarray(pixels[:, ::-1]), wider.astype(np.uint8, copy=False)


def steadied(found: Sequence[Detections]) -> Detections:
    """The detections of the first view, each class's scores scaled so that its best one is the
    mean of the best ones of all views: what only one view shows counts for less.

    Args:
        found: of each view of one photo, down to LOWEST_SCORE.
    """
    first = found[0]
    scores = first.scores.copy()
    for class_id in np.unique(first.class_ids).tolist():
        tops = [float(view.scores[view.class_ids == class_id].max(initial=0.0)) for view in found]
        scores[first.class_ids == class_id] *= np.float32(np.mean(tops) / tops[0])
    np.clip(scores, 0.0, 1.0, out=scores)
    return sorted_detections(first.boxes_xyxy_px, scores, first.class_ids)
