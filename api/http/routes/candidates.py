"""Candidates: the queue, one with its evidence, and what is decided about it."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from zoubian.api.http.context import Here, Service
from zoubian.api.http.paging import read_cursor, row_name, row_time, write_cursor
from zoubian.api.http.permissions import Permission, requires
from zoubian.api.http.photos import show_copies
from zoubian.api.http.session import SignedIn
from zoubian.api.http.sight import (
    candidates_seen,
    cases_seen,
    see_candidate,
    see_case,
)
from zoubian.api.http.telling_candidates import candidate_document, candidate_items
from zoubian.api.http.wire.base import Id, Listed
from zoubian.api.http.wire.candidates import (
    AnswerAsk,
    CandidateCounts,
    CandidateDocument,
    CandidateFilters,
    CandidateItem,
    CandidatesDocument,
    CandidateSearch,
    CheckAsk,
    ConfirmAsk,
    CorrectAsk,
    DecisionAsk,
    DeclineAsk,
    MergeAsk,
    PhotoAsk,
    PositionAsk,
    ReportAsk,
    SplitAsk,
    SuspectDocument,
)
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.domain.scopes import CandidateScope
from zoubian.pipeline.intake.uploads import own_files, sent_by
from zoubian.pipeline.ledger import cases_lists
from zoubian.pipeline.review import joining, queue, reports, service, undo
from zoubian.pipeline.review.desk import By
from zoubian.pipeline.review.filing import Confirmation
from zoubian.pipeline.review.pictures import ReportedPhoto
from zoubian.pipeline.review.queue import QueueKey, QueueQuery
from zoubian.pipeline.review.suspects import Reach, SuspectKind, suspects

router = APIRouter(tags=["candidates"])

Seer = Annotated[SignedIn, requires(Permission.SEE_CANDIDATES)]
Decider = Annotated[SignedIn, requires(Permission.DECIDE_CANDIDATES)]
Reporter = Annotated[SignedIn, requires(Permission.REPORT)]
CandidateId = Annotated[Id, Path()]

_OTHER_ERROR_M = 30.0
_CLOSED_WITHIN = timedelta(days=90)
_SUSPECTS = 10


@router.get("/candidates")
def list_candidates(
    here: Here, me: Seer, asked: Annotated[CandidateSearch, Query()]
) -> Listed[CandidateItem]:
    """The queue, those first that wait longest; what is decided meanwhile shifts no page."""
    after = read_cursor(asked.after, _queue_key)
    with here.workspace.uow.reading() as session:
        query = _query(asked, candidates_seen(here, session, me))
        page = queue.pending(session, query, limit=asked.limit, after=after)
        items = candidate_items(session, page.candidates)
    end = page.after
    more = None if end is None else write_cursor(end.queued_at.isoformat(), end.number)
    return Listed[CandidateItem](items=items, next=more)


@router.get("/candidates/counts")
def count_candidates(
    here: Here, me: Seer, asked: Annotated[CandidateFilters, Query()]
) -> CandidateCounts:
    """How many wait, in all and of each kind."""
    with here.workspace.uow.reading() as session:
        query = _query(asked, candidates_seen(here, session, me))
        found = queue.queue_counts(session, query)
    return CandidateCounts(
        total=found.total,
        by_class={name or "": number for name, number in found.by_class.items()},
        certain=found.certain,
        uncertain=found.uncertain,
        unproven=found.unproven,
        reported=found.reported,
        held_back=found.held_back,
    )


@router.get("/candidates/checks")
def list_checks(
    here: Here,
    me: Seer,
    group_id: Annotated[Id | None, Query()] = None,
    overdue: Annotated[bool, Query()] = False,
) -> Listed[CandidateItem]:
    """Facts that working groups were asked for and have not answered, the most urgent first."""
    with here.workspace.uow.reading() as session:
        found = queue.checks(
            session,
            group_id=group_id,
            due_before=here.workspace.clock() if overdue else None,
            scope=candidates_seen(here, session, me),
        )
        return Listed[CandidateItem](items=candidate_items(session, found))


@router.get("/candidates/{candidate_id}")
def read_candidate(candidate_id: CandidateId, here: Here, me: Seer) -> CandidateDocument:
    """One candidate with its evidence, and what the user may do to it now."""
    with here.workspace.uow.reading() as session:
        see_candidate(here, session, me, candidate_id)
        return candidate_document(here, session, me, candidate_id)


@router.get("/candidates/{candidate_id}/suspects")
def list_suspects(candidate_id: CandidateId, here: Here, me: Seer) -> Listed[SuspectDocument]:
    """Cases and candidates that may be the same problem, as far as the user may see them."""
    reach = Reach(_OTHER_ERROR_M, here.workspace.clock() - _CLOSED_WITHIN, _SUSPECTS)
    with here.workspace.uow.reading() as session:
        see_candidate(here, session, me, candidate_id)
        cases, candidates = cases_seen(here, session, me), candidates_seen(here, session, me)
        items = [
            SuspectDocument.model_validate(one)
            for one in suspects(session, candidate_id, tables=here.tables, reach=reach)
            if (
                queue.is_visible(session, one.id, candidates)
                if one.kind is SuspectKind.CANDIDATE
                else cases_lists.is_visible(session, one.id, cases)
            )
        ]
    return Listed[SuspectDocument](items=items)


@router.post("/candidates/{candidate_id}/confirm")
def confirm_candidate(
    candidate_id: CandidateId, asked: ConfirmAsk, here: Here, me: Decider
) -> CandidateDocument:
    """Register a case for a candidate, or join it to one that is there already."""
    show_copies(here, me, asked.after_photo_sha256s)
    with here.workspace.uow() as session:
        see_candidate(here, session, me, candidate_id)
        if asked.into_case is not None:
            see_case(here, session, me, asked.into_case)
        own_files(session, asked.after_photo_sha256s, user_id=me.user_id, known=())
        confirmation = Confirmation(
            category=asked.category,
            filing_condition=asked.filing_condition,
            into_case=asked.into_case,
            case_version=asked.case_version,
            despite_permit=asked.despite_permit,
            external_number=asked.external_number,
            note=asked.note,
            after_photo_sha256s=tuple(asked.after_photo_sha256s),
        )
        service.confirm(
            session,
            candidate_id,
            confirmation,
            version=asked.version,
            by=_by(here, me, asked.at),
            registry=here.registry,
        )
        return candidate_document(here, session, me, candidate_id)


@router.post("/candidates/{candidate_id}/correct")
def correct_candidate(
    candidate_id: CandidateId, asked: CorrectAsk, here: Here, me: Decider
) -> CandidateDocument:
    """Put right what a candidate says of itself."""
    correction = service.Correction(
        asked.category,
        asked.filing_condition,
        asked.place_zh,
        asked.place_en,
        _position(asked.position),
    )
    with here.workspace.uow() as session:
        see_candidate(here, session, me, candidate_id)
        service.correct(
            session,
            candidate_id,
            correction,
            version=asked.version,
            by=_by(here, me, asked.at),
            registry=here.registry,
        )
        return candidate_document(here, session, me, candidate_id)


@router.post("/candidates/{candidate_id}/merge")
def merge_candidates(
    candidate_id: CandidateId, asked: MergeAsk, here: Here, me: Decider
) -> CandidateDocument:
    """Take other candidates in: they are one problem."""
    with here.workspace.uow() as session:
        for one in (candidate_id, *asked.other_ids):
            see_candidate(here, session, me, one)
        joining.merge(
            session,
            candidate_id,
            asked.other_ids,
            # A version that was not given was not seen.
            versions={one: asked.versions.get(one, 0) for one in (candidate_id, *asked.other_ids)},
            same_objects=asked.same_objects,
            by=_by(here, me, asked.at),
        )
        return candidate_document(here, session, me, candidate_id)


@router.post("/candidates/{candidate_id}/split")
def split_candidate(
    candidate_id: CandidateId, asked: SplitAsk, here: Here, me: Decider
) -> CandidatesDocument:
    """Make several candidates of one."""
    parts = [joining.Part(p.members, tuple(p.frame_ids), p.category) for p in asked.parts]
    with here.workspace.uow() as session:
        see_candidate(here, session, me, candidate_id)
        made = joining.split(
            session,
            candidate_id,
            parts,
            version=asked.version,
            by=_by(here, me, asked.at),
            registry=here.registry,
        )
        items = [candidate_document(here, session, me, view.id) for view in made]
    return CandidatesDocument(items=items)


@router.post("/candidates/{candidate_id}/check")
def request_check(
    candidate_id: CandidateId, asked: CheckAsk, here: Here, me: Decider
) -> CandidateDocument:
    """Ask a working group for a fact that is missing (立案前核实)."""
    request = service.CheckRequest(asked.fact, asked.group_id, asked.due_at)
    with here.workspace.uow() as session:
        see_candidate(here, session, me, candidate_id)
        by = _by(here, me, asked.at)
        service.request_check(session, candidate_id, request, version=asked.version, by=by)
        return candidate_document(here, session, me, candidate_id)


@router.post("/candidates/{candidate_id}/check/answer")
def answer_check(
    candidate_id: CandidateId, asked: AnswerAsk, here: Here, me: Decider
) -> CandidateDocument:
    """Say what was found on site."""
    show_copies(here, me, [photo.sha256 for photo in asked.photos])
    with here.workspace.uow() as session:
        see_candidate(here, session, me, candidate_id)
        service.answer_check(
            session,
            candidate_id,
            asked.answer,
            _photos(session, me, asked.photos),
            version=asked.version,
            by=_by(here, me, asked.at),
        )
        return candidate_document(here, session, me, candidate_id)


@router.post("/candidates/{candidate_id}/decline")
def decline_candidate(
    candidate_id: CandidateId, asked: DeclineAsk, here: Here, me: Decider
) -> CandidateDocument:
    """Register no case, with the reason (不予立案)."""
    with here.workspace.uow() as session:
        see_candidate(here, session, me, candidate_id)
        service.decline(
            session,
            candidate_id,
            asked.reason,
            note=asked.note,
            version=asked.version,
            by=_by(here, me, asked.at),
        )
        return candidate_document(here, session, me, candidate_id)


@router.post("/candidates/{candidate_id}/restore")
def restore_candidate(
    candidate_id: CandidateId, asked: DecisionAsk, here: Here, me: Decider
) -> CandidateDocument:
    """Take up again what a later analysis no longer found."""
    with here.workspace.uow() as session:
        see_candidate(here, session, me, candidate_id)
        by = _by(here, me, asked.at)
        service.restore(session, candidate_id, version=asked.version, by=by)
        return candidate_document(here, session, me, candidate_id)


@router.post("/candidates/{candidate_id}/undo")
def undo_decision(
    candidate_id: CandidateId, asked: DecisionAsk, here: Here, me: Decider
) -> CandidateDocument:
    """Take the last decision about a candidate back."""
    with here.workspace.uow() as session:
        see_candidate(here, session, me, candidate_id)
        by = _by(here, me, asked.at)
        undo.undo(session, candidate_id, version=asked.version, by=by, registry=here.registry)
        return candidate_document(here, session, me, candidate_id)


@router.post("/reports")
def report_problem(asked: ReportAsk, here: Here, me: Reporter) -> CandidateDocument:
    """Report a problem; a working group's own report registers a case at once (by the setting)."""
    after = tuple(asked.after_photo_sha256s or ())
    show_copies(here, me, [*(photo.sha256 for photo in asked.photos), *after])
    with here.workspace.uow() as session:
        own_files(session, after, user_id=me.user_id, known=())
        report = reports.Report(
            category=asked.category,
            filing_condition=asked.filing_condition,
            position=_position(asked.position),
            place_zh=asked.place_zh,
            place_en=asked.place_en,
            photos=_photos(session, me, asked.photos),
            after_photo_sha256s=after,
            seen_at=asked.seen_at,
            note=asked.note,
            external_number=asked.external_number,
        )
        view = reports.report_manually(
            session,
            report,
            by=_by(here, me, None),
            registry=here.registry,
            request_id=asked.request_id,
        )
        return candidate_document(here, session, me, view.id)


