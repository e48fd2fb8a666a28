"""An office with deadlines and cases, on both databases; sheets of one unit on paper."""

from collections.abc import Callable

import pytest
from due_office import Office, at
from sqlalchemy import Engine

from zoubian.pipeline.dispatch.urging import DueCase, UrgeSheet, urge_sheets


@pytest.fixture
def office(engine: Engine) -> Office:
    return Office(engine)


@pytest.fixture
def sheet() -> Callable[..., UrgeSheet]:
    """The sheet of one unit, made on 16 June 2026 at 11:30."""

    def make(*due: DueCase) -> UrgeSheet:
        [made] = urge_sheets(due, {"street-1": "南湖街道"}, made_at=at("2026-06-16 11:30"))
        return made

    return make
