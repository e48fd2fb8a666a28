"""Metres on a plane that touches the Earth in the middle of a city."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from zoubian.pipeline.domain.geo import EARTH_RADIUS_M

Shape = TypeVar("Shape", bound=BaseGeometry)

_NORTH_M = math.radians(1) * EARTH_RADIUS_M


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane around a middle, in WGS-84 degrees; good to a few per mille over a city."""

    lat: float
    lon: float

    @staticmethod
    def around(shapes: Sequence[BaseGeometry]) -> "Plane":
        """The plane in the middle of shapes in degrees, longitude first."""
        box = shapely.total_bounds(shapes) if len(shapes) else (0.0, 0.0, 0.0, 0.0)
        return Plane((box[1] + box[3]) / 2, (box[0] + box[2]) / 2)

    def shape(self, shape: Shape) -> Shape:
        """A shape in metres east and north of the middle."""
        origin, scale = (self.lon, self.lat), (self._east_m(), _NORTH_M)
        return shapely.transform(shape, lambda lon_lat: (lon_lat - origin) * scale)

    def point(self, lat: float, lon: float) -> Point:
        """A place in metres east and north of the middle."""
        return Point((lon - self.lon) * self._east_m(), (lat - self.lat) * _NORTH_M)

    def _east_m(self) -> float:
        return _NORTH_M * math.cos(math.radians(self.lat))
