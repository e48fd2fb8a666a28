"""Positions on the ground: WGS-84 in degrees, distances in metres, pure functions."""

import math
from dataclasses import dataclass
from typing import Literal

EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius R1

# Krasovsky 1940, the ellipsoid of the GCJ-02 obfuscation.
_KRASOVSKY_A_M = 6_378_245.0
_KRASOVSKY_EE = 0.006_693_421_622_965_943

Crs = Literal["wgs84", "gcj02"]  # the datum of a position, as its source states it


@dataclass(frozen=True, slots=True)
class Position:
    """A place in WGS-84 degrees with the radius, in metres, that it is trusted to."""

    lat: float
    lon: float
    error_m: float

    def __post_init__(self) -> None:
        if not (-90.0 <= self.lat <= 90.0 and -180.0 <= self.lon <= 180.0):
            raise ValueError(f"latitude {self.lat}, longitude {self.lon} is no place on Earth")
        if not self.error_m >= 0.0:
            raise ValueError(f"error_m must not be negative, got {self.error_m}")


def distance_m(a: Position, b: Position) -> float:
    """Great-circle distance (haversine).

    >>> here, north = Position(43.0, 125.0, 0.0), Position(43.001, 125.0, 0.0)
    >>> round(distance_m(here, north), 1)
    111.2
    """
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(b.lon - a.lon) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(h))


def offset_m(origin: Position, point: Position) -> tuple[float, float]:
    """East and north of `point` from `origin` in metres, good to millimetres within a few km.

    >>> east, north = offset_m(Position(43.0, 125.0, 0.0), Position(43.0, 125.001, 0.0))
    >>> round(east, 1), round(north, 1)
    (81.3, 0.0)
    """
    east = math.radians(point.lon - origin.lon) * math.cos(math.radians(origin.lat))
    north = math.radians(point.lat - origin.lat)
    return east * EARTH_RADIUS_M, north * EARTH_RADIUS_M


def moved(origin: Position, east_m: float, north_m: float, *, error_m: float) -> Position:
    """The place so far east and north of `origin`: the inverse of `offset_m`.

    >>> there = moved(Position(43.0, 125.0, 5.0), 81.3, 0.0, error_m=2.0)
    >>> round(there.lat, 4), round(there.lon, 4), there.error_m
    (43.0, 125.001, 2.0)
    """
    lat = origin.lat + math.degrees(north_m / EARTH_RADIUS_M)
    lon = origin.lon + math.degrees(east_m / (EARTH_RADIUS_M * math.cos(math.radians(origin.lat))))
    return Position(lat, lon, error_m)


def bearing_deg(a: Position, b: Position) -> float:
    """Direction from `a` to `b`, degrees clockwise from north, 0 <= bearing < 360.

    >>> round(bearing_deg(Position(43.0, 125.0, 0.0), Position(43.0, 125.001, 0.0)))
    90
    """
    east, north = offset_m(a, b)
    return math.degrees(math.atan2(east, north)) % 360.0


def wgs84_from_gcj02(lat: float, lon: float) -> tuple[float, float]:
    """Undo the GCJ-02 shift, by fixed-point iteration, to better than a centimetre.

    Places outside the region where GCJ-02 applies come back unchanged.

    >>> lat, lon = wgs84_from_gcj02(*gcj02_from_wgs84(43.88, 125.32))
    >>> round(lat, 7), round(lon, 7)
    (43.88, 125.32)
    """
    guess_lat, guess_lon = lat, lon
    for _ in range(10):
        shifted_lat, shifted_lon = gcj02_from_wgs84(guess_lat, guess_lon)
        guess_lat += lat - shifted_lat
        guess_lon += lon - shifted_lon
    return guess_lat, guess_lon


def gcj02_from_wgs84(lat: float, lon: float) -> tuple[float, float]:
    """Apply the GCJ-02 shift that Chinese maps use.

    The formula is the published approximation of the official obfuscation; it shifts Changchun by
    about 600 m.
    """
    if not (0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347):
        return lat, lon
    x, y = lon - 105.0, lat - 35.0
    waves = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    north = (
        -100
        + 2 * x
        + 3 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * math.sqrt(abs(x))
        + waves
        + (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
        + (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    )
    east = (
        300
        + x
        + 2 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * math.sqrt(abs(x))
        + waves
        + (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
        + (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    )
    phi = math.radians(lat)
    w = 1 - _KRASOVSKY_EE * math.sin(phi) ** 2
    meridian_m = _KRASOVSKY_A_M * (1 - _KRASOVSKY_EE) / (w * math.sqrt(w))
    parallel_m = _KRASOVSKY_A_M / math.sqrt(w) * math.cos(phi)
    return lat + math.degrees(north / meridian_m), lon + math.degrees(east / parallel_m)
