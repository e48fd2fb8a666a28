"""Registering and acting in a database: numbers, repetitions, conflicts, texts, and the check."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from case_desk import FOUND, Desk
from case_steps import (
    DETAILS,
    DISPATCHER,
    OFFICE,
    OFFICER,
    OTHER_OFFICER,
    OTHER_UNIT,
    REVIEWER,
    START,
    UNIT,
)
from sqlalchemy import Engine, text

from zoubian.pipeline.db.engine import UnitOfWork, make_engine
from zoubian.pipeline.db.migrate import migrate
from zoubian.pipeline.deadlines.rules import RuleText, rule_of, store_rule
from zoubian.pipeline.domain.cases import CaseAction, CaseState
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.clocks import Clock
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.ledger import cases, texts


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(UnitOfWork(engine), thorough=False)


def test_numbers_count_through_the_local_year(desk: Desk) -> None:
    numbers = []
    for now in (
        datetime(2026, 12, 31, 15, 59, tzinfo=UTC),
        datetime(2026, 12, 31, 15, 59, 30, tzinfo=UTC),
        datetime(2026, 12, 31, 16, 0, tzinfo=UTC),  # New Year in China
        datetime(2027, 6, 1, tzinfo=UTC),
    ):
        with desk.uow() as session:
            view = cases.register(session, FOUND, actor=REVIEWER, at=now, recorded_at=now)
        numbers.append(view.number)
    assert numbers == ["2026-000001", "2026-000002", "2027-000001", "2027-000002"]


def test_two_proposed_units_wait_for_a_dispatcher_and_one_does_not(desk: Desk) -> None:
    assert desk.register(UNIT, OTHER_UNIT).state is CaseState.REGISTERED
    assert desk.register().state is CaseState.REGISTERED
    clear = desk.register(UNIT)
    assert (clear.state, clear.dispatches[0].by) == (CaseState.DISPATCHED, "system")


def _register(desk: Desk, request_id: str) -> CaseView:
    with desk.uow() as session:
        return cases.register(
            session,
            FOUND,
            actor=REVIEWER,
            at=desk.now,
            recorded_at=desk.now,
            request_id=request_id,
        )


def _return(desk: Desk, view: CaseView, request_id: str | None, version: int | None) -> CaseView:
    with desk.uow() as session:
        return cases.act(
            session,
            view.id,
            CaseAction.RETURN,
            actor=OFFICER,
            details=DETAILS[CaseAction.RETURN],
            version=version,
            at=desk.now,
            recorded_at=desk.now,
            request_id=request_id,
        )


def test_a_repeated_request_is_done_once(desk: Desk) -> None:
    first = _register(desk, "request-1")
    assert _register(desk, "request-1") == first
    returned = _return(desk, first, "request-2", first.version)
    # Its answer was lost; the phone sends it again and has not seen what it did itself.
    assert _return(desk, first, "request-2", first.version) == returned
    assert len(returned.returns) == 1
    with pytest.raises(Refusal) as caught:
        _return(desk, first, "request-1", None)
    assert caught.value.code == "request_reused"
    assert desk.faults() == []


def test_a_refused_request_may_be_sent_again(desk: Desk) -> None:
    view = desk.register(UNIT, OTHER_UNIT)
    with pytest.raises(Refusal):
        _return(desk, view, "request-1", None)
    desk.do(view, CaseAction.DISPATCH, DISPATCHER)
    assert _return(desk, view, "request-1", None).state is CaseState.RETURNED


def test_who_has_not_seen_the_last_event_is_told_so(desk: Desk) -> None:
    seen = desk.register(UNIT)
    desk.do(seen, CaseAction.NOTE, OFFICE)
    with pytest.raises(Refusal) as caught:
        desk.do(seen, CaseAction.RETURN, OFFICER)
    assert caught.value.code == "conflict"
    with desk.uow.reading() as session:
        now = cases.case_view(session, seen.id)
    assert desk.do(now, CaseAction.RETURN, OFFICER).state is CaseState.RETURNED


def test_what_people_wrote_stands_beside_the_chain_and_never_in_it(desk: Desk) -> None:
    note = "联系人王师傅 13900000000"
    view = desk.file(replace(FOUND, note=note))
    with desk.uow.reading() as session:
        written = session.execute(text("SELECT canonical FROM ledger_event")).scalars().all()
        assert not any("王师傅" in canonical or "139" in canonical for canonical in written)
        assert json.loads(written[0])["details"]["note"] == view.texts[0]
        assert texts.read(session, view.texts) == {view.texts[0]: note}
        assert texts.read(session, ["nothing"]) == {}
        again = texts.keep(session, note)
    assert again != view.texts[0]  # salted: the same words cannot be tried against the chain


def test_an_action_on_many_does_what_it_can(desk: Desk) -> None:
    mine, other = desk.register(UNIT), desk.register(OTHER_UNIT)
    with desk.uow() as session:
        outcome = cases.act_on_all(
            session,
            [other.id, mine.id],
            CaseAction.RETURN,
            actor=OTHER_OFFICER,
            details=DETAILS[CaseAction.RETURN],
            at=desk.now,
            recorded_at=desk.now,
        )
    assert [view.id for view in outcome.done] == [other.id]
    assert [refusal.code for refusal in outcome.refused.values()] == ["other_unit"]


def test_locking_a_case_that_is_not_there_is_refused(desk: Desk) -> None:
    view = desk.register(UNIT)
    with pytest.raises(Refusal) as caught, desk.uow() as session:
        cases.lock(session, [view.id, "nowhere"])
    assert caught.value.code == "no_such_case"


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE case_row SET state = 'closed'", ["case_differs"]),
        ("UPDATE case_row SET search_text = 'elsewhere'", ["case_differs"]),
        ("UPDATE case_row SET registered_at = '2020-01-01 00:00:00'", ["case_differs"]),
        ("DELETE FROM case_condition", ["case_differs"]),
        ("UPDATE case_party SET party = 'unit:street-9'", ["case_differs"]),
        ("DELETE FROM case_row", ["case_missing"]),
        ("UPDATE case_row SET id = 'another'", ["case_missing", "case_extra"]),
        ("UPDATE ledger_text SET body = '已批准'", ["case_differs", "text_changed"]),
        ("DELETE FROM ledger_text", ["text_missing", "case_differs"]),
    ],
)
def test_what_was_changed_in_the_tables_is_named(
    engine: Engine, desk: Desk, statement: str, named: list[str]
) -> None:
    view = desk.register(UNIT)
    desk.do(view, CaseAction.REQUEST_PARKING, OFFICER)
    assert desk.faults() == []
    if statement.startswith("UPDATE case_row SET id"):
        statement = "DELETE FROM case_condition; DELETE FROM case_party; " + statement
    with engine.begin() as connection:
        for one in statement.split("; "):
            connection.execute(text(one))
    faults = desk.faults()
    assert sorted({fault.code for fault in faults}) == sorted(named)
    assert all(fault.message_zh and fault.message_en for fault in faults)


def test_a_time_that_is_none_is_named_and_breaks_nothing(tmp_path: Path) -> None:
    """Only SQLite lets anything stand in a column of times."""
    engine = make_engine(f"sqlite:///{tmp_path / 'zoubian.db'}")
    migrate(engine)
    desk = Desk(UnitOfWork(engine), thorough=False)
    desk.register(UNIT)
    with engine.begin() as connection:
        connection.execute(text("UPDATE case_row SET registered_at = 'yesterday', unit_id = x'ff'"))
    assert [fault.code for fault in desk.faults()] == ["case_differs"]
    assert "registered_at, unit_id" in desk.faults()[0].message_en


def test_a_view_keeps_the_rule_it_was_registered_under(desk: Desk) -> None:
    view = desk.file(replace(FOUND, rule_id="rule-1", unit_ids=(UNIT, OTHER_UNIT)))
    assert view.rule_id == "rule-1"
    view = desk.do(view, CaseAction.AMEND, OFFICE)
    assert (view.rule_id, view.place_zh, view.external_number) == (
        "rule-1",
        "人民大街1号门前",
        "CG-77",
    )


def test_another_category_brings_the_rule_of_the_day_of_registering(desk: Desk) -> None:
    text_of_rule = RuleText(
        category=str(DETAILS[CaseAction.RECLASSIFY]["category"]),
        condition="household",
        condition_zh="生活垃圾未及时清运",
        condition_en="household waste is not collected in time",
        amount="4",
        clock=Clock.WORKING_HOURS,
        warning="25%",
        supervision="4h",
        rework="0",
        weather=None,
        city="test",
        example=True,
        valid_from=None,
        valid_to=None,
        source="test",
    )
    earlier = rule_of(text_of_rule, START)
    from_then = replace(text_of_rule, amount="2", valid_from=date(2026, 11, 25))
    later = rule_of(from_then, START + timedelta(days=2))
    view = desk.file(replace(FOUND, rule_id="rule-1", unit_ids=(UNIT, OTHER_UNIT)))
    with desk.uow() as session:
        for rule in (earlier, later):
            store_rule(session, rule)
    desk.now += timedelta(days=5)
    view = desk.do(view, CaseAction.RECLASSIFY, REVIEWER)
    assert (view.category, view.rule_id) == ("household_waste_uncollected", earlier.id)
