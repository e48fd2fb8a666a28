"""Who is responsible where, on ground small enough to reckon by hand."""

import math
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import pytest
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from zoubian.datasets.classes.models import Period
from zoubian.pipeline.domain.geo import EARTH_RADIUS_M, Position
from zoubian.pipeline.organisation.records import (
    Assist,
    Circle,
    Permit,
    PermitKind,
    Shape,
    Street,
    Unit,
    UnitKind,
)
from zoubian.pipeline.organisation.territory import Territory, holds_back, lies_in, responsible

ALWAYS = Period(None, None)
NOON = datetime(2026, 5, 10, 4, tzinfo=UTC)
LAT, LON = 43.88, 125.32
NORTH_M = math.radians(1) * EARTH_RADIUS_M
EAST_M = NORTH_M * math.cos(math.radians(LAT))


def at(east_m: float, north_m: float, error_m: float = 1.0) -> Position:
    """A position in metres from the middle."""
    return Position(LAT + north_m / NORTH_M, LON + east_m / EAST_M, error_m)


def degrees(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(LON + x / EAST_M, LAT + y / NORTH_M) for x, y in points]


def box(west: float, south: float, east: float, north: float) -> Polygon:
    return Polygon(degrees([(west, south), (east, south), (east, north), (west, north)]))


def unit(code: str, period: Period = ALWAYS) -> Unit:
    return Unit(code, f"{code}街道", code, UnitKind.SUBDISTRICT, None, None, period)


def territory(
    areas: dict[str, BaseGeometry],
    *,
    streets: Sequence[tuple[Street, LineString]] = (),
    permits: Sequence[tuple[Permit, BaseGeometry | None]] = (),
    assists: Sequence[Assist] = (),
    units: Sequence[Unit] = (),
) -> Territory:
    owners = {street.unit_id for street, _ in streets}
    made = {u.id: (u,) for u in units}
    made |= {code: (unit(code),) for code in {*areas, *owners} - set(made)}
    return Territory(
        units=made,
        streets={street.id: (street,) for street, _ in streets},
        permits={permit.id: (permit,) for permit, _ in permits},
        assists=assists,
        shapes={
            "unit_shape": [Shape(code, area, ALWAYS) for code, area in areas.items()],
            "street_shape": [Shape(street.id, line, ALWAYS) for street, line in streets],
            "permit_shape": [
                Shape(permit.id, area, ALWAYS) for permit, area in permits if area is not None
            ],
        },
    )


WEST, EAST = box(-1000, -1000, 0, 1000), box(0, -1000, 1000, 1000)
TWO = {"W": WEST, "E": EAST}


@pytest.mark.parametrize(
    ("position", "unit_ids", "clear"),
    [
        (at(-100, 0), ("W",), True),
        (at(100, 0), ("E",), True),
        (at(-100, 0, 99), ("W",), True),
        (at(-100, 0, 101), ("W", "E"), False),
        (at(20, 0, 50), ("E", "W"), False),
        (at(-1001, 0, 30), ("W",), False),  # touches it from outside
        (at(-1001, 0, 0.5), (), False),
        (at(0, 0, 0), ("E", "W"), False),
    ],
)
def test_units_that_the_error_circle_touches_are_proposed(
    position: Position, unit_ids: tuple[str, ...], clear: bool
) -> None:
    found = responsible(territory(TWO), position, at=NOON)
    assert (found.unit_ids, found.clear) == (unit_ids, clear)


def test_shares_are_those_of_the_circle() -> None:
    found = responsible(territory(TWO), at(-25, 0, 50), at=NOON)
    # A circle cut at half its radius: 1/3 - sqrt(3)/(4 pi) lie beyond the cut.
    beyond = 1 / 3 - math.sqrt(3) / (4 * math.pi)
    assert found.unit_ids == ("W", "E")
    assert found.shares == pytest.approx((1 - beyond, beyond), abs=0.005)


def test_outside_of_all_the_nearest_is_named() -> None:
    found = responsible(territory(TWO), at(1300, 0), at=NOON)
    assert (found.unit_ids, found.shares, found.clear) == ((), (), False)
    assert found.nearest_unit_id == "E"
    assert found.nearest_m == pytest.approx(300, abs=2)


