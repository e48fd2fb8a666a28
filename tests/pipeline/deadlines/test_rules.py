"""Rules: which one binds, what a changed table does, and that none can be altered unseen."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from sqlalchemy import Engine, text

from zoubian.datasets.classes import models as classes
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.deadlines.loading import (
    Effect,
    RulePlan,
    condition_id,
    known_conditions,
    plan_rules,
    rules_of,
)
from zoubian.pipeline.deadlines.rules import (
    DeadlineRule,
    RuleText,
    all_rules,
    altered_rules,
    in_force,
    rule_by_id,
    rule_of,
    rules_in_force,
    store_rule,
)
from zoubian.pipeline.domain.case_clock import DeadlineTerms, Margin, MarginKind
from zoubian.pipeline.domain.clocks import Clock
from zoubian.pipeline.domain.local_time import local_day

BIN = RuleText(
    category="bin_overflow",
    condition="overflow",
    condition_zh="垃圾箱满溢",
    condition_en="Bin overflowing",
    amount="4",
    clock=Clock.WORKING_HOURS,
    warning="25%",
    supervision="100%",
    rework="0",
    weather=None,
    city="本市",
    example=False,
    valid_from=None,
    valid_to=None,
    source="2026年1号文",
)
WASH = replace(BIN, category="road_occupying_business", condition="car_wash", condition_zh="洗车")
TRADE = replace(WASH, condition="trade", condition_zh="加工", amount="2")


def day(number: int, month: int = 6) -> datetime:
    return datetime(2026, month, number, 2, tzinfo=UTC)  # 10:00 in China


class Shelf:
    """The rules of an office, loaded one table after the other."""

    def __init__(self) -> None:
        self.rules: list[DeadlineRule] = []

    def load(self, at: datetime, *table: RuleText) -> dict[str, Effect]:
        """Load a table; tells the effects by condition."""
        plan = self.plan(at, *table)
        self.rules += rules_of(plan, loaded_at=at)
        return {change.rows[0].condition: change.effect for change in plan.changes}

    def plan(self, at: datetime, *table: RuleText) -> RulePlan:
        return plan_rules(self.rules, table, day=local_day(at))

    def amount(self, at: datetime) -> str | None:
        """The amount that binds a bin registered at a moment, None without a rule."""
        bins = [rule for rule in self.rules if rule.text.condition == "overflow"]
        rule = in_force(bins, local_day(at))
        return None if rule is None else rule.text.amount


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_both_rooms_speak_of_the_same_five_clocks() -> None:
    assert [clock.value for clock in Clock] == [clock.value for clock in classes.Clock]


def test_changed_rule_binds_from_its_loading_and_leaves_the_old_one_alone(shelf) -> None:
    assert shelf.load(day(1), BIN) == {"overflow": Effect.NEW}
    assert shelf.load(day(10), replace(BIN, amount="8")) == {"overflow": Effect.CHANGED}
    # A rule changed in between: what was registered before keeps 4, also when noted down late.
    assert [shelf.amount(day(n)) for n in (1, 9, 10, 30)] == ["4", "4", "8", "8"]


def test_loading_the_same_table_again_adds_nothing(shelf) -> None:
    ending, following = (
        replace(BIN, valid_to=date(2026, 6, 30)),
        replace(BIN, amount="8", valid_from=date(2026, 7, 1)),
    )
    table = (ending, following, WASH, TRADE)
    assert set(shelf.load(day(1), *table).values()) == {Effect.NEW}
    assert set(shelf.load(day(2), *table).values()) == {Effect.UNCHANGED}
    assert len(shelf.rules) == len(table)
    assert set(shelf.load(day(2, month=8), *table).values()) == {Effect.UNCHANGED}


def test_dated_rows_hold_on_their_days_and_none_beyond(shelf) -> None:
    shelf.load(
        day(1),
        replace(BIN, valid_from=date(2026, 3, 1), valid_to=date(2026, 6, 30)),
        replace(BIN, amount="8", valid_from=date(2026, 7, 1), valid_to=date(2026, 8, 31)),
    )
    months = {1: None, 3: "4", 6: "4", 7: "8", 8: "8", 9: None}
    assert {month: shelf.amount(day(15, month)) for month in months} == months


@pytest.mark.parametrize(
    ("ended", "before", "after"),
    [
        (date(2026, 6, 30), "4", None),  # on a day to come
        (date(2026, 5, 31), "4", None),  # on a day gone by
    ],
)
def test_ended_rule_binds_nobody_from_then_on(shelf, ended, before, after) -> None:
    shelf.load(day(1, month=5), BIN)
    assert shelf.load(day(10), replace(BIN, valid_to=ended)) == {"overflow": Effect.CHANGED}
    assert (shelf.amount(day(20, month=5)), shelf.amount(day(15, month=7))) == (before, after)


def test_change_announced_for_a_day_to_come(shelf) -> None:
    shelf.load(day(1), BIN)
    new = replace(BIN, amount="8", valid_from=date(2026, 7, 1))
    shelf.load(day(10), replace(BIN, valid_to=date(2026, 6, 30)), new)
    assert [shelf.amount(day(9)), shelf.amount(day(30)), shelf.amount(day(1, month=7))] == [
        "4",
        "4",
        "8",
    ]


def test_going_back_to_an_earlier_amount_is_a_change_again(shelf) -> None:
    for n, hours in ((1, "4"), (5, "8"), (10, "4")):
        shelf.load(day(n), replace(BIN, amount=hours))
    assert [shelf.amount(day(n)) for n in (1, 5, 9, 10)] == ["4", "8", "8", "4"]


def test_local_day_decides_not_that_of_greenwich(shelf) -> None:
    shelf.load(day(1), replace(BIN, valid_to=date(2026, 6, 30)))
    assert shelf.amount(datetime(2026, 6, 30, 15, 59, tzinfo=UTC)) == "4"
    assert shelf.amount(datetime(2026, 6, 30, 16, 0, tzinfo=UTC)) is None  # 1 July in China


def test_condition_that_a_table_leaves_out_stays(shelf) -> None:
    shelf.load(day(1), BIN, WASH)
    assert [text.condition for text in shelf.plan(day(2), WASH).left_out] == ["overflow"]
    shelf.load(day(2), WASH)
    assert shelf.amount(day(3)) == "4"


def test_rule_without_a_deadline_grants_no_terms() -> None:
    assert rule_of(replace(BIN, amount=None, clock=None), day(1)).terms is None
    terms = rule_of(replace(BIN, rework="2", warning="1h"), day(1)).terms
    assert terms == DeadlineTerms(
        amount=Fraction(4),
        clock=Clock.WORKING_HOURS,
        warning=Margin(MarginKind.HOURS, Fraction(1)),
        supervision=Margin(MarginKind.SHARE, Fraction(1)),
        rework=Fraction(2),
        weather=None,
    )


def test_wording_finds_its_condition_again(shelf) -> None:
    shelf.load(day(1), BIN)
    known = known_conditions(shelf.rules)
    assert condition_id("bin_overflow", "垃圾箱满溢", known) == "overflow"
    new = condition_id("bin_overflow", "箱体外散落", known)
    assert new == condition_id("bin_overflow", "箱体外散落", {}) != "overflow"
    assert new != condition_id("litter_bin_damage", "箱体外散落", {})


def test_stored_rule_comes_back_as_it_was_and_shows_when_it_was_altered(engine: Engine) -> None:
    uow = UnitOfWork(engine)
    dated = replace(TRADE, valid_from=date(2026, 1, 1), weather="rain", example=True)
    stored = [rule_of(text, day(1)) for text in (BIN, WASH, dated)]
    with uow() as session:
        for rule in stored:
            store_rule(session, rule)
    with uow.reading() as session:
        assert {rule_by_id(session, rule.id) for rule in stored} == set(stored)
        assert rule_by_id(session, "none") is None
        assert altered_rules(all_rules(session)) == []
    with uow() as session:
        session.execute(text("UPDATE deadline_rule SET amount = '40' WHERE condition = 'overflow'"))
    with uow.reading() as session:
        assert altered_rules(all_rules(session)) == [stored[0].id]


def test_conditions_of_a_category_have_one_rule_each_on_a_day(engine: Engine) -> None:
    ended = replace(TRADE, valid_to=date(2026, 6, 30))
    with UnitOfWork(engine)() as session:
        for row in (BIN, WASH, ended):
            store_rule(session, rule_of(row, day(1)))
        longer = replace(WASH, amount="8", valid_from=date(2026, 6, 10))
        store_rule(session, rule_of(longer, day(10)))
        session.flush()
        found = {
            (category, on.month): {
                rule.text.condition: rule.text.amount
                for rule in rules_in_force(session, on, category=category)
            }
            for category in ("bin_overflow", "road_occupying_business", "mobile_vendor")
            for on in (date(2026, 6, 2), date(2026, 7, 2))
        }
        assert len(rules_in_force(session, date(2026, 6, 2))) == 3
    assert found == {
        ("bin_overflow", 6): {"overflow": "4"},
        ("bin_overflow", 7): {"overflow": "4"},
        ("road_occupying_business", 6): {"car_wash": "4", "trade": "2"},
        ("road_occupying_business", 7): {"car_wash": "8"},
        ("mobile_vendor", 6): {},
        ("mobile_vendor", 7): {},
    }
