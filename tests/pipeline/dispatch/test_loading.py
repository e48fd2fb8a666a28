"""Deadline workbooks: another city's example, an office's own, and faulty ones."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from case_steps import OFFICE
from due_office import at
from sqlalchemy import Engine

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.datasets.deadlines.example import example_rows
from zoubian.datasets.deadlines.sheets import DAYS, DEADLINES, HOURS, RULES, SHEETS
from zoubian.datasets.organisation.workbook import Rows, write_workbook
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.deadlines.calendar import (
    announced_years,
    seed_calendar,
    special_days,
    stored_hours,
)
from zoubian.pipeline.deadlines.loading import Effect
from zoubian.pipeline.deadlines.rules import RuleText, all_rules, rules_in_force
from zoubian.pipeline.dispatch.loading import LoadPlan, plan_load, store_load, stored_rows
from zoubian.pipeline.dispatch.tables import Tables, read_tables
from zoubian.pipeline.domain.clocks import Clock, WorkingHours
from zoubian.pipeline.domain.local_time import local_day
from zoubian.pipeline.ledger.events import StoredEvent, events_of
from zoubian.pipeline.organisation.service import LIMITS

NOW = at("2026-11-23 09:00")
BIN = {"category": "垃圾箱满溢", "condition_zh": "箱口冒尖", "amount": "4", "clock": "工作时"}
Read = Callable[[Rows], Tables]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write rows as a workbook, and read it."""

    def reading(rows: Rows, known: Mapping[tuple[str, str], str] | None = None) -> Tables:
        path = tmp_path / "时限.xlsx"
        write_workbook(path, rows, title="时限", layout=DEADLINES)
        return read_tables(
            path,
            sheets=SHEETS,
            categories=packaged_tables().categories,
            conditions=known or {},
            limits=LIMITS,
        )

    return reading


class Desk:
    """Loads tables into a database."""

    def __init__(self, engine: Engine) -> None:
        self.uow = UnitOfWork(engine)

    def load(self, tables: Tables) -> LoadPlan:
        assert tables.problems == ()
        with self.uow() as session:
            plan = plan_load(session, tables, now=NOW)
            store_load(
                session, plan, source="时限.xlsx", sha256=tables.sha256, actor=OFFICE, now=NOW
            )
        return plan

    def events(self) -> list[StoredEvent]:
        with self.uow.reading() as session:
            return events_of(session, "workspace")


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def text_of(tables: Tables) -> RuleText:
    [rule] = tables.rules
    return rule


def test_example_is_another_citys_and_says_so(read) -> None:
    tables = read(example_rows(packaged_tables()))
    assert tables.problems == ()
    conditions = packaged_tables().filing_conditions
    assert {rule.category for rule in tables.rules} == set(conditions)
    assert len(tables.rules) == sum(map(len, conditions.values()))
    assert all(rule.example and rule.city != "本市" for rule in tables.rules)
    [snow] = [rule for rule in tables.rules if rule.condition == "snow_left"]
    assert (snow.amount, snow.clock, snow.weather) == ("4", Clock.WORKING_HOURS, "snowfall")
    [dead_car] = [rule for rule in tables.rules if rule.condition == "dead_car"]
    assert (dead_car.amount, dead_car.clock) == (None, None)


def test_stored_example_is_written_and_read_as_it_was(read, desk) -> None:
    seed_calendar(desk.uow, now=NOW)
    first = desk.load(read(example_rows(packaged_tables())))
    assert len(first.rules.of_effect(Effect.NEW)) == len(first.rules.changes)
    with desk.uow.reading() as session:
        rows = stored_rows(session, packaged_tables(), now=NOW)
        stored = len(all_rules(session))
    again = desk.load(read(rows))
    assert (again.new_rules, again.moves_due_times) == (0, False)
    assert len(again.rules.of_effect(Effect.UNCHANGED)) == len(first.rules.changes)
    with desk.uow.reading() as session:
        assert len(all_rules(session)) == stored
    assert [event.kind for event in desk.events()] == ["deadlines.loaded"]


def test_ledger_notes_who_loaded_what(read, desk) -> None:
    tables = read({"rule": [BIN]})
    desk.load(tables)
    [event] = desk.events()
    with desk.uow.reading() as session:
        [rule] = rules_in_force(session, local_day(NOW), category="bin_overflow")
    assert (event.kind, event.actor) == ("deadlines.loaded", OFFICE.user_id)
    assert event.details["sha256"] == tables.sha256
    assert list(event.details["rules"]) == [rule.id]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, ("4", Clock.WORKING_HOURS, "25%", "100%", "0")),
        ({"amount": "2紧急工作时", "clock": ""}, ("2", Clock.URGENT_WORKING_HOURS) + ("",) * 3),
        ({"amount": "3个工作日", "clock": ""}, ("3", Clock.WORKING_DAYS) + ("",) * 3),
        ({"amount": "", "clock": ""}, (None, None) + ("",) * 3),
        ({"amount": 4, "warning": "2小时"}, ("4", Clock.WORKING_HOURS, "2小时", "", "")),
        ({"amount": "０.５", "warning": "５０％"}, ("0.5", Clock.WORKING_HOURS, "50%", "", "")),
        ({"rework": 1.5}, ("4", Clock.WORKING_HOURS, "", "", "1.5")),
    ],
)
def test_cells_are_read_as_people_write_them(read, cells, expected) -> None:
    rule = text_of(read({"rule": [{**BIN, **cells}]}))
    found = (rule.amount, rule.clock, rule.warning, rule.supervision, rule.rework)
    assert all(have == want for have, want in zip(found, expected, strict=True) if want != ""), (
        found
    )


