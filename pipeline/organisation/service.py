"""Loading an organisation from files: read, checked, compared with what is known, written."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from zoubian.datasets.classes.models import Category
from zoubian.datasets.organisation.sheets import SHEETS
from zoubian.pipeline.domain.geo import Crs
from zoubian.pipeline.organisation.checks import check_rows
from zoubian.pipeline.organisation.excel import MEGABYTE, ReadLimits, read_workbook
from zoubian.pipeline.organisation.geojson import Drawn, read_geojson
from zoubian.pipeline.organisation.history import (
    Change,
    Effect,
    Key,
    Statement,
    dated_rows,
    left_out,
    plan,
)
from zoubian.pipeline.organisation.messages import Finding, Place, finding
from zoubian.pipeline.organisation.models import OrgLoad, OrgRecord
from zoubian.pipeline.organisation.records import SHAPE_KINDS, Row
from zoubian.pipeline.organisation.stated import KIND_TITLES, Stated, state_rows, state_shapes
from zoubian.pipeline.organisation.stored import read_statements
from zoubian.pipeline.organisation.survey import listed, survey

# A city of this size needs 60 KB of workbook and 200 KB of shapes.
LIMITS = ReadLimits(file_bytes=32 * MEGABYTE, unpacked_bytes=64 * MEGABYTE, rows=20_000)


@dataclass(frozen=True, slots=True)
class Files:
    """What stands in the files that are loaded together.

    Attributes:
        whole: every sheet could be read; else nobody can tell what refers to nothing.
        sha256s: by name of the file.
    """

    whole: bool
    rows: tuple[Stated, ...]
    shapes: tuple[Drawn, ...]
    sha256s: Mapping[str, str]
    problems: tuple[Finding, ...]
    notes: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading would do, one change a thing; nothing is done while there are problems."""

    as_of: date
    changes: tuple[Change, ...]
    problems: tuple[Finding, ...]
    notes: tuple[Finding, ...]

    def of_effect(self, kind: str, effect: Effect) -> list[Change]:
        """The things of a kind that fare so."""
        return [c for c in self.changes if c.statement.kind == kind and c.effect is effect]


def read_files(
    paths: Sequence[Path], *, crs: Crs, categories: Mapping[str, Category], limits: ReadLimits
) -> Files:
    """Read workbooks and GeoJSON files; what is wrong comes back with sheet and row.

    Args:
        crs: datum of the shapes.
        categories: of the campaign, by id; the workbook names them in Chinese.
    """
    rows: list[Stated] = []
    shapes: list[Drawn] = []
    sha256s: dict[str, str] = {}
    problems: list[Finding] = []
    notes: list[Finding] = []
    whole = True
    for path in paths:
        suffix = path.suffix.lower()
        if suffix == ".xlsx":
            workbook = read_workbook(path, limits=limits, sheets=SHEETS)
            stated, wrong = state_rows(workbook.rows, categories=categories)
            rows += stated
            whole &= not workbook.problems
            problems += (*workbook.problems, *wrong)
            notes += workbook.notes
        elif suffix in (".geojson", ".json"):
            drawn = read_geojson(path, crs=crs, limits=limits)
            shapes += drawn.shapes
            problems += drawn.problems
        else:
            problems.append(finding(Place(path.name), "unknown_type"))
            continue
        sha256s[path.name] = _sha256(path)
    return Files(whole, tuple(rows), tuple(shapes), sha256s, tuple(problems), tuple(notes))


def plan_load(
    stored: Mapping[Key, Sequence[Statement]], files: Files, *, as_of: date, complete: bool
) -> LoadReport:
    """Check the files against what is known, and say what loading them would change.

    Args:
        stored: what was stated before (`stored.read_statements`).
        as_of: local day from which changes count; a day to come is not allowed: rows have dates.
        complete: the files name all there is: what they leave out of their sheets ends.
    """
    things = _things(files.rows, stored)
    shapes, unplaced = state_shapes(files.shapes, things=things, all_known=files.whole)
    stated = (*files.rows, *shapes)
    by_key: dict[Key, list[Row]] = {}
    for one in stated:
        by_key.setdefault((one.kind, one.identity), []).append(one.row)
    changes = plan(stored, by_key, as_of=as_of, complete=complete)
    after: dict[Key, Sequence[Statement]] = {**stored}
    for change in changes:
        if change.effect is not Effect.UNCHANGED:
            key = (change.statement.kind, change.statement.identity)
            after[key] = (*stored.get(key, ()), change.statement)
    known = {key: dated_rows(statements) for key, statements in after.items()}
    problems = (*files.problems, *unplaced, *check_rows(stated, known if files.whole else None))
    notes = list(files.notes)
    if not problems:
        notes += survey(known, as_of=as_of)
        if not complete:
            notes += _left_out(left_out(stored, by_key, as_of=as_of))
    return LoadReport(as_of, tuple(changes), problems, tuple(notes))


def load_files(
    session: Session, files: Files, *, as_of: date, complete: bool, loaded_at: datetime
) -> tuple[LoadReport, int | None]:
    """Load the files unless anything is wrong; the new version is None where nothing was written.

    Loads wait for each other, so that each is compared with what the one before it stated.
    """
    if session.get_bind().dialect.name == "postgresql":  # in SQLite there is one writer anyway
        session.execute(text("LOCK TABLE org_load IN EXCLUSIVE MODE"))
    report = plan_load(read_statements(session), files, as_of=as_of, complete=complete)
    changed = [c.statement for c in report.changes if c.effect is not Effect.UNCHANGED]
    if report.problems or not changed:
        return report, None
    named = [{"name": name, "sha256": sha256} for name, sha256 in files.sha256s.items()]
    load = OrgLoad(loaded_at=loaded_at, as_of=as_of, files=named)
    session.add(load)
    session.flush()
    session.add_all(
        OrgRecord(
            load_id=load.id,
            kind=statement.kind,
            identity=statement.identity,
            since=statement.since,
            rows=[dict(row) for row in statement.rows],
        )
        for statement in changed
    )
    session.flush()
    return report, load.id


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""  # said already: the file could not be read


def _things(
    rows: Iterable[Stated], stored: Mapping[Key, Sequence[Statement]]
) -> dict[str, set[str]]:
    """Codes of all that may have a shape, by kind."""
    things: dict[str, set[str]] = {of: set() for of in SHAPE_KINDS.values()}
    for kind, identity in (*((row.kind, row.identity) for row in rows), *stored):
        if kind in things:
            things[kind].add(identity)
    return things


def _left_out(keys: Iterable[Key]) -> list[Finding]:
    by_kind: dict[str, list[str]] = {}
    for kind, identity in keys:
        by_kind.setdefault(kind, []).append(identity)
    return [
        finding(
            Place("", KIND_TITLES[kind]),
            "not_in_file",
            title=KIND_TITLES[kind],
            count=len(found),
            ids=listed(found),
        )
        for kind, found in by_kind.items()
    ]
