"""Every action on every state by every role: done by the table, or refused and nothing written."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from review_desk import REVIEWER, ReviewDesk
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.candidate_states import (
    TRANSITIONS,
    CandidateAction,
    CandidateState,
    DeclineReason,
)
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.ledger.models import LedgerEvent
from zoubian.pipeline.review import joining, service
from zoubian.pipeline.review.desk import By
from zoubian.pipeline.review.filing import Confirmation
from zoubian.pipeline.review.joining import Part
from zoubian.pipeline.review.reports import Report, report_manually
from zoubian.pipeline.review.service import CheckRequest, Correction
from zoubian.pipeline.review.undo import undo


def _attempts(
    desk: ReviewDesk, session: Session, name: str, by: By
) -> dict[str, Callable[[], object]]:
    version, registry = desk.row(name).version, desk.registry
    known = {"version": version, "by": by}
    request = CheckRequest("?", "g12", by.at + timedelta(days=1))
    both = {"versions": {name: version, "other": 1}, "same_objects": True, "by": by}
    parts = [Part({"overflowing_bin": 1}, ("f1",)), Part({"overflowing_bin": 1}, ("f2",))]
    corrected = Correction(category="household_waste_uncollected")
    return {
        "confirmed": lambda: service.confirm(
            session, name, Confirmation("bin_overflow"), registry=registry, **known
        ),
        "corrected": lambda: service.correct(session, name, corrected, registry=registry, **known),
        "taken_in": lambda: joining.merge(session, name, ["other"], **both),
        "merged": lambda: joining.merge(session, "other", [name], **both),
        "split": lambda: joining.split(session, name, parts, registry=registry, **known),
        "check_requested": lambda: service.request_check(session, name, request, **known),
        "check_answered": lambda: service.answer_check(session, name, "yes", [], **known),
        "declined": lambda: service.decline(
            session, name, DeclineReason.FALSE_ALARM, note=None, **known
        ),
        "restored": lambda: service.restore(session, name, **known),
        "undone": lambda: undo(session, name, registry=registry, **known),
    }


def _in_every_state(desk: ReviewDesk) -> None:
    for state in CandidateState:
        desk.candidate(
            state,
            members={"overflowing_bin": 2},
            frames=["f1", "f2"],
            state="lapsed" if state is CandidateState.LAPSED else "pending",
        )
    desk.candidate("other")
    desk.candidate("survivor")
    by = desk.by()
    for state, action in (
        ("confirmed", "confirmed"),
        ("declined", "declined"),
        ("split", "split"),
        ("check_requested", "check_requested"),
    ):
        with desk.uow() as session:
            _attempts(desk, session, state, by)[action]()
    with desk.uow() as session:
        joining.merge(
            session,
            "survivor",
            ["merged"],
            versions={"survivor": 1, "merged": 1},
            same_objects=True,
            by=by,
        )


def test_what_the_table_does_not_allow_is_refused_and_writes_nothing(desk: ReviewDesk) -> None:
    _in_every_state(desk)
    names = set(_attempts_of(desk))
    before = _events(desk)
    tried = 0
    for state, role in product(CandidateState, Role):
        by = By(Actor("u-any", role), desk.now, desk.now)
        with desk.uow() as session:
            for action, attempt in _attempts(desk, session, state, by).items():
                step = TRANSITIONS.get((state, CandidateAction(action)))
                if step is not None and role in step.roles:
                    continue
                tried += 1
                with pytest.raises(Refusal) as refused:
                    attempt()
                assert refused.value.code in ("wrong_state", "role")
                assert refused.value.message_zh
                assert refused.value.message_en
    assert _events(desk) == before
    assert tried == len(CandidateState) * len(Role) * len(names) - _allowed(names)
    for state in CandidateState:
        assert desk.row(state).state is state


def test_who_may_not_report_is_told_so(desk: ReviewDesk) -> None:
    told = Report("bin_overflow", place_zh="第一小学门前")
    allowed = TRANSITIONS[None, CandidateAction.REPORT].roles
    for role in set(Role) - allowed:
        with desk.uow() as session, pytest.raises(Refusal) as refused:
            report_manually(session, told, by=desk.by(Actor("u-any", role)), registry=desk.registry)
        assert refused.value.code == "role"
        assert "上报" in refused.value.message_zh


def _attempts_of(desk: ReviewDesk) -> list[str]:
    with desk.uow.reading() as session:
        return list(_attempts(desk, session, "pending", By(REVIEWER, desk.now, desk.now)))


def _allowed(names: set[str]) -> int:
    return sum(
        len(step.roles)
        for (state, action), step in TRANSITIONS.items()
        if state is not None and action.value in names
    )


def _events(desk: ReviewDesk) -> int:
    with desk.uow.reading() as session:
        return session.scalar(select(func.count()).select_from(LedgerEvent)) or 0
