"""Loading deadlines and calendar: stored and noted in the ledger in one transaction."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from zoubian.datasets.classes.models import ClassTables
from zoubian.datasets.deadlines.sheets import DAYS, HOURS, RULES, WEATHER, WORKED, YES_NO
from zoubian.datasets.organisation.workbook import Rows, Value
from zoubian.pipeline.deadlines.calendar import (
    SpecialDay,
    announced_years,
    declare_weather,
    special_days,
    store_days,
    store_hours,
    stored_hours,
)
from zoubian.pipeline.deadlines.loading import Effect, RulePlan, plan_rules, rules_of
from zoubian.pipeline.deadlines.notation import format_spans
from zoubian.pipeline.deadlines.rules import RuleText, all_rules, rules_in_force, store_rule
from zoubian.pipeline.dispatch.tables import Tables
from zoubian.pipeline.domain.actors import Actor
from zoubian.pipeline.domain.clocks import WorkingHours
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.domain.local_time import local_day
from zoubian.pipeline.ledger.events import NewEvent, append

SUBJECT = "workspace"

# An announcement of a year frees eleven weekdays or more; a single local day is none.
ANNOUNCEMENT_DAYS_OFF = 5


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """What loading a workbook would change.

    Attributes:
        days: those that are new or differ from what is stored.
        years: those that the workbook announces and that were not before.
        hours: None where they stay as they are.
    """

    rules: RulePlan
    days: tuple[SpecialDay, ...]
    years: tuple[int, ...]
    hours: tuple[WorkingHours, ...] | None

    @property
    def new_rules(self) -> int:
        """Rows of rules that would be added."""
        return sum(
            len(change.rows)
            for change in self.rules.changes
            if change.effect is not Effect.UNCHANGED
        )

    @property
    def moves_due_times(self) -> bool:
        """Whether open cases have to be counted anew: rules never change those, calendars do."""
        return bool(self.days or self.years) or self.hours is not None


def plan_load(session: Session, tables: Tables, *, now: datetime) -> LoadPlan:
    """Compare a workbook with what is stored."""
    known = special_days(session)
    days = tuple(day for day in tables.days if known.get(day.day) != day)
    before = announced_years(session)
    off = Counter(day.day.year for day in tables.days if not day.worked)
    years = {year for year, count in off.items() if count >= ANNOUNCEMENT_DAYS_OFF}
    hours = tables.hours
    return LoadPlan(
        rules=plan_rules(all_rules(session), tables.rules, day=local_day(now)),
        days=days,
        years=tuple(sorted(years - before)),
        hours=None if hours is None or hours == stored_hours(session) else hours,
    )


def store_load(
    session: Session, plan: LoadPlan, *, source: str, sha256: str, actor: Actor, now: datetime
) -> None:
    """Do what the plan says; the ledger notes who loaded which file.

    Args:
        source: name of the file.
    """
    rules = rules_of(plan.rules, loaded_at=now)
    for rule in rules:
        store_rule(session, rule)
    if plan.days or plan.years:
        store_days(session, plan.days, years=set(plan.years), source=source, now=now)
    if plan.hours is not None:
        store_hours(session, plan.hours)
    if not rules and not plan.moves_due_times:
        return
    details: dict[str, Json] = {
        "source": source,
        "sha256": sha256,
        "rules": [rule.id for rule in rules],
        "days": len(plan.days),
        "years": list(plan.years),
        "hours": plan.hours is not None,
    }
    _note(session, "deadlines.loaded", details, actor=actor, now=now)


def declare(
    session: Session,
    kind: str,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Say that weather stops clocks; until when may be said later, with the same start."""
    declare_weather(session, kind, starts_at=starts_at, ends_at=ends_at, now=now)
    details: dict[str, Json] = {"kind": kind, "starts_at": starts_at.isoformat()}
    if ends_at is not None:
        details["ends_at"] = ends_at.isoformat()
    _note(session, "weather.declared", details, actor=actor, now=now)


def stored_rows(session: Session, tables: ClassTables, *, now: datetime) -> Rows:
    """What is stored as rows of the workbook, to be changed and loaded again."""
    numbers = {key: category.number for key, category in tables.categories.items()}
    rules = sorted(
        (rule.text for rule in rules_in_force(session, local_day(now))),
        key=lambda text: (numbers.get(text.category, 0), text.condition),
    )
    days = sorted(special_days(session).values(), key=lambda day: day.day)
    return {
        RULES.key: [_rule_cells(text, tables) for text in rules],
        DAYS.key: [_day_cells(day) for day in days],
        HOURS.key: [_hours_cells(row) for row in stored_hours(session)],
    }


def _rule_cells(text: RuleText, tables: ClassTables) -> dict[str, Value]:
    category = tables.categories.get(text.category)
    cells: dict[str, Value | None] = {
        "category": category.name_zh if category else text.category,
        "condition_zh": text.condition_zh,
        "condition": text.condition,
        "condition_en": text.condition_en,
        "amount": text.amount,
        "clock": text.clock and text.clock.value,
        "warning": text.warning,
        "supervision": text.supervision,
        "rework": text.rework,
        "weather": _title(WEATHER, text.weather),
        "city": text.city,
        "example": _title(YES_NO, "yes" if text.example else "no"),
        "valid_from": text.valid_from,
        "valid_until": text.valid_to,
        "source": text.source,
    }
    return _filled(cells)


def _day_cells(day: SpecialDay) -> dict[str, Value]:
    worked = _title(WORKED, "yes" if day.worked else "no")
    return _filled({"day": day.day, "worked": worked, "name": day.name})


def _hours_cells(row: WorkingHours) -> dict[str, Value]:
    return _filled(
        {
            "season_from": "{:02d}-{:02d}".format(*row.season_from),
            "season_to": "{:02d}-{:02d}".format(*row.season_to),
            "hours": format_spans(row.spans_min),
            "valid_from": row.valid_from,
            "valid_until": row.valid_to,
        }
    )


def _title(choices: Mapping[str, str], stored: str | None) -> str | None:
    return next((title for title, value in choices.items() if value == stored), None)


def _filled(cells: Mapping[str, Value | None]) -> dict[str, Value]:
    return {key: value for key, value in cells.items() if value is not None}


def _note(
    session: Session, kind: str, details: Mapping[str, Json], *, actor: Actor, now: datetime
) -> None:
    """Put a change of the workspace into the ledger."""
    append(session, [NewEvent(SUBJECT, kind, actor.user_id, now, details)], recorded_at=now)
