"""The matching rule of docs/footage.md on hand-made streets."""

import pytest
from drives import HOME
from matching import Told, TruthSpot, errors_m, match

from zoubian.pipeline.domain.geo import moved


def spot(name: str, north: float, kind: str = "overflowing_bin", group: str = "waste"):
    place = moved(HOME, 0.0, north, error_m=0.0)
    return TruthSpot(name, frozenset({kind}), frozenset({group}), place, proven=True)


def told(north: float, group: str = "waste", radius_m: float = 6.0):
    return Told("overflowing_bin", group, moved(HOME, 0.0, north, error_m=radius_m), proven=True)


@pytest.mark.parametrize(
    ("candidates", "spots", "counts"),
    [
        pytest.param([told(3)], [spot("a", 0)], (1, 0, 0, 0), id="found"),
        pytest.param([told(7.9)], [spot("a", 0)], (1, 0, 0, 0), id="within 8 m"),
        pytest.param([told(8.1)], [spot("a", 0)], (0, 1, 0, 1), id="beyond 8 m"),
        pytest.param([told(10, radius_m=11)], [spot("a", 0)], (1, 0, 0, 0), id="own radius"),
        pytest.param([told(1), told(-2)], [spot("a", 0)], (1, 0, 1, 0), id="reported twice"),
        pytest.param(
            [told(1), told(6)], [spot("a", 0), spot("b", 7)], (2, 0, 0, 0), id="each its own"
        ),
        pytest.param(
            [told(4)], [spot("a", 0), spot("b", 7)], (1, 1, 0, 0), id="one candidate tells one spot"
        ),
        pytest.param([told(0, group="works")], [spot("a", 0)], (0, 1, 0, 1), id="another group"),
        pytest.param([], [spot("a", 0)], (0, 1, 0, 0), id="missed"),
        pytest.param([told(0)], [], (0, 0, 0, 1), id="nothing there"),
    ],
)
def test_counts(candidates, spots, counts):
    told_of = match(candidates, spots)
    found = (told_of.matches, told_of.missed, told_of.repeated, told_of.false)
    assert tuple(map(len, found)) == counts


def test_the_nearest_pair_comes_first():
    (one, two) = match([told(4), told(1)], [spot("a", 0), spot("b", 5)]).matches
    assert {(m.spot.spot_id, round(m.apart_m)) for m in (one, two)} == {("a", 1), ("b", 1)}


def test_wrong_class_on_a_problem_is_false_and_told_apart():
    told_of = match([told(0, group="works"), told(40)], [spot("a", 0)])
    assert (len(told_of.false), len(told_of.misnamed)) == (2, 1)


def test_the_radius_is_asked_of_candidates_beyond_the_matching_too():
    pairs = errors_m([told(12, radius_m=6)], [spot("a", 0)], within_m=20)
    ((apart, radius),) = pairs
    assert (round(apart), radius) == (12, 6.0)
