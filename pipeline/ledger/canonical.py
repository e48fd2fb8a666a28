"""One event as one text: the same event is written with the same bytes everywhere.

The text is stored, and the hash is taken of the stored text: a verifier never has to write numbers
or times itself. `docs/ledger.md` says the rules in words.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime

from zoubian.pipeline.domain.json_values import Json


class CanonicalError(ValueError):
    """A value cannot be written into the ledger (no JSON, not a finite number, a naive time)."""


def write_canonical(fields: Mapping[str, Json]) -> str:
    """The one text of `fields`: JSON without spaces, keys sorted by code point.

    Text stands as it is (no normalisation; only what JSON must escape is escaped), whole numbers
    in digits, other numbers with the shortest digits that read back as the same 64-bit float.

    >>> write_canonical({"b": [1, 1.0, 0.1], "a": "垃圾箱满溢"})
    '{"a":"垃圾箱满溢","b":[1,1.0,0.1]}'

    Raises:
        CanonicalError: a value is no JSON: another type, NaN, an infinity, half a character.
    """
    text = json.dumps(
        _plain(fields), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise CanonicalError("half a character (a lone surrogate) cannot be kept") from error
    return text


def write_time(at: datetime) -> str:
    """A moment in UTC with six decimals.

    >>> write_time(datetime(2026, 11, 23, 5, 6, 7, tzinfo=UTC))
    '2026-11-23T05:06:07.000000Z'

    Raises:
        CanonicalError: `at` names no zone.
    """
    if at.tzinfo is None:
        raise CanonicalError(f"a time without a zone cannot be kept: {at.isoformat()}")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_time(written: str) -> datetime:
    """The moment that `write_time` wrote."""
    return datetime.fromisoformat(written)


def digest(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes in hexadecimal.

    Bytes that were no UTF-8 arrive as lone surrogates and count as the bytes they were.
    """
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


def _plain(value: object) -> object:
    """`value` as plain dicts and lists.

    Raises:
        CanonicalError: it holds something that JSON has no word for.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise CanonicalError(f"{value} is no number that can be kept")
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise CanonicalError(f"a key must be text, not {type(key).__name__}")
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    raise CanonicalError(f"{type(value).__name__} cannot be kept: give text, numbers, lists")
