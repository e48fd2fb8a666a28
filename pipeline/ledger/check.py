"""`zoubian ledger check`: the whole ledger, from the triggers to the tables that repeat it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from sqlalchemy.orm import Session

from zoubian.pipeline.ledger import faults
from zoubian.pipeline.ledger.chain import walk
from zoubian.pipeline.ledger.events import Head
from zoubian.pipeline.ledger.faults import Fault
from zoubian.pipeline.ledger.rows import one_state, stored_head, stored_row, stored_rows
from zoubian.pipeline.ledger.triggers import guard_states

# Compares tables that repeat the events with what the events say, in flat memory.
Comparison = Callable[[Session], Iterable[Fault]]


def check(
    session: Session, *, noted: Sequence[Head], comparisons: Sequence[Comparison]
) -> Iterator[Fault]:
    """Every fault of the ledger, in flat memory; none for a sound one.

    Args:
        session: a reading one whose transaction has not begun: one state is looked at.
        noted: heads that left the system earlier.
        comparisons: run only where the events are sound.
    """
    with one_state(session):
        for name, state in guard_states(session.connection()):
            if state == "missing":
                yield faults.guard_missing(name)
            elif state == "changed":
                yield faults.guard_changed(name)
        sound = True
        chain = walk(
            stored_rows(session),
            head=stored_head(session),
            noted=noted,
            row_at=partial(stored_row, session),
        )
        for fault in chain:
            sound = False
            yield fault
        if comparisons and not sound:
            yield faults.not_compared()
            return
        for compare in comparisons:
            yield from compare(session)
