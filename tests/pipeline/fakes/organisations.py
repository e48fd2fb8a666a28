"""Small organisations for tests: their files, and an office that loads them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.organisation.directory import Organisation
from zoubian.pipeline.organisation.service import (
    LIMITS,
    LoadReport,
    plan_load,
    read_files,
    write_load,
)
from zoubian.pipeline.organisation.stored import read_organisation

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


class Office:
    """An office with a database: loads files and asks what is known."""

    def __init__(self, engine: Engine) -> None:
        self.uow = UnitOfWork(engine)

    def load(
        self, *paths: Path, on: date = FIRST_DAY, complete: bool = False, crs: Any = "wgs84"
    ) -> LoadReport:
        """Load as the command does: written only when nothing is wrong."""
        files = read_files(paths, crs=crs, categories=packaged_tables().categories, limits=LIMITS)
        with self.uow() as session:
            report = plan_load(session, files, as_of=on, complete=complete)
            if not report.problems:
                write_load(session, report, loaded_at=datetime(2026, 5, 1, tzinfo=UTC))
        return report

    def organisation(self) -> Organisation:
        """All that is known now."""
        with self.uow.reading() as session:
            return read_organisation(session)


def unit(code: str, **cells: object) -> Cells:
    """A row of a subdistrict."""
    return {"id": code, "name": f"{code}街道", "kind": "街道", **cells}


def summary(report: LoadReport) -> dict[str, str]:
    """What fares how: `unit JD1 -> added`."""
    return {f"{c.statement.kind} {c.statement.identity}": c.effect.value for c in report.changes}


def told(findings: Sequence[Any]) -> list[tuple[str, str]]:
    """Where and what, by code."""
    return [(found.path, found.code) for found in findings]
