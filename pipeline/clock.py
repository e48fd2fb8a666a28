"""The only source of "now": passed in, so that tests decide what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present moment as an aware UTC time."""
    return datetime.now(UTC)
