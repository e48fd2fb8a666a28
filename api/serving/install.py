"""The plain door: a page that gives out the authority's certificate; all else goes to HTTPS."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import segno
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from zoubian.api.serving.addresses import HostNames, shown_host
from zoubian.api.serving.certificates import Certificate

AUTHORITY_PATH = "/zoubian-ca.crt"
_MEDIA_TYPE = "application/x-x509-ca-cert"  # phones offer to install what comes as this
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
}


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the service listens; without a plain door, `plain` is None."""

    https: int
    plain: int | None


class PlainDoor:
    """ASGI application of the plain port. It takes nothing and knows no session."""

    def __init__(
        self, certificate: Certificate, names: Callable[[], HostNames], ports: Ports
    ) -> None:
        self._certificate = certificate
        self._names = names
        self._ports = ports
        templates = FileSystemLoader(Path(__file__).parent / "templates")
        self._page = Environment(loader=templates, autoescape=True).get_template("install.html")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(Request(scope))(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        authority, path = self._certificate.authority, request.url.path
        if authority is not None and request.method in ("GET", "HEAD"):
            if path == "/":
                return HTMLResponse(self._told(self._host(request)), headers=_HEADERS)
            if path == AUTHORITY_PATH:
                return Response(authority, media_type=_MEDIA_TYPE, headers=_HEADERS)
        # For this once: ports may change, and a redirection that is kept would lead nowhere.
        query = request.scope["query_string"].decode("latin-1")
        target = self._service(self._host(request)) + quote(request.scope["path"])
        target += f"?{query}" if query else ""
        return RedirectResponse(target, status_code=307, headers=_HEADERS)

    def _told(self, host: str) -> str:
        here = f"http://{host}:{self._ports.plain}/"
        picture = segno.make(here, error="m").svg_inline(scale=4, border=2, omitsize=True)
        return self._page.render(
            qr=Markup(picture),
            authority_path=AUTHORITY_PATH,
            fingerprint=self._certificate.fingerprint,
            service=self._service(host) + "/",
        )

    def _service(self, host: str) -> str:
        return f"https://{host}:{self._ports.https}"

    def _host(self, request: Request) -> str:
        """The name under which the visitor came, if it is one of ours; it is not to be trusted."""
        try:
            named = request.url.hostname or ""
        except ValueError:  # no host that a browser would send
            named = ""
        names = self._names()
        if names.knows(named) and not named.startswith("127.") and named != "localhost":
            return shown_host(named)
        # At the server's own desk: a phone needs an address that it can reach.
        return next(iter(names.reachable()), "localhost")
