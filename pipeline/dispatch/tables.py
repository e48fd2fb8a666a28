"""Reading a deadline workbook: its cells become rules, special days and working hours."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zoubian.datasets.classes.models import Category
from zoubian.datasets.deadlines.sheets import (
    DAYS,
    HOURS,
    OWN_CITY,
    RULES,
    USUAL_REWORK,
    USUAL_SUPERVISION,
    USUAL_WARNING,
)
from zoubian.datasets.organisation.sheets import Sheet
from zoubian.pipeline.deadlines.calendar import SpecialDay
from zoubian.pipeline.deadlines.loading import condition_id
from zoubian.pipeline.deadlines.notation import (
    parse_amount,
    parse_deadline,
    parse_margin,
    parse_season_day,
    parse_spans,
)
from zoubian.pipeline.deadlines.rules import RuleText
from zoubian.pipeline.domain.clocks import Clock, WorkingHours
from zoubian.pipeline.organisation.cells import clean_row
from zoubian.pipeline.organisation.excel import ReadLimits, SheetRow, read_workbook
from zoubian.pipeline.organisation.messages import Finding, Place
from zoubian.pipeline.organisation.records import Row
from zoubian.pipeline.organisation.wording import plain

# Longer than any rule: above it, somebody wrote hours as minutes.
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Tables:
    """What stands in a workbook; nothing of it is used while there are problems.

    `hours` is None where the workbook has no such sheet or leaves it empty.
    """

    rules: tuple[RuleText, ...]
    days: tuple[SpecialDay, ...]
    hours: tuple[WorkingHours, ...] | None
    sha256: str
    problems: tuple[Finding, ...]
    notes: tuple[Finding, ...]


def read_tables(
    path: Path,
    *,
    sheets: Sequence[Sheet],
    categories: Mapping[str, Category],
    conditions: Mapping[tuple[str, str], str],
    limits: ReadLimits,
) -> Tables:
    """Read a workbook; what is wrong comes back with its sheet and row.

    Args:
        sheets: those of the layout that are read; others are told of and left out.
        conditions: ids of known filing conditions by category and wording.
    """
    workbook = read_workbook(path, limits=limits, sheets=sheets)
    reader = _Reader(list(workbook.problems))
    rules: list[tuple[Place, RuleText]] = []
    days: dict[date, SpecialDay] = {}
    hours: list[WorkingHours] = []
    for row in workbook.rows:
        cells, wrong = clean_row(row, categories=categories)
        reader.problems += wrong
        if wrong:
            continue
        if row.sheet is RULES:
            rule = reader.rule(row, cells, conditions)
            if rule is not None:
                reader.refuse_twice(row, rule, rules)
                rules.append((row.place, rule))
        elif row.sheet is DAYS:
            day = reader.day(row, cells, days)
            days[day.day] = day
        elif row.sheet is HOURS:
            hours += reader.hours(row, cells)
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if workbook.rows else ""
    return Tables(
        tuple(rule for _, rule in rules),
        tuple(days.values()),
        tuple(hours) if hours else None,
        digest,
        tuple(reader.problems),
        workbook.notes,
    )


class _Reader:
    """Turns clean cells into values and collects what is wrong with them."""

    def __init__(self, problems: list[Finding]) -> None:
        self.problems = problems

    def rule(
        self, row: SheetRow, cells: Row, conditions: Mapping[tuple[str, str], str]
    ) -> RuleText | None:
        before = len(self.problems)
        category, wording = _text(cells, "category"), _text(cells, "condition_zh")
        amount, clock = self._deadline(row, cells)
        margins = {
            key: self._margin(row, cells, key, usual)
            for key, usual in (
                ("warning", USUAL_WARNING),
                ("supervision", USUAL_SUPERVISION),
            )
        }
        rework = _figure(cells, "rework") or USUAL_REWORK
        if parse_amount(rework) is None:
            self._wrong(row, "rework", rework, zh="应为数字，如 2", en="must be a number such as 2")
        if len(self.problems) > before:
            return None
        return RuleText(
            category=category,
            condition=_text(cells, "condition") or condition_id(category, wording, conditions),
            condition_zh=wording,
            condition_en=_text(cells, "condition_en") or wording,
            amount=amount,
            clock=clock,
            warning=margins["warning"],
            supervision=margins["supervision"],
            rework=rework,
            weather=_text(cells, "weather") or None,
            city=_text(cells, "city") or OWN_CITY,
            example=_text(cells, "example") == "yes",
            valid_from=_day(cells, "valid_from"),
            valid_to=_day(cells, "valid_until"),
            source=_text(cells, "source"),
        )

    def refuse_twice(
        self, row: SheetRow, rule: RuleText, earlier: list[tuple[Place, RuleText]]
    ) -> None:
        for place, other in earlier:
            if rule.meets(other):
                self.problems.append(
                    Finding(
                        row.place,
                        "rule_twice",
                        f"与第{place.row}行是同一立案条件，有效期重叠",
                        f"the same filing condition as row {place.row}, on the same days",
                    )
                )

    def day(self, row: SheetRow, cells: Row, earlier: Mapping[date, SpecialDay]) -> SpecialDay:
        day = date.fromisoformat(_text(cells, "day"))
        if day in earlier:
            self._wrong(row, "day", str(day), zh="出现两次", en="stands twice")
        return SpecialDay(day, _text(cells, "worked") == "yes", _text(cells, "name"))

    def hours(self, row: SheetRow, cells: Row) -> list[WorkingHours]:
        edges = []
        for key in ("season_from", "season_to"):
            edge = parse_season_day(_text(cells, key))
            if edge is None:
                text = _text(cells, key)
                self._wrong(row, key, text, zh="应写作 05-01", en="must look like 05-01")
            else:
                edges.append(edge)
        spans = parse_spans(_figure(cells, "hours"))
        if spans is None:
            self._wrong(
                row,
                "hours",
                _text(cells, "hours"),
                zh="应写作 08:30-11:30,13:00-16:30，时间须递增",
                en="must look like 08:30-11:30,13:00-16:30 and rise",
            )
        if len(edges) < 2 or spans is None:
            return []
        dates = (_day(cells, "valid_from"), _day(cells, "valid_until"))
        return [WorkingHours(edges[0], edges[1], spans, *dates)]

    def _deadline(self, row: SheetRow, cells: Row) -> tuple[str | None, Clock | None]:
        """Amount and clock, from two cells or both from the first."""
        written, named = _figure(cells, "amount"), _text(cells, "clock")
        if not written and not named:
            return None, None
        whole = parse_deadline(written)
        if whole is not None and (not named or named == whole[1]):
            written, named = whole[0], whole[1].value
        amount = parse_amount(written)
        if amount is None or not 0 < amount <= LONGEST or not named:
            self._wrong(
                row,
                "amount",
                f"{written} {named}".strip(),
                zh=f"应为不超过 {LONGEST} 的数字并注明计时方式，如 4 和 工作时，或 2紧急工作时",
                en=f"must be a number up to {LONGEST} with one of the five clocks",
            )
            return None, None
        return written, Clock(named)

    def _margin(self, row: SheetRow, cells: Row, key: str, usual: str) -> str:
        written = _figure(cells, key) or usual
        if parse_margin(written) is None:
            self._wrong(row, key, written, zh="应写作 25% 或 2h", en="must look like 25% or 2h")
        return written

    def _wrong(self, row: SheetRow, key: str, value: str, *, zh: str, en: str) -> None:
        title = row.sheet.column(key).title
        self.problems.append(
            Finding(
                row.place,
                f"bad_{key}",
                f"“{title}”{zh}，实为“{value}”",
                f"{title} {en}, got {value!r}",
            )
        )


def _text(cells: Row, key: str) -> str:
    value = cells.get(key)
    return "" if value is None else str(value)


def _figure(cells: Row, key: str) -> str:
    """What is written in digits and signs, full-width ones made plain."""
    return plain(_text(cells, key))


def _day(cells: Row, key: str) -> date | None:
    text = _text(cells, key)
    return date.fromisoformat(text) if text else None
