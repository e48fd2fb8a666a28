"""Decoding at a reduced scale never costs the model a pixel, nor a box its place."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from zoubian.detector.pictures import decode_for_detection, jpeg_size


def drawn(height: int, width: int) -> NDArray[np.uint8]:
    """Dark, with the upper left quarter red."""
    pixels = np.full((height, width, 3), 20, np.uint8)
    pixels[: height // 2, : width // 2] = (0, 0, 250)
    return pixels


def jpeg(height: int, width: int) -> bytes:
    return bytes(cv2.imencode(".jpg", drawn(height, width))[1])


def with_orientation(data: bytes, orientation: int) -> bytes:
    tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0" + bytes([orientation, 0, 0, 0])
    exif = b"Exif\0\0" + tiff + b"\0\0\0\0"
    return data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + data[2:]


@pytest.mark.parametrize(
    ("size", "target", "decoded"),
    [
        ((720, 1280), 640, (360, 640)),
        ((720, 1280), 416, (360, 640)),
        ((720, 1278), 640, (720, 1278)),  # half would be one pixel short
        ((400, 400), 416, (400, 400)),
        ((3000, 4000), 416, (375, 500)),
        ((3001, 4001), 416, (376, 501)),
        ((3400, 3400), 416, (425, 425)),
    ],
)
def test_decodes_at_the_least_scale_that_is_enough(
    size: tuple[int, int], target: int, decoded: tuple[int, int]
) -> None:
    picture = decode_for_detection(jpeg(*size), input_hw_px=(target, target))
    assert picture is not None
    assert picture.pixels.shape[:2] == decoded
    assert picture.source_hw_px == size


@pytest.mark.parametrize(
    ("orientation", "shown", "red_corner"),
    [(1, (600, 1600), (0, 0)), (6, (1600, 600), (0, -1)), (8, (1600, 600), (-1, 0))],
)
def test_turns_as_exif_says(
    orientation: int, shown: tuple[int, int], red_corner: tuple[int, int]
) -> None:
    data = with_orientation(jpeg(600, 1600), orientation)
    picture = decode_for_detection(data, input_hw_px=(416, 416))
    assert picture is not None
    assert max(picture.pixels.shape) == 800
    assert picture.source_hw_px == shown
    assert picture.pixels[red_corner][2] > 200


def test_other_formats_are_decoded_whole() -> None:
    data = bytes(cv2.imencode(".png", drawn(720, 1280))[1])
    picture = decode_for_detection(data, input_hw_px=(416, 416))
    assert picture is not None
    assert picture.pixels.shape == (720, 1280, 3)


@pytest.mark.parametrize("data", [b"", b"plain text", b"\xff\xd8\xff", jpeg(64, 64)[:40]])
def test_what_is_no_picture_is_none(data: bytes) -> None:
    assert decode_for_detection(data, input_hw_px=(416, 416)) is None


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (jpeg(333, 77), (333, 77)),
        (with_orientation(jpeg(333, 77), 6), (333, 77)),
        (
            bytes(cv2.imencode(".jpg", drawn(90, 40), [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1]),
            (90, 40),
        ),
        (b"\xff\xd8\xff\xe0\x00\x04", None),
        (b"\xff\xd8", None),
    ],
)
def test_reads_the_size_from_the_header(data: bytes, size: tuple[int, int] | None) -> None:
    assert jpeg_size(data) == size
