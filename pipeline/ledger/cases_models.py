"""Tables that repeat what the events of cases say, for lists; and the texts beside the chain."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from zoubian.pipeline.db.base import Base, UtcDateTime
from zoubian.pipeline.ledger.models import Number


class CaseRow(Base):
    """One case as its events tell it; written with them, compared by `ledger check`.

    `first_event` is the number of its first event: lists are sorted and paged by it. `closing` is
    "on_site", "photo" or "fixed_on_spot". `hard_office_id` and what follows stand only while the
    hard case is open. `due_at`, `warn_at`, `supervise_at` and `due_provisional` follow the calendar
    besides the events: `dispatch` writes them anew when a calendar is loaded.
    """

    __tablename__ = "case_row"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("first_event"),
        Index(None, "number_year", "number_count"),
        Index(None, "unit_id", "first_event"),
        Index(None, "state", "first_event"),
        Index(None, "category", "first_event"),
        Index(None, "source", "first_event"),
        Index(None, "lat", "lon", "first_event"),
        Index(None, "unit_id", "due_at"),
        Index(None, "due_at"),
        Index(None, "registered_at"),
        Index(None, "closed_at"),
        Index(None, "parking_review_at"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    first_event: Mapped[int] = mapped_column(Number)
    version: Mapped[int] = mapped_column(Number)
    number: Mapped[str] = mapped_column(Text)
    number_year: Mapped[int]
    number_count: Mapped[int]
    external_number: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    round: Mapped[int]
    category: Mapped[str] = mapped_column(Text)
    filing_condition: Mapped[str | None] = mapped_column(Text)
    rule_id: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[str | None] = mapped_column(Text)
    proposed_unit_ids: Mapped[str] = mapped_column(Text)  # sorted, parted by spaces
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    radius_m: Mapped[float | None]
    place_zh: Mapped[str | None] = mapped_column(Text)
    place_en: Mapped[str | None] = mapped_column(Text)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registered_group_id: Mapped[str | None] = mapped_column(Text)
    dispatched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closing: Mapped[str | None] = mapped_column(Text)
    extended_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    parked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    parking_review_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    parking_season: Mapped[str | None] = mapped_column(Text)
    hard_office_id: Mapped[str | None] = mapped_column(Text)
    hard_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hard_promised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    send_backs: Mapped[int]
    reopened: Mapped[int]
    urged: Mapped[int]
    exempted: Mapped[bool]
    search_text: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    supervise_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_provisional: Mapped[bool]


class CaseCondition(Base):
    """What is true of a case besides its state ("parked", "hard", ...): one row for each."""

    __tablename__ = "case_condition"

    condition: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(
        ForeignKey("case_row.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class CaseParty(Base):
    """Whom a case concerns: "unit:<id>" of the units that have it, assist with it or lead it as a
    hard case, "group:<id>" of the working group that registered it."""

    __tablename__ = "case_party"

    party: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(
        ForeignKey("case_row.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class CaseRequest(Base):
    """A request that was done, so that its repetition after a cut line does nothing."""

    __tablename__ = "case_request"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)


class LedgerText(Base):
    """A text that an event refers to by the hash of its salt and body."""

    __tablename__ = "ledger_text"

    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    salt: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
