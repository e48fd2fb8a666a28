"""zoubian bench: how much of the bare model's speed is left from file to boxes."""

from dataclasses import asdict
from pathlib import Path

import click

from zoubian.api.cli.models import workspace_option
from zoubian.api.cli.terminal import EXIT_DONE, Terminal
from zoubian.detector.bench import run_bench
from zoubian.models.registry.service import find_model


@click.command()
@click.option(
    "--pictures",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of JPEG pictures.  [default: 1280x720 frames drawn from a seed]",
)
@click.option("--model", help="Name of the model.  [default: the workspace's default model]")
@click.option("--runtime", default="auto", show_default=True, help="openvino, onnxruntime, torch.")
@click.option("--threads", type=click.IntRange(min=1), help="CPU threads.  [default: all cores]")
@click.option(
    "--seconds", type=click.FloatRange(min=0.5), default=4.0, show_default=True, help="A round, s."
)
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="Rounds, alternating.",
)
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def bench(
    terminal: Terminal,
    pictures: Path | None,
    model: str | None,
    runtime: str,
    threads: int | None,
    seconds: float,
    rounds: int,
    workspace: Path,
    as_json: bool,
) -> int:
    """Measure frames per second of the model alone and of the whole path, in one run."""
    measured = asdict(
        run_bench(
            find_model(model, workspace),
            runtime=runtime,
            threads=threads,
            pictures=sorted(pictures.glob("*.jpg")) if pictures else None,
            seconds=seconds,
            rounds=rounds,
        )
    )
    if as_json:
        terminal.document(measured)
        return EXIT_DONE
    table = terminal.table("figure", "value")
    for name, value in measured.items():
        table.row(name, "-" if value is None else f"{value:.2f}")
    table.print()
    return EXIT_DONE
