"""The footage of a patrol from stored videos to placed frames, and from spots to their excerpts."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from zoubian.pipeline.clock import Clock
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.footage.clock_offset import OffsetLimits
from zoubian.pipeline.footage.track import TrackLimits
from zoubian.pipeline.intake.clips import (
    read_clips,
    store_layout,
    store_unreadable,
    unread_videos,
    waiting_videos,
)
from zoubian.pipeline.intake.layout import LaidClip, Surroundings, lay_out
from zoubian.pipeline.intake.messages import Message
from zoubian.pipeline.intake.models import Medium
from zoubian.pipeline.intake.service import add_notes
from zoubian.pipeline.jobs.footage import (
    CUT,
    LOOK,
    READ,
    CutTask,
    LookTask,
    ReadTask,
    enqueue_cutting,
    enqueue_looking,
    enqueue_reading,
)
from zoubian.pipeline.jobs.items import ChildSpec, ItemPerformer, Payload, Task, performing
from zoubian.pipeline.jobs.queue import LeaseRules, LocalQueue
from zoubian.pipeline.jobs.service import open_jobs
from zoubian.pipeline.sightings.clocks import set_clocks
from zoubian.pipeline.sightings.excerpts import ExcerptPlan
from zoubian.pipeline.sightings.messages import NOT_ANALYSED, segments_failed
from zoubian.pipeline.sightings.placing import place_footage
from zoubian.pipeline.sightings.segments import (
    SegmentPlan,
    close_clips,
    cut_clip,
    give_up_segment,
    is_waiting,
    request_looking,
    stored_beats,
)
from zoubian.pipeline.sightings.ways import Ways

# How many items of a stage there are, and then each as it is done: its path, and if it is usable.
OnStage = Callable[[int], Callable[[str, bool], None]]


@dataclass(frozen=True, slots=True)
class FootageRules:
    """How footage is worked through.

    Attributes:
        look_key: names all that what is seen depends on but the segment and its way.
        cut_look: names what the pictures of excerpts depend on.
        segment_s: length of a segment.
        threads: that take jobs side by side, each with a child.
    """

    reader: ChildSpec
    looker: ChildSpec
    cutter: ChildSpec
    look_key: str
    cut_look: str
    segment_s: float
    threads: int
    track: TrackLimits
    clock_offset: OffsetLimits
    lease: LeaseRules


@dataclass(frozen=True, slots=True)
class MediaCounts:
    """Videos looked at now, before, and those that cannot be used."""

    done: int
    skipped: int
    failed: int


class FootageScan:
    """One patrol's footage; each step may be killed and run again."""

    def __init__(self, uow: UnitOfWork, patrol_id: str, rules: FootageRules) -> None:
        self._uow = uow
        self._patrol_id = patrol_id
        self._rules = rules
        self.cut_look = rules.cut_look
        self._looked: set[str] = set()

    def counts(self) -> MediaCounts:
        """What has become of the patrol's videos, after `look`."""
        with self._uow.reading() as session:
            states = list(
                session.execute(
                    select(Medium.id, Medium.state).where(
                        Medium.patrol_id == self._patrol_id, Medium.kind == "video"
                    )
                )
            )
        failed = {medium_id for medium_id, state in states if state == "failed"}
        done = self._looked - failed
        return MediaCounts(len(done), len(states) - len(done) - len(failed), len(failed))

    def read(self, on_stage: OnStage) -> None:
        """Read the facts of videos that nobody has read."""
        with self._uow() as session:
            videos = unread_videos(session, self._patrol_id)
            enqueue_reading(session, self._patrol_id, videos, clock=self._clock)
        self._run(READ, self._rules.reader, ReadTask(), len(videos), on_stage)
        with self._uow() as session:
            for medium_id in waiting_videos(session, self._patrol_id):
                why = Message(NOT_ANALYSED.code, NOT_ANALYSED.zh, NOT_ANALYSED.en)
                store_unreadable(session, medium_id, why, passing=True)

    def look(self, around: Surroundings, on_stage: OnStage, *, set_clock: bool) -> Ways:
        """Lay the clips out, look at what was not looked at in this way, place all frames.

        Args:
            set_clock: find out by turns and stops how far the cameras' clock is off the tracks'.
        """
        with self._uow() as session:
            laid = lay_out(read_clips(session, self._patrol_id), around)
            store_layout(session, laid)
        ways = Ways(laid, limits=self._rules.track)
        looked_at = [clip for clip in laid if clip.looked_at]
        plans = [plan for clip in looked_at for plan in self._segments(clip, ways)]
        with self._uow() as session:
            waiting = request_looking(session, plans)
            enqueue_looking(
                session,
                self._patrol_id,
                waiting,
                driven=lambda plan: ways.driven(plan.medium_id, plan.start_s, plan.end_s),
                clock=self._clock,
            )
        self._looked = {plan.medium_id for plan in waiting}
        self._run(LOOK, self._rules.looker, LookTask(), len(waiting), on_stage)
        with self._uow() as session:
            for plan in waiting:
                if is_waiting(session, plan.id, look_key=plan.look_key):
                    give_up_segment(session, plan.id, NOT_ANALYSED)
            close_clips(session, ways.clips, partly=segments_failed)
            if set_clock:
                beats = {clip_id: stored_beats(session, clip_id) for clip_id in ways.clips}
                found = set_clocks(ways, beats, limits=self._rules.clock_offset)
                add_notes(session, self._patrol_id, found.notes)
                if found.notes:
                    ways = Ways(found.clips, limits=self._rules.track)
            place_footage(session, ways)
        return ways

    def cut(self, plans: Sequence[ExcerptPlan], on_stage: OnStage) -> None:
        """Cut the excerpts that do not exist."""
        with self._uow() as session:
            missing = enqueue_cutting(session, self._patrol_id, plans, clock=self._clock)
        self._run(CUT, self._rules.cutter, CutTask(), missing, on_stage)

    @property
    def _clock(self) -> Clock:
        return self._rules.lease.clock

    def _segments(self, clip: LaidClip, ways: Ways) -> Iterable[SegmentPlan]:
        parts = cut_clip(clip.duration_s, seen_s=clip.seen_s, length_s=self._rules.segment_s)
        for number, (start_s, end_s) in enumerate(parts):
            way = ways.driven(clip.id, start_s, end_s)
            named = json.dumps([self._rules.look_key, start_s, end_s, way])
            yield SegmentPlan(
                id=f"{clip.id}-s{number:04d}",
                medium_id=clip.id,
                start_s=start_s,
                end_s=end_s,
                look_key=hashlib.sha256(named.encode()).hexdigest(),
            )

    def _run(self, kind: str, spec: ChildSpec, task: Task, count: int, on_stage: OnStage) -> None:
        with self._uow.reading() as session:
            # Some may be open whose item is done: their worker died in between.
            if not open_jobs(session, kind=kind, subject=self._patrol_id):
                return
        on_item = on_stage(count)

        def on_done(payload: Payload, usable: bool) -> None:
            on_item(payload["path"], usable)

        performer: Callable[[], AbstractContextManager[ItemPerformer]] = partial(
            performing, self._uow, spec, task, on_done=on_done
        )
        queue = LocalQueue(
            self._uow, self._rules.lease, performer=performer, threads=self._rules.threads
        )
        queue.run(kind=kind, subject=self._patrol_id)
