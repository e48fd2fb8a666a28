"""GPX and NMEA files to fixes as they were written, nothing believed yet."""

import io
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree
import gpxpy
import pynmea2  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException
from gpxpy.gpx import GPXException

from zoubian.pipeline.intake.messages import Message, message


@dataclass(frozen=True, slots=True)
class Fix:
    """One written position: aware UTC time, degrees in the file's datum."""

    when: datetime
    lat: float
    lon: float
    hdop: float | None


@dataclass(frozen=True, slots=True)
class TrackFile:
    """A file's fixes in its own order.

    `untimed` points are left out, and so are `garbled` ones (checksum wrong, no place on Earth).
    """

    fixes: list[Fix]
    untimed: int
    garbled: int
    is_cut: bool


def read_gpx(data: bytes) -> TrackFile | Message:
    """Read a GPX file's track points; of a file cut off in the middle those before the cut."""
    is_cut = False
    try:
        _refuse_dtd(data)
    except DefusedXmlException:
        return message("track_unsafe")
    except (ParseError, ValueError, LookupError):  # the latter two: odd encodings
        is_cut = True
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    text = data.decode(encoding, errors="replace")
    if is_cut:
        text = text[: text.rfind("</trkpt>") + len("</trkpt>")] + "</trkseg></trk></gpx>"
    try:
        gpx = gpxpy.parse(text.encode())
    except (GPXException, ValueError):
        return message("track_damaged")
    points = [
        point for track in gpx.tracks for segment in track.segments for point in segment.points
    ]
    placed = [point for point in points if _is_place(point.latitude, point.longitude)]
    fixes = [
        Fix(_utc(point.time), point.latitude, point.longitude, point.horizontal_dilution)
        for point in placed
        if point.time is not None and 1980 <= point.time.year <= 2100  # GPS began in 1980
    ]
    return TrackFile(fixes, len(placed) - len(fixes), len(points) - len(placed), is_cut)


def read_nmea(data: bytes) -> TrackFile | Message:
    """Read the fixes of an NMEA log: RMC and GGA of one moment become one fix."""
    sentences, garbled = _sentences(data.decode("ascii", errors="replace"))
    if not sentences:
        return message("track_damaged")
    fixes: dict[datetime, Fix] = {}
    untimed = 0
    for sentence, day in zip(sentences, _days(sentences), strict=True):
        if sentence.lat is None or sentence.lon is None:
            continue
        if day is None:
            untimed += 1
            continue
        when = datetime.combine(day, sentence.clock, UTC)
        earlier = fixes.get(when)
        hdop = sentence.hdop or (earlier.hdop if earlier else None)
        fixes[when] = Fix(when, sentence.lat, sentence.lon, hdop)
    return TrackFile(list(fixes.values()), untimed, garbled, is_cut=False)


def _refuse_dtd(data: bytes) -> None:
    """Read the XML once with everything forbidden that could blow it up."""
    events = defusedxml.ElementTree.iterparse(io.BytesIO(data), forbid_dtd=True)
    for _, element in events:
        element.clear()


def _utc(when: datetime) -> datetime:
    """GPX times are UTC by definition; writers that leave the Z out mean the same."""
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _is_place(lat: float, lon: float) -> bool:
    return -90 <= lat <= 90 and -180 <= lon <= 180


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What one RMC, GGA or ZDA line says; no place where the receiver had no fix."""

    clock: time
    day: date | None
    lat: float | None
    lon: float | None
    hdop: float | None


_SENTENCE = re.compile(r"\$[A-Z]{2}(?:RMC|GGA|ZDA),[^\r\n$]*")


def _sentences(text: str) -> tuple[list[_Sentence], int]:
    read: list[_Sentence] = []
    garbled = 0
    has_checksums = "*" in text  # then a line without one is a line cut off
    for match in _SENTENCE.finditer(text):
        try:
            sentence = _sentence(pynmea2.parse(match[0], check=has_checksums))
        except (pynmea2.ParseError, ValueError, TypeError, AttributeError, IndexError):
            garbled += 1
            continue
        if sentence is not None:
            read.append(sentence)
    return read, garbled


def _sentence(line: Any) -> _Sentence | None:
    """A parsed line's content, None before the receiver knows the time."""
    if not isinstance(line.timestamp, time):
        return None
    clock = line.timestamp.replace(tzinfo=None)
    if line.sentence_type == "ZDA":
        told = date(int(line.year), int(line.month), int(line.day))
        if not 1980 <= told.year <= 2100:  # GPS began in 1980
            raise ValueError(f"no year of GPS: {told.year}")
        return _Sentence(clock, told, None, None, None)
    is_rmc = line.sentence_type == "RMC"
    has_fix = line.status == "A" if is_rmc else line.gps_qual > 0
    if not (has_fix and line.lat and line.lon and _is_place(line.latitude, line.longitude)):
        return _Sentence(clock, None, None, None, None)
    if is_rmc:
        day = line.datestamp if isinstance(line.datestamp, date) else None
        return _Sentence(clock, day, line.latitude, line.longitude, None)
    hdop = float(line.horizontal_dil) if line.horizontal_dil else None
    return _Sentence(clock, None, line.latitude, line.longitude, hdop)


def _days(sentences: list[_Sentence]) -> list[date | None]:
    """The day of each line: GGA tells none, so it is carried from dated lines over midnight."""
    dated = next((i for i, sentence in enumerate(sentences) if sentence.day is not None), None)
    if dated is None:
        return [None] * len(sentences)
    days = [sentence.day for sentence in sentences]
    for i in range(dated + 1, len(sentences)):
        days[i] = days[i] or _day_beside(days[i - 1], sentences[i - 1].clock, sentences[i].clock)
    for i in range(dated - 1, -1, -1):
        days[i] = _day_beside(days[i + 1], sentences[i + 1].clock, sentences[i].clock)
    return days


def _day_beside(day: date | None, clock: time, other: time) -> date | None:
    """The day of `other`, a clock within twelve hours of `clock` on `day`."""
    if day is None:
        return None
    turned = round((clock.hour - other.hour) / 24)
    return day + timedelta(days=turned)
