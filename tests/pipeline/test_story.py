"""Stories of cases from beginning to end; chain, fold and row are checked after every step."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

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
    START,
    UNIT,
    VERIFIER,
)
from fake_eye import draw_photo, fake_eye, fake_workspace, scan_photos
from review_desk import Answers, ReviewDesk, clear
from sqlalchemy import Engine, select

from zoubian.pipeline.bootstrap import Workspace
from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.deadlines.rules import RuleText, rule_of, store_rule
from zoubian.pipeline.domain.actors import SYSTEM
from zoubian.pipeline.domain.case_clock import MarkKind
from zoubian.pipeline.domain.cases import CaseAction, CaseState, Condition, Recheck
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.clocks import Clock
from zoubian.pipeline.ledger import cases, texts
from zoubian.pipeline.ledger.cases_lists import CaseQuery, search
from zoubian.pipeline.ledger.cases_models import CaseRow
from zoubian.pipeline.review.desk import By
from zoubian.pipeline.review.filing import Confirmation
from zoubian.pipeline.review.service import confirm
from zoubian.pipeline.review.view import CandidateView, view_of

RULE = rule_of(
    RuleText(
        category="bin_overflow",
        condition="full",
        condition_zh="垃圾箱满溢",
        condition_en="a bin overflows",
        amount="4",
        clock=Clock.WORKING_HOURS,
        warning="25%",
        supervision="4h",
        rework="2",
        weather=None,
        city="test",
        example=True,
        valid_from=None,
        valid_to=None,
        source="test",
    ),
    START,
)


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


@pytest.fixture
def workspace(database_url: str, tmp_path: Path) -> Workspace:
    """A workspace on both databases, with one deadline for overflowing bins."""
    workspace = fake_workspace(tmp_path / "workspace", database_url=database_url)
    with workspace.uow() as session:
        store_rule(session, RULE)
    return workspace


def scanned(workspace: Workspace, photo: Path, patrol: str, **drawn: int) -> CandidateView:
    """The one candidate that a patrol's photo shows."""
    photo.parent.mkdir()
    draw_photo(photo, seed=1, bins=2, **drawn)
    eye = fake_eye(photo.parent)
    outcome = scan_photos(workspace, photo.parent, eye=eye, patrol_name=patrol)
    with workspace.uow.reading() as session:
        found = select(Candidate).where(Candidate.patrol_id == outcome.patrol_id)
        return view_of(session.scalars(found).one())


def confirmed(desk: Desk, candidate: CandidateView, into: CaseView | None) -> CaseView:
    answers = Answers(responsibility=clear(UNIT), rules={RULE.text.condition: RULE.id})
    desk.now += timedelta(hours=1)
    with desk.uow() as session:
        after = confirm(
            session,
            candidate.id,
            Confirmation(
                "bin_overflow",
                into_case=into.id if into else None,
                case_version=into.version if into else None,
            ),
            version=candidate.version,
            by=By(REVIEWER, desk.now, desk.now),
            registry=answers.registry(),
        )
        assert after.case_id is not None
        view = cases.case_view(session, after.case_id)
    desk.see(view)
    return view


def due_at(desk: Desk, view: CaseView) -> datetime | None:
    with desk.uow.reading() as session:
        return session.scalar(select(CaseRow.due_at).where(CaseRow.id == view.id))


def test_from_the_scan_to_the_closing_and_back_again(workspace: Workspace, tmp_path: Path) -> None:
    desk = Desk(workspace.uow, thorough=True)
    candidate = scanned(workspace, tmp_path / "first" / "a.jpg", "morning")
    view = confirmed(desk, candidate, None)
    assert (view.state, view.unit_id, view.round) == (CaseState.DISPATCHED, UNIT, 1)
    assert (view.candidate_ids, view.rule_id) == ((candidate.id,), RULE.id)
    assert len(view.photo_sha256s) == 1
    first_due = due_at(desk, view)
    assert first_due is not None

    view = desk.do(view, CaseAction.DISPUTE, OFFICER)
    assert (view.state, view.unit_id) == (CaseState.REGISTERED, None)
    assert [(one.unit_id, one.other_unit_id) for one in view.disputes] == [(UNIT, OTHER_UNIT)]
    assert due_at(desk, view) is None

    view = desk.do(view, CaseAction.DISPATCH, DISPATCHER, {"unit_id": OTHER_UNIT})
    assert (view.state, view.unit_id) == (CaseState.DISPATCHED, OTHER_UNIT)

    view = desk.do(view, CaseAction.REQUEST_EXTENSION, OTHER_OFFICER)
    view = desk.do(view, CaseAction.GRANT_EXTENSION, OFFICE)
    assert view.extension is not None
    assert view.extension.by == OFFICE.user_id
    assert bodies(desk, view.extension.note) == ["等待吊车"]
    assert due_at(desk, view) == view.extension.until == datetime.fromisoformat(LATER)

    view = desk.do(view, CaseAction.RETURN, OTHER_OFFICER)
    assert due_at(desk, view) is None
    view = desk.do(view, CaseAction.SEND_BACK, VERIFIER)
    assert (view.state, view.round) == (CaseState.DISPATCHED, 2)
    assert bodies(desk, view.send_backs[0].remaining) == ["箱旁仍有散落垃圾"]
    assert due_at(desk, view) is not None

    view = desk.do(view, CaseAction.RETURN, OTHER_OFFICER)
    view = desk.do(view, CaseAction.CLOSE, VERIFIER, {"recheck": "on_site"})
    assert view.state is CaseState.CLOSED
    assert [(one.recheck, one.by) for one in view.closings] == [(Recheck.ON_SITE, VERIFIER.user_id)]

    later = scanned(workspace, tmp_path / "later" / "b.jpg", "evening", sky=180)
    view = confirmed(desk, later, view)
    assert view.state is CaseState.CLOSED  # proposed only
    assert view.recurrences[0].candidate_ids == (later.id,)
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
    assert ReviewDesk(desk.uow).faults() == []  # the candidates' rows too


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
    promised = view.hard.promised_at
    assert found(desk, CaseQuery(hard_due_before=promised)) == []
    assert found(desk, CaseQuery(hard_due_before=promised + timedelta(seconds=1))) == [view.id]

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
