"""ONNX Runtime: runs everywhere, and on GPUs where its build has them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from zoubian.detector.runtimes.port import Precision, check_input_shape, require


class OnnxRuntime:
    """An ONNX file in ONNX Runtime, one picture at a time on all threads.

    Its CPU engine always computes as the weights say, so `precision` changes nothing.
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
        onnxruntime = require("onnxruntime", install="onnxruntime")
        options = onnxruntime.SessionOptions()
        if threads is not None:
            options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            str(weights), options, providers=onnxruntime.get_available_providers()
        )
        taken = self._session.get_inputs()[0]
        check_input_shape(weights, taken.shape, input_hw_px)
        self._input_name: str = taken.name

    def stream(self, inputs: Iterable[NDArray[np.uint8]]) -> Iterator[NDArray[np.float32]]:
        """Run the model on each input (1, H, W, 3) BGR; outputs in order."""
        for picture in inputs:
            blob = cv2.dnn.blobFromImage(picture[0], scalefactor=1 / 255, swapRB=True)
            output: NDArray[np.float32] = self._session.run(None, {self._input_name: blob})[0]
            yield output
