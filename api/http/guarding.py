"""What surrounds every request: an id, a line in the log, security headers, a limit of bytes."""

import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zoubian.api.http.problems import INTERNAL, problem

logger = logging.getLogger(__name__)

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")

# The page is served from here and loads nothing from anywhere else.
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
        "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
}


@dataclass(frozen=True, slots=True)
class BodyLimit:
    """How many bytes may be sent to the paths that a pattern matches."""

    path: re.Pattern[str]
    limit_bytes: int


class Guard:
    """ASGI middleware; the outermost one, so that nothing leaves without it."""

    def __init__(self, app: ASGIApp, *, limits: Sequence[BodyLimit], otherwise_bytes: int) -> None:
        self._app = app
        self._limits = limits
        self._otherwise_bytes = otherwise_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid4().hex
        request.state.request_id = request_id
        started = time.monotonic()
        status = 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            counted = _counted(receive, request, self._limit_of(scope["path"]))
            await self._app(scope, counted, send_guarded)
        except Exception:
            logger.exception("request failed", extra={"request_id": request_id})
            if status == 0:
                await problem(request, INTERNAL)(scope, receive, send_guarded)
        finally:
            # No query string and no body: they may hold texts and tokens.
            facts = {
                "request_id": request_id,
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "user": getattr(request.state, "user_id", None),
                "ms": round((time.monotonic() - started) * 1000, 1),
            }
            logger.info("request", extra=facts)

    def _limit_of(self, path: str) -> int:
        for limit in self._limits:
            if limit.path.match(path):
                return limit.limit_bytes
        return self._otherwise_bytes


def _counted(receive: Receive, request: Request, limit_bytes: int) -> Receive:
    """`receive` that ends the request when its body is larger than allowed."""
    stated = request.headers.get("content-length", "")
    too_large = stated.isdecimal() and int(stated) > limit_bytes
    read = 0

    async def receive_counted() -> Message:
        nonlocal read
        if too_large:
            raise HTTPException(413)
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > limit_bytes:
                raise HTTPException(413)
        return message

    return receive_counted
