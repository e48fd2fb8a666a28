"""A load in words for programs and people: what changes, thing by thing, column by column."""

from collections.abc import Sequence
from typing import Literal

from zoubian.datasets.organisation.sheets import SHEETS
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.organisation.history import Change, Effect
from zoubian.pipeline.organisation.messages import Finding
from zoubian.pipeline.organisation.records import Row
from zoubian.pipeline.organisation.service import LoadReport
from zoubian.pipeline.organisation.stated import KIND_TITLES

Language = Literal["zh", "en"]

_SHEETS = {sheet.key: sheet for sheet in SHEETS}


def load_document(
    report: LoadReport, *, dry_run: bool, version: int | None, language: Language
) -> dict[str, Json]:
    """The result of `zoubian org load --json`.

    Args:
        version: that the load made; None where nothing was written.
    """
    kinds = dict.fromkeys(change.statement.kind for change in report.changes)
    return {
        "loaded": not report.problems and not dry_run,
        "dry_run": dry_run,
        "version": version,
        "as_of": report.as_of.isoformat(),
        "counts": {
            kind: {effect.value: len(report.of_effect(kind, effect)) for effect in Effect}
            for kind in kinds
        },
        "changes": [
            {
                "kind": change.statement.kind,
                "id": change.statement.identity,
                "effect": change.effect.value,
                "fields": [
                    {"column": column, "before": before, "after": after}
                    for column, before, after in changed_fields(change)
                ],
            }
            for change in report.changes
            if change.effect is not Effect.UNCHANGED
        ],
        "problems": [_finding(found, language) for found in report.problems],
        "notes": [_finding(found, language) for found in report.notes],
    }


def changed_fields(change: Change) -> list[tuple[str, str, str]]:
    """Title, old and new text of each cell that a change touches; "" for an empty cell.

    Of something with several dated rows the cells of all its rows are shown.
    """
    if change.effect not in (Effect.CHANGED, Effect.ENDED):
        return []
    found = []
    for key, title in _titles(change.statement.kind).items():
        before, after = (_shown(rows, key) for rows in (change.before, change.statement.rows))
        if before != after:
            found.append((title, before, after))
    return found


def _titles(kind: str) -> dict[str, str]:
    """Titles of the columns of a kind, by key."""
    if kind in _SHEETS:
        return {column.key: column.title for column in _SHEETS[kind].columns}
    return {"valid_from": "启用日期", "valid_until": "停用日期", "wkt": KIND_TITLES[kind]}


def _shown(rows: Sequence[Row], key: str) -> str:
    return "；".join(_cell(row.get(key), key) for row in rows)


def _cell(value: Json, key: str) -> str:
    if value is None:
        return ""
    if key == "wkt":
        return f"{str(value).count(',') + 1} 点"
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    return str(value)


def _finding(found: Finding, language: Language) -> dict[str, Json]:
    return {
        "file": found.place.file or None,
        "sheet": found.place.sheet,
        "row": found.place.row,
        "code": found.code,
        "message": found.message_zh if language == "zh" else found.message_en,
    }
