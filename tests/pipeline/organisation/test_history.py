"""What is in force on which day, after one load or many."""

from datetime import date

import pytest

from zoubian.datasets.classes.models import Period
from zoubian.pipeline.organisation.history import (
    Change,
    Effect,
    Key,
    Statement,
    common_days,
    dated_rows,
    left_out,
    plan,
)
from zoubian.pipeline.organisation.records import Row

KEY: Key = ("unit", "A")
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def row(name: str, start: date | None = None, end: date | None = None) -> Row:
    dates = {"valid_from": start, "valid_until": end}
    return {"name": name, **{k: d.isoformat() for k, d in dates.items() if d is not None}}


OTHER: Key = ("unit", "B")


def statement(since: date | None, *rows: Row, key: Key = KEY) -> Statement:
    return Statement(*key, MAY, since, rows)


def name_on(statements: list[Statement], day: date) -> str | None:
    names = [r.row["name"] for r in dated_rows(statements) if r.period.holds(day)]
    assert len(names) <= 1
    return str(names[0]) if names else None


def load(
    statements: list[Statement], *rows: Row, on: date, complete: bool = False
) -> Change | None:
    """One load of KEY after `statements`, which it extends."""
    stored = {KEY: statements, OTHER: [statement(None, row("B"), key=OTHER)]}
    stated = {KEY: list(rows)} if rows else {OTHER: [row("B")]}
    changes = plan(stored, stated, as_of=on, complete=complete)
    mine = [c for c in changes if (c.statement.kind, c.statement.identity) == KEY]
    for change in mine:
        if change.effect is not Effect.UNCHANGED:
            statements.append(change.statement)
    return mine[0] if mine else None


def test_first_load_counts_for_the_past_too() -> None:
    change = plan({}, {KEY: [row("a")]}, as_of=MAY, complete=False)[0]
    assert (change.effect, change.statement.since) == (Effect.ADDED, None)


def test_later_addition_counts_from_its_day_unless_it_states_one() -> None:
    known = {OTHER: [statement(None, row("B"), key=OTHER)]}
    undated, dated = (
        plan(known, {KEY: [one]}, as_of=JUNE, complete=False)[0].statement.since
        for one in (row("a"), row("a", MAY))
    )
    assert (undated, dated) == (JUNE, None)


def test_change_counts_from_its_day_and_the_past_stays() -> None:
    statements = [statement(None, row("old"))]
    change = load(statements, row("new"), on=JUNE)
    assert change is not None and change.effect is Effect.CHANGED
    assert name_on(statements, date(2026, 5, 31)) == "old"
    assert name_on(statements, JUNE) == "new"


def test_same_rows_again_change_nothing() -> None:
    statements = [statement(None, row("old"))]
    load(statements, row("new"), on=JUNE)
    change = load(statements, row("new"), on=JULY)
    assert change is not None and change.effect is Effect.UNCHANGED
    assert len(statements) == 2


def test_order_of_dated_rows_does_not_matter() -> None:
    one, two = row("old", None, date(2026, 5, 31)), row("new", JUNE)
    statements = [statement(None, one, two)]
    change = load(statements, two, one, on=JULY)
    assert change is not None and change.effect is Effect.UNCHANGED


def test_correction_on_the_same_day_leaves_no_trace_in_force() -> None:
    statements = [statement(None, row("old"))]
    load(statements, row("typo"), on=JUNE)
    load(statements, row("right"), on=JUNE)
    assert [name_on(statements, d) for d in (MAY, JUNE, JULY)] == ["old", "right", "right"]
    assert len(statements) == 3  # what was stated is kept nevertheless


def test_going_back_to_what_was_is_a_change() -> None:
    statements = [statement(None, row("old"))]
    load(statements, row("new"), on=JUNE)
    change = load(statements, row("old"), on=JULY)
    assert change is not None and change.effect is Effect.CHANGED
    assert [name_on(statements, d) for d in (MAY, JUNE, JULY)] == ["old", "new", "old"]


def test_load_dated_back_overrules_what_was_stated_since() -> None:
    statements = [statement(None, row("old"))]
    load(statements, row("new"), on=JULY)
    load(statements, row("true"), on=JUNE)
    assert [name_on(statements, d) for d in (MAY, JUNE, JULY)] == ["old", "true", "true"]


@pytest.mark.parametrize("end", [date(2026, 5, 31), date(2026, 12, 31)])
def test_stated_end_is_an_ending(end: date) -> None:
    statements = [statement(None, row("a"))]
    change = load(statements, row("a", None, end), on=JUNE)
    assert change is not None and change.effect is Effect.ENDED
    after = date(2027, 1, 1)
    assert (name_on(statements, MAY), name_on(statements, after)) == ("a", None)


def test_what_a_complete_file_leaves_out_ends_on_its_day() -> None:
    statements = [statement(None, row("a"))]
    change = load(statements, on=JUNE, complete=True)
    assert change is not None and change.effect is Effect.ENDED
    assert (name_on(statements, date(2026, 5, 31)), name_on(statements, JUNE)) == ("a", None)


def test_what_ended_may_come_again() -> None:
    statements = [statement(None, row("a"))]
    load(statements, on=JUNE, complete=True)
    change = load(statements, row("a"), on=JULY)
    assert change is not None and change.effect is Effect.ADDED
    assert [name_on(statements, d) for d in (MAY, JUNE, JULY)] == ["a", None, "a"]


def test_what_other_files_leave_out_stays() -> None:
    statements = [statement(None, row("a"))]
    assert load(statements, on=JUNE) is None
    stored = {KEY: statements, ("group", "G"): [statement(None, row("g"), key=("group", "G"))]}
    assert left_out(stored, [OTHER], as_of=JUNE) == [KEY]  # groups are another sheet
    assert left_out(stored, [KEY], as_of=JUNE) == []


def test_what_has_ended_is_not_left_out() -> None:
    stored = {KEY: [statement(None, row("a", None, MAY))]}
    assert left_out(stored, [OTHER], as_of=JUNE) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Period(None, None), Period(None, None), Period(None, None)),
        (Period(MAY, None), Period(None, JUNE), Period(MAY, JUNE)),
        (Period(MAY, JULY), Period(JUNE, None), Period(JUNE, JULY)),
        (Period(None, MAY), Period(JUNE, None), None),
    ],
)
def test_common_days(one: Period, other: Period, expected: Period | None) -> None:
    assert common_days(one, other) == expected
    assert common_days(other, one) == expected
