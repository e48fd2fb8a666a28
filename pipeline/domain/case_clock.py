"""The time a unit has for a case: what runs it, what stops it, and whether it was kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from zoubian.pipeline.domain.clocks import Calendar, Clock, Pause, due_at, elapsed

_HOURS_OF = {
    Clock.URGENT_WORKING_HOURS: Clock.URGENT_WORKING_HOURS,
    Clock.URGENT_WORKING_DAYS: Clock.URGENT_WORKING_HOURS,
    Clock.CALENDAR_DAYS: Clock.URGENT_WORKING_HOURS,
    Clock.WORKING_HOURS: Clock.WORKING_HOURS,
    Clock.WORKING_DAYS: Clock.WORKING_HOURS,
}


class MarginKind(StrEnum):
    """What a margin is measured in."""

    SHARE = "share"  # of the rule's amount
    HOURS = "hours"  # working hours where the rule counts working time


@dataclass(frozen=True, slots=True)
class Margin:
    """A stretch of time beside a due time: a share of the rule's amount (0.25) or hours."""

    kind: MarginKind
    size: Fraction


@dataclass(frozen=True, slots=True)
class DeadlineTerms:
    """What a deadline rule grants.

    Attributes:
        amount: hours or days of `clock` for the first round.
        warning: how long before the due time the early warning begins.
        supervision: how long after the due time urging (催办) becomes supervising (督办).
        rework: least amount for another round after a send-back; 0 leaves what was not used.
        weather: kind of weather that stops this clock ("snowfall"), None: no weather does.
    """

    amount: Fraction
    clock: Clock
    warning: Margin
    supervision: Margin
    rework: Fraction
    weather: str | None


class MarkKind(StrEnum):
    """What an event of a case does to its unit's clock."""

    START = "start"  # dispatched to a unit that did not have the case, or reopened: the whole time
    STOP = "stop"  # parked or disputed: it stands
    GO_ON = "go_on"  # parking over, or dispatched again to the unit that disputed
    END = "end"  # returned, closed, withdrawn: the unit is done
    NEW_ROUND = "new_round"  # sent back
    EXTEND = "extend"  # granted, with `until`
    EXEMPT = "exempt"  # not held against the unit; that it was late stays a fact


@dataclass(frozen=True, slots=True)
class ClockMark:
    """One event that concerns the clock; `until` belongs to EXTEND."""

    kind: MarkKind
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """One piece of work of one unit, from having the case to returning it.

    `due_at` is None where the clock stood at the end.
    """

    started_at: datetime
    ended_at: datetime
    due_at: datetime | None

    @property
    def late(self) -> bool:
        """Whether it was returned after its due time."""
        return self.due_at is not None and self.ended_at > self.due_at


