"""Links for one case: given out by officers, used by who puts things right without an account."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, File, Path, Request, Response, UploadFile
from sqlalchemy.orm import Session

from zoubian.api.http.context import Here, Service
from zoubian.api.http.permissions import Permission, requires
from zoubian.api.http.photos import look_at, show_copies
from zoubian.api.http.routes.uploads import keep_file
from zoubian.api.http.serving import no_such_file, serve
from zoubian.api.http.session import SignedIn
from zoubian.api.http.sight import see_case
from zoubian.api.http.wire.base import Done, Id, Listed, Sha256
from zoubian.api.http.wire.cases import LinkAsk, LinkDocument, LinkToken, LinkUse
from zoubian.api.http.wire.tasks import TaskDocument, TaskPhoto, TaskReturn
from zoubian.pipeline.accounts import links
from zoubian.pipeline.accounts.links import Link
from zoubian.pipeline.domain.cases import CaseAction
from zoubian.pipeline.domain.cases_rules import allowed_actions
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.intake.uploads import own_files
from zoubian.pipeline.ledger import cases, texts
from zoubian.pipeline.ledger.cases_lists import case_line
from zoubian.pipeline.review.evidence import evidence_of_case

router = APIRouter(tags=["tasks"])

Giver = Annotated[SignedIn, requires(Permission.MAKE_LINKS)]
Holder = Annotated[SignedIn, requires(Permission.TASK)]
CaseId = Annotated[Id, Path()]


@router.post("/cases/{case_id}/links")
def make_link(case_id: CaseId, asked: LinkAsk, here: Here, me: Giver) -> LinkToken:
    """Give out a link with which somebody without an account returns this case's photos."""
    workspace = here.workspace
    valid = timedelta(hours=asked.hours or workspace.settings.link_hours)
    with workspace.uow() as session:
        see_case(here, session, me, case_id)
        view = cases.case_view(session, case_id)
        unit_id = me.actor.unit_id
        if unit_id is None or CaseAction.RETURN not in allowed_actions(view, me.actor):
            raise Refusal(
                "wrong_state",
                zh="只有本单位正在整改的案件才能发出回传链接",
                en="a link is for a case that your unit is putting right now",
            )
        link, token = links.make_link(
            session, case_id, maker=me.actor, unit_id=unit_id, at=workspace.clock(), valid=valid
        )
    # Behind the #: it reaches no server and no log.
    return LinkToken(id=link.id, token=token, path=f"/task#{token}", until=link.until)


@router.get("/cases/{case_id}/links")
def list_links(case_id: CaseId, here: Here, me: Giver) -> Listed[LinkDocument]:
    """The links of a case, and who used them."""
    with here.workspace.uow.reading() as session:
        see_case(here, session, me, case_id)
        uses = links.uses_of(session, case_id)
        items = [
            LinkDocument(
                id=one.id,
                made_by=one.made_by,
                made_at=one.made_at,
                until=one.until,
                revoked_at=one.revoked_at,
                uses=[LinkUse.model_validate(use) for use in uses if use.link_id == one.id],
            )
            for one in links.links_of(session, case_id)
        ]
    return Listed[LinkDocument](items=items)


@router.delete("/cases/{case_id}/links/{link_id}")
def revoke_link(case_id: CaseId, link_id: Annotated[Id, Path()], here: Here, me: Giver) -> Done:
    """End a link before its time."""
    with here.workspace.uow() as session:
        see_case(here, session, me, case_id)
        links.revoke(session, link_id, case_id=case_id, at=here.workspace.clock())
    return Done()


@router.get("/task")
def read_task(here: Here, me: Holder) -> TaskDocument:
    """The case of the link."""
    with here.workspace.uow.reading() as session:
        return _document(here, session, _link(me))


@router.get("/task/photos/{sha256}", response_class=Response)
def read_task_photo(
    sha256: Annotated[Sha256, Path()], here: Here, me: Holder, request: Request
) -> Response:
    """A copy of one of the case's photos."""
    with here.workspace.uow.reading() as session:
        if sha256 not in _photos(session, _link(me)):
            raise no_such_file()
    return serve(request, here.workspace.files, sha256, original=False)


@router.post("/task/photos")
def send_task_photo(file: Annotated[UploadFile, File()], here: Here, me: Holder) -> TaskPhoto:
    """Send one photo of the work."""
    with here.workspace.uow.reading() as session:
        _check_open(cases.case_view(session, _link(me).case_id), me)
    photo = keep_file(here, me, file)
    analysis = look_at(here, me, photo)
    if analysis is not None and analysis.problem is not None:
        line = analysis.problem
        raise Refusal("bad_photo", zh=line.zh, en=line.en)
    return TaskPhoto(sha256=photo.sha256)


@router.post("/task/return")
def return_task(asked: TaskReturn, here: Here, me: Holder) -> TaskDocument:
    """Return the photos of the work for the unit; the name is kept beside the ledger."""
    link, now = _link(me), here.workspace.clock()
    show_copies(here, me, asked.photo_sha256s)
    with here.workspace.uow() as session:
        own_files(session, asked.photo_sha256s, user_id=me.user_id, known=())
        cases.act(
            session,
            link.case_id,
            CaseAction.RETURN,
            actor=me.actor,
            details={"photo_sha256s": asked.photo_sha256s, "note": asked.note}
            if asked.note
            else {"photo_sha256s": asked.photo_sha256s},
            version=None,
            at=now,
            recorded_at=now,
        )
        links.note_use(session, link.id, asked.name, at=now)
        return _document(here, session, link)


def _link(me: SignedIn) -> Link:
    assert me.link is not None  # what the permission says
    return me.link


def _check_open(view: CaseView, me: SignedIn) -> None:
    if CaseAction.RETURN not in allowed_actions(view, me.actor):
        raise Refusal(
            "wrong_state",
            zh="该案件目前不需要回传照片",
            en="no photos are to be returned for this case now",
        )


def _document(here: Service, session: Session, link: Link) -> TaskDocument:
    view = cases.case_view(session, link.case_id)
    line = case_line(session, link.case_id)
    category = here.tables.categories.get(view.category)
    last = view.send_backs[-1] if view.send_backs else None
    remaining = None
    if last is not None and last.round == view.round - 1:
        remaining = texts.read(session, [last.remaining]).get(last.remaining)
    return TaskDocument(
        number=view.number,
        state=view.state,
        round=view.round,
        category=view.category,
        category_zh=category.name_zh if category else None,
        place_zh=view.place_zh,
        place_en=view.place_en,
        lat=view.lat,
        lon=view.lon,
        due_at=line.due_at,
        remaining=remaining,
        photos=sorted(_photos(session, link)),
        open=CaseAction.RETURN in allowed_actions(view, link.actor),
    )


def _photos(session: Session, link: Link) -> frozenset[str]:
    view = cases.case_view(session, link.case_id)
    return evidence_of_case(session, link.case_id, view.candidate_ids).shown()
