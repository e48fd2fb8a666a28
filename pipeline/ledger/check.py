"""`zoubian ledger check`: the whole ledger, from the triggers to the tables that repeat it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from sqlalchemy.orm import Session

from zoubian.pipeline.ledger import faults
from zoubian.pipeline.ledger.chain import Row, walk
from zoubian.pipeline.ledger.events import Head
from zoubian.pipeline.ledger.faults import Fault
from zoubian.pipeline.ledger.rows import one_state, stored_head, stored_row, stored_rows
from zoubian.pipeline.ledger.triggers import guard_states

_TELL_EVERY = 1000

# Compares tables that repeat the events with what the events say, in flat memory.
Comparison = Callable[[Session], Iterable[Fault]]


def check(
    session: Session,
    *,
    noted: Sequence[Head],
    comparisons: Sequence[Comparison],
    on_walked: Callable[[int, int], None] | None = None,
) -> Iterator[Fault]:
    """Every fault of the ledger, in flat memory; none for a sound one.

    Args:
        session: a reading one whose transaction has not begun: one state is looked at.
        noted: heads that left the system earlier.
        comparisons: run only where every event can be read.
        on_walked: told now and then how many events of how many are done.
    """
    with one_state(session):
        for name, state in guard_states(session.connection()):
            if state == "missing":
                yield faults.guard_missing(name)
            elif state == "changed":
                yield faults.guard_changed(name)
        head = stored_head(session)
        rows = stored_rows(session)
        if on_walked is not None:
            rows = _told(rows, on_walked, head.number if head is not None else 0)
        readable = True
        for fault in walk(rows, head=head, noted=noted, row_at=partial(stored_row, session)):
            readable = readable and fault.code not in faults.NO_EVENT
            yield fault
        if comparisons and not readable:
            yield faults.not_compared()
            return
        for compare in comparisons:
            yield from compare(session)


def _told(rows: Iterator[Row], on_walked: Callable[[int, int], None], total: int) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count % _TELL_EVERY == 0:
            on_walked(count, total)
        yield row
