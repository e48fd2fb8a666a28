"""Who asks: by the page's cookie, a device's token or a link for one case."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from zoubian.api.http.context import Here, Service
from zoubian.api.http.problems import NOT_SIGNED_IN, HttpFault
from zoubian.pipeline.accounts.links import Link, open_link
from zoubian.pipeline.accounts.sessions import SignedInUser, identify, touch
from zoubian.pipeline.accounts.tokens import TokenKind, csrf_token, kind_of
from zoubian.pipeline.domain.actors import Actor
from zoubian.pipeline.domain.refusals import Refusal

# The prefix has browsers keep it to this host and to HTTPS.
COOKIE = "__Host-zoubian"
CSRF_HEADER = "X-CSRF-Token"

_SAFE = ("GET", "HEAD", "OPTIONS")

Via = Literal["cookie", "token", "task_link"]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks.

    Attributes:
        actor: as what; `actors` all that the user may act as.
        session_id: of the page or device, None for a link.
        link: the link for one case, None for users.
        token: what was shown; it must go nowhere.
    """

    actor: Actor
    actors: tuple[Actor, ...]
    language: str
    via: Via
    session_id: str | None
    link: Link | None
    token: str

    @property
    def user_id(self) -> str:
        """The user's id, or the link's name."""
        return self.actor.user_id

    @property
    def csrf(self) -> str | None:
        """What a page has to say with everything that changes something."""
        return csrf_token(self.token) if self.via == "cookie" else None


def signed_in(request: Request, here: Here) -> SignedIn:
    """Who asks.

    Raises:
        HttpFault: nobody is signed in, or the account asks too often.
        Refusal: `csrf`.
    """
    token, via = _token(request)
    found = _identify(here, token, via)
    if found is None:
        raise HttpFault(NOT_SIGNED_IN)
    admit = getattr(request.state, "admit_user", None)  # of `serving.doors`, where there are any
    if admit is not None:
        admit(found.user_id)
    if via == "cookie" and request.method not in _SAFE:
        said = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(said.encode(), csrf_token(token).encode()):
            raise Refusal(
                "csrf",
                zh="页面已过期，请刷新后重试",
                en="the page is out of date: reload it and try again",
            )
    request.state.user_id = found.user_id
    request.state.user_language = found.language
    return found


CurrentUser = Annotated[SignedIn, Depends(signed_in)]


def keep_cookie(response: Response, token: str, *, valid: timedelta) -> None:
    """Give the page its token where scripts cannot read it."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(valid.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="strict",
    )


def drop_cookie(response: Response) -> None:
    """Take the page's token back."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")


def _token(request: Request) -> tuple[str, Via]:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        kind = kind_of(bearer)
        if kind is TokenKind.TASK:
            return bearer, "task_link"
        if kind is TokenKind.DEVICE:
            return bearer, "token"
        raise HttpFault(NOT_SIGNED_IN)
    cookie = request.cookies.get(COOKIE, "")
    if kind_of(cookie) is not TokenKind.PAGE:
        raise HttpFault(NOT_SIGNED_IN)
    return cookie, "cookie"


def _identify(here: Service, token: str, via: Via) -> SignedIn | None:
    workspace = here.workspace
    now = workspace.clock()
    with workspace.uow.reading() as session:
        if via == "task_link":
            link = open_link(session, token, at=now)
            if link is None:
                return None
            return SignedIn(link.actor, (link.actor,), "zh", via, None, link, token)
        idle = timedelta(hours=workspace.settings.session_idle_hours)
        organisation = workspace.organisation.current(session)
        user = identify(session, token, organisation, idle=idle, at=now)
    if user is None:
        return None
    if user.stale:
        with workspace.uow() as session:
            touch(session, user.session_id, at=now)
    return _signed_in(user, via, token)


def _signed_in(user: SignedInUser, via: Via, token: str) -> SignedIn:
    return SignedIn(user.actor, user.actors, user.language, via, user.session_id, None, token)
