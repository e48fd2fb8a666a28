"""Stored events as they are found, whatever was done to them: nothing here trusts a column."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Row as DatabaseRow
from sqlalchemy import Select, column, select, table
from sqlalchemy.orm import Session

from zoubian.pipeline.ledger.canonical import write_time
from zoubian.pipeline.ledger.chain import REPEATED, Row
from zoubian.pipeline.ledger.events import Head

_ROWS_AT_ONCE = 1000

# Without types: values come as the driver gives them, and no column can make reading fail.
_EVENT = table("ledger_event", *map(column, ("number", "canonical", "hash", *REPEATED)))
_HEAD = table("ledger_head", *map(column, ("id", "number", "hash")))


@contextmanager
def one_state(session: Session) -> Iterator[None]:
    """Read one state of the database, and bytes that are no UTF-8 as lone surrogates.

    The session's transaction must not have begun.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    driver = session.connection().connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.text_factory = lambda raw: raw.decode(errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str


def stored_rows(session: Session) -> Iterator[Row]:
    """All events sorted by number, in flat memory."""
    everything = _events().order_by(_EVENT.c.number).execution_options(yield_per=_ROWS_AT_ONCE)
    for found in session.execute(everything):
        yield _row(found)


def stored_row(session: Session, number: int) -> Row | None:
    """The event in one place."""
    found = session.execute(_events().where(_EVENT.c.number == number)).first()
    return _row(found) if found is not None else None


def stored_head(session: Session) -> Head | None:
    """What the head row says, null where it is gone."""
    found = session.execute(select(_HEAD.c.number, _HEAD.c.hash).order_by(_HEAD.c.id)).first()
    return Head(int(found.number), str(found.hash)) if found is not None else None


def _events() -> Select[tuple[object, ...]]:
    return select(_EVENT)


def _row(found: DatabaseRow[tuple[object, ...]]) -> Row:
    values = found._mapping
    return Row(
        int(values["number"]),
        _text(values["canonical"]),
        _text(values["hash"]),
        {name: _repeated(name, values[name]) for name in REPEATED},
    )


def _repeated(name: str, value: object) -> str | None:
    if not name.endswith("_at"):
        return _text(value)
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return write_time(at.replace(tzinfo=UTC))


def _text(value: object) -> str:
    return value.decode(errors="surrogateescape") if isinstance(value, bytes) else str(value)
