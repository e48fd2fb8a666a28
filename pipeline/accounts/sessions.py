"""Who is signed in, on a page or with a device, and as what they act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from zoubian.pipeline.accounts.models import Account, SignIn
from zoubian.pipeline.accounts.tokens import TokenKind, digest, new_token
from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.ids import new_id
from zoubian.pipeline.domain.local_time import local_day
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.organisation.directory import Organisation

SEEN_AFTER = timedelta(minutes=5)  # noted no more often: reading should not write
_KINDS = {TokenKind.PAGE: "page", TokenKind.DEVICE: "device"}


@dataclass(frozen=True, slots=True)
class SignedInUser:
    """A user with a valid token.

    Attributes:
        actor: as what the user acts now; `actors` all that the user may act as.
        stale: that the user was here should be noted (`touch`).
    """

    session_id: str
    actor: Actor
    actors: tuple[Actor, ...]
    language: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Device:
    """A device that holds a token of the user's."""

    id: str
    name: str | None
    role: str | None
    created_at: datetime
    seen_at: datetime
    until: datetime


def actors_of(
    session: Session, organisation: Organisation, user_id: str, *, at: datetime
) -> tuple[Actor, ...]:
    """All that a user may act as; nothing for somebody without an account, or who has left."""
    account = session.get(Account, user_id)
    if account is None or account.disabled:
        return ()
    actors = organisation.actors_of(user_id, local_day(at))
    if account.admin and not any(actor.role is Role.ADMIN for actor in actors):
        actors = (*actors, Actor(user_id, Role.ADMIN))
    return actors


def open_session(
    session: Session,
    user_id: str,
    *,
    kind: TokenKind,
    name: str | None,
    actors: Sequence[Actor],
    at: datetime,
    valid: timedelta,
) -> str:
    """Sign a user in; returns the token, which stands nowhere else.

    Args:
        actors: what the user may act as; the first one is taken.

    Raises:
        Refusal: `no_role`.
    """
    if not actors:
        raise Refusal(
            "no_role",
            zh="您的账号目前没有任何岗位，请联系管理员",
            en="your account has no role at present: ask the administrator",
        )
    token = new_token(kind)
    row = SignIn(
        id=new_id(at),
        token_digest=digest(token),
        user_id=user_id,
        kind=_KINDS[kind],
        name=name,
        created_at=at,
        seen_at=at,
        until=at + valid,
    )
    _act_as(row, actors[0])
    session.add(row)
    return token


def identify(
    session: Session, token: str, organisation: Organisation, *, idle: timedelta, at: datetime
) -> SignedInUser | None:
    """Whose token it is, None for one that is not or no longer valid.

    Args:
        idle: a page that was not used for so long is signed out; devices stay.
    """
    row = session.scalar(select(SignIn).where(SignIn.token_digest == digest(token)))
    if row is None or row.ended_at is not None or row.until <= at:
        return None
    if row.kind == "page" and row.seen_at + idle <= at:
        return None
    actors = actors_of(session, organisation, row.user_id, at=at)
    if not actors:
        return None
    chosen = (row.role, row.unit_id, row.group_id)
    acting = next((a for a in actors if (a.role.value, a.unit_id, a.group_id) == chosen), None)
    if acting is None and row.kind == "device":
        return None  # it was meant for a post that the user no longer holds
    account = session.get_one(Account, row.user_id)
    stale = row.seen_at + SEEN_AFTER <= at
    return SignedInUser(row.id, acting or actors[0], actors, account.language, stale)


def touch(session: Session, session_id: str, *, at: datetime) -> None:
    """Note that a user was here."""
    session.execute(update(SignIn).where(SignIn.id == session_id).values(seen_at=at))


def act_as(session: Session, session_id: str, actor: Actor) -> None:
    """Let a session act as another of the user's actors from now on."""
    _act_as(session.get_one(SignIn, session_id), actor)


def devices(session: Session, user_id: str, *, at: datetime) -> tuple[Device, ...]:
    """The user's devices with valid tokens, the newest first."""
    rows = session.scalars(
        select(SignIn)
        .where(
            SignIn.user_id == user_id,
            SignIn.kind == "device",
            SignIn.ended_at.is_(None),
            SignIn.until > at,
        )
        .order_by(SignIn.id.desc())
    )
    return tuple(
        Device(row.id, row.name, row.role, row.created_at, row.seen_at, row.until) for row in rows
    )


def end(session: Session, session_id: str, *, user_id: str, at: datetime) -> None:
    """Sign out one session of a user; one that has ended, or is somebody else's, stays."""
    session.execute(
        update(SignIn)
        .where(SignIn.id == session_id, SignIn.user_id == user_id, SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )


def end_all(session: Session, user_id: str, *, at: datetime) -> None:
    """Sign a user out everywhere."""
    session.execute(
        update(SignIn)
        .where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )


def _act_as(row: SignIn, actor: Actor) -> None:
    row.role, row.unit_id, row.group_id = actor.role.value, actor.unit_id, actor.group_id
