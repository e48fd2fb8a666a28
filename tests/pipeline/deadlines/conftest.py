"""The calendar of the hand-worked cases, and times as an office says them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from chinese_calendar import constants as announced

from zoubian.pipeline.domain.clocks import Calendar, WorkingHours

CHINA = timezone(timedelta(hours=8))
At = Callable[[str], datetime]


@pytest.fixture(scope="session")
def at() -> At:
    """A local time such as "2026-10-08 14:00" as an aware UTC time."""

    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)

    return moment


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """2025 and 2026 as announced, 8:30-11:30 and 13:00-16:30 (3 h + 3.5 h = 6.5 h a day)."""
    years = (2025, 2026)
    worked = {day: False for day in announced.holidays if day.year in years}
    worked |= {day: True for day in announced.workdays if day.year in years}
    return Calendar(
        worked=worked,
        announced=frozenset(years),
        hours=(),
        usual=WorkingHours((1, 1), (12, 31), ((510, 690), (780, 990))),
    )


@pytest.fixture(scope="session")
def seasons() -> tuple[WorkingHours, ...]:
    """Summer afternoons from 13:30 to 17:00, winter ones from 13:00 to 16:00; a rule of 2026."""
    since = date(2026, 1, 1)
    return (
        WorkingHours((5, 1), (9, 30), ((510, 690), (810, 1020)), valid_from=since),
        WorkingHours((10, 1), (4, 30), ((510, 690), (780, 960)), valid_from=since),
    )
