"""Files that people send: in parts that can be gone on with, checked by their hash."""

import hashlib
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.domain.ids import new_id
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.files import FileStore, StorageError
from zoubian.pipeline.intake.contents import refuse_foreign
from zoubian.pipeline.intake.filetypes import HEAD_BYTES, sniff
from zoubian.pipeline.intake.models import Upload

_NAME_CHARACTERS = 200
_OPEN_AT_ONCE = 500  # uploads that one user has begun and not ended


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What may be sent.

    Attributes:
        file_bytes: size of one file.
        free_bytes: an upload may not leave less space on the disk than this.
        stale: parts of uploads that nobody went on with for so long are removed.
    """

    file_bytes: int
    free_bytes: int
    stale: timedelta


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload as it stands.

    Attributes:
        sha256: of the whole file, as its sender says until `done`.
        media_type: what its first bytes are, None for what is no photo, video or track.
        shown_sha256: clean copy of a photo that was looked at; `taken_at` and `position` are what
            the photo says of itself.
    """

    id: str
    user_id: str
    name: str
    sha256: str
    size_bytes: int
    done: bool
    media_type: str | None
    shown_sha256: str | None
    taken_at: datetime | None
    position: Position | None


class PartFiles:
    """The folder of what has come of uploads that are not done; a file's length tells how much."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, upload_id: str) -> Path:
        """Where the bytes of an upload are gathered."""
        return self.folder / f"{upload_id}.part"

    def received(self, upload_id: str) -> int:
        """How many bytes have come."""
        try:
            return self.path(upload_id).stat().st_size
        except FileNotFoundError:
            return 0

    @contextmanager
    def writing(self, upload: UploadView, offset: int) -> Iterator["PartWriter"]:
        """Go on with an upload at `offset`; what came before the end of a cut line stays.

        Raises:
            Refusal: `upload_offset` where something else is there than the sender thinks, or
                `upload_busy` where the same upload is being written.
            StorageError: the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self.path(upload.id).open("ab") as stream:
                if not _lock(stream):
                    raise Refusal(
                        "upload_busy",
                        zh="该文件正在上传，请稍候",
                        en="this upload is being written already: wait",
                    )
                if stream.tell() != offset:
                    raise Refusal(
                        "upload_offset",
                        zh=f"已收到 {stream.tell()} 字节，请从此处继续上传",
                        en=f"{stream.tell()} bytes have come: go on from there",
                    )
                yield PartWriter(stream, upload.size_bytes - offset)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise StorageError(self.folder, error) from error

    def forget(self, upload_id: str) -> None:
        """Remove what has come."""
        with suppress(FileNotFoundError):
            self.path(upload_id).unlink()

    def check_space(self, wanted_bytes: int, limits: UploadLimits) -> None:
        """See that there is room.

        Raises:
            Refusal: `no_space`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self.folder).free - wanted_bytes < limits.free_bytes:
            raise Refusal(
                "no_space",
                zh="服务器空间不足，请联系管理员",
                en="the server has too little space: tell the administrator",
            )


class PartWriter:
    """Takes the bytes of one part."""

    def __init__(self, stream: BinaryIO, room_bytes: int) -> None:
        self._stream = stream
        self._room_bytes = room_bytes

    def write(self, block: bytes) -> None:
        """Add bytes.

        Raises:
            Refusal: `upload_too_large`: more than the upload was said to have.
        """
        if len(block) > self._room_bytes:
            raise Refusal(
                "upload_too_large",
                zh="上传的内容超过所声明的大小",
                en="more was sent than the upload was said to have",
            )
        self._stream.write(block)
        self._room_bytes -= len(block)


def begin_upload(
    session: Session,
    parts: PartFiles,
    *,
    user_id: str,
    name: str,
    size_bytes: int,
    sha256: str,
    limits: UploadLimits,
    at: datetime,
) -> UploadView:
    """Begin to send a file; the same file of the same user is gone on with, or is there already.

    Raises:
        Refusal: `upload_too_large`, `too_many_uploads` or `no_space`.
    """
    if not 0 < size_bytes <= limits.file_bytes:
        raise too_large()
    mine = select(Upload).where(Upload.user_id == user_id)
    same = mine.where(Upload.sha256 == sha256, Upload.size_bytes == size_bytes)
    known = session.scalars(same.order_by(Upload.id.desc())).first()
    if known is not None:
        return upload_of(known)
    _forget_stale(session, parts, user_id, limits, at)
    if len(session.scalars(mine.where(Upload.done_at.is_(None))).all()) >= _OPEN_AT_ONCE:
        raise Refusal(
            "too_many_uploads",
            zh="未完成的上传过多，请先完成或取消",
            en="too many uploads were begun: end or cancel some first",
        )
    parts.check_space(size_bytes, limits)
    row = Upload(
        id=new_id(at),
        user_id=user_id,
        name=safe_name(name),
        sha256=sha256,
        size_bytes=size_bytes,
        created_at=at,
    )
    session.add(row)
    return upload_of(row)


def too_large() -> Refusal:
    """A file that cannot be taken for its size."""
    return Refusal("upload_too_large", zh="文件过大或为空", en="the file is too large, or empty")


def upload(session: Session, upload_id: str, *, user_id: str) -> UploadView:
    """One of a user's uploads.

    Raises:
        Refusal: `no_such_upload`.
    """
    return upload_of(_row(session, upload_id, user_id))


def keep_upload(view: UploadView, parts: PartFiles, files: FileStore) -> None:
    """Put what has come into the file store, if it is the file that was announced.

    Done again after a stop, it goes on. To be followed by `end_upload`, then `PartFiles.forget`.

    Raises:
        Refusal: `upload_incomplete`, `upload_damaged` (then it has to be sent again), or what
            `contents.refuse_foreign` says.
        StorageError: the store cannot be written.
    """
    if parts.received(view.id) != view.size_bytes:
        raise Refusal(
            "upload_incomplete",
            zh="文件尚未传完，请继续上传",
            en="the file has not come whole: go on",
        )
    path = parts.path(view.id)
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        head = stream.read(HEAD_BYTES)
    if found != view.sha256:
        parts.forget(view.id)
        raise Refusal(
            "upload_damaged",
            zh="文件在传输中损坏，请重新上传",
            en="the file was damaged on its way: send it again",
        )
    try:
        refuse_foreign(head)
    except Refusal:
        parts.forget(view.id)
        raise
    files.put_link(path, found)


def end_upload(
    session: Session, files: FileStore, upload_id: str, *, user_id: str, at: datetime
) -> UploadView:
    """Note that an upload's file is in the store."""
    row = _row(session, upload_id, user_id)
    if row.done_at is None:
        row.done_at = at
        row.media_type = _media_type(files, row.sha256)
    return upload_of(row)


