"""Guessing passwords is made slow: after some tries each further one has to wait longer."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from zoubian.pipeline.accounts.models import SignInTries
from zoubian.pipeline.accounts.tokens import digest
from zoubian.pipeline.domain.refusals import Refusal


@dataclass(frozen=True, slots=True)
class LockRules:
    """After `free_tries` failures the next try waits `first_wait`, then twice as long each time,
    up to `longest_wait`."""

    free_tries: int
    first_wait: timedelta
    longest_wait: timedelta

    def wait_after(self, failures: int) -> timedelta:
        """How long to wait after that many failures.

        >>> rules = LockRules(5, timedelta(seconds=30), timedelta(hours=1))
        >>> [rules.wait_after(n).total_seconds() for n in (4, 5, 7, 99)]
        [0.0, 30.0, 120.0, 3600.0]
        """
        beyond = failures - self.free_tries
        if beyond < 0:
            return timedelta()
        return min(self.longest_wait, self.first_wait * float(2 ** min(beyond, 30)))


class LockedError(Refusal):
    """Too many failures: no try is looked at before `retry_after_s` seconds have passed."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            "locked",
            zh=f"失败次数过多，请 {retry_after_s} 秒后再试",
            en=f"too many failures: try again in {retry_after_s} s",
        )
        self.retry_after_s = retry_after_s


def begin_try(session: Session, name: str, *, rules: LockRules, at: datetime) -> None:
    """Count a try as failed before it is looked at; `forget_tries` takes that back.

    A name without an account is treated alike: nobody learns which ones there are.

    Raises:
        LockedError: it has to wait.
    """
    key = digest(f"name:{name}")
    # Two first tries at once would both find no row to wait for: make it, then wait for it.
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = dialect.insert(SignInTries).values(name_digest=key, failures=0)
    session.execute(first.on_conflict_do_nothing())
    tries = session.get_one(SignInTries, key, with_for_update=True)
    if tries.locked_until is not None and at < tries.locked_until:
        raise LockedError(math.ceil((tries.locked_until - at).total_seconds()))
    tries.failures += 1
    wait = rules.wait_after(tries.failures)
    tries.locked_until = at + wait if wait else None


def forget_tries(session: Session, name: str) -> None:
    """The name's owner was there."""
    session.execute(delete(SignInTries).where(SignInTries.name_digest == digest(f"name:{name}")))
