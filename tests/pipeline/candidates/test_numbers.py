"""Names of candidates: stable ids, sayable numbers that no two candidates share."""

from datetime import date

import pytest

from zoubian.pipeline.candidates.numbers import assign_numbers, candidate_id

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("known", "taken", "expected"),
    [
        pytest.param({}, [], ["Z1123-001", "Z1123-002"], id="first patrol of the day"),
        pytest.param({}, ["Z1123-011"], ["Z1123-012", "Z1123-013"], id="second patrol of the day"),
        pytest.param({}, ["Z1122-050"], ["Z1123-001", "Z1123-002"], id="another day"),
        pytest.param(
            {"a": "Z1123-002", "b": "Z1123-001"},
            ["Z1123-001", "Z1123-002"],
            ["Z1123-002", "Z1123-001"],
            id="numbers are kept",
        ),
        pytest.param(
            {"b": "Z1122-007"}, ["Z1122-007"], ["Z1123-001", "Z1122-007"], id="even of another day"
        ),
        pytest.param({}, ["Z1123-999"], ["Z1123-1000", "Z1123-1001"], id="a very long day"),
    ],
)
def test_assigns_numbers(known: dict[str, str], taken: list[str], expected: list[str]) -> None:
    numbers = assign_numbers(["a", "b"], DAY, known=known, taken=taken)
    assert [numbers["a"], numbers["b"]] == expected


def test_an_id_depends_on_patrol_frame_and_group() -> None:
    ids = {
        candidate_id(*names)
        for names in [("p", "f", "g"), ("p2", "f", "g"), ("p", "f2", "g"), ("p", "f", "g2")]
    }
    assert len(ids) == 4
    assert candidate_id("p", "f", "g") in ids
