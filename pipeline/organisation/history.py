"""What was stated when: the newest statement counts from its day on, older ones stay for before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from zoubian.datasets.classes.models import Period
from zoubian.pipeline.organisation.records import Row, row_period

Key = tuple[str, str]  # kind and identity

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one load stated of one thing, in force from `since` (None: as if always).

    `as_of` is the day of the load; no rows mean that the thing was taken out.
    """

    kind: str
    identity: str
    as_of: date
    since: date | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class DatedRow:
    """A row and the days on which it was, is or will be in force."""

    kind: str
    identity: str
    row: Row
    period: Period


class Effect(StrEnum):
    """What a load does to one thing."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """A new statement and the rows that it replaces."""

    effect: Effect
    statement: Statement
    before: tuple[Row, ...]


def dated_rows(statements: Sequence[Statement]) -> list[DatedRow]:
    """The rows of one thing's statements, oldest first, each for the days on which it counts."""
    found: list[DatedRow] = []
    end = date.max  # the first day on which something newer counts
    for statement in reversed(statements):
        since = statement.since or date.min
        if since < end:
            span = Period(statement.since, None if end == date.max else end - _DAY)
            for row in statement.rows:
                period = common_days(row_period(row), span)
                if period is not None:
                    found.append(DatedRow(statement.kind, statement.identity, row, period))
            end = since
    return found


def common_days(one: Period, other: Period) -> Period | None:
    """The days that both periods hold, None where there are none.

    >>> common_days(Period(None, date(2026, 5, 1)), Period(date(2026, 4, 1), None))
    Period(valid_from=datetime.date(2026, 4, 1), valid_to=datetime.date(2026, 5, 1))
    """
    if not one.overlaps(other):
        return None
    start = max(one.valid_from or date.min, other.valid_from or date.min)
    end = min(one.valid_to or date.max, other.valid_to or date.max)
    return Period(None if start == date.min else start, None if end == date.max else end)


def plan(
    stored: Mapping[Key, Sequence[Statement]],
    stated: Mapping[Key, Sequence[Row]],
    *,
    as_of: date,
    complete: bool,
) -> list[Change]:
    """What loading the stated rows on a day would change, in the order of the file.

    Args:
        stored: earlier statements by thing, oldest first.
        stated: rows of the file by thing.
        complete: the file names all there is: what it leaves out of its sheets ends.
    """
    known_kinds = {kind for kind, _ in stored}
    changes = [
        _change(key, stored.get(key, ()), rows, as_of=as_of, first=key[0] not in known_kinds)
        for key, rows in stated.items()
    ]
    if complete:
        changes += [
            _change(key, stored[key], (), as_of=as_of, first=False)
            for key in left_out(stored, stated, as_of=as_of)
        ]
    return changes


def left_out(
    stored: Mapping[Key, Sequence[Statement]], stated: Iterable[Key], *, as_of: date
) -> list[Key]:
    """Things in force, now or later, that the sheets of the file do not name."""
    named = set(stated)
    kinds = {kind for kind, _ in named}
    later = Period(as_of, None)
    return sorted(
        key
        for key, statements in stored.items()
        if key[0] in kinds
        and key not in named
        and any(row.period.overlaps(later) for row in dated_rows(statements))
    )


def _change(
    key: Key,
    earlier: Sequence[Statement],
    rows: Sequence[Row],
    *,
    as_of: date,
    first: bool,
) -> Change:
    ordered = tuple(sorted(rows, key=lambda row: str(row.get("valid_from", ""))))
    if not earlier:
        # What is new says itself since when, or belongs to the first load; else it counts from now.
        always = first or all(row.get("valid_from") for row in ordered)
        new = Statement(*key, as_of, None if always else as_of, ordered)
        return Change(Effect.ADDED, new, ())
    then = [one for one in earlier if one.since is None or one.since <= as_of]
    before = then[-1] if then else None
    if before is not None and before.rows == ordered == earlier[-1].rows:
        return Change(Effect.UNCHANGED, before, before.rows)
    # A correction on the same day replaces what that day's load stated altogether.
    since = before.since if before is not None and before.as_of == as_of else as_of
    was = before.rows if before is not None else ()
    return Change(_effect(was, ordered), Statement(*key, as_of, since, ordered), was)


def _effect(before: Sequence[Row], rows: Sequence[Row]) -> Effect:
    if not before:
        return Effect.ADDED
    return Effect.ENDED if _last_day(rows) < _last_day(before) else Effect.CHANGED


def _last_day(rows: Sequence[Row]) -> date:
    """The last day that rows hold; the earliest of all for none."""
    return max((row_period(row).valid_to or date.max for row in rows), default=date.min)
