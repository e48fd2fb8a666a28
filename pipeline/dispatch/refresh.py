"""What a new calendar changes: the stored due times of open cases are counted anew."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.deadlines.service import clock_times
from zoubian.pipeline.domain.cases import CaseState
from zoubian.pipeline.ledger.cases import case_view
from zoubian.pipeline.ledger.cases_models import CaseRow

# Some tenths of a second each: nobody else waits long for the write lock.
REFRESH_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many open cases were looked at, and how many got other times."""

    cases: int
    moved: int


def refresh_due(
    uow: UnitOfWork, *, chunk: int, on_progress: Callable[[int], None] | None = None
) -> Refreshed:
    """Count the due times of all dispatched cases anew; run again, nothing changes.

    One transaction a chunk: others can work meanwhile, and a stop loses nothing. Rounds that have
    ended are not touched: what was in time stays in time.

    Args:
        chunk: cases of one transaction.
        on_progress: told how many cases are done.
    """
    cases = moved = 0
    after = ""
    while True:
        with uow() as session:
            identifiers = _next(session, after, chunk)
            moved += sum(_refresh(session, identifier) for identifier in identifiers)
        cases += len(identifiers)
        if on_progress is not None:
            on_progress(cases)
        if len(identifiers) < chunk:
            return Refreshed(cases, moved)
        after = identifiers[-1]


def _next(session: Session, after: str, chunk: int) -> list[str]:
    """The next cases whose time may run, locked until the transaction ends."""
    return list(
        session.scalars(
            select(CaseRow.id)
            .where(
                CaseRow.id > after,
                CaseRow.state == CaseState.DISPATCHED.value,
                CaseRow.rule_id.is_not(None),
            )
            .order_by(CaseRow.id)
            .limit(chunk)
            .with_for_update()
        )
    )


def _refresh(session: Session, case_id: str) -> bool:
    times = clock_times(session, case_view(session, case_id))
    row = session.execute(
        select(
            CaseRow.due_at, CaseRow.warn_at, CaseRow.supervise_at, CaseRow.due_provisional
        ).where(CaseRow.id == case_id)
    ).one()
    wanted = (times.due_at, times.warn_at, times.supervise_at, times.provisional)
    if tuple(row) == wanted:
        return False
    session.execute(
        update(CaseRow)
        .where(CaseRow.id == case_id)
        .values(
            due_at=times.due_at,
            warn_at=times.warn_at,
            supervise_at=times.supervise_at,
            due_provisional=times.provisional,
        )
        .execution_options(synchronize_session=False)
    )
    return True
