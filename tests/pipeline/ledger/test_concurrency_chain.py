"""Sixteen writers at once: no event lost, no number twice or left out, the chain whole."""

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from chains import START, new_event
from sqlalchemy import Engine, select

from zoubian.pipeline.db.engine import UnitOfWork, make_engine
from zoubian.pipeline.ledger.check import check
from zoubian.pipeline.ledger.events import append, head
from zoubian.pipeline.ledger.models import LedgerEvent

WRITERS = 16
TRANSACTIONS = 6


class _ChangedMind(Exception):
    """Rolls a transaction back."""


def _write(uow: UnitOfWork, writer: int) -> None:
    """Transactions of one to three events; after each one, one that is rolled back."""
    for turn in range(TRANSACTIONS):
        events = [new_event(n, actor=f"w{writer}") for n in range(1 + turn % 3)]
        with uow() as session:
            append(session, events, recorded_at=START)
        with suppress(_ChangedMind), uow() as session:
            append(session, events, recorded_at=START)
            raise _ChangedMind


def _write_in_process(url: str, writer: int, start: Callable[[], object]) -> None:
    start()
    _write(UnitOfWork(make_engine(url)), writer)


def _nothing_lost(engine: Engine) -> None:
    a_writers = sum(1 + turn % 3 for turn in range(TRANSACTIONS))
    with UnitOfWork(engine).reading() as session:
        assert list(check(session, noted=[], comparisons=[])) == []
    with UnitOfWork(engine).reading() as session:
        actors = Counter(session.scalars(select(LedgerEvent.actor)))
        assert head(session).number == WRITERS * a_writers
    assert actors == {f"w{writer}": a_writers for writer in range(WRITERS)}


def test_threads(engine: Engine) -> None:
    uow = UnitOfWork(engine)
    failed: list[BaseException] = []

    def run(writer: int) -> None:
        try:
            _write(uow, writer)
        except Exception as error:
            failed.append(error)

    writers = [threading.Thread(target=run, args=(n,)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert failed == []
    _nothing_lost(engine)


def test_processes(engine: Engine, database_url: str) -> None:
    engine.dispose()  # no connection of this process may be inherited
    context = multiprocessing.get_context("fork")
    start = context.Barrier(WRITERS)
    writers = [
        context.Process(target=_write_in_process, args=(database_url, n, start.wait))
        for n in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    _nothing_lost(engine)
