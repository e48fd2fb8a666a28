"""zoubian suggest: one photo in, the categories it suggests out."""

from contextlib import closing
from functools import partial
from pathlib import Path

import click

from zoubian.api.cli.models import workspace_option
from zoubian.api.cli.scan import UtcOffset
from zoubian.api.cli.terminal import EXIT_DONE, EXIT_SOME_FAILED, Terminal
from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.pipeline import bootstrap
from zoubian.pipeline.candidates.photo import photo_quality, suggestions_for
from zoubian.pipeline.candidates.suggest import PhotoSuggestion, suggestion_document
from zoubian.pipeline.settings import Settings


@click.command()
@click.argument("photo", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--model", help="Name of the model.  [default: the workspace's default model]")
@click.option(
    "--tz",
    type=UtcOffset(),
    envvar="ZOUBIAN_TZ",
    default="+08:00",
    show_default=True,
    help="Offset from UTC of a photo time that names none.",
)
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def suggest(
    terminal: Terminal,
    photo: Path,
    model: str | None,
    tz: int,
    workspace: Path,
    as_json: bool,
) -> int:
    """Suggest categories for one PHOTO; nothing is stored."""
    opened = bootstrap.open_workspace(Settings(workspace=workspace))
    eye = bootstrap.open_eye(opened, model=model)
    with closing(bootstrap.warm_analyst(opened, eye)) as analyst:
        analysis = analyst.analyse(photo.read_bytes(), tz_offset_min=tz, crs="wgs84")
    if analysis.problem is not None:
        line = analysis.problem
        terminal.say(
            "problem", path=str(photo), message=line.zh if terminal.lang == "zh" else line.en
        )
        return EXIT_SOME_FAILED
    tables = packaged_tables()
    suggestions = suggestions_for(analysis, manifest=eye.manifest, tables=tables)
    if as_json:
        terminal.document(suggestion_document(suggestions, photo_quality(analysis)))
    elif suggestions:
        table = terminal.table("finding", "class", "precision")
        for row in map(partial(_cells, terminal), suggestions):
            table.row(*row)
        table.print()
    else:
        terminal.say("no_suggestion")
    return EXIT_DONE


def _cells(terminal: Terminal, item: PhotoSuggestion) -> tuple[str, str, str]:
    tables = packaged_tables()
    seen = tables.visual_classes[item.visual_class]
    known = tables.categories.get(item.category) if item.category else None
    chinese = terminal.lang == "zh"
    return (
        "-" if known is None else known.name_zh if chinese else known.meaning_en,
        seen.name_zh if chinese else seen.name_en,
        terminal.text("unproven") if item.precision is None else f"{item.precision:.0%}",
    )
