"""Reads shapes from GeoJSON: whose they are, since when, and what is wrong with them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zoubian.pipeline.domain.geo import Crs, wgs84_from_gcj02
from zoubian.pipeline.organisation.cells import CHINA_LAT_LON, read_code, read_date
from zoubian.pipeline.organisation.excel import ReadLimits, too_large
from zoubian.pipeline.organisation.messages import Finding, Place, finding
from zoubian.pipeline.organisation.wording import squeezed

# Names of a property, as offices and mapping programs write them, small letters.
_CODE = ("编号", "id", "code", "单位编号", "街路编号", "许可编号")
_KIND = ("类型", "kind")
_FROM = ("启用日期", "valid_from")
_UNTIL = ("停用日期", "valid_until")
_KINDS = {"单位": "unit", "街路": "street", "许可": "permit", "许可与区域": "permit"}
# CGCS2000, China's own datum, is WGS-84 to a few centimetres.
_DEGREES = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")
_DECIMALS = 7  # of a degree: about a centimetre


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sound shape of the file; `of` is None where the file does not say what it belongs to."""

    place: Place
    of: str | None
    id: str
    valid_from: str | None
    valid_until: str | None
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class ShapeReading:
    """The sound shapes, and what is wrong with the others."""

    shapes: tuple[Drawn, ...]
    problems: tuple[Finding, ...]


def read_geojson(path: Path, *, crs: Crs, limits: ReadLimits) -> ShapeReading:
    """Read a FeatureCollection, in longitude and latitude of `crs`; shapes come back in WGS-84."""
    place = Place(path.name)
    refused = too_large(path, place, limits.file_bytes)
    if refused is not None:
        return ShapeReading((), (refused,))
    try:
        features = _features(path, place)
    except _Bad as bad:
        return ShapeReading((), (bad.finding,))
    shapes = []
    problems = []
    for number, feature in enumerate(features, start=1):
        try:
            shapes.append(_shape(feature, Place(path.name, None, number), crs))
        except _Bad as bad:
            problems.append(bad.finding)
    return ShapeReading(tuple(shapes), tuple(problems))


class _Bad(Exception):
    """A file or feature that cannot be used."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.code)
        self.finding = found


def _features(path: Path, place: Place) -> Sequence[object]:
    try:
        document = json.loads(_decoded(path.read_bytes()))
    except (ValueError, RecursionError) as error:
        raise _Bad(finding(place, "not_geojson", reason=str(error)[:120])) from None
    kind = document.get("type") if isinstance(document, dict) else None
    if kind not in ("FeatureCollection", "Feature"):
        raise _Bad(finding(place, "not_geojson", reason='"type" is no FeatureCollection'))
    crs = document.get("crs")
    if crs is not None and not str(_crs_name(crs)).upper().endswith(_DEGREES):
        raise _Bad(finding(place, "foreign_crs", crs=_crs_name(crs)))
    features = [document] if kind == "Feature" else document.get("features")
    if not isinstance(features, list) or not features:
        raise _Bad(finding(place, "no_features"))
    return features


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")  # a UnicodeDecodeError is a ValueError too


def _crs_name(crs: Any) -> object:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    return properties.get("name") if isinstance(properties, dict) else crs


def _shape(feature: Any, place: Place, crs: Crs) -> Drawn:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
        raise _Bad(finding(place, "bad_coordinates"))
    properties = {
        squeezed(str(name)).lower(): value
        for name, value in (feature.get("properties") or {}).items()
    }
    try:
        code = read_code(_first(properties, _CODE))
    except ValueError:
        raise _Bad(finding(place, "no_code")) from None
    kind = _first(properties, _KIND)
    valid_from, valid_until = _day(properties, _FROM, place), _day(properties, _UNTIL, place)
    if valid_from and valid_until and valid_until < valid_from:
        raise _Bad(finding(place, "dates_reversed", start=_FROM[0], until=_UNTIL[0]))
    return Drawn(
        place,
        _KINDS.get(squeezed(str(kind)), str(kind) if kind in _KINDS.values() else None),
        code,
        valid_from,
        valid_until,
        _geometry(feature.get("geometry"), place, crs),
    )


def _first(properties: Mapping[str, object], names: Sequence[str]) -> object:
    """The first of these properties that says anything, else an empty text."""
    stated = (properties.get(name) for name in names)
    return next((v for v in stated if v is not None and squeezed(str(v))), "")


def _day(properties: Mapping[str, object], names: Sequence[str], place: Place) -> str | None:
    value = _first(properties, names)
    if value == "":
        return None
    try:
        return read_date(value).isoformat()
    except (ValueError, OverflowError):
        raise _Bad(finding(place, "bad_date", column=names[0], value=str(value))) from None


def _geometry(stated: object, place: Place, crs: Crs) -> BaseGeometry:
    if stated is None:
        raise _Bad(finding(place, "empty_shape"))
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(stated)))
    except (shapely.errors.ShapelyError, ValueError):
        raise _Bad(finding(place, "bad_coordinates")) from None
    if shape.is_empty:
        raise _Bad(finding(place, "empty_shape"))
    wrong = _misplaced(shape, place)
    if wrong is not None:
        raise _Bad(wrong)
    if crs == "gcj02":
        shape = shapely.transform(shape, _wgs84)
    # Read back as it is stored, so that what is compared and checked is what will be used.
    shape = shapely.from_wkt(wkt_of(shape))
    if not shape.is_valid:
        raise _Bad(_crossing(shape, place))
    return shape


def _wgs84(lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Corners (N, 2), longitude first, from GCJ-02."""
    return np.array([wgs84_from_gcj02(lat, lon)[::-1] for lon, lat in lon_lat.tolist()])


def wkt_of(shape: BaseGeometry) -> str:
    """A shape as it is stored."""
    return shapely.to_wkt(shape, rounding_precision=_DECIMALS)


def _misplaced(shape: BaseGeometry, place: Place) -> Finding | None:
    """Why the shape cannot lie in China, judged by its corner that is farthest off."""
    (south, north), (west, east) = CHINA_LAT_LON
    outside = [
        (x, y)
        for x, y in shapely.get_coordinates(shape).tolist()
        if not (west <= x <= east and south <= y <= north)
    ]
    if not outside:
        return None
    x, y = max(outside, key=lambda corner: abs(corner[0]) + abs(corner[1]))
    if abs(x) > 180 or abs(y) > 90:
        swapped = abs(x) <= 90 and abs(y) <= 180
        if not swapped:
            return finding(place, "not_degrees", x=x, y=y)
    if west <= y <= east and south <= x <= north:
        return finding(place, "swapped", x=x, y=y)
    return finding(place, "outside_china", x=x, y=y)


def _crossing(shape: BaseGeometry, place: Place) -> Finding:
    reason = shapely.is_valid_reason(shape)  # such as "Self-intersection[125.3 43.8]"
    words, _, where = reason.partition("[")
    lon, lat = map(float, where.rstrip("]").split() or shapely.get_coordinates(shape)[0])
    return finding(place, "self_crossing", lat=lat, lon=lon, reason=words)
