"""The life of a job: enqueued once, held by one worker at a time, ended once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from zoubian.pipeline.jobs.models import Job

OPEN_STATES = ("queued", "running")


class LeaseLostError(Exception):
    """Another worker holds the job by now, or nobody wants it: nothing may be written for it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in a worker's hands; `fence` is the number that proves it."""

    job_id: str
    fence: int
    payload: Mapping[str, Any]


def enqueue(
    session: Session,
    *,
    job_id: str,
    kind: str,
    subject: str,
    payload: Mapping[str, Any],
    now: datetime,
) -> None:
    """Ask for a job to be done; a job of this id that has ended starts again from the queue."""
    job = session.get(Job, job_id)
    if job is None:
        job = Job(id=job_id, kind=kind, subject=subject, payload=dict(payload), created_at=now)
        session.add(job)
    elif job.state not in OPEN_STATES:
        job.state, job.attempts, job.finished_at, job.error = "queued", 0, None, None


def claim(
    session: Session, *, kind: str, subject: str, worker: str, now: datetime, lease: timedelta
) -> Claim | None:
    """Take the first queued job of a kind and subject, or None when there is none.

    The caller's transaction must be a writing one: it keeps two workers from taking the same job.
    """
    job = session.scalars(
        select(Job)
        .where(Job.state == "queued", Job.kind == kind, Job.subject == subject)
        .order_by(Job.priority.desc(), Job.created_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)  # PostgreSQL; on SQLite the transaction is the lock
    ).one_or_none()
    if job is None:
        return None
    job.state = "running"
    job.worker = worker
    job.attempts += 1
    job.fence += 1
    job.heartbeat_at = now
    job.lease_until = now + lease
    return Claim(job.id, job.fence, job.payload)


def hold(session: Session, claim: Claim, *, now: datetime, lease: timedelta) -> None:
    """Renew the lease. Called in the transaction that writes results, it guards them.

    Raises:
        LeaseLostError: the fence has moved on; the caller's transaction must not commit.
    """
    _change(session, claim, heartbeat_at=now, lease_until=now + lease)


def finish(session: Session, claim: Claim, *, now: datetime) -> None:
    """End a job that is done.

    Raises:
        LeaseLostError: as in `hold`.
    """
    _change(session, claim, state="done", finished_at=now, worker=None, lease_until=None)


def release(session: Session, claim: Claim) -> None:
    """Put a job back that was stopped, not failed: the attempt does not count.

    Raises:
        LeaseLostError: as in `hold`.
    """
    _change(
        session, claim, state="queued", attempts=Job.attempts - 1, worker=None, lease_until=None
    )


def supersede(session: Session, job: Job, *, now: datetime) -> None:
    """End a job that is no longer wanted; a worker that holds it loses it."""
    job.state, job.finished_at = "superseded", now
    job.fence += 1


def recover(
    session: Session,
    *,
    subject: str,
    is_dead: Callable[[str], bool],
    max_attempts: int,
    now: datetime,
) -> int:
    """Free the jobs of workers that are dead or silent; those started too often are parked.

    Args:
        is_dead: whether a worker is certainly dead; the others keep their job until their lease
            has run out.
        max_attempts: a job that was started this often without an end is parked.

    Returns:
        How many jobs were freed or parked.
    """
    held = session.scalars(
        select(Job)
        .where(Job.state == "running", Job.subject == subject)
        .with_for_update(skip_locked=True)
    ).all()
    lost = [
        job
        for job in held
        if job.lease_until is None
        or job.lease_until < now
        or (job.worker is not None and is_dead(job.worker))
    ]
    for job in lost:
        job.fence += 1
        job.worker = job.lease_until = None
        if job.attempts >= max_attempts:
            job.state, job.finished_at = "parked", now
            job.error = f"started {job.attempts} times without an end"
        else:
            job.state = "queued"
    return len(lost)


def open_jobs(session: Session, *, kind: str, subject: str) -> list[Job]:
    """The jobs that wait or run, oldest first."""
    return list(
        session.scalars(
            select(Job)
            .where(Job.kind == kind, Job.subject == subject, Job.state.in_(OPEN_STATES))
            .order_by(Job.created_at, Job.id)
        )
    )


def _change(session: Session, claim: Claim, **values: Any) -> None:
    result = session.execute(
        update(Job)
        .where(Job.id == claim.job_id, Job.fence == claim.fence, Job.state == "running")
        .values(**values)
    )
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        raise LeaseLostError(claim.job_id)
