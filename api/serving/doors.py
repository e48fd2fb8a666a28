"""Around the service: who may ask how often, and what the whole way in adds to every answer."""

import logging
import math
import re
import time
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from zoubian.api.http.guarding import SECURITY_HEADERS
from zoubian.api.http.problems import Fault, HttpFault, problem, refusal_fault
from zoubian.api.http.session import signed_in
from zoubian.api.serving.rates import Buckets, Rate, address_key
from zoubian.pipeline.domain.refusals import Refusal

logger = logging.getLogger(__name__)

_MOST_KEYS = 100_000
# Where a password or a one-time code is tried.
_SIGN_IN = re.compile(r"/api/v1/session(/reset|/password)?")
_STRICT_TRANSPORT = "max-age=31536000"


@dataclass(frozen=True, slots=True)
class DoorRules:
    """How often may be asked.

    Attributes:
        address: any request from one address, behind which a whole office may sit.
        account: requests of one account.
        sign_in: tries to sign in from one address; each account has its lock beside this.
        lasting: tell browsers to come by HTTPS only from now on. Not with an authority of our own:
            who has not installed it would be locked out, on all ports of the name.
    """

    address: Rate
    account: Rate
    sign_in: Rate
    lasting: bool


class Doors:
    """ASGI middleware around the whole application; the address is that of the connection, or what
    a trusted proxy said (uvicorn puts it there)."""

    def __init__(self, app: FastAPI, rules: DoorRules) -> None:
        self._app = app
        self._lasting = rules.lasting
        self._addresses = Buckets(rules.address, now=time.monotonic, most=_MOST_KEYS)
        self._accounts = Buckets(rules.account, now=time.monotonic, most=_MOST_KEYS)
        self._sign_ins = Buckets(rules.sign_in, now=time.monotonic, most=_MOST_KEYS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        fault = await self._fault(scope)
        if fault is not None:
            facts = {"address": _address(scope), "path": scope["path"], "status": fault.status}
            logger.warning("turned away", extra=facts)
            answer = problem(Request(scope), fault, headers=SECURITY_HEADERS)
            await answer(scope, receive, send)
            return
        # The session, which knows who asks, calls it (`http.session.signed_in`).
        scope.setdefault("state", {})["admit_user"] = self._admit_user
        await self._app(scope, receive, self._marking(send) if self._lasting else send)

    async def _fault(self, scope: Scope) -> Fault | None:
        """Why a request is turned away before its body is read."""
        wait_s = self._wait_s(scope)
        if wait_s:
            return _too_many(wait_s)
        request = Request(scope)
        if not request.headers.get("content-type", "").startswith("multipart/"):
            return None
        # The framework takes the whole of a form, files and all, before a route asks who sends it.
        try:
            await run_in_threadpool(signed_in, request, self._app.state.service)
        except HttpFault as error:
            return error.fault
        except Refusal as refusal:
            return refusal_fault(refusal)
        return None

    def _wait_s(self, scope: Scope) -> float:
        key = address_key(_address(scope))
        wait_s = self._addresses.take(key)
        if not wait_s and scope["method"] == "POST" and _SIGN_IN.fullmatch(scope["path"]):
            wait_s = self._sign_ins.take(key)
        return wait_s

    def _admit_user(self, user_id: str) -> None:
        """Count a request of a user.

        Raises:
            HttpFault: too many.
        """
        wait_s = self._accounts.take(user_id)
        if wait_s:
            raise HttpFault(_too_many(wait_s))

    @staticmethod
    def _marking(send: Send) -> Send:
        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Strict-Transport-Security"] = _STRICT_TRANSPORT
            await send(message)

        return send_marked


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _too_many(wait_s: float) -> Fault:
    seconds = max(1, math.ceil(wait_s))
    return Fault(
        429,
        "too_many",
        f"操作过于频繁，请 {seconds} 秒后再试",
        f"too many requests: try again in {seconds} s",
        {"Retry-After": str(seconds)},
    )
