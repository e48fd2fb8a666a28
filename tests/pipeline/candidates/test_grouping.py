"""Linking of places: near neighbours join, chains do not run on, input order does not matter."""

import itertools
import math

import pytest

from zoubian.pipeline.domain.geo import EARTH_RADIUS_M, Position
from zoubian.pipeline.domain.grouping import group_near


def east_of_origin(*metres: float, error_m: float = 0.0) -> list[Position]:
    """Places on the parallel of 43 degrees, so many metres east of 125 degrees."""
    degree_m = math.radians(1) * EARTH_RADIUS_M * math.cos(math.radians(43.0))
    return [Position(43.0, 125.0 + east / degree_m, error_m) for east in metres]


@pytest.mark.parametrize(
    ("metres", "error_m", "expected"),
    [
        pytest.param((), 0.0, [], id="nothing"),
        pytest.param((0,), 0.0, [[0]], id="one"),
        pytest.param((0, 8), 0.0, [[0, 1]], id="as far as allowed"),
        pytest.param((0, 8.1), 0.0, [[0], [1]], id="farther"),
        # slack = 0.5 * sqrt(4² + 4²) = 2.8 m, so 8 m become 10.8 m
        pytest.param((0, 10.5), 4.0, [[0, 1]], id="errors allow more"),
        pytest.param((0, 11.0), 4.0, [[0], [1]], id="errors do not allow all"),
        # the pair 6 m apart links first; then the third would make 13 m
        pytest.param((0, 7, 13), 0.0, [[0], [1, 2]], id="shortest link first"),
        pytest.param((0, 6, 12), 0.0, [[0, 1, 2]], id="extent of 12 m holds three"),
        pytest.param((20, 0, 21, 1), 0.0, [[0, 2], [1, 3]], id="two pairs"),
    ],
)
def test_groups_places_on_a_line(
    metres: tuple[float, ...], error_m: float, expected: list[list[int]]
) -> None:
    places = east_of_origin(*metres, error_m=error_m)
    assert group_near(places, near_m=8, max_extent_m=12, error_share=0.5) == expected


def test_chain_of_steps_of_7_m_falls_into_groups_within_the_extent() -> None:
    chain = east_of_origin(*range(0, 63, 7))
    groups = group_near(chain, near_m=8, max_extent_m=12, error_share=0.5)
    assert groups == [[0, 1], [2, 3], [4, 5], [6, 7], [8]]


def test_every_order_of_the_places_gives_the_same_groups() -> None:
    metres = (0.0, 3.0, 9.5, 14.0, 21.6, 40.0)
    seen = set()
    for order in itertools.permutations(metres):
        groups = group_near(east_of_origin(*order), near_m=8, max_extent_m=12, error_share=0.5)
        seen.add(frozenset(frozenset(order[index] for index in group) for group in groups))
    # links of 3.0, 4.5, 6.5 and 7.6 m; the third would make 14 m, the fourth 12.1 m
    expected = ({0.0, 3.0}, {9.5, 14.0}, {21.6}, {40.0})
    assert seen == {frozenset(frozenset(group) for group in expected)}


def test_neighbours_north_and_south_are_found_far_from_the_first_place() -> None:
    far = [Position(55.0, 13.0, 0.0), Position(43.0, 125.0, 0.0), Position(43.00005, 125.0, 0.0)]
    assert group_near(far, near_m=8, max_extent_m=12, error_share=0.5) == [[0], [1, 2]]
