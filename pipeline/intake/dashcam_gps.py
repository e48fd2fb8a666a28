"""Positions in the boxes that dash cameras add to MP4 and MOV files.

Novatek's chips (most cameras sold in China) list blocks in `moov/gps `; each block is a `free` box
that starts with `GPS ` and holds one second. BlackVue writes NMEA lines into `free/gps `. Layouts
as exiftool and mapillary_tools describe them.
"""

import re
import struct
from datetime import datetime
from typing import BinaryIO

import pynmea2  # type: ignore[import-untyped]

from zoubian.pipeline.intake.clip_fixes import ClipFix
from zoubian.pipeline.intake.iso_boxes import find_box

_MOST_BLOCKS = 40_000  # 11 hours
_BLOCK_BYTES = 160
_RECORD_AT = (16, 48)  # newer and older firmware
_RECORD = struct.Struct("<6I4s4f")
_NMEA_MOST_BYTES = 8_000_000
_NMEA_LINE = re.compile(rb"\[(\d{13})\](\$[A-Z]{2}(?:RMC|GGA),[^\r\n\[]*)")


def novatek_fixes(stream: BinaryIO, *, size_bytes: int, duration_s: float) -> list[ClipFix]:
    """The positions that a Novatek camera lists; none where the file has no such list.

    Args:
        duration_s: of the clip; blocks are written at even steps.
    """
    table = find_box(stream, (b"moov", b"gps "), size_bytes=size_bytes)
    if table is None:
        return []
    stream.seek(table.start + 8)  # a version and a count, which some firmware leaves wrong
    listed = stream.read(min(table.end - table.start - 8, _MOST_BLOCKS * 8))
    places = [at for at, size in struct.iter_unpack(">II", listed[: len(listed) // 8 * 8]) if size]
    step_s = duration_s / max(len(places), 1)
    step_s = 1.0 if abs(step_s - 1.0) < 0.2 else step_s  # one block a second, give or take an end
    fixes = [_block_fix(stream, at, index * step_s) for index, at in enumerate(places)]
    return [fix for fix in fixes if fix is not None]


def _block_fix(stream: BinaryIO, at: int, offset_s: float) -> ClipFix | None:
    stream.seek(at)
    block = stream.read(_BLOCK_BYTES)
    if block[4:12] != b"freeGPS ":
        return None
    for start in _RECORD_AT:
        if len(block) < start + _RECORD.size:
            return None
        *clock, marks, lat, lon, _knots, _course = _RECORD.unpack_from(block, start)
        active, north, east = marks[:1], marks[1:2], marks[2:3]
        if active == b"A" and north in (b"N", b"S") and east in (b"E", b"W"):
            return ClipFix(
                offset_s,
                _degrees(lat) * (-1 if north == b"S" else 1),
                _degrees(lon) * (-1 if east == b"W" else 1),
                None,
                _moment(clock),
            )
    return None


def _degrees(value: float) -> float:
    """DDDMM.MMMM as degrees.

    >>> _degrees(12518.0)
    125.3
    """
    whole = int(value / 100)
    return whole + (value - whole * 100) / 60


def _moment(clock: list[int]) -> datetime | None:
    hour, minute, second, year, month, day = clock
    try:
        return datetime(year % 2000 + 2000, month, day, hour, minute, second)
    except ValueError:
        return None


def blackvue_fixes(stream: BinaryIO, *, size_bytes: int) -> list[ClipFix]:
    """The positions among the NMEA lines of a BlackVue camera; none where there are none."""
    text_box = find_box(stream, (b"free", b"gps "), size_bytes=size_bytes)
    if text_box is None:
        return []
    stream.seek(text_box.start)
    lines = _NMEA_LINE.findall(stream.read(min(text_box.end - text_box.start, _NMEA_MOST_BYTES)))
    fixes = []
    for stamp, line in lines:
        offset_s = (int(stamp) - int(lines[0][0])) / 1000
        fix = _nmea_fix(line.decode("ascii", errors="replace"), offset_s)
        if fix is not None:
            fixes.append(fix)
    return fixes


def _nmea_fix(line: str, offset_s: float) -> ClipFix | None:
    try:
        said = pynmea2.parse(line, check=True)
        if said.sentence_type == "RMC":
            if said.status != "A":
                return None
            when = datetime.combine(said.datestamp, said.timestamp.replace(tzinfo=None))
            return ClipFix(offset_s, said.latitude, said.longitude, None, when)
        if said.gps_qual == 0:
            return None
        hdop = float(said.horizontal_dil) if said.horizontal_dil else None
        return ClipFix(offset_s, said.latitude, said.longitude, hdop, None)
    except (pynmea2.ParseError, ValueError, TypeError, AttributeError):
        return None
