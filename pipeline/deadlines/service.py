"""What the other rooms ask of the deadlines: the clock of one case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from zoubian.pipeline.deadlines.calendar import TimeTable, time_table
from zoubian.pipeline.deadlines.rules import DeadlineRule, rule_by_id
from zoubian.pipeline.domain.case_clock import ClockMark, ClockReading, clock_of


class Clocked(Protocol):
    """What of a case its clock depends on: the rule it keeps and what happened to it."""

    @property
    def rule_id(self) -> str | None: ...
    @property
    def clock(self) -> tuple[ClockMark, ...]: ...


@dataclass(frozen=True, slots=True)
class ClockTimes:
    """The times that lists are made by; all None while nobody's time runs."""

    due_at: datetime | None
    warn_at: datetime | None
    supervise_at: datetime | None
    provisional: bool


def clock_times(session: Session, case: Clocked) -> ClockTimes:
    """The times of a case as its events stand; to be stored beside it, in one transaction."""
    reading = read_clock(session, case)
    return ClockTimes(reading.due_at, reading.warn_at, reading.supervise_at, reading.provisional)


def read_clock(session: Session, case: Clocked) -> ClockReading:
    """The whole clock of a case: also its past rounds and its exemption."""
    rule = None if case.rule_id is None else rule_by_id(session, case.rule_id)
    return reading_of(case, rule, time_table(session))


def reading_of(case: Clocked, rule: DeadlineRule | None, table: TimeTable) -> ClockReading:
    """The clock of a case, from values that are at hand."""
    terms = None if rule is None else rule.terms
    weather = () if terms is None or terms.weather is None else table.weather.get(terms.weather, ())
    return clock_of(case.clock, terms, table.calendar, weather=weather)
