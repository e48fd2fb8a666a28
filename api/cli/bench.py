"""zoubian bench: how much of the bare model's speed is left from photos or footage to boxes."""

from dataclasses import asdict
from pathlib import Path

import click

from zoubian.api.cli.models import workspace_option
from zoubian.api.cli.terminal import EXIT_DONE, Terminal
from zoubian.detector.bench import run_bench
from zoubian.models.registry.service import find_model
from zoubian.pipeline.jobs.footage_rules import bench_footage


@click.command()
@click.option(
    "--pictures",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of JPEG pictures.  [default: 1280x720 frames drawn from a seed]",
)
@click.option(
    "--footage",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Measure looking at this video instead, as `scan` does it.",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=1.0),
    default=30.0,
    show_default=True,
    help="Of the drive that the footage is taken for, km/h.",
)
@click.option(
    "--length",
    type=click.FloatRange(min=1.0),
    default=60.0,
    show_default=True,
    help="At most so much of the footage, s.",
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
    footage: Path | None,
    speed: float,
    length: float,
    model: str | None,
    runtime: str,
    threads: int | None,
    seconds: float,
    rounds: int,
    workspace: Path,
    as_json: bool,
) -> int:
    """Measure frames per second of the model alone and of the whole path, in one run.

    Of footage also hours worked off by a core in an hour, and what the limit is: the decoder, or
    the model.
    """
    manifest = find_model(model, workspace)
    if footage is not None:
        measured = asdict(
            bench_footage(
                manifest,
                footage.absolute(),
                runtime=runtime,
                threads=threads,
                speed_mps=speed / 3.6,
                footage_s=length,
                seconds=seconds,
                rounds=rounds,
            )
        )
    else:
        measured = asdict(
            run_bench(
                manifest,
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
        table.row(name, f"{value:.2f}" if isinstance(value, float) else str(value or "-"))
    table.print()
    return EXIT_DONE
