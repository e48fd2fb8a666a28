"""Checks the rows of the files against each other and against what is known: errors by row."""

from collections.abc import Iterable, Mapping, Sequence

from zoubian.datasets.classes.models import Period
from zoubian.datasets.organisation.sheets import ROLES, SHEETS
from zoubian.pipeline.domain.actors import Role
from zoubian.pipeline.organisation.history import DatedRow, Key
from zoubian.pipeline.organisation.messages import Finding, Place, finding
from zoubian.pipeline.organisation.records import PermitKind, Row, row_period
from zoubian.pipeline.organisation.stated import TITLES, Stated

_NEEDS_UNIT = {Role.OFFICER}
_NEEDS_GROUP = {Role.INSPECTOR, Role.VERIFIER}
_SHEETS = {sheet.key: sheet for sheet in SHEETS}


def check_rows(
    stated: Sequence[Stated], known: Mapping[Key, Sequence[DatedRow]] | None
) -> list[Finding]:
    """All that is wrong with rows whose cells could be read.

    Args:
        stated: the rows of the files.
        known: what would be known after loading them, by thing; None where a sheet could not be
            read, so that rows which may refer to it are not blamed.
    """
    problems = _twice(stated)
    problems += _names_of_users(stated)
    for one in stated:
        if known is not None:
            problems += _references(one, known)
        if one.kind == "user":
            problems += _post(one)
        elif one.kind == "permit":
            problems += _permit(one)
    return problems


def references(kind: str, row: Row) -> Iterable[tuple[str, Key]]:
    """The columns of a row that name something else, and what they name."""
    sheet = _SHEETS.get(kind)
    for column in sheet.columns if sheet is not None else ():
        value = row.get(column.key)
        if column.refers_to is not None and value is not None:
            yield column.title, (column.refers_to, str(value))


def _twice(stated: Sequence[Stated]) -> list[Finding]:
    """Rows about the same thing whose days overlap; dated apart they are its history."""
    earlier: dict[Key, list[Stated]] = {}
    problems = []
    for one in stated:
        others = earlier.setdefault((one.kind, one.identity), [])
        clash = next((o for o in others if _days(o).overlaps(_days(one))), None)
        if clash is not None:
            other = _other(clash.place, one.place)
            problems.append(finding(one.place, "twice", identity=one.identity, **other))
        others.append(one)
    return problems


def _days(stated: Stated) -> Period:
    return row_period(stated.row)


def _other(place: Place, seen_from: Place) -> dict[str, str]:
    """Another place, as briefly as it can be said here, for both messages."""
    if (place.file, place.sheet) != (seen_from.file, seen_from.sheet):
        return {"other_zh": str(place), "other_en": str(place)}
    if place.sheet is None:
        return {"other_zh": f"第 {place.row} 个图形", "other_en": f"shape {place.row}"}
    return {"other_zh": f"第 {place.row} 行", "other_en": f"row {place.row}"}


def _names_of_users(stated: Sequence[Stated]) -> list[Finding]:
    first: dict[str, Stated] = {}
    problems = []
    for one in stated:
        if one.kind != "user" or "name" not in one.row:
            continue
        user = str(one.row["id"])
        before = first.setdefault(user, one)
        if before.row["name"] != one.row["name"] and _days(before).overlaps(_days(one)):
            other = _other(before.place, one.place)
            problems.append(finding(one.place, "other_name", user=user, **other))
    return problems


def _references(one: Stated, known: Mapping[Key, Sequence[DatedRow]]) -> list[Finding]:
    problems = []
    for column, key in references(one.kind, one.row):
        rows = known.get(key, ())
        if not rows:
            problems.append(
                finding(
                    one.place,
                    "unknown_reference",
                    column=column,
                    value=key[1],
                    sheet=TITLES[key[0]],
                )
            )
        elif not any(row.period.overlaps(_days(one)) for row in rows):
            problems.append(
                finding(one.place, "reference_not_in_force", column=column, value=key[1])
            )
    return problems


def _post(one: Stated) -> list[Finding]:
    role = one.row.get("role")
    title = next((title for title, stored in ROLES.items() if stored == role), "")
    if role in _NEEDS_UNIT and "unit" not in one.row:
        return [finding(one.place, "needs_unit", role=title)]
    if role in _NEEDS_GROUP and "group" not in one.row:
        return [finding(one.place, "needs_group", role=title)]
    return []


def _permit(one: Stated) -> list[Finding]:
    problems = []
    kind, days = one.row.get("kind"), _days(one)
    if kind is not None and kind != PermitKind.ZONE and None in (days.valid_from, days.valid_to):
        problems.append(finding(one.place, "permit_needs_dates"))
    circle = [key in one.row for key in ("lat", "lon", "radius_m")]
    if any(circle) and not all(circle):
        problems.append(finding(one.place, "half_circle"))
    return problems
