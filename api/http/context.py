"""What the routes work with: a workspace, and what was made of it once at the start."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from zoubian.api.http.scanning import ScanRunner
from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.datasets.classes.models import ClassTables
from zoubian.pipeline.accounts.passwords import Passwords
from zoubian.pipeline.bootstrap import (
    Eye,
    Workspace,
    load_place_file,
    review_registry,
    shared_analysts,
)
from zoubian.pipeline.jobs.looking import SharedAnalysts
from zoubian.pipeline.review.registry import Registry


@dataclass(frozen=True, slots=True)
class Service:
    """An opened workspace with what the routes ask of it.

    Attributes:
        eye: what looks at pictures; None leaves suggestions and scans out, and `analysts` and
            `scans` with them.
    """

    workspace: Workspace
    tables: ClassTables
    registry: Registry
    passwords: Passwords
    eye: Eye | None
    analysts: SharedAnalysts | None
    scans: ScanRunner | None

    def close(self) -> None:
        """Stop what runs beside the requests."""
        if self.scans is not None:
            self.scans.close()
        if self.analysts is not None:
            self.analysts.close()


def make_service(workspace: Workspace, eye: Eye | None) -> Service:
    """Read once what does not change while the service runs; to be closed."""
    places, _ = load_place_file(workspace)
    settings = workspace.settings
    passwords = Passwords(
        time_cost=settings.password_passes,
        memory_kib=settings.password_memory_mb << 10,
        parallelism=1,
    )
    return Service(
        workspace,
        packaged_tables(),
        review_registry(workspace, places),
        passwords,
        eye,
        None if eye is None else shared_analysts(workspace, eye),
        None if eye is None else ScanRunner(workspace, eye),
    )


def service_of(request: Request) -> Service:
    """The service that a request is for."""
    service: Service = request.app.state.service
    return service


Here = Annotated[Service, Depends(service_of)]
