"""How time counts on the five clocks of the bureaus' deadline tables, over a calendar."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

from zoubian.pipeline.domain.local_time import from_local, local_day

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
# New Year's holidays and make-up days may lie in the last week before, and are announced with it.
_TURN_OF_YEAR = timedelta(days=7)


class Clock(StrEnum):
    """How an amount runs, in the words of the bureaus' own tables."""

    URGENT_WORKING_HOURS = "紧急工作时"  # hours, day and night
    URGENT_WORKING_DAYS = "紧急工作日"  # 24 hours each, day and night
    WORKING_HOURS = "工作时"  # hours of working time
    WORKING_DAYS = "工作日"  # the working time of whole days
    CALENDAR_DAYS = "自然日"  # 24 hours each


_RUNS_ALWAYS = {
    Clock.URGENT_WORKING_HOURS: _HOUR,
    Clock.URGENT_WORKING_DAYS: _DAY,
    Clock.CALENDAR_DAYS: _DAY,
}


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Working time of the days of one season.

    Attributes:
        season_from: month and day of the first day, every year.
        season_to: month and day of the last day; before `season_from` it lies in the next year.
        spans_min: start and end in minutes after midnight, in order, apart: 8:30 is 510.
        valid_from: first day on which the row is in force, None from ever.
        valid_to: last such day, None for ever.
    """

    season_from: tuple[int, int]
    season_to: tuple[int, int]
    spans_min: tuple[tuple[int, int], ...]
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        edges = [minute for span in self.spans_min for minute in span]
        if not edges or edges[0] < 0 or edges[-1] > 24 * 60 or edges != sorted(set(edges)):
            raise ValueError(f"working hours must rise within one day, got {self.spans_min}")

    def holds(self, day: date) -> bool:
        """Whether these are the working hours of `day`."""
        if (self.valid_from is not None and day < self.valid_from) or (
            self.valid_to is not None and day > self.valid_to
        ):
            return False
        at = (day.month, day.day)
        if self.season_from <= self.season_to:
            return self.season_from <= at <= self.season_to
        return at >= self.season_from or at <= self.season_to


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked, at which hours, and for which years that is announced.

    Attributes:
        worked: days that differ from plain weekdays: a holiday False, a make-up day True.
        announced: years whose holidays are known; of others weekdays are taken, provisionally.
        hours: the first that holds on a day counts.
        usual: where none holds.
    """

    worked: Mapping[date, bool]
    announced: frozenset[int]
    hours: tuple[WorkingHours, ...]
    usual: WorkingHours

    def is_worked(self, day: date) -> bool:
        """Whether `day` is a working day."""
        known = self.worked.get(day)
        return day.weekday() < 5 if known is None else known

    def is_announced(self, day: date) -> bool:
        """Whether an announcement settled if `day` is worked; at a year's end the next one's."""
        return day.year in self.announced and (
            (day + _TURN_OF_YEAR).year == day.year or day.year + 1 in self.announced
        )

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """Working time of `day` as moments in UTC, in order; nothing on a day off."""
        if not self.is_worked(day):
            return []
        hours = next((row for row in self.hours if row.holds(day)), self.usual)
        midnight = from_local(datetime(day.year, day.month, day.day))
        return [
            (midnight + timedelta(minutes=start), midnight + timedelta(minutes=end))
            for start, end in hours.spans_min
        ]


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that does not count; it has not ended while `ends_at` is None."""

    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """When an amount is used up: never (None) while a pause lasts.

    `provisional` (暂定): a year that nobody has announced yet was counted by plain weekdays.
    """

    at: datetime | None
    provisional: bool


def due_at(
    start: datetime,
    *,
    amount: float | Fraction,
    clock: Clock,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
) -> Due:
    """When `amount`, counted on `clock` from `start` and not during pauses, is used up.

    A start outside working time counts from the next working moment on. An amount of nothing is
    due at `start`.

    Args:
        amount: hours or days, as the clock says; not negative.
        pauses: in any order; they may overlap.

    >>> from datetime import timezone
    >>> usual = WorkingHours((1, 1), (12, 31), ((510, 690), (780, 990)))
    >>> calendar = Calendar({}, frozenset({2026}), (), usual)
    >>> friday = datetime(2026, 6, 12, 15, 30, tzinfo=timezone(timedelta(hours=8)))
    >>> due = due_at(friday, amount=2, clock=Clock.WORKING_HOURS, calendar=calendar)
    >>> due.at.astimezone(friday.tzinfo).isoformat()  # one hour on Friday, one on Monday
    '2026-06-15T09:30:00+08:00'
    """
    at = start.astimezone(UTC)
    left = Fraction(str(amount))  # 0.1 means a tenth, not the binary number beside it
    for pause in sorted(pauses, key=lambda pause: pause.starts_at):
        if pause.ends_at is not None and pause.ends_at <= at:
            continue
        if _advance(at, left, clock, calendar) <= pause.starts_at:
            break
        if pause.starts_at > at:
            left -= _between(at, pause.starts_at, clock, calendar)
        if pause.ends_at is None:
            return Due(None, False)
        at = max(at, pause.ends_at)
    reached = _advance(at, left, clock, calendar)
    return Due(reached, _counts_unannounced(start, reached, clock, calendar))


def elapsed(
    start: datetime,
    end: datetime,
    *,
    clock: Clock,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
) -> Fraction:
    """What counted on `clock` from `start` to `end`, pauses left out; 0 where `end` is earlier."""
    at = start.astimezone(UTC)
    counted = Fraction(0)
    for pause in sorted(pauses, key=lambda pause: pause.starts_at):
        if pause.starts_at >= end:
            break
        counted += _between(at, pause.starts_at, clock, calendar)
        at = end if pause.ends_at is None else max(at, pause.ends_at)
    return counted + _between(at, end, clock, calendar)


def _advance(start: datetime, amount: Fraction, clock: Clock, calendar: Calendar) -> datetime:
    """The first moment at which `amount` has counted; rounded up to a microsecond."""
    if amount <= 0:
        return start
    if clock in _RUNS_ALWAYS:
        return start + _microseconds(amount * (_RUNS_ALWAYS[clock] // _MICROSECOND))
    for spans, unit in _worked_days(start, clock, calendar):
        for begins, ends in spans:
            begins = max(begins, start)
            if begins >= ends:
                continue
            step = Fraction((ends - begins) // _MICROSECOND, unit)
            if amount <= step:
                return begins + _microseconds(amount * unit)
            amount -= step
    raise AssertionError("working days never end")


def _between(start: datetime, end: datetime, clock: Clock, calendar: Calendar) -> Fraction:
    """What counts on `clock` between two moments."""
    if end <= start:
        return Fraction(0)
    if clock in _RUNS_ALWAYS:
        return Fraction((end - start) // _MICROSECOND, _RUNS_ALWAYS[clock] // _MICROSECOND)
    counted = Fraction(0)
    for spans, unit in _worked_days(start, clock, calendar):
        if spans[0][0] >= end:
            break
        for begins, ends in spans:
            inside = (min(ends, end) - max(begins, start)) // _MICROSECOND
            counted += Fraction(max(0, inside), unit)
    return counted


def _worked_days(
    start: datetime, clock: Clock, calendar: Calendar
) -> Iterator[tuple[list[tuple[datetime, datetime]], int]]:
    """Worked days from that of `start` on: their spans and the microseconds that one unit takes.

    A working day is the working time of that very day: from 10:00 it runs to 10:00 of the next,
    and a short summer afternoon makes nobody's day longer.
    """
    day = local_day(start)
    while True:
        spans = calendar.spans(day)
        if spans:
            whole = sum((ends - begins for begins, ends in spans), timedelta())
            unit = _HOUR if clock is Clock.WORKING_HOURS else whole
            yield spans, unit // _MICROSECOND
        day += _DAY


def _counts_unannounced(start: datetime, end: datetime, clock: Clock, calendar: Calendar) -> bool:
    if clock in _RUNS_ALWAYS:
        return False
    first, last = local_day(start), local_day(end)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return not all(calendar.is_announced(day) for day in days)


def _microseconds(count: Fraction) -> timedelta:
    return timedelta(microseconds=ceil(count))
