"""Table of what people wrote in their own words about candidates."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from zoubian.pipeline.db.base import Base


class ReviewNote(Base):
    """A sentence that somebody wrote; it may name people, so it never stands in an event.

    The event holds `sha256` only: a note cannot be changed unnoticed, but it can be taken away
    where somebody's data must go.
    """

    __tablename__ = "review_note"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    candidate_id: Mapped[str] = mapped_column(ForeignKey("candidate.id"), index=True)
    sha256: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
