"""What stands together: from judged objects with a place to groups that are one spot each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from zoubian.pipeline.domain.classes import ClassRule
from zoubian.pipeline.domain.geo import Position, moved
from zoubian.pipeline.domain.grouping import group_near
from zoubian.pipeline.footage.rays import Array
from zoubian.pipeline.footage.sightings import FoundObject, Verdict


@dataclass(frozen=True, slots=True)
class StandingLimits:
    """Distances that decide what is one spot.

    Attributes:
        near_m: objects nearer than this are one spot.
        extent_m: greatest distance within a spot.
        own_error_share: share of the objects' own errors (root sum of squares) that both reach
            farther: what is seen from far only lies somewhere along its ray.
        stretch_gap_m: spots of scattered things nearer than this are one stretch.
        stretch_extent_m: greatest length of a stretch.
        pass_gap_m: who comes by again after such a way has a track that errs anew; the same spot
            may then lie `pass_error_share` of both tracks' errors (root sum of squares) away.
        pass_error_share: see `pass_gap_m`.
    """

    near_m: float
    extent_m: float
    own_error_share: float
    stretch_gap_m: float
    stretch_extent_m: float
    pass_gap_m: float
    pass_error_share: float


@dataclass(frozen=True, slots=True, eq=False)
class JudgedObject:
    """An object with its verdict.

    Attributes:
        first_s: time of its first look.
        track_error_m: mean of the poses' `error_m`, 0 without poses.
        own_error_m: radius that its rays alone leave it, 0 without poses.
    """

    found: FoundObject
    verdict: Verdict
    first_s: float
    track_error_m: float
    own_error_m: float

    @property
    def place_m(self) -> Array:
        """East and north of the origin; asked for only where there are poses."""
        assert self.found.place_m is not None
        return self.found.place_m


Group = list[JudgedObject]


def together(
    judged: Sequence[JudgedObject],
    rules: Mapping[str, ClassRule],
    *,
    origin: Position,
    limits: StandingLimits,
) -> list[Group]:
    """Groups of objects of one spot group, each with a problem in it.

    Problems join first; harmless objects then join the nearest of them within `near_m` and make no
    group alone, nor do they link two.
    """
    groups = _near(
        [[one] for one in judged if one.verdict.problem],
        origin,
        near_m=limits.near_m,
        extent_m=limits.extent_m,
        error_share=limits.own_error_share,
    )
    groups = _passes_joined(groups, limits)
    for one in judged:
        if not one.verdict.problem:
            apart = [(_to_problem_m(one, group), number) for number, group in enumerate(groups)]
            if apart and min(apart)[0] <= limits.near_m:
                groups[min(apart)[1]].append(one)
    scattered = [group for group in groups if _is_scattered(group, rules)]
    compact = [group for group in groups if not _is_scattered(group, rules)]
    return compact + _near(
        scattered,
        origin,
        near_m=limits.stretch_gap_m,
        extent_m=limits.stretch_extent_m,
        error_share=limits.own_error_share,
    )


def passes_of(group: Sequence[JudgedObject], *, pass_gap_m: float) -> list[Group]:
    """The objects of a group by pass, in order of the way."""
    passes: list[Group] = []
    end_m = float("-inf")
    for one in sorted(group, key=lambda one: one.found.ways_m):
        if not passes or one.found.ways_m[0] - end_m >= pass_gap_m:
            passes.append([])
        passes[-1].append(one)
        end_m = max(end_m, one.found.ways_m[1])
    return passes


def mean_place_m(group: Sequence[JudgedObject]) -> Array:
    """(2,) mean of the problems' places."""
    mean: Array = np.mean([one.place_m for one in group if one.verdict.problem], axis=0)
    return mean


def _near(
    groups: Sequence[Group],
    origin: Position,
    *,
    near_m: float,
    extent_m: float,
    error_share: float,
) -> list[Group]:
    """Groups joined where the means of their problems are near."""
    places = []
    for group in groups:
        east, north = map(float, mean_place_m(group))
        error_m = min(one.own_error_m for one in group if one.verdict.problem)
        places.append(moved(origin, east, north, error_m=error_m))
    return [
        [one for index in joined for one in groups[index]]
        for joined in group_near(
            places, near_m=near_m, max_extent_m=extent_m, error_share=error_share
        )
    ]


def _passes_joined(groups: list[Group], limits: StandingLimits) -> list[Group]:
    """Groups of different passes joined, the nearest first, each pass at most once."""
    links = sorted(
        (apart_m, a, b)
        for a, b in product(range(len(groups)), repeat=2)
        if a < b and (apart_m := _between_passes_m(groups[a], groups[b], limits)) is not None
    )
    joined: dict[int, list[int]] = {number: [number] for number in range(len(groups))}
    for _, a, b in links:
        left, right = joined[a], joined[b]
        if left is not right and all(
            _between_passes_m(groups[x], groups[y], limits) is not None for x in left for y in right
        ):
            left.extend(right)
            for number in right:
                joined[number] = left
    distinct = {id(numbers): sorted(numbers) for numbers in joined.values()}
    return [[one for n in numbers for one in groups[n]] for numbers in sorted(distinct.values())]


def _between_passes_m(a: Group, b: Group, limits: StandingLimits) -> float | None:
    """Distance of two groups that may be one spot seen in two passes, else None."""
    apart_m = float(np.linalg.norm(mean_place_m(a) - mean_place_m(b)))
    error_m = float(np.hypot(a[0].track_error_m, b[0].track_error_m))
    if apart_m > limits.near_m + limits.pass_error_share * error_m:
        return None
    for x, y in product(a, b):
        way_m = max(x.found.ways_m[0], y.found.ways_m[0])
        way_m -= min(x.found.ways_m[1], y.found.ways_m[1])
        if way_m < limits.pass_gap_m:
            return None
    return apart_m


def _to_problem_m(one: JudgedObject, group: Group) -> float:
    return min(
        float(np.linalg.norm(one.place_m - other.place_m))
        for other in group
        if other.verdict.problem
    )


def _is_scattered(group: Group, rules: Mapping[str, ClassRule]) -> bool:
    return all(rules[one.verdict.visual_class].stretch for one in group if one.verdict.problem)
