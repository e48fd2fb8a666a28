"""What came in becomes rows: the patrol, its media with stored originals, what was wrong."""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from zoubian.pipeline.clock import Clock
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.domain.problems import Note, Problem
from zoubian.pipeline.files import FileStore
from zoubian.pipeline.intake.clip_fixes import ClipFix
from zoubian.pipeline.intake.collect import FoundMedium
from zoubian.pipeline.intake.datum import Crs
from zoubian.pipeline.intake.dji_srt import dji_fixes
from zoubian.pipeline.intake.messages import Message, message
from zoubian.pipeline.intake.models import Medium, Patrol, Remark
from zoubian.pipeline.intake.track import Track, TrackRules, match_note, position_at, read_track

_MOST_SUBTITLE_MB = 50  # a DJI camera writes about 25 an hour


@dataclass(frozen=True, slots=True)
class StoredMedium:
    """A found medium whose original lies in the file store under `sha256`."""

    found: FoundMedium
    sha256: str


@dataclass(frozen=True, slots=True)
class PatrolSpec:
    """Which patrol a scan belongs to, and how its photos' times and positions are meant.

    Attributes:
        name: None makes it the patrol of these paths.
        id: of a patrol that was made before; None has it follow from the name or the paths.
        tz_offset_min: of photo times that name no offset.
        crs: datum of positions that name none.
    """

    name: str | None
    paths: tuple[Path, ...]
    tz_offset_min: int
    crs: Crs
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """Everything one scan found: the media once each, and what people should be told."""

    media: tuple[StoredMedium, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]


def store_originals(
    found: Sequence[FoundMedium],
    files: FileStore,
    *,
    on_stored: Callable[[FoundMedium], None],
) -> Intake:
    """Copy the media into the file store; the same bytes found twice are one medium and a note.

    Args:
        on_stored: called after each medium.

    Raises:
        StorageError: the file store cannot be written.
    """
    media: dict[str, StoredMedium] = {}
    problems: list[Problem] = []
    notes: list[Note] = []
    for medium in found:
        try:
            sha256 = files.put_file(medium.path)
        except OSError as error:
            why = message("unreadable", reason=error.strerror)
            problems.append(why.problem(medium.shown_path))
            continue
        if (first := media.get(sha256)) is not None:
            notes.append(_same_bytes(first.found.shown_path).note(medium.shown_path))
        else:
            media[sha256] = StoredMedium(medium, sha256)
        on_stored(medium)
    return Intake(tuple(media.values()), tuple(problems), tuple(notes))


@dataclass(frozen=True, slots=True)
class Tracks:
    """The tracks of a scan, each with the name of its file, and what is to be told of them."""

    tracks: tuple[tuple[str, Track], ...]
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]

    def position_at(self, when: datetime, *, max_gap_s: float) -> Position | None:
        """Where the first track that knows it was at `when`."""
        for _, track in self.tracks:
            if (place := position_at(track, when, max_gap_s=max_gap_s)) is not None:
                return place
        return None

    def other_day(self, times: Sequence[datetime], *, max_gap_s: float) -> list[Note]:
        """A note for each track that covers none of the photos' times."""
        said = [(path, match_note(t, times, max_gap_s=max_gap_s)) for path, t in self.tracks]
        return [line.note(path) for path, line in said if line is not None]


def read_tracks(paths: Iterable[Path], *, crs: Crs) -> Tracks:
    """Read track files, each once; a bad one is a problem, the others are used."""
    tracks: list[tuple[str, Track]] = []
    problems: list[Problem] = []
    notes: list[Note] = []
    for path in dict.fromkeys(Path(os.path.realpath(path)) for path in paths):
        try:
            data = path.read_bytes()
        except OSError as error:
            why = message("unreadable", reason=error.strerror)
            problems.append(why.problem(str(path)))
            continue
        reading = read_track(data, crs=crs, rules=TrackRules())
        if reading.problem is not None:
            problems.append(reading.problem.problem(str(path)))
        notes.extend(line.note(str(path)) for line in reading.notes)
        if reading.track is not None:
            tracks.append((str(path), reading.track))
    return Tracks(tuple(tracks), tuple(problems), tuple(notes))


@dataclass(frozen=True, slots=True)
class Subtitles:
    """Positions that lie beside videos, by the path of the video without its suffix."""

    fixes: Mapping[str, tuple[ClipFix, ...]]
    problems: tuple[Problem, ...]


