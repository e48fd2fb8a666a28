"""The port that every runtime fills, and the way to one by its name."""

import importlib
import importlib.metadata
import platform
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from zoubian.detector.errors import MissingRuntimeError, ModelShapeError

GROUP = "zoubian.runtimes"

# "f32" computes as the weights say; "auto" lets the engine use bf16 where the CPU has it, which
# moves boxes by a quarter of a pixel.
Precision = Literal["f32", "auto"]


class Runtime(Protocol):
    """Weights, loaded and ready."""

    def stream(self, inputs: Iterable[NDArray[np.uint8]]) -> Iterator[NDArray[np.float32]]:
        """Run the model on each input, a bounded number of them at a time.

        Inputs are taken only as fast as the model goes; while it goes, the next ones are taken
        (and so decoded, if the iterable decodes).

        Args:
            inputs: letterboxed pictures (1, H, W, 3) BGR.

        Yields:
            The raw output of each, in the order of the inputs.
        """
        ...


class RuntimeFactory(Protocol):
    """How a runtime is made; the classes named by the entry points have this signature."""

    def __call__(
        self,
        weights: Path,
        *,
        input_hw_px: tuple[int, int],
        threads: int | None,
        precision: Precision,
        cache_dir: Path | None,
    ) -> Runtime:
        """Load weights.

        Args:
            weights: file of the model.
            input_hw_px: height and width of its input.
            threads: CPU threads to compute with; None leaves it to the engine.
            precision: arithmetic.
            cache_dir: folder for compiled models, for engines that have such; None keeps none.
        """
        ...


def find_runtime(name: str, *, weights: Path) -> RuntimeFactory:
    """The runtime of this name.

    Args:
        name: of an entry point in the group "zoubian.runtimes", or "auto": OpenVINO on x86,
            ONNX Runtime elsewhere or where OpenVINO is not installed, torch for `.pt` weights.
        weights: what "auto" is to run.

    Raises:
        MissingRuntimeError: it is unknown or not installed here.
    """
    if name != "auto":
        return _load(name)
    if weights.suffix == ".pt":
        return _load("torch")
    if platform.machine().lower() in ("x86_64", "amd64"):
        try:
            return _load("openvino")
        except MissingRuntimeError:
            pass
    return _load("onnxruntime")


def _load(name: str) -> RuntimeFactory:
    found = importlib.metadata.entry_points(group=GROUP)
    if name not in found.names:
        names = ", ".join(sorted(found.names)) or "-"
        raise MissingRuntimeError(
            en=f"no runtime named {name!r}; there are: auto, {names}",
            zh=f"没有名为 {name} 的推理引擎；可选：auto, {names}",
        )
    factory: RuntimeFactory = found[name].load()
    return factory


def require(package: str, *, install: str) -> ModuleType:
    """Import `package`, or raise the one error that says what to install.

    Args:
        package: name to import.
        install: what to give to pip.

    Raises:
        MissingRuntimeError: it cannot be imported.
    """
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise MissingRuntimeError(
            en=f"{package} is not usable here ({error}); install it: pip install {install}",
            zh=f"此处无法使用 {package}；请安装：pip install {install}",
        ) from error


def check_input_shape(
    weights: Path, shape: Sequence[int | str | None], input_hw_px: tuple[int, int]
) -> None:
    """Make sure that the weights take the input their manifest tells.

    Args:
        weights: file, for the message.
        shape: of the weights' own input; an axis that is no number may be anything.
        input_hw_px: from the manifest.

    Raises:
        ModelShapeError: they take another one.
    """
    expected = (1, 3, *input_hw_px)
    fits = len(shape) == 4 and all(
        not isinstance(got, int) or got == wanted
        for got, wanted in zip(shape, expected, strict=True)
    )
    if not fits:
        raise ModelShapeError(
            en=f"{weights.name}: takes {list(shape)}, its manifest says {list(expected)}",
            zh=f"{weights.name}：输入形状为 {list(shape)}，清单要求 {list(expected)}",
        )
