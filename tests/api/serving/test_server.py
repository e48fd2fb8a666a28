"""The running service from the outside: HTTPS, the plain door, headers, limits, logs, stopping."""

import contextlib
import json
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from running_service import Server, free_port, running, watched

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "Correct-Horse-7"


def handshake(server: Server, version: ssl.TLSVersion) -> str | None:
    context = server.trusting()
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.maximum_version = version
    try:
        with (
            socket.create_connection(("127.0.0.1", server.port), 10) as raw,
            context.wrap_socket(raw, server_hostname="localhost") as secure,
        ):
            return secure.version()
    except (ssl.SSLError, OSError):
        return None


def test_a_phone_that_installed_the_authority_gets_in(server: Server) -> None:
    with server.client() as phone:
        assert phone.get("/health").json()["status"] == "ok"


def test_others_are_warned(server: Server) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{server.url}/api/v1/health")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize(
    ("version", "spoken"),
    [
        (ssl.TLSVersion.TLSv1_1, None),
        (ssl.TLSVersion.TLSv1_2, "TLSv1.2"),
        (ssl.TLSVersion.TLSv1_3, "TLSv1.3"),
    ],
)
def test_old_versions_of_tls_are_not_spoken(
    version: ssl.TLSVersion, spoken: str | None, server: Server
) -> None:
    assert handshake(server, version) == spoken


def test_the_plain_page_gives_out_the_authority_that_the_terminal_named(server: Server) -> None:
    page = httpx.get(f"{server.plain_url}/")
    [told] = re.findall(r"\(SHA-256\): ([0-9A-F:]{95})", server.log())
    assert told in page.text
    for words in ("安装证书", "Install the certificate", "<svg", 'href="/zoubian-ca.crt"'):
        assert words in page.text
    given = httpx.get(f"{server.plain_url}/zoubian-ca.crt")
    assert given.headers["content-type"] == "application/x-x509-ca-cert"
    assert "PRIVATE" not in page.text and b"PRIVATE" not in given.content


@pytest.mark.parametrize(
    ("method", "path", "host", "leads_to"),
    [
        ("GET", "/api/v1/health?x=1", None, "https://localhost:{port}/api/v1/health?x=1"),
        ("GET", "/cases/1", "localhost:9999", "https://localhost:{port}/cases/1"),
        ("POST", "/api/v1/session", None, "https://localhost:{port}/api/v1/session"),
        ("POST", "/", None, "https://localhost:{port}/"),
        ("GET", "/x", "evil.example.com", "https://localhost:{port}/x"),
        ("GET", "//evil.example.com/", None, "https://localhost:{port}//evil.example.com/"),
        ("GET", "/y", "[::1", "https://localhost:{port}/y"),
        ("GET", "/%0d%0aSet-Cookie:a", None, "https://localhost:{port}/%0D%0ASet-Cookie%3Aa"),
    ],
)
def test_everything_else_is_sent_to_https(
    method: str, path: str, host: str | None, leads_to: str, server: Server
) -> None:
    headers = {"Host": host} if host else {}
    answer = httpx.request(method, f"{server.plain_url}{path}", headers=headers)
    assert answer.status_code == 307
    assert answer.headers["location"] == leads_to.format(port=server.port)
    assert "set-cookie" not in answer.headers


def test_no_answer_leaves_without_security_headers(server: Server) -> None:
    with server.client() as phone:
        answers = [phone.get("/health"), phone.get("/cases"), phone.get("/nowhere")]
    answers.append(httpx.get(f"{server.plain_url}/"))
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff", answer.url
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
        # With an authority of our own it would lock out who has not installed it.
        assert "strict-transport-security" not in answer.headers


