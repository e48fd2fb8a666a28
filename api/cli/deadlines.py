"""zoubian deadlines: rules, calendar, working hours and weather as data."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from zoubian.api.cli.models import workspace_option
from zoubian.api.cli.terminal import (
    EXIT_DONE,
    EXIT_NOTHING_DONE,
    EXIT_WRONG_USE,
    Terminal,
)
from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.datasets.deadlines.example import example_rows
from zoubian.datasets.deadlines.sheets import DAYS, DEADLINES, HOURS, SHEETS, WEATHER
from zoubian.datasets.organisation.sheets import Sheet
from zoubian.datasets.organisation.workbook import write_workbook
from zoubian.pipeline import bootstrap
from zoubian.pipeline.bootstrap import Workspace
from zoubian.pipeline.deadlines.calendar import announced_years, special_days
from zoubian.pipeline.deadlines.loading import Effect, known_conditions
from zoubian.pipeline.deadlines.rules import RuleText, all_rules, rules_in_force
from zoubian.pipeline.dispatch.loading import (
    LoadPlan,
    declare,
    plan_load,
    store_load,
    stored_rows,
)
from zoubian.pipeline.dispatch.refresh import REFRESH_CHUNK, refresh_due
from zoubian.pipeline.dispatch.tables import Tables, read_tables
from zoubian.pipeline.domain.actors import SYSTEM, Actor, Role
from zoubian.pipeline.domain.local_time import from_local, local_day
from zoubian.pipeline.organisation.service import LIMITS
from zoubian.pipeline.settings import Settings

LOCAL_TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]

user_option = click.option(
    "--user",
    help="Id of the user of the office who does it, for the ledger.  [default: the software]",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Check and say what would change; write nothing."
)
file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def deadlines() -> None:
    """Deadlines as data: rules by filing condition, calendar, working hours, weather."""


@deadlines.command()
@file_argument
@dry_run_option
@user_option
@workspace_option
@json_option
@click.pass_obj
def load(
    terminal: Terminal, file: Path, dry_run: bool, user: str | None, workspace: Path, as_json: bool
) -> int:
    """Load a workbook (FILE, .xlsx) of rules, special days and working hours.

    Nothing is loaded while any row is wrong; every wrong row is named. Cases keep the rules that
    they were registered under; a changed calendar moves the due times of open cases.
    """
    return _load(terminal, file, SHEETS, dry_run, user, workspace, as_json)


@deadlines.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Workbook (.xlsx) to write.",
)
@click.option(
    "--example", is_flag=True, help="Another city's deadlines instead of the workspace's own."
)
@workspace_option
@click.pass_obj
def template(terminal: Terminal, out: Path, example: bool, workspace: Path) -> int:
    """Write what is in force as a workbook to change and load; without any, another city's."""
    if out.suffix.lower() != ".xlsx":
        raise click.BadParameter("the workbook's name must end in .xlsx")
    opened = bootstrap.open_workspace(Settings(workspace=workspace))
    tables = packaged_tables()
    with opened.uow.reading() as session:
        rows = stored_rows(session, tables, now=opened.clock())
    if example or not rows["rule"]:
        rows = {**rows, **{k: v for k, v in example_rows(tables).items() if v}}
    out.parent.mkdir(parents=True, exist_ok=True)
    write_workbook(out, rows, title="整改时限、日历与工作时间", layout=DEADLINES)
    terminal.say("template_written", path=str(out))
    return EXIT_DONE


