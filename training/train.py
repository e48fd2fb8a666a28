"""Run a recipe: stage after stage, resumable at the last finished epoch."""

import json
import logging
import os
import time
from pathlib import Path
from typing import Any

from zoubian.training.checkpoint import pass_on_checkpoint
from zoubian.training.dataset_view import link_dataset
from zoubian.training.recipe import Recipe, Stage

logger = logging.getLogger(__name__)


def train(recipe: Recipe, *, data_root: Path, out: Path, device: str = "auto") -> Path:
    """Train all stages of `recipe` and return the path of the checkpoint to pass on.

    A stage that is done is skipped; a stage that was cut off goes on from its last checkpoint.
    `out/progress.json` always says which stage and epoch the run is in.

    Args:
        data_root: folder that `recipe.data` and `recipe.start` are relative to.
        out: folder of this run: checkpoints, logs, progress.
        device: "auto" (a GPU when there is one), "cpu", or an ultralytics device.

    Raises:
        MissingDataError: the data is missing.
    """
    out.mkdir(parents=True, exist_ok=True)
    data_yaml = link_dataset(data_root / recipe.data, into=out / "data")
    local_start = data_root / recipe.start
    weights = local_start if local_start.exists() else Path(recipe.start)
    for number, stage in enumerate(recipe.stages):
        weights = _run_stage(
            stage,
            folder=f"{number}-{stage.name}",
            weights=weights,
            data_yaml=data_yaml,
            seed=recipe.seed,
            out=out,
            device=device,
        )
    finished = out / f"{recipe.name}.pt"
    pass_on_checkpoint(weights, finished)
    return finished


def _run_stage(
    stage: Stage,
    *,
    folder: str,
    weights: Path,
    data_yaml: Path,
    seed: int,
    out: Path,
    device: str,
) -> Path:
    import torch
    from ultralytics.models import YOLO

    last = out / folder / "weights" / "last.pt"
    done = out / folder / "done.json"
    if done.exists():
        logger.info("stage %s is done", folder)
        return last
    resuming = last.exists()
    model = YOLO(str(last if resuming else weights))
    progress = out / "progress.json"
    started = time.time()

    def use_all_cores(_trainer: Any) -> None:
        # ultralytics leaves one core out on a CPU, which halves a two-core machine.
        torch.set_num_threads(os.cpu_count() or 1)

    def average_weights(trainer: Any) -> None:
        if stage.ema_updates is not None:
            longest = 1.0 - 1.0 / stage.ema_updates
            # The ramp lets the first steps move away from the start weights.
            trainer.ema.decay = lambda updates: min(longest, (1 + updates) / (10 + updates))

    def write_progress(trainer: Any) -> None:
        state = {
            "stage": folder,
            "epoch": trainer.epoch + 1,
            "epochs_this_run": trainer.epoch + 1 - trainer.start_epoch,
            "epochs": trainer.epochs,
            "loss": {name: round(float(loss), 4) for name, loss in trainer.tloss.items()},
            "seconds_this_run": round(time.time() - started),
        }
        progress.write_text(json.dumps(state), encoding="utf-8")
        logger.info("trained %s", state)

    model.add_callback("on_train_start", use_all_cores)
    model.add_callback("on_train_start", average_weights)
    model.add_callback("on_model_save", write_progress)
    if resuming:
        model.train(resume=True)
    else:
        chosen = ("0" if torch.cuda.is_available() else "cpu") if device == "auto" else device
        model.train(
            data=str(data_yaml),
            project=str(out.resolve()),
            name=folder,
            exist_ok=True,
            seed=seed,
            device=chosen,
            cache="ram",
            workers=0 if chosen == "cpu" else 8,
            val=False,
            plots=False,
            amp=chosen != "cpu",
            **stage.settings,
        )
    done.write_bytes(progress.read_bytes())
    return last