def read_subtitles(paths: Iterable[Path]) -> Subtitles:
    """Read the positions in subtitle files; an unreadable one is a problem."""
    fixes: dict[str, tuple[ClipFix, ...]] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            megabytes = path.stat().st_size // 1_000_000
            if megabytes > _MOST_SUBTITLE_MB:
                sizes = {"megabytes": megabytes, "limit_megabytes": _MOST_SUBTITLE_MB}
                problems.append(message("track_too_large", **sizes).problem(str(path)))
                continue
            text = path.read_text("utf-8", errors="replace")
        except OSError as error:
            problems.append(message("unreadable", reason=error.strerror).problem(str(path)))
            continue
        fixes[str(path.with_suffix(""))] = tuple(dji_fixes(text))
    return Subtitles(fixes, tuple(problems))


def patrol_id_of(name: str | None, paths: Sequence[Path]) -> str:
    """A patrol's id: from its name, else from the absolute paths that were scanned."""
    key = f"name:{name}" if name is not None else "paths:" + "\n".join(_absolute(paths))
    return "p" + hashlib.sha256(key.encode()).hexdigest()[:15]


def register_patrol(session: Session, intake: Intake, spec: PatrolSpec, *, clock: Clock) -> str:
    """Write what was found as the patrol's; returns its id.

    Registering the same again changes nothing. A named patrol keeps the media of earlier scans of
    other folders. A medium whose file is gone stays if it was analysed (its original is stored)
    and is noted; one whose file now has other bytes makes way for the new one.
    """
    patrol_id = spec.id or patrol_id_of(spec.name, spec.paths)
    patrol = session.get(Patrol, patrol_id)
    if patrol is None:
        patrol = Patrol(id=patrol_id, created_at=clock())
        session.add(patrol)
    patrol.name = spec.name if spec.name is not None else ", ".join(map(str, spec.paths))
    patrol.tz_offset_min = spec.tz_offset_min
    patrol.crs = spec.crs
    session.flush()
    gone = _drop_outdated(session, patrol_id, intake.media, _absolute(spec.paths))
    _write_media(session, patrol_id, intake.media)
    session.execute(delete(Remark).where(Remark.patrol_id == patrol_id, Remark.medium_id.is_(None)))
    session.add_all(_remark(patrol_id, "problem", problem) for problem in intake.problems)
    session.add_all(_remark(patrol_id, "note", note) for note in (*intake.notes, *gone))
    return patrol_id


def add_notes(session: Session, patrol_id: str, notes: Iterable[Note]) -> None:
    """Add what turned out later; the patrol's next registering forgets it."""
    session.add_all(_remark(patrol_id, "note", note) for note in notes)


def _drop_outdated(
    session: Session, patrol_id: str, media: Iterable[StoredMedium], roots: Sequence[str]
) -> list[Note]:
    """Remove media that were replaced, or are gone without ever having been analysed."""
    now = {str(stored.found.path): stored.sha256 for stored in media}
    still_there = set(now.values())
    notes = []
    for medium in session.scalars(select(Medium).where(Medium.patrol_id == patrol_id)).all():
        if medium.sha256 in still_there or not _lies_under(medium.path, roots):
            continue
        if medium.path in now or medium.state != "done":
            session.execute(delete(Medium).where(Medium.id == medium.id))
        else:
            notes.append(_GONE.note(medium.shown_path))
    return notes


def _write_media(session: Session, patrol_id: str, media: Iterable[StoredMedium]) -> None:
    known = {
        medium.sha256: medium
        for medium in session.scalars(select(Medium).where(Medium.patrol_id == patrol_id))
    }
    for stored in media:
        medium = known.get(stored.sha256)
        if medium is None:
            medium = Medium(
                id=f"{patrol_id}-{stored.sha256[:20]}", patrol_id=patrol_id, sha256=stored.sha256
            )
            session.add(medium)
        medium.path = str(stored.found.path)
        medium.shown_path = stored.found.shown_path
        medium.kind = stored.found.kind
        medium.size_bytes = stored.found.size_bytes


def _absolute(paths: Iterable[Path]) -> list[str]:
    return sorted({os.path.abspath(path) for path in paths})


def _lies_under(path: str, roots: Iterable[str]) -> bool:
    return any(Path(os.path.abspath(path)).is_relative_to(root) for root in roots)


def _remark(patrol_id: str, severity: str, said: Problem | Note) -> Remark:
    return Remark(
        patrol_id=patrol_id,
        severity=severity,
        path=said.path,
        code=said.code,
        message_zh=said.message_zh,
        message_en=said.message_en,
    )


def _same_bytes(first: str) -> Message:
    return Message(
        "duplicate",
        f"内容与 {first} 完全相同，只分析一次",
        f"it has the same bytes as {first}; both are analysed once",
    )


_GONE = Message(
    "gone",
    "文件已不在原处，仍使用先前保存的原件和结果",
    "the file is no longer there; the stored original and its results are still used",
)
