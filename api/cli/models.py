"""zoubian models: which models there are, and which one a workspace uses."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from zoubian.api.cli.terminal import (
    EXIT_DONE,
    EXIT_NOTHING_DONE,
    EXIT_SOME_FAILED,
    Terminal,
)
from zoubian.models.registry.manifest import Manifest
from zoubian.models.registry.service import default_name, promote, shipped_models, workspace_models

workspace_option = click.option(
    "--workspace",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="ZOUBIAN_WORKSPACE",
    default=Path("workspace"),
    show_default=True,
    help="Folder of the workspace.",
)


@click.group()
def models() -> None:
    """The models that can be used."""


@models.command("list")
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def list_models(terminal: Terminal, workspace: Path, as_json: bool) -> int:
    """Show the shipped models and those of the workspace."""
    own, damaged = workspace_models(workspace)
    found = [(manifest, "shipped") for manifest in shipped_models()]
    found += [(manifest, "workspace") for manifest in own]
    chosen = default_name(workspace)
    if as_json:
        terminal.document(
            {"models": [_row(manifest, origin, chosen) for manifest, origin in found]}
        )
    else:
        table = terminal.table("model", "version", "input", "class", "default")
        for manifest, _ in found:
            height, width = manifest.input_hw_px
            table.row(
                manifest.name,
                f"{manifest.version} {manifest.quantisation}",
                f"{width}x{height}",
                ", ".join(manifest.classes),
                "*" if manifest.name == chosen else "",
            )
        table.print()
    for problem in damaged:
        terminal.line(problem.message_zh if terminal.lang == "zh" else problem.message_en)
    return EXIT_SOME_FAILED if damaged else EXIT_DONE


@models.command("promote")
@click.argument("name")
@workspace_option
@click.pass_obj
def promote_model(terminal: Terminal, name: str, workspace: Path) -> int:
    """Use model NAME by default in this workspace."""
    terminal.say("promoted", name=promote(name, workspace=workspace).name)
    return EXIT_DONE


@models.command("make")
@click.argument("weights", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--recipe",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Recipe that made the checkpoint.",
)
@click.option("--into", type=click.Path(path_type=Path), required=True, help="Folder to make.")
@click.option("--version", "model_version", required=True, help="Version of the model.")
@click.option("--imgsz", type=int, required=True, help="Side of the square input, px.")
@click.option("--int8/--fp32", default=True, show_default=True, help="Arithmetic of the weights.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="ZOUBIAN_DATA",
    default=Path("../shared/data"),
    show_default=True,
    help="Folder that the recipe's data is relative to.",
)
@click.pass_obj
def make_model(
    terminal: Terminal,
    weights: Path,
    recipe: Path,
    into: Path,
    model_version: str,
    imgsz: int,
    int8: bool,
    data: Path,
) -> int:
    """Turn a checkpoint (WEIGHTS, .pt) into a model: export, calibrate, measure, write cards."""
    if find_spec("ultralytics") is None:
        terminal.say("train_missing")
        return EXIT_NOTHING_DONE
    from zoubian.training.publish import publish
    from zoubian.training.recipe import load_recipe

    manifest = publish(
        weights,
        folder=into,
        version=model_version,
        imgsz_px=imgsz,
        int8=int8,
        recipe=load_recipe(recipe),
        data_root=data,
    )
    terminal.document({"name": manifest.name, "metrics": dict(manifest.metrics)})
    return EXIT_DONE


def _row(manifest: Manifest, origin: str, chosen: str) -> dict[str, Any]:
    return {
        "name": manifest.name,
        "version": manifest.version,
        "origin": origin,
        "default": manifest.name == chosen,
        "classes": list(manifest.classes),
        "head": manifest.head,
        "input_hw_px": list(manifest.input_hw_px),
        "quantisation": manifest.quantisation,
        "sha256": manifest.sha256,
        "metrics": dict(manifest.metrics),
    }
