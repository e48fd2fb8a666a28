"""The YOLO letterbox: a picture scaled to fit, centred, the rest grey; and the way back."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

PADDING_GREY = 114  # what YOLO models are trained with


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where a picture lies inside the model's input.

    Attributes:
        source_hw_px: the original picture, which boxes are given in.
        input_hw_px: the model's input.
        resized_hw_px: the picture inside the input.
        top_px: rows of grey above it.
        left_px: columns of grey left of it.
    """

    source_hw_px: tuple[int, int]
    input_hw_px: tuple[int, int]
    resized_hw_px: tuple[int, int]
    top_px: int
    left_px: int


def plan_letterbox(source_hw_px: tuple[int, int], input_hw_px: tuple[int, int]) -> Letterbox:
    """Lay a picture of one size into an input of another, rounding as ultralytics does.

    >>> plan_letterbox((720, 1280), (416, 416))
    ... # doctest: +NORMALIZE_WHITESPACE
    Letterbox(source_hw_px=(720, 1280), input_hw_px=(416, 416), resized_hw_px=(234, 416),
    top_px=91, left_px=0)
    """
    scale = min(input_hw_px[0] / source_hw_px[0], input_hw_px[1] / source_hw_px[1])
    resized_h, resized_w = (max(round(side * scale), 1) for side in source_hw_px)
    # Half a pixel too many goes below and to the right; 0.1 settles it before round() does.
    top = round((input_hw_px[0] - resized_h) / 2 - 0.1)
    left = round((input_hw_px[1] - resized_w) / 2 - 0.1)
    return Letterbox(source_hw_px, input_hw_px, (resized_h, resized_w), top, left)


def letterbox_picture(pixels: NDArray[np.uint8], plan: Letterbox) -> NDArray[np.uint8]:
    """Draw a picture into the model's input.

    Args:
        pixels: (H, W, 3); may be smaller than `plan.source_hw_px` when it was decoded at a
            reduced scale.

    Returns:
        (1, input height, input width, 3), C-contiguous.
    """
    resized_h, resized_w = plan.resized_hw_px
    top, left = plan.top_px, plan.left_px
    canvas = np.full((1, *plan.input_hw_px, 3), PADDING_GREY, np.uint8)
    inside = canvas[0, top : top + resized_h, left : left + resized_w]
    if pixels.shape[:2] == plan.resized_hw_px:
        inside[:] = pixels
    else:
        inside[:] = cv2.resize(pixels, (resized_w, resized_h), interpolation=cv2.INTER_LINEAR)
    return canvas


def boxes_to_source(boxes_xyxy_px: NDArray[np.float32], plan: Letterbox) -> NDArray[np.float32]:
    """Boxes from pixels of the model's input to pixels of the original picture, clipped to it.

    Args:
        boxes_xyxy_px: (N, 4).

    Returns:
        (N, 4), a new array.
    """
    source_h, source_w = plan.source_hw_px
    resized_h, resized_w = plan.resized_hw_px
    offset = np.array([plan.left_px, plan.top_px] * 2, np.float32)
    gain = np.array([resized_w / source_w, resized_h / source_h] * 2, np.float32)
    limit = np.array([source_w, source_h] * 2, np.float32)
    boxes: NDArray[np.float32] = np.clip((boxes_xyxy_px - offset) / gain, 0, limit)
    return boxes
