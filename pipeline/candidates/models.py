"""Tables of candidates: what is proposed or reported, where, how sure, what shows it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from zoubian.pipeline.db.base import Base, UtcDateTime


class Candidate(Base):
    """One spot with one problem, found by a scan or reported by a person.

    `number` is what people say on the telephone; no two candidates of a workspace share one.
    `category` is null where the campaign's list has none for what is seen. `members` counts the
    objects of the spot by visual class. `confidence` is the raw score that names the candidate,
    `precision` the measured share of true findings at that score (null where it was never measured
    on real pictures: then `proven` is false). `evidence_sha256` names the drawn picture of the
    best frame in the file store. A report has no patrol, no visual class and no confidence.

    `version` rises with every change of the row, so that nobody decides about what he has not
    seen. `handled` tells that a person has dealt with it: a scan leaves the row alone from then
    on. `state` and what follows `reported_by` are written by the review only, with an event each;
    what stands in `held_*` is the permit that explains the problem away.
    """

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("number"),
        Index(None, "state", "queued_at", "number"),
        Index(None, "lat", "lon"),
        Index(None, "place_zh"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    patrol_id: Mapped[str | None] = mapped_column(ForeignKey("patrol.id"), index=True)
    number: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="pending")
    version: Mapped[int] = mapped_column(default=1)
    handled: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(Text, default="patrol")
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    visual_class: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    filing_condition: Mapped[str | None] = mapped_column(Text)
    members: Mapped[dict[str, int]] = mapped_column(JSON)
    confidence: Mapped[float | None]
    precision: Mapped[float | None]
    proven: Mapped[bool]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    radius_m: Mapped[float | None]
    place_zh: Mapped[str | None] = mapped_column(Text)
    place_en: Mapped[str | None] = mapped_column(Text)
    first_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    evidence_sha256: Mapped[str | None] = mapped_column(Text)
    reported_by: Mapped[str | None] = mapped_column(Text)
    case_id: Mapped[str | None] = mapped_column(Text, index=True)
    merged_into: Mapped[str | None] = mapped_column(Text)
    split_from: Mapped[str | None] = mapped_column(Text)
    decline_reason: Mapped[str | None] = mapped_column(Text)
    check_group_id: Mapped[str | None] = mapped_column(Text)
    check_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    check_fact: Mapped[str | None] = mapped_column(Text)  # a reference into the ledger's texts
    held_by: Mapped[str | None] = mapped_column(Text)
    held_zh: Mapped[str | None] = mapped_column(Text)
    held_en: Mapped[str | None] = mapped_column(Text)


class CandidateFrame(Base):
    """A picture that shows the candidate; `rank` 0 is the best one.

    `frame_id` names a frame, or a photo that came with a report by its SHA-256. It is no foreign
    key: a frame goes when its medium is analysed otherwise, and what a person has decided about
    keeps its pictures: `photo_sha256` the original (a video for a frame of one), `shown_sha256` the
    clean copy, `evidence_sha256` the drawn one, which only the best few have. `part` says what a
    reported photo shows: near, far or landmark. `boxes` are the candidate's objects in a frame of
    footage, which may show several spots: class, x1, y1, x2, y2 in px of the upright original.
    """

    __tablename__ = "candidate_frame"
    __table_args__ = (Index(None, "frame_id"), Index(None, "photo_sha256"))

    candidate_id: Mapped[str] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), primary_key=True
    )
    frame_id: Mapped[str] = mapped_column(Text, primary_key=True)
    rank: Mapped[int]
    photo_sha256: Mapped[str | None] = mapped_column(Text)
    shown_sha256: Mapped[str | None] = mapped_column(Text)
    evidence_sha256: Mapped[str | None] = mapped_column(Text)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    part: Mapped[str | None] = mapped_column(Text)
    boxes: Mapped[list[list[Any]] | None] = mapped_column(JSON(none_as_null=True))


class CandidateCount(Base):
    """How many candidates of a day have got a number; `day` is the number's middle, "1123"."""

    __tablename__ = "candidate_count"

    day: Mapped[str] = mapped_column(Text, primary_key=True)
    last: Mapped[int]


class Exhibit(Base):
    """What shows a candidate besides its frames: a `clip` (MP4) or a `map` (SVG) in the store."""

    __tablename__ = "exhibit"

    candidate_id: Mapped[str] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    sha256: Mapped[str] = mapped_column(Text)
