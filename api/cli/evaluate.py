"""zoubian evaluate: measure a model on a labelled data set."""

from pathlib import Path

import click

from zoubian.api.cli.models import workspace_option
from zoubian.api.cli.terminal import EXIT_DONE, EXIT_NOTHING_DONE, EXIT_SOME_FAILED, Terminal
from zoubian.models.registry.service import find_model


@click.command()
@click.argument("data_yaml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--model", help="Name of the model.  [default: the workspace's default model]")
@click.option("--split", default="val", show_default=True, help="Which part of the data set.")
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def evaluate(
    terminal: Terminal,
    data_yaml: Path,
    model: str | None,
    split: str,
    workspace: Path,
    as_json: bool,
) -> int:
    """Average precision, precision and recall on the data set DATA_YAML (YOLO format).

    Classes are matched by name; those that only one side knows are left out.
    """
    from zoubian.datasets.formats import load_yolo_dataset
    from zoubian.detector.detector import load_detector
    from zoubian.training.evaluate import figures, look_at, match_classes

    manifest = find_model(model, workspace)
    dataset, problems = load_yolo_dataset(data_yaml, split)
    for problem in problems:
        terminal.remark("problem", problem)
    if not dataset.items:
        return EXIT_NOTHING_DONE
    detector = load_detector(
        manifest, runtime="auto", threads=None, precision="f32", cache_dir=None
    )
    looked = look_at(dataset, detector)
    matches = match_classes(looked, names=dataset.names, classes=manifest.classes)
    result = figures(matches, manifest.thresholds)
    if as_json:
        terminal.document(result.document())
    else:
        table = terminal.table("class", "boxes", "figure", "precision", "recall", "threshold")
        for name, one in result.per_class.items():
            shown = (one.ap50, one.precision, one.recall)
            ap50, precision, recall = ("-" if x is None else f"{x:.3f}" for x in shown)
            table.row(
                name, str(one.boxes), f"AP50 {ap50}", precision, recall, f"{one.threshold:.3f}"
            )
        table.row(terminal.text("mean"), "", f"mAP50 {result.map50}", "", "", "")
        table.print()
    return EXIT_SOME_FAILED if problems else EXIT_DONE
