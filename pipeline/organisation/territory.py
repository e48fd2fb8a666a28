"""Who is responsible for a place, and what is permitted there: outlines in memory, found fast."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic, TypeVar

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from zoubian.datasets.classes.models import Period
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.domain.local_time import local_day
from zoubian.pipeline.organisation.history import common_days
from zoubian.pipeline.organisation.plane import Plane
from zoubian.pipeline.organisation.records import (
    Assist,
    Permit,
    Shape,
    Street,
    Unit,
    in_force,
)

Owner = TypeVar("Owner")
Thing = TypeVar("Thing", Unit, Street, Permit)

# A circle needs some width to have shares; no position is better than this.
SMALLEST_RADIUS_M = 0.1
# Less of the circle than this is a rounding error of the outlines, not a touch.
NEGLIGIBLE_SHARE = 1e-4


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Who is responsible for a position, as far as its error circle lets one say.

    Attributes:
        unit_ids: proposed units, the one with most of the circle first; none outside of all.
        shares: of the circle's area, 0..1, one for each of `unit_ids`.
        assisting_unit_ids: units that assist, none of them proposed.
        street: Chinese name of the city-run street that the position lies on.
        clear: one unit only, and the position itself lies on its ground.
        nearest_unit_id: where none is proposed, the unit whose ground is nearest.
        nearest_m: how far that is, in metres.
    """

    unit_ids: tuple[str, ...]
    shares: tuple[float, ...]
    assisting_unit_ids: tuple[str, ...]
    street: str | None
    clear: bool
    nearest_unit_id: str | None
    nearest_m: float | None


@dataclass(frozen=True, slots=True)
class Piece(Generic[Owner]):
    """Ground, on a plane in metres, that belongs to somebody or something for some days."""

    owner: Owner
    ground: BaseGeometry
    period: Period


class Layer(Generic[Owner]):
    """Pieces of ground, found by nearness."""

    def __init__(self, pieces: Iterable[Piece[Owner]]) -> None:
        self.pieces = tuple(pieces)
        grounds = np.array([piece.ground for piece in self.pieces], dtype=object)
        shapely.prepare(grounds)
        self._tree = STRtree(grounds)

    def within(self, point: Point, distance_m: float) -> list[Piece[Owner]]:
        """Pieces, of whatever day, that come as near to the point as the distance."""
        found = self._tree.query(point, predicate="dwithin", distance=distance_m)
        return [self.pieces[i] for i in sorted(found.tolist())]


class Territory:
    """The ground of one loaded version of the organisation; built once, never changed.

    Attributes:
        areas: where each unit is responsible.
        bands: city-run streets in their full width; there they come before the areas.
        permits: where permits and zones hold categories back.
    """

    def __init__(
        self,
        *,
        units: Mapping[str, Sequence[Unit]],
        streets: Mapping[str, Sequence[Street]],
        permits: Mapping[str, Sequence[Permit]],
        assists: Sequence[Assist],
        shapes: Mapping[str, Sequence[Shape]],
    ) -> None:
        """Args: things by code, and `shapes` by kind of record ("unit_shape", ...)."""
        self.assists = tuple(assists)
        self.plane = Plane.around([shape.geometry for many in shapes.values() for shape in many])
        self.areas = Layer(
            Piece(unit, self.plane.shape(outline), days)
            for unit, outline, days in _drawn(units, shapes.get("unit_shape", ()))
        )
        self.bands = Layer(
            Piece(street, self._band(street, line), on)
            for street, line, days in _drawn(streets, shapes.get("street_shape", ()))
            for unit in units.get(street.unit_id, ())
            if (on := common_days(days, unit.period)) is not None
        )
        self.permits = Layer(
            [
                Piece(replace(permit, period=days), self.plane.shape(outline), days)
                for permit, outline, days in _drawn(permits, shapes.get("permit_shape", ()))
            ]
            + [
                Piece(permit, self._circle(permit), permit.period)
                for permit in (one for many in permits.values() for one in many)
                if permit.circle is not None
            ]
        )

    def _band(self, street: Street, line: BaseGeometry) -> BaseGeometry:
        return self.plane.shape(line).buffer(street.width_m / 2, cap_style="flat")

    def _circle(self, permit: Permit) -> BaseGeometry:
        assert permit.circle is not None
        middle = self.plane.point(permit.circle.lat, permit.circle.lon)
        return middle.buffer(permit.circle.radius_m)


