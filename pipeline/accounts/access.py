"""Who was given which original, and when: appended only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from zoubian.pipeline.accounts.models import FileAccess
from zoubian.pipeline.domain.ids import new_id


@dataclass(frozen=True, slots=True)
class Access:
    """One original was given out; `subject` is what it belongs to ("case:<id>", ...)."""

    id: str
    user_id: str
    sha256: str
    subject: str
    at: datetime


def note_access(session: Session, user_id: str, sha256: str, subject: str, *, at: datetime) -> None:
    """Note that an original is given out; in the transaction before it is."""
    session.add(FileAccess(id=new_id(at), user_id=user_id, sha256=sha256, subject=subject, at=at))


def accesses(
    session: Session, *, limit: int, sha256: str | None = None, after: str | None = None
) -> tuple[Access, ...]:
    """What was given out, the latest first.

    Args:
        sha256: only of this file.
        after: id of the last one of the page before.
    """
    query = select(FileAccess).order_by(FileAccess.id.desc()).limit(limit)
    if sha256 is not None:
        query = query.where(FileAccess.sha256 == sha256)
    if after is not None:
        query = query.where(FileAccess.id < after)
    return tuple(
        Access(row.id, row.user_id, row.sha256, row.subject, row.at)
        for row in session.scalars(query)
    )