def test_secrets_are_never_logged(server: Server) -> None:
    new = PASSWORD + "-new"
    with server.client() as page:
        reset = {"user_id": "admin", "code": server.admin_code, "password": PASSWORD}
        csrf = page.post("/session/reset", json=reset).json()["csrf"]
        page.headers["X-CSRF-Token"] = csrf
        cookie = next(iter(page.cookies.values()))
        device = page.post("/devices", json={"name": "tablet"}).json()["token"]
        page.get("/cases", params={"text": "13900001111"})
        change = {"old_password": PASSWORD, "password": new}
        assert page.post("/session/password", json=change).status_code == 200
        page.post("/session", json={"user_id": "admin", "password": "Mistyped-Horse-8"})
        page.post("/session", json={"user_id": ["13900002222"], "password": {"a": "Odd-Horse-9"}})
        page.post("/session", content=b'{"password": "Broken-Horse-3"')
    raw = socket.create_connection(("127.0.0.1", server.port), 5)
    with server.trusting().wrap_socket(raw, server_hostname="localhost") as strange:
        strange.sendall(b"GET /?token=Query-Horse-4 HTTP/1.1\r\nbroken\r\n\r\n")
        strange.recv(1000)
    log = server.log()
    assert '"/api/v1/session/password"' in log, "it was logged at all"
    for secret in (PASSWORD, server.admin_code, cookie, csrf, device, "139000", "-Horse-"):
        assert secret not in log, secret
    for line in log.splitlines():
        assert line.startswith(("{", "the ", "phones", "fingerprint", "there ")), line


def test_a_given_certificate_is_shown_lasts_and_the_service_stops_gracefully(
    server: Server, tmp_path: Path
) -> None:
    own = str(server.folder / "workspace" / "certificates" / "server.pem")
    with (
        running(tmp_path, "--cert", own, "--key", own, stop_seconds="3") as other,
        httpx.Client(verify=server.trusting()) as page,
    ):
        answer = page.get(f"{other.url}/api/v1/health")  # the connection stays open
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        plain = httpx.get(f"{other.plain_url}/")
        assert plain.status_code == 307, "there is no authority to give out"
        assert not (tmp_path / "workspace" / "certificates").exists()
        begun = time.monotonic()
        other.process.send_signal(signal.SIGTERM)
        assert other.process.wait(timeout=60) == 0
        assert time.monotonic() - begun < 30
    assert other.log().rstrip().endswith("the service has stopped")
    assert "Traceback" not in other.log()


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "已被其他程序占用"), ("en", "is in use by another program")]
)
@pytest.mark.parametrize("which", ["--port", "--http-port"])
def test_a_port_in_use_is_told_in_one_line(
    lang: str, words: str, which: str, tmp_path: Path, zoubian_within
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ports = {"--port": str(free_port()), "--http-port": str(free_port()), which: port}
        given = [part for pair in ports.items() for part in pair]
        outcome = zoubian_within(
            "serve", "--host", "127.0.0.1", *given, "--workspace", tmp_path / "w", lang=lang
        )
    assert outcome.code == 3
    [line] = outcome.err.strip().splitlines()
    assert words in line and port in line
    assert not (tmp_path / "w").exists(), "nothing was touched"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--cert", __file__], 2),
        (["--cert", __file__, "--key", __file__], 3),
        (["--host", "example.com"], 2),
        (["--host", "203.0.113.77", "--port", "0"], 3),
    ],
)
def test_wrong_use_is_told_in_one_line(
    arguments: list[str], code: int, tmp_path: Path, zoubian_within
) -> None:
    ports = ("--port", str(free_port()), "--http-port", "0")
    outcome = zoubian_within("serve", *ports, *arguments, "--workspace", tmp_path / "w", lang="en")
    assert outcome.code == code
    assert "Traceback" not in outcome.err and outcome.err.strip()


BARE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoubian.api.serving.addresses import HostNames
from zoubian.api.serving.certificates import own_certificate
from zoubian.api.serving.server import Running, listen, run

async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["client"][0].encode()})

looks = 0
def certificate():
    global looks
    looks += 1
    names = HostNames(("localhost", f"look-{min(looks, 2)}.local"), ())
    return own_certificate(Path(sys.argv[1]), names, now=datetime.now(UTC))

