"""What the doctor looks at in the database, in Redis, and at the clocks; it changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from zoubian.api.cli.finding import Check, State
from zoubian.pipeline.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PATIENCE_S = 5
_SLACK = timedelta(seconds=5)


def database(workspace: Path) -> Check:
    """Is it there, which version, and does it have this program's tables?"""
    from sqlalchemy.exc import DatabaseError

    from zoubian.pipeline.db.migrate import known_revisions, revisions_of

    settings = Settings(workspace=workspace)
    if not _is_made(settings):
        return Check(
            "database", "ok", "尚未建立，首次使用时自动建立", "not made yet; the first use makes it"
        )
    try:
        with _connection(settings) as connection:
            version = ".".join(map(str, connection.dialect.server_version_info or ()))
            there = revisions_of(connection)
    except DatabaseError as error:
        why = " ".join(str(error.orig).split())
        return Check(
            "database", "fail", f"数据库无法使用：{why}", f"the database cannot be used: {why}"
        )
    kind = "PostgreSQL" if settings.database_url else "SQLite"
    told = f"{kind} {version}"
    known = known_revisions()
    if not there <= known.keys():
        return Check(
            "database",
            "fail",
            f"{told}：由更新版本的程序写入，请先升级程序",
            f"{told}: written by a newer version of the program; upgrade the program first",
        )
    if there != {name for name, is_newest in known.items() if is_newest}:
        return Check(
            "database",
            "warn",
            f"{told}：表结构较旧，下次启动时自动升级；请先备份",
            f"{told}: its tables are older; the next start brings them up to date; back up first",
        )
    return Check("database", "ok", f"{told}，表结构最新", f"{told}, tables up to date")


def guards(workspace: Path) -> Check:
    """Do the triggers stand that keep the ledger from being changed?"""
    from zoubian.pipeline.db.migrate import revisions_of
    from zoubian.pipeline.ledger.triggers import guard_states

    settings = Settings(workspace=workspace)
    if not _is_made(settings):
        return Check("ledger", "ok", "尚未建立", "not made yet")
    with _connection(settings) as connection:
        if not revisions_of(connection):
            return Check("ledger", "ok", "尚未建立", "not made yet")
        states = dict(guard_states(connection))
    wrong = [f"{name} ({state})" for name, state in states.items() if state != "in place"]
    if wrong:
        names = ", ".join(wrong)
        return Check(
            "ledger",
            "fail",
            f"台账的防改触发器缺失或被改动：{names}；请查明原因，并运行 zoubian ledger check",
            f"triggers that keep the ledger from being changed are missing or changed: {names}; "
            "find out why, and run zoubian ledger check",
        )
    return Check(
        "ledger",
        "ok",
        f"{len(states)} 个防改触发器都在",
        f"all {len(states)} triggers against changes are in place",
    )


def redis(workspace: Path) -> Check:
    """Is Redis there, where it is wanted?"""
    from redis import Redis, RedisError

    url = Settings(workspace=workspace).redis_url
    if url is None:
        return Check(
            "redis",
            "ok",
            "未使用（任务在本机子进程中运行）",
            "not used (jobs run in processes of this machine)",
        )
    try:
        with Redis.from_url(
            url, socket_connect_timeout=_PATIENCE_S, socket_timeout=_PATIENCE_S
        ) as client:
            version = client.info("server")["redis_version"]
    except (RedisError, OSError, ValueError) as error:
        kind = type(error).__name__  # its text may hold the password of the URL
        return Check(
            "redis",
            "fail",
            f"Redis 无法连接（{kind}）；请检查 ZOUBIAN_REDIS_URL 和该服务",
            f"Redis cannot be reached ({kind}); check ZOUBIAN_REDIS_URL and that it runs",
        )
    return Check("redis", "ok", f"Redis {version}", f"Redis {version}")


def clock(workspace: Path) -> Check:
    """Does this machine's clock agree with the database's and with what was written before?"""
    settings = Settings(workspace=workspace)
    if not _is_made(settings):
        return _clock("ok", "没有可比较的时钟", "no other clock to compare with")
    theirs, latest = _times(settings)
    now = datetime.now(UTC)
    if latest is not None and latest > now + _SLACK:
        return _clock(
            "fail",
            f"本机时间 {now:%F %T} UTC 早于台账最后一条记录（{latest:%F %T}），请校准时钟",
            f"this machine's time {now:%F %T} UTC is before the ledger's last event "
            f"({latest:%F %T}): set the clock",
        )
    if theirs is not None and abs(theirs - now) > _SLACK:
        skew_s = (now - theirs).total_seconds()
        return _clock(
            "warn",
            f"本机时钟与数据库服务器相差 {skew_s:+.0f} 秒，请启用时间同步（chrony）",
            f"this machine's clock differs from the database server's by {skew_s:+.0f} s; "
            "synchronise them (chrony)",
        )
    return _clock("ok", f"{now:%F %T} UTC", f"{now:%F %T} UTC")


def time_zone(_workspace: Path) -> Check:
    """Deadlines do not depend on it, but what people read in logs does."""
    here = datetime.now().astimezone()
    told = f"{here:%z} ({here.tzname()})"
    if here.utcoffset() != timedelta(hours=8):
        return Check(
            "time_zone",
            "warn",
            f"系统时区为 {told}，不是北京时间；时限不受影响，日志时间会不同",
            f"the system's time zone is {told}, not Beijing's; deadlines do not depend on it",
        )
    return Check("time_zone", "ok", told, told)


def _times(settings: Settings) -> tuple[datetime | None, datetime | None]:
    """The database server's time, and that of the ledger's last event."""
    from sqlalchemy import func, select, text

    from zoubian.pipeline.db.migrate import revisions_of
    from zoubian.pipeline.ledger.models import LedgerEvent

    with _connection(settings) as connection:
        theirs: datetime | None = None
        if connection.dialect.name == "postgresql":
            theirs = connection.scalar(text("SELECT clock_timestamp()"))
        made = revisions_of(connection)
        latest = connection.scalar(select(func.max(LedgerEvent.recorded_at))) if made else None
    return theirs, latest


def _clock(state: State, zh: str, en: str) -> Check:
    return Check("clock", state, zh, en)


def _is_made(settings: Settings) -> bool:
    return settings.database_url is not None or _file(settings).exists()


def _file(settings: Settings) -> Path:
    return settings.workspace.absolute() / "zoubian.db"


@contextmanager
def _connection(settings: Settings) -> "Iterator[Connection]":
    from sqlalchemy import make_url

    from zoubian.pipeline.db.engine import make_engine

    url = make_url(settings.database_url or f"sqlite:///{_file(settings)}")
    if url.get_backend_name() == "postgresql":
        url = url.update_query_dict({"connect_timeout": str(_PATIENCE_S)})
    engine = make_engine(url.render_as_string(hide_password=False))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
