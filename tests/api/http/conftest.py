"""A service over a workspace of its own, and people who sign in to it."""

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

_PIPELINE = Path(__file__).parents[2] / "pipeline"
sys.path[:0] = [str(_PIPELINE / "fakes"), str(Path(__file__).parent)]

from desk_city import City, open_city  # noqa: E402

# The databases of the pipeline's tests.
_spec = importlib.util.spec_from_file_location("pipeline_conftest", _PIPELINE / "conftest.py")
assert _spec is not None and _spec.loader is not None
_databases = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_databases)
postgresql_url = _databases.postgresql_url
postgresql_database = _databases.postgresql_database
migrated_postgresql = _databases.migrated_postgresql
migrated_sqlite = _databases.migrated_sqlite
database_url = _databases.database_url
open_database = _databases.open_database


def _sqlite(folder: Path, migrated: Path) -> str:
    file = folder / "zoubian.db"
    shutil.copyfile(migrated, file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="module")
def shared_city(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[City]:
    """A city on SQLite that the tests of a module share: for what changes nothing of others."""
    folder = tmp_path_factory.mktemp("city")
    with open_city(folder, _sqlite(folder, migrated_sqlite)) as city:
        yield city


@pytest.fixture
def city(tmp_path: Path, migrated_sqlite: Path) -> Iterator[City]:
    """A city on SQLite of the test's own."""
    with open_city(tmp_path, _sqlite(tmp_path, migrated_sqlite)) as city:
        yield city


@pytest.fixture
def any_city(
    tmp_path: Path, database_url: str, open_database: Callable[[], Engine]
) -> Iterator[City]:
    """A city of the test's own, once on SQLite and once on PostgreSQL."""
    with open_city(tmp_path, database_url) as city:
        yield city