taken = listen("127.0.0.1", int(sys.argv[2]))
run(Running(app, None, certificate, 1.5, tuple(sys.argv[3:]), 1.0), taken, None)
"""


@contextlib.contextmanager
def bare_server(folder: Path, *trusted_proxies: str) -> Iterator[tuple[int, ssl.SSLContext]]:
    """The server around an application that says who it believes to ask; its port, and what
    trusts it."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", BARE, str(folder), str(port), *trusted_proxies]
    )
    try:
        authority = folder / "authority.pem"
        deadline = time.monotonic() + 60
        while not (folder / "server.pem").exists():
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        yield port, ssl.create_default_context(cafile=str(authority))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()


def test_a_renewed_certificate_is_shown_without_a_restart(tmp_path: Path) -> None:
    with bare_server(tmp_path) as (port, trusting):

        def names() -> set[str]:
            with (
                socket.create_connection(("127.0.0.1", port), 5) as raw,
                trusting.wrap_socket(raw, server_hostname="localhost") as secure,
            ):
                shown = secure.getpeercert()
            assert shown is not None
            return {str(value) for _, value in shown["subjectAltName"]}

        assert "look-1.local" in names()
        deadline = time.monotonic() + 30
        while "look-2.local" not in names():
            assert time.monotonic() < deadline
            time.sleep(0.1)


# trusted proxies, what X-Forwarded-For says, who is believed to ask
FORWARDED: tuple[tuple[tuple[str, ...], str, str], ...] = (
    ((), "10.0.0.1", "127.0.0.1"),
    (("10.1.1.1",), "10.0.0.1", "127.0.0.1"),
    (("127.0.0.0/8", "10.1.1.1"), "10.0.0.1", "10.0.0.1"),
    # What a client wrote in front of the proxies' own words does not count.
    (("127.0.0.0/8", "10.1.1.1"), "6.6.6.6, 10.0.0.1, 10.1.1.1", "10.0.0.1"),
)


@pytest.mark.parametrize("trusted", sorted({row[0] for row in FORWARDED}))
def test_only_a_trusted_proxy_says_who_asks(trusted: tuple[str, ...], tmp_path: Path) -> None:
    with bare_server(tmp_path, *trusted) as (port, trusting):
        for _, said, believed in [row for row in FORWARDED if row[0] == trusted]:
            answer = httpx.get(
                f"https://localhost:{port}/", headers={"X-Forwarded-For": said}, verify=trusting
            )
            assert answer.text == believed, said


def test_a_stranger_cannot_make_the_server_take_a_large_body(server: Server) -> None:
    head = (
        "POST /api/v1/uploads/batch HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 20000000\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
    )
    raw = socket.create_connection(("127.0.0.1", server.port), 10)
    with server.trusting().wrap_socket(raw, server_hostname="localhost") as stranger:
        stranger.settimeout(10)
        stranger.sendall(head.encode())
        assert b" 401 " in stranger.recv(1000).split(b"\r\n")[0]


def test_the_service_connects_to_nobody_and_starts_no_program(server: Server) -> None:
    """The last of the module: what the others did was written down."""
    seen = (server.folder / "connections").read_text()
    assert seen == "", seen


def test_looking_at_pictures_connects_to_nobody_and_starts_no_program(tmp_path: Path) -> None:
    """Nor do the children that hold the model; the watcher reaches them too."""
    photo = next(iter(sorted((ROOT / "datasets" / "sample").glob("*.jpg"))))
    command = "from zoubian.api.cli.main import main; main()"
    done = subprocess.run(
        [
            *(sys.executable, "-c", command, "scan", str(photo), "--json"),
            *("--workspace", str(tmp_path / "workspace")),
        ],
        env=watched(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["media"]
    assert (tmp_path / "connections").read_text() == ""


def test_the_watcher_sees_connections(tmp_path: Path) -> None:
    script = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
    subprocess.run([sys.executable, "-c", script], env=watched(tmp_path), check=True)
    assert "127.0.0.1" in (tmp_path / "connections").read_text()
