"""zoubian doctor: is this machine ready, and if not, what to do."""

from dataclasses import asdict
from pathlib import Path

import click

from zoubian.api.cli.checks import run_checks
from zoubian.api.cli.models import workspace_option
from zoubian.api.cli.terminal import EXIT_DONE, EXIT_SOME_FAILED, Terminal


@click.command()
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def doctor(terminal: Terminal, workspace: Path, as_json: bool) -> int:
    """Check this machine: libraries, runtime, model, fonts, workspace."""
    checks = list(run_checks(workspace))
    if as_json:
        terminal.document({"checks": [asdict(check) for check in checks]})
    else:
        table = terminal.table("check", "result", "what")
        for check in checks:
            words = check.message_zh if terminal.lang == "zh" else check.message_en
            table.row(check.name, check.state, words)
        table.print()
    return EXIT_SOME_FAILED if any(check.state == "fail" for check in checks) else EXIT_DONE