def add_whole(
    session: Session,
    files: FileStore,
    *,
    user_id: str,
    name: str,
    sha256: str,
    size_bytes: int,
    at: datetime,
) -> UploadView:
    """Note a file that came whole and is in the store by now; a user's same file once."""
    mine = Upload.user_id == user_id, Upload.sha256 == sha256, Upload.done_at.is_not(None)
    row = session.scalars(select(Upload).where(*mine)).first()
    if row is None:
        row = Upload(
            id=new_id(at),
            user_id=user_id,
            name=safe_name(name),
            sha256=sha256,
            size_bytes=size_bytes,
            created_at=at,
            done_at=at,
            media_type=_media_type(files, sha256),
        )
        session.add(row)
    return upload_of(row)


def note_photo(
    session: Session,
    upload_id: str,
    *,
    user_id: str,
    shown_sha256: str | None,
    taken_at: datetime | None,
    position: Position | None,
) -> UploadView:
    """Note what a photo showed when it was looked at."""
    row = _row(session, upload_id, user_id)
    row.shown_sha256, row.taken_at = shown_sha256, taken_at
    if position is not None:
        row.lat, row.lon, row.position_error_m = position.lat, position.lon, position.error_m
    return upload_of(row)


def sent_by(session: Session, sha256s: Sequence[str], *, user_id: str) -> dict[str, UploadView]:
    """Those of the files that a user has sent, by SHA-256."""
    rows = session.scalars(
        select(Upload).where(
            Upload.user_id == user_id, Upload.sha256.in_(sha256s), Upload.done_at.is_not(None)
        )
    )
    return {row.sha256: upload_of(row) for row in rows}


