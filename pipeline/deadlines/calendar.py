"""The calendar that deadlines count on: from rows, first filled from a library's announcements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from chinese_calendar import constants as announced  # type: ignore[import-untyped]
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.deadlines.models import (
    CalendarDay,
    CalendarState,
    CalendarYear,
    WeatherPause,
    WorkingHoursRow,
)
from zoubian.pipeline.deadlines.notation import format_spans, parse_season_day, parse_spans
from zoubian.pipeline.domain.clocks import Calendar, Pause, WorkingHours
from zoubian.pipeline.domain.ids import new_id

# Where the office has loaded none: 8:30-11:30 and 13:00-16:30, all year.
USUAL_HOURS = WorkingHours((1, 1), (12, 31), ((510, 690), (780, 990)))

SEED_SOURCE = "chinesecalendar"

# What was read of a state of the calendar; a state's id is never given again, so it stays true.
_KEPT: dict[str, "TimeTable"] = {}
_KEPT_MAX = 8


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that differs from plain weekdays."""

    day: date
    worked: bool
    name: str


@dataclass(frozen=True, slots=True)
class TimeTable:
    """What a case's time is counted with."""

    calendar: Calendar
    weather: Mapping[str, tuple[Pause, ...]]  # by kind


def time_table(session: Session) -> TimeTable:
    """The calendar and the weather as they are stored; read anew only after a change."""
    state = session.scalar(select(CalendarState.id))
    if state is None:
        return _read(session)
    if state not in _KEPT:
        if len(_KEPT) >= _KEPT_MAX:
            _KEPT.clear()
        _KEPT[state] = _read(session)
    return _KEPT[state]


def seed_calendar(uow: UnitOfWork, *, now: datetime) -> bool:
    """Store the years that the library knows and the rows do not; tells whether there were any.

    Days that an office has loaded stay as they are.
    """
    with uow.reading() as session:
        if not _unknown_years(session):
            return False
    with uow() as session:
        years, known = _unknown_years(session), special_days(session)
        days = [
            day
            for day in _announced_days()
            if day.day not in known and _announced_with(day.day) & years
        ]
        store_days(session, days, years=years, source=SEED_SOURCE, now=now)
    return bool(years)


def store_days(
    session: Session,
    days: Sequence[SpecialDay],
    *,
    years: set[int],
    source: str,
    now: datetime,
) -> None:
    """Set these days, and say that these years are announced."""
    session.execute(delete(CalendarDay).where(CalendarDay.day.in_([day.day for day in days])))
    session.add_all(CalendarDay(day=d.day, worked=d.worked, name=d.name) for d in days)
    session.execute(delete(CalendarYear).where(CalendarYear.year.in_(years)))
    session.add_all(CalendarYear(year=y, source=source, loaded_at=now) for y in sorted(years))
    touch_calendar(session)


def store_hours(session: Session, rows: Sequence[WorkingHours]) -> None:
    """Take these working hours instead of those that are stored; the first that fits counts."""
    session.execute(delete(WorkingHoursRow))
    for number, row in enumerate(rows):
        session.add(
            WorkingHoursRow(
                number=number,
                season_from=_season_text(row.season_from),
                season_to=_season_text(row.season_to),
                hours=format_spans(row.spans_min),
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
        )
    touch_calendar(session)


def special_days(session: Session) -> dict[date, SpecialDay]:
    """All days that differ from plain weekdays."""
    rows = session.scalars(select(CalendarDay))
    return {row.day: SpecialDay(row.day, row.worked, row.name) for row in rows}


def announced_years(session: Session) -> set[int]:
    """Years whose holidays are announced."""
    return set(session.scalars(select(CalendarYear.year)))


def stored_hours(session: Session) -> tuple[WorkingHours, ...]:
    """The working hours of the seasons, in their order."""
    rows = session.scalars(select(WorkingHoursRow).order_by(WorkingHoursRow.number))
    return tuple(_hours(row) for row in rows)


def declare_weather(
    session: Session, kind: str, *, starts_at: datetime, ends_at: datetime | None, now: datetime
) -> str:
    """Say that weather stops clocks, from when and, once it is known, until when.

    A declaration that still lasts and has this start is given its end.
    """
    lasting = session.scalars(
        select(WeatherPause).where(WeatherPause.kind == kind, WeatherPause.starts_at == starts_at)
    ).first()
    if lasting is None:
        lasting = WeatherPause(id=new_id(now), kind=kind, starts_at=starts_at)
        session.add(lasting)
    lasting.ends_at = ends_at
    touch_calendar(session)
    return lasting.id


def touch_calendar(session: Session) -> None:
    """Note a change, so that nobody goes on with what was read before."""
    session.flush()
    session.execute(delete(CalendarState))
    session.execute(insert(CalendarState).values(id=uuid4().hex))


def _read(session: Session) -> TimeTable:
    calendar = Calendar(
        worked={row.day: row.worked for row in session.scalars(select(CalendarDay))},
        announced=frozenset(announced_years(session)),
        hours=stored_hours(session),
        usual=USUAL_HOURS,
    )
    weather: dict[str, list[Pause]] = {}
    for row in session.scalars(select(WeatherPause)):
        weather.setdefault(row.kind, []).append(Pause(row.starts_at, row.ends_at))
    return TimeTable(calendar, {kind: tuple(pauses) for kind, pauses in weather.items()})


def _hours(row: WorkingHoursRow) -> WorkingHours:
    season_from, season_to = parse_season_day(row.season_from), parse_season_day(row.season_to)
    spans = parse_spans(row.hours)
    if season_from is None or season_to is None or spans is None:
        raise ValueError(f"working hours row {row.number} cannot be read")
    return WorkingHours(season_from, season_to, spans, row.valid_from, row.valid_to)


def _season_text(edge: tuple[int, int]) -> str:
    return f"{edge[0]:02d}-{edge[1]:02d}"


def _announced_days() -> list[SpecialDay]:
    """The library's days that differ from plain weekdays."""
    names = {holiday.value: holiday.chinese for holiday in announced.Holiday}
    off = [SpecialDay(day, False, names[name]) for day, name in announced.holidays.items()]
    on = [SpecialDay(day, True, f"{names[name]}调休") for day, name in announced.workdays.items()]
    return [day for day in off + on if day.worked != (day.day.weekday() < 5)]


def _unknown_years(session: Session) -> set[int]:
    return {day.year for day in announced.holidays} - announced_years(session)


def _announced_with(day: date) -> set[int]:
    """Years whose announcement may name a day: New Year's holiday may begin in December."""
    return {day.year, day.year + 1} if day.month == 12 else {day.year}
