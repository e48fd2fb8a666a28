"""The stored organisation: its statements, and the whole of it in memory."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from zoubian.datasets.classes.models import Period
from zoubian.pipeline.organisation.directory import Organisation
from zoubian.pipeline.organisation.history import Key, Statement, dated_rows
from zoubian.pipeline.organisation.models import OrgLoad, OrgRecord
from zoubian.pipeline.organisation.places import NamedShape, PlaceIndex
from zoubian.pipeline.organisation.records import (
    SHAPE_KINDS,
    Permit,
    Row,
    Shape,
    Street,
    Value,
    assist_of,
    campaign_of,
    cover_of,
    group_of,
    permit_of,
    post_of,
    shape_of,
    street_of,
    unit_of,
)
from zoubian.pipeline.organisation.territory import Territory


class LoadedOrganisation:
    """The organisation in memory, read again only when a load has changed it.

    One for each database that a process works with; threads may share it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read: Organisation | None = None

    def current(self, session: Session) -> Organisation:
        """The organisation as last loaded."""
        version = loaded_version(session)
        with self._lock:
            if self._read is None or self._read.version != version:
                self._read = read_organisation(session)
            return self._read


def loaded_version(session: Session) -> int:
    """The version that the last load made; 0 before the first."""
    return session.scalar(select(func.max(OrgLoad.id))) or 0


def read_statements(session: Session) -> dict[Key, list[Statement]]:
    """All that was ever stated, by thing, oldest first."""
    return _statements(session, loaded_version(session))


def read_organisation(session: Session) -> Organisation:
    """The whole of it, as last loaded."""
    version = loaded_version(session)
    return organisation_of(_statements(session, version), version=version)


def organisation_of(stated: Mapping[Key, Sequence[Statement]], *, version: int) -> Organisation:
    """The organisation that statements, oldest first of each thing, make together."""
    units, streets = _by_code(stated, "unit", unit_of), _by_code(stated, "street", street_of)
    permits = _by_code(stated, "permit", permit_of)
    shapes = {kind: _all(stated, kind, shape_of) for kind in SHAPE_KINDS}
    return Organisation(
        version=version,
        campaigns=_by_code(stated, "campaign", campaign_of),
        units=units,
        groups=_by_code(stated, "group", group_of),
        covers=_all(stated, "cover", cover_of),
        posts=_all(stated, "user", post_of),
        streets=streets,
        permits=permits,
        territory=Territory(
            units=units,
            streets=streets,
            permits=permits,
            assists=_all(stated, "assist", assist_of),
            shapes=shapes,
        ),
        landmarks=_landmarks(streets, permits, shapes),
    )


def _statements(session: Session, version: int) -> dict[Key, list[Statement]]:
    rows = session.execute(
        select(OrgRecord.kind, OrgRecord.identity, OrgLoad.as_of, OrgRecord.since, OrgRecord.rows)
        .join(OrgLoad, OrgLoad.id == OrgRecord.load_id)
        .where(OrgLoad.id <= version)
        .order_by(OrgRecord.load_id, OrgRecord.id)
    )
    found: dict[Key, list[Statement]] = {}
    for kind, identity, as_of, since, stated in rows:
        statement = Statement(kind, identity, as_of, since, tuple(stated))
        found.setdefault((kind, identity), []).append(statement)
    return found


def _by_code(
    stated: Mapping[Key, Sequence[Statement]], kind: str, make: Callable[[Row, Period], Value]
) -> dict[str, tuple[Value, ...]]:
    return {
        identity: tuple(make(row.row, row.period) for row in dated_rows(statements))
        for (of, identity), statements in stated.items()
        if of == kind
    }


def _all(
    stated: Mapping[Key, Sequence[Statement]], kind: str, make: Callable[[Row, Period], Value]
) -> tuple[Value, ...]:
    return tuple(one for many in _by_code(stated, kind, make).values() for one in many)


def _landmarks(
    streets: Mapping[str, Sequence[Street]],
    permits: Mapping[str, Sequence[Permit]],
    shapes: Mapping[str, Sequence[Shape]],
) -> PlaceIndex:
    """Streets as roads and zones as places, each by its newest name."""
    roads = [
        NamedShape(street.name_zh, street.name_en, part)
        for line in shapes["street_shape"]
        if (street := _newest(streets.get(line.id, ()))) is not None
        for part in shapely.get_parts(line.geometry)
    ]
    places = [
        NamedShape(permit.name_zh, permit.name_en, area.geometry.centroid)
        for area in shapes["permit_shape"]
        if (permit := _newest(permits.get(area.id, ()))) is not None
    ]
    return PlaceIndex(roads, places)


def _newest(values: Sequence[Value]) -> Value | None:
    return max(values, key=lambda value: value.period.valid_to or date.max, default=None)
