"""Which frames are looked at does not depend on how many the looker takes ahead."""

import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator

import pytest

from zoubian.pipeline.sightings.dense import look_denser

Items = list[tuple[int, bool]]


def looker(depth: int, hits: dict[int, bool]) -> Callable[[Iterable[int]], Iterator[bool]]:
    """Answers in order, always `depth` items behind, as a model with several requests does."""

    def look(items: Iterable[int]) -> Iterator[bool]:
        in_hand: deque[int] = deque()
        for item in items:
            in_hand.append(item)
            if len(in_hand) >= depth:
                yield hits[in_hand.popleft()]
        while in_hand:
            yield hits[in_hand.popleft()]

    return look


def looked_at(items: Items, hits: dict[int, bool], depth: int) -> list[int]:
    answers = look_denser(iter(items), looker(depth, hits), is_hit=bool)
    found = list(answers)
    assert all(hits[item] is answer for item, answer in found)
    return [item for item, _ in found]


def expected(items: Items, hits: dict[int, bool]) -> list[int]:
    """The slow, plain rule."""
    coarse = [item for item, dense in items if not dense]
    wanted = []
    for item, dense in items:
        before = [other for other in coarse if other < item][-1:]
        after = [other for other in coarse if other > item][:1]
        if not dense or any(hits[other] for other in before + after):
            wanted.append(item)
    return wanted


@pytest.mark.parametrize("depth", [1, 2, 5, 9])
def test_dense_frames_are_looked_at_beside_hits_only(depth: int) -> None:
    for seed in range(400):
        rng = random.Random(seed)
        items = [(number, rng.random() < 0.6) for number in range(rng.randrange(14))]
        hits = {number: rng.random() < 0.3 for number, _ in items}
        assert sorted(looked_at(items, hits, depth)) == expected(items, hits), (seed, items, hits)


def test_few_frames_are_held_back() -> None:
    taken: list[int] = []
    held: list[int] = []

    def items() -> Iterator[tuple[int, bool]]:
        for number in range(3000):
            taken.append(number)
            yield number, number % 3 != 0

    hits = dict.fromkeys(range(3000), False)
    for item, _ in look_denser(items(), looker(4, hits), is_hit=bool):
        held.append(len(taken) - item)
    assert max(held) < 20
