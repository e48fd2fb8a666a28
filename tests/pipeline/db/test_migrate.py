"""The tables' history: it leads to the models, and back; two openers and a newer writer."""

import multiprocessing
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

import zoubian.pipeline.candidates.models
import zoubian.pipeline.deadlines.models
import zoubian.pipeline.intake.models
import zoubian.pipeline.jobs.models
import zoubian.pipeline.ledger.cases_models
import zoubian.pipeline.ledger.models
import zoubian.pipeline.sightings.models  # noqa: F401
from zoubian.pipeline.db.base import Base
from zoubian.pipeline.db.engine import make_engine
from zoubian.pipeline.db.errors import NewerWorkspaceError
from zoubian.pipeline.db.migrate import downgrade, migrate


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return make_engine(f"sqlite:///{tmp_path / 'zoubian.db'}")


def test_upgrading_nothing_gives_the_tables_of_the_models(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _has_a_model})
        assert compare_metadata(context, Base.metadata) == []
        modes = {
            (key["constrained_columns"][0], key["options"].get("ondelete"))
            for table in Base.metadata.tables
            for key in inspect(connection).get_foreign_keys(table)
        }
    assert modes == {
        (element.parent.name, element.ondelete)
        for table in Base.metadata.tables.values()
        for element in table.foreign_keys
    }


def _has_a_model(name: str | None, kind: str, _parents: object) -> bool:
    """All but the index of texts, which is SQLite's own kind of table."""
    return not (kind == "table" and str(name).startswith("case_search"))


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO patrol (id, name, created_at, tz_offset_min, crs)"
                " VALUES ('p', 'n', '2026-01-01 00:00:00', 480, 'wgs84')"
            )
        )
    migrate(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM patrol")) == 1


def test_downgrading_to_the_base_leaves_no_table(engine: Engine) -> None:
    migrate(engine)
    downgrade(engine, "base")
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]


def test_refuses_what_a_newer_version_wrote(engine: Engine) -> None:
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerWorkspaceError, match="newer version"):
        migrate(engine)


def test_a_failed_upgrade_leaves_no_half(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE candidate (id TEXT)"))  # in the revision's way
    with pytest.raises(Exception, match="already exists"):
        migrate(engine)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["candidate"]


def _open(url: str, start: threading.Barrier) -> None:
    start.wait(timeout=20)
    migrate(make_engine(url))


def test_processes_may_open_a_new_workspace_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    start = context.Barrier(4)
    url = f"sqlite:///{tmp_path / 'zoubian.db'}"
    openers = [context.Process(target=_open, args=(url, start)) for _ in range(4)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join(20)
    assert [opener.exitcode for opener in openers] == [0] * 4
    with make_engine(url).connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
