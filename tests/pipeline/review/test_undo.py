"""Taking decisions back: a compensating event, as long as nobody built on it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from review_desk import (
    DISPATCHER,
    INSPECTOR,
    OFFICE,
    OFFICER,
    OTHER_INSPECTOR,
    REVIEWER,
    ReviewDesk,
    clear,
    refusal,
    sha,
)

from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.candidate_states import DeclineReason
from zoubian.pipeline.domain.cases import CaseAction, CaseState
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.review import service
from zoubian.pipeline.review.filing import Confirmation
from zoubian.pipeline.review.pictures import ReportedPhoto
from zoubian.pipeline.review.reports import Report, report_manually
from zoubian.pipeline.review.service import CheckRequest, Correction
from zoubian.pipeline.review.undo import undo
from zoubian.pipeline.review.view import CandidateView

VERIFIER = Actor("u-ver", Role.VERIFIER, group_id="g12")


def confirm(desk: ReviewDesk, seen: CandidateView, into: str | None = None) -> CandidateView:
    with desk.uow() as session:
        return service.confirm(
            session,
            seen.id,
            Confirmation("bin_overflow", into_case=into),
            version=seen.version,
            by=desk.by(),
            registry=desk.registry,
        )


def take_back(desk: ReviewDesk, identifier: str, actor: Actor = REVIEWER) -> CandidateView:
    with desk.uow() as session:
        return undo(
            session,
            identifier,
            version=desk.row(identifier).version,
            by=desk.by(actor),
            registry=desk.registry,
        )


def case(desk: ReviewDesk, case_id: str | None) -> CaseView:
    assert case_id is not None
    with desk.uow.reading() as session:
        return cases.case_view(session, case_id)


def act(
    desk: ReviewDesk, case_id: str | None, action: CaseAction, actor: Actor, **details: Json
) -> CaseView:
    by = desk.by(actor)
    assert case_id is not None
    with desk.uow() as session:
        return cases.act(
            session,
            case_id,
            action,
            actor=actor,
            details=details,
            version=None,
            at=by.at,
            recorded_at=by.recorded_at,
        )


def decline(desk: ReviewDesk, seen: CandidateView) -> None:
    with desk.uow() as session:
        service.decline(
            session,
            seen.id,
            DeclineReason.FALSE_ALARM,
            note=None,
            version=seen.version,
            by=desk.by(),
        )


def correct(desk: ReviewDesk, seen: CandidateView) -> None:
    with desk.uow() as session:
        service.correct(
            session,
            seen.id,
            Correction(category="household_waste_uncollected", place_zh="别处"),
            version=seen.version,
            by=desk.by(),
            registry=desk.registry,
        )


def ask(desk: ReviewDesk, seen: CandidateView) -> None:
    by = desk.by()
    request = CheckRequest("箱属哪家", "g12", by.at + timedelta(days=1))
    with desk.uow() as session:
        service.request_check(session, seen.id, request, version=seen.version, by=by)


@pytest.mark.parametrize("decision", [decline, correct, ask, confirm])
def test_a_decision_is_taken_back_and_the_row_is_what_it_was(
    desk: ReviewDesk, decision: Callable[[ReviewDesk, CandidateView], object]
) -> None:
    seen = desk.candidate("c1")
    decision(desk, seen)
    assert desk.row("c1").version == 2
    back = take_back(desk, "c1", OFFICE)
    assert (back.version, back.state) == (3, "pending")
    for name in seen.__slots__:
        if name != "version":
            assert getattr(back, name) == getattr(seen, name)
    first, second = desk.events("c1")
    assert (second.kind, second.details["undoes"]) == ("candidate.undone", first.number)
    with refusal("nothing_to_undo"):
        take_back(desk, "c1")


def test_decisions_are_taken_back_one_after_another(desk: ReviewDesk) -> None:
    correct(desk, desk.candidate("c1"))
    decline(desk, desk.row("c1"))
    assert take_back(desk, "c1").category == "household_waste_uncollected"
    assert take_back(desk, "c1").category == "bin_overflow"


def test_an_answer_stays_told(desk: ReviewDesk) -> None:
    correct(desk, desk.candidate("c1"))
    ask(desk, desk.row("c1"))
    with desk.uow() as session:
        service.answer_check(
            session, "c1", "物业的", [], version=desk.row("c1").version, by=desk.by(INSPECTOR)
        )
    with refusal("nothing_to_undo"):
        take_back(desk, "c1")


def test_taking_a_confirmation_back_withdraws_the_case(desk: ReviewDesk) -> None:
    done = confirm(desk, desk.candidate("c1"))
    assert take_back(desk, "c1").case_id is None
    assert case(desk, done.case_id).state is CaseState.WITHDRAWN
    again = confirm(desk, desk.row("c1"))
    assert again.case_id != done.case_id


def test_what_was_dispatched_is_not_taken_back(desk: ReviewDesk) -> None:
    desk.answers.responsibility = clear("street-1")
    done = confirm(desk, desk.candidate("c1"))
    with refusal("dispatched") as refused:
        take_back(desk, "c1")
    number = case(desk, done.case_id).number
    assert refused.value.message_zh.startswith(f"案件 {number} 已派遣")
    assert number in refused.value.message_en
    assert desk.row("c1").state == "confirmed"


def test_what_was_dispatched_once_is_not_taken_back_after_a_dispute(desk: ReviewDesk) -> None:
    desk.answers.responsibility = clear("street-1")
    done = confirm(desk, desk.candidate("c1"))
    disputed = act(desk, done.case_id, CaseAction.DISPUTE, OFFICER, note="非本单位")
    assert disputed.state is CaseState.REGISTERED
    with refusal("dispatched"):
        take_back(desk, "c1")


def test_a_case_that_others_joined_is_not_withdrawn_under_them(desk: ReviewDesk) -> None:
    done = confirm(desk, desk.candidate("c1"))
    confirm(desk, desk.candidate("c2"), done.case_id)
    with refusal("joined_since"):
        take_back(desk, "c1")
    assert take_back(desk, "c2").case_id is None
    assert case(desk, done.case_id).candidate_ids == ("c1",)
    assert take_back(desk, "c1").state == "pending"


def test_a_candidate_that_joined_the_wrong_case_leaves_it_until_somebody_goes_on(
    desk: ReviewDesk,
) -> None:
    desk.answers.responsibility = clear("street-1")
    done = confirm(desk, desk.candidate("c1"))
    confirm(desk, desk.candidate("c2"), done.case_id)
    assert take_back(desk, "c2").state == "pending"
    assert case(desk, done.case_id).candidate_ids == ("c1",)
    confirm(desk, desk.row("c2"), done.case_id)
    act(desk, done.case_id, CaseAction.RETURN, OFFICER, photo_sha256s=[sha("after")])
    with refusal("dispatched"):
        take_back(desk, "c2")


def test_what_joined_before_the_dispatch_is_not_taken_back_after_it(desk: ReviewDesk) -> None:
    done = confirm(desk, desk.candidate("c1"))
    confirm(desk, desk.candidate("c2"), done.case_id)
    act(desk, done.case_id, CaseAction.DISPATCH, DISPATCHER, unit_id="street-1")
    for name in ("c1", "c2"):
        with refusal("joined_since" if name == "c1" else "dispatched"):
            take_back(desk, name)


def test_a_proposed_recurrence_is_taken_back_as_refused(desk: ReviewDesk) -> None:
    desk.answers.responsibility = clear("street-1")
    done = confirm(desk, desk.candidate("c1"))
    act(desk, done.case_id, CaseAction.RETURN, OFFICER, photo_sha256s=[sha("after")])
    act(desk, done.case_id, CaseAction.CLOSE, VERIFIER, recheck="on_site")
    seen_again = confirm(desk, desk.candidate("c2"), done.case_id)
    assert seen_again.case_id == done.case_id
    assert case(desk, done.case_id).open_recurrence is not None
    take_back(desk, "c2")
    closed = case(desk, done.case_id)
    assert (closed.open_recurrence, closed.recurrences[0].accepted) == (None, False)


def test_a_candidate_leaves_a_case_that_was_withdrawn(desk: ReviewDesk) -> None:
    done = confirm(desk, desk.candidate("c1"))
    act(desk, done.case_id, CaseAction.WITHDRAW, DISPATCHER, note="重复立案")
    assert take_back(desk, "c1").case_id is None


def test_an_inspector_takes_back_his_own_step_on_his_own_report_only(desk: ReviewDesk) -> None:
    report = Report("bin_overflow", place_zh="学校门前", photos=(ReportedPhoto(sha("p")),))
    with desk.uow() as session:
        mine = report_manually(session, report, by=desk.by(INSPECTOR), registry=desk.registry)
    with refusal("role"):
        take_back(desk, mine.id, OTHER_INSPECTOR)
    assert take_back(desk, mine.id, INSPECTOR).state == "pending"
    correct(desk, desk.row(mine.id))
    with refusal("not_yours"):
        take_back(desk, mine.id, INSPECTOR)
