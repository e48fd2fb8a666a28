"""When a clip began: what the file, its name and its positions say, and which of it is believed.

MP4 says its creation time is UTC. Phones keep to that; most dash and action cameras write local
time instead. One source alone cannot tell; two can.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

from zoubian.pipeline.intake.capture_time import YEARS
from zoubian.pipeline.intake.messages import Message, message

ClockZone = Literal["utc", "local", "unknown"]
StartSource = Literal["gps", "name", "container"]

_STAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?"
)
_OWN_ZONE_KEY = "com.apple.quicktime.creationdate"
_LOCAL_WRITERS = ("gopro", "dji", "novatek", "70mai", "viofo", "ambarella")
_UTC_WRITERS = ("com.android", "com.apple")
_GPS_AGREE_S = 900.0


@dataclass(frozen=True, slots=True)
class WrittenTime:
    """The creation time in a file, as it stands there.

    Attributes:
        stamp: without a zone, None without one that can be true.
        offset_min: of a zone written on purpose (a "Z" means nothing), else None.
        zone: what is known of the writer.
    """

    stamp: datetime | None
    offset_min: int | None
    zone: ClockZone


@dataclass(frozen=True, slots=True)
class ReceiverClock:
    """When the clip began by the clock beside its receiver."""

    stamp: datetime
    zone: ClockZone


@dataclass(frozen=True, slots=True)
class ClipStart:
    """When the first frame was taken (UTC), None where nothing tells, and what to say about it."""

    at: datetime | None
    source: StartSource | None
    notes: tuple[Message, ...]


def written_time(metadata: Mapping[str, str], *, camera: str | None) -> WrittenTime:
    """The creation time among a container's tags.

    Args:
        camera: a name known from elsewhere in the file.

    >>> written_time({"creation_time": "2024-05-06T07:08:09.000000Z"}, camera=None).stamp
    datetime.datetime(2024, 5, 6, 7, 8, 9)
    """
    own = _parsed(metadata.get(_OWN_ZONE_KEY, ""))
    if own is not None and own[1] is not None:
        return WrittenTime(own[0], own[1], "unknown")
    words = " ".join([*metadata, *metadata.values(), camera or ""]).lower()
    zone: ClockZone = "unknown"
    if camera is not None or any(name in words for name in _LOCAL_WRITERS):
        zone = "local"
    elif any(name in words for name in _UTC_WRITERS):
        zone = "utc"
    found = _parsed(metadata.get("creation_time", metadata.get("DATE", "")))
    return WrittenTime(None if found is None else found[0], None, zone)


def clip_start(
    written: WrittenTime,
    *,
    name: datetime | None,
    receiver: ReceiverClock | None,
    tz: tzinfo,
    is_covered: Callable[[datetime], bool],
) -> ClipStart:
    """Weigh the clocks of a clip.

    The satellites' clock is believed before all others. A time in the file's name is local, and
    names the first frame, where some creation times name the last. A creation time alone is read
    as the known writer means it; of an unknown one, the reading that the patrol's tracks cover,
    else UTC as the format says.

    Args:
        name: local time in the file's name.
        receiver: None where the clip carries no time with its positions.
        tz: of local times.
        is_covered: whether the patrol's tracks know a moment.
    """
    read = _Readings(tz)
    named = None if name is None else name.replace(tzinfo=tz).astimezone(UTC)
    if receiver is not None and (at := _receiver_start(receiver, named, written, read)) is not None:
        return ClipStart(at, "gps", _disagreement(at, named, written, read))
    if named is not None:
        return ClipStart(named, "name", ())
    readings = read.of(written)
    if not readings:
        return ClipStart(None, None, ())
    if len(readings) == 1:
        return ClipStart(readings[0], "container", ())
    utc, local = readings
    if is_covered(local) and not is_covered(utc):
        return ClipStart(local, "container", (message("creation_time_local"),))
    return ClipStart(utc, "container", ())


@dataclass(frozen=True, slots=True)
class _Readings:
    """How a creation time may be meant."""

    tz: tzinfo

    def of(self, written: WrittenTime) -> list[datetime]:
        """One reading where the zone is known, else UTC and then local."""
        if written.stamp is None:
            return []
        if written.offset_min is not None:
            at = written.stamp.replace(tzinfo=UTC) - timedelta(minutes=written.offset_min)
            return [at]
        both = {"utc": self.utc(written.stamp), "local": self.local(written.stamp)}
        return [both[written.zone]] if written.zone in both else list(both.values())

    def utc(self, stamp: datetime) -> datetime:
        return stamp.replace(tzinfo=UTC)

    def local(self, stamp: datetime) -> datetime:
        return stamp.replace(tzinfo=self.tz).astimezone(UTC)


def _receiver_start(
    receiver: ReceiverClock, named: datetime | None, written: WrittenTime, read: _Readings
) -> datetime | None:
    """A receiver's clock is UTC; dash cameras turn it into local time before they write it."""
    utc, local = read.utc(receiver.stamp), read.local(receiver.stamp)
    if receiver.stamp.year not in YEARS:
        return None
    if receiver.zone != "unknown":
        return utc if receiver.zone == "utc" else local
    if named is not None:
        return local if abs(local - named) < abs(utc - named) else utc
    return local if written.zone == "local" else utc


def _disagreement(
    at: datetime, named: datetime | None, written: WrittenTime, read: _Readings
) -> tuple[Message, ...]:
    """A note where no reading of the camera's own clock comes near the satellites' time."""
    stamp = written.stamp
    others = [] if stamp is None else [read.utc(stamp), read.local(stamp)]
    others += [] if named is None else [named]
    off_s = min((abs((at - other).total_seconds()) for other in others), default=0.0)
    if off_s <= _GPS_AGREE_S:
        return ()
    return (message("clip_time_differs_from_gps", minutes=round(off_s / 60)),)


def _parsed(text: str) -> tuple[datetime, int | None] | None:
    match = _STAMP.match(text)
    if match is None or int(match[1]) not in YEARS:
        return None
    year, month, day, hour, minute, second = (int(group) for group in match.groups()[:6])
    try:
        stamp = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    zone = match[7]
    if zone is None or zone == "Z":
        return stamp, None
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return stamp, -minutes if zone[0] == "-" else minutes
