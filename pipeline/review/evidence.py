"""What there is to show of a candidate or a case: every file that may be given out with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.models import CandidateFrame, Exhibit
from zoubian.pipeline.domain.cases_details import names
from zoubian.pipeline.domain.cases_fold import SUBJECT_PREFIX
from zoubian.pipeline.intake.uploads import shown_copies
from zoubian.pipeline.ledger.events import StoredEvent, events_of
from zoubian.pipeline.review.pictures import pictures_of

PHOTO_DETAILS = ("photo_sha256s", "before_photo_sha256s", "after_photo_sha256s")


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture.

    Attributes:
        sha256: the name under which the ledger or the candidate knows it.
        shown_sha256: of the clean copy, None where none was made.
        original_sha256: of the file as it came (a video for a frame of one), None where unknown.
        evidence_sha256: of the drawn picture, which only the best few have.
        event: number of the event that brought it, None for a picture of a candidate.
        kind: what the event was, or None.
        part: "near", "far", "landmark" or "after" of a reported photo.
        boxes: a candidate's objects in px of the upright original: class, x1, y1, x2, y2.
    """

    sha256: str
    shown_sha256: str | None
    original_sha256: str | None
    evidence_sha256: str | None = None
    taken_at: datetime | None = None
    event: int | None = None
    kind: str | None = None
    part: str | None = None
    boxes: Sequence[Sequence[Any]] | None = None


@dataclass(frozen=True, slots=True)
class ShownExhibit:
    """A clip (MP4) or a map (SVG) of a candidate."""

    kind: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that shows a candidate or a case."""

    pictures: tuple[Shown, ...]
    exhibits: tuple[ShownExhibit, ...]

    def shown(self) -> frozenset[str]:
        """Files that anybody who sees the candidate or case may look at."""
        copies = {one.shown_sha256 for one in self.pictures}
        drawn = {one.evidence_sha256 for one in self.pictures}
        files = {*copies, *drawn, *(one.sha256 for one in self.exhibits)}
        return frozenset(sha256 for sha256 in files if sha256 is not None)

    def originals(self) -> frozenset[str]:
        """Files whose every reading is noted."""
        files = (one.original_sha256 for one in self.pictures)
        return frozenset(sha256 for sha256 in files if sha256 is not None)


def evidence_of_candidates(session: Session, candidate_ids: Sequence[str]) -> Evidence:
    """What shows some candidates, the best pictures first."""
    frames = pictures_of(session, candidate_ids)
    copies = shown_copies(session, [f.photo_sha256 for f in frames if f.photo_sha256])
    exhibits = session.scalars(
        select(Exhibit)
        .where(Exhibit.candidate_id.in_(candidate_ids))
        .order_by(Exhibit.candidate_id, Exhibit.kind)
    )
    return Evidence(
        tuple(_of_frame(frame, copies) for frame in frames),
        tuple(ShownExhibit(one.kind, one.sha256) for one in exhibits),
    )


def evidence_of_case(session: Session, case_id: str, candidate_ids: Sequence[str]) -> Evidence:
    """What shows a case: what its events brought, and its candidates."""
    found = evidence_of_candidates(session, candidate_ids)
    named = list(_named(events_of(session, SUBJECT_PREFIX + case_id)))
    copies = shown_copies(session, [sha256 for sha256, _ in named])
    known = {one.shown_sha256 or one.original_sha256: one for one in found.pictures}
    told = tuple(_of_event(sha256, event, known, copies) for sha256, event in named)
    named_ones = {sha256 for sha256, _ in named}
    rest = tuple(one for one in found.pictures if one.sha256 not in named_ones)
    return Evidence((*told, *rest), found.exhibits)


def _named(events: Iterable[StoredEvent]) -> Iterator[tuple[str, StoredEvent]]:
    """Each photo once, with the event that brought it."""
    seen: set[str] = set()
    for event in events:
        for key in PHOTO_DETAILS:
            for sha256 in names(event.details, key):
                if sha256 not in seen:
                    seen.add(sha256)
                    yield sha256, event


def _of_event(
    sha256: str,
    event: StoredEvent,
    known: Mapping[str | None, Shown],
    copies: Mapping[str, str],
) -> Shown:
    found = known.get(sha256)
    return Shown(
        sha256=sha256,
        shown_sha256=found.shown_sha256 if found else copies.get(sha256),
        original_sha256=found.original_sha256 if found else sha256,
        evidence_sha256=found.evidence_sha256 if found else None,
        taken_at=found.taken_at if found else None,
        event=event.number,
        kind=event.kind,
        part=found.part if found else None,
        boxes=found.boxes if found else None,
    )


def _of_frame(frame: CandidateFrame, copies: Mapping[str, str]) -> Shown:
    shown = frame.shown_sha256
    if shown is None and frame.photo_sha256 is not None:
        shown = copies.get(frame.photo_sha256)
    return Shown(
        sha256=shown or frame.photo_sha256 or frame.frame_id,
        shown_sha256=shown,
        original_sha256=frame.photo_sha256,
        evidence_sha256=frame.evidence_sha256,
        taken_at=frame.taken_at,
        part=frame.part,
        boxes=frame.boxes,
    )