def own_files(
    session: Session, sha256s: Collection[str], *, user_id: str, known: Collection[str]
) -> None:
    """See that somebody only attaches files that he has sent, or that are `known` to him anyway:
    whoever could attach any file could look at it.

    Raises:
        Refusal: `unknown_photo`.
    """
    wanted = sorted(set(sha256s) - set(known))
    if wanted and len(sent_by(session, wanted, user_id=user_id)) != len(wanted):
        raise Refusal(
            "unknown_photo",
            zh="有照片尚未上传，请重新上传",
            en="a photo has not been uploaded: upload it again",
        )


def shown_copies(session: Session, sha256s: Sequence[str]) -> dict[str, str]:
    """Clean copies of originals, by the original's SHA-256; those without one are left out."""
    rows = session.execute(
        select(Upload.sha256, Upload.shown_sha256).where(
            Upload.sha256.in_(sha256s), Upload.shown_sha256.is_not(None)
        )
    )
    return {sha256: shown for sha256, shown in rows if shown is not None}


def cancel_upload(session: Session, upload_id: str, *, user_id: str) -> None:
    """Forget an upload that is not done; what has come is removed by `PartFiles.forget`.

    Raises:
        Refusal: `no_such_upload`, or `upload_done`.
    """
    row = _row(session, upload_id, user_id)
    if row.done_at is not None:
        raise Refusal("upload_done", zh="该文件已上传完成", en="the upload is done already")
    session.delete(row)


def safe_name(name: str) -> str:
    """The last part of a name, of characters that can be shown.

    >>> safe_name("C:/DCIM/../IMG_1.JPG"), safe_name("..")
    ('IMG_1.JPG', 'file')
    """
    last = name.replace("\\", "/").rpartition("/")[2].strip().lstrip(".")
    shown = "".join(c for c in last if c.isprintable())
    return shown[-_NAME_CHARACTERS:] or "file"


def upload_of(row: Upload) -> UploadView:
    """The row as a value."""
    position = None
    if row.lat is not None and row.lon is not None and row.position_error_m is not None:
        position = Position(row.lat, row.lon, row.position_error_m)
    return UploadView(
        row.id,
        row.user_id,
        row.name,
        row.sha256,
        row.size_bytes,
        row.done_at is not None,
        row.media_type,
        row.shown_sha256,
        row.taken_at,
        position,
    )


def _row(session: Session, upload_id: str, user_id: str) -> Upload:
    row = session.get(Upload, upload_id)
    if row is None or row.user_id != user_id:
        raise Refusal("no_such_upload", zh="没有这个上传", en="there is no such upload")
    return row


def _forget_stale(
    session: Session, parts: PartFiles, user_id: str, limits: UploadLimits, at: datetime
) -> None:
    stale = session.scalars(
        select(Upload).where(
            Upload.user_id == user_id,
            Upload.done_at.is_(None),
            Upload.created_at < at - limits.stale,
        )
    )
    for row in stale:
        parts.forget(row.id)
        session.delete(row)
    session.flush()


def _media_type(files: FileStore, sha256: str) -> str | None:
    with files.open(sha256) as stream:
        found = sniff(stream.read(HEAD_BYTES))
    return found.media_type if found else None


def _lock(stream: BinaryIO) -> bool:
    """Keep others from writing the file; the lock ends with it."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
