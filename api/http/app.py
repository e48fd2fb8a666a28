"""The application: a workspace in, an ASGI application out."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from zoubian.api.http.context import Service, make_service
from zoubian.api.http.document import describe
from zoubian.api.http.guarding import BodyLimit, Guard
from zoubian.api.http.problems import add_handlers
from zoubian.api.http.routes import (
    accounts,
    candidates,
    cases,
    deadlines,
    files,
    health,
    ledger,
    organisation,
    patrols,
    session,
    tasks,
    uploads,
    urging,
)
from zoubian.pipeline.bootstrap import Eye, Workspace
from zoubian.pipeline.settings import Settings

PREFIX = "/api/v1"

_MEGABYTE = 1 << 20
_PHOTO_MB = 64
_WORKBOOK_MB = 128

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    session.router,
    accounts.router,
    cases.router,
    candidates.router,
    files.router,
    tasks.router,
    uploads.router,
    patrols.router,
    urging.router,
    organisation.router,
    deadlines.router,
    ledger.router,
)


def create_app(workspace: Workspace, *, eye: Eye | None = None) -> FastAPI:
    """The service of a workspace.

    Args:
        eye: what looks at pictures; without one photos get no suggestions, and scans are refused.
    """
    service = make_service(workspace, eye)
    app = FastAPI(
        title="走遍 Zoubian",
        version="1",
        openapi_url=None,  # a route of ours gives it out
        docs_url=None,  # they load scripts from elsewhere
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        redirect_slashes=False,
        lifespan=partial(_lifespan, service),
        # The service calls nobody.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.service = service
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]
    add_handlers(app)
    app.add_middleware(Guard, limits=_limits(workspace.settings), otherwise_bytes=_MEGABYTE)
    return app


@asynccontextmanager
async def _lifespan(service: Service, _app: FastAPI) -> AsyncIterator[None]:
    if service.scans is not None:
        service.scans.start()
    yield
    service.close()


def _limits(settings: Settings) -> tuple[BodyLimit, ...]:
    """What may be larger than a document."""

    def limit(path: str, megabytes: int) -> BodyLimit:
        return BodyLimit(re.compile(PREFIX + path), megabytes * _MEGABYTE)

    return (
        limit("/uploads/batch$", settings.upload_batch_mb),
        limit("/uploads/[^/]+$", settings.upload_part_mb),
        limit("/(task/)?photos$", _PHOTO_MB),
        limit("/(organisation|deadlines)$", _WORKBOOK_MB),
    )


def _operation_id(route: APIRoute) -> str:
    """The function's name: what a generated client calls it."""
    return route.name
