"""The job table: the truth about what is to be done, by whom, and how it ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from zoubian.pipeline.db.base import Base, UtcDateTime


class Job(Base):
    """One piece of work; the queue carries only its id.

    A worker holds a job by a lease that it renews by heartbeats. `fence` grows with every claim:
    a worker writes results only while its number is still the row's.
    `state` is `queued`, `running`, `done`, `superseded` (no longer wanted) or `parked` (gave up
    after too many attempts). `subject` names what the job belongs to, such as a patrol. `worker`
    tells which process holds it, so that the job of a dead one is free before its lease ends.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index(None, "state", "priority", "created_at"),
        Index(None, "subject", "state"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(Text, default="queued")
    priority: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    worker: Mapped[str | None] = mapped_column(Text)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)
