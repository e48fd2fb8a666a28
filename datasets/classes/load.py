"""Loading the tables of one campaign from a folder and checking them against each other."""

import re
from collections.abc import Callable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Protocol, TypeVar

from zoubian.datasets.classes.models import (
    Aggregate,
    Basis,
    Campaign,
    Category,
    ClassTables,
    Clock,
    CodeKind,
    CodeMatch,
    Deadline,
    FilingCondition,
    Group,
    NationalCode,
    Period,
    PhotoEvidence,
    Source,
    Standing,
    Suggestion,
    VisualClass,
)
from zoubian.datasets.classes.table import Row, TableError, index_rows, read_rows

COLUMNS = {
    "campaign.csv": (
        "id,name_zh,name_en,valid_from,valid_to,working_groups,subdistricts,townships,"
        "street_patrols_per_month_min,source"
    ),
    "sources.csv": "id,standing,origin,note_zh,note_en",
    "groups.csv": "id,parent,name_zh,name_en",
    "categories.csv": (
        "number,group,id,name_zh,meaning_en,photo_evidence,missing_fact_zh,missing_fact_en"
    ),
    "visual_classes.csv": (
        "id,name_zh,name_en,problem,spot_group,rank,aggregate,basis,note_zh,note_en"
    ),
    "suggestions.csv": "visual_class,rank,category,decided_by_zh,decided_by_en",
    "filing_conditions.csv": (
        "category,condition,condition_zh,condition_en,amount,clock,city,example,"
        "valid_from,valid_to,source"
    ),
    "national_codes.csv": (
        "category,standard,code,name_zh,kind,match,when_zh,when_en,valid_from,valid_to,source"
    ),
}

# A spreadsheet turns 01-10 into a date and 06010 into 6010: such a file must not load.
CODE_FORM = re.compile(r"\d{2}-\d{2}|\d{5}")


class _Dated(Protocol):
    @property
    def category(self) -> str: ...
    @property
    def period(self) -> Period: ...


Dated = TypeVar("Dated", bound=_Dated)


def load_tables(folder: Path | Traversable) -> ClassTables:
    """Load all tables of one campaign.

    Raises:
        TableError: a file or row is wrong; the message names it in Chinese and English.
    """
    rows = {file: read_rows(folder, file, head.split(",")) for file, head in COLUMNS.items()}
    sources = index_rows(rows["sources.csv"], _source)
    groups = _groups(rows["groups.csv"])
    categories = index_rows(rows["categories.csv"], lambda row: _category(row, groups))
    _refuse_twice(rows["categories.csv"], "number")
    visual_classes = index_rows(rows["visual_classes.csv"], _visual_class)
    _refuse_twice(rows["visual_classes.csv"], "spot_group", "rank")
    suggestions = _suggestions(rows["suggestions.csv"], visual_classes, categories)
    _check_explained(rows["visual_classes.csv"], visual_classes, suggestions)
    return ClassTables(
        campaign=_campaign(rows["campaign.csv"], sources),
        categories=categories,
        visual_classes=visual_classes,
        suggestions=suggestions,
        filing_conditions=_by_category(
            rows["filing_conditions.csv"],
            categories,
            lambda row: _filing_condition(row, sources),
            same=lambda one: (one.condition, one.city),
        ),
        national_codes=_by_category(
            rows["national_codes.csv"],
            categories,
            lambda row: _national_code(row, sources),
            same=lambda one: (one.standard, one.code, one.when_en),
        ),
    )


def _source(row: Row) -> Source:
    return Source(
        id=row.text("id"),
        standing=row.choice("standing", Standing),
        origin=row.text("origin"),
        note_zh=row.text("note_zh"),
        note_en=row.text("note_en"),
    )


def _campaign(rows: list[Row], sources: Mapping[str, Source]) -> Campaign:
    if len(rows) != 1:
        raise rows[1].fault(zh="只能有一个行动", en="only one campaign may stand here")
    row = rows[0]
    _period(row)
    return Campaign(
        id=row.text("id"),
        name_zh=row.text("name_zh"),
        name_en=row.text("name_en"),
        valid_from=row.day("valid_from"),
        valid_to=row.day("valid_to"),
        working_groups=row.integer("working_groups"),
        subdistricts=row.integer("subdistricts"),
        townships=row.integer("townships"),
        street_patrols_per_month_min=row.integer("street_patrols_per_month_min"),
        source=row.known("source", sources),
    )


def _groups(rows: list[Row]) -> dict[str, Group]:
    tops = index_rows((row for row in rows if not row.optional("parent")), lambda r: _group(r, {}))
    return index_rows(rows, lambda row: _group(row, tops))


def _group(row: Row, tops: Mapping[str, Group]) -> Group:
    return Group(
        id=row.text("id"),
        parent=row.known("parent", tops) if row.optional("parent") else None,
        name_zh=row.text("name_zh"),
        name_en=row.text("name_en"),
    )


def _category(row: Row, groups: Mapping[str, Group]) -> Category:
    evidence = row.choice("photo_evidence", PhotoEvidence)
    missing_zh, missing_en = row.both_languages("missing_fact")
    if missing_zh is None and evidence is not PhotoEvidence.YES:
        raise row.fault(
            zh=f"photo_evidence 为 {evidence}，须写明 missing_fact",
            en=f"photo_evidence {evidence} needs a missing_fact",
        )
    return Category(
        number=row.integer("number"),
        group=row.known("group", groups),
        id=row.text("id"),
        name_zh=row.text("name_zh"),
        meaning_en=row.text("meaning_en"),
        photo_evidence=evidence,
        missing_fact_zh=missing_zh,
        missing_fact_en=missing_en,
    )


