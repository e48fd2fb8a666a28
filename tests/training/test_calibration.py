"""Thresholds and measured precision from scored matches."""

import numpy as np
import pytest

from zoubian.training.calibration import (
    best_f1_threshold,
    precision_table,
    quiet_threshold,
    threshold_for_precision,
)
from zoubian.training.metrics import ScoredMatches


def scored(scores: list[float], hits: list[int], total: int) -> ScoredMatches:
    marks = np.array(hits, dtype=bool)
    return ScoredMatches(np.array(scores), np.repeat(marks[:, None], 10, axis=1), total)


def test_precision_rises_with_the_score_and_keeps_every_detection() -> None:
    random = np.random.default_rng(3)
    scores = random.random(500)
    table = precision_table(
        scored(scores.tolist(), (random.random(500) < scores).astype(int).tolist(), 400),
        min_per_step=20,
    )
    precisions = [step.precision for step in table]
    assert precisions == sorted(precisions)
    assert sum(step.n for step in table) == 500
    assert min(step.n for step in table) >= 20
    middle = [step for step in table if step.score <= 0.5][-1]
    assert middle.precision == pytest.approx(0.5, abs=0.15)


def test_violators_are_pooled_by_hand_worked_case() -> None:
    table = precision_table(scored([0.1, 0.2, 0.3, 0.4], [0, 1, 0, 1], 4), min_per_step=1)
    assert [(step.score, step.precision, step.n) for step in table] == [
        (0.1, 0.0, 1),
        (0.2, 0.5, 2),
        (0.4, 1.0, 1),
    ]


def test_best_f1_is_where_the_last_useful_hit_lies() -> None:
    assert best_f1_threshold(scored([0.9, 0.8, 0.7, 0.6], [1, 1, 0, 0], 2)) == 0.8


def test_class_that_never_hits_is_never_shown() -> None:
    assert best_f1_threshold(scored([0.9], [0], 3)) == 1.0


@pytest.mark.parametrize(("precision", "expected"), [(1.0, 0.9), (0.66, 0.7), (0.5, 0.6)])
def test_threshold_for_a_wanted_precision(precision: float, expected: float) -> None:
    matches = scored([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0], 2)
    assert threshold_for_precision(matches, precision=precision) == expected


def test_wanted_precision_out_of_reach_has_no_threshold() -> None:
    assert threshold_for_precision(scored([0.9], [0], 1), precision=0.9) is None


def test_quiet_share_of_harmless_photos_stays_below() -> None:
    top = np.linspace(0.0, 0.99, 100)
    threshold = quiet_threshold(top, quiet_share=0.9)
    assert (top < threshold).mean() == pytest.approx(0.9)
