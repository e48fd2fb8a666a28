"""The embedded queue: threads that take a subject's jobs until none is left."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from zoubian.pipeline.clock import Clock
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.jobs import service
from zoubian.pipeline.jobs.service import Claim, LeaseLostError
from zoubian.pipeline.jobs.worker import is_dead, this_worker

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
_POLL_S = 0.5  # while others hold the last jobs


class StoppedError(Exception):
    """The queue is stopping: the job in hand goes back."""


@dataclass(frozen=True, slots=True)
class LeaseRules:
    """How jobs are held. A silent worker loses its job after `lease`."""

    lease: timedelta
    clock: Clock


class Hold:
    """A claimed job in the hands of one thread of a queue."""

    def __init__(
        self, claim: Claim, uow: UnitOfWork, rules: LeaseRules, stopping: threading.Event
    ) -> None:
        self.claim = claim
        self._uow = uow
        self._rules = rules
        self._stopping = stopping
        self._renewed_at = rules.clock()

    def guard(self, session: Session) -> None:
        """Called in each transaction that writes results: renews the lease or stops it all.

        Raises:
            LeaseLostError: another worker holds the job; this transaction must not commit.
        """
        now = self._rules.clock()
        service.hold(session, self.claim, now=now, lease=self._rules.lease)
        self._renewed_at = now

    def look_up(self) -> None:
        """Called a few times a second during long work.

        Raises:
            LeaseLostError: as in `guard`.
            StoppedError: the queue is stopping.
        """
        if self._stopping.is_set():
            raise StoppedError
        if self._rules.clock() - self._renewed_at > self._rules.lease / 4:
            with self._uow() as session:
                self.guard(session)


# Does jobs, one after the other, in one thread; what it needs for that is closed in the end.
Performer = Callable[[Hold], None]


class LocalQueue:
    """Does jobs in this process's threads; the heavy part belongs into supervised children."""

    def __init__(
        self,
        uow: UnitOfWork,
        rules: LeaseRules,
        *,
        performer: Callable[[], AbstractContextManager[Performer]],
        threads: int,
    ) -> None:
        self._uow = uow
        self._rules = rules
        self._performer = performer
        self._threads = threads
        self._stopping = threading.Event()

    def run(self, *, kind: str, subject: str) -> None:
        """Work until no job of this kind and subject is waiting or running anywhere.

        The first error of a performer stops all threads and is raised here, as is Ctrl-C; jobs in
        hand are put back.
        """
        with ThreadPoolExecutor(self._threads, thread_name_prefix="job") as pool:
            workers = [pool.submit(self._work, kind, subject) for _ in range(self._threads)]
            try:
                for worker in as_completed(workers):
                    worker.result()
            finally:
                self._stopping.set()

    def _work(self, kind: str, subject: str) -> None:
        with self._performer() as perform:
            while not self._stopping.is_set():
                claim = self._claim(kind, subject)
                if claim is not None:
                    self._do(claim, perform)
                elif self._is_idle(kind, subject):
                    return
                else:
                    self._stopping.wait(_POLL_S)

    def _claim(self, kind: str, subject: str) -> Claim | None:
        now = self._rules.clock()
        with self._uow() as session:
            service.recover(
                session, subject=subject, is_dead=is_dead, max_attempts=MAX_ATTEMPTS, now=now
            )
            return service.claim(
                session,
                kind=kind,
                subject=subject,
                worker=this_worker(),
                now=now,
                lease=self._rules.lease,
            )

    def _is_idle(self, kind: str, subject: str) -> bool:
        with self._uow.reading() as session:
            return not service.open_jobs(session, kind=kind, subject=subject)

    def _do(self, claim: Claim, perform: Performer) -> None:
        hold = Hold(claim, self._uow, self._rules, self._stopping)
        try:
            perform(hold)
            with self._uow() as session:
                service.finish(session, claim, now=self._rules.clock())
        except LeaseLostError:
            logger.warning("job %s was taken over", claim.job_id)
        except StoppedError:
            self._put_back(claim)
        except BaseException:
            self._put_back(claim)
            raise

    def _put_back(self, claim: Claim) -> None:
        try:
            with self._uow() as session:
                service.release(session, claim)
        except LeaseLostError:
            logger.info("job %s was taken over before it was put back", claim.job_id)
