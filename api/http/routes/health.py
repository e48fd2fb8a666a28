"""Is the service there, and what can it do: for machines, and for the page's first look."""

from importlib.metadata import version

from fastapi import APIRouter

from zoubian.api.http.context import Here
from zoubian.api.http.wire.base import Answer
from zoubian.pipeline.ledger.events import head

router = APIRouter(tags=["health"])


class Health(Answer):
    """The service answers; `database` tells whether its database does."""

    status: str
    version: str
    database: bool


@router.get("/health")
def health(here: Here) -> Health:
    """Tell that the service is there."""
    with here.workspace.uow.reading() as session:
        answers = head(session).number >= 0
    return Health(status="ok", version=version("zoubian"), database=answers)
