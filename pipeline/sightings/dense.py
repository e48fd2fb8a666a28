"""Looking at chosen frames, and at those between them only where something was found."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")

# Items in, what was found in each out, in their order; items are taken while others are looked at.
Look = Callable[[Iterable[Item]], Iterator[Found]]


@dataclass(slots=True)
class _Between(Generic[Item]):
    """An item that waits for the answers about its neighbours; None is not answered yet."""

    item: Item
    before: int | None
    after: int | None = None


def look_denser(
    items: Iterable[tuple[Item, bool]],
    look: Look[Item, Found],
    *,
    is_hit: Callable[[Found], bool],
) -> Iterator[tuple[Item, Found]]:
    """Look at items, at dense ones only where the last or the next other one is a hit.

    Which items are looked at depends on the hits alone, not on how many the looker takes ahead.
    Held back are the dense items around those that are being looked at, no more.

    Args:
        items: each with whether it is dense, in order of time.

    Yields:
        As the answers come.
    """
    source = iter(items)
    waiting: deque[_Between[Item]] = deque()
    wanted: deque[Item] = deque()
    in_hand: deque[tuple[Item, int | None]] = deque()
    hits: dict[int, bool] = {}
    last: int | None = None
    ended = False

    def decide() -> None:
        """Move what is decided from `waiting` to `wanted`, or drop it."""
        still: list[_Between[Item]] = []
        for between in waiting:
            answers = [hits.get(n) for n in (between.before, between.after) if n is not None]
            if True in answers:
                wanted.append(between.item)
            elif None in answers or (between.after is None and not ended):
                still.append(between)
        waiting.clear()
        waiting.extend(still)
        oldest = min((b.before for b in still if b.before is not None), default=last)
        for number in [n for n in hits if oldest is not None and n < oldest]:
            del hits[number]

    def feed() -> Iterator[Item]:
        nonlocal last, ended
        while True:
            if wanted:
                item = wanted.popleft()
                in_hand.append((item, None))
                yield item
                continue
            following = next(source, None)
            if following is None:
                ended = True
                return
            item, is_dense = following
            if is_dense:
                waiting.append(_Between(item, last))
                continue
            last = 0 if last is None else last + 1
            for between in waiting:
                if between.after is None:
                    between.after = last
            in_hand.append((item, last))
            yield item

    while not ended or wanted:
        for found in look(feed()):
            item, number = in_hand.popleft()
            if number is not None:
                hits[number] = is_hit(found)
                decide()
            yield item, found
        decide()