@deadlines.command()
@click.argument("category")
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day for which to show them.  [default: today]",
)
@workspace_option
@json_option
@click.pass_obj
def show(
    terminal: Terminal, category: str, at: datetime | None, workspace: Path, as_json: bool
) -> int:
    """Show the deadlines of CATEGORY (its id or Chinese name) by filing condition."""
    known = packaged_tables().categories
    found = next((c for c in known.values() if category in (c.id, c.name_zh)), None)
    if found is None:
        terminal.say("unknown_category", name=category)
        return EXIT_WRONG_USE
    opened = bootstrap.open_workspace(Settings(workspace=workspace))
    day = at.date() if at else local_day(opened.clock())
    with opened.uow.reading() as session:
        rules = rules_in_force(session, day, category=found.id)
    if as_json:
        document = [{"id": rule.id, **_rule_document(rule.text)} for rule in rules]
        terminal.document({"category": found.id, "day": str(day), "rules": document})
        return EXIT_DONE
    if not rules:
        terminal.say("no_deadlines")
    table = terminal.table("condition", "deadline", "warning", "supervision", "rework", "rule_of")
    for rule in rules:
        text = rule.text
        table.row(
            text.condition_zh if terminal.lang == "zh" else text.condition_en,
            f"{text.amount}{text.clock}" if text.amount else "-",
            text.warning,
            text.supervision,
            text.rework,
            terminal.text("example_of", city=text.city) if text.example else text.city,
        )
    if rules:
        table.print()
    return EXIT_DONE


@deadlines.command()
@click.argument("kind", type=click.Choice(sorted(WEATHER.values())))
@click.option(
    "--from", "starts", type=click.DateTime(LOCAL_TIMES), required=True, help="When it began."
)
@click.option(
    "--until", "ends", type=click.DateTime(LOCAL_TIMES), help="When it ended.  [default: it lasts]"
)
@user_option
@workspace_option
@click.pass_obj
def weather(
    terminal: Terminal,
    kind: str,
    starts: datetime,
    ends: datetime | None,
    user: str | None,
    workspace: Path,
) -> int:
    """Declare weather (KIND) that stops the clocks of rules that name it; local times.

    Said again with the same beginning, it is given its end.
    """
    if ends is not None and ends <= starts:
        raise click.BadParameter("it must end after it began")
    opened = bootstrap.open_workspace(Settings(workspace=workspace))
    with opened.uow() as session:
        declare(
            session,
            kind,
            starts_at=from_local(starts),
            ends_at=None if ends is None else from_local(ends),
            actor=acting(user),
            now=opened.clock(),
        )
    _refresh(terminal, opened)
    return EXIT_DONE


@deadlines.command()
@workspace_option
@click.pass_obj
def refresh(terminal: Terminal, workspace: Path) -> int:
    """Count the due times of all open cases anew, after a load that was stopped."""
    _refresh(terminal, bootstrap.open_workspace(Settings(workspace=workspace)))
    return EXIT_DONE


@deadlines.group()
def calendar() -> None:
    """Holidays, make-up working days and working hours."""


@calendar.command("load")
@file_argument
@dry_run_option
@user_option
@workspace_option
@json_option
@click.pass_obj
def load_calendar(
    terminal: Terminal, file: Path, dry_run: bool, user: str | None, workspace: Path, as_json: bool
) -> int:
    """Load only the special days and working hours of a workbook (FILE, .xlsx)."""
    return _load(terminal, file, (DAYS, HOURS), dry_run, user, workspace, as_json)


@calendar.command("show")
@click.argument("year", type=click.IntRange(2000, 2200))
@workspace_option
@json_option
@click.pass_obj
def show_calendar(terminal: Terminal, year: int, workspace: Path, as_json: bool) -> int:
    """Show the days of YEAR that differ from plain weekdays."""
    opened = bootstrap.open_workspace(Settings(workspace=workspace))
    with opened.uow.reading() as session:
        known = year in announced_years(session)
        days = sorted(
            (day for day in special_days(session).values() if day.day.year == year),
            key=lambda day: day.day,
        )
    if as_json:
        shown = [{"day": str(d.day), "worked": d.worked, "name": d.name} for d in days]
        terminal.document({"year": year, "announced": known, "days": shown})
        return EXIT_DONE
    if not known:
        terminal.say("year_provisional", year=year)
    table = terminal.table("day", "worked", "name")
    for day in days:
        table.row(str(day.day), terminal.text("on" if day.worked else "off"), day.name)
    table.print()
    return EXIT_DONE


def acting(user: str | None) -> Actor:
    """Who acts on the command line: a user of the office, or the software itself."""
    return SYSTEM if user is None else Actor(user, Role.OFFICE)


