"""The sample patrol's street with a made-up detector and receivers of their own: the bars hold."""

from statistics import median

import pytest
from matching import errors_m
from patrols import MEANT_WITHIN_M, simulated

SEEDS = range(6)


@pytest.fixture(scope="module")
def outcomes():
    return simulated("patrol", SEEDS)


def test_finds_problem_spots_once_and_little_else(outcomes):
    matchings = [outcome.matching() for outcome in outcomes]
    found = sum(len(one.matches) for one in matchings)
    assert found / sum(len(outcome.truth) for outcome in outcomes) >= 0.85
    assert sum(len(one.repeated) for one in matchings) <= 1
    false = sum(len(one.false) for one in matchings)
    assert false / sum(outcome.km for outcome in outcomes) <= 3.0  # 6 drives; 2.0 over many


def test_places_are_as_good_as_they_say(outcomes):
    errors = [
        pair
        for outcome in outcomes
        for pair in errors_m(outcome.told, outcome.truth, within_m=MEANT_WITHIN_M)
    ]
    assert median(apart for apart, _ in errors) <= 5.0
    assert median(radius for _, radius in errors) <= 8.0
    assert sum(apart <= radius for apart, radius in errors) / len(errors) >= 0.85
