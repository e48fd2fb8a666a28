"""One transaction: kept when left without an error, dropped otherwise, never refused as locked."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from zoubian.pipeline.db.engine import UnitOfWork, make_engine
from zoubian.pipeline.db.migrate import migrate
from zoubian.pipeline.intake.models import Medium, Patrol

NOW = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)


@pytest.fixture
def uow(tmp_path: Path) -> UnitOfWork:
    engine = make_engine(f"sqlite:///{tmp_path / 'zoubian.db'}")
    migrate(engine)
    return UnitOfWork(engine)


def _patrol(name: str) -> Patrol:
    return Patrol(id=name, name=name, created_at=NOW, tz_offset_min=480, crs="wgs84")


def _names(uow: UnitOfWork) -> list[str]:
    with uow.reading() as session:
        return list(session.scalars(select(Patrol.name).order_by(Patrol.name)))


def test_commits_when_left_without_an_error(uow: UnitOfWork) -> None:
    with uow() as session:
        session.add(_patrol("a"))
    assert _names(uow) == ["a"]
    with uow.reading() as session:
        assert session.scalars(select(Patrol.created_at)).one() == NOW


def test_rolls_back_on_error(uow: UnitOfWork) -> None:
    with pytest.raises(KeyError), uow() as session:
        session.add(_patrol("a"))
        session.flush()
        raise KeyError
    assert _names(uow) == []


def test_reading_keeps_nothing(uow: UnitOfWork) -> None:
    with uow.reading() as session:
        session.add(_patrol("a"))
        session.flush()
    assert _names(uow) == []


def test_refuses_a_row_without_its_owner(uow: UnitOfWork) -> None:
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), uow() as session:
        session.add(
            Medium(
                id="m", patrol_id="none", sha256="", path="", shown_path="", kind="", size_bytes=0
            )
        )


def test_writers_that_read_first_are_not_refused(uow: UnitOfWork) -> None:
    """Deferred transactions fail here at once with "database is locked"."""

    def count_up(writer: int) -> None:
        for _ in range(25):
            with uow() as session:
                number = session.scalars(select(func.count()).select_from(Patrol)).one()
                session.add(_patrol(f"{number:03d}-{writer}"))

    writers = [threading.Thread(target=count_up, args=(n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert [name[:3] for name in _names(uow)] == [f"{n:03d}" for n in range(100)]


def test_reading_waits_for_no_writer(uow: UnitOfWork) -> None:
    with uow() as session:
        session.add(_patrol("a"))
        session.flush()
        assert _names(uow) == []
