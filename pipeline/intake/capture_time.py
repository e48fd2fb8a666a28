"""Times as cameras write them, as aware UTC."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo

# Before 2000 no camera of a patrol existed; clocks that were never set say 1970, 1980 or 2099.
YEARS = range(2000, 2099)

_LOCAL = re.compile(
    r"(\d{4})\D(\d{1,2})\D(\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?\s*(\S*)"
)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})")


def local_time(text: str, fraction: str, offset: str, tz: tzinfo) -> datetime | None:
    """An EXIF time as UTC, None when it is no time.

    Args:
        text: `2024:05:06 07:08:09`, or what careless writers make of it.
        fraction: the digits after the decimal point (SubSecTime).
        offset: `+08:00`, `Z`; anything else leaves the offset to `tz`.

    >>> local_time("2024:05:06 07:08:09", "25", "+08:00", UTC).isoformat()
    '2024-05-05T23:08:09.250000+00:00'
    """
    match = _LOCAL.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(group) for group in match.groups()[:6])
    zone = _zone(offset) or _zone(match[8]) or tz
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    digits = match[7] or (fraction if fraction.isascii() and fraction.isdigit() else "0")
    return moment + timedelta(seconds=float(f"0.{digits}"))


def gps_time(date: str, clock: Sequence[float | None]) -> datetime | None:
    """The satellites' UTC time from GPSDateStamp and GPSTimeStamp, None when it is no time.

    >>> gps_time("2024:05:06", (7, 8, 9.5)).isoformat()
    '2024-05-06T07:08:09.500000+00:00'
    """
    match = re.match(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", date)
    if match is None or len(clock) != 3 or int(match[1]) not in YEARS:
        return None
    hours, minutes, seconds = (part if part is not None else -1.0 for part in clock)
    if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= seconds < 61):
        return None
    try:
        day = datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
    except ValueError:
        return None
    return day + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _zone(offset: str) -> tzinfo | None:
    if offset.upper() == "Z":
        return UTC
    match = _OFFSET.fullmatch(offset)
    if match is None or int(match[2]) > 14 or int(match[3]) > 59:
        return None
    shift = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-shift if match[1] == "-" else shift)
