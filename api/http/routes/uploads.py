"""Files that people send: long ones in parts, many small ones at once, single photos."""

import re
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, File, Header, Path, Request, Response, UploadFile
from starlette.concurrency import run_in_threadpool

from zoubian.api.http.context import Here, Service
from zoubian.api.http.language import Language, language_of
from zoubian.api.http.permissions import Permission, requires
from zoubian.api.http.photos import look_at
from zoubian.api.http.problems import Fault, HttpFault
from zoubian.api.http.serving import no_such_file, serve
from zoubian.api.http.session import SignedIn
from zoubian.api.http.wire.base import Done, Id
from zoubian.api.http.wire.candidates import PositionAsk
from zoubian.api.http.wire.uploads import (
    BatchDocument,
    BatchItem,
    FileProblem,
    PhotoDocument,
    SuggestionDocument,
    UploadAsk,
    UploadDocument,
)
from zoubian.pipeline.candidates.photo import photo_quality, suggestions_for
from zoubian.pipeline.candidates.suggest import suggestion_document
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.intake import uploads
from zoubian.pipeline.intake.contents import refuse_foreign
from zoubian.pipeline.intake.filetypes import HEAD_BYTES
from zoubian.pipeline.intake.uploads import PartFiles, UploadLimits, UploadView
from zoubian.pipeline.sightings.records import MediumAnalysis

router = APIRouter(tags=["uploads"])

Sender = Annotated[SignedIn, requires(Permission.UPLOAD)]
UploadId = Annotated[Id, Path()]

_GIGABYTE = 1 << 30
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
_BAD_RANGE = Fault(
    422,
    "content_range",
    "缺少或无效的 Content-Range（应为 bytes 起-止/总长）",
    "Content-Range is missing or invalid: say bytes FIRST-LAST/SIZE",
)


@router.post("/uploads")
def begin_upload(asked: UploadAsk, here: Here, me: Sender) -> UploadDocument:
    """Begin to send a file, or go on with the same one."""
    parts = parts_of(here)
    with here.workspace.uow() as session:
        upload = uploads.begin_upload(
            session,
            parts,
            user_id=me.user_id,
            name=asked.name,
            size_bytes=asked.size,
            sha256=asked.sha256,
            limits=_limits(here),
            at=here.workspace.clock(),
        )
    return upload_document(here, upload)


@router.get("/uploads/{upload_id}")
def read_upload(upload_id: UploadId, here: Here, me: Sender) -> UploadDocument:
    """How much of an upload has come."""
    return upload_document(here, _mine(here, me, upload_id))


@router.put("/uploads/{upload_id}")
async def send_part(
    upload_id: UploadId,
    here: Here,
    me: Sender,
    request: Request,
    content_range: Annotated[str | None, Header()] = None,
) -> UploadDocument:
    """Send the bytes that Content-Range names, from where the upload stands; what came before a
    line was cut stays."""
    upload = await run_in_threadpool(_mine, here, me, upload_id)
    offset = _offset(content_range, upload)
    if not upload.done:
        with parts_of(here).writing(upload, offset) as part:
            async for block in request.stream():
                await run_in_threadpool(part.write, block)
    return await run_in_threadpool(upload_document, here, upload)


@router.post("/uploads/{upload_id}/complete")
def complete_upload(upload_id: UploadId, here: Here, me: Sender) -> UploadDocument:
    """Check the file against its hash and keep it."""
    workspace, parts = here.workspace, parts_of(here)
    upload = _mine(here, me, upload_id)
    if not upload.done:
        uploads.keep_upload(upload, parts, workspace.files)
        with workspace.uow() as session:
            upload = uploads.end_upload(
                session,
                workspace.files,
                upload_id,
                user_id=me.user_id,
                at=workspace.clock(),
            )
        parts.forget(upload_id)
    return upload_document(here, upload)


@router.delete("/uploads/{upload_id}")
def cancel_upload(upload_id: UploadId, here: Here, me: Sender) -> Done:
    """Forget an upload that is not done."""
    with here.workspace.uow() as session:
        uploads.cancel_upload(session, upload_id, user_id=me.user_id)
    parts_of(here).forget(upload_id)
    return Done()


@router.get("/uploads/{upload_id}/shown", response_class=Response)
def read_own_photo(upload_id: UploadId, here: Here, me: Sender, request: Request) -> Response:
    """The clean copy of a photo that the user has sent."""
    shown = _mine(here, me, upload_id).shown_sha256
    if shown is None:
        raise no_such_file()
    return serve(request, here.workspace.files, shown, original=False)


@router.post("/uploads/batch")
def send_batch(
    files: Annotated[list[UploadFile], File(max_length=1000)],
    here: Here,
    me: Sender,
    request: Request,
) -> BatchDocument:
    """Send many small files at once; a bad one stops no other."""
    language = language_of(request)
    return BatchDocument(items=[_batch_item(here, me, file, language) for file in files])


