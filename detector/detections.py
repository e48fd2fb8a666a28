"""What was found in one picture, as parallel arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """Boxes of one picture, by falling score.

    Attributes:
        boxes_xyxy_px: (N, 4) float32, x1, y1, x2, y2 in pixels of the original picture.
        scores: (N,) float32 in 0..1.
        class_ids: (N,) int64, index into the manifest's classes.
    """

    boxes_xyxy_px: NDArray[np.float32]
    scores: NDArray[np.float32]
    class_ids: NDArray[np.int64]

    def __post_init__(self) -> None:
        n = len(self.scores)
        expected = {
            "boxes_xyxy_px": ((n, 4), np.float32),
            "scores": ((n,), np.float32),
            "class_ids": ((n,), np.int64),
        }
        for name, (shape, dtype) in expected.items():
            array = getattr(self, name)
            if array.shape != shape or array.dtype != dtype:
                raise ValueError(
                    f"{name}: expected {shape} {np.dtype(dtype)}, got {array.shape} {array.dtype}"
                )
        boxes = self.boxes_xyxy_px
        if not np.isfinite(boxes).all() or (boxes[:, 2:] < boxes[:, :2]).any():
            raise ValueError("boxes_xyxy_px: expected finite x1 <= x2, y1 <= y2")
        if not ((self.scores >= 0) & (self.scores <= 1)).all():
            raise ValueError("scores: expected values in 0..1")
        if (np.diff(self.scores) > 0).any():
            raise ValueError("scores: expected falling order")
        if (self.class_ids < 0).any():
            raise ValueError("class_ids: expected 0 or more")

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, index: NDArray[np.bool_] | NDArray[np.int64]) -> "Detections":
        """The detections at `index` (a mask, or rising positions)."""
        return Detections(self.boxes_xyxy_px[index], self.scores[index], self.class_ids[index])


def sorted_detections(
    boxes_xyxy_px: NDArray[np.float32], scores: NDArray[np.float32], class_ids: NDArray[np.int64]
) -> Detections:
    """Detections from arrays in any order; equal scores keep theirs.

    >>> found = sorted_detections(
    ...     np.float32([[0, 0, 1, 1], [2, 2, 3, 3]]), np.float32([0.2, 0.9]), np.array([0, 1]))
    >>> found.class_ids.tolist()
    [1, 0]
    """
    order = np.argsort(-scores, kind="stable")
    return Detections(boxes_xyxy_px[order], scores[order], class_ids[order])


def no_detections() -> Detections:
    """A picture in which nothing was found."""
    return Detections(np.empty((0, 4), np.float32), np.empty(0, np.float32), np.empty(0, np.int64))
