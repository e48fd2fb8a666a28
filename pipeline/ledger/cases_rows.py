"""The row of a case: what its events say, spread over columns that lists can ask for."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table, delete, insert, update
from sqlalchemy.orm import Session

from zoubian.pipeline.deadlines.service import clock_times
from zoubian.pipeline.domain.case_numbers import parse_number
from zoubian.pipeline.domain.cases import CaseState, Condition
from zoubian.pipeline.domain.cases_text import searchable
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.ledger import texts
from zoubian.pipeline.ledger.cases_index import index_text
from zoubian.pipeline.ledger.cases_models import CaseCondition, CaseParty, CaseRow

FIXED_ON_SPOT = "fixed_on_spot"


def write_row(session: Session, view: CaseView, *, before: CaseView | None) -> None:
    """Bring the row of a case to what its events say now; `before` is what the row says."""
    values = row_values(view, texts.read(session, view.texts))
    times = clock_times(session, view)
    values |= {
        "due_at": times.due_at,
        "warn_at": times.warn_at,
        "supervise_at": times.supervise_at,
        "due_provisional": times.provisional,
    }
    if before is None:
        session.execute(insert(CaseRow).values(**values))
    else:
        session.execute(
            update(CaseRow)
            .where(CaseRow.id == view.id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
    if before is None or _found_by(before) != _found_by(view):
        index_text(session, view.first_event, values["search_text"])
    for table, held in (
        (CaseCondition.__table__, conditions_of),
        (CaseParty.__table__, parties_of),
    ):
        earlier = frozenset[str]() if before is None else held(before)
        _write_several(session, cast(Table, table), view.id, before=earlier, after=held(view))


def row_values(view: CaseView, bodies: Mapping[str, str]) -> dict[str, Any]:
    """The columns that follow from the events alone.

    Args:
        bodies: texts by reference, at least those of the case.
    """
    year, count = parse_number(view.number)
    return {
        "id": view.id,
        "first_event": view.first_event,
        "version": view.version,
        "number": view.number,
        "number_year": year,
        "number_count": count,
        "external_number": view.external_number,
        "state": view.state.value,
        "round": view.round,
        "category": view.category,
        "filing_condition": view.filing_condition,
        "rule_id": view.rule_id,
        "source": view.source.value,
        "unit_id": view.unit_id,
        "proposed_unit_ids": " ".join(sorted(view.proposed_unit_ids)),
        "lat": view.lat,
        "lon": view.lon,
        "radius_m": view.radius_m,
        "place_zh": view.place_zh,
        "place_en": view.place_en,
        "registered_at": view.registered_at,
        "registered_group_id": view.registered_group_id,
        "dispatched_at": view.dispatches[-1].at if view.dispatches else None,
        "returned_at": view.returns[-1].at if view.returns else None,
        "send_backs": len(view.send_backs),
        "reopened": view.reopened,
        "urged": view.urged,
        "exempted": view.exempted,
        "search_text": searchable(
            [*_words(view), *(bodies.get(reference) for reference in view.texts)]
        ),
        **_closing_values(view),
        **_waiting_values(view),
    }


def conditions_of(view: CaseView) -> frozenset[str]:
    """What stands of a case in the table of conditions."""
    return frozenset(condition.value for condition in view.conditions)


def parties_of(view: CaseView) -> frozenset[str]:
    """Whom a case concerns, as the table of parties writes it."""
    units = {view.unit_id, *view.assisting_unit_ids}
    if view.hard is not None and view.hard.struck_off_at is None:
        units.add(view.hard.office_unit_id)
    parties = {unit_party(unit_id) for unit_id in units if unit_id is not None}
    if view.registered_group_id is not None:
        parties.add(group_party(view.registered_group_id))
    return frozenset(parties)


def unit_party(unit_id: str) -> str:
    """A unit among the parties of cases."""
    return f"unit:{unit_id}"


def group_party(group_id: str) -> str:
    """A working group among the parties of cases."""
    return f"group:{group_id}"


def _closing_values(view: CaseView) -> dict[str, Any]:
    closing = view.closings[-1] if view.state is CaseState.CLOSED else None
    if closing is None:
        return {"closed_at": None, "closing": None}
    how = FIXED_ON_SPOT if closing.recheck is None else closing.recheck.value
    return {"closed_at": closing.at, "closing": how}


def _waiting_values(view: CaseView) -> dict[str, Any]:
    parking = view.parking
    hard = view.hard if Condition.HARD in view.conditions else None
    return {
        "extended_until": view.extension.until if view.extension else None,
        "parked_until": parking.until if parking else None,
        "parking_review_at": parking.review_at if parking else None,
        "parking_season": parking.season if parking else None,
        "hard_office_id": hard.office_unit_id if hard else None,
        "hard_due_at": hard.due_at if hard else None,
        "hard_promised_at": hard.promised_at if hard else None,
    }


def _write_several(
    session: Session,
    table: Table,
    case_id: str,
    *,
    before: frozenset[str],
    after: frozenset[str],
) -> None:
    """Bring a table of (what, case_id) to what holds of a case now."""
    [what] = set(table.primary_key) - {table.c.case_id}
    if gone := before - after:
        of_case = delete(table).where(table.c.case_id == case_id)
        session.execute(of_case.where(what.in_(sorted(gone))))
    if new := after - before:
        rows = [{"case_id": case_id, what.name: name} for name in sorted(new)]
        session.execute(insert(table), rows)


def _words(view: CaseView) -> tuple[str | None, ...]:
    return view.number, view.external_number, view.place_zh, view.place_en


def _found_by(view: CaseView) -> tuple[tuple[str | None, ...], tuple[str, ...]]:
    return _words(view), view.texts
