"""Lists of cases: any filters together, newest first, paged by a key that stands still."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from zoubian.pipeline.domain.cases import CaseState, Condition, Source
from zoubian.pipeline.domain.geo import EARTH_RADIUS_M
from zoubian.pipeline.domain.scopes import EVERY_CASE, CaseScope
from zoubian.pipeline.ledger.cases_index import contains
from zoubian.pipeline.ledger.cases_models import CaseCondition, CaseParty, CaseRow
from zoubian.pipeline.ledger.cases_rows import group_party, unit_party

PAGE_LIMIT = 500

_MANY = 5000  # cases in one place


@dataclass(frozen=True, slots=True)
class Box:
    """A stretch of map in WGS-84 degrees, its edges included."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Circle:
    """A place and all around it within `radius_m` metres."""

    lat: float
    lon: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """What is looked for; filters that are left out ask for nothing, the others hold together.

    Attributes:
        states: any of these.
        text: a piece of the number, the city's own number, the place or anything written.
        conditions: all of these hold ("parked", "hard", ...).
        hard_office_id: the bureau office that leads an open hard case.
        closed_from: closed at this time or later, and before `closed_to`; open cases fall out.
        due_before: the unit's time runs out before this moment (`now`: what is overdue).
        review_before: parked, and to be looked at again before this moment (monthly review).
        hard_due_before: an open hard case that was promised, or else set, to be solved before.
        scope: which cases whoever asks may see at all.
    """

    unit_id: str | None = None
    states: tuple[CaseState, ...] = ()
    category: str | None = None
    source: Source | None = None
    text: str | None = None
    place: Box | Circle | None = None
    conditions: tuple[Condition, ...] = ()
    season: str | None = None
    hard_office_id: str | None = None
    registered_from: datetime | None = None
    registered_to: datetime | None = None
    closed_from: datetime | None = None
    closed_to: datetime | None = None
    due_before: datetime | None = None
    review_before: datetime | None = None
    hard_due_before: datetime | None = None
    scope: CaseScope = EVERY_CASE


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list; `CaseRow` says what each column means."""

    id: str
    first_event: int
    version: int
    number: str
    external_number: str | None
    state: CaseState
    round: int
    category: str
    filing_condition: str | None
    source: Source
    unit_id: str | None
    proposed_unit_ids: tuple[str, ...]
    lat: float | None
    lon: float | None
    radius_m: float | None
    place_zh: str | None
    place_en: str | None
    registered_at: datetime
    dispatched_at: datetime | None
    returned_at: datetime | None
    closed_at: datetime | None
    closing: str | None
    extended_until: datetime | None
    parked_until: datetime | None
    parking_review_at: datetime | None
    parking_season: str | None
    hard_office_id: str | None
    hard_due_at: datetime | None
    hard_promised_at: datetime | None
    send_backs: int
    reopened: int
    urged: int
    exempted: bool
    due_at: datetime | None
    warn_at: datetime | None
    supervise_at: datetime | None
    due_provisional: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some cases, newest first; `after` asks for the next page, None where this was the last."""

    cases: tuple[CaseLine, ...]
    after: int | None


@dataclass(frozen=True, slots=True)
class Taker:
    """How often a unit ended up with cases that were proposed to the same units near by."""

    unit_id: str
    cases: int


_Rows = Select[Any]

_COLUMNS = tuple(getattr(CaseRow, field.name) for field in fields(CaseLine))
_READ: Mapping[str, Callable[[str], Any]] = {
    "state": CaseState,
    "source": Source,
    "proposed_unit_ids": lambda written: tuple(written.split()),
}


def search(session: Session, query: CaseQuery, *, limit: int, after: int | None = None) -> CasePage:
    """Cases that `query` asks for, newest first.

    Cases that are registered meanwhile never shift a later page.

    Args:
        limit: cases of a page, 1 to 500.
        after: `CasePage.after` of the page before.
    """
    if not 1 <= limit <= PAGE_LIMIT:
        raise ValueError(f"a page holds 1 to {PAGE_LIMIT} cases, asked for {limit}")
    statement = _filtered(session, select(*_COLUMNS), query)
    if after is not None:
        statement = statement.where(CaseRow.first_event < after)
    rows = session.execute(statement.order_by(CaseRow.first_event.desc()).limit(limit + 1)).all()
    lines = tuple(_line(row) for row in rows[:limit])
    return CasePage(lines, lines[-1].first_event if len(rows) > limit else None)


def count(session: Session, query: CaseQuery) -> int:
    """How many cases `query` asks for."""
    return session.scalar(_filtered(session, select(func.count()).select_from(CaseRow), query)) or 0


def case_line(session: Session, case_id: str) -> CaseLine:
    """One case as lists show it.

    Raises:
        NoResultFound: there is no such case.
    """
    return _line(session.execute(select(*_COLUMNS).where(CaseRow.id == case_id)).one())


def is_visible(session: Session, case_id: str, scope: CaseScope) -> bool:
    """Whether there is such a case, and whoever has the scope may see it."""
    found = select(CaseRow.id).where(CaseRow.id == case_id, *_seen(scope))
    return session.scalar(found) is not None


