"""Suppression, against a slow plain version."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from zoubian.detector.nms import box_overlaps, keep_best


def plain_overlap(a: Sequence[float], b: Sequence[float]) -> tuple[float, float]:
    width = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    height = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    if not min(areas):
        return 0.0, 0.0
    shared = width * height
    return shared / (sum(areas) - shared), shared / min(areas)


def plain_nms(boxes: NDArray[np.float32], iou: float) -> list[int]:
    kept: list[int] = []
    rows = boxes.tolist()
    for i in range(len(rows)):
        if all(plain_overlap(rows[i], rows[k])[0] <= iou for k in kept):
            kept.append(i)
    return kept


def random_boxes(n: int, seed: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 60, (n, 2))
    return np.hstack([low, low + rng.uniform(0, 40, (n, 2))]).astype(np.float32)


def test_overlaps_equal_the_plain_version() -> None:
    a, b = random_boxes(20, 1), random_boxes(30, 2)
    a[3, 2:] = a[3, :2]  # an empty box
    iou, ios = box_overlaps(a, b)
    expected = np.array([[plain_overlap(x, y) for y in b.tolist()] for x in a.tolist()])
    np.testing.assert_allclose(iou, expected[..., 0], atol=1e-5)
    np.testing.assert_allclose(ios, expected[..., 1], atol=1e-5)


@pytest.mark.parametrize("n", [0, 1, 50, 256, 257, 400])
@pytest.mark.parametrize("iou", [0.1, 0.5])
def test_keeps_what_the_plain_version_keeps(n: int, iou: float) -> None:
    boxes = random_boxes(n, n)
    assert keep_best(boxes, iou=iou, limit=n + 1).tolist() == plain_nms(boxes, iou)


def test_keeps_no_more_than_the_limit_and_the_best_of_them() -> None:
    boxes = random_boxes(700, 3)
    everything = keep_best(boxes, iou=0.7, limit=700)
    assert len(everything) > 40
    assert keep_best(boxes, iou=0.7, limit=40).tolist() == everything[:40].tolist()
