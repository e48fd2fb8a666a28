"""Deadlines and the calendar: read by everybody, loaded by the office."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Request, UploadFile

from zoubian.api.http.context import Here
from zoubian.api.http.language import language_of
from zoubian.api.http.permissions import Permission, requires
from zoubian.api.http.routes.organisation import kept_apart
from zoubian.api.http.session import SignedIn
from zoubian.api.http.wire.base import Listed, Name
from zoubian.api.http.wire.registers import (
    CalendarDocument,
    DayDocument,
    DeadlineLoad,
    FindingDocument,
    RuleDocument,
)
from zoubian.datasets.deadlines.sheets import SHEETS
from zoubian.pipeline.deadlines.calendar import announced_years, special_days
from zoubian.pipeline.deadlines.loading import known_conditions
from zoubian.pipeline.deadlines.rules import all_rules, rules_in_force
from zoubian.pipeline.dispatch.loading import plan_load, store_load
from zoubian.pipeline.dispatch.refresh import REFRESH_CHUNK, refresh_due
from zoubian.pipeline.dispatch.tables import read_tables
from zoubian.pipeline.domain.local_time import local_day
from zoubian.pipeline.organisation.messages import Finding
from zoubian.pipeline.organisation.service import LIMITS

router = APIRouter(tags=["deadlines"])

Reader = Annotated[SignedIn, requires(Permission.SIGNED_IN)]
Loader = Annotated[SignedIn, requires(Permission.LOAD)]


@router.get("/deadlines/rules")
def list_rules(
    here: Here,
    _: Reader,
    category: Annotated[Name | None, Query()] = None,
    on: Annotated[date | None, Query()] = None,
) -> Listed[RuleDocument]:
    """The deadline of each filing condition on a day, today if left out."""
    day = on or local_day(here.workspace.clock())
    with here.workspace.uow.reading() as session:
        rules = rules_in_force(session, day, category=category)
    items = [
        RuleDocument.model_validate(
            {name: getattr(rule.text, name) for name in RuleDocument.model_fields if name != "id"}
            | {"id": rule.id}
        )
        for rule in rules
    ]
    return Listed[RuleDocument](items=items)


@router.get("/deadlines/calendar")
def read_calendar(
    here: Here, _: Reader, year: Annotated[int, Query(ge=2000, le=2200)]
) -> CalendarDocument:
    """The days of a year that differ from plain weekdays."""
    with here.workspace.uow.reading() as session:
        announced = year in announced_years(session)
        days = [day for day in special_days(session).values() if day.day.year == year]
    days.sort(key=lambda day: day.day)
    shown = [DayDocument.model_validate(day) for day in days]
    return CalendarDocument(year=year, announced=announced, days=shown)


@router.post("/deadlines")
def load_deadlines(
    file: Annotated[UploadFile, File()],
    here: Here,
    me: Loader,
    request: Request,
    dry_run: Annotated[bool, Form()] = False,
) -> DeadlineLoad:
    """Load a workbook of rules, special days and working hours; nothing while a row is wrong.

    Cases keep the rules that they were registered under; a changed calendar moves due times.
    """
    workspace, now = here.workspace, here.workspace.clock()
    with workspace.uow.reading() as session:
        conditions = known_conditions(all_rules(session))
    with kept_apart([file]) as [path]:
        tables = read_tables(
            path,
            sheets=SHEETS,
            categories=here.tables.categories,
            conditions=conditions,
            limits=LIMITS,
        )
        name = path.name
    loaded = not dry_run and not tables.problems
    with workspace.uow() as session:
        plan = plan_load(session, tables, now=now)
        if loaded:
            store_load(session, plan, source=name, sha256=tables.sha256, actor=me.actor, now=now)
    moved = None
    if loaded and plan.moves_due_times:
        moved = refresh_due(workspace.uow, chunk=REFRESH_CHUNK).moved
    chinese = language_of(request) == "zh"
    return DeadlineLoad(
        loaded=loaded,
        dry_run=dry_run,
        new_rules=plan.new_rules,
        days=len(plan.days),
        years=plan.years,
        hours=plan.hours is not None,
        moved_cases=moved,
        problems=[_told(one, chinese=chinese) for one in tables.problems],
        notes=[_told(one, chinese=chinese) for one in tables.notes],
    )


def _told(found: Finding, *, chinese: bool) -> FindingDocument:
    return FindingDocument(
        file=found.place.file or None,
        sheet=found.place.sheet,
        row=found.place.row,
        code=found.code,
        message=found.message_zh if chinese else found.message_en,
    )
