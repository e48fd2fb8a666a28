"""Appending: numbers without a gap, hashes anyone can take again, nothing left by a rollback."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from chains import START, fill, new_event
from sqlalchemy import Engine, select

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.ledger.canonical import CanonicalError, read_time, write_canonical, write_time
from zoubian.pipeline.ledger.events import (
    FIRST_PREVIOUS,
    Head,
    append,
    chain_rows,
    events_by_subject,
    events_of,
    head,
)
from zoubian.pipeline.ledger.models import LedgerEvent


class Word(StrEnum):
    FIXED = "fixed"


def test_an_empty_ledger_ends_with_event_0(engine: Engine) -> None:
    with UnitOfWork(engine).reading() as session:
        assert head(session) == Head(0, FIRST_PREVIOUS)


def test_every_event_carries_the_hash_of_the_one_before(engine: Engine) -> None:
    stored = fill(engine, 5)
    assert [event.number for event in stored] == [1, 2, 3, 4, 5]
    assert [event.previous_hash for event in stored] == [
        FIRST_PREVIOUS,
        *(event.hash for event in stored[:-1]),
    ]
    with UnitOfWork(engine).reading() as session:
        assert head(session) == Head(5, stored[-1].hash)


def test_the_hash_is_sha256_of_the_stored_text(engine: Engine) -> None:
    fill(engine, 2)
    with UnitOfWork(engine).reading() as session:
        for row in session.scalars(select(LedgerEvent)):
            assert row.hash == hashlib.sha256(row.canonical.encode()).hexdigest()
            fields = json.loads(row.canonical)
            assert fields["number"] == row.number
            assert read_time(fields["occurred_at"]) == row.occurred_at


def test_several_events_of_one_call_follow_each_other(engine: Engine) -> None:
    uow = UnitOfWork(engine)
    with uow() as session:
        first = append(session, [new_event(1), new_event(2)], recorded_at=START)
        second = append(session, [new_event(3)], recorded_at=START)
        assert append(session, [], recorded_at=START) == []
    assert [event.number for event in first + second] == [1, 2, 3]
    assert second[0].previous_hash == first[1].hash


def test_what_is_read_back_is_what_append_returned(engine: Engine) -> None:
    stored = fill(engine, 7)
    with UnitOfWork(engine).reading() as session:
        assert events_of(session, "case:1") == [e for e in stored if e.subject == "case:1"]
        assert [e.number for e in events_of(session, "case:1", after=1)] == [4, 7]
        assert events_of(session, "case:9") == []


def test_subjects_are_streamed_in_order_with_their_events(engine: Engine) -> None:
    uow = UnitOfWork(engine)
    names = ["case:b", "case:B", "case:a", "candidate:a", "case:b", "caseX"]
    with uow() as session:
        append(session, [new_event(1, subject=name) for name in names], recorded_at=START)
    with uow.reading() as session:
        found = [
            (subject, [event.number for event in events])
            for subject, events in events_by_subject(session, prefix="case:")
        ]
    assert found == [("case:B", [2]), ("case:a", [3]), ("case:b", [1, 5])]


def test_rollback_leaves_no_gap(engine: Engine) -> None:
    uow = UnitOfWork(engine)
    fill(engine, 2)
    with pytest.raises(KeyError), uow() as session:
        append(session, [new_event(3), new_event(4)], recorded_at=START)
        raise KeyError
    with uow() as session:
        [event] = append(session, [new_event(5)], recorded_at=START)
    assert event.number == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"details": {"at": START}},
        {"details": {"x": float("nan")}},
        {"details": {"x": [float("inf")]}},
        {"details": {1: "a"}},
        {"details": {"x": b"bytes"}},
        {"details": {"x": {1, 2}}},
        {"details": {"x": "\ud800"}},
        {"occurred_at": datetime(2026, 1, 1)},
        {"actor": ""},
        {"subject": "case:\n1"},
        {"kind": "case\x00"},
    ],
    ids=str,
)
def test_what_cannot_be_kept_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(CanonicalError):
        chain_rows([new_event(2, **changes)], after=Head(0, FIRST_PREVIOUS), recorded_at=START)


def test_nothing_is_appended_beside_what_cannot_be_kept(engine: Engine) -> None:
    uow = UnitOfWork(engine)
    with uow() as session:
        with pytest.raises(CanonicalError):
            append(session, [new_event(1), new_event(2, actor="")], recorded_at=START)
    with uow.reading() as session:
        assert head(session).number == 0


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"b": 1, "a": 2, "A": 3, "中": 4}, '{"A":3,"a":2,"b":1,"中":4}'),
        ({"x": [1, 1.0, 0.1, -0.0, 1e21, 5e-324]}, '{"x":[1,1.0,0.1,-0.0,1e+21,5e-324]}'),
        ({"x": 2**70}, '{"x":1180591620717411303424}'),
        ({"x": (True, None, Word.FIXED)}, '{"x":[true,null,"fixed"]}'),
        ({"x": 'a"\\\n\x00/é'}, '{"x":"a\\"\\\\\\n\\u0000/é"}'),
        ({}, "{}"),
    ],
)
def test_canonical_text(fields: dict[str, object], text: str) -> None:
    assert write_canonical(fields) == text  # type: ignore[arg-type]
    assert write_canonical(json.loads(text)) == text


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 11, 23, tzinfo=UTC), "2026-11-23T00:00:00.000000Z"),
        (
            datetime(2026, 1, 1, 7, 59, 59, 999999, tzinfo=timezone(timedelta(hours=8))),
            "2025-12-31T23:59:59.999999Z",
        ),
    ],
)
def test_times_are_written_in_utc_with_six_decimals(at: datetime, text: str) -> None:
    assert write_time(at) == text
    assert read_time(text) == at
