"""The detector: pictures in, detections in their own pixels out."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zoubian.detector.detections import Detections
from zoubian.detector.errors import DetectorError
from zoubian.detector.heads import decode_end_to_end, decode_one_to_many
from zoubian.detector.letterbox import Letterbox, letterbox_picture, plan_letterbox
from zoubian.detector.pictures import ScaledPicture
from zoubian.detector.runtimes.port import Precision, Runtime, find_runtime
from zoubian.models.registry.manifest import Head, Manifest

Picture = NDArray[np.uint8] | ScaledPicture
Thresholds = float | Mapping[str, float]


class Detector:
    """One model on one runtime; streams may be open inside one another."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        classes: tuple[str, ...],
        head: Head,
        input_hw_px: tuple[int, int],
    ) -> None:
        self.runtime = runtime
        self._head = head
        self.classes = classes
        self.input_hw_px = input_hw_px

    def detect(
        self, pictures: Sequence[Picture], *, score_threshold: Thresholds, iou: float
    ) -> list[Detections]:
        """Detect in each of a few pictures; see `stream`."""
        return list(self.stream(pictures, score_threshold=score_threshold, iou=iou))

    def stream(
        self, pictures: Iterable[Picture], *, score_threshold: Thresholds, iou: float
    ) -> Iterator[Detections]:
        """Detect in each picture, taking the next ones while the model runs.

        Args:
            pictures: BGR (H, W, 3), or pictures decoded at a reduced scale.
            score_threshold: show what scores above it, one for all classes or one for each.
            iou: boxes of one class that overlap more than this are one object. A head that
                needs no suppression does not look at it.

        Yields:
            The detections of each picture, in the order of the pictures.

        Raises:
            DetectorError: a threshold is missing, a picture is no (H, W, 3) array of bytes, or
                the model's output is not what its manifest says.
        """
        thresholds = self._thresholds_by_class(score_threshold)
        plans: deque[Letterbox] = deque()

        def inputs() -> Iterator[NDArray[np.uint8]]:
            for picture in pictures:
                pixels, source_hw_px = _pixels_and_source(picture)
                plan = plan_letterbox(source_hw_px, self.input_hw_px)
                plans.append(plan)
                yield letterbox_picture(pixels, plan)

        for output in self.runtime.stream(inputs()):
            plan = plans.popleft()
            if self._head == "end_to_end":
                yield decode_end_to_end(output, plan, score_thresholds=thresholds)
            else:
                yield decode_one_to_many(output, plan, score_thresholds=thresholds, iou=iou)

    def _thresholds_by_class(self, given: Thresholds) -> NDArray[np.float32]:
        if not isinstance(given, Mapping):
            return np.full(len(self.classes), given, np.float32)
        missing = ", ".join(name for name in self.classes if name not in given)
        if missing:
            raise DetectorError(en=f"no threshold for {missing}", zh=f"缺少阈值：{missing}")
        return np.array([given[name] for name in self.classes], np.float32)


def load_detector(
    manifest: Manifest,
    *,
    runtime: str,
    threads: int | None,
    precision: Precision,
    cache_dir: Path | None,
) -> Detector:
    """Load a model.

    Args:
        manifest: of the model; its weights were checked when it was loaded.
        runtime: "auto", "openvino", "onnxruntime" or "torch".
        threads: CPU threads; None leaves it to the runtime.
        precision: "f32", or "auto" for bf16 where the CPU has it.
        cache_dir: where compiled models may be kept; None keeps none.

    Raises:
        MissingRuntimeError: the runtime is not installed here.
    """
    factory = find_runtime(runtime, weights=manifest.weights)
    engine = factory(
        manifest.weights,
        input_hw_px=manifest.input_hw_px,
        threads=threads,
        precision=precision,
        cache_dir=cache_dir,
    )
    return Detector(
        engine,
        classes=manifest.classes,
        head=manifest.head,
        input_hw_px=manifest.input_hw_px,
    )


def _pixels_and_source(picture: Picture) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    pixels = picture.pixels if isinstance(picture, ScaledPicture) else picture
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or not pixels.size:
        raise DetectorError(
            en=f"picture: expected (H, W, 3) uint8, got {pixels.shape} {pixels.dtype}",
            zh=f"图片应为 (H, W, 3) uint8，实为 {pixels.shape} {pixels.dtype}",
        )
    if isinstance(picture, ScaledPicture):
        return pixels, picture.source_hw_px
    return pixels, (pixels.shape[0], pixels.shape[1])
