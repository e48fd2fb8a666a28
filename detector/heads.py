"""What the two kinds of YOLO output mean."""

import numpy as np
from numpy.typing import NDArray

from zoubian.detector.detections import Detections, no_detections
from zoubian.detector.errors import ModelShapeError
from zoubian.detector.letterbox import Letterbox, boxes_to_source
from zoubian.detector.nms import keep_best

MAX_DETECTIONS = 300  # a picture; ultralytics' own limit

# Classes are set this far apart before the overlap is taken, as ultralytics does: one pass keeps
# classes apart, and float32 rounds the same way.
CLASS_OFFSET_PX = np.float32(7680)


def decode_one_to_many(
    output: NDArray[np.float32],
    plan: Letterbox,
    *,
    score_thresholds: NDArray[np.float32],
    iou: float,
) -> Detections:
    """Decode the output of a head that answers on every anchor.

    Args:
        output: (1, 4 + classes, anchors): centre x, centre y, width, height in pixels of the
            model's input, then a score in 0..1 for each class.
        score_thresholds: (classes,); an anchor counts with its best class above its threshold.
        iou: boxes of one class that overlap more than this are one object.

    Raises:
        ModelShapeError: the output does not have this layout.
    """
    classes = len(score_thresholds)
    if output.ndim != 3 or output.shape[:2] != (1, 4 + classes):
        raise _wrong_shape(f"(1, {4 + classes}, anchors)", output.shape)
    scores = output[0, 4:]
    anchors = np.flatnonzero((scores > score_thresholds[:, None]).any(axis=0))
    if not len(anchors):
        return no_detections()
    candidates = scores[:, anchors]
    candidates = np.where(candidates > score_thresholds[:, None], candidates, 0)
    class_ids = candidates.argmax(axis=0)
    best = candidates.max(axis=0)
    order = np.argsort(-best, kind="stable")
    best, class_ids, anchors = best[order], class_ids[order], anchors[order]
    centre, half = output[0, :2, anchors], output[0, 2:4, anchors] / 2
    boxes = np.concatenate([centre - half, centre + half], axis=1)
    apart = boxes + class_ids[:, None].astype(np.float32) * CLASS_OFFSET_PX
    kept = keep_best(apart, iou=iou, limit=MAX_DETECTIONS)
    return Detections(boxes_to_source(boxes[kept], plan), best[kept], class_ids[kept])


def decode_end_to_end(
    output: NDArray[np.float32], plan: Letterbox, *, score_thresholds: NDArray[np.float32]
) -> Detections:
    """Decode the output of a head that answers once for each object.

    Args:
        output: (1, N, 6): x1, y1, x2, y2 in pixels of the model's input, score, class.
        score_thresholds: (classes,).

    Raises:
        ModelShapeError: the output does not have this layout.
    """
    if output.ndim != 3 or output.shape[0] != 1 or output.shape[2] != 6:
        raise _wrong_shape("(1, n, 6)", output.shape)
    rows = output[0]
    class_ids = rows[:, 5].astype(np.int64)
    if len(rows) and not (0 <= class_ids.min() and class_ids.max() < len(score_thresholds)):
        raise _wrong_shape(f"classes below {len(score_thresholds)}", (int(class_ids.max()),))
    above = np.flatnonzero(rows[:, 4] > score_thresholds[class_ids])
    order = above[np.argsort(-rows[above, 4], kind="stable")][:MAX_DETECTIONS]
    boxes = boxes_to_source(rows[order, :4], plan)
    # Nothing in this head keeps x1 <= x2; a turned box is an empty one.
    boxes[:, 2:] = np.maximum(boxes[:, 2:], boxes[:, :2])
    return Detections(boxes, rows[order, 4], class_ids[order])


def _wrong_shape(expected: str, got: tuple[int, ...]) -> ModelShapeError:
    return ModelShapeError(
        en=f"model output: expected {expected}, got {got}; is the manifest's head right?",
        zh=f"模型输出应为 {expected}，实为 {got}；请检查清单中的 head",
    )
