"""Passwords: hashed by argon2id, compared in the same time whether there is one or not."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from zoubian.pipeline.domain.refusals import Refusal

_SHORTEST = 10
_LONGEST = 200  # characters; hashing longer ones would cost an attacker nothing and us much
_LEAST_DIFFERENT = 5


class Passwords:
    """Hashes and compares passwords."""

    def __init__(self, *, time_cost: int, memory_kib: int, parallelism: int) -> None:
        self._hasher = PasswordHasher(
            time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism
        )
        self._of_nobody = self._hasher.hash("nobody")

    def hash(self, password: str) -> str:
        """What is stored of a password."""
        return self._hasher.hash(password)

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether it is the password; without a stored one it takes as long to say no."""
        try:
            right = self._hasher.verify(stored or self._of_nobody, password[:_LONGEST])
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False
        return right and stored is not None


def check_password(password: str, user_id: str) -> None:
    """See that a new password is not too easy.

    Raises:
        Refusal: `weak_password`.
    """
    easy = (
        not _SHORTEST <= len(password) <= _LONGEST
        or len(set(password)) < _LEAST_DIFFERENT
        or user_id.casefold() in password.casefold()
    )
    if easy:
        raise Refusal(
            "weak_password",
            zh=f"密码至少 {_SHORTEST} 位，不能过于单一，也不能包含用户名",
            en=f"a password has {_SHORTEST} characters or more, not all alike, without the name",
        )
