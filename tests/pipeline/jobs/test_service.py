"""The life of a job, told with a clock that only moves when the test says so."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from zoubian.pipeline.db.engine import UnitOfWork, make_engine
from zoubian.pipeline.db.migrate import migrate
from zoubian.pipeline.jobs import service
from zoubian.pipeline.jobs.models import Job
from zoubian.pipeline.jobs.service import Claim, LeaseLostError
from zoubian.pipeline.jobs.worker import is_dead, this_worker

START = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
LEASE = timedelta(seconds=60)


def _database(folder: Path) -> str:
    return f"sqlite:///{folder / 'zoubian.db'}"


@pytest.fixture
def uow(tmp_path: Path) -> UnitOfWork:
    engine = make_engine(_database(tmp_path))
    migrate(engine)
    return UnitOfWork(engine)


def _enqueue(uow: UnitOfWork, *ids: str, subject: str = "patrol") -> None:
    with uow() as session:
        for job_id in ids:
            service.enqueue(
                session, job_id=job_id, kind="k", subject=subject, payload={"n": 1}, now=START
            )


def _claim(uow: UnitOfWork, *, worker: str = "w", at_s: float = 0) -> Claim | None:
    with uow() as session:
        return service.claim(
            session,
            kind="k",
            subject="patrol",
            worker=worker,
            now=START + timedelta(seconds=at_s),
            lease=LEASE,
        )


def _recover(
    uow: UnitOfWork,
    *,
    at_s: float,
    is_dead: Callable[[str], bool] = lambda _: False,
    max_attempts: int = 5,
) -> int:
    with uow() as session:
        return service.recover(
            session,
            subject="patrol",
            is_dead=is_dead,
            max_attempts=max_attempts,
            now=START + timedelta(seconds=at_s),
        )


def _row(uow: UnitOfWork, job_id: str = "a") -> Job:
    with uow.reading() as session:
        return session.get_one(Job, job_id)


def _must(claim: Claim | None) -> Claim:
    assert claim is not None
    return claim


def test_asking_twice_for_a_job_does_it_once(uow: UnitOfWork) -> None:
    _enqueue(uow, "a")
    claim = _must(_claim(uow))
    _enqueue(uow, "a")
    assert _claim(uow) is None
    with uow() as session:
        service.finish(session, claim, now=START)
    assert _row(uow).state == "done"


def test_asking_for_an_ended_job_does_it_again_from_the_first_attempt(uow: UnitOfWork) -> None:
    _enqueue(uow, "a")
    first = _must(_claim(uow))
    with uow() as session:
        service.finish(session, first, now=START)
    _enqueue(uow, "a")
    second = _must(_claim(uow))
    assert second.fence > first.fence
    assert (_row(uow).attempts, _row(uow).finished_at) == (1, None)


def test_jobs_of_other_subjects_are_left_alone(uow: UnitOfWork) -> None:
    _enqueue(uow, "a", subject="other")
    assert _claim(uow) is None


@pytest.mark.parametrize(("at_s", "freed"), [(59, 0), (60, 0), (61, 1)])
def test_a_silent_worker_loses_its_job_when_the_lease_has_run_out(
    uow: UnitOfWork, at_s: float, freed: int
) -> None:
    _enqueue(uow, "a")
    _claim(uow)
    assert _recover(uow, at_s=at_s) == freed
    assert (_claim(uow, at_s=at_s) is not None) == bool(freed)


def test_a_heartbeat_renews_the_lease(uow: UnitOfWork) -> None:
    _enqueue(uow, "a")
    claim = _must(_claim(uow))
    with uow() as session:
        service.hold(session, claim, now=START + timedelta(seconds=50), lease=LEASE)
    assert _recover(uow, at_s=100) == 0
    assert _recover(uow, at_s=111) == 1


def test_a_dead_workers_job_is_free_before_its_lease_ends(uow: UnitOfWork) -> None:
    _enqueue(uow, "a", "b")
    _claim(uow, worker="dead")
    _claim(uow, worker="alive")
    assert _recover(uow, at_s=1, is_dead="dead".__eq__) == 1
    assert (_row(uow, "a").state, _row(uow, "b").state) == ("queued", "running")


@pytest.mark.parametrize(
    "act",
    [
        lambda session, claim: service.hold(session, claim, now=START, lease=LEASE),
        lambda session, claim: service.finish(session, claim, now=START),
        lambda session, claim: service.release(session, claim),
    ],
    ids=["hold", "finish", "release"],
)
@pytest.mark.parametrize("taken_again", [True, False])
def test_the_fence_keeps_a_late_worker_from_writing(
    uow: UnitOfWork, act: Callable[..., None], taken_again: bool
) -> None:
    _enqueue(uow, "a")
    late = _must(_claim(uow))
    _recover(uow, at_s=61)
    if taken_again:
        _claim(uow, at_s=61)
    before = _row(uow)
    with pytest.raises(LeaseLostError), uow() as session:
        _add_job(session, "written by the late worker")
        act(session, late)
    after = _row(uow)
    assert (after.state, after.fence, after.lease_until) == (
        before.state,
        before.fence,
        before.lease_until,
    )
    with uow.reading() as session:
        assert session.get(Job, "written by the late worker") is None


def _add_job(session: Session, job_id: str) -> None:
    service.enqueue(session, job_id=job_id, kind="k", subject="s", payload={}, now=START)


def test_a_job_that_never_ends_is_parked(uow: UnitOfWork) -> None:
    _enqueue(uow, "a")
    for attempt in range(3):
        _must(_claim(uow, at_s=attempt * 61))
        _recover(uow, at_s=attempt * 61 + 61, max_attempts=3)
    assert _claim(uow, at_s=200) is None
    assert (_row(uow).state, _row(uow).error) == ("parked", "started 3 times without an end")


def test_a_job_that_was_put_back_counts_no_attempt(uow: UnitOfWork) -> None:
    _enqueue(uow, "a")
    for _ in range(9):
        with uow() as session:
            service.release(session, _taken(session))
    assert (_row(uow).state, _row(uow).attempts) == ("queued", 0)


def _taken(session: Session) -> Claim:
    return _must(
        service.claim(session, kind="k", subject="patrol", worker="w", now=START, lease=LEASE)
    )


def test_a_superseded_job_is_lost_to_its_worker(uow: UnitOfWork) -> None:
    _enqueue(uow, "a")
    claim = _must(_claim(uow))
    with uow() as session:
        service.supersede(session, session.get_one(Job, "a"), now=START)
    with pytest.raises(LeaseLostError), uow() as session:
        service.finish(session, claim, now=START)
    assert _claim(uow) is None


def _take_all(url: str, start: threading.Barrier, report: Path) -> None:
    uow = UnitOfWork(make_engine(url))
    start.wait(timeout=20)
    while (claim := _claim(uow)) is not None:
        with report.open("a") as stream:
            stream.write(f"{claim.job_id}\n")


def test_processes_never_take_the_same_job(uow: UnitOfWork, tmp_path: Path) -> None:
    jobs = [f"{n:02d}" for n in range(40)]
    _enqueue(uow, *jobs)
    context = multiprocessing.get_context("fork")
    start = context.Barrier(3)
    reports = [tmp_path / f"taken-{n}" for n in range(3)]
    takers = [
        context.Process(target=_take_all, args=(_database(tmp_path), start, report))
        for report in reports
    ]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join(30)
    assert [taker.exitcode for taker in takers] == [0, 0, 0]
    taken = [line for report in reports if report.exists() for line in report.read_text().split()]
    assert sorted(taken) == jobs


def test_tells_a_dead_process_from_a_living_one() -> None:
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe()
    process = context.Process(target=lambda: (theirs.send(this_worker()), os.read(hold[0], 1)))
    hold = os.pipe()
    process.start()
    worker = mine.recv()
    assert not is_dead(worker)
    assert not is_dead(this_worker())
    process.kill()
    process.join()
    assert is_dead(worker)


def test_nobody_can_tell_of_another_machine() -> None:
    _, pid, started = this_worker().rsplit(" ", 2)
    assert not is_dead(f"elsewhere/boot/pid {pid} {int(started) + 1}")
    machine = this_worker().rsplit(" ", 2)[0]
    assert is_dead(f"{machine} {pid} {int(started) + 1}")
