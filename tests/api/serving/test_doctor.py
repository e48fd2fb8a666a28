"""The doctor finds what is wrong with data and doors, says what to do, and changes nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from chains import new_event
from running_service import free_port
from sqlalchemy import Engine, text

from zoubian.api.cli import checks_data, checks_doors
from zoubian.api.cli.finding import Check
from zoubian.api.serving.addresses import HostNames, host_names
from zoubian.api.serving.certificates import own_certificate
from zoubian.pipeline.db.engine import UnitOfWork, make_engine
from zoubian.pipeline.db.migrate import migrate
from zoubian.pipeline.ledger.events import append

PASSWORD = "Database-Horse-7"
DATA = (checks_data.database, checks_data.guards, checks_data.redis, checks_data.clock)


@pytest.fixture(params=["sqlite", "postgresql"])
def made(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """The migrated database of the workspace `tmp_path`."""
    url = f"sqlite:///{tmp_path / 'zoubian.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_database")
        monkeypatch.setenv("ZOUBIAN_DATABASE_URL", url)
    engine = make_engine(url)
    migrate(engine)
    yield engine
    engine.dispose()


def change(engine: Engine, statement: str) -> None:
    with engine.execution_options(zoubian_writes=True).begin() as connection:
        connection.execute(text(statement))


def is_told(check: Check, state: str, *words: str) -> None:
    assert check.state == state, check
    assert check.message_zh and all(word in check.message_en for word in words), check
    for line in (check.message_zh, check.message_en):
        assert "\n" not in line and PASSWORD not in line


def test_a_workspace_that_is_not_made_yet_is_no_fault_and_stays_so(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    for look in (*DATA, checks_doors.certificates):
        assert look(folder).state == "ok"
    assert not folder.exists()


def test_a_sound_database_is_well(made: Engine, tmp_path: Path) -> None:
    for look in DATA:
        assert look(tmp_path).state == "ok", look(tmp_path)


@pytest.mark.parametrize("table", ["ledger_event", "ledger_head"])
def test_a_trigger_that_is_gone_is_named(made: Engine, table: str, tmp_path: Path) -> None:
    name = {"ledger_event": "ledger_event_no_update", "ledger_head": "ledger_head_forward"}[table]
    on = f" ON {table}" if made.dialect.name == "postgresql" else ""
    change(made, f"DROP TRIGGER {name}{on}")
    is_told(checks_data.guards(tmp_path), "fail", name, "missing")


@pytest.mark.parametrize(
    ("revision", "state", "words"), [("9999", "fail", "newer"), ("0001", "warn", "older")]
)
def test_tables_of_other_versions_are_told_and_left(
    made: Engine, revision: str, state: str, words: str, tmp_path: Path
) -> None:
    change(made, f"UPDATE alembic_version SET version_num = '{revision}'")
    is_told(checks_data.database(tmp_path), state, words)
    with made.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == revision


def test_a_clock_before_the_last_event_is_a_fault(made: Engine, tmp_path: Path) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    with UnitOfWork(made)() as session:
        append(session, [new_event(1)], recorded_at=later)
    is_told(checks_data.clock(tmp_path), "fail", "set the clock")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "zoubian.db").write_bytes(b"no database at all" * 100)
    is_told(checks_data.database(tmp_path), "fail", "not a database")


def test_a_database_that_does_not_answer_is_told_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv(
        "ZOUBIAN_DATABASE_URL", f"postgresql+psycopg://zoubian:{PASSWORD}@{address}/zoubian"
    )
    is_told(checks_data.database(tmp_path), "fail", "cannot be used")


def test_a_redis_that_does_not_answer_is_told_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOUBIAN_REDIS_URL", f"redis://:{PASSWORD}@127.0.0.1:{free_port()}/0")
    is_told(checks_data.redis(tmp_path), "fail", "cannot be reached")


def names(*dns: str) -> HostNames:
    here = host_names([], host="0.0.0.0")
    return HostNames((*dns, *here.dns), here.addresses)


@pytest.mark.parametrize(
    ("made_before", "made_for", "state", "words"),
    [
        (timedelta(0), names(), "ok", "fingerprint SHA-256"),
        (timedelta(days=500), names(), "fail", "not now"),
        (timedelta(days=3400), names(), "warn", "the authority ends on"),
        (timedelta(0), HostNames(("localhost",), (ip_address("10.9.9.9"),)), "warn", "is not for"),
    ],
)
def test_certificates_are_looked_at(
    made_before: timedelta, made_for: HostNames, state: str, words: str, tmp_path: Path
) -> None:
    then = datetime.now(UTC) - made_before
    own_certificate(tmp_path / "certificates", made_for, now=then)
    is_told(checks_doors.certificates(tmp_path), state, words)


def test_damaged_certificates_are_told(tmp_path: Path) -> None:
    own_certificate(tmp_path / "certificates", names(), now=datetime.now(UTC))
    (tmp_path / "certificates" / "server.pem").write_bytes(b"nonsense")
    is_told(checks_doors.certificates(tmp_path), "fail", "cannot be read")
