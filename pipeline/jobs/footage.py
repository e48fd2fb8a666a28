"""The jobs of footage: read a video's facts, look at a segment, cut an excerpt."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from zoubian.pipeline.clock import Clock
from zoubian.pipeline.intake.clips import UnreadVideo, store_facts, store_unreadable
from zoubian.pipeline.intake.messages import Message
from zoubian.pipeline.intake.models import Clip, Medium
from zoubian.pipeline.jobs import service as jobs
from zoubian.pipeline.jobs.items import Payload
from zoubian.pipeline.sightings.cutting import CutRequest, read_cut
from zoubian.pipeline.sightings.excerpts import ExcerptPlan, is_cut, store_excerpt
from zoubian.pipeline.sightings.looking import LookRequest, read_part
from zoubian.pipeline.sightings.messages import TRANSIENT
from zoubian.pipeline.sightings.reading import read_answer
from zoubian.pipeline.sightings.records import Line
from zoubian.pipeline.sightings.segments import (
    SegmentPlan,
    give_up_segment,
    is_waiting,
    store_segment,
)

READ, LOOK, CUT = "read", "look", "cut"

_LOOK_FIELDS = ("sha256", "start_s", "end_s", "frame_rate", "assumed_rate", "travel_every_s")
# Pairs of frames that tell the camera's direction: so many in a segment, a short one included.
_TRAVELS, _TRAVEL_EVERY_S = 12, (1.5, 10.0)


def enqueue_reading(
    session: Session, patrol_id: str, videos: Sequence[UnreadVideo], *, clock: Clock
) -> None:
    """A job for each video whose facts are not known."""
    for video in videos:
        payload = {"medium": video.id, "sha256": video.sha256, "path": video.shown_path}
        _enqueue(session, READ, patrol_id, payload, clock)


def enqueue_looking(
    session: Session,
    patrol_id: str,
    plans: Sequence[SegmentPlan],
    *,
    driven: Callable[[SegmentPlan], Sequence[tuple[float, float]]],
    clock: Clock,
) -> None:
    """A job for each segment; jobs that were to look at the patrol in another way end.

    Args:
        driven: the way of a segment, as `LookRequest` needs it.
    """
    keys = {plan.id: plan.look_key for plan in plans}
    for job in jobs.open_jobs(session, kind=LOOK, subject=patrol_id):
        wanted = keys.get(job.payload["segment"], job.payload["look_key"])
        if wanted != job.payload["look_key"]:
            jobs.supersede(session, job, now=clock())
    for plan in plans:
        clip = session.get_one(Clip, plan.medium_id)
        medium = session.get_one(Medium, plan.medium_id)
        payload = {
            "segment": plan.id,
            "medium": plan.medium_id,
            "look_key": plan.look_key,
            "path": medium.shown_path,
            "sha256": medium.sha256,
            "start_s": plan.start_s,
            "end_s": plan.end_s,
            "frame_rate": clip.frame_rate,
            "assumed_rate": clip.assumed_rate,
            "travel_every_s": _travel_every_s(plan, clip.duration_s),
            "driven": [list(row) for row in driven(plan)],
        }
        _enqueue(session, LOOK, patrol_id, payload, clock)


def enqueue_cutting(
    session: Session, patrol_id: str, plans: Sequence[ExcerptPlan], *, clock: Clock
) -> int:
    """A job for each excerpt that does not exist; returns how many."""
    missing = [plan for plan in plans if not is_cut(session, plan)]
    for plan in missing:
        medium = session.get_one(Medium, plan.medium_id)
        payload = {
            "excerpt": plan.id,
            "medium": plan.medium_id,
            "path": medium.shown_path,
            "sha256": medium.sha256,
            "start_s": plan.start_s,
            "end_s": plan.end_s,
            "assumed_rate": session.get_one(Clip, plan.medium_id).assumed_rate,
            "with_clip": plan.with_clip,
            "shown_s": list(plan.shown_s),
        }
        _enqueue(session, CUT, patrol_id, payload, clock)
    return len(missing)


@dataclass(frozen=True, slots=True)
class ReadTask:
    """Reads a video's facts."""

    def request(self, session: Session, payload: Payload) -> object | None:
        """The name of the stored video."""
        sha256: str = payload["sha256"]
        return sha256

    def store(self, session: Session, payload: Payload, answers: Sequence[Any]) -> bool:
        """Write the facts, or why there are none."""
        answer = read_answer(answers[0])
        if answer.facts is not None:
            store_facts(session, payload["medium"], answer.facts)
            return True
        assert answer.problem is not None
        passing = answer.problem.code in TRANSIENT
        store_unreadable(session, payload["medium"], answer.problem, passing=passing)
        return False

    def give_up(self, session: Session, payload: Payload, why: Line) -> None:
        """The video cannot be used."""
        line = Message(why.code, why.zh, why.en)
        store_unreadable(session, payload["medium"], line, passing=True)


