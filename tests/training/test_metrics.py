"""Average precision and matching, against hand-worked cases."""

import numpy as np
import pytest

from zoubian.training.metrics import (
    ScoredMatches,
    average_precision,
    box_iou,
    match_boxes,
    precision_recall_at,
)


def boxes(*rows: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(rows, dtype=np.float32).reshape(-1, 4)


def scored(scores: list[float], hits: list[bool], total: int) -> ScoredMatches:
    return ScoredMatches(np.array(scores), np.repeat(np.array(hits)[:, None], 10, axis=1), total)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((0, 0, 10, 10), (0, 0, 10, 10), 1.0),
        ((0, 0, 10, 10), (5, 0, 15, 10), 50 / 150),
        ((0, 0, 10, 10), (10, 0, 20, 10), 0.0),
        ((0, 0, 0, 0), (0, 0, 0, 0), 0.0),
    ],
)
def test_overlap(a: tuple, b: tuple, expected: float) -> None:
    assert box_iou(boxes(a), boxes(b))[0, 0] == pytest.approx(expected)


def test_of_two_detections_of_one_box_the_surer_is_the_hit() -> None:
    found = boxes((0, 0, 10, 8), (0, 0, 10, 10))  # by falling score
    hits = match_boxes(found, boxes((0, 0, 10, 10)))
    assert hits[:, 0].tolist() == [True, False]
    assert hits[:, 9].tolist() == [False, True]  # at 0.95 the surer one is no hit


def test_detection_takes_the_box_it_overlaps_most_among_those_left() -> None:
    truth = boxes((0, 0, 10, 10), (2, 0, 12, 10))
    hits = match_boxes(boxes((0, 0, 10, 10), (0, 0, 10, 10)), truth)
    assert hits[:, 0].tolist() == [True, True]
    assert hits[:, 9].tolist() == [True, False]


def test_hit_counts_only_up_to_its_overlap() -> None:
    hits = match_boxes(boxes((0, 0, 10, 7.2)), boxes((0, 0, 10, 10)))
    assert hits[0].tolist() == [True] * 5 + [False] * 5  # 0.50 to 0.70


def test_average_precision_of_half_the_boxes_found_without_error_is_half() -> None:
    ap = average_precision(scored([0.9, 0.8], [True, True], total=4))
    assert ap[0] == pytest.approx(0.5, abs=0.01)


def test_average_precision_pays_for_false_alarms_only_below_their_score() -> None:
    early = average_precision(scored([0.9, 0.5], [False, True], total=1))[0]
    late = average_precision(scored([0.9, 0.5], [True, False], total=1))[0]
    assert early == pytest.approx(0.5, abs=0.01)
    assert late > 0.98


def test_nothing_to_find_has_no_average_precision() -> None:
    assert np.isnan(average_precision(scored([0.9], [False], total=0))).all()


@pytest.mark.parametrize(
    ("threshold", "expected"), [(0.85, (1.0, 0.25)), (0.6, (0.5, 0.25)), (0.0, (2 / 3, 0.5))]
)
def test_precision_and_recall_at_a_threshold(
    threshold: float, expected: tuple[float, float]
) -> None:
    matches = scored([0.9, 0.7, 0.5], [True, False, True], total=4)
    assert precision_recall_at(matches, threshold) == pytest.approx(expected)