def _query(asked: CandidateFilters, scope: CandidateScope) -> QueueQuery:
    return QueueQuery(
        states=tuple(asked.state),
        visual_classes=tuple(asked.visual_class),
        categories=tuple(asked.category),
        certain=asked.certain,
        certain_from=asked.certain_from,
        proven=asked.proven,
        held_back=asked.held_back,
        patrol_id=asked.patrol_id,
        text=asked.text,
        scope=scope,
    )


def _queue_key(queued_at: object, number: object) -> QueueKey:
    return QueueKey(row_time(queued_at), row_name(number))


def _by(here: Service, me: SignedIn, at: datetime | None) -> By:
    now = here.workspace.clock()
    return By(me.actor, min(at, now) if at else now, now)


def _position(asked: PositionAsk | None) -> Position | None:
    return None if asked is None else Position(asked.lat, asked.lon, asked.radius_m)


def _photos(session: Session, me: SignedIn, asked: list[PhotoAsk]) -> tuple[ReportedPhoto, ...]:
    """The user's photos, with their clean copies.

    Raises:
        Refusal: `unknown_photo`.
    """
    names = [photo.sha256 for photo in asked]
    own_files(session, names, user_id=me.user_id, known=())
    sent = sent_by(session, names, user_id=me.user_id)
    return tuple(
        ReportedPhoto(
            photo.sha256,
            sent[photo.sha256].shown_sha256,
            sent[photo.sha256].taken_at,
            photo.part,
        )
        for photo in asked
    )
