"""What an organisation consists of, as dated values."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from shapely import from_wkt
from shapely.geometry.base import BaseGeometry

from zoubian.datasets.classes.models import Period
from zoubian.pipeline.domain.actors import Role
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.domain.local_time import local_clock

# Kinds of records that are shapes, and what each draws.
SHAPE_KINDS = {"unit_shape": "unit", "street_shape": "street", "permit_shape": "permit"}

Row = Mapping[str, Json]


class UnitKind(StrEnum):
    """What a unit is."""

    SUBDISTRICT = "subdistrict"
    TOWNSHIP = "township"
    OFFICE = "office"
    CITY_UNIT = "city_unit"


class PermitKind(StrEnum):
    """What a permit allows; a zone is marked out by the bureau itself."""

    TRADE = "trade"
    WORKS = "works"
    ZONE = "zone"


class Dated(Protocol):
    """Something that holds for a period of local days."""

    @property
    def period(self) -> Period: ...


@dataclass(frozen=True, slots=True)
class Campaign:
    """One inspection campaign; next year's is another row."""

    id: str
    name_zh: str
    name_en: str
    patrols_per_month: int
    period: Period


@dataclass(frozen=True, slots=True)
class Unit:
    """A subdistrict, township, office of the bureau, or unit of the city."""

    id: str
    name_zh: str
    name_en: str
    kind: UnitKind
    district: str | None
    phone: str | None
    period: Period


@dataclass(frozen=True, slots=True)
class Group:
    """A joint working group; `lead_unit_id` is the office that leads it."""

    id: str
    name_zh: str
    name_en: str
    lead_unit_id: str | None
    period: Period


@dataclass(frozen=True, slots=True)
class Cover:
    """A group looks after a unit (包保)."""

    group_id: str
    unit_id: str
    period: Period


@dataclass(frozen=True, slots=True)
class Post:
    """A person in one role; somebody with several roles has several posts."""

    user_id: str
    name: str
    role: Role
    unit_id: str | None
    group_id: str | None
    period: Period


@dataclass(frozen=True, slots=True)
class Assist:
    """A unit assists with the cases of a unit (any if None) and category (any if None)."""

    unit_id: str | None
    category: str | None
    assisting_unit_id: str
    period: Period


@dataclass(frozen=True, slots=True)
class Street:
    """A street run by the city; its centre line is a shape, `width_m` its full width."""

    id: str
    name_zh: str
    name_en: str
    unit_id: str
    width_m: float
    assisting_unit_id: str | None
    period: Period


@dataclass(frozen=True, slots=True)
class Circle:
    """A place given by its middle, WGS-84 degrees, and radius."""

    lat: float
    lon: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Permit:
    """A licensed market, permitted works or a zone, and the categories that it holds back.

    `hours` are local times of day, the end not included and possibly after midnight; None is all
    day. `circle` is where it lies when no shape is given.
    """

    id: str
    name_zh: str
    name_en: str
    kind: PermitKind
    categories: frozenset[str]
    hours: tuple[time, time] | None
    circle: Circle | None
    period: Period

    def holds_at(self, at: datetime) -> bool:
        """Tell whether it is in force at a moment: its day and its hours."""
        local = local_clock(at)
        if self.hours is None:
            return self.period.holds(local.date())
        start, end = self.hours
        if start < end:
            return self.period.holds(local.date()) and start <= local.time() < end
        if local.time() >= start:
            return self.period.holds(local.date())
        return local.time() < end and self.period.holds(local.date() - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Shape:
    """The outline of a unit or permit, or the centre line of a street, in WGS-84 degrees."""

    id: str
    geometry: BaseGeometry
    period: Period


Value = TypeVar("Value", bound=Dated)


def in_force(values: Iterable[Value], on: date) -> Iterator[Value]:
    """Those of the values that hold on a day."""
    return (value for value in values if value.period.holds(on))


def row_period(row: Row) -> Period:
    """The days that a stored row states."""
    start, end = _optional(row, "valid_from"), _optional(row, "valid_until")
    return Period(
        date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None
    )


def parse_hours(text: str) -> tuple[time, time]:
    """Start and end of "04:00-07:30".

    Raises:
        ValueError: it is no such text.
    """
    start, end = (time.fromisoformat(part) for part in text.split("-"))
    return start, end


def _text(row: Row, key: str) -> str:
    return str(row[key])


def _optional(row: Row, key: str) -> str | None:
    value = row.get(key)
    return None if value is None else str(value)


def _number(row: Row, key: str) -> float:
    value = row[key]
    assert isinstance(value, int | float)
    return value


def _names(row: Row) -> tuple[str, str]:
    name = _text(row, "name")
    return name, _optional(row, "name_en") or name


def campaign_of(row: Row, period: Period) -> Campaign:
    """A stored row as a campaign."""
    return Campaign(_text(row, "id"), *_names(row), int(_number(row, "patrols_per_month")), period)


def unit_of(row: Row, period: Period) -> Unit:
    """A stored row as a unit."""
    kind = UnitKind(_text(row, "kind"))
    district, phone = _optional(row, "district"), _optional(row, "phone")
    return Unit(_text(row, "id"), *_names(row), kind, district, phone, period)


def group_of(row: Row, period: Period) -> Group:
    """A stored row as a working group."""
    return Group(_text(row, "id"), *_names(row), _optional(row, "lead_unit"), period)


def cover_of(row: Row, period: Period) -> Cover:
    """A stored row as what a group covers."""
    return Cover(_text(row, "group"), _text(row, "unit"), period)


def post_of(row: Row, period: Period) -> Post:
    """A stored row as a post."""
    role = Role(_text(row, "role"))
    unit, group = _optional(row, "unit"), _optional(row, "group")
    return Post(_text(row, "id"), _text(row, "name"), role, unit, group, period)


def assist_of(row: Row, period: Period) -> Assist:
    """A stored row as an assisting unit."""
    unit, category = _optional(row, "unit"), _optional(row, "category")
    return Assist(unit, category, _text(row, "assisting_unit"), period)


def street_of(row: Row, period: Period) -> Street:
    """A stored row as a street."""
    assisting, width_m = _optional(row, "assisting_unit"), _number(row, "width_m")
    return Street(_text(row, "id"), *_names(row), _text(row, "unit"), width_m, assisting, period)


def permit_of(row: Row, period: Period) -> Permit:
    """A stored row as a permit."""
    held, hours = row["categories"], _optional(row, "hours")
    assert isinstance(held, list)
    circle = None
    if row.get("radius_m") is not None:
        circle = Circle(_number(row, "lat"), _number(row, "lon"), _number(row, "radius_m"))
    return Permit(
        _text(row, "id"),
        *_names(row),
        PermitKind(_text(row, "kind")),
        frozenset(str(category) for category in held),
        parse_hours(hours) if hours else None,
        circle,
        period,
    )


def shape_of(row: Row, period: Period) -> Shape:
    """A stored row as a shape."""
    return Shape(_text(row, "id"), from_wkt(_text(row, "wkt")), period)