def responsible(
    territory: Territory, position: Position, *, at: datetime, category: str | None = None
) -> Responsibility:
    """Who is responsible for a position at a moment.

    Every unit whose ground the error circle touches is proposed: a person decides between them.

    Args:
        category: of the case, if known; it may bring in more assisting units.
    """
    on = local_day(at)
    point = territory.plane.point(position.lat, position.lon)
    radius_m = max(position.error_m, SMALLEST_RADIUS_M)
    bands = _of_day(territory.bands.within(point, radius_m), on)
    areas = _of_day(territory.areas.within(point, radius_m), on)
    shares = _shares(point.buffer(radius_m, quad_segs=16), bands, areas)
    ranked = sorted(shares, key=lambda unit_id: (-round(shares[unit_id], 6), unit_id))
    under_bands = [band for band in bands if band.ground.intersects(point)]
    inside = bool(under_bands) or any(area.ground.intersects(point) for area in areas)
    nearest = _nearest(territory, point, on) if not ranked else None
    return Responsibility(
        unit_ids=tuple(ranked),
        shares=tuple(shares[unit_id] for unit_id in ranked),
        assisting_unit_ids=_assisting(territory, ranked, bands, on=on, category=category),
        street=under_bands[0].owner.name_zh if under_bands else None,
        clear=len(ranked) == 1 and inside,
        nearest_unit_id=nearest[0] if nearest else None,
        nearest_m=nearest[1] if nearest else None,
    )


def lies_in(territory: Territory, position: Position, *, at: datetime) -> tuple[Unit, ...]:
    """The units in whose area the position itself lies, whoever runs the street there."""
    point = territory.plane.point(position.lat, position.lon)
    areas = _of_day(territory.areas.within(point, 0.0), local_day(at))
    return tuple(area.owner for area in areas)


def holds_back(
    territory: Territory, category: str, position: Position, *, at: datetime
) -> Permit | None:
    """The permit or zone that covers the position and allows the category at that moment."""
    point = territory.plane.point(position.lat, position.lon)
    for piece in territory.permits.within(point, 0.0):
        if category in piece.owner.categories and piece.owner.holds_at(at):
            return piece.owner
    return None


def _drawn(
    things: Mapping[str, Sequence[Thing]], shapes: Sequence[Shape]
) -> Iterator[tuple[Thing, BaseGeometry, Period]]:
    """Each thing with each of its shapes, for the days that both are in force."""
    for shape in shapes:
        for thing in things.get(shape.id, ()):
            days = common_days(thing.period, shape.period)
            if days is not None:
                yield thing, shape.geometry, days


def _of_day(pieces: Iterable[Piece[Owner]], on: date) -> list[Piece[Owner]]:
    return list(in_force(pieces, on))


def _shares(
    circle: BaseGeometry, bands: Sequence[Piece[Street]], areas: Sequence[Piece[Unit]]
) -> dict[str, float]:
    """How much of the circle lies on each unit's ground, streets before areas."""
    by_unit: dict[str, list[BaseGeometry]] = {}
    for band in bands:
        by_unit.setdefault(band.owner.unit_id, []).append(band.ground.intersection(circle))
    rest = circle
    if bands:
        rest = circle.difference(shapely.union_all([band.ground for band in bands]))
    for area in areas:
        part = rest if area.ground.contains(rest) else area.ground.intersection(rest)
        by_unit.setdefault(area.owner.id, []).append(part)
    shares = {
        unit_id: (parts[0] if len(parts) == 1 else shapely.union_all(parts)).area / circle.area
        for unit_id, parts in by_unit.items()
    }
    return {unit_id: share for unit_id, share in shares.items() if share > NEGLIGIBLE_SHARE}


def _nearest(territory: Territory, point: Point, on: date) -> tuple[str, float] | None:
    """The unit with the nearest ground on a day, and its distance in metres."""
    grounds = [(a.owner.id, a.ground, a.period) for a in territory.areas.pieces]
    grounds += [(b.owner.unit_id, b.ground, b.period) for b in territory.bands.pieces]
    away = [
        (float(ground.distance(point)), unit_id)
        for unit_id, ground, period in grounds
        if period.holds(on)
    ]
    if not away:
        return None
    distance_m, unit_id = min(away)
    return unit_id, distance_m


def _assisting(
    territory: Territory,
    unit_ids: Sequence[str],
    bands: Sequence[Piece[Street]],
    *,
    on: date,
    category: str | None,
) -> tuple[str, ...]:
    """Units that assist the proposed ones, in the order of the tables, each once."""
    found = [
        band.owner.assisting_unit_id
        for band in bands
        if band.owner.unit_id in unit_ids and band.owner.assisting_unit_id is not None
    ]
    found += [
        assist.assisting_unit_id
        for assist in in_force(territory.assists, on)
        if (assist.unit_id is None or assist.unit_id in unit_ids)
        and assist.category in (None, category)
    ]
    return tuple(dict.fromkeys(unit for unit in found if unit_ids and unit not in unit_ids))
