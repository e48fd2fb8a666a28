"""Where a page of a list ends: a cursor that clients pass back and do not look into."""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from zoubian.api.http.problems import Fault, HttpFault

Key = TypeVar("Key")

PAGE = 50
LONGEST_PAGE = 500

_BAD = Fault(422, "bad_cursor", "翻页标记无效，请刷新列表", "this is no page: load the list anew")


def row_number(number: object) -> int:
    """A part of a cursor that is the number of a row.

    Raises:
        ValueError: it is none.
    """
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < 1 << 62:
        raise ValueError("no number of a row")
    return number


def row_name(name: object) -> str:
    """A part of a cursor that is an id or a number that people say.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(name, str) or not name.isprintable():
        raise ValueError("no name of a row")
    return name


def row_time(time: object) -> datetime:
    """A part of a cursor that is a time.

    Raises:
        ValueError: it is none.
    """
    moment = datetime.fromisoformat(row_name(time))
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment.astimezone(UTC)


def write_cursor(*key: str | int) -> str:
    """A cursor for the key of a page's end.

    >>> read_cursor(write_cursor("2026-11-23", 7), lambda day, number: (day, number))
    ('2026-11-23', 7)
    """
    written = json.dumps(key, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def read_cursor(cursor: str | None, make: Callable[..., Key]) -> Key | None:
    """The key of a cursor, made of its parts by `make`; None for no cursor.

    Raises:
        HttpFault: it is none of ours.
    """
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts = json.loads(base64.urlsafe_b64decode(padded))
        return make(*parts)
    except (ValueError, TypeError, binascii.Error, OverflowError) as error:
        raise HttpFault(_BAD) from error
