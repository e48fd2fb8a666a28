"""Planted changes of rules and due times are found and named."""

from datetime import date

import pytest
from due_office import Office, at
from sqlalchemy import text

from zoubian.pipeline.deadlines.calendar import SpecialDay, store_days
from zoubian.pipeline.dispatch.refresh import refresh_due
from zoubian.pipeline.dispatch.rules_check import compare_deadlines


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("UPDATE case_row SET search_text = search_text", []),
        ("UPDATE deadline_rule SET amount = '400'", ["rule_altered", "due_differs"]),
        ("UPDATE deadline_rule SET source = 'x'", ["rule_altered"]),
        ("DELETE FROM deadline_rule", ["rule_missing", "due_differs"]),
        ("UPDATE case_row SET due_at = NULL", ["due_differs"]),
        ("UPDATE case_row SET due_at = '2030-01-01 00:00:00'", ["due_differs"]),
        ("UPDATE case_row SET supervise_at = NULL", ["due_differs"]),
    ],
)
def test_planted_change_is_named(office: Office, statement: str, codes: list[str]) -> None:
    office.register("2026-06-16 09:00")
    with office.uow() as session:
        session.execute(text(statement))
    with office.uow.reading() as session:
        assert [fault.code for fault in compare_deadlines(session)] == codes


def test_case_that_ran_out_of_its_calendar_is_told_to_be_counted_anew(office: Office) -> None:
    office.register("2026-12-31 15:30")
    with office.uow() as session:
        off = [SpecialDay(date(2027, 1, 1), False, "元旦")]
        store_days(session, off, years={2027}, source="", now=at("2026-12-31 16:00"))
    with office.uow.reading() as session:
        [fault] = compare_deadlines(session)
    assert "zoubian deadlines refresh" in fault.message_en
    refresh_due(office.uow, chunk=10)
    with office.uow.reading() as session:
        assert list(compare_deadlines(session)) == []
