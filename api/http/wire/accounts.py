"""Signing in, devices, accounts."""

from typing import Literal

from pydantic import Field

from zoubian.api.http.wire.base import Answer, Ask, Id, Name, Time
from zoubian.pipeline.domain.actors import Role

Password = str


class SignInAsk(Ask):
    """A user and the password."""

    user_id: Id
    password: Password = Field(min_length=1, max_length=1000)


class ResetAsk(Ask):
    """A one-time code of the administrator, and the password that is to be set."""

    user_id: Id
    code: str = Field(min_length=1, max_length=40)
    password: Password = Field(min_length=1, max_length=1000)


class PasswordAsk(Ask):
    """Another password."""

    old_password: Password = Field(min_length=1, max_length=1000)
    password: Password = Field(min_length=1, max_length=1000)


class LanguageAsk(Ask):
    """The language to be answered in."""

    language: Literal["zh", "en"]


class ActorDocument(Answer):
    """As what a user acts."""

    role: Role
    unit_id: str | None
    group_id: str | None


class RoleAsk(Ask):
    """As what a user wants to act."""

    role: Role
    unit_id: Id | None = None
    group_id: Id | None = None


class SessionDocument(Answer):
    """Who is signed in.

    `csrf` is what a page has to send as X-CSRF-Token with everything that changes something.
    """

    user_id: str
    name: str | None
    acting_as: ActorDocument
    may_act_as: list[ActorDocument]
    permissions: list[str]
    language: str
    csrf: str | None


class DeviceAsk(Ask):
    """What the device is called."""

    name: Name


class DeviceDocument(Answer):
    """A device that holds a token."""

    id: str
    name: str | None
    role: Role | None
    created_at: Time
    seen_at: Time
    until: Time


class DeviceToken(Answer):
    """A device's token; it is shown this once."""

    token: str


class AccountAsk(Ask):
    """A user who is to be let in."""

    user_id: Id
    admin: bool = False


class AccountDocument(Answer):
    """An account; `has_password` is false until the one-time code was used."""

    user_id: str
    name: str | None
    roles: list[ActorDocument]
    has_password: bool
    code_until: Time | None
    admin: bool
    disabled: bool
    created_at: Time


class CodeDocument(Answer):
    """A one-time code to set a password with; it is shown this once."""

    user_id: str
    code: str
    until: Time


class DisableAsk(Ask):
    """Whether an account is locked out."""

    disabled: bool


class AccessDocument(Answer):
    """An original was given out."""

    id: str
    user_id: str
    name: str | None
    sha256: str
    subject: str
    at: Time
