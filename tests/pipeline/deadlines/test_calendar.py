"""The stored calendar: seeded, loaded, announced later, and never read stale."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.deadlines.calendar import (
    SpecialDay,
    announced_years,
    declare_weather,
    seed_calendar,
    special_days,
    store_days,
    store_hours,
    stored_hours,
    time_table,
)
from zoubian.pipeline.domain.clocks import Clock, Pause, WorkingHours, due_at

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def uow(engine: Engine) -> UnitOfWork:
    return UnitOfWork(engine)


def test_seeded_calendar_knows_holidays_and_make_up_days(uow) -> None:
    assert seed_calendar(uow, now=NOW)
    with uow.reading() as session:
        calendar = time_table(session).calendar
        days = special_days(session)
    assert [calendar.is_worked(date(2026, 10, day)) for day in (1, 7, 8, 10, 11)] == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert days[date(2026, 10, 10)].name == "国庆节调休"
    assert date(2026, 10, 3) not in days  # a Saturday that is off like any other
    assert calendar.is_announced(date(2026, 6, 1))
    assert not calendar.is_worked(date(2022, 12, 31)) and not calendar.is_worked(date(2007, 12, 31))


def test_seeding_again_changes_nothing_and_keeps_what_an_office_set(uow) -> None:
    holiday = date(2026, 10, 5)
    with uow() as session:
        own = [SpecialDay(holiday, True, "本市上班")]
        store_days(session, own, years=set(), source="office.xlsx", now=NOW)
    assert seed_calendar(uow, now=NOW)
    assert not seed_calendar(uow, now=NOW)
    with uow.reading() as session:
        assert special_days(session)[holiday] == SpecialDay(holiday, True, "本市上班")
        assert 2026 in announced_years(session)


def test_empty_calendar_takes_weekdays_provisionally(uow, at) -> None:
    with uow.reading() as session:
        calendar = time_table(session).calendar
    due = due_at(
        at("2026-09-30 14:00"), amount=1, clock=Clock.WORKING_DAYS, calendar=calendar, pauses=()
    )
    assert (due.at, due.provisional) == (at("2026-10-01 14:00"), True)


def test_change_is_seen_by_the_next_reader_and_a_rolled_back_one_by_nobody(uow) -> None:
    friday = date(2027, 1, 1)

    def works(on: date) -> bool:
        with uow.reading() as session:
            return time_table(session).calendar.is_worked(on)

    assert seed_calendar(uow, now=NOW)
    assert works(friday)
    with pytest.raises(ZeroDivisionError), uow() as session:
        store_days(session, [SpecialDay(friday, False, "元旦")], years={2027}, source="", now=NOW)
        assert not time_table(session).calendar.is_worked(friday)
        raise ZeroDivisionError
    assert works(friday)
    with uow() as session:
        store_days(session, [SpecialDay(friday, False, "元旦")], years={2027}, source="", now=NOW)
    assert not works(friday)


def test_loaded_hours_replace_the_earlier_ones_in_their_order(uow, seasons) -> None:
    all_year = WorkingHours((1, 1), (12, 31), ((480, 1440),), valid_to=date(2025, 12, 31))
    for rows in ((all_year,), (*seasons, all_year)):
        with uow() as session:
            store_hours(session, rows)
        with uow.reading() as session:
            assert stored_hours(session) == rows
            assert time_table(session).calendar.hours == rows


def test_weather_is_given_its_end_later(uow) -> None:
    starts = NOW + timedelta(hours=1)
    for ends in (None, NOW + timedelta(hours=5)):
        with uow() as session:
            declare_weather(session, "snowfall", starts_at=starts, ends_at=ends, now=NOW)
        with uow.reading() as session:
            assert time_table(session).weather == {"snowfall": (Pause(starts, ends),)}