def test_empty_territory_knows_nobody() -> None:
    found = responsible(territory({}), at(0, 0), at=NOON)
    assert (found.unit_ids, found.nearest_unit_id, found.nearest_m) == ((), None, None)


def street(unit_id: str = "CITY", **changes: object) -> Street:
    values: dict[str, object] = {
        "id": "L1",
        "name_zh": "人民大街",
        "name_en": "Renmin",
        "unit_id": unit_id,
        "width_m": 60.0,
        "assisting_unit_id": None,
        "period": ALWAYS,
    }
    return Street(**{**values, **changes})  # type: ignore[arg-type]


LINE = LineString(degrees([(-500, -1000), (-500, 1000)]))


@pytest.mark.parametrize(
    ("position", "unit_ids", "name", "clear"),
    [
        (at(-500, 0), ("CITY",), "人民大街", True),
        (at(-471, 0), ("CITY",), "人民大街", True),
        (at(-469, 0, 0.5), ("W",), None, True),
        (at(-465, 0, 20), ("W", "CITY"), None, False),
        (at(-475, 0, 20), ("CITY", "W"), "人民大街", False),
        (at(-500, 1010, 3), (), None, False),  # the street ends where its line ends
    ],
)
def test_street_wins_over_the_area_within_its_width(
    position: Position, unit_ids: tuple[str, ...], name: str | None, clear: bool
) -> None:
    found = responsible(territory(TWO, streets=[(street(), LINE)]), position, at=NOON)
    assert (found.unit_ids, found.street, found.clear) == (unit_ids, name, clear)


def test_street_of_the_area_s_own_unit_is_clear() -> None:
    found = responsible(territory(TWO, streets=[(street("W"), LINE)]), at(-470, 0, 20), at=NOON)
    assert (found.unit_ids, found.clear) == (("W",), True)
    assert found.shares == pytest.approx((1.0,))


def test_place_lies_in_its_area_whoever_runs_the_street() -> None:
    ground = territory(TWO, streets=[(street(), LINE)])
    assert [u.id for u in lies_in(ground, at(-500, 0), at=NOON)] == ["W"]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (Period(None, date(2026, 5, 9)), ()),
        (Period(None, date(2026, 5, 10)), ("W",)),
        (Period(date(2026, 5, 11), None), ()),
    ],
)
def test_unit_counts_only_while_it_is_in_force(period: Period, expected: tuple[str, ...]) -> None:
    ground = territory(TWO, units=[unit("W", period)])
    assert responsible(ground, at(-100, 0), at=NOON).unit_ids == expected


def test_street_of_a_unit_that_has_ended_falls_to_the_area() -> None:
    ended = unit("CITY", Period(None, date(2026, 5, 1)))
    ground = territory(TWO, streets=[(street(), LINE)], units=[ended])
    assert responsible(ground, at(-500, 0), at=NOON).unit_ids == ("W",)


ASSISTS = (
    Assist("W", None, "A1", ALWAYS),
    Assist("W", "bin_overflow", "A2", ALWAYS),
    Assist(None, "bin_overflow", "A3", ALWAYS),
    Assist(None, "bin_overflow", "W", ALWAYS),  # never itself
    Assist("E", None, "A4", ALWAYS),
    Assist("W", None, "A5", Period(None, date(2026, 5, 9))),
    Assist(None, "bin_overflow", "A1", ALWAYS),  # named once
)


@pytest.mark.parametrize(
    ("position", "category", "expected"),
    [
        (at(-100, 0), None, ("A1",)),
        (at(-100, 0), "bin_overflow", ("A1", "A2", "A3")),
        (at(-100, 0), "mobile_vendor", ("A1",)),
        (at(-1, 0, 10), None, ("A1", "A4")),
        (at(2000, 0), "bin_overflow", ()),
    ],
)
def test_assisting_units_follow_unit_category_and_day(
    position: Position, category: str | None, expected: tuple[str, ...]
) -> None:
    ground = territory(TWO, assists=ASSISTS)
    found = responsible(ground, position, at=NOON, category=category)
    assert found.assisting_unit_ids == expected


