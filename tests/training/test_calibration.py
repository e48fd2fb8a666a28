"""Thresholds and measured precision from scored matches."""

import numpy as np
import pytest

from zoubian.training.calibration import (
    best_f1_threshold,
    precision_table,
    quiet_thresholds,
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
        (0.1, pytest.approx(1 / 3), 1),
        (0.2, pytest.approx(2 / 4), 2),
        (0.4, pytest.approx(2 / 3), 1),
    ]


def test_best_f1_is_where_the_last_useful_hit_lies() -> None:
    assert best_f1_threshold(scored([0.9, 0.8, 0.7, 0.6], [1, 1, 0, 0], 2)) == 0.8


def test_class_that_never_hits_is_never_shown() -> None:
    assert best_f1_threshold(scored([0.9], [0], 3)) == 1.0


def test_one_class_leaves_the_quiet_share_of_harmless_photos_alone() -> None:
    top = np.linspace(0.0, 0.99, 100)
    threshold = quiet_thresholds({"pile": top}, floors={"pile": 0.0}, quiet_share=0.9)["pile"]
    assert (top < threshold).mean() == pytest.approx(0.9)


def test_classes_share_what_they_may_disturb() -> None:
    tops = {"a": np.array([0.9, 0.1, 0.2, 0.3]), "b": np.array([0.1, 0.8, 0.2, 0.3])}
    thresholds = quiet_thresholds(tops, floors={"a": 0.0, "b": 0.0}, quiet_share=0.5)
    disturbed = (tops["a"] >= thresholds["a"]) | (tops["b"] >= thresholds["b"])
    assert disturbed.tolist() == [True, True, False, False]


def test_without_harmless_photos_nothing_is_held_back() -> None:
    told = quiet_thresholds({"a": np.empty(0)}, floors={"a": 0.3}, quiet_share=0.9)
    assert told == {"a": 0.3}


def test_class_with_a_high_floor_leaves_its_part_to_the_others() -> None:
    tops = {"a": np.array([0.9, 0.8, 0.1, 0.1]), "b": np.array([0.1, 0.1, 0.5, 0.4])}
    told = quiet_thresholds(tops, floors={"a": 0.0, "b": 0.6}, quiet_share=0.5)
    assert 0.1 < told["a"] < 0.8
    assert told["b"] == 0.6
