"""Cases: lists, one with its story, and all that is done to them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy.orm import Session

from zoubian.api.http.asking import case_query, told
from zoubian.api.http.context import Here, Service
from zoubian.api.http.language import language_of
from zoubian.api.http.paging import read_cursor, row_number, write_cursor
from zoubian.api.http.permissions import Permission, requires
from zoubian.api.http.photos import show_copies
from zoubian.api.http.session import SignedIn
from zoubian.api.http.sight import cases_seen, see_candidate, see_case
from zoubian.api.http.telling import CLOSED_ACTIONS, case_document, case_item
from zoubian.api.http.wire.base import Id, Listed
from zoubian.api.http.wire.cases import (
    ActionAsk,
    ActionDetails,
    BulkAsk,
    BulkDocument,
    CaseDocument,
    CaseFilters,
    CaseListItem,
    CaseSearch,
    CountDocument,
    RefusedCase,
    TakerDocument,
)
from zoubian.pipeline.dispatch.case_workbook import case_workbook
from zoubian.pipeline.domain.cases import CaseAction
from zoubian.pipeline.domain.local_time import local_clock, local_day
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.intake.uploads import own_files
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.ledger.cases_lists import Circle, count, earlier_takers, is_visible, search
from zoubian.pipeline.review.evidence import PHOTO_DETAILS, evidence_of_case

router = APIRouter(tags=["cases"])

Seer = Annotated[SignedIn, requires(Permission.SEE_CASES)]
Doer = Annotated[SignedIn, requires(Permission.ACT_ON_CASES)]
CaseId = Annotated[Id, Path()]

_TAKEN_WITHIN_M = 300.0
_EXPORTED_CASES = 20_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/cases")
def search_cases(
    here: Here, me: Seer, asked: Annotated[CaseSearch, Query()]
) -> Listed[CaseListItem]:
    """Search cases, newest first; cases registered meanwhile shift no page."""
    now = here.workspace.clock()
    with here.workspace.uow.reading() as session:
        query = case_query(asked, cases_seen(here, session, me), now=now)
        page = search(session, query, limit=asked.limit, after=read_cursor(asked.after, row_number))
    more = None if page.after is None else write_cursor(page.after)
    return Listed[CaseListItem](items=[case_item(line, now) for line in page.cases], next=more)


@router.get("/cases/count")
def count_cases(here: Here, me: Seer, asked: Annotated[CaseFilters, Query()]) -> CountDocument:
    """How many cases a search finds."""
    with here.workspace.uow.reading() as session:
        query = case_query(asked, cases_seen(here, session, me), now=here.workspace.clock())
        return CountDocument(count=count(session, query))


@router.get("/cases/export.xlsx", response_class=Response)
def export_cases(here: Here, me: Seer, asked: Annotated[CaseFilters, Query()]) -> Response:
    """A search as a workbook, newest first, up to 20,000 cases."""
    now = here.workspace.clock()
    with here.workspace.uow.reading() as session:
        query = case_query(asked, cases_seen(here, session, me), now=now)
        organisation = here.workspace.organisation.current(session)
        units = {unit.id: unit.name_zh for unit in organisation.units_on(local_day(now))}
        content = case_workbook(
            session,
            query,
            units=units,
            categories=here.tables.categories,
            now=now,
            most=_EXPORTED_CASES,
        )
    name = f"cases-{local_clock(now):%Y%m%d-%H%M}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=_XLSX, headers=headers)


@router.get("/cases/{case_id}")
def read_case(case_id: CaseId, here: Here, me: Seer) -> CaseDocument:
    """One case with all that happened to it, and what the user may do to it now."""
    with here.workspace.uow.reading() as session:
        see_case(here, session, me, case_id)
        return case_document(here, session, me, case_id)


@router.get("/cases/{case_id}/takers")
def earlier_takers_of(case_id: CaseId, here: Here, me: Seer) -> Listed[TakerDocument]:
    """Who had the earlier cases near by that were proposed to the same units."""
    with here.workspace.uow.reading() as session:
        see_case(here, session, me, case_id)
        view = cases.case_view(session, case_id)
        if view.lat is None or view.lon is None:
            return Listed[TakerDocument](items=[])
        around = Circle(view.lat, view.lon, _TAKEN_WITHIN_M)
        found = earlier_takers(session, view.proposed_unit_ids, around)
    return Listed[TakerDocument](items=[TakerDocument.model_validate(one) for one in found])


@router.post("/cases/{case_id}/actions")
def act_on_case(case_id: CaseId, asked: ActionAsk, here: Here, me: Doer) -> CaseDocument:
    """Do something to a case, as the table of transitions allows it."""
    _open_to_people(asked.action)
    show_copies(here, me, _photos(asked.details))
    now = here.workspace.clock()
    with here.workspace.uow() as session:
        see_case(here, session, me, case_id)
        _check_named(here, session, me, case_id, asked.details)
        cases.act(
            session,
            case_id,
            asked.action,
            actor=me.actor,
            details=told(asked.details),
            version=asked.version,
            at=asked.at or now,
            recorded_at=now,
            request_id=asked.request_id,
        )
        return case_document(here, session, me, case_id)


@router.post("/cases/actions")
def act_on_cases(asked: BulkAsk, here: Here, me: Doer, request: Request) -> BulkDocument:
    """Do the same to many cases; those that it cannot be done to stay as they are."""
    _open_to_people(asked.action)
    now = here.workspace.clock()
    with here.workspace.uow() as session:
        scope = cases_seen(here, session, me)
        seen = [case_id for case_id in asked.case_ids if is_visible(session, case_id, scope)]
        _check_named(here, session, me, None, asked.details)
        outcome = cases.act_on_all(
            session,
            seen,
            asked.action,
            actor=me.actor,
            details=told(asked.details),
            at=now,
            recorded_at=now,
        )
    refused = dict(outcome.refused)
    hidden = Refusal("no_such_case", zh="没有这个案件", en="there is no such case")
    refused |= {case_id: hidden for case_id in asked.case_ids if case_id not in seen}
    chinese = language_of(request) == "zh"
    return BulkDocument(
        done=[view.id for view in outcome.done],
        refused=[
            RefusedCase(
                case_id=case_id,
                code=why.code,
                message=why.message_zh if chinese else why.message_en,
            )
            for case_id, why in sorted(refused.items())
        ],
    )


def _open_to_people(action: CaseAction) -> None:
    if action in CLOSED_ACTIONS:
        raise Refusal(
            "through_candidate",
            zh="立案、并案和拆分请在疑似问题中办理",
            en="register, merge and split through the candidate",
        )


def _check_named(
    here: Service, session: Session, me: SignedIn, case_id: str | None, details: ActionDetails
) -> None:
    """See that what an action names is the user's to name: photos and candidates.

    Raises:
        Refusal: `unknown_photo` or `no_such_candidate`.
    """
    for candidate_id in details.candidate_ids or ():
        see_candidate(here, session, me, candidate_id)
    named = _photos(details)
    if not named:
        return
    known: frozenset[str] = frozenset()
    if case_id is not None:
        candidate_ids = cases.case_view(session, case_id).candidate_ids
        pictures = evidence_of_case(session, case_id, candidate_ids).pictures
        known = frozenset(one.sha256 for one in pictures)
    own_files(session, named, user_id=me.user_id, known=known)


def _photos(details: ActionDetails) -> list[str]:
    return [sha256 for key in PHOTO_DETAILS for sha256 in getattr(details, key) or ()]
