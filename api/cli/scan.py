"""zoubian scan: photos and footage in, a table of candidates out."""

import re
import time
from collections.abc import Sequence
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import click

from zoubian.api.cli.models import workspace_option
from zoubian.api.cli.terminal import (
    EXIT_DONE,
    EXIT_NOTHING_DONE,
    EXIT_SOME_FAILED,
    Terminal,
)
from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.models.registry.manifest import Manifest
from zoubian.pipeline import bootstrap
from zoubian.pipeline.bootstrap import Workspace
from zoubian.pipeline.candidates.document import scan_document
from zoubian.pipeline.candidates.knowledge import members_in_words
from zoubian.pipeline.candidates.report import render_report
from zoubian.pipeline.candidates.result import ResultCandidate, ScanResult, scan_result
from zoubian.pipeline.domain.problems import Note
from zoubian.pipeline.intake.datum import Crs
from zoubian.pipeline.settings import Settings

_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")


class UtcOffset(click.ParamType[int]):
    """An offset from UTC, +HH:MM, as minutes."""

    name = "+HH:MM"

    def convert(
        self, value: object, param: click.Parameter | None, context: click.Context | None
    ) -> int:
        """Minutes east of UTC."""
        if isinstance(value, int):
            return value
        match = _OFFSET.fullmatch(str(value))
        minutes = int(match[2]) * 60 + int(match[3]) if match else 0
        if match is None or minutes > 14 * 60:
            self.fail(f"{value!r} is no offset from UTC such as +08:00", param, context)
        return -minutes if match[1] == "-" else minutes


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--track",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="GPX or NMEA track of the patrol; tracks among the media are found by themselves.",
)
@click.option(
    "--tz",
    type=UtcOffset(),
    envvar="ZOUBIAN_TZ",
    default="+08:00",
    show_default=True,
    help="Offset from UTC of photo and video times that name none.",
)
@click.option(
    "--video-ahead",
    type=float,
    help="Seconds that the cameras' clock is ahead of the track's.  [default: found by turns and"
    " stops, where they tell]",
)
@click.option(
    "--crs",
    type=click.Choice(["wgs84", "gcj02"]),
    default="wgs84",
    show_default=True,
    help="Datum of positions that name none.",
)
@click.option(
    "--fine",
    is_flag=True,
    help="Look at large photos in tiles too: finds small and far things, several times slower.",
)
@click.option("--patrol", help="Name of the patrol; the same name goes on with the same patrol.")
@click.option("--model", help="Name of the model.  [default: the workspace's default model]")
@click.option(
    "--places",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="ZOUBIAN_PLACES",
    help="CSV file of roads and places, for positions in words.",
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report, one HTML file, here.",
)
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def scan(
    terminal: Terminal,
    paths: tuple[Path, ...],
    track: Path | None,
    tz: int,
    video_ahead: float | None,
    crs: Crs,
    fine: bool,
    patrol: str | None,
    model: str | None,
    places: Path | None,
    report: Path | None,
    workspace: Path,
    as_json: bool,
) -> int:
    """Look through photos, videos and folders (PATHS) and propose candidate cases.

    Stopped at any moment and run again, it goes on where it was; nothing is done twice.
    """
    started = time.monotonic()
    opened = bootstrap.open_workspace(_settings(workspace, places, fine=fine))
    eye = bootstrap.open_eye(opened, model=model)
    with terminal.progress("analysing") as bar:
        outcome = bootstrap.scan(
            opened,
            paths,
            eye=eye,
            track=track,
            tz_offset_min=tz,
            crs=crs,
            patrol_name=patrol,
            video_ahead_s=video_ahead,
            on_progress=lambda p: bar.show(p.done + p.failed, p.total, Path(p.path).name),
        )
    tables = packaged_tables()
    with opened.uow.reading() as session:
        result = scan_result(session, outcome.patrol_id, tables=tables)
    seconds = time.monotonic() - started
    if as_json:
        terminal.document(
            scan_document(result, opened.files, seconds=seconds, language=terminal.lang)
        )
    else:
        _print(terminal, result, seconds)
    if report is not None:
        _write_report(opened, eye.manifest, result, report)
        terminal.say("report_written", path=str(report))
    if not result.problems:
        return EXIT_DONE
    return EXIT_SOME_FAILED if any(m.frames_sampled for m in result.media) else EXIT_NOTHING_DONE


def _settings(workspace: Path, places: Path | None, *, fine: bool) -> Settings:
    """What the environment sets, and over it what the command names."""
    given: dict[str, Any] = {"workspace": workspace}
    if places is not None:
        given["places"] = places
    if fine:
        given["fine"] = True
    return Settings(**given)


def _print(terminal: Terminal, result: ScanResult, seconds: float) -> None:
    if result.candidates:
        table = terminal.table(
            "number", "finding", "members", "precision", "place", "when", "frames"
        )
        zone = timezone(timedelta(minutes=result.tz_offset_min))
        for candidate in result.candidates:
            table.row(*_cells(terminal, candidate, zone))
        table.print()
    else:
        terminal.say("no_candidates")
    _print_notes(terminal, result.notes)
    for problem in result.problems:
        terminal.remark("problem", problem)
    terminal.say(
        "scan_summary",
        media=len(result.media),
        candidates=len(result.candidates),
        problems=len(result.problems),
        seconds=seconds,
    )


def _print_notes(terminal: Terminal, notes: Sequence[Note]) -> None:
    """One line for each thing there is to know, not for each of two hundred photos."""
    by_line: dict[tuple[str, str, str], list[Note]] = {}
    for note in notes:
        by_line.setdefault((note.code, note.message_zh, note.message_en), []).append(note)
    for same in by_line.values():
        if len(same) == 1:
            terminal.remark("note", same[0])
            continue
        message = same[0].message_zh if terminal.lang == "zh" else same[0].message_en
        terminal.say(
            "notes", path=same[0].path, count=len(same), more=len(same) - 1, message=message
        )


def _cells(terminal: Terminal, candidate: ResultCandidate, zone: timezone) -> tuple[str, ...]:
    tables = packaged_tables()
    chinese = terminal.lang == "zh"
    known = tables.categories.get(candidate.category) if candidate.category else None
    seen = tables.visual_classes[candidate.visual_class]
    finding = known.name_zh if chinese and known else known.meaning_en if known else None
    in_words = members_in_words(candidate.members, tables)
    place = candidate.place_zh if chinese else candidate.place_en
    when = candidate.first_seen_at
    return (
        candidate.number,
        finding or (seen.name_zh if chinese else seen.name_en),
        in_words[0] if chinese else in_words[1],
        terminal.text("unproven") if candidate.precision is None else f"{candidate.precision:.0%}",
        place or "-",
        "-" if when is None else f"{when.astimezone(zone):%m-%d %H:%M}",
        str(len(candidate.frames)),
    )


def _write_report(
    workspace: Workspace, manifest: Manifest, result: ScanResult, target: Path
) -> None:
    page = render_report(
        result,
        workspace.files,
        manifest=manifest,
        tables=packaged_tables(),
        places=bootstrap.load_place_file(workspace)[0],
        generated_at=workspace.clock(),
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.write_text(page, encoding="utf-8")
    part.replace(target)
