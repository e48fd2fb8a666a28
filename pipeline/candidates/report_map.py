"""Geometry of the report's map: what lies where on a plane of SVG units; the template draws it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from zoubian.pipeline.candidates.result import ResultCandidate, ResultFrame, ResultStretch
from zoubian.pipeline.domain.boxes import Box, touching
from zoubian.pipeline.domain.geo import Position, distance_m, offset_m
from zoubian.pipeline.organisation.places import NamedShape

# In SVG units; the page scales the drawing to its width.
WIDTH = 1200.0
HEIGHT_MIN, HEIGHT_MAX = 300.0, 620.0
MARGIN = 44.0
PILL_WIDTH, PILL_HEIGHT = 40.0, 24.0
GLYPH_EM = 15.0  # size of road names

MIN_EXTENT_M = 240.0  # a single photo still shows its street
PATH_GAP_M = 300.0  # photos farther apart are not joined by a line: nobody knows the way between


@dataclass(frozen=True, slots=True)
class MapRoad:
    """A road within the frame: an SVG path and where its name stands, None without room for it."""

    path: str
    name_zh: str
    name_en: str
    label: tuple[float, float, float] | None  # x, y, degrees


@dataclass(frozen=True, slots=True)
class MapMarker:
    """A candidate: its point, the radius that holds the object, and where its number stands."""

    number: str
    short: str
    proven: bool
    x: float
    y: float
    radius: float
    pill_x: float
    pill_y: float


@dataclass(frozen=True, slots=True)
class MapView:
    """All that the map shows; `photos` are x, y, assessable.

    `stretches` of footage are an SVG path each, with whether they could be judged.
    """

    width: float
    height: float
    roads: tuple[MapRoad, ...]
    way: str
    stretches: tuple[tuple[str, bool], ...]
    photos: tuple[tuple[float, float, bool], ...]
    markers: tuple[MapMarker, ...]
    bar_m: int
    bar: float
    unplaced: int


@dataclass(frozen=True, slots=True)
class _Plane:
    """From WGS-84 to SVG units: north is up, one scale in both directions."""

    origin: Position
    west_m: float
    north_m: float
    units_per_m: float

    def at(self, place: Position) -> tuple[float, float]:
        east, north = offset_m(self.origin, place)
        scale = self.units_per_m
        return (
            round((east - self.west_m) * scale, 1),
            round((self.north_m - north) * scale, 1),
        )


def lay_out_map(
    frames: Sequence[ResultFrame],
    candidates: Sequence[ResultCandidate],
    roads: Sequence[NamedShape[LineString]],
    stretches: Sequence[ResultStretch] = (),
) -> MapView | None:
    """Lay out photos, the way of footage, candidates and the roads around them.

    None where nothing has a place.
    """
    placed = [(item, item.position) for item in candidates if item.position is not None]
    seen = [
        (frame, frame.position)
        for frame in frames
        if frame.position is not None and frame.offset_s is None
    ]
    circles = [place for _, place in placed] + [place for _, place in seen]
    circles += [place for stretch in stretches for place in stretch.path]
    if not circles:
        return None
    plane, height = _fit(circles)
    by_time = sorted(
        ((frame.taken_at, place) for frame, place in seen if frame.taken_at is not None),
        key=lambda item: item[0],
    )
    bar_m = _round_length(160.0 / plane.units_per_m)
    markers = _markers(placed, plane, height)
    pills = [_pill(marker.pill_x, marker.pill_y) for marker in markers]
    return MapView(
        width=WIDTH,
        height=height,
        roads=_roads(roads, plane, height, pills),
        way=_way([place for _, place in by_time], plane),
        stretches=tuple(
            (_line_path([plane.at(place) for place in stretch.path]), stretch.assessable)
            for stretch in stretches
        ),
        photos=tuple((*plane.at(place), frame.assessable) for frame, place in seen),
        markers=markers,
        bar_m=bar_m,
        bar=round(bar_m * plane.units_per_m, 1),
        unplaced=len(candidates) - len(placed),
    )


def _fit(circles: Sequence[Position]) -> tuple[_Plane, float]:
    origin = circles[0]
    spans = [(*offset_m(origin, place), place.error_m) for place in circles]
    west = min(east - r for east, _, r in spans)
    east = max(east + r for east, _, r in spans)
    south = min(north - r for _, north, r in spans)
    north = max(north + r for _, north, r in spans)
    wide, tall = max(east - west, MIN_EXTENT_M), max(north - south, MIN_EXTENT_M / 4)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT_MAX - 2 * MARGIN) / tall)
    height = min(max(tall * scale + 2 * MARGIN, HEIGHT_MIN), HEIGHT_MAX)
    middle_east, middle_north = (west + east) / 2, (south + north) / 2
    plane = _Plane(
        origin=Position(origin.lat, origin.lon, 0.0),
        west_m=middle_east - WIDTH / 2 / scale,
        north_m=middle_north + height / 2 / scale,
        units_per_m=scale,
    )
    return plane, round(height, 1)


def _way(places: Sequence[Position], plane: _Plane) -> str:
    """The photos in the order they were taken, as an SVG path that breaks at wide gaps."""
    steps: list[str] = []
    for index, place in enumerate(places):
        near = index > 0 and distance_m(places[index - 1], place) <= PATH_GAP_M
        x, y = plane.at(place)
        steps.append(f"{'L' if near else 'M'}{x} {y}")
    return " ".join(steps)


def _roads(
    roads: Sequence[NamedShape[LineString]], plane: _Plane, height: float, pills: Sequence[Box]
) -> tuple[MapRoad, ...]:
    frame = box(0.0, 0.0, WIDTH, height)
    taken = list(pills)
    laid: list[MapRoad] = []
    for road in roads:
        points = [plane.at(Position(lat, lon, 0.0)) for lon, lat, *_ in road.shape.coords]
        parts = _lines(LineString(points).intersection(frame))
        if parts:
            longest = max(parts, key=lambda part: part.length)
            path = " ".join(_path(part) for part in parts)
            label = _name_place(longest, road.name_zh, taken)
            laid.append(MapRoad(path, road.name_zh, road.name_en, label))
    return tuple(laid)


def _lines(shape: BaseGeometry) -> list[LineString]:
    parts = getattr(shape, "geoms", [shape])
    return [part for part in parts if isinstance(part, LineString) and part.length > 0.0]


def _path(line: LineString) -> str:
    return _line_path([(x, y) for x, y in line.coords])


def _line_path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _name_place(line: LineString, name: str, taken: list[Box]) -> tuple[float, float, float] | None:
    """Where along a road its name fits: upright enough to read, over no other name."""
    length = len(name) * GLYPH_EM
    reach = line.length - length - 2 * GLYPH_EM  # room for the middle of the name to move in
    for share in (0.5, 0.35, 0.65, 0.2, 0.8, 0.1, 0.9, 0.0, 1.0) if reach >= 0.0 else ():
        middle = (line.length - reach) / 2 + share * reach
        a, b = line.interpolate(middle - length / 2), line.interpolate(middle + length / 2)
        turn = math.degrees(math.atan2(b.y - a.y, b.x - a.x))
        turn = (turn + 90.0) % 180.0 - 90.0
        ground: Box = (
            min(a.x, b.x) - GLYPH_EM / 2,
            min(a.y, b.y) - GLYPH_EM / 2,
            max(a.x, b.x) + GLYPH_EM / 2,
            max(a.y, b.y) + GLYPH_EM / 2,
        )
        if not any(touching(ground, other) for other in taken):
            taken.append(ground)
            return round((a.x + b.x) / 2, 1), round((a.y + b.y) / 2, 1), round(turn, 1)
    return None


def _markers(
    placed: Sequence[tuple[ResultCandidate, Position]], plane: _Plane, height: float
) -> tuple[MapMarker, ...]:
    """Numbers stand at their points, or a little off where another number stands already."""
    taken: list[Box] = []
    markers: list[MapMarker] = []
    for item, place in placed:
        x, y = plane.at(place)
        pill_x, pill_y = _free_place(x, y, height, taken)
        taken.append(_pill(pill_x, pill_y))
        markers.append(
            MapMarker(
                number=item.number,
                short=item.number.rpartition("-")[2],
                proven=item.proven,
                x=x,
                y=y,
                radius=round(place.error_m * plane.units_per_m, 1),
                pill_x=pill_x,
                pill_y=pill_y,
            )
        )
    return tuple(markers)


def _free_place(x: float, y: float, height: float, taken: Sequence[Box]) -> tuple[float, float]:
    for ring in range(7):
        for step in range(max(1, ring * 8)):
            angle = 2 * math.pi * step / max(1, ring * 8) - math.pi / 2
            at = (
                round(x + ring * PILL_WIDTH * 0.62 * math.cos(angle), 1),
                round(y + ring * PILL_HEIGHT * 0.9 * math.sin(angle), 1),
            )
            pill = _pill(*at)
            inside = pill[0] >= 0 and pill[1] >= 0 and pill[2] <= WIDTH and pill[3] <= height
            if inside and not any(touching(pill, other) for other in taken):
                return at
    return x, y


def _pill(x: float, y: float) -> Box:
    half_width, half_height = PILL_WIDTH / 2 + 1, PILL_HEIGHT / 2 + 1
    return x - half_width, y - half_height, x + half_width, y + half_height


def _round_length(length_m: float) -> int:
    """The largest of 1, 2, 5, 10, 20, 50, ... m that is not longer.

    >>> _round_length(160.0)
    100
    """
    power = 10 ** max(0, math.floor(math.log10(max(length_m, 1.0))))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(length_m, 1.0)))
