"""What is due and overdue, and urging the units about it."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy.orm import Session

from zoubian.api.http.context import Here, Service
from zoubian.api.http.language import language_of
from zoubian.api.http.paging import (
    LONGEST_PAGE,
    PAGE,
    read_cursor,
    row_name,
    row_time,
    write_cursor,
)
from zoubian.api.http.permissions import Permission, requires
from zoubian.api.http.serving import no_such_file
from zoubian.api.http.session import SignedIn
from zoubian.api.http.sight import cases_seen
from zoubian.api.http.wire.base import Id, Listed
from zoubian.api.http.wire.cases import RefusedCase
from zoubian.api.http.wire.registers import DueDocument, UrgeAsk, UrgedDocument, UrgedUnit
from zoubian.pipeline.dispatch.due_list import due_cases, due_counts
from zoubian.pipeline.dispatch.service import Urged, log_urging, sheets_to_urge
from zoubian.pipeline.dispatch.urge_text import urge_texts
from zoubian.pipeline.dispatch.urge_workbook import urge_workbook
from zoubian.pipeline.dispatch.urging import UrgeSheet
from zoubian.pipeline.domain.local_time import local_day

router = APIRouter(tags=["urging"])

Seer = Annotated[SignedIn, requires(Permission.SEE_CASES)]
Urger = Annotated[SignedIn, requires(Permission.URGE)]

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/due")
def list_due(
    here: Here,
    me: Seer,
    unit_id: Annotated[Id | None, Query()] = None,
    after: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = PAGE,
) -> Listed[DueDocument]:
    """Cases that are due soon or overdue, the earliest due time first."""
    last = read_cursor(after, lambda due, case_id: (row_time(due), row_name(case_id)))
    with here.workspace.uow.reading() as session:
        page = due_cases(
            session,
            now=here.workspace.clock(),
            categories=here.tables.categories,
            unit_ids=_units(here, session, me, None if unit_id is None else [unit_id]),
            limit=limit,
            after=last,
        )
    items = [DueDocument.model_validate(one) for one in page.cases]
    end = page.after
    more = None if end is None else write_cursor(end[0].isoformat(), end[1])
    return Listed[DueDocument](items=items, next=more)


@router.get("/due/counts")
def count_due(here: Here, me: Seer) -> dict[str, dict[str, int]]:
    """Cases whose time runs, by unit and urgency."""
    with here.workspace.uow.reading() as session:
        units = _units(here, session, me, None)
        counts = due_counts(session, now=here.workspace.clock())
    return {
        unit_id: {stage.value: number for stage, number in found.items()}
        for unit_id, found in counts.items()
        if units is None or unit_id in units
    }


@router.get("/due/{unit_id}/export.xlsx", response_class=Response)
def export_due(unit_id: Annotated[Id, Path()], here: Here, me: Seer) -> Response:
    """A unit's due and overdue cases as a workbook to print."""
    with here.workspace.uow.reading() as session:
        sheets = _sheets(here, session, me, [unit_id])
    if not sheets:
        raise no_such_file()
    headers = {"Content-Disposition": 'attachment; filename="due.xlsx"'}
    return Response(urge_workbook(sheets[0]), media_type=_XLSX, headers=headers)


@router.post("/urgings")
def urge_units(asked: UrgeAsk, here: Here, me: Urger, request: Request) -> UrgedDocument:
    """Urge units about what is due and overdue; it stands in the ledger, and the messages are to
    be passed on."""
    with here.workspace.uow() as session:
        sheets = _sheets(here, session, me, asked.unit_ids)
        urged = None
        if sheets:
            urged = log_urging(session, sheets, actor=me.actor, now=here.workspace.clock())
    longest = here.workspace.settings.urge_text_chars
    return UrgedDocument(
        batch=urged.batch if urged else None,
        logged=len(urged.logged) if urged else 0,
        refused=_refused(urged, chinese=language_of(request) == "zh"),
        units=[_unit(sheet, longest) for sheet in sheets],
    )


def _units(
    here: Service, session: Session, me: SignedIn, wanted: Sequence[str] | None
) -> Sequence[str] | None:
    """Units whose cases somebody may see, of those that are wanted; None for all."""
    scope = cases_seen(here, session, me)
    if scope.everything:
        return wanted
    return [one for one in scope.unit_ids if wanted is None or one in wanted]


def _sheets(
    here: Service, session: Session, me: SignedIn, wanted: Sequence[str] | None
) -> list[UrgeSheet]:
    now = here.workspace.clock()
    organisation = here.workspace.organisation.current(session)
    return sheets_to_urge(
        session,
        now=now,
        categories=here.tables.categories,
        unit_names={unit.id: unit.name_zh for unit in organisation.units_on(local_day(now))},
        unit_ids=_units(here, session, me, wanted),
    )


def _unit(sheet: UrgeSheet, longest: int) -> UrgedUnit:
    return UrgedUnit(
        unit_id=sheet.unit_id,
        unit_zh=sheet.unit_zh,
        title=sheet.title,
        case_ids=[case.case_id for case in sheet.cases],
        counts={level.value: number for level, number in sheet.counts().items()},
        texts=urge_texts(sheet, longest=longest),
    )


def _refused(urged: Urged | None, *, chinese: bool) -> list[RefusedCase]:
    return [
        RefusedCase(
            case_id=case_id, code=why.code, message=why.message_zh if chinese else why.message_en
        )
        for case_id, why in (urged.refused if urged else {}).items()
    ]
