"""A bad input as data: one line that says which item and why, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that could not be used.

    `code` is stable and for programs (`truncated`, `empty`, ...); the messages are for people and
    do not repeat the path.
    """

    path: str
    code: str
    message_zh: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should know that is not a failure (no position known, file skipped)."""

    path: str
    code: str
    message_zh: str
    message_en: str
