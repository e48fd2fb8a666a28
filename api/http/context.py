"""What the routes work with: a workspace, and what was made of it once at the start."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.datasets.classes.models import ClassTables
from zoubian.pipeline.accounts.passwords import Passwords
from zoubian.pipeline.bootstrap import Workspace, load_place_file, review_registry
from zoubian.pipeline.review.registry import Registry


@dataclass(frozen=True, slots=True)
class Service:
    """An opened workspace with what the review and the lists ask of it."""

    workspace: Workspace
    tables: ClassTables
    registry: Registry
    passwords: Passwords


def make_service(workspace: Workspace) -> Service:
    """Read once what does not change while the service runs."""
    places, _ = load_place_file(workspace)
    settings = workspace.settings
    passwords = Passwords(
        time_cost=settings.password_passes,
        memory_kib=settings.password_memory_mb << 10,
        parallelism=1,
    )
    return Service(workspace, packaged_tables(), review_registry(workspace, places), passwords)


def service_of(request: Request) -> Service:
    """The service that a request is for."""
    service: Service = request.app.state.service
    return service


Here = Annotated[Service, Depends(service_of)]