class Stage(StrEnum):
    """How urgent a case is at a moment."""

    NONE = "none"  # nobody's time runs
    RUNNING = "running"
    WARNING = "warning"
    OVERDUE = "overdue"  # to be urged 催办
    SUPERVISED = "supervised"  # overdue for so long that it is supervised 督办


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What a case's events say about its time; all that depends on "now" is asked for.

    Attributes:
        due_at: of the round that runs; None where none does.
        warn_at: when its early warning begins.
        supervise_at: when it is to be supervised.
        standing: a round is open but its clock stands (parked, disputed, weather).
        provisional: the due time rests on a year that is not announced (暂定).
        rounds: those that ended.
        exempted: an exemption is recorded; the facts stay as they are.
    """

    due_at: datetime | None
    warn_at: datetime | None
    supervise_at: datetime | None
    standing: bool
    provisional: bool
    rounds: tuple[Round, ...]
    exempted: bool

    def stage(self, now: datetime) -> Stage:
        """How urgent the case is at `now`."""
        return stage_at(self.due_at, self.warn_at, self.supervise_at, now=now)

    def remaining(self, now: datetime) -> timedelta | None:
        """Time to the due time, negative after it."""
        return None if self.due_at is None else self.due_at - now

    def overdue(self, now: datetime) -> bool:
        """Whether it is late now or was in an earlier round, exempted or not."""
        late_now = self.due_at is not None and now > self.due_at
        return late_now or any(done.late for done in self.rounds)


NO_CLOCK = ClockReading(None, None, None, False, False, (), False)


def stage_at(
    due: datetime | None, warn: datetime | None, supervise: datetime | None, *, now: datetime
) -> Stage:
    """How urgent a case with these times is at `now`."""
    if due is None:
        return Stage.NONE
    if now > due:
        return Stage.SUPERVISED if supervise is not None and now > supervise else Stage.OVERDUE
    return Stage.WARNING if warn is not None and now >= warn else Stage.RUNNING


def clock_of(
    marks: Iterable[ClockMark],
    terms: DeadlineTerms | None,
    calendar: Calendar,
    *,
    weather: Sequence[Pause],
) -> ClockReading:
    """Read a case's clock from what happened to it, in order.

    The time runs from dispatch to return. It stands while the case is parked or disputed and
    while it lies with those who check; a send-back goes on with what was left, or grants the
    rule's `rework` where that is more. An extension moves the due time to its `until`, never back.

    Args:
        terms: of the rule that the case was registered under; without one there is no clock.
        weather: times that the office declared for `terms.weather`.
    """
    if terms is None:
        return NO_CLOCK
    run = _Run(terms, calendar, tuple(weather) if terms.weather else ())
    for mark in marks:
        run.take(mark)
    return run.reading()


class _Run:
    """A clock while it is being read: one open round at most, running or standing."""

    def __init__(self, terms: DeadlineTerms, calendar: Calendar, pauses: tuple[Pause, ...]) -> None:
        self._terms = terms
        self._calendar = calendar
        self._pauses = pauses
        self._rounds: list[Round] = []
        self._exempted = False
        self._open_since: datetime | None = None  # of the round
        self._from: datetime | None = None  # since when it runs; None while it stands
        self._left = Fraction(0)  # at `_from`
        self._until: datetime | None = None  # an extension's, not to fall short of
        self._missed: datetime | None = None  # the due time that was missed before it stood

    def take(self, mark: ClockMark) -> None:
        if mark.kind is MarkKind.EXEMPT:
            self._exempted = True
        elif mark.kind is MarkKind.START:
            self._begin(mark.at, self._terms.amount)
        elif mark.kind is MarkKind.NEW_ROUND:
            self._begin(mark.at, max(self._left, self._terms.rework))
        elif self._open_since is None:
            return  # closed without a unit (当场整改), or noted after the end
        elif mark.kind is MarkKind.END:
            self._end(mark.at)
        elif mark.kind is MarkKind.STOP:
            self._stand(mark.at)
        elif mark.kind is MarkKind.GO_ON:
            self._from = self._from or mark.at
        elif mark.until is not None:
            self._extend(mark.at, mark.until)

    def reading(self) -> ClockReading:
        due, provisional = self._due()
        warn = supervise = None
        if due is not None:
            warn, supervise = self._warning(due), self._beyond(due, self._terms.supervision)
        standing = self._open_since is not None and due is None
        return ClockReading(
            due, warn, supervise, standing, provisional, tuple(self._rounds), self._exempted
        )

    def _begin(self, at: datetime, amount: Fraction) -> None:
        self._open_since, self._from, self._left = at, at, amount
        self._until = self._missed = None

    def _end(self, at: datetime) -> None:
        assert self._open_since is not None
        due, _ = self._due()
        self._rounds.append(Round(self._open_since, at, due))
        self._stand(at)
        self._open_since = self._missed = None

    def _stand(self, at: datetime) -> None:
        if self._from is None:
            return
        due, _ = self._due()
        self._missed = due if due is not None and due < at else None
        self._left = max(Fraction(0), self._left - self._elapsed(self._from, at))
        self._from = self._until = None

    def _extend(self, at: datetime, until: datetime) -> None:
        due, _ = self._due()
        if due is not None and until <= due:
            return
        granted = self._elapsed(at, until)
        if self._from is not None:
            self._left = max(Fraction(0), self._left - self._elapsed(self._from, at))
            self._from = at
            self._until = max(until, self._until or until)
        self._left = max(self._left, granted)
        self._missed = None

    def _due(self) -> tuple[datetime | None, bool]:
        if self._open_since is None or self._from is None:
            return None, False
        if self._missed is not None:
            return self._missed, False
        due = due_at(
            self._from,
            amount=self._left,
            clock=self._terms.clock,
            calendar=self._calendar,
            pauses=self._pauses,
        )
        if due.at is None or self._until is None or self._until <= due.at:
            return due.at, due.provisional
        return self._until, due.provisional

    def _warning(self, due: datetime) -> datetime:
        """When the early warning begins: counted back from the due time, not before the start."""
        assert self._from is not None
        margin = self._terms.warning
        clock = self._terms.clock
        size = margin.size * self._terms.amount
        if margin.kind is MarginKind.HOURS:
            clock, size = _HOURS_OF[clock], margin.size
        run = elapsed(self._from, due, clock=clock, calendar=self._calendar, pauses=self._pauses)
        warn = due_at(
            self._from,
            amount=max(Fraction(0), run - size),
            clock=clock,
            calendar=self._calendar,
            pauses=self._pauses,
        )
        return due if warn.at is None else min(warn.at, due)

    def _beyond(self, due: datetime, margin: Margin) -> datetime | None:
        clock = self._terms.clock
        size = margin.size * self._terms.amount
        if margin.kind is MarginKind.HOURS:
            clock, size = _HOURS_OF[clock], margin.size
        return due_at(
            due, amount=size, clock=clock, calendar=self._calendar, pauses=self._pauses
        ).at

    def _elapsed(self, start: datetime, end: datetime) -> Fraction:
        return elapsed(
            start,
            end,
            clock=self._terms.clock,
            calendar=self._calendar,
            pauses=self._pauses,
        )
