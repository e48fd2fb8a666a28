"""Stories of cases from beginning to end; chain, fold and row are checked after every step."""

from dataclasses import replace
from datetime import timedelta

import pytest
from case_desk import FOUND, Desk
from case_steps import (
    DISPATCHER,
    HARD_OFFICER,
    INSPECTOR,
    LATER,
    OFFICE,
    OFFICE_UNIT,
    OFFICER,
    OTHER_OFFICER,
    OTHER_UNIT,
    OTHER_VERIFIER,
    PHOTO,
    PHOTO_AFTER,
    REVIEWER,
    UNIT,
    VERIFIER,
)
from sqlalchemy import Engine

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.domain.actors import SYSTEM
from zoubian.pipeline.domain.case_clock import MarkKind
from zoubian.pipeline.domain.cases import CaseAction, CaseState, Condition, Recheck
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.ledger import cases, texts
from zoubian.pipeline.ledger.cases_lists import CaseQuery, search


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(UnitOfWork(engine), thorough=True)


def bodies(desk: Desk, *references: str | None) -> list[str]:
    with desk.uow.reading() as session:
        found = texts.read(session, [reference for reference in references if reference])
    return [found[reference] for reference in references if reference]


def found(desk: Desk, query: CaseQuery) -> list[str]:
    with desk.uow.reading() as session:
        return [line.id for line in search(session, query, limit=50).cases]


def test_from_dispatch_over_dispute_and_rework_to_closing_and_recurrence(desk: Desk) -> None:
    view = desk.register(UNIT)
    assert (view.state, view.unit_id, view.round) == (CaseState.DISPATCHED, UNIT, 1)

    view = desk.do(view, CaseAction.DISPUTE, OFFICER)
    assert (view.state, view.unit_id) == (CaseState.REGISTERED, None)
    assert [(one.unit_id, one.other_unit_id) for one in view.disputes] == [(UNIT, OTHER_UNIT)]

    view = desk.do(view, CaseAction.DISPATCH, DISPATCHER, {"unit_id": OTHER_UNIT})
    assert (view.state, view.unit_id) == (CaseState.DISPATCHED, OTHER_UNIT)

    view = desk.do(view, CaseAction.REQUEST_EXTENSION, OTHER_OFFICER)
    view = desk.do(view, CaseAction.GRANT_EXTENSION, OFFICE)
    assert view.extension is not None
    assert view.extension.by == OFFICE.user_id
    assert view.extension.until.isoformat() == LATER
    assert bodies(desk, view.extension.note) == ["等待吊车"]

    view = desk.do(view, CaseAction.RETURN, OTHER_OFFICER)
    view = desk.do(view, CaseAction.SEND_BACK, VERIFIER)
    assert (view.state, view.round) == (CaseState.DISPATCHED, 2)
    assert bodies(desk, view.send_backs[0].remaining) == ["箱旁仍有散落垃圾"]

    view = desk.do(view, CaseAction.RETURN, OTHER_OFFICER)
    view = desk.do(view, CaseAction.CLOSE, VERIFIER, {"recheck": "on_site"})
    assert view.state is CaseState.CLOSED
    assert [(one.recheck, one.by) for one in view.closings] == [(Recheck.ON_SITE, VERIFIER.user_id)]

    view = desk.do(view, CaseAction.PROPOSE_RECURRENCE, SYSTEM)
    assert view.state is CaseState.CLOSED
    view = desk.do(view, CaseAction.ACCEPT_RECURRENCE, REVIEWER)
    assert (view.state, view.unit_id, view.round) == (CaseState.DISPATCHED, OTHER_UNIT, 3)
    assert view.recurrences[0].accepted is True
    assert [mark.kind for mark in view.clock] == [
        MarkKind.START,
        MarkKind.DISPUTE,
        MarkKind.START,
        MarkKind.EXTEND,
        MarkKind.END,
        MarkKind.NEW_ROUND,
        MarkKind.END,
        MarkKind.START,
    ]


def test_fixed_on_the_spot_is_closed_without_any_unit_and_counted_apart(desk: Desk) -> None:
    view = desk.file(replace(FOUND, after_photo_sha256s=(PHOTO_AFTER,)), INSPECTOR)
    assert (view.state, view.unit_id, view.dispatches) == (CaseState.CLOSED, None, ())
    assert view.closings[0].on_spot
    with desk.uow.reading() as session:
        [line] = search(session, CaseQuery(), limit=10).cases
    assert (line.closing, line.closed_at) == ("fixed_on_spot", desk.now)

    waiting = desk.register(UNIT, OTHER_UNIT)
    view = desk.do(waiting, CaseAction.FIX_ON_SPOT, INSPECTOR)
    assert (view.state, view.closings[0].group_id) == (CaseState.CLOSED, INSPECTOR.group_id)

    view = desk.do(
        view,
        CaseAction.REOPEN,
        OTHER_VERIFIER,
        {
            "recheck": "on_site",
            "remaining": "次日又满",
            "unit_id": UNIT,
        },
    )
    assert (view.state, view.unit_id) == (CaseState.DISPATCHED, UNIT)


