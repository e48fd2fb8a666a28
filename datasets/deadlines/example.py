"""Another city's deadlines as rows of the workbook: an example, and marked as one (他市示例)."""

from collections.abc import Mapping
from importlib.resources import files

from zoubian.datasets.classes.models import ClassTables, FilingCondition
from zoubian.datasets.classes.table import read_rows
from zoubian.datasets.deadlines.sheets import (
    DAYS,
    HOURS,
    OWN_CITY,
    RULES,
    USUAL_REWORK,
    USUAL_SUPERVISION,
    USUAL_WARNING,
    WEATHER,
    YES_NO,
)
from zoubian.datasets.organisation.workbook import Rows, Value

_TERMS = "clock_terms.csv"
_TERMS_COLUMNS = ("category", "condition", "warning", "supervision", "rework", "weather")
_EXAMPLE_HOURS = {"season_from": "01-01", "season_to": "12-31", "hours": "08:30-11:30,13:00-16:30"}


def example_rows(tables: ClassTables) -> Rows:
    """Rows of all sheets: the campaign's filing conditions with the deadlines that are known.

    Warning, supervising, rework and weather are ours (`clock_terms.csv`); the sources say nothing
    of them.
    """
    terms = {
        (row.text("category"), row.text("condition")): row.cells
        for row in read_rows(files("zoubian.datasets.deadlines"), _TERMS, _TERMS_COLUMNS)
    }
    rules = [
        _rule(tables, known, terms.get((known.category, known.condition), {}))
        for many in tables.filing_conditions.values()
        for known in many
    ]
    return {RULES.key: rules, DAYS.key: [], HOURS.key: [_EXAMPLE_HOURS]}


def _rule(
    tables: ClassTables, known: FilingCondition, terms: Mapping[str, str]
) -> dict[str, Value]:
    weather = {stored: title for title, stored in WEATHER.items()}
    yes_no = {stored: title for title, stored in YES_NO.items()}
    cells: dict[str, Value | None] = {
        "category": tables.categories[known.category].name_zh,
        "condition_zh": known.condition_zh,
        "condition": known.condition,
        "condition_en": known.condition_en,
        "amount": None if known.deadline is None else str(known.deadline.amount),
        "clock": None if known.deadline is None else known.deadline.clock.value,
        "warning": terms.get("warning", USUAL_WARNING),
        "supervision": terms.get("supervision", USUAL_SUPERVISION),
        "rework": terms.get("rework", USUAL_REWORK),
        "weather": weather.get(terms.get("weather", "")),
        "city": known.city or OWN_CITY,
        "example": yes_no["yes" if known.example else "no"],
        "valid_from": known.period.valid_from,
        "valid_until": known.period.valid_to,
        "source": known.source.origin,
    }
    return {key: value for key, value in cells.items() if value is not None}
