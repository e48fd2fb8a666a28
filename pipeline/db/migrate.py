"""Brings a database to the tables of this version, one process at a time."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from zoubian.pipeline.db.errors import NewerWorkspaceError

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> None:
    """Bring the database to this version's tables; nothing happens when it has them.

    Raises:
        NewerWorkspaceError: the database knows revisions that this version does not.
    """
    with _alone(engine):
        if engine.dialect.name == "sqlite":
            _use_write_ahead_log(engine)
        with engine.execution_options(zoubian_writes=True).begin() as connection:
            _refuse_newer(connection)
            command.upgrade(_config(connection), "head")


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to an earlier `revision` ("base": none at all)."""
    with _alone(engine), engine.execution_options(zoubian_writes=True).begin() as connection:
        command.downgrade(_config(connection), revision)


def known_revisions() -> dict[str, bool]:
    """This version's revisions by name, and whether each is the newest."""
    scripts = ScriptDirectory(str(_MIGRATIONS))
    newest = set(scripts.get_heads())
    return {one.revision: one.revision in newest for one in scripts.walk_revisions()}


def revisions_of(connection: Connection) -> set[str]:
    """Where a database stands; nothing for an empty one."""
    return set(MigrationContext.configure(connection).get_current_heads())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    return config


def _refuse_newer(connection: Connection) -> None:
    if revisions_of(connection) - known_revisions().keys():
        raise NewerWorkspaceError(
            zh="此工作区由更新版本的程序写入，请先升级程序",
            en="a newer version of the program wrote this workspace: upgrade the program first",
        )


def _use_write_ahead_log(engine: Engine) -> None:
    # Outside any transaction, and only here: it needs the whole database for a moment, and the
    # file remembers it.
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        raw.close()


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Keep other processes out until the block is left; the lock dies with its process."""
    database = engine.url.database
    if engine.dialect.name != "sqlite" or database is None or sys.platform == "win32":
        yield
        return
    import fcntl

    with Path(f"{database}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
