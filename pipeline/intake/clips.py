"""Clips as rows: which videos were not read yet, what was read, where they lie in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from zoubian.pipeline.domain.problems import Problem
from zoubian.pipeline.intake.clip_fixes import ClipFix
from zoubian.pipeline.intake.clip_time import ClockZone, WrittenTime
from zoubian.pipeline.intake.collect import natural_key
from zoubian.pipeline.intake.layout import LaidClip, ReadClip
from zoubian.pipeline.intake.messages import Message
from zoubian.pipeline.intake.models import Clip, Medium, Remark
from zoubian.pipeline.intake.video_facts import PositionSource, VideoFacts

# Changes with whatever in the code of video_facts changes what is read.
FACTS_KEY = "facts-1"

_ZONES: dict[str, ClockZone] = {"utc": "utc", "local": "local"}
_SOURCES: dict[str, PositionSource] = {
    "gpmf": "gpmf",
    "novatek": "novatek",
    "blackvue": "blackvue",
    "dji_srt": "dji_srt",
}


@dataclass(frozen=True, slots=True)
class UnreadVideo:
    """A video whose facts nobody has read."""

    id: str
    sha256: str
    shown_path: str


def unread_videos(session: Session, patrol_id: str) -> list[UnreadVideo]:
    """Videos of a patrol to be read, in natural order of their names."""
    rows = session.scalars(
        select(Medium)
        .outerjoin(Clip, Clip.medium_id == Medium.id)
        .where(
            Medium.patrol_id == patrol_id,
            Medium.kind == "video",
            or_(Clip.facts_key.is_(None), Clip.facts_key != FACTS_KEY),
            or_(Medium.analysis_key.is_(None), Medium.analysis_key != FACTS_KEY),
        )
    )
    ordered = sorted(rows, key=lambda row: (natural_key(row.path), row.id))
    return [UnreadVideo(row.id, row.sha256, row.shown_path) for row in ordered]


def waiting_videos(session: Session, patrol_id: str) -> list[str]:
    """Ids of videos that no job has dealt with."""
    return list(
        session.scalars(
            select(Medium.id)
            .outerjoin(Clip, Clip.medium_id == Medium.id)
            .where(
                Medium.patrol_id == patrol_id,
                Medium.kind == "video",
                Medium.state == "pending",
                Clip.medium_id.is_(None),
            )
        )
    )


def store_facts(session: Session, medium_id: str, facts: VideoFacts) -> None:
    """Write what was read of a video in place of what was known of it."""
    medium = session.get_one(Medium, medium_id)
    _forget(session, medium)
    written = facts.written
    session.add(
        Clip(
            medium_id=medium_id,
            facts_key=FACTS_KEY,
            codec=facts.codec,
            width_px=facts.width_px,
            height_px=facts.height_px,
            frame_rate=facts.frame_rate,
            assumed_rate=facts.assumed_rate,
            duration_s=facts.duration_s,
            first_shown_s=facts.first_shown_s,
            written_stamp=None if written.stamp is None else written.stamp.isoformat(),
            written_offset_min=written.offset_min,
            written_zone=written.zone,
            position_source=facts.source,
            fixes=[_fix_row(fix) for fix in facts.fixes],
            seen_s=0.0,
        )
    )
    if facts.problem is not None:
        _set_problem(medium, facts.problem)
    session.add_all(_note(medium, line) for line in facts.notes)


def store_unreadable(session: Session, medium_id: str, why: Message, *, passing: bool) -> None:
    """End the waiting of a video that cannot be used.

    Args:
        passing: whether it may be readable next time, and is to be tried again then.
    """
    medium = session.get_one(Medium, medium_id)
    _forget(session, medium)
    _set_problem(medium, why)
    medium.state = "failed"
    medium.analysis_key = None if passing else FACTS_KEY


def read_clips(session: Session, patrol_id: str) -> list[ReadClip]:
    """The readable videos of a patrol, in natural order of their names."""
    rows = session.execute(
        select(Clip, Medium)
        .join(Medium, Clip.medium_id == Medium.id)
        .where(Medium.patrol_id == patrol_id)
    ).all()
    ordered = sorted(rows, key=lambda row: (natural_key(row[1].path), row[1].id))
    return [_read_clip(clip, medium) for clip, medium in ordered]


def store_layout(session: Session, laid: Iterable[LaidClip]) -> None:
    """Write when clips began, and what is to be told of it; run again, nothing changes."""
    for clip in laid:
        row = session.get_one(Clip, clip.id)
        row.started_at = clip.started_at
        row.start_source = clip.start_source
        row.seen_s = clip.seen_s
        medium = session.get_one(Medium, clip.id)
        if not clip.looked_at:
            medium.state = "done"
        session.execute(
            delete(Remark).where(Remark.medium_id == clip.id, Remark.code.in_(_LAYOUT_CODES))
        )
        session.add_all(_note(medium, line) for line in clip.notes)


_LAYOUT_CODES = (
    "creation_time_local",
    "clip_time_differs_from_gps",
    "clip_without_fix",
    "clip_fixes_cleaned",
    "clip_gap",
    "clip_overlap",
    "clip_without_time",
    "clip_other_view",
    "clip_datum_suspected",
    "no_position",
)


def _forget(session: Session, medium: Medium) -> None:
    session.execute(delete(Clip).where(Clip.medium_id == medium.id))
    session.execute(delete(Remark).where(Remark.medium_id == medium.id))
    medium.problem_code = medium.problem_zh = medium.problem_en = None
    medium.state, medium.analysis_key, medium.attempts = "pending", None, 0
    medium.frames_read = medium.frames_sampled = 0


def _set_problem(medium: Medium, why: Message) -> None:
    told = Problem(medium.shown_path, why.code, why.zh, why.en)
    medium.problem_code, medium.problem_zh = told.code, told.message_zh
    medium.problem_en = told.message_en


def _note(medium: Medium, line: Message) -> Remark:
    return Remark(
        patrol_id=medium.patrol_id,
        medium_id=medium.id,
        severity="note",
        path=medium.shown_path,
        code=line.code,
        message_zh=line.zh,
        message_en=line.en,
    )


def _fix_row(fix: ClipFix) -> list[float | str | None]:
    when = None if fix.when is None else fix.when.isoformat()
    return [round(fix.offset_s, 3), fix.lat, fix.lon, fix.hdop, when]


def _read_clip(row: Clip, medium: Medium) -> ReadClip:
    stamp = row.written_stamp
    return ReadClip(
        id=row.medium_id,
        path=medium.path,
        size_px=(row.width_px, row.height_px),
        codec=row.codec,
        duration_s=row.duration_s,
        written=WrittenTime(
            None if stamp is None else datetime.fromisoformat(stamp),
            row.written_offset_min,
            _ZONES.get(row.written_zone, "unknown"),
        ),
        source=_SOURCES.get(row.position_source or ""),
        fixes=tuple(
            ClipFix(
                offset_s, lat, lon, hdop, None if when is None else datetime.fromisoformat(when)
            )
            for offset_s, lat, lon, hdop, when in row.fixes
        ),
    )
