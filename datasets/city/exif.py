"""Writes the EXIF a phone writes into a JPEG, with the standard library alone."""

import struct
from dataclasses import dataclass
from datetime import datetime

MAKE, MODEL = "Xingtu", "XT-12"  # an invented phone
ASCII, SHORT, LONG, RATIONAL = 2, 3, 4, 5
Entry = tuple[int, int, int, bytes]


@dataclass(frozen=True, slots=True)
class PhoneTags:
    """What the phone knows about a picture.

    Attributes:
        taken_at: Aware local time.
        lat: WGS-84 degrees or None for no position; `lon` likewise.
        error_m: The phone's own guess of its error; None with no position.
        bearing_deg: Compass bearing of the view; None with no position.
        orientation: EXIF orientation, 1 or 6.
    """

    taken_at: datetime
    lat: float | None
    lon: float | None
    error_m: float | None
    bearing_deg: float | None
    orientation: int


def with_exif(jpeg: bytes, tags: PhoneTags) -> bytes:
    """The JPEG with its EXIF block put first.

    Raises:
        ValueError: Not a JPEG.
    """
    if jpeg[:2] != b"\xff\xd8":
        raise ValueError("expected a JPEG")
    body = b"Exif\x00\x00" + _tiff(tags)
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def degrees_minutes_seconds(degrees: float) -> tuple[tuple[int, int], ...]:
    """An unsigned angle as three rationals, seconds to 1/1000.

    >>> degrees_minutes_seconds(43.5)
    ((43, 1), (30, 1), (0, 1000))
    """
    thousandths = round(abs(degrees) * 3600.0 * 1000.0)
    whole, rest = divmod(thousandths, 3600 * 1000)
    minutes, seconds = divmod(rest, 60 * 1000)
    return (whole, 1), (minutes, 1), (seconds, 1000)


def _tiff(tags: PhoneTags) -> bytes:
    taken = tags.taken_at.strftime("%Y:%m:%d %H:%M:%S")
    zone = tags.taken_at.strftime("%z")
    photo = [
        _ascii(0x9003, taken),
        _ascii(0x9004, taken),
        _ascii(0x9010, f"{zone[:3]}:{zone[3:]}"),
        _ascii(0x9011, f"{zone[:3]}:{zone[3:]}"),
        _short(0xA405, 26),
    ]
    gps = _gps(tags)
    main = [
        _ascii(0x010F, MAKE),
        _ascii(0x0110, MODEL),
        _short(0x0112, tags.orientation),
        _ascii(0x0132, taken),
    ]
    # The pointers' values are known once the first directory's size is: lay it out twice.
    offset = 8
    for _ in range(2):
        pointers = [_long(0x8769, offset)]
        after_photo = offset + len(_directory(photo, offset))
        if gps:
            pointers.append(_long(0x8825, after_photo))
        first = _directory(main + pointers, 8)
        offset = 8 + len(first)
    blocks = first + _directory(photo, offset)
    if gps:
        blocks += _directory(gps, 8 + len(blocks))
    return b"MM\x00\x2a" + struct.pack(">I", 8) + blocks


def _gps(tags: PhoneTags) -> list[Entry]:
    if tags.lat is None or tags.lon is None:
        return []
    utc = tags.taken_at.utctimetuple()
    entries = [
        (0x0000, 1, 4, b"\x02\x03\x00\x00"),
        _ascii(0x0001, "N" if tags.lat >= 0 else "S"),
        _rationals(0x0002, degrees_minutes_seconds(tags.lat)),
        _ascii(0x0003, "E" if tags.lon >= 0 else "W"),
        _rationals(0x0004, degrees_minutes_seconds(tags.lon)),
        _rationals(0x0007, ((utc.tm_hour, 1), (utc.tm_min, 1), (utc.tm_sec, 1))),
    ]
    if tags.bearing_deg is not None:
        entries.append(_ascii(0x0010, "T"))
        entries.append(_rationals(0x0011, ((round(tags.bearing_deg * 100), 100),)))
    entries.append(_ascii(0x001D, f"{utc.tm_year:04d}:{utc.tm_mon:02d}:{utc.tm_mday:02d}"))
    if tags.error_m is not None:
        entries.append(_rationals(0x001F, ((round(tags.error_m * 100), 100),)))
    return entries


def _directory(entries: list[Entry], offset: int) -> bytes:
    """One image file directory that starts at an offset of the TIFF block, values behind it."""
    table = struct.pack(">H", len(entries))
    values = b""
    start = offset + 2 + 12 * len(entries) + 4
    for tag, kind, count, data in sorted(entries):
        if len(data) <= 4:
            field = data.ljust(4, b"\x00")
        else:
            field = struct.pack(">I", start + len(values))
            values += data + b"\x00" * (len(data) % 2)
        table += struct.pack(">HHI", tag, kind, count) + field
    return table + b"\x00\x00\x00\x00" + values


def _ascii(tag: int, text: str) -> Entry:
    data = text.encode("ascii") + b"\x00"
    return tag, ASCII, len(data), data


def _short(tag: int, value: int) -> Entry:
    return tag, SHORT, 1, struct.pack(">H", value)


def _long(tag: int, value: int) -> Entry:
    return tag, LONG, 1, struct.pack(">I", value)


def _rationals(tag: int, values: tuple[tuple[int, int], ...]) -> Entry:
    data = b"".join(struct.pack(">II", *value) for value in values)
    return tag, RATIONAL, len(values), data