def earlier_takers(session: Session, unit_ids: Sequence[str], within: Circle) -> tuple[Taker, ...]:
    """Who had the earlier cases near by that were proposed to the same units, most cases first.

    Only cases that came as far as a return count: until then the unit may still say "not ours".
    """
    proposed = " ".join(sorted(set(unit_ids)))
    cases = func.count().label("cases")
    rows = session.execute(
        select(CaseRow.unit_id, cases)
        .where(
            *_around(within),
            CaseRow.proposed_unit_ids == proposed,
            CaseRow.returned_at.is_not(None),
        )
        .group_by(CaseRow.unit_id)
        .order_by(cases.desc(), CaseRow.unit_id)
    )
    return tuple(Taker(unit_id, number) for unit_id, number in rows if unit_id is not None)


def _filtered(session: Session, statement: _Rows, query: CaseQuery) -> _Rows:
    for column, wanted in (
        (CaseRow.unit_id, query.unit_id),
        (CaseRow.category, query.category),
        (CaseRow.source, query.source),
        (CaseRow.parking_season, query.season),
        (CaseRow.hard_office_id, query.hard_office_id),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    statement = statement.where(*_seen(query.scope))
    if query.states:
        statement = statement.where(CaseRow.state.in_(query.states))
    conditions = set(query.conditions)
    if query.review_before is not None:
        conditions.add(Condition.PARKED)
    if query.hard_due_before is not None:
        conditions.add(Condition.HARD)
    for condition in sorted(conditions):
        held = select(CaseCondition.case_id).where(CaseCondition.condition == condition)
        statement = statement.where(CaseRow.id.in_(held))
    if query.text is not None:
        statement = statement.where(*contains(session, query.text))
    if query.place is not None:
        statement = statement.where(*_placed(session, query.place))
    return _timed(statement, query)


def _seen(scope: CaseScope) -> tuple[ColumnElement[bool], ...]:
    """What a case must be like to be within a scope."""
    if scope.everything:
        return ()
    parties = [unit_party(unit_id) for unit_id in scope.unit_ids]
    if scope.group_id is not None:
        parties.append(group_party(scope.group_id))
    concerned = select(CaseParty.case_id).where(CaseParty.party.in_(parties))
    return (CaseRow.id.in_(concerned),)


def _timed(statement: _Rows, query: CaseQuery) -> _Rows:
    for column, since in (
        (CaseRow.registered_at, query.registered_from),
        (CaseRow.closed_at, query.closed_from),
    ):
        if since is not None:
            statement = statement.where(column >= since)
    for column, before in (
        (CaseRow.registered_at, query.registered_to),
        (CaseRow.closed_at, query.closed_to),
        (CaseRow.due_at, query.due_before),
        (CaseRow.parking_review_at, query.review_before),
    ):
        if before is not None:
            statement = statement.where(column < before)
    if query.hard_due_before is not None:
        due = func.coalesce(CaseRow.hard_promised_at, CaseRow.hard_due_at)
        statement = statement.where(due < query.hard_due_before)
    return statement


def _placed(session: Session, place: Box | Circle) -> tuple[ColumnElement[bool], ...]:
    """Where a case lies, asked so that no place costs more than a small one.

    SQLite would fetch and sort all rows of a box to find the newest. Few cases are given to it as
    a list, read from an index alone; where there are many, the newest are soon found by going
    through all of them, without the index of places (which `+ 0` keeps it from).
    """
    conditions = _inside(place) if isinstance(place, Box) else _around(place)
    if session.get_bind().dialect.name != "sqlite":
        return conditions
    other = aliased(CaseRow)
    box = place if isinstance(place, Box) else _box_around(place)
    listed = select(other.first_event).where(
        other.lat.between(box.south, box.north), other.lon.between(box.west, box.east)
    )
    first = listed.limit(_MANY).subquery()
    if session.scalar(select(func.count()).select_from(first)) == _MANY:
        north_south = (CaseRow.lat + 0).between(box.south, box.north)
        return north_south, (CaseRow.lon + 0).between(box.west, box.east), *conditions[2:]
    return CaseRow.first_event.in_(listed), *conditions


def _inside(box: Box) -> tuple[ColumnElement[bool], ...]:
    return CaseRow.lat.between(box.south, box.north), CaseRow.lon.between(box.west, box.east)


def _around(circle: Circle) -> tuple[ColumnElement[bool], ...]:
    """Within the circle, on the plane that touches its middle: good to centimetres in a city."""
    north_m, east_m = _degree_m(circle.lat)
    north, east = (CaseRow.lat - circle.lat) * north_m, (CaseRow.lon - circle.lon) * east_m
    within = north * north + east * east <= circle.radius_m**2
    return *_inside(_box_around(circle)), within


def _box_around(circle: Circle) -> Box:
    north_m, east_m = _degree_m(circle.lat)
    high, wide = circle.radius_m / north_m, circle.radius_m / max(east_m, 1.0)
    return Box(circle.lat - high, circle.lon - wide, circle.lat + high, circle.lon + wide)


def _degree_m(lat: float) -> tuple[float, float]:
    """Metres of one degree to the north and to the east."""
    north_m = math.radians(1.0) * EARTH_RADIUS_M
    return north_m, north_m * math.cos(math.radians(lat))


def _line(row: Row[Any]) -> CaseLine:
    values = dict(row._mapping)
    for name, read in _READ.items():
        values[name] = read(values[name])
    return CaseLine(**values)