def _visual_class(row: Row) -> VisualClass:
    note_zh, note_en = row.both_languages("note")
    return VisualClass(
        id=row.text("id"),
        name_zh=row.text("name_zh"),
        name_en=row.text("name_en"),
        problem=row.yes_no("problem"),
        spot_group=row.text("spot_group"),
        rank=row.integer("rank"),
        aggregate=row.choice("aggregate", Aggregate),
        basis=row.choice("basis", Basis),
        note_zh=note_zh,
        note_en=note_en,
    )


def _suggestions(
    rows: list[Row],
    visual_classes: Mapping[str, VisualClass],
    categories: Mapping[str, Category],
) -> dict[str, tuple[Suggestion, ...]]:
    by_class: dict[str, list[Suggestion]] = {key: [] for key in visual_classes}
    for row in rows:
        ranked = by_class[row.known("visual_class", visual_classes).id]
        suggestion = Suggestion(
            category=row.known("category", categories),
            rank=row.integer("rank"),
            decided_by_zh=row.text("decided_by_zh"),
            decided_by_en=row.text("decided_by_en"),
        )
        if suggestion.rank != len(ranked) + 1:
            raise row.fault(
                zh=f"rank 应依次为 {len(ranked) + 1}", en=f"rank must go on with {len(ranked) + 1}"
            )
        ranked.append(suggestion)
    _refuse_twice(rows, "visual_class", "category")
    return {key: tuple(ranked) for key, ranked in by_class.items()}


def _check_explained(
    rows: list[Row],
    visual_classes: Mapping[str, VisualClass],
    suggestions: Mapping[str, tuple[Suggestion, ...]],
) -> None:
    for row in rows:
        seen = visual_classes[row.text("id")]
        suggested = bool(suggestions[seen.id])
        if suggested and not seen.problem:
            raise row.fault(
                zh="不是问题的类不能建议类别", en="a class that is no problem suggests no category"
            )
        if suggested == (seen.note_zh is not None):
            raise row.fault(
                zh="须有建议类别，否则由 note 说明原因（二者取一）",
                en="either a category is suggested or a note says why none is",
            )


def _filing_condition(row: Row, sources: Mapping[str, Source]) -> FilingCondition:
    deadline = None
    if row.optional("amount") or row.optional("clock"):
        deadline = Deadline(amount=row.integer("amount"), clock=row.choice("clock", Clock))
    return FilingCondition(
        category=row.text("category"),
        condition=row.text("condition"),
        condition_zh=row.text("condition_zh"),
        condition_en=row.text("condition_en"),
        deadline=deadline,
        city=row.text("city"),
        example=row.yes_no("example"),
        period=_period(row),
        source=row.known("source", sources),
    )


def _national_code(row: Row, sources: Mapping[str, Source]) -> NationalCode:
    match = row.choice("match", CodeMatch)
    code = row.optional("code")
    if code is not None and not CODE_FORM.fullmatch(code):
        raise row.fault(
            zh=f"code 应为 01-10 或 06010 的样式，实为“{code}”（表格软件常会改写）",
            en=f"code must look like 01-10 or 06010, got {code!r} (did a spreadsheet?)",
        )
    if match in (CodeMatch.EXACT, CodeMatch.NEAREST) and code is None:
        raise row.fault(zh=f"match 为 {match}，须有 code", en=f"match {match} needs a code")
    if match is CodeMatch.NONE and (code or row.optional("name_zh") or row.optional("kind")):
        raise row.fault(
            zh="match 为 none 时 code、name_zh、kind 须为空",
            en="match none allows no code, name_zh or kind",
        )
    when_zh, when_en = row.both_languages("when")
    return NationalCode(
        category=row.text("category"),
        standard=row.text("standard"),
        code=code,
        name_zh=row.optional("name_zh"),
        kind=None if match is CodeMatch.NONE else row.choice("kind", CodeKind),
        match=match,
        when_zh=when_zh,
        when_en=when_en,
        period=_period(row),
        source=row.known("source", sources),
    )


def _period(row: Row) -> Period:
    period = Period(
        valid_from=row.day("valid_from") if row.optional("valid_from") else None,
        valid_to=row.day("valid_to") if row.optional("valid_to") else None,
    )
    if period.valid_from and period.valid_to and period.valid_from > period.valid_to:
        raise row.fault(zh="valid_to 早于 valid_from", en="valid_to lies before valid_from")
    return period


def _by_category(
    rows: list[Row],
    categories: Mapping[str, Category],
    build: Callable[[Row], Dated],
    *,
    same: Callable[[Dated], object],
) -> dict[str, tuple[Dated, ...]]:
    """Group rows by category; rows that are the `same` must not be in force on the same day."""
    by_category: dict[str, list[Dated]] = {key: [] for key in categories}
    for row in rows:
        row.known("category", categories)
        value = build(row)
        others = by_category[value.category]
        if any(same(value) == same(o) and value.period.overlaps(o.period) for o in others):
            raise row.fault(
                zh="与前面的行有效期重叠", en="is in force on the same days as an earlier row"
            )
        others.append(value)
    for key, values in by_category.items():
        if not values:
            raise TableError(
                rows[0].file, None, zh=f"缺少类别“{key}”", en=f"says nothing of category {key!r}"
            )
    return {key: tuple(values) for key, values in by_category.items()}


def _refuse_twice(rows: list[Row], *columns: str) -> None:
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        key = tuple(row.text(column) for column in columns)
        if key in seen:
            raise row.fault(
                zh=f"{'、'.join(columns)} 重复：{' '.join(key)}",
                en=f"{', '.join(columns)} stand twice: {' '.join(key)}",
            )
        seen.add(key)
