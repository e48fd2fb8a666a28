"""One database per workspace: how it is opened and what one transaction is."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

# A writer waits this long for another one; transactions here are short, but disks may be slow.
BUSY_TIMEOUT_MS = 30_000


def make_engine(url: str) -> Engine:
    """An engine for `url`; SQLite gets the pragmas and locks that several processes need."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


class UnitOfWork:
    """Transactions of one database.

    `with uow() as session:` is one transaction that may write: committed when the block is left
    without an error, rolled back otherwise. `with uow.reading() as session:` sees one state of
    the database, waits for no writer and keeps nothing that is changed in it.
    """

    def __init__(self, engine: Engine) -> None:
        self._writing = engine.execution_options(zoubian_writes=True)
        self._reading = engine

    @contextmanager
    def __call__(self) -> Iterator[Session]:
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            # SQLite refuses a write after a read with "locked", whatever the timeout, when
            # another writer came between: the write lock is taken at once.
            session.connection()
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with Session(self._reading, expire_on_commit=False) as session:
            yield session


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours, see _begin_sqlite
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    # With WAL, NORMAL may lose the last commits at a power cut, but never breaks the database.
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("zoubian_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
