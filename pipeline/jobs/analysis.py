"""The job that analyses media: chunks of a patrol, done by supervised children."""

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy.orm import Session

from zoubian.pipeline.clock import Clock
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.intake.datum import Crs
from zoubian.pipeline.intake.models import Patrol
from zoubian.pipeline.jobs import service as jobs
from zoubian.pipeline.jobs.children import ChildError, ChildLimits, SupervisedChild
from zoubian.pipeline.jobs.queue import Hold
from zoubian.pipeline.sightings import service as sightings
from zoubian.pipeline.sightings.analysis import (
    AnalysisRequest,
    AnalystConfig,
    MediumRef,
    read_analysis,
)
from zoubian.pipeline.sightings.messages import died_on
from zoubian.pipeline.sightings.records import Line, MediumAnalysis, failed_analysis
from zoubian.pipeline.sightings.service import PendingMedium

logger = logging.getLogger(__name__)

ANALYSE = "analyse"
_FACTORY = "zoubian.pipeline.sightings.analysis:load_analyst"


@dataclass(frozen=True, slots=True)
class AnalystRules:
    """How a child analyses, and what it may take.

    Attributes:
        silence_s: time that one medium may take without a result.
    """

    config: AnalystConfig
    limits: ChildLimits
    silence_s: float


def enqueue_analysis(
    session: Session, patrol_id: str, *, analysis_key: str, chunk: int, clock: Clock
) -> int:
    """Put the patrol's media that were not analysed in this way into jobs; returns how many.

    Media in jobs that wait or run already stay there; jobs that were to analyse in another way
    are ended.
    """
    patrol = session.get_one(Patrol, patrol_id)
    waiting = sightings.request_analysis(session, patrol_id, analysis_key=analysis_key)
    covered: set[str] = set()
    for job in jobs.open_jobs(session, kind=ANALYSE, subject=patrol_id):
        if job.payload["analysis_key"] == analysis_key:
            covered.update(job.payload["media"])
        else:
            jobs.supersede(session, job, now=clock())
    left = [medium_id for medium_id in waiting if medium_id not in covered]
    for number, start in enumerate(range(0, len(left), chunk)):
        payload = {
            "media": left[start : start + chunk],
            "analysis_key": analysis_key,
            "tz_offset_min": patrol.tz_offset_min,
            "crs": patrol.crs,
        }
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        jobs.enqueue(
            session,
            # The number keeps the natural order of the media among jobs of one moment.
            job_id=f"{patrol_id}-{number:05d}-{digest[:12]}",
            kind=ANALYSE,
            subject=patrol_id,
            payload=payload,
            now=clock(),
        )
    return len(waiting)


class SupersededError(Exception):
    """Another scan of this patrol, with other settings, came in between."""

    code = "superseded"
    message_zh = "另一次扫描正以其他模型或设置处理同一巡查，请等它结束后再运行"
    message_en = "another scan works on this patrol with another model or settings; wait for it"


class AnalysisPerformer:
    """Does analysis jobs with one child."""

    def __init__(
        self,
        uow: UnitOfWork,
        rules: AnalystRules,
        *,
        analysis_key: str,
        on_analysed: Callable[[PendingMedium, MediumAnalysis], None],
    ) -> None:
        self._uow = uow
        self._rules = rules
        self._analysis_key = analysis_key
        self._on_analysed = on_analysed
        self._hold: Hold | None = None
        self._child = SupervisedChild(
            _FACTORY, rules.config, limits=rules.limits, on_wait=self._look_up
        )

    def __call__(self, hold: Hold) -> None:
        """Analyse the job's media that still wait.

        The media in hand when the child dies are tried again one at a time; the one that brings
        it down alone is given up.

        Raises:
            ChildStartError: the model cannot be loaded.
            LeaseLostError: another worker holds the job.
            StoppedError: the queue is stopping.
            SupersededError: the job wants another analysis than this.
        """
        if hold.claim.payload["analysis_key"] != self._analysis_key:
            raise SupersededError
        self._hold = hold
        with self._uow.reading() as session:
            media = sightings.pending_media(session, hold.claim.payload["media"])
        together = [medium for medium in media if not medium.suspect]
        alone = [medium for medium in media if medium.suspect]
        error, left = self._analyse(hold, together)
        if error is not None:
            logger.warning("%s with %d media in hand: %s", error.code, len(left), error)
            with self._uow() as session:
                hold.guard(session)
                sightings.suspect(session, left)
        for medium in (*left, *alone):
            error, _ = self._analyse(hold, [medium])
            if error is not None:
                logger.warning("%s on medium %s: %s", error.code, medium.id, error)
                self._store(hold, medium, failed_analysis(medium.id, _why(error, self._rules)))

    def close(self) -> None:
        """End the child."""
        self._child.close()

    def _analyse(
        self, hold: Hold, media: Sequence[PendingMedium]
    ) -> tuple[ChildError | None, list[PendingMedium]]:
        """Analyse and store; returns what the child died of, and the media that have no answer."""
        left = {medium.id: medium for medium in media}
        if not media:
            return None, []
        request = AnalysisRequest(
            tuple(MediumRef(medium.id, medium.sha256) for medium in media),
            hold.claim.payload["tz_offset_min"],
            hold.claim.payload["crs"],
        )
        try:
            with closing(self._child.stream(request, silence_s=self._rules.silence_s)) as answers:
                for answer in answers:
                    analysis = read_analysis(answer)
                    self._store(hold, left.pop(analysis.medium_id), analysis)
        except ChildError as error:
            return error, list(left.values())
        return None, []

    def _store(self, hold: Hold, medium: PendingMedium, analysis: MediumAnalysis) -> None:
        with self._uow() as session:
            hold.guard(session)
            sightings.store_analysis(session, analysis, analysis_key=self._analysis_key)
        self._on_analysed(medium, analysis)
        hold.look_up()

    def _look_up(self) -> None:
        if self._hold is not None:
            self._hold.look_up()


class WarmAnalyst:
    """One child that stays, and analyses single photos that belong to no patrol."""

    def __init__(self, rules: AnalystRules) -> None:
        self._rules = rules
        self._child = SupervisedChild(_FACTORY, rules.config, limits=rules.limits)

    def start(self) -> None:
        """Load the model now.

        Raises:
            ChildStartError: the model cannot be loaded.
        """
        self._child.start()

    def analyse(self, photo: bytes | str, *, tz_offset_min: int, crs: Crs) -> MediumAnalysis:
        """Look at one photo, given by its bytes or by its SHA-256 in the file store.

        Of a stored one a shown copy is kept; else nothing is stored.

        Raises:
            ChildStartError: the model cannot be loaded.
        """
        medium = MediumRef("photo", photo, shown=isinstance(photo, str))
        request = AnalysisRequest((medium,), tz_offset_min, crs)
        try:
            (answer,) = self._child.stream(request, silence_s=self._rules.silence_s)
        except ChildError as error:
            return failed_analysis("photo", _why(error, self._rules))
        return read_analysis(answer)

    def close(self) -> None:
        """End the child."""
        self._child.close()


def _why(error: ChildError, rules: AnalystRules) -> Line:
    return died_on(error.code, silence_s=rules.silence_s, memory_mb=rules.limits.memory_bytes >> 20)
