"""The time on the wall: all of China keeps one, eight hours before UTC, without summer time."""

from datetime import UTC, date, datetime, timedelta

LOCAL_OFFSET = timedelta(hours=8)


def local_clock(at: datetime) -> datetime:
    """What clock and calendar on the wall show at a moment, without a zone.

    >>> local_clock(datetime(2026, 11, 22, 17, 30, tzinfo=UTC)).isoformat()
    '2026-11-23T01:30:00'
    """
    return at.astimezone(UTC).replace(tzinfo=None) + LOCAL_OFFSET


def local_day(at: datetime) -> date:
    """The local day of a moment."""
    return local_clock(at).date()


def from_local(wall: datetime) -> datetime:
    """The moment at which clock and calendar on the wall show this."""
    return (wall - LOCAL_OFFSET).replace(tzinfo=UTC)
