"""zoubian user: who may sign in; the first administrator is made here."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from zoubian.api.cli.models import workspace_option
from zoubian.api.cli.terminal import EXIT_DONE, Terminal
from zoubian.pipeline import bootstrap
from zoubian.pipeline.accounts.service import (
    AccountView,
    accounts,
    add_account,
    issue_code,
)
from zoubian.pipeline.bootstrap import Workspace
from zoubian.pipeline.settings import Settings


@click.group()
def user() -> None:
    """Accounts: who may sign in to the service."""


@user.command("add")
@click.argument("user_id")
@click.option(
    "--admin", is_flag=True, help="Let the user administer, whatever the organisation says."
)
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def add(terminal: Terminal, user_id: str, admin: bool, workspace: Path, as_json: bool) -> int:
    """Let USER_ID (as in the organisation) sign in, and print a one-time code for the password."""
    opened = bootstrap.open_workspace(Settings(workspace=workspace))
    with opened.uow() as session:
        add_account(session, user_id, admin=admin, at=opened.clock())
    return _give_code(terminal, opened, user_id, as_json)


@user.command("reset")
@click.argument("user_id")
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def reset(terminal: Terminal, user_id: str, workspace: Path, as_json: bool) -> int:
    """Take USER_ID's password and sessions away, and print a one-time code for a new one."""
    opened = bootstrap.open_workspace(Settings(workspace=workspace))
    return _give_code(terminal, opened, user_id, as_json)


@user.command("list")
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def list_users(terminal: Terminal, workspace: Path, as_json: bool) -> int:
    """Show who may sign in."""
    opened = bootstrap.open_workspace(Settings(workspace=workspace))
    with opened.uow.reading() as session:
        organisation = opened.organisation.current(session)
        found = accounts(session)
    if as_json:
        terminal.document({"accounts": [_document(one) for one in found]})
        return EXIT_DONE
    table = terminal.table("user", "name", "account_state")
    for one in found:
        state = "disabled" if one.disabled else "active" if one.has_password else "no_password"
        table.row(one.user_id, organisation.name_of(one.user_id) or "", terminal.text(state))
    table.print()
    return EXIT_DONE


def _document(account: AccountView) -> dict[str, Any]:
    until = account.code_until
    return {
        **asdict(account),
        "created_at": account.created_at.isoformat(),
        "code_until": until.isoformat() if until else None,
    }


def _give_code(terminal: Terminal, opened: Workspace, user_id: str, as_json: bool) -> int:
    valid = timedelta(hours=opened.settings.code_hours)
    now = opened.clock()
    with opened.uow() as session:
        code = issue_code(session, user_id, at=now, valid=valid)
    if as_json:
        until = (now + valid).isoformat()
        terminal.document({"user_id": user_id, "code": code, "until": until})
    else:
        terminal.say("one_time_code", user=user_id, code=code, hours=opened.settings.code_hours)
    return EXIT_DONE
