"""Whether a picture file has its end, seen from its container without decoding.

Decoders fill what is missing with grey, or stop without a word; the container knows better.
"""

import struct


def is_cut(data: bytes, media_type: str) -> bool:
    """Whether the end of a picture file is missing. Formats without a known end say no."""
    match media_type:
        case "image/jpeg":
            return _jpeg_is_cut(data)
        case "image/png":
            return data.rfind(b"IEND") < 0
        case "image/webp":
            return int.from_bytes(data[4:8], "little") + 8 > len(data)
        case "image/heif" | "image/avif":
            return _boxes_are_cut(data)
    return False


def _jpeg_is_cut(data: bytes) -> bool:
    """Walk the segments to the scan; from there the end marker cannot be anything else.

    Searching the whole file would find the end of the thumbnail inside EXIF instead.
    """
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return False  # not a marker where one must be: damaged, which the decoder will tell
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker == 0xDA:
            return data.find(b"\xff\xd9", at) < 0
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return True


def _boxes_are_cut(data: bytes) -> bool:
    """A top-level box of an ISO base media file reaches past the end."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1 and at + 16 <= len(data):
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size == 0:  # by definition: up to the end of the file
            return False
        if size < 8:
            return False  # damaged, which the decoder will tell
        at += size
    return at > len(data)


def png_without_text(data: bytes) -> bytes:
    """A PNG without its text and colour-profile chunks, which may be bombs."""
    kept = [data[:8]]
    at = 8
    while at + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        if data[at + 4 : at + 8] not in (b"tEXt", b"zTXt", b"iTXt", b"iCCP"):
            kept.append(data[at : at + 12 + length])
        at += 12 + length
    return b"".join(kept)
