"""Ids: unique, of one length, sorted by the time of their making."""

from datetime import UTC, datetime, timedelta

from zoubian.pipeline.domain.ids import new_id

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def test_ids_of_one_moment_differ() -> None:
    assert len({new_id(NOW) for _ in range(1000)}) == 1000


def test_ids_sort_by_time_from_the_first_year_to_the_last() -> None:
    times = [datetime(1970, 1, 1, tzinfo=UTC), NOW, NOW + timedelta(milliseconds=1)]
    times.append(datetime(9999, 12, 31, tzinfo=UTC))
    ids = [new_id(at) for at in times]
    assert ids == sorted(ids)
    assert {len(identifier) for identifier in ids} == {26}


def test_the_time_can_be_read_from_an_id() -> None:
    digits = "0123456789abcdefghjkmnpqrstvwxyz"
    milliseconds = 0
    for letter in new_id(NOW)[:10]:
        milliseconds = milliseconds * 32 + digits.index(letter)
    assert milliseconds == NOW.timestamp() * 1000
