"""Lists of what is due: read from the rows of cases, so that no case has to be folded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from zoubian.datasets.classes.models import Category
from zoubian.pipeline.deadlines.models import DeadlineRuleRow
from zoubian.pipeline.dispatch.urging import DueCase, Level, level_of
from zoubian.pipeline.domain.case_clock import Stage, stage_at
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.ledger.cases_models import CaseRow
from zoubian.pipeline.organisation.places import coordinates

NO_PLACE = "位置未填写"

_COLUMNS: tuple[Any, ...] = (
    CaseRow,
    DeadlineRuleRow.condition_zh,
    DeadlineRuleRow.city,
    DeadlineRuleRow.example,
)


@dataclass(frozen=True, slots=True)
class DuePage:
    """Some due cases, the earliest due time first; `after` asks for the next ones."""

    cases: tuple[DueCase, ...]
    after: tuple[datetime, str] | None


def due_cases(
    session: Session,
    *,
    now: datetime,
    categories: Mapping[str, Category],
    unit_ids: Sequence[str] | None,
    limit: int,
    after: tuple[datetime, str] | None = None,
) -> DuePage:
    """Cases that are due soon or overdue at `now`, in the order of their due times.

    Args:
        unit_ids: only cases of these units; None for all.
        limit: cases of a page.
        after: `DuePage.after` of the page before.
    """
    query = (
        select(*_COLUMNS)
        .outerjoin(DeadlineRuleRow, DeadlineRuleRow.id == CaseRow.rule_id)
        .where(CaseRow.due_at.is_not(None), CaseRow.warn_at <= now)
        .order_by(CaseRow.due_at, CaseRow.id)
        .limit(limit + 1)
    )
    found = session.execute(_narrowed(query, unit_ids, after)).all()
    shown = tuple(_due_case(row, categories, now) for row in found[:limit])
    last = shown[-1] if len(found) > limit else None
    return DuePage(shown, None if last is None else (last.due_at, last.case_id))


def all_due_cases(
    session: Session,
    *,
    now: datetime,
    categories: Mapping[str, Category],
    unit_ids: Sequence[str] | None,
) -> list[DueCase]:
    """Every case that is due soon or overdue at `now`."""
    found: list[DueCase] = []
    after = None
    while True:
        page = due_cases(
            session, now=now, categories=categories, unit_ids=unit_ids, limit=500, after=after
        )
        found += page.cases
        after = page.after
        if after is None:
            return found


def due_counts(session: Session, *, now: datetime) -> dict[str, dict[Stage, int]]:
    """Cases whose time runs by unit and urgency, units by id; each case counts once."""
    late, soon = CaseRow.due_at < now, CaseRow.warn_at <= now
    supervised = and_(late, func.coalesce(CaseRow.supervise_at < now, False))
    stage = case(
        (supervised, Stage.SUPERVISED.value),
        (late, Stage.OVERDUE.value),
        (soon, Stage.WARNING.value),
        else_=Stage.RUNNING.value,
    )
    # The coalesce keeps SQLite from walking an index of all cases for the sake of its order.
    unit = func.coalesce(CaseRow.unit_id, "")
    rows = session.execute(
        select(unit, stage, func.count())
        .where(CaseRow.due_at.is_not(None))
        .group_by(unit, stage)
        .order_by(unit)
    )
    counts: dict[str, dict[Stage, int]] = {}
    for unit_id, found, count in rows:
        counts.setdefault(unit_id, {})[Stage(found)] = count
    return counts


def _narrowed(
    query: Select[Any], unit_ids: Sequence[str] | None, after: tuple[datetime, str] | None
) -> Select[Any]:
    if unit_ids is not None:
        query = query.where(CaseRow.unit_id.in_(unit_ids))
    if after is not None:
        due, case_id = after
        query = query.where(
            or_(CaseRow.due_at > due, and_(CaseRow.due_at == due, CaseRow.id > case_id))
        )
    return query


def _due_case(row: Row[Any], categories: Mapping[str, Category], now: datetime) -> DueCase:
    found = row.CaseRow
    category = categories.get(found.category)
    stage = stage_at(found.due_at, found.warn_at, found.supervise_at, now=now)
    return DueCase(
        case_id=found.id,
        number=found.number,
        unit_id=found.unit_id or "",
        category_zh=category.name_zh if category else found.category,
        condition_zh=row.condition_zh,
        place_zh=_place(found),
        due_at=found.due_at,
        level=level_of(stage) or Level.SOON,
        round=found.round,
        urged=found.urged,
        provisional=found.due_provisional,
        example_city=row.city if row.example else None,
    )


def _place(found: CaseRow) -> str:
    if found.place_zh:
        return found.place_zh
    if found.lat is None or found.lon is None:
        return NO_PLACE
    return coordinates(Position(found.lat, found.lon, found.radius_m or 0.0)).zh
