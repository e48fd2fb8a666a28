"""Ids of rows that people make: unique everywhere, and in the order of their making."""

import secrets
from datetime import datetime

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no i, l, o, u
_RANDOM_BITS = 80
_LENGTH = 26


def new_id(at: datetime) -> str:
    """A new id: the milliseconds of `at`, then 80 random bits, as 26 digits and letters (a ULID).

    Ids of different milliseconds sort by time, so that a table keyed by them grows at its end.
    """
    number = (int(at.timestamp() * 1000) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    return "".join(_DIGITS[(number >> shift) & 31] for shift in range((_LENGTH - 1) * 5, -1, -5))
