"""The datum of a position: WGS-84 inside, GCJ-02 only where the input says so."""

from zoubian.pipeline.domain.geo import Crs as Crs
from zoubian.pipeline.domain.geo import Position, wgs84_from_gcj02


def crs_from_name(name: str) -> Crs | None:
    """The datum a camera names in words, None when it is not known.

    >>> crs_from_name("WGS-84"), crs_from_name("GCJ_02"), crs_from_name("TOKYO")
    ('wgs84', 'gcj02', None)
    """
    letters = "".join(c for c in name.lower() if c.isalnum())
    if letters.startswith(("wgs84", "worldgeodeticsystem1984")):
        return "wgs84"
    if letters.startswith(("gcj", "mars")) or "火星" in letters:
        return "gcj02"
    return None


def wgs84_position(lat: float, lon: float, *, error_m: float, crs: Crs) -> Position:
    """A position read in `crs`, as WGS-84."""
    if crs == "gcj02":
        lat, lon = wgs84_from_gcj02(lat, lon)
    return Position(lat, lon, error_m)
