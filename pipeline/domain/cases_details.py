"""What events of cases say besides who and when: read back, and checked before it is written."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeGuard

from zoubian.pipeline.domain.cases import Recheck, SendBackReason, Source
from zoubian.pipeline.domain.json_values import Json

FREE_TEXTS = ("note", "remaining", "ground")  # in events they are references to texts

_TEXT_LIMIT = 4000  # characters; longer ones are documents and belong into a file
_NAME_LIMIT = 300
_SHA256 = re.compile(r"[0-9a-f]{64}")


class CaseEvent(Protocol):
    """What the fold reads of an event of the ledger."""

    @property
    def number(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def details(self) -> Mapping[str, Json]: ...


def text(details: Mapping[str, Json], key: str) -> str:
    """The text under `key`.

    Raises:
        KeyError: there is none.
        TypeError: something else stands there.
    """
    value = details[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} is no text")
    return value


def text_or_none(details: Mapping[str, Json], key: str) -> str | None:
    """The text under `key`, None where nothing stands there."""
    return None if details.get(key) is None else text(details, key)


def number_or_none(details: Mapping[str, Json], key: str) -> float | None:
    """The number under `key`, None where nothing stands there."""
    value = details.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{key} is no number")
    return float(value)


def names(details: Mapping[str, Json], key: str) -> tuple[str, ...]:
    """The list of names under `key`, empty where nothing stands there."""
    value = details.get(key)
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(f"{key} is no list")
    return tuple(str(name) for name in value)


def time(details: Mapping[str, Json], key: str) -> datetime:
    """The aware time that is written under `key` (ISO 8601)."""
    moment = datetime.fromisoformat(text(details, key))
    if moment.tzinfo is None:
        raise ValueError(f"{key} names no zone")
    return moment


def time_or_none(details: Mapping[str, Json], key: str) -> datetime | None:
    """The time under `key`, None where nothing stands there."""
    return None if details.get(key) is None else time(details, key)


def texts(event: CaseEvent) -> tuple[str, ...]:
    """References of the event's free texts."""
    return tuple(text(event.details, key) for key in FREE_TEXTS if key in event.details)


def fits(key: str, value: Json) -> bool:
    """Whether a detail may be written: the right kind, not empty, not beyond its bounds."""
    return _KINDS[key](value)


def _is_text(value: Json) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= _TEXT_LIMIT


def _is_name(value: Json) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= _NAME_LIMIT


def _is_name_or_none(value: Json) -> bool:
    return value is None or _is_name(value)


def _are_names(value: Json) -> bool:
    return _is_list(value) and all(_is_name(name) for name in value)


def _are_files(value: Json) -> bool:
    return _is_list(value) and all(
        isinstance(name, str) and _SHA256.fullmatch(name) for name in value
    )


def _is_time(value: Json) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_list(value: Json) -> TypeGuard[Sequence[Json]]:
    return isinstance(value, list | tuple)


def _within(low: float, high: float) -> Callable[[Json], bool]:
    def check(value: Json) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float | None):
            return False
        return value is None or low <= value <= high

    return check


def _one_of(words: type[StrEnum]) -> Callable[[Json], bool]:
    return lambda value: isinstance(value, str) and value in list(words)


_KINDS: Mapping[str, Callable[[Json], bool]] = {
    "note": _is_text,
    "remaining": _is_text,
    "ground": _is_text,
    "number": _is_name,
    "category": _is_name,
    "filing_condition": _is_name_or_none,
    "rule_id": _is_name_or_none,
    "place_zh": _is_name_or_none,
    "place_en": _is_name_or_none,
    "external_number": _is_name_or_none,
    "season": _is_name,
    "unit_id": _is_name,
    "office_unit_id": _is_name,
    "proposed_unit_ids": _are_names,
    "assisting_unit_ids": _are_names,
    "candidate_ids": _are_names,
    "photo_sha256s": _are_files,
    "before_photo_sha256s": _are_files,
    "after_photo_sha256s": _are_files,
    "until": _is_time,
    "due_at": _is_time,
    "level": _is_name,
    "batch": _is_name,
    "recheck": _one_of(Recheck),
    "reason": _one_of(SendBackReason),
    "source": _one_of(Source),
    "lat": _within(-90.0, 90.0),
    "lon": _within(-180.0, 180.0),
    "radius_m": _within(0.0, 1e6),
}
