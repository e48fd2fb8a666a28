"""From pictures to detections through real runtimes, with a model that can be checked by hand."""

import dataclasses
import pickle
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from zoubian.detector.detector import Detector, load_detector
from zoubian.detector.errors import DetectorError, MissingRuntimeError, ModelShapeError
from zoubian.detector.pictures import ScaledPicture
from zoubian.models.registry.manifest import Manifest

RUNTIMES = ("openvino", "onnxruntime")


def load(manifest: Manifest, runtime: str) -> Detector:
    return load_detector(manifest, runtime=runtime, threads=1, precision="f32", cache_dir=None)


def reddish(level: int) -> NDArray[np.uint8]:
    """(64, 128, 3) BGR, filling the model's input without grey."""
    return np.full((64, 128, 3), (20, 10, level), np.uint8)


@pytest.fixture(params=RUNTIMES)
def detector(request: pytest.FixtureRequest, colour_model: Manifest) -> Detector:
    pytest.importorskip(request.param)
    return load(colour_model, request.param)


def test_scores_the_right_channel_and_answers_in_the_pictures_pixels(detector: Detector) -> None:
    [found] = detector.detect([reddish(204)], score_threshold=0.1, iou=0.7)
    assert found.class_ids.tolist() == [0]
    assert found.scores.tolist() == [pytest.approx(204 / 255, abs=1e-4)]
    assert found.boxes_xyxy_px.tolist() == [[32, 16, 96, 48]]


def test_answers_in_the_order_of_the_pictures(detector: Detector) -> None:
    levels = list(range(60, 250, 3))
    found = detector.detect([reddish(i) for i in levels], score_threshold=0.1, iou=0.7)
    scores = [float(d.scores[0]) for d in found]
    assert scores == pytest.approx([level / 255 for level in levels], abs=1e-4)


def test_runs_again_after_a_stream_was_left_halfway(detector: Detector) -> None:
    stream = detector.stream((reddish(i) for i in range(60, 90)), score_threshold=0.1, iou=0.7)
    next(stream)
    del stream
    [found] = detector.detect([reddish(102)], score_threshold=0.1, iou=0.7)
    assert found.scores.tolist() == [pytest.approx(0.4, abs=1e-4)]


def test_detects_while_a_stream_is_open(detector: Detector) -> None:
    levels = list(range(60, 120, 4))
    stream = detector.stream((reddish(i) for i in levels), score_threshold=0.1, iou=0.7)
    for level, outer in zip(levels, stream, strict=True):
        [inner] = detector.detect([reddish(204)], score_threshold=0.1, iou=0.7)
        assert inner.scores.tolist() == [pytest.approx(0.8, abs=1e-4)]
        assert outer.scores.tolist() == [pytest.approx(level / 255, abs=1e-4)]


def test_an_error_of_the_pictures_iterable_comes_through(detector: Detector) -> None:
    def broken() -> Iterator[NDArray[np.uint8]]:
        yield reddish(60)
        raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        list(detector.stream(broken(), score_threshold=0.1, iou=0.7))


def test_holds_few_pictures_at_a_time(detector: Detector) -> None:
    taken = 0

    def counted() -> Iterator[NDArray[np.uint8]]:
        nonlocal taken
        for _ in range(200):
            taken += 1
            yield reddish(100)

    ahead = 0
    stream = detector.stream(counted(), score_threshold=0.1, iou=0.7)
    for done, _ in enumerate(stream, start=1):
        ahead = max(ahead, taken - done)
    assert taken == 200
    assert ahead <= 4  # one thread: one stream of two requests, and the picture being laid


def test_no_pictures_give_no_answers(detector: Detector) -> None:
    assert detector.detect([], score_threshold=0.1, iou=0.7) == []


def test_boxes_of_a_picture_decoded_small_are_in_the_originals_pixels(detector: Detector) -> None:
    picture = ScaledPicture(reddish(204), source_hw_px=(640, 1280))
    [found] = detector.detect([picture], score_threshold=0.1, iou=0.7)
    assert found.boxes_xyxy_px.tolist() == [[320, 160, 960, 480]]


@pytest.mark.parametrize(("red", "expected"), [(0.9, 0), (0.5, 1)])
def test_takes_a_threshold_for_each_class(detector: Detector, red: float, expected: int) -> None:
    thresholds = {"red": red, "green": 0.9, "blue": 0.9}
    [found] = detector.detect([reddish(204)], score_threshold=thresholds, iou=0.7)
    assert len(found) == expected


def test_names_the_class_that_has_no_threshold(detector: Detector) -> None:
    with pytest.raises(DetectorError, match="green, blue"):
        detector.detect([reddish(9)], score_threshold={"red": 0.5}, iou=0.7)


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((8, 8), np.uint8),
        np.zeros((8, 8, 4), np.uint8),
        np.zeros((0, 8, 3), np.uint8),
        np.zeros((8, 8, 3), np.float32),
    ],
)
def test_refuses_what_is_no_picture(detector: Detector, picture: NDArray[np.uint8]) -> None:
    with pytest.raises(DetectorError, match="expected"):
        detector.detect([picture], score_threshold=0.1, iou=0.7)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_refuses_weights_of_another_input_shape(colour_model: Manifest, runtime: str) -> None:
    pytest.importorskip(runtime)
    wrong = dataclasses.replace(colour_model, input_hw_px=(64, 64))
    with pytest.raises(ModelShapeError, match="64") as caught:
        load(wrong, runtime)
    copy = pickle.loads(pickle.dumps(caught.value))  # it may come from a child process
    assert "清单" in copy.message_zh


def test_an_unknown_runtime_tells_the_known_ones(colour_model: Manifest) -> None:
    with pytest.raises(MissingRuntimeError, match="onnxruntime, openvino, torch"):
        load(colour_model, "tensorflow")


def test_auto_runs_what_is_installed(colour_model: Manifest) -> None:
    [found] = load(colour_model, "auto").detect([reddish(204)], score_threshold=0.1, iou=0.7)
    assert len(found) == 1
