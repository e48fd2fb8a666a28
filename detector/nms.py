"""Overlap of boxes, and the suppression of boxes that show one object twice."""

import numpy as np
from numpy.typing import NDArray

_BLOCK = 256


def box_overlaps(
    a: NDArray[np.float32], b: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Overlap of each box of `a` with each box of `b`.

    Args:
        a: (N, 4) x1, y1, x2, y2.
        b: (M, 4), the same.

    Returns:
        Two arrays (N, M): intersection over union, and intersection over the smaller box.
        Empty boxes overlap nothing.

    >>> iou, ios = box_overlaps(np.float32([[0, 0, 4, 4]]), np.float32([[0, 0, 2, 2]]))
    >>> float(iou[0, 0]), float(ios[0, 0])
    (0.25, 1.0)
    """
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    sides = np.maximum(high - low, 0)
    shared = sides[..., 0] * sides[..., 1]
    area_a = ((a[:, 2] - a[:, 0]) * (a[:, 3] - a[:, 1]))[:, None]
    area_b = ((b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1]))[None, :]
    union = area_a + area_b - shared
    smaller = np.minimum(area_a, area_b)
    iou = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    ios = np.divide(shared, smaller, out=np.zeros_like(shared), where=smaller > 0)
    return iou, ios


def suppress(same_object: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Walk down a ranking and keep what is not the same object as something kept before.

    Args:
        same_object: (N, N), rows and columns in falling rank.

    Returns:
        (K,) positions kept, rising.
    """
    alive = np.ones(len(same_object), np.bool_)
    for rank in range(len(same_object)):
        if alive[rank]:
            alive[rank + 1 :] &= ~same_object[rank, rank + 1 :]
    return np.flatnonzero(alive)


def keep_best(boxes_xyxy_px: NDArray[np.float32], *, iou: float, limit: int) -> NDArray[np.int64]:
    """Non-maximum suppression of boxes that are sorted by falling score.

    Works in blocks, so that the thousands of weak candidates of an evaluation cost no matrix of
    thousands by thousands.

    Args:
        boxes_xyxy_px: (N, 4).
        iou: boxes that overlap a kept one more than this are dropped.
        limit: keep at most so many.

    Returns:
        (K,) positions kept, rising.

    >>> keep_best(np.float32([[0, 0, 4, 4], [0, 0, 4, 3], [8, 8, 9, 9]]), iou=0.7, limit=10)
    array([0, 2])
    """
    kept = np.empty(0, np.int64)
    for start in range(0, len(boxes_xyxy_px), _BLOCK):
        block = boxes_xyxy_px[start : start + _BLOCK]
        overlap, _ = box_overlaps(block, boxes_xyxy_px[kept])
        free = np.flatnonzero(~(overlap > iou).any(axis=1))
        overlap, _ = box_overlaps(block[free], block[free])
        kept = np.concatenate([kept, start + free[suppress(overlap > iou)]])
        if len(kept) >= limit:
            break
    return kept[:limit]
