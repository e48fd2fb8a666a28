"""Permits and their hours."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from zoubian.datasets.classes.models import Period
from zoubian.pipeline.organisation.records import Permit, PermitKind

LOCAL = timezone(timedelta(hours=8))


def permit(hours: tuple[time, time] | None) -> Permit:
    period = Period(date(2026, 5, 1), date(2026, 5, 31))
    held = frozenset({"mobile_vendor"})
    return Permit("XK1", "某某早市", "market", PermitKind.TRADE, held, hours, None, period)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 5, 1, 0, 0, tzinfo=LOCAL), True),
        (datetime(2026, 4, 30, 23, 59, tzinfo=LOCAL), False),
        (datetime(2026, 5, 31, 23, 59, tzinfo=LOCAL), True),
        (datetime(2026, 6, 1, 0, 0, tzinfo=LOCAL), False),
        (datetime(2026, 5, 31, 16, 0, tzinfo=UTC), False),  # midnight where the bureau is
        (datetime(2026, 4, 30, 16, 0, tzinfo=UTC), True),
    ],
)
def test_permit_holds_on_local_days(at: datetime, expected: bool) -> None:
    assert permit(None).holds_at(at) is expected


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (10, time(3, 59), False),
        (10, time(4, 0), True),
        (10, time(7, 29), True),
        (10, time(7, 30), False),
    ],
)
def test_morning_market_ends_at_its_hour(day: int, clock: time, expected: bool) -> None:
    at = datetime.combine(date(2026, 5, day), clock, LOCAL)
    assert permit((time(4), time(7, 30))).holds_at(at) is expected


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (date(2026, 5, 1), time(1), False),  # the night before does not belong to it
        (date(2026, 5, 1), time(20), True),
        (date(2026, 5, 2), time(1, 59), True),
        (date(2026, 5, 2), time(2), False),
        (date(2026, 6, 1), time(1), True),  # the last night goes on after midnight
        (date(2026, 6, 1), time(20), False),
    ],
)
def test_night_market_goes_on_after_midnight(day: date, clock: time, expected: bool) -> None:
    at = datetime.combine(day, clock, LOCAL)
    assert permit((time(20), time(2))).holds_at(at) is expected
