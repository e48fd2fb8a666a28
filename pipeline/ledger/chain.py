"""Walking the chain from its first event to its last, and naming every fault on the way."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from zoubian.pipeline.ledger import faults
from zoubian.pipeline.ledger.canonical import digest, read_time, write_canonical, write_time
from zoubian.pipeline.ledger.events import FIRST_PREVIOUS, Head
from zoubian.pipeline.ledger.faults import Fault

# What stands in the text and once more in a column, beside the number.
REPEATED = ("subject", "kind", "actor", "occurred_at", "recorded_at", "previous_hash")


@dataclass(frozen=True, slots=True)
class Row:
    """A stored event as it was found.

    `repeated` holds the columns of REPEATED, times written as in the text, null where unreadable.
    """

    number: int
    canonical: str
    hash: str
    repeated: Mapping[str, str | None]


RowAt = Callable[[int], Row | None]


def walk(
    rows: Iterable[Row], *, head: Head | None, noted: Sequence[Head], row_at: RowAt
) -> Iterator[Fault]:
    """The faults of a chain, in flat memory.

    Args:
        rows: all stored events, sorted by number.
        head: what the head row says, null where it is gone.
        noted: heads that left the system earlier.
        row_at: looks one event up, to see whether two were swapped.
    """
    place = _Place(0, frozenset({FIRST_PREVIOUS}))
    notes = _Notes(noted)
    for row in rows:
        if row.number <= place.number:
            yield faults.extra(row.number)
            continue
        found, fault = _examine(row, row_at)
        if row.number > place.number + 1:
            yield faults.gap(place.number + 1, row.number - 1)
        elif found.in_place and not place.precedes(found):
            yield _not_followed(row.number)
        if fault is not None:
            yield fault
        place = _Place(row.number, frozenset(found.hashes) if found.in_place else None)
        yield from notes.compare(place)
    yield from _end(place, head)
    yield from notes.missing(place.number)


class _Found:
    """A row, and what its text says: null where it is not written as this program writes."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.hashes = (row.hash, digest(row.canonical))
        self.fields = _read(row.canonical)

    @property
    def changed(self) -> bool:
        """Whether text and hash do not belong together."""
        stored, computed = self.hashes
        return stored != computed

    @property
    def said(self) -> object:
        """The number that the text gives itself."""
        return self.fields["number"] if self.fields is not None else None

    @property
    def in_place(self) -> bool:
        """Whether the row belongs here, changed or not, so that its neighbours can be judged."""
        return self.changed or self.said == self.row.number

    @property
    def previous_hash(self) -> object:
        """The hash that the event was chained to: the column's, where the text was changed."""
        if self.fields is None or self.changed:
            return self.row.repeated["previous_hash"]
        return self.fields["previous_hash"]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk was last, and the hash of what stands there.

    Stored and computed hash are both held: where they differ, that was told already, and the next
    event, which names one of them, is not to blame. Null where the row does not belong there.
    """

    number: int
    hashes: frozenset[str] | None

    def precedes(self, found: _Found) -> bool:
        """Whether the chain goes on from here; what cannot be known is not told."""
        return self.hashes is None or found.previous_hash in self.hashes


def _examine(row: Row, row_at: RowAt) -> tuple[_Found, Fault | None]:
    """What belongs in the row's place, as far as one can tell, and what is wrong with the row."""
    found = _Found(row)
    said = found.said
    if type(said) is int and said != row.number:
        other = row_at(said)
        if other is not None and _Found(other).said == row.number:
            return _Found(replace(other, number=row.number)), faults.swapped(row.number, said)
    return found, _fault_of(found)


def _fault_of(found: _Found) -> Fault | None:
    row, fields = found.row, found.fields
    if found.changed:
        return faults.changed(row.number)
    if fields is None:
        return faults.unreadable(row.number)
    if found.said != row.number:
        return faults.moved(row.number, found.said)
    differing = [name for name in REPEATED if row.repeated[name] != fields[name]]
    return faults.columns_differ(row.number, differing) if differing else None


def _read(canonical: str) -> dict[str, object] | None:
    try:
        fields = json.loads(canonical)
        if not isinstance(fields, dict) or write_canonical(fields) != canonical:
            return None
        if fields.keys() != {*REPEATED, "number", "details"}:
            return None
        for time in (fields["occurred_at"], fields["recorded_at"]):
            if write_time(read_time(time)) != time:
                return None
    except (ValueError, TypeError, RecursionError):
        return None
    return fields if isinstance(fields["details"], dict) else None


def _not_followed(number: int) -> Fault:
    if number == 1:
        return faults.beginning_missing()
    return faults.replaced(number - 1, zh=f"第 {number} 条", en=f"event {number}")


def _end(place: _Place, head: Head | None) -> Iterator[Fault]:
    if head is None:
        yield faults.head_missing()
    elif head.number > place.number:
        yield faults.tail_removed(place.number + 1, head.number)
    elif head.number < place.number:
        yield faults.beyond_head(head.number + 1, place.number)
    elif place.hashes is not None and head.hash not in place.hashes:
        yield faults.replaced(place.number, zh="末条标记", en="the head row")


class _Notes:
    """Heads noted outside, compared as the walk comes by; the first difference says it all."""

    def __init__(self, noted: Sequence[Head]) -> None:
        self._noted: dict[int, set[str]] = {}
        for head in noted:
            self._noted.setdefault(head.number, set()).add(head.hash)
        self._fits = 0
        self._differs = False

    def compare(self, place: _Place) -> Iterator[Fault]:
        hashes = self._noted.get(place.number)
        if hashes is None or place.hashes is None or self._differs:
            return
        if hashes <= place.hashes:
            self._fits = place.number
        else:
            self._differs = True
            yield faults.rewritten(place.number, self._fits)

    def missing(self, last: int) -> Iterator[Fault]:
        noted = max(self._noted, default=0)
        if noted > last:
            yield faults.noted_missing(last + 1, noted)
