"""The rule by which candidates of a patrol are held against its truth (docs/footage.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from zoubian.pipeline.domain.classes import ClassRule
from zoubian.pipeline.domain.geo import Position, distance_m

LEAST_REACH_M = 8.0


@dataclass(frozen=True, slots=True)
class TruthSpot:
    """A problem that is there.

    Attributes:
        visual_classes: of its things, and `groups` their spot groups.
        position: mean of its things; `error_m` is 0.
        proven: one of its classes is learnt from real pictures; else it is of the unproven lane.
    """

    spot_id: str
    visual_classes: frozenset[str]
    groups: frozenset[str]
    position: Position
    proven: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A candidate: `position.error_m` is its `radius_m`."""

    visual_class: str
    group: str
    position: Position
    proven: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate that tells a spot."""

    spot: TruthSpot
    told: Told
    apart_m: float


@dataclass(frozen=True, slots=True)
class Matching:
    """What of the truth was told.

    Attributes:
        matches: one for each spot that was found.
        missed: spots that nothing tells.
        repeated: further candidates that tell a spot once more.
        false: candidates where no problem of their group is.
        misnamed: those of them that lie on a problem of another group.
    """

    matches: tuple[Match, ...]
    missed: tuple[TruthSpot, ...]
    repeated: tuple[Told, ...]
    false: tuple[Told, ...]
    misnamed: tuple[Told, ...]


def match(told: Sequence[Told], truth: Sequence[TruthSpot]) -> Matching:
    """Hold candidates against the truth.

    A candidate tells a spot when their classes belong to one spot group and they lie within
    max(8 m, the candidate's radius) of each other. Pairs are taken from the nearest on, each spot
    and each candidate once. A candidate that is left over within reach of a spot of its group is a
    repetition; any other is false, also where it lies on a problem of another group (`misnamed`).
    """
    pairs = sorted(
        (apart, i, j)
        for i, one in enumerate(told)
        for j, spot in enumerate(truth)
        if one.group in spot.groups
        and (apart := distance_m(one.position, spot.position)) <= reach_m(one)
    )
    taken: dict[int, int] = {}
    matches = []
    for apart, i, j in pairs:
        if i not in taken and j not in taken.values():
            taken[i] = j
            matches.append(Match(truth[j], told[i], apart))
    left = [i for i in range(len(told)) if i not in taken]
    repeated = {i for _, i, _ in pairs} - set(taken)
    false = [told[i] for i in left if i not in repeated]
    return Matching(
        matches=tuple(matches),
        missed=tuple(spot for j, spot in enumerate(truth) if j not in taken.values()),
        repeated=tuple(told[i] for i in sorted(repeated)),
        false=tuple(false),
        misnamed=tuple(
            one
            for one in false
            if any(distance_m(one.position, spot.position) <= reach_m(one) for spot in truth)
        ),
    )


def errors_m(
    told: Sequence[Told], truth: Sequence[TruthSpot], *, within_m: float
) -> list[tuple[float, float]]:
    """(distance, radius) of candidates and the spots they mean, also beyond the matching's reach.

    Whether the truth lies inside the stated radius is asked of these pairs: `match` leaves out
    what is too far off, and would answer yes nearly always.
    """
    wide = [replace(one, position=replace(one.position, error_m=within_m)) for one in told]
    radius = {id(w): one.position.error_m for w, one in zip(wide, told, strict=True)}
    return [(pair.apart_m, radius[id(pair.told)]) for pair in match(wide, truth).matches]


def reach_m(told: Told) -> float:
    """How far from its spot a candidate may lie."""
    return max(LEAST_REACH_M, told.position.error_m)


def truth_spots(
    things: Iterable[tuple[str, str, float, float]], rules: Mapping[str, ClassRule]
) -> list[TruthSpot]:
    """Spots with a problem, from (spot id, class, lat, lon) of the things.

    Args:
        rules: by class; things of other classes (decoys) and harmless ones are left out.
    """
    by_spot: dict[str, list[tuple[str, float, float]]] = {}
    for spot_id, name, lat, lon in things:
        if name in rules and rules[name].problem:
            by_spot.setdefault(spot_id, []).append((name, lat, lon))
    return [
        TruthSpot(
            spot_id,
            frozenset(name for name, _, _ in rows),
            frozenset(rules[name].spot_group for name, _, _ in rows),
            Position(sum(r[1] for r in rows) / len(rows), sum(r[2] for r in rows) / len(rows), 0.0),
            proven=any(rules[name].proven for name, _, _ in rows),
        )
        for spot_id, rows in sorted(by_spot.items())
    ]
