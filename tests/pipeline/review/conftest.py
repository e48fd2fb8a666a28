"""The desk of the review's tests; after each test the whole ledger has to be sound."""

from collections.abc import Iterator

import pytest
from review_desk import ReviewDesk
from sqlalchemy import Engine

from zoubian.pipeline.db.engine import UnitOfWork


@pytest.fixture
def desk(engine: Engine) -> Iterator[ReviewDesk]:
    """On SQLite and on PostgreSQL."""
    desk = ReviewDesk(UnitOfWork(engine))
    yield desk
    assert desk.faults() == []
