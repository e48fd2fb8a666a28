"""The row of a case: what its events say, spread over columns that lists can ask for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from zoubian.pipeline.deadlines.service import clock_times
from zoubian.pipeline.domain.case_numbers import parse_number
from zoubian.pipeline.domain.cases import CaseState, Condition
from zoubian.pipeline.domain.cases_text import searchable
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.ledger import texts
from zoubian.pipeline.ledger.cases_index import index_text
from zoubian.pipeline.ledger.cases_models import CaseCondition, CaseRow

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
    _write_conditions(session, view, before=before)


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
        "assisting_unit_ids": "".join(
            f" {unit_id} " for unit_id in sorted(view.assisting_unit_ids)
        ),
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


def _write_conditions(session: Session, view: CaseView, *, before: CaseView | None) -> None:
    held = frozenset() if before is None else before.conditions
    gone, new = held - view.conditions, view.conditions - held
    if gone:
        session.execute(
            delete(CaseCondition)
            .where(CaseCondition.case_id == view.id, CaseCondition.condition.in_(sorted(gone)))
            .execution_options(synchronize_session=False)
        )
    if new:
        rows = [{"case_id": view.id, "condition": condition.value} for condition in sorted(new)]
        session.execute(insert(CaseCondition), rows)


def _words(view: CaseView) -> tuple[str | None, ...]:
    return view.number, view.external_number, view.place_zh, view.place_en


def _found_by(view: CaseView) -> tuple[tuple[str | None, ...], tuple[str, ...]]:
    return _words(view), view.texts
