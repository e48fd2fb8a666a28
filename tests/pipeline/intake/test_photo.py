"""Decoding: upright, right colours, 8 bit, and only as large as asked for."""

import io

import numpy as np
import pytest
from bad_photos import encoded, street
from numpy.typing import NDArray
from PIL import Image, ImageOps
from pillow_heif import from_pillow

from zoubian.pipeline.intake.photo import DecodedPhoto, PhotoLimits, decode_photo


def decoded(data: bytes, at_least_px: int | None = None) -> DecodedPhoto:
    photo = decode_photo(data, limits=PhotoLimits(), at_least_px=at_least_px)
    assert isinstance(photo, DecodedPhoto)
    assert photo.image.dtype == np.uint8
    assert photo.image.flags.c_contiguous
    return photo


def bgr(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("RGB"))[:, :, ::-1]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_turns_every_orientation_upright(file_format: str, orientation: int) -> None:
    picture, exif = street(64, 48), Image.Exif()
    exif[0x0112] = orientation
    data = encoded(picture, file_format, exif=exif, quality=95, lossless=True)
    photo = decoded(data)
    picture.getexif()[0x0112] = orientation
    expected = bgr(ImageOps.exif_transpose(picture))
    assert photo.image.shape == expected.shape
    assert (photo.full_height_px, photo.full_width_px) == expected.shape[:2]
    assert np.abs(photo.image.astype(int) - expected).mean() < 8  # JPEG is lossy


@pytest.mark.parametrize(
    ("at_least_px", "long_side_px", "scale"),
    [
        (None, 1000, 1),
        (1001, 1000, 1),
        (501, 1000, 1),
        (500, 500, 0.5),
        (130, 250, 0.25),
        (1, 125, 0.125),
    ],
)
def test_decodes_a_jpeg_no_larger_than_needed(
    at_least_px: int | None, long_side_px: int, scale: float
) -> None:
    photo = decoded(encoded(street(1000, 600), "JPEG"), at_least_px)
    assert max(photo.image.shape) == long_side_px
    assert photo.scale == scale
    assert (photo.full_width_px, photo.full_height_px) == (1000, 600)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_scales_jpegs_of_other_modes_too(mode: str) -> None:
    photo = decoded(encoded(street(1000, 600).convert(mode), "JPEG"), 250)
    assert photo.image.shape == (150, 250, 3)
    assert photo.scale == 0.25


@pytest.mark.parametrize("colour", [(200, 40, 20), (20, 180, 60), (30, 60, 220), (255, 255, 255)])
@pytest.mark.parametrize("mode", ["RGB", "CMYK", "P", "RGBA", "HEIF"])
def test_keeps_colours(mode: str, colour: tuple[int, int, int]) -> None:
    picture = Image.new("RGB", (64, 64), colour)
    match mode:
        case "CMYK":
            data = encoded(picture.convert("CMYK"), "JPEG", quality=95)
        case "RGB":
            data = encoded(picture, "JPEG", quality=95)
        case "HEIF":
            data = heif(picture)
        case "P":
            data = encoded(picture.quantize(4), "PNG")
        case _:
            data = encoded(picture.convert(mode), "PNG")
    assert np.abs(decoded(data).image[32, 32].astype(int) - colour[::-1]).max() <= 6


def heif(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    from_pillow(picture).save(file, quality=95)
    return file.getvalue()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_lays_transparency_over_white(mode: str) -> None:
    if mode == "P":
        clear = Image.new("P", (8, 8), 0)
        data = encoded(clear, "PNG", transparency=0)
    else:
        data = encoded(Image.new(mode, (8, 8), (0,) * len(mode)), "PNG")
    assert (decoded(data).image == 255).all()


def test_brings_16_bit_to_8_without_clipping() -> None:
    ramp = np.linspace(0, 65535, 256 * 4).reshape(4, 256).astype(np.uint16)
    row = decoded(encoded(Image.fromarray(ramp), "PNG")).image[..., 0]
    assert row.min() == 0
    assert row.max() == 255
    assert len(np.unique(row)) == 256


def test_takes_the_first_frame_of_an_animation() -> None:
    frames = [Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decoded(data).image[4, 4].tolist() == [0, 0, 255]


def test_refuses_more_pixels_than_the_limit() -> None:
    data = encoded(Image.new("L", (1001, 1000)), "PNG")
    answer = decode_photo(data, limits=PhotoLimits(max_megapixels=1), at_least_px=None)
    assert not isinstance(answer, DecodedPhoto)
    assert answer.message.code == "too_many_pixels"
    assert "1001 x 1000" in answer.message.zh
