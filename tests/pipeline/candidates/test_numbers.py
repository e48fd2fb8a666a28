"""Names of candidates: stable ids, sayable numbers that no two candidates share."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from sqlalchemy import Engine

from zoubian.pipeline.candidates.numbers import candidate_id, take_numbers
from zoubian.pipeline.db.engine import UnitOfWork

DAY = date(2026, 11, 23)


def take(engine: Engine, count: int, day: date = DAY) -> list[str]:
    with UnitOfWork(engine)() as session:
        return take_numbers(session, day, count)


def test_numbers_of_a_day_count_on_and_those_of_another_day_begin_anew(engine: Engine) -> None:
    assert take(engine, 2) == ["Z1123-001", "Z1123-002"]
    assert take(engine, 0) == []
    assert take(engine, 1) == ["Z1123-003"]
    assert take(engine, 1, date(2026, 1, 2)) == ["Z0102-001"]


def test_a_very_long_day_takes_a_fourth_digit(engine: Engine) -> None:
    assert take(engine, 1000)[-2:] == ["Z1123-999", "Z1123-1000"]


def test_those_who_take_numbers_at_once_share_none(open_database: Callable[[], Engine]) -> None:
    engines = [open_database() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take, [engines[i % 4] for i in range(16)], [3] * 16))
    numbers = [number for three in taken for number in three]
    assert sorted(numbers) == [f"Z1123-{count:03d}" for count in range(1, 49)]


def test_an_id_depends_on_patrol_frame_and_group() -> None:
    ids = {
        candidate_id(*names)
        for names in [("p", "f", "g"), ("p2", "f", "g"), ("p", "f2", "g"), ("p", "f", "g2")]
    }
    assert len(ids) == 4
    assert candidate_id("p", "f", "g") in ids
