"""What the table cannot say: whose case it is, who may verify it, and when it happened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from case_steps import (
    DETAILS,
    DISPATCHER,
    INSPECTOR,
    OFFICE,
    OFFICE_UNIT,
    OFFICER,
    OTHER_OFFICER,
    OTHER_UNIT,
    OTHER_VERIFIER,
    PHOTO,
    PHOTO_AFTER,
    UNIT,
    VERIFIER,
    Details,
    PaperBook,
    bring,
)

from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.cases import CaseAction, CaseState, Condition
from zoubian.pipeline.domain.cases_details import fits
from zoubian.pipeline.domain.cases_fold import BrokenHistoryError, apply, fold
from zoubian.pipeline.domain.cases_rules import check
from zoubian.pipeline.domain.cases_text import pieces_for, pieces_of, searchable
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.domain.refusals import Refusal

SAME_UNIT_VERIFIER = Actor("user-both", Role.VERIFIER, unit_id=UNIT, group_id="group-9")
ASSISTANT = Actor("user-assistant", Role.OFFICER, unit_id="street-3")
RETURNER_AS_VERIFIER = Actor(OFFICER.user_id, Role.VERIFIER, group_id="group-9")


def code_of(attempt: Callable[[], object]) -> str | None:
    try:
        attempt()
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(
    ("returned_by", "verifier", "code"),
    [
        (OFFICER, VERIFIER, None),
        (OFFICER, INSPECTOR, None),
        (OFFICER, SAME_UNIT_VERIFIER, "own_work"),
        (OFFICER, RETURNER_AS_VERIFIER, "own_work"),
        (INSPECTOR, VERIFIER, "own_work"),  # the same group put it right
        (INSPECTOR, INSPECTOR, "own_work"),
        (INSPECTOR, OTHER_VERIFIER, None),
    ],
)
@pytest.mark.parametrize("action", [CaseAction.CLOSE, CaseAction.SEND_BACK])
def test_nobody_verifies_the_own_work(
    returned_by: Actor, verifier: Actor, code: str | None, action: CaseAction
) -> None:
    book = PaperBook()
    view = book.do(book.register(UNIT), CaseAction.RETURN, returned_by)
    assert code_of(lambda: book.do(view, action, verifier)) == code


def test_who_worked_in_an_earlier_round_does_not_verify_the_next() -> None:
    book = PaperBook()
    view = book.do(book.register(UNIT), CaseAction.RETURN, INSPECTOR)
    view = book.do(view, CaseAction.SEND_BACK, OTHER_VERIFIER)
    view = book.do(view, CaseAction.RETURN, OFFICER)
    assert code_of(lambda: book.do(view, CaseAction.CLOSE, VERIFIER)) == "own_work"


def test_an_inspector_rechecks_on_site_only() -> None:
    book = PaperBook()
    view = bring(book, CaseState.RETURNED, frozenset())
    by_photo: Details = {"recheck": "photo"}
    assert code_of(lambda: book.do(view, CaseAction.CLOSE, INSPECTOR, by_photo)) == "on_site_only"
    assert book.do(view, CaseAction.CLOSE, VERIFIER, by_photo).state is CaseState.CLOSED


@pytest.mark.parametrize(
    ("action", "officer", "code"),
    [
        (CaseAction.RETURN, OFFICER, None),
        (CaseAction.RETURN, OTHER_OFFICER, "other_unit"),
        (CaseAction.RETURN, ASSISTANT, None),
        (CaseAction.NOTE, ASSISTANT, None),
        (CaseAction.DISPUTE, ASSISTANT, "other_unit"),
        (CaseAction.REQUEST_EXTENSION, OTHER_OFFICER, "other_unit"),
        (CaseAction.RETURN, replace(OFFICER, unit_id=None), "other_unit"),
    ],
)
def test_an_officer_acts_for_the_own_unit(
    action: CaseAction, officer: Actor, code: str | None
) -> None:
    book = PaperBook()
    given: Details = {"unit_id": UNIT, "assisting_unit_ids": ["street-3"]}
    view = book.do(book.register(UNIT, OTHER_UNIT), CaseAction.DISPATCH, DISPATCHER, given)
    assert code_of(lambda: book.do(view, action, officer)) == code


def test_an_officer_reports_for_the_own_unit_only() -> None:
    now = PaperBook().now

    def report(actor: Actor) -> CaseState:
        said = DETAILS[CaseAction.REGISTER] | {"source": "street", "proposed_unit_ids": [UNIT]}
        return check(None, CaseAction.REGISTER, actor=actor, details=said, at=now, recorded_at=now)

    assert report(OFFICER) is CaseState.REGISTERED
    assert code_of(lambda: report(OTHER_OFFICER)) == "other_unit"


def test_a_parked_case_cannot_be_disputed_but_returned() -> None:
    book = PaperBook()
    view = bring(book, CaseState.DISPATCHED, frozenset({Condition.PARKED}))
    assert code_of(lambda: book.do(view, CaseAction.DISPUTE, OFFICER)) == "condition_holds"
    after = book.do(view, CaseAction.RETURN, OFFICER)
    assert (after.state, after.parking) == (CaseState.RETURNED, None)


def test_requests_and_extensions_end_with_the_unit_that_had_them() -> None:
    book = PaperBook()
    view = bring(book, CaseState.DISPATCHED, frozenset({Condition.EXTENDED}))
    view = book.do(view, CaseAction.REQUEST_PARKING, OFFICER)
    view = book.do(view, CaseAction.REDISPATCH, DISPATCHER)
    assert view.unit_id == OTHER_UNIT
    assert view.conditions == frozenset()
    assert code_of(lambda: book.do(view, CaseAction.REDISPATCH, DISPATCHER)) == "same_unit"


def test_only_the_unit_that_was_sent_back_may_appeal_and_once() -> None:
    book = PaperBook()
    view = bring(book, CaseState.DISPATCHED, frozenset({Condition.SENT_BACK}))
    elsewhere = book.do(view, CaseAction.REDISPATCH, DISPATCHER)
    assert code_of(lambda: book.do(elsewhere, CaseAction.APPEAL, OTHER_OFFICER)) == (
        "condition_missing"
    )


def test_an_appeal_may_be_answered_after_the_case_went_on() -> None:
    book = PaperBook()
    view = bring(book, CaseState.CLOSED, frozenset({Condition.APPEALED}))
    assert code_of(lambda: book.do(view, CaseAction.REOPEN, OFFICE)) == "condition_holds"
    view = book.do(view, CaseAction.UPHOLD_APPEAL, OFFICE)
    assert (view.state, view.conditions) == (CaseState.CLOSED, frozenset())


def test_a_case_that_nobody_had_needs_a_unit_to_be_reopened() -> None:
    book = PaperBook()
    view = book.do(book.register(UNIT, OTHER_UNIT), CaseAction.FIX_ON_SPOT, INSPECTOR)
    assert code_of(lambda: book.do(view, CaseAction.REOPEN, VERIFIER)) == "detail_missing"
    named = {**DETAILS[CaseAction.REOPEN], "unit_id": UNIT}
    assert book.do(view, CaseAction.REOPEN, VERIFIER, named).unit_id == UNIT


@pytest.mark.parametrize(
    ("action", "hours", "code"),
    [
        (CaseAction.RETURN, -1, "too_early"),
        (CaseAction.RETURN, 0, None),
        (CaseAction.RETURN, 2, "in_future"),
        (CaseAction.NOTE, -1, None),  # a phone without a line tells it later
        (CaseAction.REQUEST_EXTENSION, 0, None),
    ],
)
def test_times_follow_each_other(action: CaseAction, hours: int, code: str | None) -> None:
    book = PaperBook()
    view = book.register(UNIT)

    def attempt() -> None:
        check(
            view,
            action,
            actor=OFFICER,
            details=DETAILS[action],
            at=book.now + timedelta(hours=hours),
            recorded_at=book.now + timedelta(hours=1),
        )

    assert code_of(attempt) == code


def test_a_date_in_the_past_grants_nothing() -> None:
    book = PaperBook()
    view = book.register(UNIT)
    past: Details = {"until": book.now.isoformat(), "note": "等待吊车"}
    assert code_of(lambda: book.do(view, CaseAction.REQUEST_EXTENSION, OFFICER, past)) == (
        "until_past"
    )


@pytest.mark.parametrize(
    ("key", "value", "fine"),
    [
        ("note", "说明", True),
        ("note", " ", False),
        ("note", "长" * 4001, False),
        ("note", {"text": "说明"}, False),
        ("photo_sha256s", [PHOTO, PHOTO_AFTER], True),
        ("photo_sha256s", [PHOTO.upper()], False),
        ("photo_sha256s", PHOTO, False),
        ("until", "2026-12-01T08:00:00+08:00", True),
        ("until", "2026-12-01T08:00:00", False),
        ("until", "next week", False),
        ("lat", 43.9, True),
        ("lat", 143.9, False),
        ("lat", True, False),
        ("lat", None, True),
        ("radius_m", float("nan"), False),
        ("reason", "remains", True),
        ("reason", "because", False),
        ("recheck", "by_drone", False),
        ("external_number", None, True),
        ("unit_id", None, False),
        ("candidate_ids", [1], False),
    ],
)
def test_what_may_be_written(key: str, value: Json, fine: bool) -> None:
    assert fits(key, value) is fine


def test_a_detail_that_nobody_asked_for_is_refused() -> None:
    book = PaperBook()
    view = book.register(UNIT)
    told = {**DETAILS[CaseAction.RETURN], "inspector_phone": "1"}
    assert code_of(lambda: book.do(view, CaseAction.RETURN, OFFICER, told)) == "detail_unknown"


def test_only_candidates_of_the_case_are_split_off() -> None:
    book = PaperBook()
    view = book.register(UNIT)
    other: Details = {"candidate_ids": ["candidate-2"]}
    assert code_of(lambda: book.do(view, CaseAction.PART_CANDIDATE, OFFICE, other)) == (
        "detail_invalid"
    )
    view = book.do(view, CaseAction.JOIN_CANDIDATE, OFFICE, other)
    assert view.candidate_ids == ("candidate-1", "candidate-2")
    assert book.do(view, CaseAction.PART_CANDIDATE, OFFICE, other).candidate_ids == ("candidate-1",)


def test_the_office_that_leads_a_hard_case_may_change() -> None:
    book = PaperBook()
    view = bring(book, CaseState.RETURNED, frozenset({Condition.HARD}))
    assert view.hard is not None
    assert view.hard.office_unit_id == OFFICE_UNIT
    told: Details = {"note": "改由执法处牵头", "office_unit_id": "bureau-2"}
    view = book.do(view, CaseAction.NOTE_HARD, OFFICE, told)
    assert view.hard is not None
    assert view.hard.office_unit_id == "bureau-2"


def test_events_that_do_not_follow_are_named() -> None:
    book = PaperBook()
    view = bring(book, CaseState.CLOSED, frozenset())
    closing = book.events[-1]
    with pytest.raises(BrokenHistoryError) as caught:
        apply(view, replace(closing, number=99))
    assert caught.value.number == 99
    with pytest.raises(BrokenHistoryError, match="without events"):
        fold([])
    granted = replace(closing, kind="case.extension_granted", details={})
    with pytest.raises(BrokenHistoryError):
        apply(PaperBook().register(UNIT), granted)


def test_what_people_type_is_among_what_is_indexed() -> None:
    line = searchable(["2026-000012", "ＣＫ７", "人民大街与Jiefang_Road交会处"])
    for typed in ("人民", "大街与", "街", "000012", "ck7", "jiefang", "民大街 ck"):
        wanted = pieces_for(searchable([typed]))
        assert wanted
        assert set(wanted) <= set(pieces_of(line))
    assert pieces_for("7") == ()
