"""Requests as values of the pipeline: filters, and what an action is told."""

from datetime import datetime
from typing import Any

from zoubian.api.http.problems import Fault, HttpFault
from zoubian.api.http.wire.cases import ActionDetails, CaseFilters
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.domain.scopes import CaseScope
from zoubian.pipeline.ledger.cases_lists import Box, CaseQuery, Circle

_PLACE = Fault(
    422,
    "place_incomplete",
    "请完整给出矩形（南西北东）或圆形（经纬度和半径），二者只用一个",
    "give a whole box (south, west, north, east) or a whole circle (lat, lon, radius_m), not both",
)


def case_query(asked: CaseFilters, scope: CaseScope, *, now: datetime) -> CaseQuery:
    """The filters, and the scope of whoever asks.

    Raises:
        HttpFault: the place is given by halves.
    """
    before = [at for at in (asked.due_before, now if asked.overdue else None) if at is not None]
    return CaseQuery(
        unit_id=asked.unit_id,
        states=tuple(asked.state),
        category=asked.category,
        source=asked.source,
        text=asked.text,
        place=_place(asked),
        conditions=tuple(asked.condition),
        season=asked.season,
        hard_office_id=asked.hard_office_id,
        registered_from=asked.registered_from,
        registered_to=asked.registered_to,
        closed_from=asked.closed_from,
        closed_to=asked.closed_to,
        due_before=min(before, default=None),
        review_before=asked.review_before,
        hard_due_before=asked.hard_due_before,
        scope=scope,
    )


def told(details: ActionDetails) -> dict[str, Json]:
    """What was given of the details, as the ledger takes them."""
    given: dict[str, Any] = details.model_dump(mode="json", exclude_none=True)
    return given


def _place(asked: CaseFilters) -> Box | Circle | None:
    south, west, north, east = asked.south, asked.west, asked.north, asked.east
    lat, lon, radius_m = asked.lat, asked.lon, asked.radius_m
    box = [side is not None for side in (south, west, north, east)]
    circle = [part is not None for part in (lat, lon, radius_m)]
    if not any(box) and not any(circle):
        return None
    if not any(circle) and not (south is None or west is None or north is None or east is None):
        return Box(south, west, north, east)
    if not any(box) and not (lat is None or lon is None or radius_m is None):
        return Circle(lat, lon, radius_m)
    raise HttpFault(_PLACE)
