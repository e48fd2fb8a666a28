"""A small ledger for tests, and hands that reach past its guards."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, text

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.ledger.events import Head, NewEvent, StoredEvent, append, chain_rows

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def new_event(n: int, **changes: object) -> NewEvent:
    fields = {
        "subject": f"case:{n % 3}",
        "kind": "case.noted",
        "actor": f"u{n % 2}",
        "occurred_at": START + timedelta(minutes=n),
        "details": {"n": n, "word": "垃圾箱满溢", "lat": 39.9123456789 + n},
    }
    return NewEvent(**{**fields, **changes})  # type: ignore[arg-type]


def fill(engine: Engine, count: int) -> list[StoredEvent]:
    """Append `count` events, one transaction each."""
    uow = UnitOfWork(engine)
    stored = []
    for n in range(1, count + 1):
        with uow() as session:
            stored += append(session, [new_event(n)], recorded_at=START + timedelta(hours=n))
    return stored


def drop_guards(connection: Connection) -> None:
    """What the owner of a database can do to its triggers."""
    if connection.dialect.name == "sqlite":
        names = connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger%'")
        ).all()
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        for table in ("ledger_event", "ledger_head"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))


def insert_rows(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    """Rows past `append`; the guards must be down."""
    from zoubian.pipeline.ledger.models import LedgerEvent

    connection.execute(LedgerEvent.__table__.insert(), list(rows))  # type: ignore[attr-defined]


def rewritten(stored: Sequence[StoredEvent], *, from_number: int) -> list[dict[str, object]]:
    """The events from a number on, another history with all hashes right."""
    events = [
        NewEvent(e.subject, e.kind, "someone-else", e.occurred_at, e.details)
        for e in stored[from_number - 1 :]
    ]
    before = stored[from_number - 2]
    return chain_rows(events, after=Head(before.number, before.hash), recorded_at=START)
