"""zoubian serve: the service over HTTPS, and the page that lets phones trust it."""

import logging
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zoubian.api.cli.models import workspace_option
from zoubian.api.cli.terminal import EXIT_DONE, EXIT_WRONG_USE, Terminal
from zoubian.pipeline.settings import Settings

if TYPE_CHECKING:
    from zoubian.api.serving.service import Ready


def _address(_context: click.Context, _option: click.Parameter, text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no address") from error


@click.command()
@click.option(
    "--host",
    default="0.0.0.0",
    show_default=True,
    callback=_address,
    help="Address to listen on; 0.0.0.0 is all of IPv4, :: is all.",
)
@click.option("--port", default=8443, show_default=True, help="Port of the service (HTTPS).")
@click.option(
    "--http-port",
    default=8080,
    show_default=True,
    help="Port of the plain page where phones get the certificate; 0 for none.",
)
@click.option(
    "--cert",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM file of a certificate and its chain; without one, the service makes its own.",
)
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM file of the key of --cert.",
)
@workspace_option
@click.pass_obj
def serve(
    terminal: Terminal,
    host: str,
    port: int,
    http_port: int,
    cert: Path | None,
    key: Path | None,
    workspace: Path,
) -> int:
    """Run the service over HTTPS until it is stopped (Ctrl-C, SIGTERM)."""
    if (cert is None) != (key is None):
        terminal.say("cert_and_key")
        return EXIT_WRONG_USE
    # The web half takes a second to load, which the other commands need not spend.
    from zoubian.api.serving.service import Wanted
    from zoubian.api.serving.service import serve as serve_workspace

    settings = Settings(workspace=workspace)
    given = (cert, key) if cert is not None and key is not None else None
    serve_workspace(
        settings,
        Wanted(host, port, http_port, given),
        log_level=logging.DEBUG if terminal.debug else logging.INFO,
        on_ready=lambda ready: _welcome(terminal, settings, ready),
    )
    terminal.say("serve_stopped")
    return EXIT_DONE


def _welcome(terminal: Terminal, settings: Settings, ready: "Ready") -> None:
    """Where to go with the browser, and what is missing."""
    hosts = ready.names.reachable() or ("localhost",)
    for host in hosts:
        terminal.say("serve_at", address=f"https://{host}:{ready.ports.https}/")
    shown = ready.certificate
    if shown.authority is not None and ready.ports.plain is not None:
        terminal.say("serve_install", address=f"http://{hosts[0]}:{ready.ports.plain}/")
        terminal.say("serve_fingerprint", fingerprint=shown.fingerprint)
    for name in shown.left_out:
        terminal.say("serve_left_out", name=name, folder=ready.certificates)
    if not ready.accounts:
        terminal.say("serve_no_account", workspace=settings.workspace)
