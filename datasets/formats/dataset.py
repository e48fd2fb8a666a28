"""Labelled images in memory, whatever format they came from."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

EXIF_ORIENTATION = 0x0112
QUARTER_TURNS = (5, 6, 7, 8)  # orientations that swap width and height (EXIF 2.3, tag 0x0112)


@dataclass(frozen=True, slots=True, eq=False)
class LabelledImage:
    """One image with its boxes.

    Attributes:
        image_path: the image file.
        label_path: its label file; None where there is none, which makes it background.
        boxes_xyxy_norm: (N, 4) float32, x1 y1 x2 y2 as shares of the upright image, within [0, 1].
        class_ids: (N,) int64, keys of the data set's `names`.
    """

    image_path: Path
    label_path: Path | None
    boxes_xyxy_norm: NDArray[np.float32]
    class_ids: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Check shapes and types once, where they enter."""
        boxes, ids = self.boxes_xyxy_norm, self.class_ids
        if boxes.ndim != 2 or boxes.shape[1] != 4 or boxes.dtype != np.float32:
            raise ValueError(
                f"boxes_xyxy_norm: expected (N, 4) float32, got {boxes.shape} {boxes.dtype}"
            )
        if ids.shape != (len(boxes),) or ids.dtype != np.int64:
            raise ValueError(
                f"class_ids: expected ({len(boxes)},) int64, got {ids.shape} {ids.dtype}"
            )

    def boxes_xyxy_px(self) -> NDArray[np.float32]:
        """Boxes in pixels of the upright image, (N, 4) x1 y1 x2 y2; reads the image's header.

        Raises:
            OSError: the header cannot be read.
        """
        width_px, height_px = upright_size_px(self.image_path)
        scale = np.array([width_px, height_px, width_px, height_px], dtype=np.float32)
        return self.boxes_xyxy_norm * scale


@dataclass(frozen=True, slots=True, eq=False)
class YoloDataset:
    """One split of a data set; `items` are in the order of the files, `root` holds data.yaml."""

    root: Path
    split: str
    names: Mapping[int, str]
    items: tuple[LabelledImage, ...]


def upright_size_px(image_path: Path) -> tuple[int, int]:
    """Width and height as a viewer shows the image, from its header alone.

    Labels are drawn on the upright picture: a phone photo stored on its side has them swapped.

    Raises:
        OSError: not an image, or not readable.
    """
    try:
        with Image.open(image_path) as image:
            (width_px, height_px), turned = image.size, _is_turned(image)
    except (ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise OSError(f"{image_path}: not a readable image header") from error
    return (height_px, width_px) if turned else (width_px, height_px)


def _is_turned(image: Image.Image) -> bool:
    try:
        orientation = image.getexif().get(EXIF_ORIENTATION)
    except (ValueError, SyntaxError, OSError, struct.error):
        return False  # a viewer shows a picture with broken EXIF as it is stored
    return orientation in QUARTER_TURNS
