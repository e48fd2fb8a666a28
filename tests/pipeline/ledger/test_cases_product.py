"""The whole product of state, action and role in a database: a refusal leaves no trace."""

import re

import pytest
from case_desk import FOUND, Desk
from case_steps import DETAILS, actor_for, bring
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.domain.actors import Role
from zoubian.pipeline.domain.cases import CaseAction, CaseState, Condition
from zoubian.pipeline.domain.cases_table import TRANSITIONS
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.ledger.cases_check import compare_cases

TABLES = (
    "ledger_event",
    "ledger_head",
    "ledger_text",
    "case_row",
    "case_condition",
    "case_party",
    "case_request",
    "case_search",
)


class _Undone(Exception):
    """Takes a transaction back after it was looked at."""


def everything(session: Session) -> dict[str, list[object]]:
    return {
        table: sorted(map(repr, session.execute(text(f"SELECT * FROM {table}"))))
        for table in TABLES
    }


def attempt(
    session: Session, desk: Desk, view: CaseView | None, action: CaseAction, role: Role
) -> CaseView:
    actor = actor_for(role, action)
    if action is CaseAction.REGISTER and view is None:
        return cases.register(session, FOUND, actor=actor, at=desk.now, recorded_at=desk.now)
    return cases.act(
        session,
        "nowhere" if view is None else view.id,
        action,
        actor=actor,
        details=DETAILS[action],
        version=None if view is None else view.version,
        at=desk.now,
        recorded_at=desk.now,
    )


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(UnitOfWork(engine), thorough=False)


@pytest.mark.parametrize("state", (None, *CaseState))
def test_the_table_decides_and_refusals_leave_no_trace(desk: Desk, state: CaseState | None) -> None:
    plain = None if state is None else bring(desk, state, frozenset())
    views = {frozenset[Condition](): plain}
    with desk.uow.reading() as session:
        before = everything(session)
    allowed = []
    for action in CaseAction:
        for role in Role:
            transition = TRANSITIONS.get((state, action))
            if transition is not None and role in transition.roles:
                allowed.append((action, role))
                continue
            with pytest.raises(Refusal) as caught, desk.uow() as session:
                attempt(session, desk, plain, action, role)
            assert re.search(r"[\u4e00-\u9fff]{4}", caught.value.message_zh)
            assert re.fullmatch(r"[\x20-\x7e]{20,}", caught.value.message_en)
    with desk.uow.reading() as session:
        assert everything(session) == before
    for action, role in allowed:
        transition = TRANSITIONS[state, action]
        if transition.when not in views:
            assert state is not None
            views[transition.when] = bring(desk, state, transition.when)
        view = views[transition.when]
        with pytest.raises(_Undone), desk.uow() as session:
            after = attempt(session, desk, view, action, role)
            # A clear unit: registering dispatches in the same step.
            assert after.state is (transition.to if state else CaseState.DISPATCHED)
            assert cases.case_view(session, after.id) == after
            assert list(compare_cases(session)) == []
            raise _Undone
    assert desk.faults() == []
