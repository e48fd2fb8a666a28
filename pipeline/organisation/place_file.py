"""Loading the file of roads and places; a bad row is a problem, the others are used."""

import csv
from pathlib import Path

import shapely
from shapely.geometry import LineString, Point

from zoubian.pipeline.domain.problems import Problem
from zoubian.pipeline.organisation.places import NamedShape, PlaceIndex

COLUMNS = ("kind", "name_zh", "wkt")  # and, if wanted, name_en


def load_places(path: Path) -> tuple[PlaceIndex, tuple[Problem, ...]]:
    """Read a CSV with the columns kind (road or place), name_zh, wkt and, if wanted, name_en.

    UTF-8, or GB 18030 as Chinese spreadsheets save it.
    `wkt` is a LINESTRING (road) or POINT (place) in WGS-84 degrees, longitude first. Rows that
    cannot be used come back as problems named `file:row`; the others are used.
    """
    rows = _rows_of(path)
    if rows is None:
        why = ("地点文件无法读取", "place file not readable")
        return PlaceIndex((), ()), (Problem(str(path), "places_unreadable", *why),)
    missing = ", ".join(column for column in COLUMNS if rows and column not in rows[0][1])
    if missing:
        why = (f"地点文件缺少列：{missing}", f"place file lacks the columns: {missing}")
        return PlaceIndex((), ()), (Problem(str(path), "places_columns", *why),)
    roads: list[NamedShape[LineString]] = []
    places: list[NamedShape[Point]] = []
    problems: list[Problem] = []
    for line, row in rows:
        kind, name, name_en = (_cell(row, column) for column in ("kind", "name_zh", "name_en"))
        shape = _shape_of(row)
        if not name:
            why = ("没有名称", "no name")
        elif kind == "road" and isinstance(shape, LineString):
            roads.append(NamedShape(name, name_en or name, shape))
            continue
        elif kind == "place" and isinstance(shape, Point):
            places.append(NamedShape(name, name_en or name, shape))
            continue
        else:
            why = (
                "需要 road 配 LINESTRING 或 place 配 POINT，坐标为经度在前的度数",
                "expected road with LINESTRING or place with POINT, degrees, longitude first",
            )
        problems.append(Problem(f"{path}:{line}", "places_row", *why))
    return PlaceIndex(roads, places), tuple(problems)


def _rows_of(path: Path) -> list[tuple[int, dict[str, str | None]]] | None:
    """Rows with the line each ends on; None for a file that cannot be read as CSV."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding, newline="") as file:
                rows = csv.DictReader(file)
                return [(rows.line_num, row) for row in rows]
        except UnicodeDecodeError:
            continue
        except (OSError, csv.Error):
            return None
    return None


def _cell(row: dict[str, str | None], column: str) -> str:
    return (row.get(column) or "").strip()


def _shape_of(row: dict[str, str | None]) -> LineString | Point | None:
    """The row's line or point, None where it has none that lies on Earth."""
    try:
        shape = shapely.from_wkt(_cell(row, "wkt"))
    except shapely.errors.ShapelyError:
        return None
    if not isinstance(shape, LineString | Point) or shape.is_empty:
        return None
    west, south, east, north = shape.bounds
    return shape if west >= -180 and east <= 180 and south >= -90 and north <= 90 else None
