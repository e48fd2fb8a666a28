"""Asking the class tables; the packaged campaign answers unless other tables are given."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TypeVar

from zoubian.datasets.classes.load import load_tables
from zoubian.datasets.classes.models import (
    Campaign,
    Category,
    ClassTables,
    FilingCondition,
    NationalCode,
    Suggestion,
    VisualClass,
)

Value = TypeVar("Value")


class UnknownIdError(LookupError):
    """An id that stands in none of the tables; says so in Chinese and English."""

    def __init__(self, what_zh: str, what_en: str, key: str) -> None:
        self.message_zh = f"没有名为“{key}”的{what_zh}"
        self.message_en = f"there is no {what_en} {key!r}"
        super().__init__(self.message_en)


@cache
def packaged_tables() -> ClassTables:
    """Load the tables that ship beside this module, once."""
    return load_tables(files("zoubian.datasets.classes"))


def campaign(*, tables: ClassTables | None = None) -> Campaign:
    """Name, dates and quotas of the campaign."""
    return (tables or packaged_tables()).campaign


def categories(*, tables: ClassTables | None = None) -> tuple[Category, ...]:
    """All categories in the order of the plan."""
    return tuple((tables or packaged_tables()).categories.values())


def category(category_id: str, *, tables: ClassTables | None = None) -> Category:
    """One category.

    Raises:
        UnknownIdError: there is none of that id.

    >>> category("bin_overflow").name_zh
    '垃圾箱满溢'
    """
    return _one((tables or packaged_tables()).categories, category_id, "类别", "category")


def visual_classes(*, tables: ClassTables | None = None) -> tuple[VisualClass, ...]:
    """All visual classes in the order of the table."""
    return tuple((tables or packaged_tables()).visual_classes.values())


def visual_class(class_id: str, *, tables: ClassTables | None = None) -> VisualClass:
    """One visual class.

    Raises:
        UnknownIdError: there is none of that id.
    """
    known = (tables or packaged_tables()).visual_classes
    return _one(known, class_id, "可见目标", "visual class")


def suggested_categories(
    class_id: str, *, tables: ClassTables | None = None
) -> tuple[Suggestion, ...]:
    """Categories a visual class may mean, the likeliest first; empty where its note says why.

    Raises:
        UnknownIdError: there is no such visual class.

    >>> [s.category.id for s in suggested_categories("overflowing_bin")][:2]
    ['bin_overflow', 'household_waste_uncollected']
    """
    ranked = (tables or packaged_tables()).suggestions
    return _one(ranked, class_id, "可见目标", "visual class")


def spot_group(group: str, *, tables: ClassTables | None = None) -> tuple[VisualClass, ...]:
    """Visual classes that form one candidate when they stand together, the naming one first.

    Raises:
        UnknownIdError: there is no such spot group.

    >>> [c.id for c in spot_group("truck")]
    ['muck_truck_uncovered', 'muck_truck_covered']
    """
    members = [c for c in visual_classes(tables=tables) if c.spot_group == group]
    if not members:
        raise UnknownIdError("点位组", "spot group", group)
    return tuple(sorted(members, key=lambda member: member.rank))


def filing_conditions(
    category_id: str, *, on: date, tables: ClassTables | None = None
) -> tuple[FilingCondition, ...]:
    """Filing conditions of a category in force on a day; look at `example` before using one.

    Raises:
        UnknownIdError: there is no such category.
    """
    known = (tables or packaged_tables()).filing_conditions
    rows = _one(known, category_id, "类别", "category")
    return tuple(row for row in rows if row.period.holds(on))


def national_codes(
    category_id: str, *, on: date, tables: ClassTables | None = None
) -> tuple[NationalCode, ...]:
    """National codes of a category in force on a day.

    Raises:
        UnknownIdError: there is no such category.

    >>> [c.code for c in national_codes("residential_yard_unclean", on=date(2026, 7, 1))]
    ['06010']
    """
    known = (tables or packaged_tables()).national_codes
    rows = _one(known, category_id, "类别", "category")
    return tuple(row for row in rows if row.period.holds(on))


def _one(known: Mapping[str, Value], key: str, what_zh: str, what_en: str) -> Value:
    if key not in known:
        raise UnknownIdError(what_zh, what_en, key)
    return known[key]
