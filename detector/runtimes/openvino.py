"""OpenVINO: the fastest way on x86 CPUs, and the default there."""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoubian.detector.runtimes.port import Precision, check_input_shape, require

# Requests for each of OpenVINO's streams: one runs, one waits, so that no stream idles while we
# decode a picture or an output.
_REQUESTS_PER_STREAM = 2


class OpenVinoRuntime:
    """An ONNX file compiled for this CPU, in throughput mode.

    Turning bytes into numbers (BGR to RGB, 0..255 to 0..1, channels first) is compiled into the
    model, so that a picture travels as one byte a value.
    """

    def __init__(
        self,
        weights: Path,
        *,
        input_hw_px: tuple[int, int],
        threads: int | None,
        precision: Precision,
        cache_dir: Path | None,
    ) -> None:
        openvino = require("openvino", install="openvino")
        settings: dict[str, Any] = {"PERFORMANCE_HINT": "THROUGHPUT"}
        if threads is not None:
            settings["INFERENCE_NUM_THREADS"] = threads
        if precision == "f32":
            settings["INFERENCE_PRECISION_HINT"] = "f32"
        if cache_dir is not None:
            settings["CACHE_DIR"] = str(cache_dir)
        core = openvino.Core()
        model = core.read_model(weights)
        shape = [
            axis.get_length() if axis.is_static else None for axis in model.input().partial_shape
        ]
        check_input_shape(weights, shape, input_hw_px)
        self._compiled: Any = core.compile_model(
            _with_preprocessing(model, input_hw_px), "CPU", settings
        )
        self._tensor = openvino.Tensor
        self._most_running = _REQUESTS_PER_STREAM * int(self._compiled.get_property("NUM_STREAMS"))
        self._free: list[Any] = []

    def stream(self, inputs: Iterable[NDArray[np.uint8]]) -> Iterator[NDArray[np.float32]]:
        """Run the model on each input (1, H, W, 3) BGR; outputs in order."""
        # The tensor shares the picture's memory, which the queue keeps alive.
        running: deque[tuple[Any, NDArray[np.uint8]]] = deque()
        try:
            for picture in inputs:
                if len(running) == self._most_running:
                    yield self._finish(running)
                request = self._take_request()
                request.set_input_tensor(self._tensor(picture, shared_memory=True))
                request.start_async()
                running.append((request, picture))
            while running:
                yield self._finish(running)
        finally:
            while running:
                self._finish(running)

    def _take_request(self) -> Any:
        # A second stream, inside the first or in another thread, finds none free and makes its own.
        try:
            return self._free.pop()
        except IndexError:
            return self._compiled.create_infer_request()

    def _finish(self, running: deque[tuple[Any, NDArray[np.uint8]]]) -> NDArray[np.float32]:
        request, _ = running.popleft()
        request.wait()
        output: NDArray[np.float32] = request.get_output_tensor().data.copy()
        self._free.append(request)
        return output


def _with_preprocessing(model: Any, input_hw_px: tuple[int, int]) -> Any:
    ov = require("openvino", install="openvino")
    colours = ov.preprocess.ColorFormat
    processor = ov.preprocess.PrePostProcessor(model)
    given = processor.input()
    tensor = given.tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
    tensor.set_color_format(colours.BGR).set_shape([1, *input_hw_px, 3])
    given.model().set_layout(ov.Layout("NCHW"))
    given.preprocess().convert_element_type(ov.Type.f32).convert_color(colours.RGB).scale(255.0)
    return processor.build()
