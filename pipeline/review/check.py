"""Whether the candidates' rows say what their events say; a part of `ledger check`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import exists, inspect, literal, select
from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.domain.candidate_states import CandidateState, state_after
from zoubian.pipeline.ledger.events import StoredEvent, events_by_subject
from zoubian.pipeline.ledger.faults import Fault
from zoubian.pipeline.ledger.models import LedgerEvent
from zoubian.pipeline.review.desk import SUBJECT_PREFIX, told_columns

_AT_ONCE = 500
_UNDECIDED = (CandidateState.PENDING, CandidateState.LAPSED)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the events of one candidate say of its row, and the number of the last one."""

    id: str
    last: int
    columns: Mapping[str, Any]


def compare_candidates(session: Session) -> Iterator[Fault]:
    """Every candidate whose row is missing or otherwise than its events tell; in flat memory."""
    told = (
        _fold(subject.removeprefix(SUBJECT_PREFIX), events)
        for subject, events in events_by_subject(session, prefix=SUBJECT_PREFIX)
    )
    while batch := list(islice(told, _AT_ONCE)):
        rows = {
            row.id: row._mapping
            for row in session.execute(
                select(*inspect(Candidate).columns).where(Candidate.id.in_([t.id for t in batch]))
            )
        }
        for one in batch:
            stands = rows.get(one.id)
            if stands is None:
                yield _missing(one)
                continue
            differ = sorted(name for name, said in one.columns.items() if stands[name] != said)
            if differ:
                yield _differs(stands["number"], one, differ)
    yield from _decided_by_nobody(session)


def _fold(identifier: str, events: Iterable[StoredEvent]) -> _Told:
    """Each event says what columns it left behind: the later one counts."""
    columns: dict[str, Any] = {}
    last = 0
    for event in events:
        columns |= told_columns(event.details["after"])
        columns["state"] = state_after(event.kind).value
        last = event.number
    return _Told(identifier, last, columns)


def _decided_by_nobody(session: Session) -> Iterator[Fault]:
    acted = exists().where(LedgerEvent.subject == literal(SUBJECT_PREFIX) + Candidate.id)
    strange = select(Candidate.number).where(Candidate.state.not_in(_UNDECIDED), ~acted)
    for number in session.scalars(strange.order_by(Candidate.number)):
        yield Fault(
            None,
            "candidate_undecided",
            f"疑似问题 {number} 的状态没有任何办理记录，不是本程序写入的",
            f"the state of candidate {number} was decided by no event: something else put it there",
        )


def _missing(told: _Told) -> Fault:
    number = told.columns.get("number", told.id)
    return Fault(
        told.last,
        "candidate_missing",
        f"疑似问题表中缺少 {number}，它已有办理记录",
        f"candidate {number}, of which the ledger has events, is missing from its table",
    )


def _differs(number: str, told: _Told, columns: Sequence[str]) -> Fault:
    names = ", ".join(columns)
    return Fault(
        told.last,
        "candidate_differs",
        f"疑似问题 {number} 与其办理记录不符：{names}",
        f"the table says something else of candidate {number} than its events: {names}",
    )
