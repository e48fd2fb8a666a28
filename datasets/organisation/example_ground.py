"""Invented ground for the example organisation: cells that tile a round city, and streets."""

import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

# The middle of Changchun, WGS-84; the outlines around it are nobody's.
MIDDLE_LAT, MIDDLE_LON = 43.88, 125.32
CITY_RADIUS_M = 13_000.0

_NORTH_M = math.radians(1) * 6_371_008.8
_EAST_M = _NORTH_M * math.cos(math.radians(MIDDLE_LAT))


@dataclass(frozen=True, slots=True)
class Drawing:
    """A shape in metres around the middle, with the properties it gets in the file."""

    properties: Mapping[str, str]
    shape: BaseGeometry


def city_outline(source: random.Random) -> Polygon:
    """A round city with a wavy edge, in metres."""
    phase = [source.uniform(0, 2 * math.pi) for _ in range(3)]
    corners = []
    for step in range(180):
        angle = math.radians(2 * step)
        waves = sum(0.04 * math.sin((k + 2) * angle + phase[k]) for k in range(3))
        radius_m = CITY_RADIUS_M * (1 + waves)
        corners.append((radius_m * math.cos(angle), radius_m * math.sin(angle)))
    return Polygon(corners)


def cells(source: random.Random, outline: Polygon, count: int) -> list[Polygon]:
    """Cells of like size that tile the outline, the innermost first; smaller towards the middle."""
    seeds = []
    for _ in range(count):
        away_m, angle = CITY_RADIUS_M * source.random() ** 0.7, source.uniform(0, 2 * math.pi)
        seeds.append(Point(away_m * math.cos(angle), away_m * math.sin(angle)))
    for _ in range(8):  # pulls neighbours apart until the cells look like districts
        drawn = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=outline.buffer(5_000))
        parts = [cell.intersection(outline) for cell in shapely.get_parts(drawn)]
        seeds = [part.centroid for part in parts]
    assert all(isinstance(part, Polygon) for part in parts)
    return sorted(parts, key=lambda cell: math.hypot(cell.centroid.x, cell.centroid.y))


def avenues(source: random.Random, outline: Polygon, *, north_south: int, east_west: int,
            rings: int) -> list[LineString]:  # fmt: skip
    """Streets through the city, slightly bent, in metres: avenues, roads, rings."""
    found = []
    for count, upright in ((north_south, True), (east_west, False)):
        for number in range(count):
            across = CITY_RADIUS_M * 0.85 * (2 * (number + 0.5) / count - 1)
            bend, phase = source.uniform(80, 260), source.uniform(0, 2 * math.pi)
            line = []
            for along in range(-15_000, 15_001, 500):
                shifted = across + bend * math.sin(along / 4_000 + phase)
                line.append((shifted, along) if upright else (along, shifted))
            found.append(_longest(LineString(line).intersection(outline)))
    for number in range(rings):
        radius_m = CITY_RADIUS_M * (number + 1) / (rings + 0.7)
        found.append(LineString(Point(0, 0).buffer(radius_m, quad_segs=24).exterior.coords))
    return found


def block(source: random.Random, cell: Polygon, *, long_m: float, wide_m: float) -> Polygon:
    """A turned rectangle somewhere inside a cell."""
    middle = cell.representative_point()
    half_long, half_wide = long_m / 2, wide_m / 2
    turn = source.uniform(0, math.pi)
    corners = [
        (middle.x + x * math.cos(turn) - y * math.sin(turn),
         middle.y + x * math.sin(turn) + y * math.cos(turn))
        for x, y in ((-half_long, -half_wide), (half_long, -half_wide),
                     (half_long, half_wide), (-half_long, half_wide))
    ]  # fmt: skip
    return Polygon(corners)


def degrees(shape: BaseGeometry) -> BaseGeometry:
    """A shape in metres as WGS-84 degrees, longitude first, to 6 decimals (0.1 m)."""
    scale, middle = (_EAST_M, _NORTH_M), (MIDDLE_LON, MIDDLE_LAT)
    return shapely.transform(shape, lambda xy: (xy / scale + middle).round(6))


def write_geojson(path: Path, drawings: Sequence[Drawing], *, title: str) -> None:
    """Write the shapes as GeoJSON, one a line."""
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": dict(drawing.properties),
                "geometry": shapely.geometry.mapping(degrees(drawing.shape)),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for drawing in drawings
    ]
    head = json.dumps(title, ensure_ascii=False)
    text = f'{{"type":"FeatureCollection","name":{head},"features":[\n' + ",\n".join(lines)
    path.write_text(text + "\n]}\n", encoding="utf-8")


def _longest(shape: BaseGeometry) -> LineString:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, LineString)]
    return max(parts, key=lambda part: part.length)
