"""Which places on the ground belong together: linking with a cap, independent of input order."""

import math
from collections.abc import Iterator, Sequence

from zoubian.pipeline.domain.geo import EARTH_RADIUS_M, Position, distance_m


def group_near(
    places: Sequence[Position], *, near_m: float, max_extent_m: float, error_share: float
) -> list[list[int]]:
    """Join places that are near each other, without letting a chain run along a whole street.

    Two places are near when they lie within `near_m` plus the slack that their errors honestly
    allow: `error_share` times the root sum of squares of both errors (a share below 1, because
    positions taken minutes apart by one receiver err in the same direction). Linking neighbour to
    neighbour alone would make one group of a row of places 7 m apart, however long; so links are
    tried from the shortest to the longest, and one is refused when the group that it would make
    held two places farther apart than `max_extent_m` plus their slack. The row then falls into
    several groups of at most that extent: too many proposals, which a person merges with a key,
    rather than a problem that nobody sees because it hides behind another.

    Args:
        places: in an order that does not depend on how they were read; it breaks ties only.
        near_m: greatest distance of neighbours, in metres.
        max_extent_m: greatest distance within a group, in metres.
        error_share: 0 trusts the positions fully.

    Returns:
        Groups of indices; indices rise within a group, groups by their first index.

    >>> row = [Position(43.0, 125.0 + i * 7 / 81_320, 0.0) for i in range(5)]
    >>> group_near(row, near_m=8, max_extent_m=12, error_share=0.5)
    [[0, 1], [2, 3], [4]]
    """

    def slack_m(a: int, b: int) -> float:
        return error_share * math.hypot(places[a].error_m, places[b].error_m)

    def apart_m(a: int, b: int) -> float:
        return distance_m(places[min(a, b)], places[max(a, b)])

    widest_m = near_m + error_share * math.sqrt(2) * max((p.error_m for p in places), default=0.0)
    links = [
        # Whole centimetres: rounding noise of equal steps must not decide which link comes first.
        (round(away_m, 2), a, b)
        for a, b in _pairs_within(places, widest_m)
        if (away_m := apart_m(a, b)) <= near_m + slack_m(a, b)
    ]
    group_of = {index: [index] for index in range(len(places))}
    for _, a, b in sorted(links):
        left, right = group_of[a], group_of[b]
        if left is right or any(
            apart_m(x, y) > max_extent_m + slack_m(x, y) for x in left for y in right
        ):
            continue
        left.extend(right)
        for index in right:
            group_of[index] = left
    distinct = {id(group): sorted(group) for group in group_of.values()}
    return sorted(distinct.values())


def _pairs_within(places: Sequence[Position], reach_m: float) -> Iterator[tuple[int, int]]:
    """Pairs (a, b), a < b, that may lie within `reach_m`: a sweep along the latitude."""
    degree_m = math.radians(1) * EARTH_RADIUS_M
    by_lat = sorted(range(len(places)), key=lambda index: (places[index].lat, index))
    for at, a in enumerate(by_lat):
        here = places[a]
        lat_reach = reach_m / degree_m + 1e-9
        lon_reach = lat_reach / max(math.cos(math.radians(abs(here.lat) + lat_reach)), 1e-6)
        for b in by_lat[at + 1 :]:
            there = places[b]
            if there.lat - here.lat > lat_reach:
                break
            if abs(there.lon - here.lon) <= lon_reach:
                yield min(a, b), max(a, b)
