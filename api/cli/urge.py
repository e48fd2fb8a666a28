"""zoubian urge: what each unit is urged about, ready to paste into a messenger."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from zoubian.api.cli.deadlines import LOCAL_TIMES, acting, json_option, user_option
from zoubian.api.cli.models import workspace_option
from zoubian.api.cli.terminal import EXIT_DONE, EXIT_SOME_FAILED, Terminal
from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.pipeline import bootstrap
from zoubian.pipeline.candidates.fonts import find_cjk_font
from zoubian.pipeline.dispatch.service import (
    Urged,
    UrgeRules,
    log_urging,
    sheets_to_urge,
    write_sheet,
)
from zoubian.pipeline.dispatch.urging import Level, UrgeSheet
from zoubian.pipeline.domain.local_time import from_local, local_clock, local_day
from zoubian.pipeline.organisation.stored import read_organisation
from zoubian.pipeline.settings import Settings


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the messages, workbooks and pictures.",
)
@click.option("--unit", "units", multiple=True, help="Only this unit's id; may be given again.")
@click.option(
    "--at",
    type=click.DateTime(LOCAL_TIMES),
    help="Local time for which it is decided what is due.  [default: now]",
)
@click.option("--dry-run", is_flag=True, help="Write the files, but note nothing in the ledger.")
@user_option
@workspace_option
@json_option
@click.pass_obj
def urge(
    terminal: Terminal,
    out: Path,
    units: tuple[str, ...],
    at: datetime | None,
    dry_run: bool,
    user: str | None,
    workspace: Path,
    as_json: bool,
) -> int:
    """Write what each unit is urged about (催办/督办), and note it in the ledger.

    For each unit with due or overdue cases: messages to paste, a workbook to print, pictures to
    send.
    """
    settings = Settings(workspace=workspace)
    opened = bootstrap.open_workspace(settings)
    now = opened.clock()
    moment = now if at is None else from_local(at)
    with opened.uow.reading() as session:
        names = {
            unit.id: unit.name_zh for unit in read_organisation(session).units_on(local_day(now))
        }
        sheets = sheets_to_urge(
            session,
            now=moment,
            categories=packaged_tables().categories,
            unit_names=names,
            unit_ids=units or None,
        )
    rules = UrgeRules(settings.urge_text_chars, settings.urge_picture_px, find_cjk_font())
    if rules.font is None and sheets:
        terminal.say("no_font_no_picture")
    files: dict[str, list[Path]] = {}
    with terminal.progress("urging") as bar:
        for done, sheet in enumerate(sheets, start=1):
            files[sheet.unit_id] = write_sheet(sheet, out, rules)
            bar.show(done, len(sheets), sheet.unit_zh)
    urged = None
    if sheets and not dry_run:
        with opened.uow() as session:
            urged = log_urging(session, sheets, actor=acting(user), now=now)
    if as_json:
        terminal.document(_document(terminal, moment, sheets, files, urged))
    else:
        _print(terminal, sheets, files, urged)
    return EXIT_SOME_FAILED if urged is not None and urged.refused else EXIT_DONE


def _print(
    terminal: Terminal,
    sheets: list[UrgeSheet],
    files: dict[str, list[Path]],
    urged: Urged | None,
) -> None:
    if not sheets:
        terminal.say("nothing_to_urge")
        return
    table = terminal.table("unit", *(level.value for level in Level), "files")
    for sheet in sheets:
        counts = sheet.counts()
        numbers = [str(counts.get(level, 0)) for level in Level]
        table.row(sheet.unit_zh, *numbers, str(len(files[sheet.unit_id])))
    table.print()
    terminal.say("urge_written", path=str(files[sheets[0].unit_id][0].parent))
    if urged is None:
        terminal.say("urge_not_logged")
        return
    terminal.say("urge_logged", count=len(urged.logged))
    numbers_of = {case.case_id: case.number for sheet in sheets for case in sheet.cases}
    for case_id, refusal in urged.refused.items():
        message = refusal.message_zh if terminal.lang == "zh" else refusal.message_en
        terminal.say("urge_refused", number=numbers_of[case_id], message=message)


def _document(
    terminal: Terminal,
    moment: datetime,
    sheets: list[UrgeSheet],
    files: dict[str, list[Path]],
    urged: Urged | None,
) -> dict[str, Any]:
    refused = {} if urged is None else urged.refused
    chinese = terminal.lang == "zh"
    return {
        "at": local_clock(moment).isoformat(timespec="minutes"),
        "batch": None if urged is None else urged.batch,
        "logged": 0 if urged is None else len(urged.logged),
        "refused": [
            {"case": case_id, "message": why.message_zh if chinese else why.message_en}
            for case_id, why in refused.items()
        ],
        "units": [
            {
                "unit": sheet.unit_id,
                "unit_zh": sheet.unit_zh,
                "cases": [case.number for case in sheet.cases],
                **{level.value: sheet.counts().get(level, 0) for level in Level},
                "files": [str(path) for path in files[sheet.unit_id]],
            }
            for sheet in sheets
        ],
    }
