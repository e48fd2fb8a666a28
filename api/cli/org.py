"""zoubian org: the organisation as data, loaded from a workbook and shapes."""

from datetime import date, datetime
from pathlib import Path

import click

from zoubian.api.cli.models import workspace_option
from zoubian.api.cli.terminal import EXIT_DONE, EXIT_NOTHING_DONE, Terminal
from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.datasets.organisation.example import SEED, SHAPES, WORKBOOK, write_example
from zoubian.datasets.organisation.workbook import write_template
from zoubian.pipeline import bootstrap
from zoubian.pipeline.domain.geo import Crs
from zoubian.pipeline.domain.local_time import local_day
from zoubian.pipeline.organisation.document import changed_fields, load_document
from zoubian.pipeline.organisation.history import Effect
from zoubian.pipeline.organisation.service import (
    LIMITS,
    LoadReport,
    load_files,
    plan_load,
    read_files,
)
from zoubian.pipeline.organisation.stated import KIND_TITLES
from zoubian.pipeline.organisation.stored import read_statements
from zoubian.pipeline.settings import Settings

# Changes named one by one; the JSON document names them all.
_SHOWN = 30


@click.group()
def org() -> None:
    """The organisation: units, groups, people, areas, streets, permits."""


@org.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--dry-run", is_flag=True, help="Check and say what would change; write nothing.")
@click.option(
    "--crs",
    type=click.Choice(["wgs84", "gcj02"]),
    default="wgs84",
    show_default=True,
    help="Datum of the shapes.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day from which changes count, not later than today.  [default: today]",
)
@click.option(
    "--complete",
    is_flag=True,
    help="The files name all there is: what they leave out of their sheets ends.",
)
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def load(
    terminal: Terminal,
    files: tuple[Path, ...],
    dry_run: bool,
    crs: Crs,
    as_of: datetime | None,
    complete: bool,
    workspace: Path,
    as_json: bool,
) -> int:
    """Load workbooks (.xlsx) and shapes (.geojson) that belong together (FILES).

    Nothing is loaded while any row is wrong; every wrong row is named. Loading the same files
    again changes nothing.
    """
    opened = bootstrap.open_workspace(Settings(workspace=workspace))
    now = opened.clock()
    day = _day(as_of, local_day(now))
    read = read_files(files, crs=crs, categories=packaged_tables().categories, limits=LIMITS)
    version = None
    if dry_run:
        with opened.uow.reading() as session:
            report = plan_load(read_statements(session), read, as_of=day, complete=complete)
    else:
        with opened.uow() as session:
            report, version = load_files(session, read, as_of=day, complete=complete, loaded_at=now)
        if version is not None:
            bootstrap.see_permits(opened)
    if as_json:
        terminal.document(
            load_document(report, dry_run=dry_run, version=version, language=terminal.lang)
        )
    else:
        _print(terminal, report, dry_run=dry_run)
    return EXIT_NOTHING_DONE if report.problems else EXIT_DONE


@org.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Workbook (.xlsx) to write.",
)
@click.pass_obj
def template(terminal: Terminal, out: Path) -> int:
    """Write the workbook to be filled in, with an explanation and example rows."""
    if out.suffix.lower() != ".xlsx":
        raise click.BadParameter("the workbook's name must end in .xlsx")
    out.parent.mkdir(parents=True, exist_ok=True)
    write_template(out)
    terminal.say("template_written", path=str(out))
    return EXIT_DONE


@org.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the workbook and the shapes.",
)
@click.option(
    "--seed", type=int, default=SEED, show_default=True, help="Another seed, another city."
)
@click.pass_obj
def example(terminal: Terminal, out: Path, seed: int) -> int:
    """Write an invented organisation of full size, to try the program with."""
    write_example(out, seed=seed)
    for name in (WORKBOOK, SHAPES):
        terminal.say("org_example", path=str(out / name))
    return EXIT_DONE


def _day(as_of: datetime | None, today: date) -> date:
    day = as_of.date() if as_of is not None else today
    if day > today:
        raise click.BadParameter(f"{day} is still to come; rows have dates for that")
    return day


def _print(terminal: Terminal, report: LoadReport, *, dry_run: bool) -> None:
    for note in report.notes:
        terminal.remark("note", note)
    for problem in report.problems:
        terminal.remark("org_problem", problem)
    if report.problems:
        terminal.say("org_refused", count=len(report.problems))
        return
    table = terminal.table("sheet", *(effect.value for effect in Effect))
    for kind in dict.fromkeys(change.statement.kind for change in report.changes):
        counts = [str(len(report.of_effect(kind, effect))) for effect in Effect]
        table.row(KIND_TITLES[kind], *counts)
    table.print()
    told = [c for c in report.changes if c.effect in (Effect.CHANGED, Effect.ENDED)]
    for change in told[:_SHOWN]:
        cells = "，".join(f"{t}：{a or '—'} → {b or '—'}" for t, a, b in changed_fields(change))
        name = f"{KIND_TITLES[change.statement.kind]} {change.statement.identity}"
        terminal.say(
            "org_change", effect=terminal.text(change.effect.value), name=name, cells=cells
        )
    if len(told) > _SHOWN:
        terminal.say("org_more", count=len(told) - _SHOWN)
    if all(change.effect is Effect.UNCHANGED for change in report.changes):
        terminal.say("org_unchanged")
    else:
        terminal.say("org_dry_run" if dry_run else "org_loaded", day=report.as_of)
