"""Sixteen people at the same two hundred candidates: nothing doubled, nothing lost, one chain."""

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from multiprocessing.queues import SimpleQueue

import pytest
from review_desk import DISPATCHER, NOBODY, OFFICER, REVIEWER, START, ReviewDesk
from sqlalchemy import Engine, select

from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.db.engine import UnitOfWork, make_engine
from zoubian.pipeline.domain.actors import Actor
from zoubian.pipeline.domain.cases import CaseAction, CaseState
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.ledger.cases_models import CaseRow
from zoubian.pipeline.ledger.models import LedgerEvent
from zoubian.pipeline.review.desk import By
from zoubian.pipeline.review.filing import Confirmation
from zoubian.pipeline.review.joining import merge
from zoubian.pipeline.review.service import confirm

WORKERS = 16
CANDIDATES = 200
UNIT = str(OFFICER.unit_id)
NAMES = [f"c{number:03d}" for number in range(CANDIDATES)]

# What was done: kinds of events that a worker has left, by its own count.
Deeds = Counter[tuple[str, str]]


class Worker:
    """Goes through a quarter of the candidates in the order of all, and does what is next.

    Four look at one candidate at one time and want the same thing: one of them has it, the others
    are told, look again and do the step after it. Merging reaches into the others' quarters.
    """

    def __init__(self, uow: UnitOfWork, number: int) -> None:
        self._desk = ReviewDesk(uow)
        self._desk.answers.responsibility = replace(NOBODY, unit_ids=(UNIT, "street-2"))
        self._number = number
        self.deeds: Deeds = Counter()

    def work(self) -> None:
        for index in range(self._number % 4, CANDIDATES, 4):
            while not self._done(index):
                pass

    def _done(self, index: int) -> bool:
        """Whether this worker has done something here, or there is nothing left to do."""
        try:
            kinds = self._next(index)
        except Refusal as refusal:
            self.deeds[self._name, f"refused: {refusal.code}"] += 1
            return refusal.code != "conflict"
        self.deeds.update((self._name, kind) for kind in kinds)
        return True

    @property
    def _name(self) -> str:
        return f"w{self._number}"

    def _as(self, actor: Actor) -> Actor:
        return replace(actor, user_id=self._name)

    def _next(self, index: int) -> tuple[str, ...]:
        row = self._desk.row(NAMES[index])
        if row.state == "pending":
            # Every fifth takes in its neighbour, which others confirm at this moment.
            neighbour = self._desk.row(NAMES[index + 1]) if index % 5 == 0 else None
            if neighbour is not None and neighbour.state == "pending":
                return self._merge({NAMES[index]: row.version, neighbour.id: neighbour.version})
            return self._confirm(NAMES[index], row.version)
        return () if row.case_id is None else self._handle(row.case_id)

    def _confirm(self, name: str, version: int) -> tuple[str, ...]:
        by = By(self._as(REVIEWER), START, START)
        with self._desk.uow() as session:
            confirm(
                session,
                name,
                Confirmation("bin_overflow"),
                version=version,
                by=by,
                registry=self._desk.registry,
            )
        return "candidate.confirmed", "case.registered"

    def _merge(self, versions: dict[str, int]) -> tuple[str, ...]:
        name, other = versions
        by = By(self._as(REVIEWER), START, START)
        with self._desk.uow() as session:
            merge(session, name, [other], versions=versions, same_objects=True, by=by)
        return "candidate.taken_in", "candidate.merged"

    def _handle(self, case_id: str) -> tuple[str, ...]:
        with self._desk.uow.reading() as session:
            view = cases.case_view(session, case_id)
        if view.state is CaseState.REGISTERED:
            action, actor, details = CaseAction.DISPATCH, DISPATCHER, {"unit_id": UNIT}
        elif view.state is CaseState.DISPATCHED:
            action, actor, details = CaseAction.RETURN, OFFICER, {"photo_sha256s": ["a" * 64]}
        else:
            return ()
        with self._desk.uow() as session:
            cases.act(
                session,
                case_id,
                action,
                actor=self._as(actor),
                details=details,
                version=view.version,
                at=START,
                recorded_at=START,
            )
        return (action.kind,)


@pytest.fixture
def candidates(engine: Engine) -> Iterator[ReviewDesk]:
    desk = ReviewDesk(UnitOfWork(engine))
    for name in NAMES:
        desk.candidate(name)
    yield desk


def test_threads(candidates: ReviewDesk, engine: Engine) -> None:
    workers = [Worker(UnitOfWork(engine), number) for number in range(WORKERS)]
    failed: list[BaseException] = []

    def run(worker: Worker) -> None:
        try:
            worker.work()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    assert failed == []
    _nothing_doubled_and_nothing_lost(candidates, sum((one.deeds for one in workers), Counter()))


def _work_in_process(
    url: str, number: int, start: Callable[[], object], deeds: "SimpleQueue[Deeds]"
) -> None:
    worker = Worker(UnitOfWork(make_engine(url)), number)
    start()
    worker.work()
    deeds.put(worker.deeds)


def test_processes(candidates: ReviewDesk, engine: Engine, database_url: str) -> None:
    engine.dispose()  # no connection of this process may be inherited
    context = multiprocessing.get_context("fork")
    start, deeds = context.Barrier(WORKERS), context.SimpleQueue()
    run = partial(_work_in_process, database_url, start=start.wait, deeds=deeds)
    processes = [context.Process(target=run, args=(number,)) for number in range(WORKERS)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(180)
    assert [process.exitcode for process in processes] == [0] * WORKERS
    done: Deeds = sum((deeds.get() for _ in range(WORKERS)), Counter())
    _nothing_doubled_and_nothing_lost(candidates, done)


def _nothing_doubled_and_nothing_lost(desk: ReviewDesk, deeds: Deeds) -> None:
    done = Counter({deed: n for deed, n in deeds.items() if not deed[1].startswith("refused")})
    refused = Counter(kind for _, kind in deeds.elements() if kind.startswith("refused"))
    assert refused["refused: conflict"] > 0  # they did get in each other's way
    assert desk.faults() == []  # the chain, and every row that repeats it
    with desk.uow.reading() as session:
        written = Counter(
            (actor, kind)
            for actor, kind in session.execute(select(LedgerEvent.actor, LedgerEvent.kind))
        )
        assert written == done
        rows = session.scalars(select(CaseRow)).all()
        registered = session.scalars(
            select(LedgerEvent.subject).where(LedgerEvent.kind == "case.registered")
        ).all()
        confirmed = session.scalars(
            select(Candidate.case_id).where(Candidate.state == "confirmed")
        ).all()
        # One that took its neighbour in after the others had gone by waits for the next visit.
        pending = len(session.scalars(select(Candidate).where(Candidate.state == "pending")).all())
    assert sorted(registered) == sorted(f"case:{row.id}" for row in rows)
    assert sorted(str(case_id) for case_id in confirmed) == sorted(row.id for row in rows)
    numbers = sorted(row.number for row in rows)
    assert numbers == [f"2026-{count:06d}" for count in range(1, len(rows) + 1)]
    steps = Counter(kind for _, kind in done.elements())
    assert steps["case.registered"] + steps["candidate.merged"] + pending == CANDIDATES
    assert CANDIDATES / 4 < steps["case.returned"] <= steps["case.dispatched"] <= len(rows)
