"""Deadline rules: which one binds a case of a category and filing condition at a moment."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from zoubian.pipeline.deadlines.models import DeadlineRuleRow
from zoubian.pipeline.deadlines.notation import parse_amount, parse_margin
from zoubian.pipeline.domain.case_clock import DeadlineTerms
from zoubian.pipeline.domain.clocks import Clock
from zoubian.pipeline.domain.local_time import local_day


@dataclass(frozen=True, slots=True)
class RuleText:
    """What the office's table says of one deadline; numbers and margins as it writes them.

    Attributes:
        condition: id of the filing condition (立案条件), the same for ever.
        amount: None where the source states no deadline; then `clock` is None too.
        warning: "25%" of the amount or "4h" before the due time.
        supervision: the same, after it.
        rework: least amount of another round; "0" leaves what was not used.
        weather: kind of weather that stops the clock.
        example: another city's row, shown as such (他市示例).
    """

    category: str
    condition: str
    condition_zh: str
    condition_en: str
    amount: str | None
    clock: Clock | None
    warning: str
    supervision: str
    rework: str
    weather: str | None
    city: str
    example: bool
    valid_from: date | None
    valid_to: date | None
    source: str

    def covers(self, day: date) -> bool:
        """Whether it may be in force on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def meets(self, other: "RuleText") -> bool:
        """Whether both speak of some day of one condition."""
        return (
            (self.category, self.condition) == (other.category, other.condition)
            and (self.valid_from or date.min) <= (other.valid_to or date.max)
            and (other.valid_from or date.min) <= (self.valid_to or date.max)
        )

    def grants(self) -> tuple[object, ...]:
        """All but the days: two rules that grant the same differ only in when they hold."""
        undated = replace(self, valid_from=None, valid_to=None)
        return tuple(getattr(undated, field.name) for field in fields(undated))


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A stored rule; `terms` is None where the source states no deadline."""

    id: str
    text: RuleText
    terms: DeadlineTerms | None
    loaded_at: datetime


def rule_id(text: RuleText, loaded_at: datetime) -> str:
    """The digest that names a rule: another content is another rule."""
    content = {key: str(value) for key, value in asdict(text).items()}
    content["loaded_at"] = loaded_at.isoformat()
    written = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:20]


def rule_of(text: RuleText, loaded_at: datetime) -> DeadlineRule:
    """The rule that a text becomes when it is loaded."""
    return DeadlineRule(rule_id(text, loaded_at), text, _terms(text), loaded_at)


def store_rule(session: Session, rule: DeadlineRule) -> None:
    """Add a rule; nothing that is stored changes."""
    session.add(DeadlineRuleRow(id=rule.id, loaded_at=rule.loaded_at, **asdict(rule.text)))


def rules_in_force(
    session: Session, day: date, *, category: str | None = None
) -> list[DeadlineRule]:
    """The rule of each filing condition on a local day."""
    by_key: dict[tuple[str, str], list[DeadlineRule]] = {}
    for rule in all_rules(session, category=category):
        by_key.setdefault((rule.text.category, rule.text.condition), []).append(rule)
    found = (in_force(rules, day) for rules in by_key.values())
    return [rule for rule in found if rule is not None]


def in_force(rules: Sequence[DeadlineRule], day: date) -> DeadlineRule | None:
    """Which of the rules of one filing condition holds on a local day.

    What was loaded together states the condition's deadlines from the day of loading on, and for
    the earlier days that its rows name; where it has no row for a day, none holds.
    """
    loads = sorted({rule.loaded_at for rule in rules}, reverse=True)
    for loaded_at in loads:
        dated = [rule for rule in rules if rule.loaded_at == loaded_at and rule.text.covers(day)]
        if dated:
            return dated[0]
        if day >= local_day(loaded_at):
            return None
    return None


def rule_by_id(session: Session, identifier: str) -> DeadlineRule | None:
    """A rule by the id that a case keeps."""
    row = session.get(DeadlineRuleRow, identifier)
    return None if row is None else _rule(row)


def all_rules(session: Session, *, category: str | None = None) -> list[DeadlineRule]:
    """Every rule ever loaded, the first ones first."""
    query = select(DeadlineRuleRow).order_by(DeadlineRuleRow.loaded_at, DeadlineRuleRow.id)
    if category is not None:
        query = query.where(DeadlineRuleRow.category == category)
    return [_rule(row) for row in session.scalars(query)]


def altered_rules(rules: Sequence[DeadlineRule]) -> list[str]:
    """Ids of rules whose content is no longer what it was when they were loaded."""
    return [rule.id for rule in rules if rule_id(rule.text, rule.loaded_at) != rule.id]


def _rule(row: DeadlineRuleRow) -> DeadlineRule:
    text = RuleText(
        category=row.category,
        condition=row.condition,
        condition_zh=row.condition_zh,
        condition_en=row.condition_en,
        amount=row.amount,
        clock=None if row.clock is None else Clock(row.clock),
        warning=row.warning,
        supervision=row.supervision,
        rework=row.rework,
        weather=row.weather,
        city=row.city,
        example=row.example,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
    )
    return DeadlineRule(row.id, text, _terms(text), row.loaded_at)


def _terms(text: RuleText) -> DeadlineTerms | None:
    amount = None if text.amount is None else parse_amount(text.amount)
    warning, supervision = parse_margin(text.warning), parse_margin(text.supervision)
    rework = parse_amount(text.rework)
    if amount is None or text.clock is None or warning is None or supervision is None:
        return None
    return DeadlineTerms(
        amount, text.clock, warning, supervision, rework or amount * 0, text.weather
    )
