"""Tables of the chain: every event once, and the row that says where it ends."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from zoubian.pipeline.db.base import Base, UtcDateTime

# In SQLite only INTEGER makes the key the row's own number.
Number = BigInteger().with_variant(Integer(), "sqlite")
# By code point, whatever the database's language: prefixes are looked up in the index.
Subject = Text().with_variant(Text(collation="C"), "postgresql")


class LedgerEvent(Base):
    """One event as it was appended; the database refuses to change or remove it.

    `canonical` is the event: the text whose SHA-256 is `hash`, with `previous_hash` in it. The
    other columns repeat what stands there, for searching.
    """

    __tablename__ = "ledger_event"
    __table_args__ = (Index(None, "subject", "number"),)

    number: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(Subject)
    kind: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    canonical: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text)


class LedgerHead(Base):
    """The last event's number and hash: one row, locked by whoever appends."""

    __tablename__ = "ledger_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Number)
    hash: Mapped[str] = mapped_column(Text)
