"""Scans of uploaded patrols as jobs: asked for by people, done one after the other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from zoubian.pipeline.domain.ids import new_id
from zoubian.pipeline.jobs import service
from zoubian.pipeline.jobs.models import Job
from zoubian.pipeline.jobs.queue import Hold

SCAN = "scan"


@dataclass(frozen=True, slots=True)
class ScanState:
    """How the last scan of a patrol stands; `state` is that of its job."""

    job_id: str
    state: str
    error: str | None


def enqueue_scan(session: Session, patrol_id: str, *, now: datetime) -> str:
    """Ask for a scan of all that a patrol has by then; one that waits already will do.

    Returns:
        The job's id.
    """
    waiting = session.scalars(
        select(Job.id).where(Job.kind == SCAN, Job.subject == patrol_id, Job.state == "queued")
    ).first()
    if waiting is not None:
        return waiting
    job_id = f"scan-{new_id(now)}"
    service.enqueue(session, job_id=job_id, kind=SCAN, subject=patrol_id, payload={}, now=now)
    return job_id


def open_scans(session: Session) -> list[str]:
    """Patrols whose scans wait or run, those first that wait longest."""
    rows = session.scalars(
        select(Job.subject)
        .where(Job.kind == SCAN, Job.state.in_(service.OPEN_STATES))
        .order_by(Job.priority.desc(), Job.created_at)
    )
    return list(dict.fromkeys(rows))


def scan_state(session: Session, patrol_id: str) -> ScanState | None:
    """How the last scan of a patrol stands, None where none was asked for."""
    job = session.scalars(
        select(Job)
        .where(Job.kind == SCAN, Job.subject == patrol_id)
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(1)
    ).first()
    return None if job is None else ScanState(job.id, job.state, job.error)


@dataclass(frozen=True, slots=True)
class ScanPerformer:
    """Does one scan job.

    Attributes:
        scan: scans a patrol; calls its second argument now and then while it works.
    """

    scan: Callable[[str, Callable[[], None]], None]
    patrol_id: str

    def __call__(self, hold: Hold) -> None:
        """Scan the job's patrol.

        Raises:
            LeaseLostError: another worker holds the job.
            StoppedError: the queue is stopping.
        """
        self.scan(self.patrol_id, hold.look_up)

    def close(self) -> None:
        """Nothing is kept between jobs."""
