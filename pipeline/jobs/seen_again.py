"""Cases that a later patrol saw: an event on an open one, a proposed recurrence on a closed one.

Nothing is decided by it: the candidate stays in the queue, where a person joins it to the case or
does not. A patrol tells a case once, however often it is scanned.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from zoubian.datasets.classes.models import ClassTables
from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.clock import Clock
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.domain.actors import SYSTEM
from zoubian.pipeline.domain.candidate_states import STANDING
from zoubian.pipeline.domain.cases import CaseAction
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.ledger.cases import act, case_view
from zoubian.pipeline.review.suspects import Reach, SuspectKind, suspects

logger = logging.getLogger(__name__)

_ACTIONS = {
    SuspectKind.CASE: CaseAction.SEE_AGAIN,
    SuspectKind.CLOSED_CASE: CaseAction.PROPOSE_RECURRENCE,
}


@dataclass(frozen=True, slots=True)
class _Sight:
    """One candidate that may be a known case."""

    case_id: str
    action: CaseAction
    candidate_id: str
    seen_at: datetime


def tell_seen_again(
    uow: UnitOfWork, patrol_id: str, *, tables: ClassTables, reach: Reach, clock: Clock
) -> int:
    """Write to the cases that a patrol's candidates may belong to; returns how many know of it.

    A candidate tells the likeliest case of its kind within the errors of both places, if it was
    seen after the case was registered, or closed. What the case's rules refuse (a recurrence is
    proposed already) is left.
    """
    with uow.reading() as session:
        sights = _sights(session, patrol_id, tables, reach)
    told = 0
    for sight in sights:
        try:
            with uow() as session:
                act(
                    session,
                    sight.case_id,
                    sight.action,
                    actor=SYSTEM,
                    details={"candidate_ids": [sight.candidate_id]},
                    version=None,
                    at=sight.seen_at,
                    recorded_at=clock(),
                    request_id=f"{patrol_id} {sight.action.value} {sight.case_id}",
                )
        except Refusal as refusal:
            logger.info("case %s: %s refused, %s", sight.case_id, sight.action, refusal)
        else:
            told += 1
    return told


def _sights(session: Session, patrol_id: str, tables: ClassTables, reach: Reach) -> list[_Sight]:
    """The candidates of a patrol that nobody has dealt with, each with its likeliest case."""
    rows = session.execute(
        select(Candidate.id, Candidate.first_seen_at)
        .where(
            Candidate.patrol_id == patrol_id,
            Candidate.state.in_(STANDING),
            ~Candidate.handled,
            Candidate.lat.is_not(None),
            Candidate.first_seen_at.is_not(None),
        )
        .order_by(Candidate.first_seen_at, Candidate.id)
    ).all()
    sights: dict[str, _Sight] = {}
    for candidate_id, seen_at in rows:
        known = suspects(session, candidate_id, tables=tables, reach=reach)
        likeliest = next((one for one in known if one.kind in _ACTIONS), None)
        if seen_at is None or likeliest is None or likeliest.distance_m is None:
            continue
        case = case_view(session, likeliest.id)
        since = case.registered_at if likeliest.kind is SuspectKind.CASE else case.moved_at
        if seen_at > since:
            action = _ACTIONS[likeliest.kind]
            sights.setdefault(case.id, _Sight(case.id, action, candidate_id, seen_at))
    return list(sights.values())
