"""JPEG bytes to pixels, no larger than the detector needs them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from zoubian.detector.letterbox import plan_letterbox

# The scales at which a JPEG decoder can leave out work, and OpenCV's names for them.
_REDUCED = (
    (8, cv2.IMREAD_REDUCED_COLOR_8),
    (4, cv2.IMREAD_REDUCED_COLOR_4),
    (2, cv2.IMREAD_REDUCED_COLOR_2),
)

# Start-of-frame markers: C0..CF but for the tables and the extension (DHT, JPG, DAC).
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True, eq=False)
class ScaledPicture:
    """A picture that was decoded smaller than it is.

    Attributes:
        pixels: (h, w, 3) BGR.
        source_hw_px: height and width of the original, which boxes are given in.
    """

    pixels: NDArray[np.uint8]
    source_hw_px: tuple[int, int]


def decode_for_detection(data: bytes, *, input_hw_px: tuple[int, int]) -> ScaledPicture | None:
    """Decode a picture for a model's input; turned as its EXIF orientation says.

    A JPEG that is at least twice as large as it will be in the model's input is decoded at half,
    a quarter or an eighth, but never smaller than it will be there.

    Args:
        data: a whole file.
        input_hw_px: height and width of the model's input.

    Returns:
        None when OpenCV cannot decode it.
    """
    stored_hw_px = jpeg_size(data)
    scale, flag = 1, cv2.IMREAD_COLOR
    if stored_hw_px is not None:
        scale, flag = _reduction(stored_hw_px, input_hw_px)
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flag) if data else None
    if pixels is None:
        return None
    shown_hw_px = (pixels.shape[0], pixels.shape[1])
    if scale == 1 or stored_hw_px is None:
        return ScaledPicture(pixels.astype(np.uint8, copy=False), shown_hw_px)
    height, width = stored_hw_px
    turned = shown_hw_px != (-(-height // scale), -(-width // scale))
    source = (width, height) if turned else (height, width)
    return ScaledPicture(pixels.astype(np.uint8, copy=False), source)


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Height and width in a JPEG's frame header; None when there is none.

    >>> jpeg_size(bytes.fromhex("ffd8 ffc0 0011 08 02d0 0500 03"))
    (720, 1280)
    >>> jpeg_size(b"GIF89a") is None
    True
    """
    if not data.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAME_MARKERS:
            height = int.from_bytes(data[at + 5 : at + 7], "big")
            width = int.from_bytes(data[at + 7 : at + 9], "big")
            return (height, width) if height and width else None
        at += 1 if marker == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _reduction(stored_hw_px: tuple[int, int], input_hw_px: tuple[int, int]) -> tuple[int, int]:
    # The orientation is not known yet: both ways of laying it must keep enough pixels.
    turned = (stored_hw_px[1], stored_hw_px[0])
    needed = max(
        max(plan_letterbox(size, input_hw_px).resized_hw_px) for size in (stored_hw_px, turned)
    )
    for scale, flag in _REDUCED:
        if max(stored_hw_px) // scale >= needed:
            return scale, flag
    return 1, cv2.IMREAD_COLOR
