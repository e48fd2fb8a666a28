"""Builders of workbooks, shapes and small organisations."""

import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from organisations import Cells, DatabaseOffice, MakeShapes, MakeWorkbook, Office
from sqlalchemy import Engine

from zoubian.datasets.organisation.example import SEED, SHAPES, WORKBOOK, write_example
from zoubian.datasets.organisation.sheets import SHEETS


@pytest.fixture
def make_workbook(tmp_path: Path) -> MakeWorkbook:
    """Writes a workbook from rows by sheet key; cells by column key, others by their title."""

    def make(name: str = "组织.xlsx", **rows: Sequence[Cells]) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for sheet in SHEETS:
            if sheet.key in rows:
                page = book.create_sheet(sheet.title)
                page.append([column.title for column in sheet.columns])
                for row in rows[sheet.key]:
                    page.append([row.get(column.key) for column in sheet.columns])
        path = tmp_path / name
        book.save(path)
        return path

    return make


@pytest.fixture
def make_shapes(tmp_path: Path) -> MakeShapes:
    """Writes features as GeoJSON."""

    def make(*features: object, name: str = "图形.geojson", **members: object) -> Path:
        path = tmp_path / name
        document = {"type": "FeatureCollection", "features": list(features), **members}
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return path

    return make


@pytest.fixture
def office() -> Office:
    """An office that knows nothing yet; in memory."""
    return Office()


@pytest.fixture
def database_office(engine: Engine) -> DatabaseOffice:
    """An office that knows nothing yet, on SQLite and on PostgreSQL."""
    return DatabaseOffice(engine)


@pytest.fixture(scope="session")
def example_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The example organisation, made anew."""
    folder = tmp_path_factory.mktemp("example")
    write_example(folder, seed=SEED)
    return folder / WORKBOOK, folder / SHAPES
