"""Links for one case: who holds one returns its photos without an account."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from zoubian.pipeline.accounts.models import TaskLink, TaskUse
from zoubian.pipeline.accounts.tokens import TokenKind, digest, new_token
from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.ids import new_id

USER_PREFIX = "link:"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was given out; its token is known to nobody but its holder."""

    id: str
    case_id: str
    unit_id: str
    made_by: str
    made_at: datetime
    until: datetime
    revoked_at: datetime | None

    @property
    def actor(self) -> Actor:
        """As whom its holder acts: for the unit, under the link's name."""
        return Actor(USER_PREFIX + self.id, Role.OFFICER, unit_id=self.unit_id)


@dataclass(frozen=True, slots=True)
class Use:
    """Somebody used a link, and said this name."""

    link_id: str
    name: str
    used_at: datetime


def make_link(
    session: Session, case_id: str, *, maker: Actor, unit_id: str, at: datetime, valid: timedelta
) -> tuple[Link, str]:
    """A new link and its token, which stands nowhere else."""
    token = new_token(TokenKind.TASK)
    row = TaskLink(
        id=new_id(at),
        token_digest=digest(token),
        case_id=case_id,
        unit_id=unit_id,
        made_by=maker.user_id,
        made_at=at,
        until=at + valid,
    )
    session.add(row)
    return _link(row), token


def open_link(session: Session, token: str, *, at: datetime) -> Link | None:
    """The link of a token, None for one that is not or no longer valid."""
    row = session.scalar(select(TaskLink).where(TaskLink.token_digest == digest(token)))
    if row is None or row.revoked_at is not None or row.until <= at:
        return None
    return _link(row)


def note_use(session: Session, link_id: str, name: str, *, at: datetime) -> None:
    """Note what somebody who used a link is called."""
    session.add(TaskUse(id=new_id(at), link_id=link_id, name=name.strip(), used_at=at))


def revoke(session: Session, link_id: str, *, case_id: str, at: datetime) -> None:
    """End a link of a case before its time."""
    session.execute(
        update(TaskLink)
        .where(TaskLink.id == link_id, TaskLink.case_id == case_id, TaskLink.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def links_of(session: Session, case_id: str) -> tuple[Link, ...]:
    """All links that were given out for a case, the newest first."""
    rows = session.scalars(
        select(TaskLink).where(TaskLink.case_id == case_id).order_by(TaskLink.id.desc())
    )
    return tuple(_link(row) for row in rows)


def uses_of(session: Session, case_id: str) -> tuple[Use, ...]:
    """Who used the links of a case, oldest first."""
    rows = session.scalars(
        select(TaskUse)
        .join(TaskLink, TaskLink.id == TaskUse.link_id)
        .where(TaskLink.case_id == case_id)
        .order_by(TaskUse.id)
    )
    return tuple(Use(row.link_id, row.name, row.used_at) for row in rows)


def _link(row: TaskLink) -> Link:
    return Link(
        row.id, row.case_id, row.unit_id, row.made_by, row.made_at, row.until, row.revoked_at
    )
