"""What a scan found, read from the database: the source of the document, the table, the report."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from zoubian.datasets.classes.models import ClassTables
from zoubian.pipeline.candidates.knowledge import CategoryChoice, ranked_categories
from zoubian.pipeline.candidates.models import Candidate, CandidateFrame, Exhibit
from zoubian.pipeline.domain.candidate_states import STANDING
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.domain.problems import Note, Problem
from zoubian.pipeline.intake.models import Medium, Patrol, Remark
from zoubian.pipeline.sightings.models import Frame, Stretch


@dataclass(frozen=True, slots=True)
class ResultMedium:
    """One photo or video that was taken in."""

    path: str
    kind: str
    frames_read: int
    frames_sampled: int


@dataclass(frozen=True, slots=True)
class ResultFrame:
    """One looked-at picture; `quality_reason` says why it is not assessable."""

    id: str
    path: str
    offset_s: float | None
    taken_at: datetime | None
    position: Position | None
    assessable: bool
    quality_reason: str | None
    shown_sha256: str | None


@dataclass(frozen=True, slots=True)
class ResultCandidate:
    """One candidate with all that a person needs to judge it.

    Attributes:
        position: its `error_m` is the radius that holds the object.
        choices: categories to choose from, the likeliest first.
        frames: all of the patrol that show it, the best one first; none where they were replaced.
        evidence: sha256 of the drawn pictures, the best one first.
        exhibits: sha256 of what else shows it: of footage a `clip` (MP4) and a `map` (SVG).
    """

    id: str
    number: str
    visual_class: str
    members: Mapping[str, int]
    category: str | None
    category_zh: str | None
    choices: tuple[CategoryChoice, ...]
    confidence: float
    precision: float | None
    proven: bool
    position: Position | None
    place_zh: str | None
    place_en: str | None
    first_seen_at: datetime | None
    frames: tuple[ResultFrame, ...]
    evidence: tuple[str, ...]
    exhibits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResultStretch:
    """A stretch of the way of footage; `reason` says why it could not be judged."""

    assessable: bool
    reason: str | None
    started_at: datetime | None
    ended_at: datetime | None
    length_m: float
    path: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class ScanResult:
    """One patrol as it stands in the database; everything sorted, the same rows give the same."""

    patrol_name: str
    tz_offset_min: int
    media: tuple[ResultMedium, ...]
    frames: tuple[ResultFrame, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]
    candidates: tuple[ResultCandidate, ...]
    stretches: tuple[ResultStretch, ...] = ()


def scan_result(session: Session, patrol_id: str, *, tables: ClassTables) -> ScanResult:
    """Read what a patrol's scan found: media and frames by path, candidates by number.

    Candidates that were declined, merged, split or no longer found are not among them.
    """
    patrol = session.get_one(Patrol, patrol_id)
    media = session.scalars(
        select(Medium).where(Medium.patrol_id == patrol_id).order_by(Medium.shown_path, Medium.id)
    ).all()
    frames = _frames(session, patrol_id)
    problems, notes = _remarks(session, patrol_id)
    failed = (
        Problem(
            medium.shown_path, medium.problem_code, medium.problem_zh or "", medium.problem_en or ""
        )
        for medium in media
        if medium.problem_code is not None
    )
    return ScanResult(
        patrol_name=patrol.name,
        tz_offset_min=patrol.tz_offset_min,
        media=tuple(
            ResultMedium(m.shown_path, m.kind, m.frames_read, m.frames_sampled) for m in media
        ),
        frames=tuple(frames.values()),
        problems=tuple(sorted({*problems, *failed}, key=_told_order)),
        notes=tuple(sorted(notes, key=_told_order)),
        candidates=_candidates(session, patrol_id, frames, tables),
        stretches=_stretches(session, patrol_id),
    )


def _stretches(session: Session, patrol_id: str) -> tuple[ResultStretch, ...]:
    rows = session.scalars(
        select(Stretch).where(Stretch.patrol_id == patrol_id).order_by(Stretch.number)
    )
    return tuple(
        ResultStretch(
            assessable=row.state == "seen",
            reason=row.reason,
            started_at=row.started_at,
            ended_at=row.ended_at,
            length_m=row.length_m,
            path=tuple(Position(lat, lon, 0.0) for lat, lon in row.path),
        )
        for row in rows
    )


def _frames(session: Session, patrol_id: str) -> dict[str, ResultFrame]:
    rows = session.execute(
        select(Frame, Medium.shown_path, Medium.kind)
        .join(Medium, Frame.medium_id == Medium.id)
        .where(Medium.patrol_id == patrol_id)
        .order_by(Medium.shown_path, Medium.id, Frame.index)
    )
    return {
        frame.id: ResultFrame(
            id=frame.id,
            path=path,
            offset_s=frame.offset_s if kind == "video" else None,
            taken_at=frame.taken_at,
            position=_position(frame.lat, frame.lon, frame.position_error_m),
            assessable=frame.assessable,
            quality_reason=frame.quality_reason,
            shown_sha256=frame.shown_sha256,
        )
        for frame, path, kind in rows
    }


def _remarks(session: Session, patrol_id: str) -> tuple[set[Problem], set[Note]]:
    problems: set[Problem] = set()
    notes: set[Note] = set()
    for row in session.scalars(select(Remark).where(Remark.patrol_id == patrol_id)):
        told = (row.path, row.code, row.message_zh, row.message_en)
        if row.severity == "problem":
            problems.add(Problem(*told))
        else:
            notes.add(Note(*told))
    return problems, notes


def _candidates(
    session: Session, patrol_id: str, frames: Mapping[str, ResultFrame], tables: ClassTables
) -> tuple[ResultCandidate, ...]:
    shown: dict[str, list[CandidateFrame]] = {}
    links = session.scalars(
        select(CandidateFrame)
        .join(Candidate, CandidateFrame.candidate_id == Candidate.id)
        .where(Candidate.patrol_id == patrol_id)
        .order_by(CandidateFrame.rank)
    )
    for link in links:
        shown.setdefault(link.candidate_id, []).append(link)
    exhibits = _exhibits(session, patrol_id)
    rows = session.scalars(
        select(Candidate)
        .where(Candidate.patrol_id == patrol_id, Candidate.state.in_(STANDING))
        .order_by(Candidate.number)
    )
    found = (
        _candidate(row, row.visual_class, row.confidence, shown.get(row.id, []), frames, tables)
        for row in rows
        if row.visual_class is not None and row.confidence is not None  # both come from a scan
    )
    return tuple(replace(one, exhibits=exhibits.get(one.id, {})) for one in found)


def _exhibits(session: Session, patrol_id: str) -> dict[str, dict[str, str]]:
    rows = session.execute(
        select(Exhibit.candidate_id, Exhibit.kind, Exhibit.sha256)
        .join(Candidate, Exhibit.candidate_id == Candidate.id)
        .where(Candidate.patrol_id == patrol_id)
        .order_by(Exhibit.candidate_id, Exhibit.kind)
    )
    exhibits: dict[str, dict[str, str]] = {}
    for candidate_id, kind, sha256 in rows:
        exhibits.setdefault(candidate_id, {})[kind] = sha256
    return exhibits


def _candidate(
    row: Candidate,
    visual_class: str,
    confidence: float,
    links: list[CandidateFrame],
    frames: Mapping[str, ResultFrame],
    tables: ClassTables,
) -> ResultCandidate:
    known = tables.categories.get(row.category) if row.category else None
    ranks = {name: tables.visual_classes[name].rank for name in row.members}
    return ResultCandidate(
        id=row.id,
        number=row.number,
        visual_class=visual_class,
        members={name: row.members[name] for name in sorted(ranks, key=lambda n: (ranks[n], n))},
        category=row.category,
        category_zh=known.name_zh if known else None,
        choices=ranked_categories(visual_class, row.members, tables),
        confidence=confidence,
        precision=row.precision,
        proven=row.proven,
        position=_position(row.lat, row.lon, row.radius_m),
        place_zh=row.place_zh,
        place_en=row.place_en,
        first_seen_at=row.first_seen_at,
        frames=tuple(frames[link.frame_id] for link in links if link.frame_id in frames),
        evidence=tuple(link.evidence_sha256 for link in links if link.evidence_sha256),
    )


def _position(lat: float | None, lon: float | None, error_m: float | None) -> Position | None:
    if lat is None or lon is None or error_m is None:
        return None
    return Position(lat, lon, error_m)


def _told_order(item: Problem | Note) -> tuple[str, str, str]:
    return item.path, item.code, item.message_en
