"""What loading a table of rules changes: conditions are compared as they hold from now on."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from zoubian.pipeline.deadlines.rules import (
    DeadlineRule,
    RuleText,
    in_force,
    rule_of,
)

Key = tuple[str, str]  # category and filing condition


class Effect(StrEnum):
    """What loading does to a filing condition's deadlines."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One filing condition of the table: what held so far on the day of loading, and its rows."""

    effect: Effect
    before: RuleText | None
    rows: tuple[RuleText, ...]


@dataclass(frozen=True, slots=True)
class RulePlan:
    """What loading would do; `left_out` are conditions that the table does not name."""

    changes: tuple[RuleChange, ...]
    left_out: tuple[RuleText, ...]

    def of_effect(self, effect: Effect) -> list[RuleChange]:
        """The changes of one kind."""
        return [change for change in self.changes if change.effect is effect]


def condition_id(category: str, wording: str, known: Mapping[tuple[str, str], str]) -> str:
    """The id of a condition that a table only words: that of the same wording, or a new one.

    Args:
        known: ids by category and Chinese wording.
    """
    digest = hashlib.sha256(f"{category}\n{wording}".encode()).hexdigest()
    return known.get((category, wording), f"c-{digest[:8]}")


def known_conditions(rules: Sequence[DeadlineRule]) -> dict[tuple[str, str], str]:
    """Ids of conditions by category and wording, the last wording counting."""
    return {(rule.text.category, rule.text.condition_zh): rule.text.condition for rule in rules}


def plan_rules(stored: Sequence[DeadlineRule], table: Sequence[RuleText], *, day: date) -> RulePlan:
    """Compare a table, whose rows of one condition do not overlap, with what is stored.

    Args:
        day: local day of loading. A changed row without a first day holds from it on.
    """
    by_key: dict[Key, list[RuleText]] = {}
    for text in table:
        by_key.setdefault((text.category, text.condition), []).append(text)
    known: dict[Key, list[DeadlineRule]] = {}
    for rule in stored:
        known.setdefault((rule.text.category, rule.text.condition), []).append(rule)
    changes = tuple(_change(known.get(key, []), rows, day) for key, rows in by_key.items())
    holding = (in_force(rules, day) for key, rules in known.items() if key not in by_key)
    return RulePlan(changes, tuple(rule.text for rule in holding if rule is not None))


def rules_of(plan: RulePlan, *, loaded_at: datetime) -> list[DeadlineRule]:
    """The rules that loading adds: those of new and changed conditions."""
    return [
        rule_of(row, loaded_at)
        for change in plan.changes
        if change.effect is not Effect.UNCHANGED
        for row in change.rows
    ]


def _change(stored: Sequence[DeadlineRule], rows: Sequence[RuleText], day: date) -> RuleChange:
    if not stored:
        return RuleChange(Effect.NEW, None, tuple(rows))
    holding = in_force(stored, day)
    before = None if holding is None else holding.text
    if all(_same_on(stored, rows, other) for other in _turning_days(stored, rows, day)):
        return RuleChange(Effect.UNCHANGED, before, tuple(rows))
    # Without a first day a row speaks of the days to come, unless it has ended already.
    dated = tuple(
        replace(row, valid_from=day)
        if row.valid_from is None and (row.valid_to is None or row.valid_to >= day)
        else row
        for row in rows
    )
    return RuleChange(Effect.CHANGED, before, dated)


def _same_on(stored: Sequence[DeadlineRule], rows: Sequence[RuleText], day: date) -> bool:
    holding = in_force(stored, day)
    stated = next((row for row in rows if row.covers(day)), None)
    if holding is None or stated is None:
        return holding is None and stated is None
    return holding.text.grants() == stated.grants()


def _turning_days(stored: Sequence[DeadlineRule], rows: Sequence[RuleText], day: date) -> set[date]:
    """Days on which something may begin to differ: the day of loading, and each edge of a row."""
    texts = [*(rule.text for rule in stored), *rows]
    edges = {text.valid_from for text in texts if text.valid_from is not None}
    edges |= {text.valid_to + timedelta(days=1) for text in texts if text.valid_to is not None}
    stated = {row.valid_from for row in rows if row.valid_from is not None}
    return {day} | {edge for edge in edges if edge >= day} | stated
