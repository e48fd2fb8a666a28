"""Files of the store over HTTP: ranges, caching by content, shown copies and originals apart."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from zoubian.api.http.problems import Fault, HttpFault
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.files import FileStore
from zoubian.pipeline.intake.contents import media_type_of
from zoubian.pipeline.intake.filetypes import HEAD_BYTES

_BLOCK_BYTES = 1 << 18
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_SVG = "image/svg+xml"

# A file's name is its content, so a copy never changes; only whoever may see it keeps it.
_KEEP = "private, max-age=31536000, immutable"
# An SVG is a document: opened by itself it may do nothing.
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def serve(request: Request, files: FileStore, sha256: str, *, original: bool) -> Response:
    """A stored file, or the part of it that is asked for.

    Args:
        original: given as a download that nobody keeps, so that the next reading is noted too.

    Raises:
        Refusal: `no_such_file`.
        HttpFault: the range does not lie in the file.
    """
    etag = f'"{sha256}"'
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store" if original else _KEEP,
    }
    if not original and etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    try:
        stream = files.open(sha256)
    except FileNotFoundError as error:
        raise no_such_file() from error
    size = stream.seek(0, 2)
    stream.seek(0)
    media_type = _media_type(stream, original=original)
    if original:
        headers["Content-Disposition"] = f'attachment; filename="{sha256[:16]}"'
    if media_type == _SVG:
        headers["Content-Security-Policy"] = _SANDBOX
    first, last = 0, size - 1
    status = 200
    asked = request.headers.get("range")
    if asked is not None and request.headers.get("if-range", etag) == etag:
        wanted = _wanted(asked, size)
        if wanted is not None:
            (first, last), status = wanted, 206
            headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    headers["Content-Length"] = str(last - first + 1)
    return StreamingResponse(
        _blocks(stream, first, last - first + 1), status, headers, media_type=media_type
    )


def no_such_file() -> Refusal:
    """The file is not there, or not to be seen."""
    return Refusal("no_such_file", zh="没有这个文件", en="there is no such file")


def _wanted(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a range; None for what is answered with the whole file.

    Raises:
        HttpFault: nothing of it lies in the file.
    """
    match = _RANGE.fullmatch(asked.replace(" ", ""))
    if match is None or not (match[1] or match[2]):
        return None  # several ranges, or another unit: the whole is always right
    if match[1]:
        first, last = int(match[1]), int(match[2]) if match[2] else size - 1
    else:
        first, last = max(0, size - int(match[2])), size - 1
    if match[1] and match[2] and int(match[2]) < first:
        return None
    if first >= size or first > last:
        raise HttpFault(
            Fault(
                416,
                "range",
                "请求的范围超出文件",
                "the range does not lie in the file",
                {"Content-Range": f"bytes */{size}"},
            )
        )
    return first, min(last, size - 1)


def _media_type(stream: BinaryIO, *, original: bool) -> str:
    head = stream.read(HEAD_BYTES)
    # Maps are drawn by us; nothing else that is given out as a copy begins like this.
    if not original and head.lstrip().startswith(b"<svg"):
        return _SVG
    return media_type_of(head)


def _blocks(stream: BinaryIO, first: int, length: int) -> Iterator[bytes]:
    with stream:
        stream.seek(first)
        while length > 0:
            block = stream.read(min(_BLOCK_BYTES, length))
            if not block:
                return
            length -= len(block)
            yield block
