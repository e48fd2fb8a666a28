"""What the name of a camera's file says: when, which camera, and its place in a series."""

import re
from dataclasses import dataclass
from datetime import datetime

from zoubian.pipeline.intake.capture_time import YEARS

# 2024_0506_070809_001, 20240506-070809, 20240506070809, NO20240506-070809-000123F and the like.
_FULL_TIME = re.compile(r"(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[-_ .T]?(\d\d)[-_.:]?(\d\d)[-_.:]?(\d\d)")
_SHORT_TIME = re.compile(r"(?<!\d)(\d\d)(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(?!\d)")  # FILE240506-070809
_GOPRO = re.compile(r"G([HXPL])(\d\d)(\d{4})", re.IGNORECASE)
_VIEW = re.compile(r"(?:(?<=\d)|[-_])(F|R|I|A|B|FRONT|REAR|BACK|INT|CABIN)$", re.IGNORECASE)
_AHEAD = ("F", "A", "FRONT")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class ClipName:
    """A clip's name, read.

    Attributes:
        taken_at: local time, None without one.
        camera: the same for all clips of one camera: the name without what changes.
        series: clips of one series and camera follow each other by `number`.
        number: place in the series, None without one.
        looks_ahead: False for a camera that looks back or inside, None where the name does not say.
    """

    taken_at: datetime | None
    camera: str
    series: str
    number: int | None
    looks_ahead: bool | None


def read_clip_name(stem: str) -> ClipName:
    """Read a file's name without its suffix.

    >>> read_clip_name("NO20240506-070809-000123F").number
    123
    >>> read_clip_name("GX020042")
    ClipName(taken_at=None, camera='gx', series='0042', number=2, looks_ahead=None)
    """
    gopro = _GOPRO.fullmatch(stem)
    if gopro is not None:  # chapter before file: one long take is cut into chapters
        return ClipName(None, f"g{gopro[1].lower()}", gopro[3], int(gopro[2]), None)
    view = _VIEW.search(stem)
    body = stem if view is None else stem[: view.start()]
    taken_at, rest = _without_time(body)
    numbers = _NUMBER.findall(rest)
    words = _NUMBER.sub("#", rest).strip("-_ .#").lower()
    camera = words if view is None else f"{words}/{view[1].lower()}"
    looks_ahead = None if view is None else view[1].upper() in _AHEAD
    return ClipName(taken_at, camera, "", int(numbers[-1]) if numbers else None, looks_ahead)


def _without_time(body: str) -> tuple[datetime | None, str]:
    for pattern in (_FULL_TIME, _SHORT_TIME):
        match = pattern.search(body)
        if match is None:
            continue
        year, month, day, hour, minute, second = (int(group) for group in match.groups())
        try:
            moment = datetime(year % 2000 + 2000, month, day, hour, minute, second)
        except ValueError:
            continue
        if moment.year in YEARS:
            return moment, body[: match.start()] + body[match.end() :]
    return None, body
