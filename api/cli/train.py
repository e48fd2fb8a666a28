"""zoubian train: run a recipe; only where the training half is installed."""

import os
from importlib.util import find_spec
from pathlib import Path

import click

from zoubian.api.cli.terminal import EXIT_NOTHING_DONE, Terminal


@click.command()
@click.argument("recipe", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="ZOUBIAN_DATA",
    default=Path("../shared/data"),
    show_default=True,
    help="Folder that the recipe's data and start weights are relative to.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the run.  [default: out/training/<name of the recipe>]",
)
@click.option("--device", default="auto", show_default=True, help="auto, cpu, or a GPU's number.")
@click.pass_obj
def train(terminal: Terminal, recipe: Path, data: Path, out: Path | None, device: str) -> int:
    """Train a model by RECIPE; run again after any interruption, it goes on at the last epoch."""
    if find_spec("ultralytics") is None:
        terminal.say("train_missing")
        return EXIT_NOTHING_DONE
    from zoubian.training.recipe import load_recipe
    from zoubian.training.train import train as run

    loaded = load_recipe(recipe)
    folder = out or Path("out") / "training" / loaded.name
    os.environ.setdefault("YOLO_VERBOSE", "true" if terminal.debug else "false")
    terminal.say("trained", path=str(run(loaded, data_root=data, out=folder, device=device)))
    return 0
