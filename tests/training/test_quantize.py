"""Which parts of a model are too delicate for eight bits."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zoubian.training.quantize import (
    as_floats,
    calibration_input,
    keep_concatenations_apart,
    nodes_to_keep,
)

onnx = pytest.importorskip("onnx")


def yolo_like_graph() -> Any:
    """A trunk with a concatenation in it, then a head: last convolution and decoding."""
    node = onnx.helper.make_node
    nodes = [
        node("Conv", ["images", "w"], ["a"], name="/trunk/a/Conv"),
        node("Conv", ["a", "w"], ["b"], name="/trunk/b/Conv"),
        node("Concat", ["a", "b"], ["ab"], name="/trunk/Concat", axis=1),
        node("Conv", ["ab", "w"], ["c"], name="/trunk/c/Conv"),
        node("Sigmoid", ["c"], ["d"], name="/trunk/c/Sigmoid"),
        node("Conv", ["d", "w"], ["e"], name="/head/last/Conv"),
        node("Softmax", ["e"], ["f"], name="/head/dfl/Softmax"),
        node("Conv", ["f", "w"], ["g"], name="/head/dfl/conv/Conv"),
        node("Mul", ["g", "w"], ["output0"], name="/head/Mul"),
    ]
    value = onnx.helper.make_tensor_value_info
    return onnx.helper.make_graph(
        nodes,
        "g",
        [value("images", onnx.TensorProto.FLOAT, None)],
        [value("output0", onnx.TensorProto.FLOAT, None)],
    )


def test_a_step_that_changes_nothing_stands_after_a_concatenation() -> None:
    graph = yolo_like_graph()
    assert keep_concatenations_apart(graph) == ["/trunk/Concat/apart"]
    by_name = {node.name: node for node in graph.node}
    barrier = by_name["/trunk/Concat/apart"]
    assert (barrier.op_type, list(barrier.input)) == ("Max", ["ab", "unreached"])
    assert by_name["/trunk/c/Conv"].input[0] == barrier.output[0]
    assert onnx.numpy_helper.to_array(graph.initializer[-1]) <= -1e30
    order = [node.name for node in graph.node]
    assert order.index("/trunk/Concat") < order.index(barrier.name) < order.index("/trunk/c/Conv")


def test_keeps_what_decodes() -> None:
    assert nodes_to_keep(yolo_like_graph()) == [
        "/head/last/Conv",
        "/head/dfl/Softmax",
        "/head/dfl/conv/Conv",
        "/head/Mul",
    ]


def test_calibrates_on_rgb_between_0_and_1() -> None:
    letterboxed = np.full((1, 4, 6, 3), (255, 0, 51), np.uint8)  # BGR
    floats = as_floats(letterboxed)
    assert floats.shape == (1, 3, 4, 6)
    np.testing.assert_allclose(floats[0, :, 0, 0], [0.2, 0, 1], atol=1e-6)


def test_leaves_out_a_picture_that_cannot_be_read(tmp_path: Path) -> None:
    text = tmp_path / "text.jpg"
    text.write_text("not a picture")
    assert calibration_input(text, (32, 32)) is None
