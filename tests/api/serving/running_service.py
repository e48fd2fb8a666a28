"""The service as it runs: a process of its own, HTTPS, and what it connects to written down."""

import contextlib
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from zoubian.pipeline.accounts.service import add_account, issue_code
from zoubian.pipeline.bootstrap import open_workspace
from zoubian.pipeline.settings import Settings

# Imported by every Python process that is started with this folder on its path, children too.
_WATCHER = """
import os, sys

_EVENTS = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto",
           "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn")

def _watch(event, arguments, _log=os.open(os.environ["CONNECTIONS"], os.O_WRONLY | os.O_APPEND)):
    if event in _EVENTS:
        os.write(_log, (event + " " + repr(arguments) + "\\n").encode())

sys.addaudithook(_watch)
"""


def watched(folder: Path) -> dict[str, str]:
    """An environment whose Python processes write into `folder`/connections what they connect to
    and what programs they start."""
    (folder / "watcher").mkdir(exist_ok=True)
    (folder / "watcher" / "sitecustomize.py").write_text(_WATCHER)
    (folder / "connections").touch()
    return {
        **os.environ,
        "PYTHONPATH": str(folder / "watcher"),
        "CONNECTIONS": str(folder / "connections"),
    }


@dataclass(frozen=True, slots=True)
class Server:
    """A running service."""

    process: "subprocess.Popen[str]"
    port: int
    http_port: int
    folder: Path
    admin_code: str

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def plain_url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    def trusting(self) -> ssl.SSLContext:
        """What a phone has that installed the authority from the plain page."""
        der = httpx.get(f"{self.plain_url}/zoubian-ca.crt").content
        return ssl.create_default_context(cadata=der)

    def client(self, **options: object) -> httpx.Client:
        given: Mapping[str, object] = {"verify": self.trusting(), **options}
        return httpx.Client(base_url=f"{self.url}/api/v1", timeout=60, **given)  # type: ignore[arg-type]

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextlib.contextmanager
def running(folder: Path, *options: str, **settings: str) -> Iterator[Server]:
    """`zoubian serve` over a workspace in `folder`; stopped in the end."""
    workspace = folder / "workspace"
    code = _admin_code(workspace)
    port, http_port = free_port(), free_port()
    environment = watched(folder) | {
        "ZOUBIAN_PASSWORD_MEMORY_MB": "1",
        "ZOUBIAN_PASSWORD_PASSES": "1",
        "ZOUBIAN_FREE_SPACE_GB": "0",
        **{f"ZOUBIAN_{name.upper()}": value for name, value in settings.items()},
    }
    ports = ["--host", "127.0.0.1", "--port", str(port), "--http-port", str(http_port)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from zoubian.api.cli.main import main; main()",
                *("--lang", "en", "serve", "--workspace", str(workspace)),
                *(*ports, *options),
            ],
            stdout=log,
            stderr=log,
            text=True,
            env=environment,
        )
    server = Server(process, port, http_port, folder, code)
    try:
        _wait_for(server)
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _admin_code(workspace: Path) -> str:
    """A one-time code of an administrator, as `zoubian user add` gives it."""
    opened = open_workspace(Settings(workspace=workspace))
    now = datetime.now(UTC)
    with opened.uow() as session:
        add_account(session, "admin", admin=True, at=now)
        code = issue_code(session, "admin", at=now, valid=timedelta(hours=1))
    opened.engine.dispose()
    return code


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + 120
    while "Application startup complete" not in server.log():
        assert server.process.poll() is None, server.log()
        assert time.monotonic() < deadline, f"the service does not start: {server.log()}"
        time.sleep(0.1)
