"""A model small enough to be checked by hand, as a real ONNX file."""

from pathlib import Path

import numpy as np
import pytest

from zoubian.models.registry.manifest import Head, Manifest, sha256_of

COLOURS = ("red", "green", "blue")
INPUT_HW_PX = (32, 64)


@pytest.fixture(scope="session", params=["one_to_many", "end_to_end"])
def colour_model(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Manifest:
    """Answers every picture with one box of its middle, scored by the mean of each colour.

    The end-to-end kind answers with the class red only.
    """
    return write_colour_model(tmp_path_factory.mktemp("model") / "colour.onnx", request.param)


@pytest.fixture(scope="session")
def one_to_many_model(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """The first kind only, for what does not depend on the kind."""
    return write_colour_model(tmp_path_factory.mktemp("model") / "colour.onnx", "one_to_many")


def write_colour_model(weights: Path, head: Head) -> Manifest:
    """Write the ONNX file and give its manifest."""
    onnx = pytest.importorskip("onnx")
    node, tensor = onnx.helper.make_node, onnx.numpy_helper.from_array
    means = node("GlobalAveragePool", ["images"], ["means"])
    if head == "one_to_many":
        box = np.array([[[32], [16], [32], [16]]], np.float32)  # centre and size
        shape, nodes = (
            (1, 7, 1),
            [
                node("Reshape", ["means", "shape"], ["scores"]),
                node("Concat", ["box", "scores"], ["output0"], axis=1),
            ],
        )
        constants = {"box": box, "shape": np.array([1, 3, 1])}
    else:
        box = np.array([[[16, 8, 48, 24]]], np.float32)  # corners
        shape, nodes = (
            (1, 1, 6),
            [
                node("Slice", ["means", "zero", "one", "one"], ["red"]),
                node("Reshape", ["red", "shape"], ["score"]),
                node("Concat", ["box", "score", "class"], ["output0"], axis=2),
            ],
        )
        constants = {
            "box": box,
            "class": np.zeros((1, 1, 1), np.float32),
            "shape": np.array([1, 1, 1]),
            "zero": np.array([0]),
            "one": np.array([1]),
        }
    value = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [means, *nodes],
        "colour",
        [value("images", onnx.TensorProto.FLOAT, (1, 3, *INPUT_HW_PX))],
        [value("output0", onnx.TensorProto.FLOAT, shape)],
        [tensor(array, name) for name, array in constants.items()],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 8  # old enough for every ONNX Runtime we allow
    onnx.save(model, weights)
    return Manifest(
        name="colour",
        version="1",
        weights=weights,
        sha256=sha256_of(weights),
        classes=COLOURS,
        head=head,
        input_hw_px=INPUT_HW_PX,
        quantisation="fp32",
        thresholds=dict.fromkeys(COLOURS, 0.1),
        nms_iou=0.7,
        precision={},
        proven=dict.fromkeys(COLOURS, False),
        metrics={},
        licence="AGPL-3.0-or-later",
        attributions=(),
        source_weights_sha256=None,
        made_with={},
    )
