"""Appending events to the chain, and reading them back."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.ledger.canonical import (
    CanonicalError,
    digest,
    read_time,
    write_canonical,
    write_time,
)
from zoubian.pipeline.ledger.models import LedgerEvent, LedgerHead

FIRST_PREVIOUS = "0" * 64  # what the first event names as the hash before it

_HEAD_ROW = 1
_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What happened, before it has a place in the chain.

    Attributes:
        subject: "case:<id>", "candidate:<id>", "hard_case:<id>" or "workspace".
        kind: "case.registered", "candidate.confirmed", ...
        actor: a user's id: a reference, never a name.
        occurred_at: aware; when it happened in the world.
        details: references and facts; no personal data.
    """

    subject: str
    kind: str
    actor: str
    occurred_at: datetime
    details: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event at its place in the chain; numbers count from 1 without a gap."""

    number: int
    subject: str
    kind: str
    actor: str
    occurred_at: datetime
    recorded_at: datetime
    details: Mapping[str, Json]
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: number and hash of its last event (0 for an empty ledger)."""

    number: int
    hash: str


def append(
    session: Session, events: Sequence[NewEvent], *, recorded_at: datetime
) -> list[StoredEvent]:
    """Append events at the end of the chain, in the caller's transaction.

    The head row is locked until that transaction ends, so every other row lock has to be taken
    before: everybody locks in the same order, and nobody waits in a ring.

    Raises:
        CanonicalError: an event cannot be written; nothing is appended.
    """
    if not events:
        return []
    locked = select(LedgerHead.number, LedgerHead.hash).where(LedgerHead.id == _HEAD_ROW)
    number, previous = session.execute(locked.with_for_update()).one()
    rows = chain_rows(events, after=Head(number, previous), recorded_at=recorded_at)
    session.execute(insert(LedgerEvent), rows)
    last = rows[-1]
    session.execute(
        update(LedgerHead)
        .where(LedgerHead.id == _HEAD_ROW)
        .values(number=last["number"], hash=last["hash"])
        .execution_options(synchronize_session=False)
    )
    return [read_event(row["canonical"], row["hash"]) for row in rows]


def events_of(session: Session, subject: str, *, after: int = 0) -> list[StoredEvent]:
    """The events of one subject in their order, those with a number above `after`."""
    rows = session.execute(
        select(LedgerEvent.canonical, LedgerEvent.hash)
        .where(LedgerEvent.subject == subject, LedgerEvent.number > after)
        .order_by(LedgerEvent.number)
    )
    return [read_event(canonical, hash_) for canonical, hash_ in rows]


def events_by_subject(
    session: Session, *, prefix: str
) -> Iterator[tuple[str, Iterator[StoredEvent]]]:
    """All subjects that begin with `prefix`, each with its events, in flat memory.

    Subjects come sorted by code point; one's events must be read before the next is asked for.
    """
    rows = session.execute(
        select(LedgerEvent.canonical, LedgerEvent.hash)
        .where(LedgerEvent.subject.startswith(prefix, autoescape=True))
        .order_by(LedgerEvent.subject, LedgerEvent.number)
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    events = (read_event(canonical, hash_) for canonical, hash_ in rows)
    yield from groupby(events, key=lambda event: event.subject)


def head(session: Session) -> Head:
    """Where the chain ends."""
    row = session.execute(
        select(LedgerHead.number, LedgerHead.hash).where(LedgerHead.id == _HEAD_ROW)
    ).one()
    return Head(*row)


def chain_rows(
    events: Sequence[NewEvent], *, after: Head, recorded_at: datetime
) -> list[dict[str, Any]]:
    """Rows of `ledger_event` that continue the chain after `after`.

    Raises:
        CanonicalError: an event cannot be written.
    """
    rows: list[dict[str, Any]] = []
    previous = after.hash
    for number, event in enumerate(events, start=after.number + 1):
        for name in (event.subject, event.kind, event.actor):
            if not name or not name.isprintable():
                raise CanonicalError(f"{name!r} is no name of a subject, a kind or an actor")
        canonical = write_canonical(
            {
                "actor": event.actor,
                "details": event.details,
                "kind": event.kind,
                "number": number,
                "occurred_at": write_time(event.occurred_at),
                "previous_hash": previous,
                "recorded_at": write_time(recorded_at),
                "subject": event.subject,
            }
        )
        hash_ = digest(canonical)
        rows.append(
            {
                "number": number,
                "subject": event.subject,
                "kind": event.kind,
                "actor": event.actor,
                "occurred_at": event.occurred_at,
                "recorded_at": recorded_at,
                "canonical": canonical,
                "previous_hash": previous,
                "hash": hash_,
            }
        )
        previous = hash_
    return rows


def read_event(canonical: str, hash_: str) -> StoredEvent:
    """The event that a canonical text says."""
    fields = json.loads(canonical)
    fields["occurred_at"] = read_time(fields["occurred_at"])
    fields["recorded_at"] = read_time(fields["recorded_at"])
    return StoredEvent(**fields, hash=hash_)
