"""Secrets that are given out once, and the digests that are kept of them."""

import hashlib
import secrets
from enum import StrEnum

_TOKEN_BYTES = 32
_CODE_DIGITS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else
_CODE_LENGTH = 12


class TokenKind(StrEnum):
    """What a token opens; it stands before the token, so that a leaked one is recognised."""

    PAGE = "zbs"
    DEVICE = "zbd"
    TASK = "zbt"


def new_token(kind: TokenKind) -> str:
    """A token of 256 random bits."""
    return f"{kind.value}_{secrets.token_urlsafe(_TOKEN_BYTES)}"


def kind_of(token: str) -> TokenKind | None:
    """What a token says it opens.

    >>> kind_of("zbt_x")
    <TokenKind.TASK: 'zbt'>
    """
    prefix = token.partition("_")[0]
    return TokenKind(prefix) if prefix in list(TokenKind) else None


def new_code() -> str:
    """A one-time code that can be read out on the telephone, of 58 random bits."""
    digits = "".join(secrets.choice(_CODE_DIGITS) for _ in range(_CODE_LENGTH))
    return "-".join(digits[start : start + 4] for start in range(0, _CODE_LENGTH, 4))


def plain_code(written: str) -> str:
    """A code as somebody wrote it, as it was given out.

    >>> plain_code(" abcd efgh-jkmn ")
    'ABCD-EFGH-JKMN'
    """
    digits = "".join(c for c in written.upper() if c.isalnum())
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def digest(secret: str) -> str:
    """What is kept of a secret with that many random bits: nobody can guess it back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf_token(token: str) -> str:
    """What a page that is signed in by a cookie must say besides: other sites cannot read it."""
    return hashlib.sha256(f"csrf:{token}".encode()).hexdigest()
