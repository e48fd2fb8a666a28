"""Small organisations for tests: their files, and an office that loads them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.organisation.directory import Organisation
from zoubian.pipeline.organisation.history import Effect, Key, Statement
from zoubian.pipeline.organisation.models import OrgLoad, OrgRecord
from zoubian.pipeline.organisation.service import (
    LIMITS,
    Files,
    LoadReport,
    load_files,
    plan_load,
    read_files,
)
from zoubian.pipeline.organisation.stored import LoadedOrganisation, organisation_of

FIRST_DAY = date(2026, 5, 1)

Cells = Mapping[str, object]
MakeWorkbook = Callable[..., Path]
MakeShapes = Callable[..., Path]


def square(west: float, south: float, side: float = 0.01) -> list[list[list[float]]]:
    """Coordinates of a square polygon, degrees."""
    east, north = west + side, south + side
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def feature(
    code: str | None, coordinates: Any, /, *, drawn: str = "Polygon", **properties: object
) -> dict[str, Any]:
    """One feature; without a code its properties have none."""
    named = {"编号": code} if code is not None else {}
    return {
        "type": "Feature",
        "properties": {**named, **properties},
        "geometry": {"type": drawn, "coordinates": coordinates},
    }


def read(paths: Sequence[Path], *, crs: Any = "wgs84") -> Files:
    """The files as the command reads them."""
    return read_files(paths, crs=crs, categories=packaged_tables().categories, limits=LIMITS)


class Office:
    """Loads files as an office does day by day; keeps what was stated in memory."""

    def __init__(self) -> None:
        self.stated: dict[Key, list[Statement]] = {}

    def load(self, *paths: Path, on: date = FIRST_DAY, complete: bool = False) -> LoadReport:
        """Load on a day; kept only when nothing is wrong."""
        report = plan_load(self.stated, read(paths), as_of=on, complete=complete)
        for change in report.changes if not report.problems else ():
            if change.effect is not Effect.UNCHANGED:
                new = change.statement
                self.stated.setdefault((new.kind, new.identity), []).append(new)
        return report

    def organisation(self) -> Organisation:
        """All that is known now."""
        return organisation_of(self.stated, version=len(self.stated))


class DatabaseOffice:
    """The same with a database."""

    def __init__(self, engine: Engine) -> None:
        self.uow = UnitOfWork(engine)
        self.loaded = LoadedOrganisation()
        self.version: int | None = None

    def load(self, *paths: Path, on: date = FIRST_DAY) -> LoadReport:
        """Load as the command does; `version` is what it made."""
        with self.uow() as session:
            report, self.version = load_files(
                session,
                read(paths),
                as_of=on,
                complete=False,
                loaded_at=datetime(2026, 5, 1, tzinfo=UTC),
            )
        return report

    def organisation(self) -> Organisation:
        """All that is known now."""
        with self.uow.reading() as session:
            return self.loaded.current(session)

    def rows(self) -> tuple[int, int]:
        """How many loads and records are stored."""
        with self.uow.reading() as session:
            loads, records = (
                session.scalar(select(func.count()).select_from(table)) or 0
                for table in (OrgLoad, OrgRecord)
            )
        return loads, records


def unit(code: str, **cells: object) -> Cells:
    """A row of a subdistrict."""
    return {"id": code, "name": f"{code}街道", "kind": "街道", **cells}


def summary(report: LoadReport) -> dict[str, str]:
    """What fares how: `unit JD1 -> added`."""
    return {f"{c.statement.kind} {c.statement.identity}": c.effect.value for c in report.changes}


def told(findings: Sequence[Any]) -> list[tuple[str, str]]:
    """Where and what, by code."""
    return [(found.path, found.code) for found in findings]