@router.post("/photos")
def send_photo(
    file: Annotated[UploadFile, File()], here: Here, me: Sender, request: Request
) -> PhotoDocument:
    """Send one photo, and get the categories that it suggests."""
    photo = keep_file(here, me, file)
    analysis = look_at(here, me, photo)
    photo = _mine(here, me, photo.id)
    language = language_of(request)
    return PhotoDocument(
        upload=upload_document(here, photo),
        looked_at=analysis is not None,
        suggestions=_suggestions(here, analysis),
        quality=None if analysis is None else photo_quality(analysis),
        problem=_problem(analysis, language),
    )


def keep_file(here: Service, who: SignedIn, file: UploadFile) -> UploadView:
    """A small file that came whole, in the store.

    Raises:
        Refusal: `upload_too_large` for an empty one, `no_space`, or what
            `contents.refuse_foreign` says.
    """
    workspace = here.workspace
    size = file.size or 0
    if size == 0:
        raise uploads.too_large()
    parts_of(here).check_space(size, _limits(here))
    file.file.seek(0)
    refuse_foreign(file.file.read(HEAD_BYTES))
    file.file.seek(0)
    sha256 = workspace.files.put_stream(file.file)
    with workspace.uow() as session:
        return uploads.add_whole(
            session,
            workspace.files,
            user_id=who.user_id,
            name=file.filename or "",
            sha256=sha256,
            size_bytes=size,
            at=workspace.clock(),
        )


def parts_of(here: Service) -> PartFiles:
    """Where uploads are gathered."""
    return PartFiles(here.workspace.folder / "uploads")


def upload_document(here: Service, upload: UploadView) -> UploadDocument:
    """An upload as it stands."""
    place = upload.position
    position = None
    if place is not None:
        position = PositionAsk(lat=place.lat, lon=place.lon, radius_m=max(place.error_m, 0.1))
    received = upload.size_bytes if upload.done else parts_of(here).received(upload.id)
    return UploadDocument(
        id=upload.id,
        name=upload.name,
        size=upload.size_bytes,
        sha256=upload.sha256,
        received=received,
        done=upload.done,
        part_size=here.workspace.settings.upload_part_mb << 20,
        media_type=upload.media_type,
        shown_sha256=upload.shown_sha256,
        taken_at=upload.taken_at,
        position=position,
    )


def _mine(here: Service, who: SignedIn, upload_id: str) -> UploadView:
    with here.workspace.uow.reading() as session:
        return uploads.upload(session, upload_id, user_id=who.user_id)


def _limits(here: Service) -> UploadLimits:
    settings = here.workspace.settings
    return UploadLimits(
        file_bytes=int(settings.upload_gb * _GIGABYTE),
        free_bytes=int(settings.free_space_gb * _GIGABYTE),
        stale=timedelta(days=settings.upload_days),
    )


def _offset(content_range: str | None, upload: UploadView) -> int:
    match = _RANGE.fullmatch(content_range or "")
    if match is None:
        raise HttpFault(_BAD_RANGE)
    first, last, size = (int(part) for part in match.groups())
    if not first <= last < size or size != upload.size_bytes:
        raise HttpFault(_BAD_RANGE)
    return first


def _batch_item(here: Service, who: SignedIn, file: UploadFile, language: Language) -> BatchItem:
    name, size = uploads.safe_name(file.filename or ""), file.size or 0
    if size == 0:
        message = "文件是空的" if language == "zh" else "the file is empty"
        problem = FileProblem(code="empty", message=message)
        return BatchItem(
            name=name, upload_id=None, sha256=None, size=0, media_type=None, problem=problem
        )
    try:
        upload = keep_file(here, who, file)
    except Refusal as refusal:
        message = refusal.message_zh if language == "zh" else refusal.message_en
        problem = FileProblem(code=refusal.code, message=message)
        return BatchItem(
            name=name, upload_id=None, sha256=None, size=size, media_type=None, problem=problem
        )
    return BatchItem(
        name=upload.name,
        upload_id=upload.id,
        sha256=upload.sha256,
        size=upload.size_bytes,
        media_type=upload.media_type,
        problem=None,
    )


def _suggestions(here: Service, analysis: MediumAnalysis | None) -> list[SuggestionDocument]:
    if analysis is None or analysis.problem is not None or here.eye is None:
        return []
    found = suggestions_for(analysis, manifest=here.eye.manifest, tables=here.tables)
    document = suggestion_document(found, {})
    return [SuggestionDocument.model_validate(one) for one in document["suggestions"]]


def _problem(analysis: MediumAnalysis | None, language: Language) -> FileProblem | None:
    line = None if analysis is None else analysis.problem
    if line is None:
        return None
    return FileProblem(code=line.code, message=line.zh if language == "zh" else line.en)
