"""Patrols: made, filled with uploads, scanned; progress as server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from zoubian.api.http.context import Here, Service
from zoubian.api.http.paging import LONGEST_PAGE, PAGE, read_cursor, row_name, write_cursor
from zoubian.api.http.permissions import Permission, requires
from zoubian.api.http.session import SignedIn
from zoubian.api.http.sight import candidates_seen
from zoubian.api.http.wire.base import Id, Listed
from zoubian.api.http.wire.uploads import (
    MediaAsk,
    MediumDocument,
    PatrolAsk,
    PatrolDocument,
    PatrolItem,
    ProgressDocument,
    ScanDocument,
    TellingDocument,
)
from zoubian.pipeline.bootstrap import uploads_of
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.intake import patrols, uploads
from zoubian.pipeline.jobs.scans import enqueue_scan, scan_state

router = APIRouter(tags=["patrols"])

Goer = Annotated[SignedIn, requires(Permission.PATROL)]
PatrolId = Annotated[Id, Path()]

_TELL_S = 1.0
_ENDED = ("done", "superseded", "parked", "cancelled")
_EVENT_STREAM = {"text/event-stream": {"schema": {"type": "string"}}}


@router.post("/patrols")
def create_patrol(asked: PatrolAsk, here: Here, me: Goer) -> PatrolItem:
    """Make a patrol of the user's group."""
    with here.workspace.uow() as session:
        made = patrols.create_patrol(
            session,
            asked.name,
            maker=me.actor,
            tz_offset_min=asked.tz_offset_min,
            crs=asked.crs,
            at=here.workspace.clock(),
        )
    return PatrolItem.model_validate(made)


@router.get("/patrols")
def list_patrols(
    here: Here,
    me: Goer,
    after: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = PAGE,
) -> Listed[PatrolItem]:
    """Patrols, the newest first."""
    last = read_cursor(after, row_name)
    with here.workspace.uow.reading() as session:
        scope = candidates_seen(here, session, me)
        found = patrols.patrols(session, scope, limit=limit + 1, after=last)
    items = [PatrolItem.model_validate(one) for one in found[:limit]]
    more = write_cursor(items[-1].id) if len(found) > limit else None
    return Listed[PatrolItem](items=items, next=more)


@router.get("/patrols/{patrol_id}")
def read_patrol(patrol_id: PatrolId, here: Here, me: Goer) -> PatrolDocument:
    """A patrol with its media, and how far its scan is."""
    with here.workspace.uow.reading() as session:
        found = patrols.patrol(session, patrol_id, candidates_seen(here, session, me))
        media = patrols.patrol_media(session, patrol_id)
        told = patrols.remarks(session, patrol_id)
        progress = _progress(session, patrol_id)
    return PatrolDocument(
        **PatrolItem.model_validate(found).model_dump(),
        progress=progress,
        media=[MediumDocument.model_validate(one) for one in media],
        remarks=[TellingDocument.model_validate(one) for one in told],
    )


@router.post("/patrols/{patrol_id}/media")
def scan_media(patrol_id: PatrolId, asked: MediaAsk, here: Here, me: Goer) -> ScanDocument:
    """Add uploads to a patrol, and scan what is new."""
    if here.scans is None:
        raise Refusal("no_model", zh="服务器没有可用的模型", en="the service has no model")
    workspace = here.workspace
    with workspace.uow.reading() as session:
        patrols.patrol(session, patrol_id, candidates_seen(here, session, me))
        sent = [
            uploads.upload(session, upload_id, user_id=me.user_id)
            for upload_id in dict.fromkeys(asked.upload_ids)
        ]
    if not all(one.done for one in sent):
        raise Refusal(
            "upload_incomplete",
            zh="有文件尚未传完，请继续上传",
            en="a file has not come whole: go on",
        )
    patrols.lay_out(workspace.files, uploads_of(workspace, patrol_id), sent)
    with workspace.uow() as session:
        job_id = enqueue_scan(session, patrol_id, now=workspace.clock())
    here.scans.wake()
    return ScanDocument(job_id=job_id)


@router.get(
    "/patrols/{patrol_id}/progress",
    response_class=StreamingResponse,
    responses={200: {"content": _EVENT_STREAM}},
)
async def follow_patrol(
    patrol_id: PatrolId, here: Here, me: Goer, request: Request
) -> StreamingResponse:
    """How far a scan is, as events: `progress` with a ProgressDocument as often as it changes,
    then `end`."""
    first = await run_in_threadpool(_seen_progress, here, me, patrol_id)
    return StreamingResponse(
        _events(here, me, patrol_id, first, request),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def _events(
    here: Service, me: SignedIn, patrol_id: str, first: ProgressDocument, request: Request
) -> AsyncIterator[str]:
    told, now = None, first
    while True:
        if now != told:
            yield f"event: progress\ndata: {now.model_dump_json()}\n\n"
            told = now
        else:
            yield ": still here\n\n"  # keeps proxies from closing the line
        if now.scan is None or now.scan in _ENDED:
            yield "event: end\ndata: {}\n\n"
            return
        await asyncio.sleep(_TELL_S)
        if await request.is_disconnected():
            return
        now = await run_in_threadpool(_seen_progress, here, me, patrol_id)


def _seen_progress(here: Service, me: SignedIn, patrol_id: str) -> ProgressDocument:
    with here.workspace.uow.reading() as session:
        patrols.patrol(session, patrol_id, candidates_seen(here, session, me))
        return _progress(session, patrol_id)


def _progress(session: Session, patrol_id: str) -> ProgressDocument:
    counts = patrols.patrol_counts(session, patrol_id)
    scan = scan_state(session, patrol_id)
    return ProgressDocument.model_validate(
        {
            "scan": scan.state if scan else None,
            "media": counts.media,
            "done": counts.done,
            "failed": counts.failed,
        }
    )
