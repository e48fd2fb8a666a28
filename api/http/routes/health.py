"""Is the service there, and what can it do: for machines, and for the page's first look."""

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.requests import Request

from zoubian.api.http.context import Here
from zoubian.api.http.permissions import PUBLIC
from zoubian.api.http.wire.base import Answer
from zoubian.pipeline.ledger.events import head

router = APIRouter(tags=["health"])


class Health(Answer):
    """The service answers; `database` tells whether its database does."""

    status: str
    version: str
    database: bool


@router.get("/health", dependencies=[PUBLIC])
def health(here: Here) -> Health:
    """Tell that the service is there."""
    with here.workspace.uow.reading() as session:
        answers = head(session).number >= 0
    return Health(status="ok", version=version("zoubian"), database=answers)


@router.get("/openapi.json", dependencies=[PUBLIC], include_in_schema=False)
def describe_service(request: Request) -> dict[str, Any]:
    """The OpenAPI document, from which clients are generated."""
    app: FastAPI = request.app
    return app.openapi()
