"""The time a unit has for a case: what runs it, what stops it, and whether it was kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from zoubian.pipeline.domain.clocks import Calendar, Clock, Due, Pause, due_at, elapsed

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
    DISPUTE = "dispute"  # the unit says that it is not its own: the clock stands
    GO_ON = "go_on"  # dispatched again to the unit that disputed: with what was left
    PARK = "park"  # it stands, as long as `until` says; parked again, as long as the new one says
    UNPARK = "unpark"  # it goes on with what was left
    END = "end"  # returned, closed, withdrawn: the unit is done
    NEW_ROUND = "new_round"  # sent back
    VOID = "void"  # the send-back was wrong: its round never was
    EXTEND = "extend"  # granted, with `until`
    EXEMPT = "exempt"  # not held against the unit; that it was late stays a fact


@dataclass(frozen=True, slots=True)
class ClockMark:
    """One event that concerns the clock; `until` belongs to EXTEND and PARK."""

    kind: MarkKind
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """One piece of work of one unit, from having the case to returning it.

    Attributes:
        due_at: None where the clock stood at the end.
        missed: an earlier due time had passed before the case was parked or disputed.
    """

    started_at: datetime
    ended_at: datetime
    due_at: datetime | None
    missed: bool

    @property
    def late(self) -> bool:
        """Whether a due time passed before it was returned."""
        return self.missed or (self.due_at is not None and self.ended_at > self.due_at)


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
        due_at: of the open round, a parking that has an end included; None where there is none.
        warn_at: when its early warning begins.
        supervise_at: when it is to be supervised.
        standing: a round is open but nobody knows until when its clock stands (dispute, weather).
        missed: the open round had missed a due time before it was parked or disputed.
        provisional: the due time rests on a year that is not announced (暂定).
        rounds: those that ended.
        exempted: an exemption is recorded; the facts stay as they are.
    """

    due_at: datetime | None
    warn_at: datetime | None
    supervise_at: datetime | None
    standing: bool
    missed: bool
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
        return late_now or self.missed or any(done.late for done in self.rounds)


NO_CLOCK = ClockReading(None, None, None, False, False, False, (), False)


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
    A parking that nobody ends is over at its `until`: the case comes back onto the lists by itself.

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
        self._disputed = False
        self._parked = False
        self._parked_until: datetime | None = None
        self._open_since: datetime | None = None  # of the round
        self._from: datetime | None = None  # since or from when it runs; None while it stands
        self._left = Fraction(0)  # at `_from`
        self._until: datetime | None = None  # an extension's, not to fall short of
        self._missed = False

    def take(self, mark: ClockMark) -> None:
        match mark.kind:
            case MarkKind.START:
                self._begin(mark.at, self._terms.amount)
            case MarkKind.NEW_ROUND:
                self._begin(mark.at, max(self._left, self._terms.rework))
            case MarkKind.DISPUTE | MarkKind.GO_ON:
                self._disputed = mark.kind is MarkKind.DISPUTE
                self._stand_or_run(mark.at)
            case MarkKind.PARK | MarkKind.UNPARK:
                self._parked = mark.kind is MarkKind.PARK
                self._parked_until = mark.until if self._parked else None
                self._stand_or_run(mark.at)
            case MarkKind.END:
                self._end(mark.at)
            case MarkKind.VOID:
                self._open_since, self._from, self._missed = None, None, False
            case MarkKind.EXTEND:
                self._extend(mark)
            case MarkKind.EXEMPT:
                self._exempted = True

    def reading(self) -> ClockReading:
        due, provisional = self._due()
        warn = supervise = None
        if due is not None:
            warn, supervise = self._warning(due), self._supervision(due)
        return ClockReading(
            due_at=due,
            warn_at=warn,
            supervise_at=supervise,
            standing=self._open_since is not None and due is None,
            missed=self._missed,
            provisional=provisional,
            rounds=tuple(self._rounds),
            exempted=self._exempted,
        )

    def _begin(self, at: datetime, amount: Fraction) -> None:
        self._open_since, self._left = at, amount
        self._disputed = self._missed = False
        self._from = self._until = None
        self._stand_or_run(at)

    def _stand_or_run(self, at: datetime) -> None:
        if self._open_since is None:
            return  # not dispatched yet, or done
        runs = self._from is not None and self._from <= at
        if runs and not self._disputed and not self._parked:
            return
        self._stand(at)
        if self._parked and not self._disputed and self._parked_until is not None:
            self._from = max(at, self._parked_until)
        elif not self._parked and not self._disputed:
            self._from = at

    def _stand(self, at: datetime) -> None:
        if self._from is None:
            return
        due, _ = self._due()
        self._missed = self._missed or (due is not None and due < at)
        self._left = self._left_at(at)
        self._from = self._until = None

    def _end(self, at: datetime) -> None:
        self._parked = False
        if self._open_since is None:
            return  # closed without a unit (当场整改), or after the return
        due, _ = self._due()
        self._rounds.append(Round(self._open_since, at, due, self._missed))
        self._stand(at)
        self._open_since, self._missed = None, False

    def _extend(self, mark: ClockMark) -> None:
        due, _ = self._due()
        if self._open_since is None or mark.until is None or (due and mark.until <= due):
            return
        if self._from is not None and self._from <= mark.at:
            self._left, self._from, self._until = self._left_at(mark.at), mark.at, mark.until
        self._left = max(self._left, self._elapsed(mark.at, mark.until))

    def _left_at(self, at: datetime) -> Fraction:
        assert self._from is not None
        return max(Fraction(0), self._left - self._elapsed(self._from, at))

    def _due(self) -> tuple[datetime | None, bool]:
        if self._open_since is None or self._from is None:
            return None, False
        due = self._after(self._from, self._left, self._terms.clock)
        if due.at is None or self._until is None or self._until <= due.at:
            return due.at, due.provisional
        return self._until, due.provisional

    def _warning(self, due: datetime) -> datetime:
        """When the early warning begins: counted back from the due time, not before the start."""
        assert self._from is not None
        clock, size = self._measure(self._terms.warning)
        ran = self._elapsed(self._from, due, clock)
        warn = self._after(self._from, max(Fraction(0), ran - size), clock).at
        return due if warn is None else min(warn, due)

    def _supervision(self, due: datetime) -> datetime | None:
        clock, size = self._measure(self._terms.supervision)
        return self._after(due, size, clock).at

    def _measure(self, margin: Margin) -> tuple[Clock, Fraction]:
        if margin.kind is MarginKind.SHARE:
            return self._terms.clock, margin.size * self._terms.amount
        return _HOURS_OF[self._terms.clock], margin.size

    def _after(self, start: datetime, amount: Fraction, clock: Clock) -> Due:
        return due_at(
            start, amount=amount, clock=clock, calendar=self._calendar, pauses=self._pauses
        )

    def _elapsed(self, start: datetime, end: datetime, clock: Clock | None = None) -> Fraction:
        return elapsed(
            start,
            end,
            clock=clock or self._terms.clock,
            calendar=self._calendar,
            pauses=self._pauses,
        )
