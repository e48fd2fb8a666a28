"""Torch: runs ultralytics `.pt` checkpoints as they are, where the training half is installed."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoubian.detector.errors import ModelShapeError
from zoubian.detector.runtimes.port import Precision, require
from zoubian.models.registry.manifest import Head, Manifest, sha256_of


class TorchRuntime:
    """A `.pt` checkpoint in torch, on a GPU where there is one.

    It computes in float32 whatever `precision` says. Only load checkpoints you trust: a `.pt`
    file can run code.
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
        ultralytics: Any = require("ultralytics", install="'zoubian[train]'")
        import torch

        if threads is not None:
            torch.set_num_threads(threads)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._model: Any = (
            ultralytics.YOLO(str(weights)).model.float().fuse().eval().to(self._device)
        )

    def stream(self, inputs: Iterable[NDArray[np.uint8]]) -> Iterator[NDArray[np.float32]]:
        """Run the model on each input (1, H, W, 3) BGR; outputs in order."""
        import torch

        for picture in inputs:
            rgb = torch.from_numpy(picture[..., ::-1].copy()).to(self._device)
            with torch.inference_mode():
                output = self._model(rgb.permute(0, 3, 1, 2).float() / 255)
            raw = output[0] if isinstance(output, tuple | list) else output
            array: NDArray[np.float32] = raw.cpu().numpy()
            yield array


def manifest_for_checkpoint(
    weights: Path, *, name: str, input_hw_px: tuple[int, int], score_threshold: float, iou: float
) -> Manifest:
    """A manifest that lets a `.pt` file be used as a model; nothing in it counts as proven.

    Args:
        weights: a detection checkpoint of ultralytics, such as yolo26n.pt or yoloe-11s-seg.pt
            after its classes were set and saved.
        name: of the model.
        input_hw_px: height and width to run it at, multiples of 32.
        score_threshold: for every class, until thresholds are measured.
        iou: for suppressing doubles.

    Raises:
        MissingRuntimeError: the training half is not installed.
        ModelShapeError: it is no detection model.
    """
    ultralytics: Any = require("ultralytics", install="'zoubian[train]'")
    import torch

    model = ultralytics.YOLO(str(weights))
    if model.task not in ("detect", "segment"):
        raise ModelShapeError(
            en=f"{weights.name} does {model.task}, not detection",
            zh=f"{weights.name} 用于 {model.task}，不是检测模型",
        )
    classes = tuple(str(model.names[i]) for i in range(len(model.names)))
    head: Head = "end_to_end" if getattr(model.model, "end2end", False) else "one_to_many"
    return Manifest(
        name=name,
        version="0",
        weights=weights.resolve(),
        sha256=sha256_of(weights),
        classes=classes,
        head=head,
        input_hw_px=input_hw_px,
        quantisation="fp32",
        thresholds=dict.fromkeys(classes, score_threshold),
        nms_iou=iou,
        precision={},
        proven=dict.fromkeys(classes, False),
        metrics={},
        licence="AGPL-3.0-or-later",
        attributions=(),
        source_weights_sha256=None,
        made_with={"ultralytics": ultralytics.__version__, "torch": torch.__version__},
    )
