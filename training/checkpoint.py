"""A finished training as one small file that can be passed on."""

from pathlib import Path
from typing import Any


def pass_on_checkpoint(source: Path, target: Path) -> None:
    """Copy a checkpoint without its optimiser and without what names the machine it came from.

    Args:
        source: `.pt` of ultralytics' trainer.
        target: file to write.
    """
    import torch
    from ultralytics.utils.torch_utils import strip_optimizer

    target.parent.mkdir(parents=True, exist_ok=True)
    strip_optimizer(str(source), str(target))
    # The file is our own trainer's; it holds the model as objects.
    checkpoint: dict[str, Any] = torch.load(target, map_location="cpu", weights_only=False)
    checkpoint["git"] = None
    checkpoint["train_args"] = _without_folders(checkpoint["train_args"])
    model = checkpoint["model"]
    model.args = _without_folders(dict(model.args))
    model.pt_path = target.name
    torch.save(checkpoint, target)


def _without_folders(settings: dict[str, Any]) -> dict[str, Any]:
    return {
        key: Path(value).name if isinstance(value, str) and "/" in value else value
        for key, value in settings.items()
    }