def test_parked_on_request_reviewed_each_month_and_taken_up_again(desk: Desk) -> None:
    until = (desk.now + timedelta(days=120)).isoformat()
    view = desk.register(UNIT)
    view = desk.do(view, CaseAction.REQUEST_PARKING, OFFICER, {"until": until, "note": "冻土"})
    view = desk.do(view, CaseAction.PARK, OFFICE, {"until": until, "note": "同意，开春复工"})
    assert view.parking is not None
    assert view.state is CaseState.DISPATCHED
    assert (view.parking.by, view.parking_request) == (OFFICE.user_id, None)

    parked_at = desk.now
    due = view.parking.review_at
    assert timedelta(days=28) <= due - parked_at <= timedelta(days=31)
    assert found(desk, CaseQuery(review_before=due)) == []
    assert found(desk, CaseQuery(review_before=due + timedelta(seconds=1))) == [view.id]

    view = desk.do(view, CaseAction.REVIEW_PARKING, OFFICE, at=due)
    assert found(desk, CaseQuery(review_before=due + timedelta(seconds=1))) == []
    assert found(desk, CaseQuery(conditions=(Condition.PARKED,), unit_id=UNIT)) == [view.id]

    view = desk.do(view, CaseAction.UNPARK, OFFICE)
    assert view.parking is None
    assert [mark.kind for mark in view.clock] == [MarkKind.START, MarkKind.PARK, MarkKind.UNPARK]
    view = desk.do(view, CaseAction.RETURN, OFFICER)
    view = desk.do(view, CaseAction.CLOSE, VERIFIER)
    assert view.state is CaseState.CLOSED


def test_a_season_is_parked_in_bulk_and_those_that_cannot_are_named(desk: Desk) -> None:
    views = [desk.register(UNIT) for _ in range(3)]
    returned = desk.do(views[0], CaseAction.RETURN, OFFICER)
    with desk.uow() as session:
        outcome = cases.act_on_all(
            session,
            [view.id for view in views] + ["nowhere"],
            CaseAction.PARK,
            actor=OFFICE,
            details={"until": LATER, "note": "冬季停工", "season": "winter-2026"},
            at=desk.now,
            recorded_at=desk.now,
        )
    assert {view.id for view in outcome.done} == {views[1].id, views[2].id}
    assert {case: refusal.code for case, refusal in outcome.refused.items()} == {
        returned.id: "wrong_state",
        "nowhere": "no_such_case",
    }
    assert found(desk, CaseQuery(season="winter-2026")) == [views[2].id, views[1].id]
    assert desk.faults() == []


def test_a_hard_case_is_led_by_an_office_promised_and_struck_off_with_a_ground(desk: Desk) -> None:
    view = desk.register(UNIT)
    view = desk.do(view, CaseAction.RAISE_HARD, VERIFIER)
    assert found(desk, CaseQuery(hard_office_id=OFFICE_UNIT)) == [view.id]

    view = desk.do(view, CaseAction.NOTE_HARD, OFFICE, {"note": "召开协调会"})
    view = desk.do(view, CaseAction.NOTE_HARD, HARD_OFFICER, {"note": "产权单位同意拆除"})
    view = desk.do(view, CaseAction.PROMISE_HARD, HARD_OFFICER)
    assert view.hard is not None
    assert bodies(desk, *(note.note for note in view.hard.notes)) == [
        "召开协调会",
        "产权单位同意拆除",
    ]
    assert view.hard.promised_at is not None

    view = desk.do(view, CaseAction.RETURN, OFFICER)
    view = desk.do(view, CaseAction.CLOSE, VERIFIER)
    assert Condition.HARD in view.conditions  # until the office strikes it off, with a ground
    view = desk.do(view, CaseAction.STRIKE_OFF, OFFICE)
    assert view.hard is not None
    assert bodies(desk, view.hard.ground) == ["已整改并现场确认"]
    assert found(desk, CaseQuery(conditions=(Condition.HARD,))) == []


def _sent_back(desk: Desk) -> CaseView:
    view = desk.register(UNIT)
    view = desk.do(view, CaseAction.RETURN, OFFICER)
    return desk.do(view, CaseAction.SEND_BACK, VERIFIER)


def test_an_upheld_appeal_puts_the_return_back_to_its_recheck_and_erases_nothing(
    desk: Desk,
) -> None:
    view = desk.do(_sent_back(desk), CaseAction.APPEAL, OFFICER)
    view = desk.do(view, CaseAction.UPHOLD_APPEAL, OFFICE)
    assert (view.state, view.round, len(view.send_backs)) == (CaseState.RETURNED, 2, 1)
    assert view.send_backs[0].appeal is not None
    assert view.send_backs[0].appeal.upheld is True
    assert view.clock[-1].kind is MarkKind.VOID
    view = desk.do(view, CaseAction.CLOSE, OTHER_VERIFIER, {"recheck": "photo"})
    assert view.closings[0].recheck is Recheck.PHOTO


def test_a_rejected_appeal_leaves_the_work_with_the_unit(desk: Desk) -> None:
    view = desk.do(_sent_back(desk), CaseAction.APPEAL, OFFICER)
    view = desk.do(view, CaseAction.REJECT_APPEAL, OFFICE)
    assert view.state is CaseState.DISPATCHED
    assert Condition.SENT_BACK not in view.conditions  # it is appealed against once
    view = desk.do(view, CaseAction.RETURN, OFFICER)
    assert desk.do(view, CaseAction.CLOSE, VERIFIER).state is CaseState.CLOSED


def test_what_later_patrols_see_is_evidence_and_nobodys_conflict(desk: Desk) -> None:
    seen = desk.register(UNIT)
    desk.do(seen, CaseAction.SEE_AGAIN, SYSTEM, {"photo_sha256s": [PHOTO]})
    desk.do(seen, CaseAction.URGE, OFFICE)
    view = desk.do(seen, CaseAction.RETURN, OFFICER)
    assert (len(view.seen_again), view.urged) == (1, 1)
