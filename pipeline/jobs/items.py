"""Jobs of one item each, done by a supervised child: a video to read, a segment, a cut."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.jobs.children import ChildError, ChildLimits, SupervisedChild
from zoubian.pipeline.jobs.queue import Hold
from zoubian.pipeline.sightings.messages import died_on
from zoubian.pipeline.sightings.records import Line

logger = logging.getLogger(__name__)

Payload = Mapping[str, Any]

_TRIES = 2


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """A kind of child: what makes its handler of what, and what it may take.

    Attributes:
        silence_s: time that it may be silent over an item.
    """

    factory: str
    config: object
    limits: ChildLimits
    silence_s: float


class Task(Protocol):
    """What is done with the items of one kind of job."""

    def request(self, session: Session, payload: Payload) -> object | None:
        """What the child is asked, None where there is nothing left to do."""
        ...

    def store(self, session: Session, payload: Payload, answers: Sequence[Any]) -> bool:
        """Write what the child said; returns whether the item could be used."""
        ...

    def give_up(self, session: Session, payload: Payload, why: Line) -> None:
        """Write that the item brings the child down."""
        ...


class ItemPerformer:
    """Does jobs with one child.

    An item that brings the child down is tried once more, and then given up: a child that somebody
    killed costs nothing, one that a file kills costs that file.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        spec: ChildSpec,
        task: Task,
        *,
        on_done: Callable[[Payload, bool], None],
    ) -> None:
        self._uow = uow
        self._spec = spec
        self._task = task
        self._on_done = on_done
        self._hold: Hold | None = None
        self._child = SupervisedChild(
            spec.factory, spec.config, limits=spec.limits, on_wait=self._look_up
        )

    def __call__(self, hold: Hold) -> None:
        """Do the job, unless it is done.

        Raises:
            ChildStartError: the child cannot be started at all.
            LeaseLostError: another worker holds the job.
            StoppedError: the queue is stopping.
        """
        self._hold = hold
        payload = hold.claim.payload
        with self._uow.reading() as session:
            request = self._task.request(session, payload)
        if request is None:
            return
        for left in range(_TRIES - 1, -1, -1):
            answers = self._ask(request)
            if not isinstance(answers, ChildError):
                with self._uow() as session:
                    hold.guard(session)
                    usable = self._task.store(session, payload, answers)
                self._on_done(payload, usable)
                return
            logger.warning("%s on %s: %s", answers.code, hold.claim.job_id, answers)
            if left == 0:
                with self._uow() as session:
                    hold.guard(session)
                    self._task.give_up(session, payload, self._why(answers))
                self._on_done(payload, False)

    def close(self) -> None:
        """End the child."""
        self._child.close()

    def _ask(self, request: object) -> list[Any] | ChildError:
        try:
            with closing(self._child.stream(request, silence_s=self._spec.silence_s)) as answers:
                return list(answers)
        except ChildError as error:
            return error

    def _look_up(self) -> None:
        if self._hold is not None:
            self._hold.look_up()

    def _why(self, error: ChildError) -> Line:
        memory_mb = self._spec.limits.memory_bytes >> 20
        return died_on(error.code, silence_s=self._spec.silence_s, memory_mb=memory_mb)


@contextmanager
def performing(
    uow: UnitOfWork, spec: ChildSpec, task: Task, *, on_done: Callable[[Payload, bool], None]
) -> Iterator[ItemPerformer]:
    """A performer for a queue's thread, closed in the end."""
    with closing(ItemPerformer(uow, spec, task, on_done=on_done)) as performer:
        yield performer