def _load(
    terminal: Terminal,
    file: Path,
    sheets: Sequence[Sheet],
    dry_run: bool,
    user: str | None,
    workspace: Path,
    as_json: bool,
) -> int:
    opened = bootstrap.open_workspace(Settings(workspace=workspace))
    now = opened.clock()
    with opened.uow.reading() as session:
        conditions = known_conditions(all_rules(session))
    tables = read_tables(
        file,
        sheets=sheets,
        categories=packaged_tables().categories,
        conditions=conditions,
        limits=LIMITS,
    )
    if dry_run or tables.problems:
        with opened.uow.reading() as session:
            plan = plan_load(session, tables, now=now)
    else:
        with opened.uow() as session:
            plan = plan_load(session, tables, now=now)
            store_load(
                session,
                plan,
                source=file.name,
                sha256=tables.sha256,
                actor=acting(user),
                now=now,
            )
    if as_json:
        terminal.document(_load_document(terminal, tables, plan, dry_run=dry_run))
    else:
        _print_load(terminal, tables, plan, dry_run=dry_run)
    if tables.problems:
        return EXIT_NOTHING_DONE
    if plan.moves_due_times and not dry_run:
        _refresh(terminal, opened)
    return EXIT_DONE


def _refresh(terminal: Terminal, opened: Workspace) -> None:
    with terminal.progress("counting_due") as bar:
        done = refresh_due(
            opened.uow, chunk=REFRESH_CHUNK, on_progress=lambda n: bar.show(n, n, "")
        )
    terminal.say("due_refreshed", cases=done.cases, moved=done.moved)


def _print_load(terminal: Terminal, tables: Tables, plan: LoadPlan, *, dry_run: bool) -> None:
    for note in tables.notes:
        terminal.remark("note", note)
    for problem in tables.problems:
        terminal.remark("org_problem", problem)
    if tables.problems:
        terminal.say("org_refused", count=len(tables.problems))
        return
    for change in plan.rules.of_effect(Effect.CHANGED):
        before = _in_words(change.before) if change.before else "-"
        after = " / ".join(map(_in_words, change.rows))
        terminal.say("rule_changed", name=change.rows[0].condition_zh, before=before, after=after)
    counts = {effect: len(plan.rules.of_effect(effect)) for effect in Effect}
    terminal.say(
        "rules_counted",
        new=counts[Effect.NEW],
        changed=counts[Effect.CHANGED],
        unchanged=counts[Effect.UNCHANGED],
        left_out=len(plan.rules.left_out),
    )
    terminal.say("days_counted", days=len(plan.days), years=", ".join(map(str, plan.years)) or "-")
    if any(row.example for change in plan.rules.changes for row in change.rows):
        terminal.say("example_rules")
    if not plan.new_rules and not plan.moves_due_times:
        terminal.say("org_unchanged")
    else:
        terminal.say("deadlines_dry_run" if dry_run else "deadlines_loaded")


def _in_words(text: RuleText) -> str:
    deadline = f"{text.amount}{text.clock}" if text.amount else "-"
    days = f"{text.valid_from or ''}~{text.valid_to or ''}"
    return deadline if days == "~" else f"{deadline}（{days}）"


def _load_document(
    terminal: Terminal, tables: Tables, plan: LoadPlan, *, dry_run: bool
) -> dict[str, Any]:
    chinese = terminal.lang == "zh"
    return {
        "dry_run": dry_run,
        "loaded": not (dry_run or tables.problems),
        "rules": {effect.value: len(plan.rules.of_effect(effect)) for effect in Effect}
        | {"left_out": len(plan.rules.left_out)},
        "days": len(plan.days),
        "years": list(plan.years),
        "hours": plan.hours is not None,
        "problems": [
            {
                "path": problem.path,
                "code": problem.code,
                "message": problem.message_zh if chinese else problem.message_en,
            }
            for problem in tables.problems
        ],
    }


def _rule_document(text: RuleText) -> dict[str, Any]:
    return {
        "condition": text.condition,
        "condition_zh": text.condition_zh,
        "amount": text.amount,
        "clock": text.clock and text.clock.value,
        "warning": text.warning,
        "supervision": text.supervision,
        "rework": text.rework,
        "weather": text.weather,
        "city": text.city,
        "example": text.example,
        "valid_from": text.valid_from and str(text.valid_from),
        "valid_to": text.valid_to and str(text.valid_to),
        "source": text.source,
    }
