"""From a training checkpoint to one ONNX file that the runtimes read."""

import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from zoubian.models.registry.manifest import Head


def export_onnx(weights: Path, target: Path, *, imgsz_px: int) -> tuple[tuple[str, ...], Head]:
    """Write the ONNX file of a `.pt` checkpoint: fixed input (1, 3, imgsz_px, imgsz_px), float32.

    Returns:
        The classes in the order of the output, and the kind of head.
    """
    from ultralytics.models import YOLO

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "weights.pt"  # the exporter writes beside its input
        shutil.copyfile(weights, copy)
        model = YOLO(str(copy))
        written = model.export(format="onnx", imgsz=imgsz_px, simplify=True, device="cpu")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(str(written), target)
    leave_out_origin(target)
    names = model.names
    return tuple(str(names[i]) for i in range(len(names))), "one_to_many"


def leave_out_origin(onnx_file: Path) -> None:
    """Take out what says when and where a file was made: the same weights give the same file."""
    import onnx

    model = onnx.load(onnx_file)
    kept = [p for p in model.metadata_props if p.key not in ("description", "date")]
    del model.metadata_props[:]
    model.metadata_props.extend(kept)
    onnx.save(model, onnx_file)


def made_with() -> dict[str, str]:
    """Versions of the tools that make a model."""
    return {name: version(name) for name in ("ultralytics", "torch", "onnx")}
