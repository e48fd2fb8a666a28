"""A place in words from a loadable file of roads and places, offline."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import shapely
from shapely import STRtree
from shapely.geometry import LineString, Point

from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.organisation.plane import Plane

Shape = TypeVar("Shape", LineString, Point)

# What the words mean, in metres: beyond these they would send a person to the wrong corner.
AT_CROSSING_M = 15.0
CROSSING_M = 400.0
ON_ROAD_M = 60.0
IN_FRONT_M = 25.0
NEARBY_M = 100.0

_SIDES_ZH = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
_SIDES_EN = (
    "north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NamedShape(Generic[Shape]):
    """A road (line) or a place (point) in WGS-84 degrees, longitude first as in WKT."""

    name_zh: str
    name_en: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """A place as people say it, in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class _Spot:
    """A named point on the plane: a place, or the crossing of two roads."""

    name_zh: str
    name_en: str
    point: Point


class PlaceIndex:
    """Roads, their crossings and places, found by nearness.

    Works in metres on a plane that touches the Earth in the middle of the file: good to a few
    per mille over a city.
    """

    def __init__(
        self, roads: Sequence[NamedShape[LineString]], places: Sequence[NamedShape[Point]]
    ) -> None:
        self.roads = tuple(roads)
        shapes = [*(road.shape for road in roads), *(place.shape for place in places)]
        self._plane = Plane.around(shapes)
        self._lines = [self._plane.shape(road.shape) for road in roads]
        self._line_tree = STRtree(self._lines)
        self._spots = [_Spot(p.name_zh, p.name_en, self._plane.shape(p.shape)) for p in places]
        self._spot_tree = STRtree([spot.point for spot in self._spots])
        self._crossings = self._find_crossings()

    def words(self, position: Position) -> PlaceWords:
        """Name the nearest crossing, road and place; coordinates where nothing named is near.

        "人民大街与解放大路交会处东侧约50米，第一小学门前": the side is that of the crossing.
        """
        point = self._plane.point(position.lat, position.lon)
        road = self._road_at(point)
        crossing = self._crossing_near(road, point) if road else None
        parts: list[PlaceWords] = []
        if crossing:
            parts.append(_beside(crossing, point, at_m=AT_CROSSING_M))
        elif road:
            parts.append(PlaceWords(f"{road.name_zh}沿线", f"along {road.name_en}"))
        place = self._place_words(point, with_side=road is None)
        if place:
            parts.append(place)
        elif not crossing:
            parts.append(coordinates(position))
        return PlaceWords("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))

    def knows(self, position: Position) -> bool:
        """Whether anything named is near enough for `words` to do without coordinates alone."""
        point = self._plane.point(position.lat, position.lon)
        near_road = self._road_at(point) is not None
        return near_road or _nearest(self._spot_tree, point, NEARBY_M) is not None

    def far_words(self, position: Position, *, within_m: float) -> PlaceWords | None:
        """The nearest road or place, however far up to a distance, with side and distance."""
        point = self._plane.point(position.lat, position.lon)
        spots = []
        if (line := _nearest(self._line_tree, point, within_m)) is not None:
            road, foot = self.roads[line], shapely.shortest_line(self._lines[line], point)
            spots.append(_Spot(road.name_zh, road.name_en, Point(foot.coords[0])))
        if (place := _nearest(self._spot_tree, point, within_m)) is not None:
            spots.append(self._spots[place])
        if not spots:
            return None
        nearest = min(spots, key=lambda spot: spot.point.distance(point))
        return _beside(nearest, point, at_m=IN_FRONT_M)

    def _find_crossings(self) -> dict[str, list[_Spot]]:
        """Crossings by the Chinese name of each of their roads."""
        found: dict[str, list[_Spot]] = {}
        pairs = [
            (a, int(b))
            for a, line in enumerate(self._lines)
            for b in sorted(self._line_tree.query(line, "intersects"))
            if a < b
        ]
        for a, b in pairs:
            one, other = self.roads[a], self.roads[b]
            if one.name_zh != other.name_zh:
                for part in shapely.get_parts(self._lines[a].intersection(self._lines[b])):
                    point = part.representative_point()
                    for here, there in ((one, other), (other, one)):
                        found.setdefault(here.name_zh, []).append(
                            _Spot(
                                f"{here.name_zh}与{there.name_zh}交会处",
                                f"{here.name_en} at {there.name_en}",
                                point,
                            )
                        )
        return found

    def _road_at(self, point: Point) -> NamedShape[LineString] | None:
        nearest = _nearest(self._line_tree, point, ON_ROAD_M)
        return None if nearest is None else self.roads[nearest]

    def _crossing_near(self, road: NamedShape[LineString], point: Point) -> _Spot | None:
        near = [
            (away_m, spot)
            for spot in self._crossings.get(road.name_zh, [])
            if (away_m := spot.point.distance(point)) <= CROSSING_M
        ]
        return min(near, key=lambda item: item[0])[1] if near else None

    def _place_words(self, point: Point, *, with_side: bool) -> PlaceWords | None:
        nearest = _nearest(self._spot_tree, point, NEARBY_M)
        if nearest is None:
            return None
        place = self._spots[nearest]
        if place.point.distance(point) <= IN_FRONT_M:
            return PlaceWords(f"{place.name_zh}门前", f"in front of {place.name_en}")
        if with_side:
            return _beside(place, point, at_m=IN_FRONT_M)
        return PlaceWords(f"{place.name_zh}附近", f"near {place.name_en}")


def coordinates(position: Position) -> PlaceWords:
    """A place by its coordinates, to about a metre.

    >>> coordinates(Position(43.88, 125.320001, 5.0)).zh
    '北纬43.88000，东经125.32000'
    """
    lat, lon = f"{abs(position.lat):.5f}", f"{abs(position.lon):.5f}"
    north, east = position.lat >= 0, position.lon >= 0
    return PlaceWords(
        f"{'北纬' if north else '南纬'}{lat}，{'东经' if east else '西经'}{lon}",
        f"{lat}° {'N' if north else 'S'}, {lon}° {'E' if east else 'W'}",
    )


def _nearest(tree: STRtree, point: Point, within_m: float) -> int | None:
    found = tree.query_nearest(point, max_distance=within_m)
    return int(min(found)) if len(found) else None


def _beside(spot: _Spot, point: Point, *, at_m: float) -> PlaceWords:
    """The spot itself when nearer than `at_m`, else its side and a rounded distance."""
    away_m = spot.point.distance(point)
    if away_m < at_m:
        return PlaceWords(spot.name_zh, spot.name_en)
    bearing = math.degrees(math.atan2(point.x - spot.point.x, point.y - spot.point.y))
    side = round(bearing / 45.0) % 8
    step = 10 if away_m < 100.0 else 50
    about = round(away_m / step) * step
    return PlaceWords(
        f"{spot.name_zh}{_SIDES_ZH[side]}侧约{about}米",
        f"{spot.name_en}, about {about} m {_SIDES_EN[side]}",
    )
