"""Tables of accounts. Secrets stand here as digests only; who people are says the organisation."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from zoubian.pipeline.db.base import Base, UtcDateTime


class Account(Base):
    """Somebody who can sign in; `user_id` is that of the organisation.

    `code_digest` is a one-time code of an administrator, with which a password is set. `admin`
    lets somebody administer whom no organisation names yet: the first one.
    """

    __tablename__ = "account"

    user_id: Mapped[str] = mapped_column(Text, primary_key=True)
    password_hash: Mapped[str | None] = mapped_column(Text)
    code_digest: Mapped[str | None] = mapped_column(Text)
    code_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    admin: Mapped[bool]
    disabled: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(Text, default="zh")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInTries(Base):
    """How often a name was tried in vain, whether it belongs to an account or not."""

    __tablename__ = "sign_in_tries"

    name_digest: Mapped[str] = mapped_column(Text, primary_key=True)
    failures: Mapped[int]
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignIn(Base):
    """A page that is signed in (`kind` "page") or a device with a token ("device").

    `role`, `unit_id` and `group_id` say as what the user acts: one of those that the organisation
    gives the user.
    """

    __tablename__ = "sign_in"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    token_digest: Mapped[str] = mapped_column(Text, unique=True)
    user_id: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    role: Mapped[str | None] = mapped_column(Text)
    unit_id: Mapped[str | None] = mapped_column(Text)
    group_id: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TaskLink(Base):
    """A link with which somebody without an account returns the photos of one case."""

    __tablename__ = "task_link"
    __table_args__ = (Index(None, "case_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    token_digest: Mapped[str] = mapped_column(Text, unique=True)
    case_id: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TaskUse(Base):
    """Who used a link, as they called themselves: the ledger only names the link."""

    __tablename__ = "task_use"
    __table_args__ = (Index(None, "link_id"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    link_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FileAccess(Base):
    """Somebody was given an original; appended only, which both databases enforce.

    `subject` is what it belongs to, such as "case:<id>".
    """

    __tablename__ = "file_access"
    __table_args__ = (Index(None, "sha256"), Index(None, "subject"))

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
