"""Named random streams, so that adding one object never moves another."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def stream(*names: str | int | float) -> random.Random:
    """A generator of its own for a thing named by its path, such as `("street", 7, "trees")`.

    >>> stream("street", 7).random() == stream("street", 7).random()
    True
    """
    return random.Random("/".join(str(name) for name in names))


def weighted(source: random.Random, table: Sequence[tuple[T, float]]) -> T:
    """Draws one value of a table of (value, weight)."""
    return source.choices([value for value, _ in table], [weight for _, weight in table])[0]
