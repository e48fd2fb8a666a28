"""zoubian ledger: is it whole, where does it end, and a copy that others can verify."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import click

from zoubian.api.cli.models import workspace_option
from zoubian.api.cli.terminal import EXIT_DONE, EXIT_SOME_FAILED, Terminal
from zoubian.pipeline import bootstrap
from zoubian.pipeline.dispatch.rules_check import compare_deadlines
from zoubian.pipeline.ledger.cases_check import compare_cases
from zoubian.pipeline.ledger.check import Comparison, check
from zoubian.pipeline.ledger.events import head
from zoubian.pipeline.ledger.export import export
from zoubian.pipeline.ledger.faults import Fault
from zoubian.pipeline.ledger.heads import note_head, read_heads, write_head
from zoubian.pipeline.ledger.rows import stored_head
from zoubian.pipeline.review.check import compare_candidates
from zoubian.pipeline.settings import Settings

# Faults named one by one; the others are counted: a ledger may be wrong from end to end.
_NAMED = 1000

_COMPARISONS: tuple[Comparison, ...] = (
    compare_cases,
    compare_candidates,
    compare_deadlines,
)


@click.group()
def ledger() -> None:
    """The ledger: what happened, appended only."""


@ledger.command("check")
@click.option(
    "--against",
    multiple=True,
    metavar="HEAD",
    help="NUMBER:HASH as `ledger head` printed it earlier, or a file of such lines; may be given "
    "several times.  [default: the file of ZOUBIAN_LEDGER_HEADS]",
)
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def check_ledger(
    terminal: Terminal, against: tuple[str, ...], workspace: Path, as_json: bool
) -> int:
    """Recompute the whole chain and name every fault; ends with 1 when there is one."""
    opened = bootstrap.open_workspace(Settings(workspace=workspace))
    notes = opened.settings.ledger_heads
    if not against and notes is not None and notes.exists():
        against = (str(notes),)
    noted = [found for given in against for found in read_heads(given)]
    started = time.monotonic()
    with opened.uow.reading() as session, terminal.progress("checking") as bar:
        faults = check(
            session,
            noted=noted,
            comparisons=_COMPARISONS,
            on_walked=lambda done, total: bar.show(done, total, ""),
        )
        named = list(islice(faults, _NAMED))
        count = len(named) + sum(1 for _ in faults)
        end = stored_head(session)
    if as_json:
        terminal.document(
            {
                "head": asdict(end) if end is not None else None,
                "compared_heads": len(noted),
                "faults_found": count,
                "faults": [asdict(fault) for fault in named],
                "seconds": round(time.monotonic() - started, 3),
            }
        )
    elif count:
        _print(terminal, named, count=count)
    else:
        assert end is not None  # its absence is a fault
        terminal.say("ledger_whole", count=end.number, head=write_head(end))
        terminal.say("ledger_noted" if noted else "ledger_unnoted", noted=len(noted))
    return EXIT_SOME_FAILED if count else EXIT_DONE


@ledger.command("export")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="File to write, one event a line.",
)
@workspace_option
@click.pass_obj
def export_ledger(terminal: Terminal, out: Path, workspace: Path) -> int:
    """Write every event into a file that docs/verify_ledger.py verifies without this program."""
    opened = bootstrap.open_workspace(Settings(workspace=workspace))
    with opened.uow.reading() as session:
        end = export(session, out, at=opened.clock())
    terminal.say("ledger_exported", path=str(out), count=end.number, head=write_head(end))
    return EXIT_DONE


@ledger.command("head")
@click.option(
    "--note",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Append the line to this file, kept where the database cannot reach.  "
    "[default: the file of ZOUBIAN_LEDGER_HEADS]",
)
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def print_head(terminal: Terminal, note: Path | None, workspace: Path, as_json: bool) -> int:
    """Print the number and hash of the last event: keep them outside, for `check --against`."""
    opened = bootstrap.open_workspace(Settings(workspace=workspace))
    with opened.uow.reading() as session:
        end = head(session)
    note = note or opened.settings.ledger_heads
    if note is not None:
        note_head(note, end, at=opened.clock())
    if as_json:
        terminal.document(asdict(end))
    else:
        click.echo(write_head(end))
    return EXIT_DONE


def _print(terminal: Terminal, named: Sequence[Fault], *, count: int) -> None:
    table = terminal.table("event", "fault", "what")
    for fault in named:
        number = "" if fault.number is None else str(fault.number)
        words = fault.message_zh if terminal.lang == "zh" else fault.message_en
        table.row(number, fault.code, words)
    table.print()
    terminal.say("ledger_faulty", count=count, named=len(named))
