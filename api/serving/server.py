"""Runs the service: HTTPS, the plain door beside it, certificates that renew, a graceful stop."""

import asyncio
import errno
import logging
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from zoubian.api.serving.certificates import Certificate, CertificateError, new_context
from zoubian.api.serving.install import PlainDoor

logger = logging.getLogger(__name__)

_KEEP_ALIVE_S = 30
_BACKLOG = 512


class PortError(Exception):
    """A port cannot be had.

    Attributes:
        message_zh, message_en: one line for people.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.message_zh = zh
        self.message_en = en


@dataclass(frozen=True, slots=True)
class Running:
    """What a server runs with.

    Attributes:
        app: the whole application, doors and all.
        plain: what answers on the plain port, None for no such port.
        certificate: looks at the certificate and renews it where needed.
        renew_s: how often to look at the certificate.
        trusted_proxies: addresses and networks whose forwarded headers are believed.
        stop_s: how long requests may go on after a signal to stop.
    """

    app: ASGIApp
    plain: PlainDoor | None
    certificate: Callable[[], Certificate]
    renew_s: float
    trusted_proxies: tuple[str, ...]
    stop_s: float


def listen(host: str, port: int) -> socket.socket:
    """Take a port.

    Raises:
        PortError: somebody has it, it is not to be had, or the host is not this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there it would let two servers have one port
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            taken.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        taken.bind((host, port))
        taken.listen(_BACKLOG)
    except OSError as error:
        taken.close()
        raise _port_error(host, port, error) from error
    return taken


def run(running: Running, https: socket.socket, plain: socket.socket | None) -> None:
    """Serve until SIGTERM or Ctrl-C, then stop gracefully.

    Raises:
        CertificateError: the certificate cannot be used.
    """
    context = new_context()
    _load(context, running.certificate())
    _allow_many_connections()
    # uvicorn sends itself the signal again once it has stopped.
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(_serve(running, context, https, plain))
    finally:
        signal.signal(signal.SIGTERM, before)


async def _serve(
    running: Running,
    context: ssl.SSLContext,
    https: socket.socket,
    plain: socket.socket | None,
) -> None:
    server = uvicorn.Server(_config(running, running.app, context=context))
    renewing = asyncio.create_task(_keep_fresh(context, running))
    beside: _Beside | None = None
    helping: asyncio.Task[None] | None = None
    if running.plain is not None and plain is not None:
        beside = _Beside(_config(running, running.plain, context=None))
        helping = asyncio.create_task(beside.serve(sockets=[plain]))
    try:
        await server.serve(sockets=[https])
    finally:
        renewing.cancel()
        if beside is not None and helping is not None:
            beside.should_exit = True
            await helping


class _Beside(uvicorn.Server):
    """A second server of one process: the first one listens for signals."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def _config(running: Running, app: ASGIApp, *, context: ssl.SSLContext | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off" if context is None else "auto",
        ssl_context_factory=None if context is None else lambda *_: context,
        proxy_headers=bool(running.trusted_proxies),
        forwarded_allow_ips=list(running.trusted_proxies),
        server_header=False,
        access_log=False,
        log_config=None,
        ws="none",
        http="h11",
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=int(running.stop_s),
    )


async def _keep_fresh(context: ssl.SSLContext, running: Running) -> None:
    """Renew the certificate before it ends and when addresses change, without a restart."""
    while True:
        await asyncio.sleep(running.renew_s)
        try:
            _load(context, running.certificate())
        except CertificateError:
            logger.exception("certificate not renewed")


def _load(context: ssl.SSLContext, certificate: Certificate) -> None:
    """Show this certificate to those who connect from now on."""
    context.load_cert_chain(certificate.chain, certificate.key)
    for name in certificate.left_out:
        logger.warning("the authority may not sign for %s", name)


def _allow_many_connections() -> None:
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _port_error(host: str, port: int, error: OSError) -> PortError:
    where = f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return PortError(
            f"端口 {where} 已被其他程序占用；请用 --port / --http-port 换一个，或先停止该程序",
            f"port {where} is in use by another program; choose another with --port / --http-port, "
            "or stop that program",
        )
    if error.errno == errno.EACCES:
        return PortError(
            f"没有权限使用端口 {where}；1024 以下的端口需要管理员或 CAP_NET_BIND_SERVICE",
            f"port {where} may not be used; ports below 1024 need root or CAP_NET_BIND_SERVICE",
        )
    return PortError(
        f"无法在 {where} 上监听：{error.strerror}", f"cannot listen on {where}: {error.strerror}"
    )
