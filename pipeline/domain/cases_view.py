"""A case as its events tell it: values without behaviour; `cases_fold` makes them."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime

from zoubian.pipeline.domain.case_clock import ClockMark
from zoubian.pipeline.domain.cases import CaseState, Condition, Recheck, SendBackReason, Source


def month_after(at: datetime) -> datetime:
    """The same day of the next month, or its last day.

    >>> from datetime import UTC
    >>> month_after(datetime(2026, 1, 31, 8, tzinfo=UTC)).isoformat()
    '2026-02-28T08:00:00+00:00'
    """
    year, month = divmod(at.year * 12 + at.month, 12)
    day = min(at.day, monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The case was given to a unit."""

    at: datetime
    by: str
    unit_id: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A unit said that the case is not its own; `other_unit_id` is whose it says it is."""

    at: datetime
    by: str
    unit_id: str
    note: str
    other_unit_id: str | None


@dataclass(frozen=True, slots=True)
class Request:
    """A unit asks for an extension or for parking, and waits for the answer."""

    at: datetime
    by: str
    until: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, granted: until when, by whom, and the ground the unit gave."""

    at: datetime
    by: str
    until: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Parking:
    """The case waits with approval (挂账).

    Attributes:
        reviewed_at: when somebody last looked whether the ground still holds; at first `at`.
        season: word for the bulk it was parked in, such as "winter-2026"; None for a single one.
    """

    at: datetime
    by: str
    until: datetime
    note: str
    season: str | None
    reviewed_at: datetime

    @property
    def review_at(self) -> datetime:
        """When it is to be looked at next: after a month, or when its time is over."""
        return min(self.until, month_after(self.reviewed_at))


@dataclass(frozen=True, slots=True)
class Return:
    """Photos of the work were returned; whoever did the work does not verify it."""

    number: int
    at: datetime
    by: str
    unit_id: str | None
    group_id: str | None
    round: int
    photo_sha256s: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Appeal:
    """A unit appeals against a sending back; `upheld` is None until the office answers."""

    at: datetime
    by: str
    note: str
    upheld: bool | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class SendBack:
    """A return was not accepted. It stays on record even where an appeal is upheld."""

    number: int
    at: datetime
    by: str
    unit_id: str
    round: int
    recheck: Recheck
    reason: SendBackReason
    remaining: str
    appeal: Appeal | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """The case was closed; `recheck` is None where the group put it right on the spot."""

    at: datetime
    by: str
    unit_id: str | None
    group_id: str | None
    recheck: Recheck | None

    @property
    def on_spot(self) -> bool:
        """Whether it was 当场整改, which is counted apart."""
        return self.recheck is None


@dataclass(frozen=True, slots=True)
class HardNote:
    """What was agreed when a hard case was talked over."""

    at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class HardCase:
    """An entry of the ledger of hard cases (疑难问题台账).

    Attributes:
        office_unit_id: the bureau office that leads.
        due_at: its own clock: until when it is to be solved, None where none was set.
        promised_at: until when the leading office promised it.
        ground: for striking it off (销号依据); None while it is open.
    """

    at: datetime
    by: str
    office_unit_id: str
    note: str
    due_at: datetime | None
    promised_at: datetime | None = None
    notes: tuple[HardNote, ...] = ()
    struck_off_at: datetime | None = None
    struck_off_by: str | None = None
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class SeenAgain:
    """A later patrol saw the problem while the case was open."""

    at: datetime
    by: str
    candidate_ids: tuple[str, ...]
    photo_sha256s: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """After the closing it was seen again; `accepted` is None until a person answers."""

    at: datetime
    by: str
    candidate_ids: tuple[str, ...]
    photo_sha256s: tuple[str, ...]
    accepted: bool | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """The fold of a case's events.

    Free texts (`note`, `remaining`, `ground`) are references into the table of texts.

    Attributes:
        first_event: number of the event that registered it.
        version: number of the last event that a person acting on the case must have seen: all
            but urgings and sightings, which change nothing that somebody could overwrite.
        round: 1 for the first piece of work, one more for each sending back and reopening.
        rule_id: the deadline rule that the case was registered under, and keeps.
        lat: WGS-84 degrees, like `lon`; None where only words say the place.
        radius_m: how far the position may be off, in metres.
        proposed_unit_ids: whom the position's error circle touches; `unit_id` says who has it.
        unit_id: None while nobody has it.
        moved_at: when the last event happened that changed the state or the clock.
        texts: references of all free texts, in order.
    """

    id: str
    number: str
    first_event: int
    version: int
    state: CaseState
    round: int
    category: str
    filing_condition: str | None
    rule_id: str | None
    lat: float | None
    lon: float | None
    radius_m: float | None
    place_zh: str | None
    place_en: str | None
    source: Source
    external_number: str | None
    candidate_ids: tuple[str, ...]
    photo_sha256s: tuple[str, ...]
    proposed_unit_ids: tuple[str, ...]
    assisting_unit_ids: tuple[str, ...]
    registered_at: datetime
    registered_by: str
    registered_group_id: str | None
    moved_at: datetime
    unit_id: str | None = None
    dispatches: tuple[Dispatch, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    extension_request: Request | None = None
    extension: Extension | None = None
    extensions_granted: int = 0
    parking_request: Request | None = None
    parking: Parking | None = None
    returns: tuple[Return, ...] = ()
    send_backs: tuple[SendBack, ...] = ()
    closings: tuple[Closing, ...] = ()
    reopened: int = 0
    hard: HardCase | None = None
    seen_again: tuple[SeenAgain, ...] = ()
    recurrences: tuple[Recurrence, ...] = ()
    urged: int = 0
    exempted: bool = False
    withdrawn_at: datetime | None = None
    clock: tuple[ClockMark, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def conditions(self) -> frozenset[Condition]:
        """What is true of the case besides its state."""
        last = self.send_backs[-1] if self.send_backs else None
        appealable = (
            self.state is CaseState.DISPATCHED
            and last is not None
            and last.appeal is None
            and last.round == self.round - 1
            and last.unit_id == self.unit_id
        )
        holds = {
            Condition.EXTENSION_REQUESTED: self.extension_request is not None,
            Condition.EXTENDED: self.extension is not None,
            Condition.PARKING_REQUESTED: self.parking_request is not None,
            Condition.PARKED: self.parking is not None,
            Condition.SENT_BACK: appealable,
            Condition.APPEALED: self.open_appeal is not None,
            Condition.RECURRENCE_PROPOSED: self.open_recurrence is not None,
            Condition.HARD: self.hard is not None and self.hard.struck_off_at is None,
        }
        return frozenset(condition for condition, true in holds.items() if true)

    @property
    def open_appeal(self) -> Appeal | None:
        """The appeal that waits for its answer."""
        appeal = self.send_backs[-1].appeal if self.send_backs else None
        return appeal if appeal is not None and appeal.upheld is None else None

    @property
    def open_recurrence(self) -> Recurrence | None:
        """The proposed recurrence that waits for its answer."""
        last = self.recurrences[-1] if self.recurrences else None
        return last if last is not None and last.accepted is None else None
