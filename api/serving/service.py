"""From a workspace to a running service: the one place that reads settings and wires the doors."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from zoubian.api.http.app import create_app
from zoubian.api.http.logs import configure_logs
from zoubian.api.serving.addresses import HostNames, host_names
from zoubian.api.serving.certificates import Certificate, given_certificate, own_certificate
from zoubian.api.serving.doors import DoorRules, Doors
from zoubian.api.serving.install import PlainDoor, Ports
from zoubian.api.serving.rates import Rate
from zoubian.api.serving.server import Running, listen, run
from zoubian.pipeline import bootstrap
from zoubian.pipeline.accounts.service import accounts
from zoubian.pipeline.bootstrap import Workspace
from zoubian.pipeline.settings import Settings

CERTIFICATES = "certificates"  # folder in the workspace
_RENEW_S = 600.0
_BURST_S = 5.0  # so much of the long run's rate may come at once


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where to listen, and with which certificate.

    Attributes:
        http_port: of the plain page, 0 for none.
        given: certificate and key; without them, the service makes its own.
    """

    host: str
    port: int
    http_port: int
    given: tuple[Path, Path] | None


@dataclass(frozen=True, slots=True)
class Ready:
    """A service about to answer.

    Attributes:
        accounts: how many may sign in.
        certificates: folder of certificates of our own.
    """

    names: HostNames
    ports: Ports
    certificate: Certificate
    accounts: int
    certificates: Path


def serve(
    settings: Settings, wanted: Wanted, *, log_level: int, on_ready: Callable[[Ready], None]
) -> None:
    """Run the service of a workspace until it is told to stop.

    Raises:
        PortError: a port cannot be had.
        CertificateError: the certificate cannot be used.
        StorageError, WorkspaceError, RegistryError: as in `open_workspace` and `open_eye`.
    """
    # The ports first: a second service on one workspace shall change nothing there.
    https = listen(wanted.host, wanted.port)
    plain = listen(wanted.host, wanted.http_port) if wanted.http_port else None
    opened = bootstrap.open_workspace(settings)
    names = partial(host_names, listed(settings.server_names), host=wanted.host)
    certificate = _certificate(opened, wanted, names)
    shown = certificate()
    ports = Ports(_port(https), None if plain is None else _port(plain))
    app = create_app(opened, eye=bootstrap.open_eye(opened, model=None))
    running = Running(
        app=Doors(app, _rules(settings, lasting=wanted.given is not None)),
        plain=None if plain is None else PlainDoor(shown, names, ports),
        certificate=certificate,
        renew_s=_RENEW_S,
        trusted_proxies=listed(settings.trusted_proxies),
        stop_s=settings.stop_seconds,
    )
    with opened.uow.reading() as session:
        count = len(accounts(session))
    configure_logs(level=log_level)
    on_ready(Ready(names(), ports, shown, count, opened.folder / CERTIFICATES))
    run(running, https, plain)
    opened.engine.dispose()


def listed(text: str) -> tuple[str, ...]:
    """The parts of a setting that are separated by commas.

    >>> listed("10.0.0.1, 10.0.1.0/24,")
    ('10.0.0.1', '10.0.1.0/24')
    """
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _certificate(
    opened: Workspace, wanted: Wanted, names: Callable[[], HostNames]
) -> Callable[[], Certificate]:
    if wanted.given is not None:
        return partial(given_certificate, *wanted.given)
    folder = opened.folder / CERTIFICATES
    return lambda: own_certificate(folder, names(), now=opened.clock())


def _port(taken: socket.socket) -> int:
    port: int = taken.getsockname()[1]
    return port


def _rules(settings: Settings, *, lasting: bool) -> DoorRules:
    def rate(per_second: float) -> Rate:
        return Rate(per_second, max(1.0, per_second * _BURST_S))

    per_minute = settings.sign_ins_per_minute
    return DoorRules(
        address=rate(settings.address_requests_per_second),
        account=rate(settings.account_requests_per_second),
        sign_in=Rate(per_minute / 60.0, max(1.0, per_minute)),
        lasting=lasting,
    )
