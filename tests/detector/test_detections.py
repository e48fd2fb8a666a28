"""Detections are validated where they are made."""

import numpy as np
import pytest

from zoubian.detector.detections import Detections, no_detections, sorted_detections

BOXES = np.array([[0, 0, 4, 4], [1, 1, 2, 2]], np.float32)
SCORES = np.array([0.9, 0.4], np.float32)
CLASSES = np.array([1, 0], np.int64)


def test_keeps_valid_arrays() -> None:
    found = Detections(BOXES, SCORES, CLASSES)
    assert len(found) == 2
    assert found.take(np.array([False, True])).class_ids.tolist() == [0]
    assert len(no_detections()) == 0


def test_sorts_by_falling_score() -> None:
    found = sorted_detections(BOXES, SCORES[::-1].copy(), CLASSES)
    assert found.scores.tolist() == SCORES.tolist()
    assert found.class_ids.tolist() == [0, 1]
    assert found.boxes_xyxy_px.tolist() == BOXES[::-1].tolist()


@pytest.mark.parametrize(
    ("boxes", "scores", "classes", "says"),
    [
        (BOXES.astype(np.float64), SCORES, CLASSES, "float32"),
        (BOXES[:1], SCORES, CLASSES, r"\(2, 4\)"),
        (BOXES, SCORES, CLASSES.astype(np.int32), "int64"),
        (BOXES, SCORES, CLASSES[:1], "class_ids"),
        (BOXES[:, [2, 1, 0, 3]], SCORES, CLASSES, "x1 <= x2"),
        (BOXES * np.float32(np.nan), SCORES, CLASSES, "finite"),
        (BOXES, SCORES[::-1].copy(), CLASSES, "falling"),
        (BOXES, SCORES * 2, CLASSES, "0..1"),
        (BOXES, SCORES * np.float32(np.nan), CLASSES, "0..1"),
        (BOXES, SCORES, CLASSES - 1, "class_ids"),
    ],
)
def test_refuses_other_arrays(boxes: object, scores: object, classes: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Detections(boxes, scores, classes)  # type: ignore[arg-type]
