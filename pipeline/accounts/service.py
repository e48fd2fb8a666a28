"""Accounts: made and reset by an administrator, opened by their owners."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from zoubian.pipeline.accounts.lockout import LockRules, begin_try, forget_tries
from zoubian.pipeline.accounts.models import Account
from zoubian.pipeline.accounts.passwords import Passwords, check_password
from zoubian.pipeline.accounts.sessions import end_all
from zoubian.pipeline.accounts.tokens import digest, new_code, plain_code
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as an administrator sees it.

    Attributes:
        has_password: False until its owner has used the one-time code.
        code_until: until when a one-time code can be used, None where none was given out.
        admin: administers whatever the organisation says.
    """

    user_id: str
    has_password: bool
    code_until: datetime | None
    admin: bool
    disabled: bool
    language: str
    created_at: datetime


def add_account(session: Session, user_id: str, *, admin: bool, at: datetime) -> None:
    """Let a user sign in, once a password is set with a one-time code; again changes nothing."""
    account = session.get(Account, user_id)
    if account is None:
        session.add(Account(user_id=user_id, admin=admin, created_at=at))
    elif admin:
        account.admin = True


def issue_code(session: Session, user_id: str, *, at: datetime, valid: timedelta) -> str:
    """A one-time code to set a password with; ends all of the user's sessions.

    Raises:
        Refusal: `no_such_account`.
    """
    account = _account(session, user_id)
    code = new_code()
    account.code_digest, account.code_until = digest(code), at + valid
    account.password_hash = None
    end_all(session, user_id, at=at)
    forget_tries(session, user_id)
    return code


def disable(session: Session, user_id: str, *, disabled: bool, at: datetime) -> None:
    """Lock an account out, or let it in again.

    Raises:
        Refusal: `no_such_account`.
    """
    _account(session, user_id).disabled = disabled
    if disabled:
        end_all(session, user_id, at=at)


def choose_language(session: Session, user_id: str, language: str) -> None:
    """The language that a user is answered in where the browser asks for none."""
    _account(session, user_id).language = language


def accounts(session: Session) -> tuple[AccountView, ...]:
    """All accounts by user id."""
    rows = session.scalars(select(Account).order_by(Account.user_id))
    return tuple(
        AccountView(
            row.user_id,
            row.password_hash is not None,
            row.code_until,
            row.admin,
            row.disabled,
            row.language,
            row.created_at,
        )
        for row in rows
    )


def check_credentials(
    uow: UnitOfWork,
    user_id: str,
    password: str,
    *,
    passwords: Passwords,
    rules: LockRules,
    at: datetime,
) -> None:
    """See that it is the user's password.

    The try counts before it is looked at, so that many at once are no way around the limit; no
    transaction waits while the password is hashed.

    Raises:
        Refusal: `wrong_password`, or `locked` (a `LockedError`).
    """
    with uow() as session:
        begin_try(session, user_id, rules=rules, at=at)
        account = session.get(Account, user_id)
        stored = account.password_hash if account and not account.disabled else None
    if not passwords.matches(stored, password):
        raise Refusal("wrong_password", zh="用户名或密码不正确", en="wrong user name or password")
    with uow() as session:
        forget_tries(session, user_id)


def redeem_code(
    uow: UnitOfWork,
    user_id: str,
    code: str,
    password: str,
    *,
    passwords: Passwords,
    rules: LockRules,
    at: datetime,
) -> None:
    """Set a password with a one-time code, which is used up by it.

    Raises:
        Refusal: `weak_password`, `wrong_code`, or `locked` (a `LockedError`).
    """
    check_password(password, user_id)
    with uow() as session:
        begin_try(session, user_id, rules=rules, at=at)
    hashed = passwords.hash(password)
    with uow() as session:
        account = session.scalar(
            select(Account)
            .where(
                Account.user_id == user_id,
                Account.code_digest == digest(plain_code(code)),
                Account.code_until > at,
                Account.disabled.is_(False),
            )
            .with_for_update()
        )
        if account is None:
            raise Refusal(
                "wrong_code",
                zh="一次性口令不正确或已失效，请向管理员重新索取",
                en="the one-time code is wrong or no longer valid: ask for a new one",
            )
        account.password_hash = hashed
        account.code_digest = account.code_until = None
        end_all(session, user_id, at=at)
        forget_tries(session, user_id)


def change_password(
    session: Session, user_id: str, password: str, *, passwords: Passwords, at: datetime
) -> None:
    """Set another password, of somebody whose old one was just checked; ends all sessions.

    Raises:
        Refusal: `weak_password` or `no_such_account`.
    """
    check_password(password, user_id)
    _account(session, user_id).password_hash = passwords.hash(password)
    end_all(session, user_id, at=at)


def _account(session: Session, user_id: str) -> Account:
    account = session.get(Account, user_id)
    if account is None:
        raise Refusal("no_such_account", zh="没有这个账号", en="there is no such account")
    return account