@pytest.mark.parametrize(
    ("sheet", "cells", "code"),
    [
        (RULES, {**BIN, "category": "垃圾箱满"}, "bad_category"),
        (RULES, {**BIN, "condition_zh": ""}, "empty_cell"),
        (RULES, {**BIN, "amount": "4小时", "clock": ""}, "bad_amount"),  # of which clock?
        (RULES, {**BIN, "amount": "四"}, "bad_amount"),
        (RULES, {**BIN, "amount": "0"}, "bad_amount"),
        (RULES, {**BIN, "amount": "2紧急工作时", "clock": "工作日"}, "bad_amount"),
        (RULES, {**BIN, "clock": ""}, "bad_amount"),
        (RULES, {**BIN, "clock": "小时"}, "bad_choice"),
        (RULES, {**BIN, "warning": "一半"}, "bad_warning"),
        (RULES, {**BIN, "rework": "2天"}, "bad_rework"),
        (
            RULES,
            {**BIN, "valid_from": date(2026, 5, 1), "valid_until": date(2026, 4, 1)},
            "dates_reversed",
        ),
        (DAYS, {"day": "国庆", "worked": "休息"}, "bad_date"),
        (HOURS, {"season_from": "13-01", "season_to": "12-31", "hours": "08:30-11:30"}, None),
        (HOURS, {"season_from": "01-01", "season_to": "12-31", "hours": "13:00-11:30"}, None),
    ],
)
def test_faulty_row_is_named_and_nothing_is_read_of_it(read, sheet, cells, code) -> None:
    tables = read({sheet.key: [cells]})
    [problem] = tables.problems
    assert problem.path == f"时限.xlsx:{sheet.title}:2"
    assert code is None or problem.code == code
    assert problem.message_zh and problem.message_en
    assert (tables.rules, tables.days, tables.hours) == ((), (), None)


def test_two_rows_of_one_condition_may_follow_but_not_overlap(read) -> None:
    first = {**BIN, "valid_until": date(2026, 6, 30)}
    then = {**BIN, "amount": "8", "valid_from": date(2026, 7, 1)}
    assert read({"rule": [first, then]}).problems == ()
    [problem] = read({"rule": [first, {**then, "valid_from": date(2026, 6, 30)}]}).problems
    assert (problem.code, problem.place.row) == ("rule_twice", 3)


def test_wording_without_an_id_meets_its_condition_again(read) -> None:
    known = {("bin_overflow", "箱口冒尖"): "overflow"}
    assert text_of(read({"rule": [BIN]}, known)).condition == "overflow"
    assert text_of(read({"rule": [BIN]})).condition.startswith("c-")


def holidays(year: int, count: int) -> list[dict[str, object]]:
    return [
        {"day": date(year, 10, n), "worked": "休息", "name": "国庆"} for n in range(1, count + 1)
    ]


def test_year_counts_as_announced_when_its_holidays_are_loaded(read, desk) -> None:
    single = desk.load(read({"day": holidays(2027, 1)}))
    assert (len(single.days), single.years) == (1, ())
    whole = desk.load(read({"day": [*holidays(2027, 7), {"day": "2027-10-09", "worked": "上班"}]}))
    assert (len(whole.days), whole.years, whole.moves_due_times) == (7, (2027,), True)
    with desk.uow.reading() as session:
        assert announced_years(session) == {2027}
        assert special_days(session)[date(2027, 10, 9)].worked
    again = desk.load(read({"day": holidays(2027, 7)}))
    assert (again.days, again.years, again.moves_due_times) == ((), (), False)


def test_hours_of_the_seasons_are_loaded(read, desk) -> None:
    rows = [
        {"season_from": "05-01", "season_to": "9月30日", "hours": "8:30－11:30，13：30-17:00"},
        {"season_from": "10-01", "season_to": "04-30", "hours": "08:30-11:30"},
    ]
    assert desk.load(read({"hours": rows})).hours is not None
    with desk.uow.reading() as session:
        assert stored_hours(session) == (
            WorkingHours((5, 1), (9, 30), ((510, 690), (810, 1020))),
            WorkingHours((10, 1), (4, 30), ((510, 690),)),
        )
    assert desk.load(read({"hours": rows})).hours is None


def test_only_the_asked_sheets_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(path, {"rule": [BIN], "day": holidays(2027, 2)}, title="", layout=DEADLINES)
    tables = read_tables(
        path,
        sheets=(DAYS, HOURS),
        categories=packaged_tables().categories,
        conditions={},
        limits=LIMITS,
    )
    assert (tables.rules, len(tables.days)) == ((), 2)


@pytest.mark.parametrize("content", [b"", b"not a workbook", None])
def test_file_that_is_no_workbook_is_one_problem(tmp_path: Path, content) -> None:
    path = tmp_path / "时限.xlsx"
    if content is None:
        openpyxl.Workbook().save(path)
    else:
        path.write_bytes(content)
    tables = read_tables(
        path, sheets=SHEETS, categories=packaged_tables().categories, conditions={}, limits=LIMITS
    )
    assert len(tables.problems) == 1
