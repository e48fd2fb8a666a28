"""A small map of one candidate: the way that was driven, where it was seen from, where it is."""

from collections.abc import Sequence

from shapely.geometry import LineString, box

from zoubian.pipeline.candidates.rules import SpotDraft
from zoubian.pipeline.domain.geo import Position, distance_m, offset_m
from zoubian.pipeline.organisation.places import NamedShape

SIDE = 320.0
_REACH_M = 60.0  # from the candidate to the edge, at least
_BREAK_M = 25.0  # places farther apart are not joined: nobody knows the way between
_BAR_M = 20


def draw_spot_map(
    draft: SpotDraft, way: Sequence[Position], roads: Sequence[NamedShape[LineString]]
) -> bytes | None:
    """An SVG, north up; None where the candidate has no position.

    Args:
        way: places of the camera along the patrol, in order of time.
        roads: of the city, with their names.
    """
    here = draft.position
    if here is None:
        return None
    seen_from = [frame.position for frame in draft.frames if frame.position is not None]
    away_m = max((distance_m(here, place) for place in seen_from), default=0.0)
    reach_m = max(_REACH_M, here.error_m * 1.5, away_m * 1.15)
    scale = SIDE / 2 / reach_m

    def at(place: Position) -> tuple[float, float]:
        east, north = offset_m(here, place)
        return round(SIDE / 2 + east * scale, 1), round(SIDE / 2 - north * scale, 1)

    near = [place for place in way if distance_m(here, place) < reach_m * 1.5]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE:g} {SIDE:g}" '
        f'font-family="sans-serif" font-size="11">',
        f'<rect width="{SIDE:g}" height="{SIDE:g}" fill="#f3f1ec"/>',
    ]
    for road in roads:
        points = [at(Position(lat, lon, 0.0)) for lon, lat, *_ in road.shape.coords]
        line = LineString(points)
        if line.intersects(box(0, 0, SIDE, SIDE)):
            parts.append(_line(points, "#ffffff", 16) + _line(points, "#d9d4c8", 1))
    for run in _runs(near):
        parts.append(_line([at(place) for place in run], "#3b6ea5", 2.5))
    for place in seen_from:
        x, y = at(place)
        parts.append(f'<circle cx="{x}" cy="{y}" r="3" fill="#3b6ea5"/>')
    radius = round(here.error_m * scale, 1)
    middle = SIDE / 2
    parts += [
        f'<circle cx="{middle:g}" cy="{middle:g}" r="{radius}" fill="#c8240c" fill-opacity="0.14" '
        'stroke="#c8240c" stroke-opacity="0.5"/>',
        f'<circle cx="{middle:g}" cy="{middle:g}" r="4.5" fill="#c8240c" stroke="#ffffff"/>',
        _bar(scale),
        "</svg>",
    ]
    return "".join(parts).encode()


def _runs(places: Sequence[Position]) -> list[list[Position]]:
    runs: list[list[Position]] = []
    for place in places:
        if runs and distance_m(runs[-1][-1], place) <= _BREAK_M:
            runs[-1].append(place)
        else:
            runs.append([place])
    return [run for run in runs if len(run) > 1]


def _line(points: Sequence[tuple[float, float]], colour: str, width: float) -> str:
    path = " ".join(f"{x},{y}" for x, y in points)
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def _bar(scale: float) -> str:
    length = _BAR_M * scale
    x, y = 12.0, SIDE - 14.0
    return (
        f'<path d="M{x:g} {y - 4:g}v4h{length:.1f}v-4" fill="none" stroke="#333333"/>'
        f'<text x="{x + length / 2:.1f}" y="{y - 6:g}" text-anchor="middle" fill="#333333">'
        f"{_BAR_M} m</text>"
    )
