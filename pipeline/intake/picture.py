"""A picture file opened but not decoded: size, format and EXIF from its header."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import ExifTags, Image, features
from pillow_heif import HeifImageFile

from zoubian.pipeline.intake.container import is_cut, png_without_text
from zoubian.pipeline.intake.filetypes import HEAD_BYTES, sniff
from zoubian.pipeline.intake.messages import Message, message

# decode_photo compares the header's size with its own limit before decoding; Pillow's, which is
# fixed and lower than a panorama needs, would answer first.
Image.MAX_IMAGE_PIXELS = None

_PILLOW_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
    **({"image/avif": "AVIF"} if features.check("avif") else {}),
}
_DNG_VERSION = 50706
_NEW_SUBFILE_TYPE = 254


def open_picture(data: bytes) -> Image.Image | Message:
    """Read a picture's header with the one reader that fits its first bytes.

    Returns:
        A Pillow image whose pixels are not decoded yet, or why there is none.
    """
    if not data:
        return message("empty")
    found = sniff(data[:HEAD_BYTES])
    if found is None or found.kind != "photo":
        return message("not_a_picture")
    media_type = found.media_type
    if media_type != "image/heif" and media_type not in _PILLOW_FORMATS:
        return message("unsupported_format", media_type=media_type)
    if is_cut(data, media_type):
        return message("truncated")
    try:
        image = _open(data, media_type)
        raw = media_type == "image/tiff" and _is_raw_photo(image)
    except Exception:  # readers of untrusted bytes raise whatever their parser stumbles over
        return message("damaged")
    return message("unsupported_format", media_type="RAW") if raw else image


@contextmanager
def recorded_warnings() -> Iterator[list[warnings.WarningMessage]]:
    """Keep Pillow's warnings about odd files off the screen: what matters of them becomes notes."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught


def exif_orientation(image: Image.Image) -> int:
    """The EXIF orientation 1 to 8; 1 where it is missing, broken or already applied."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # Pillow's EXIF parser has no common error; the picture is used anyway
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _open(data: bytes, media_type: str) -> Image.Image:
    if media_type == "image/heif":
        # libheif turns it upright itself; pillow-heif carries no types.
        return HeifImageFile(io.BytesIO(data))  # type: ignore[no-untyped-call]
    formats = [_PILLOW_FORMATS[media_type]]
    try:
        return Image.open(io.BytesIO(data), formats=formats)
    except ValueError:  # Pillow refuses huge text chunks; the pixels may be fine
        if media_type != "image/png":
            raise
        return Image.open(io.BytesIO(png_without_text(data)), formats=formats)


def _is_raw_photo(image: Image.Image) -> bool:
    """DNG, NEF and ARW are TIFF files whose first picture is a small preview."""
    tags = image.getexif()
    return _DNG_VERSION in tags or bool(tags.get(_NEW_SUBFILE_TYPE, 0) & 1)
