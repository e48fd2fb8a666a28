"""Numbers of cases, as people say them on the telephone."""

import re
from datetime import datetime

from zoubian.pipeline.domain.local_time import local_clock

_NUMBER = re.compile(r"(\d{4})-(\d{6,})")


def number_year(at: datetime) -> int:
    """The year that a case registered at `at` is counted in, by China's clock.

    >>> from datetime import UTC
    >>> number_year(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    2027
    """
    return local_clock(at).year


def case_number(year: int, count: int) -> str:
    """The number of the `count`-th case of a year, digits only: candidates' begin with a Z.

    >>> case_number(2026, 318)
    '2026-000318'
    """
    return f"{year:04d}-{count:06d}"


def parse_number(number: str) -> tuple[int, int]:
    """Year and count of a case number.

    >>> parse_number("2026-000318")
    (2026, 318)

    Raises:
        ValueError: it is no case number.
    """
    match = _NUMBER.fullmatch(number)
    if match is None:
        raise ValueError(f"{number!r} is no case number")
    return int(match[1]), int(match[2])
