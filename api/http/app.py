"""The application: a workspace in, an ASGI application out."""

import re
from functools import partial

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from zoubian.api.http.context import make_service
from zoubian.api.http.document import describe
from zoubian.api.http.guarding import BodyLimit, Guard
from zoubian.api.http.problems import add_handlers
from zoubian.api.http.routes import accounts, health, session
from zoubian.pipeline.bootstrap import Eye, Workspace

PREFIX = "/api/v1"
MEGABYTE = 1 << 20

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    session.router,
    accounts.router,
)


def create_app(workspace: Workspace, *, eye: Eye | None = None) -> FastAPI:
    """The service of a workspace."""
    app = FastAPI(
        title="走遍 Zoubian",
        version="1",
        openapi_url=None,  # a route of ours gives it out
        docs_url=None,  # they load scripts from elsewhere
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        redirect_slashes=False,
        # The service calls nobody.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.service = make_service(workspace)
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    app.openapi = partial(describe, app)  # type: ignore[method-assign]
    add_handlers(app)
    app.add_middleware(Guard, limits=_LIMITS, otherwise_bytes=MEGABYTE)
    return app


_LIMITS: tuple[BodyLimit, ...] = (BodyLimit(re.compile(rf"{PREFIX}/uploads/batch$"), MEGABYTE),)


def _operation_id(route: APIRoute) -> str:
    """The function's name: what a generated client calls it."""
    return route.name
