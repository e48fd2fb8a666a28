"""How amounts, margins and hours are written in the office's tables."""

import re
from fractions import Fraction

from zoubian.pipeline.domain.case_clock import Margin, MarginKind
from zoubian.pipeline.domain.clocks import Clock

_NUMBER = r"(\d{1,4}(?:\.\d{1,3})?)"
_AMOUNT = re.compile(_NUMBER)
_DEADLINE = re.compile(_NUMBER + r"\s*个?\s*(" + "|".join(Clock) + ")")
_MARGIN = re.compile(_NUMBER + r"\s*(%|％|h|小时)")
_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~至]\s*(\d{1,2})[:：](\d{2})")
_SEASON_DAY = re.compile(r"(\d{1,2})[-月](\d{1,2})日?")


def parse_amount(text: str) -> Fraction | None:
    """A number such as 2 or 0.5; None for anything else."""
    return Fraction(text) if _AMOUNT.fullmatch(text) else None


def parse_deadline(text: str) -> tuple[str, Clock] | None:
    """Amount and clock of a deadline in words; None where it names none of the five clocks.

    >>> parse_deadline("2紧急工作时")
    ('2', <Clock.URGENT_WORKING_HOURS: '紧急工作时'>)
    >>> parse_deadline("4小时")  # of which clock?
    """
    found = _DEADLINE.fullmatch(text)
    return (found[1], Clock(found[2])) if found else None


def parse_margin(text: str) -> Margin | None:
    """A margin such as 25% or 4h; None for anything else.

    >>> parse_margin("25%")
    Margin(kind=<MarginKind.SHARE: 'share'>, size=Fraction(1, 4))
    """
    found = _MARGIN.fullmatch(text)
    if found is None:
        return None
    if found[2] in "%％":
        return Margin(MarginKind.SHARE, Fraction(found[1]) / 100)
    return Margin(MarginKind.HOURS, Fraction(found[1]))


def parse_spans(text: str) -> tuple[tuple[int, int], ...] | None:
    """Spans of a working day in minutes after midnight; None where they do not rise.

    >>> parse_spans("8:30-11:30, 13:00-16:30")
    ((510, 690), (780, 990))
    """
    spans = []
    for part in re.split(r"[,，、;；]", text):
        found = _SPAN.fullmatch(part.strip())
        if found is None or int(found[2]) > 59 or int(found[4]) > 59:
            return None
        spans.append(
            (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])),
        )
    edges = [minute for span in spans for minute in span]
    return tuple(spans) if edges == sorted(set(edges)) and edges[-1] <= 24 * 60 else None


def format_spans(spans_min: tuple[tuple[int, int], ...]) -> str:
    """Spans as the tables hold them.

    >>> format_spans(((510, 690), (780, 990)))
    '08:30-11:30,13:00-16:30'
    """
    return ",".join(
        f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"
        for start, end in spans_min
    )


def parse_season_day(text: str) -> tuple[int, int] | None:
    """Month and day of a season's edge, such as 05-01; 29 February is one."""
    found = _SEASON_DAY.fullmatch(text)
    if found is None:
        return None
    month, day = int(found[1]), int(found[2])
    days = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return (month, day) if 1 <= month <= 12 and 1 <= day <= days[month - 1] else None
