"""Both kinds of YOLO output, decoded by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

from zoubian.detector.errors import ModelShapeError
from zoubian.detector.heads import decode_end_to_end, decode_one_to_many
from zoubian.detector.letterbox import plan_letterbox

PLAN = plan_letterbox((200, 400), (100, 100))  # a quarter, 25 grey rows above
TWO = np.array([0.25, 0.5], np.float32)


def anchors(*columns: tuple[float, ...]) -> NDArray[np.float32]:
    return np.array(columns, np.float32).T[None]


def test_one_to_many_gives_boxes_in_the_pictures_pixels() -> None:
    found = decode_one_to_many(
        anchors((50, 50, 20, 10, 0.9, 0.1)), PLAN, score_thresholds=TWO, iou=0.7
    )
    assert found.boxes_xyxy_px.tolist() == [[160, 80, 240, 120]]
    assert found.scores.tolist() == [pytest.approx(0.9)]
    assert found.class_ids.tolist() == [0]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((0.25, 0.0), []),  # not above the threshold
        ((0.26, 0.0), [0]),
        ((0.0, 0.4), []),  # above the other class's threshold only
        ((0.3, 0.4), [0]),  # the best class is below its threshold, the second is above its own
        ((0.3, 0.6), [1]),  # one class an anchor
    ],
)
def test_one_to_many_holds_each_class_to_its_threshold(
    scores: tuple[float, float], expected: list[int]
) -> None:
    found = decode_one_to_many(
        anchors((50, 50, 20, 10, *scores)), PLAN, score_thresholds=TWO, iou=0.7
    )
    assert found.class_ids.tolist() == expected


def test_one_to_many_suppresses_doubles_within_a_class_only() -> None:
    output = anchors(
        (50, 50, 20, 10, 0.6, 0.0),
        (50, 50, 20, 11, 0.8, 0.0),
        (50, 50, 20, 10, 0.0, 0.7),
        (20, 50, 20, 10, 0.5, 0.0),
    )
    found = decode_one_to_many(output, PLAN, score_thresholds=TWO, iou=0.7)
    assert found.class_ids.tolist() == [0, 1, 0]
    assert found.scores.tolist() == pytest.approx([0.8, 0.7, 0.5])


def test_one_to_many_stops_at_300_detections() -> None:
    n = 400
    output = np.zeros((1, 6, n), np.float32)
    output[0, 0] = np.arange(n) * 1000.0  # far apart, so that none is a double
    output[0, 2:4] = 4
    output[0, 4] = np.linspace(0.3, 0.9, n)
    found = decode_one_to_many(output, PLAN, score_thresholds=TWO, iou=0.7)
    assert len(found) == 300
    assert found.scores[0] == pytest.approx(0.9)


def test_end_to_end_needs_no_suppression_and_is_sorted() -> None:
    rows = [
        [40, 45, 60, 55, 0.6, 0],
        [40, 45, 60, 55, 0.8, 0],
        [40, 45, 60, 55, 0.4, 1],  # below the threshold of its class
        [0, 0, 0, 0, 0.0, 0],  # how the export fills up
    ]
    found = decode_end_to_end(np.array([rows], np.float32), PLAN, score_thresholds=TWO)
    assert found.boxes_xyxy_px.tolist() == [[160, 80, 240, 120]] * 2
    assert found.scores.tolist() == pytest.approx([0.8, 0.6])


def test_end_to_end_turns_no_box_inside_out() -> None:
    rows = np.array([[[60, 45, 40, 55, 0.9, 0]]], np.float32)
    boxes = decode_end_to_end(rows, PLAN, score_thresholds=TWO).boxes_xyxy_px
    assert (boxes[:, 2:] >= boxes[:, :2]).all()


@pytest.mark.parametrize("shape", [(1, 5, 10), (1, 300, 6), (2, 6, 10), (6, 10)])
def test_one_to_many_refuses_another_layout(shape: tuple[int, ...]) -> None:
    with pytest.raises(ModelShapeError, match="expected"):
        decode_one_to_many(np.zeros(shape, np.float32), PLAN, score_thresholds=TWO, iou=0.7)


@pytest.mark.parametrize("shape", [(1, 6, 10), (2, 300, 6), (300, 6)])
def test_end_to_end_refuses_another_layout(shape: tuple[int, ...]) -> None:
    with pytest.raises(ModelShapeError, match="expected"):
        decode_end_to_end(np.zeros(shape, np.float32), PLAN, score_thresholds=TWO)


def test_end_to_end_refuses_a_class_the_manifest_does_not_name() -> None:
    rows = np.array([[[40, 45, 60, 55, 0.6, 2]]], np.float32)
    with pytest.raises(ModelShapeError, match="classes"):
        decode_end_to_end(rows, PLAN, score_thresholds=TWO)


@pytest.mark.parametrize("n", [0, 5])
def test_nothing_above_the_thresholds_is_no_detections(n: int) -> None:
    assert not len(
        decode_one_to_many(np.zeros((1, 6, n), np.float32), PLAN, score_thresholds=TWO, iou=0.7)
    )
    assert not len(decode_end_to_end(np.zeros((1, n, 6), np.float32), PLAN, score_thresholds=TWO))
