"""Tables of candidate cases: what is proposed, where, how sure, and what shows it."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from zoubian.pipeline.db.base import Base, UtcDateTime


class Candidate(Base):
    """One spot with one problem.

    `number` is what people say on the telephone; no two candidates of a workspace share one.
    `category` is null where the campaign's list has none for what is seen. `members` counts the
    objects of the spot by visual class. `confidence` is the raw score that names the candidate,
    `precision` the measured share of true findings at that score (null where it was never measured
    on real pictures: then `proven` is false). `evidence_sha256` names the drawn picture of the
    best frame in the file store.
    """

    __tablename__ = "candidate"
    __table_args__ = (UniqueConstraint("number"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    patrol_id: Mapped[str] = mapped_column(ForeignKey("patrol.id"), index=True)
    number: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="pending")
    visual_class: Mapped[str] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    members: Mapped[dict[str, int]] = mapped_column(JSON)
    confidence: Mapped[float]
    precision: Mapped[float | None]
    proven: Mapped[bool]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    radius_m: Mapped[float | None]
    place_zh: Mapped[str | None] = mapped_column(Text)
    place_en: Mapped[str | None] = mapped_column(Text)
    first_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    evidence_sha256: Mapped[str | None] = mapped_column(Text)


class CandidateFrame(Base):
    """A frame that shows the candidate; `rank` 0 is the best one.

    Only the best few have a drawn picture, named by `evidence_sha256`.
    """

    __tablename__ = "candidate_frame"

    candidate_id: Mapped[str] = mapped_column(
        ForeignKey("candidate.id", ondelete="CASCADE"), primary_key=True
    )
    frame_id: Mapped[str] = mapped_column(
        ForeignKey("frame.id", ondelete="CASCADE"), primary_key=True
    )
    rank: Mapped[int]
    evidence_sha256: Mapped[str | None] = mapped_column(Text)