def test_street_brings_its_assisting_unit() -> None:
    ground = territory(TWO, streets=[(street(assisting_unit_id="A9"), LINE)])
    assert responsible(ground, at(-500, 0), at=NOON).assisting_unit_ids == ("A9",)
    assert responsible(ground, at(-300, 0), at=NOON).assisting_unit_ids == ()


def permit(code: str, circle: Circle | None = None, hours: tuple[time, time] | None = None,
           period: Period = ALWAYS) -> Permit:  # fmt: skip
    held = frozenset({"mobile_vendor", "market_spillover"})
    return Permit(code, f"{code}市场", code, PermitKind.TRADE, held, hours, circle, period)


CIRCLE = Circle(at(500, 500).lat, at(500, 500).lon, 80.0)
MARKETS = (
    (permit("BOX"), box(100, 100, 200, 200)),
    (permit("ROUND", CIRCLE), None),
    (permit("EARLY", hours=(time(4), time(7, 30))), box(300, 300, 400, 400)),
    (permit("PAST", period=Period(None, date(2026, 5, 9))), box(600, 600, 700, 700)),
)


@pytest.mark.parametrize(
    ("position", "category", "when", "expected"),
    [
        (at(150, 150), "mobile_vendor", NOON, "BOX"),
        (at(150, 150, 500), "mobile_vendor", NOON, "BOX"),
        (at(99, 150, 30), "mobile_vendor", NOON, None),
        (at(150, 150), "bin_overflow", NOON, None),
        (at(500, 579), "market_spillover", NOON, "ROUND"),
        (at(500, 582), "market_spillover", NOON, None),
        (at(350, 350), "mobile_vendor", NOON, None),
        (at(350, 350), "mobile_vendor", datetime(2026, 5, 9, 22, tzinfo=UTC), "EARLY"),
        (at(650, 650), "mobile_vendor", NOON, None),
        (at(650, 650), "mobile_vendor", datetime(2026, 5, 9, 4, tzinfo=UTC), "PAST"),
    ],
)
def test_permit_holds_back_its_categories_inside_it_while_it_is_in_force(
    position: Position, category: str, when: datetime, expected: str | None
) -> None:
    found = holds_back(territory(TWO, permits=MARKETS), category, position, at=when)
    assert (found.id if found else None) == expected


def test_agrees_with_counting_points_of_the_circle() -> None:
    source = random.Random(3)
    grid = 6
    areas = {
        f"{i}{j}": box(i * 300, j * 300, i * 300 + 300, j * 300 + 300)
        for i in range(grid)
        for j in range(grid)
    }
    diagonal = LineString(degrees([(0, 0), (1800, 1800)]))
    ground = territory(areas, streets=[(street(width_m=80.0), diagonal)])
    for _ in range(60):
        x, y = source.uniform(0, 1800), source.uniform(0, 1800)
        radius_m = source.choice([5.0, 20.0, 60.0, 250.0])
        counts: dict[str, int] = {}
        total = 0
        for i in range(-60, 61):
            for j in range(-60, 61):
                if i * i + j * j <= 3600:
                    px, py = x + radius_m * i / 60, y + radius_m * j / 60
                    total += 1
                    # Flat ends: along the diagonal between its corners, across within 40 m.
                    along, across = (px + py) / math.sqrt(2), abs(px - py) / math.sqrt(2)
                    if across <= 40 and 0 <= along <= 1800 * math.sqrt(2):
                        owner = "CITY"
                    elif 0 <= px < 1800 and 0 <= py < 1800:
                        owner = f"{int(px // 300)}{int(py // 300)}"
                    else:
                        continue
                    counts[owner] = counts.get(owner, 0) + 1
        found = responsible(ground, at(x, y, radius_m), at=NOON)
        shares = dict(zip(found.unit_ids, found.shares, strict=True))
        assert list(found.shares) == sorted(found.shares, reverse=True)
        for owner in {*counts, *shares}:
            expected = counts.get(owner, 0) / total
            assert shares.get(owner, 0.0) == pytest.approx(expected, abs=0.03), (x, y, radius_m)