@dataclass(frozen=True, slots=True)
class LookTask:
    """Looks at a segment."""

    def request(self, session: Session, payload: Payload) -> object | None:
        """The segment, unless it was looked at in this way."""
        if not is_waiting(session, payload["segment"], look_key=payload["look_key"]):
            return None
        fields = {name: payload[name] for name in _LOOK_FIELDS}
        driven = tuple((at_s, along_m) for at_s, along_m in payload["driven"])
        return LookRequest(**fields, driven=driven)

    def store(self, session: Session, payload: Payload, answers: Sequence[Any]) -> bool:
        """Write the segment's frames at once."""
        parts = [read_part(answer) for answer in answers]
        frames = sorted((f for part in parts for f in part.frames), key=lambda f: f.index)
        last = parts[-1]
        store_segment(
            session,
            payload["segment"],
            frames,
            frames_read=last.frames_read,
            travels=last.travels,
            beats=last.beats,
            problem=last.problem,
        )
        return last.problem is None

    def give_up(self, session: Session, payload: Payload, why: Line) -> None:
        """The segment stays unseen."""
        give_up_segment(session, payload["segment"], why)


@dataclass(frozen=True, slots=True)
class CutTask:
    """Cuts an excerpt."""

    def request(self, session: Session, payload: Payload) -> object | None:
        """The excerpt, unless it exists."""
        if is_cut(session, _plan(payload)):
            return None
        names = ("sha256", "start_s", "end_s", "assumed_rate", "with_clip")
        return CutRequest(
            **{name: payload[name] for name in names}, shown_s=tuple(payload["shown_s"])
        )

    def store(self, session: Session, payload: Payload, answers: Sequence[Any]) -> bool:
        """Write what was cut."""
        store_excerpt(session, _plan(payload), read_cut(answers[0]))
        return True

    def give_up(self, session: Session, payload: Payload, why: Line) -> None:
        """The candidate does without."""
        store_excerpt(session, _plan(payload), None)


def _travel_every_s(plan: SegmentPlan, duration_s: float) -> float:
    least, most = _TRAVEL_EVERY_S
    return min(max((min(plan.end_s, duration_s) - plan.start_s) / _TRAVELS, least), most)


def _plan(payload: Payload) -> ExcerptPlan:
    return ExcerptPlan(
        payload["excerpt"],
        payload["medium"],
        payload["start_s"],
        payload["end_s"],
        payload["with_clip"],
        tuple(payload["shown_s"]),
    )


def _enqueue(
    session: Session, kind: str, patrol_id: str, payload: dict[str, Any], clock: Clock
) -> None:
    """Ask for an item once: the same one is the same job, however often it is asked for."""
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    jobs.enqueue(
        session,
        job_id=f"{patrol_id}-{kind}-{digest[:20]}",
        kind=kind,
        subject=patrol_id,
        payload=payload,
        now=clock(),
    )
