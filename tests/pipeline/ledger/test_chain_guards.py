"""Update, delete, replace and truncate are refused by the database itself."""

import pytest
from chains import START, drop_guards, fill
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.db.migrate import downgrade, migrate
from zoubian.pipeline.ledger.check import check
from zoubian.pipeline.ledger.triggers import guard_states, guards

VALUES = "'case:1', 'k', 'a', '2026-01-01', '2026-01-01', '{}', 'p', 'h'"

ON_BOTH = [
    "UPDATE ledger_event SET actor = 'x'",
    "UPDATE ledger_event SET actor = 'x' WHERE number = 2",
    "UPDATE ledger_event SET number = 9 WHERE number = 3",
    "DELETE FROM ledger_event",
    "DELETE FROM ledger_event WHERE number = 3",
    f"INSERT INTO ledger_event VALUES (2, {VALUES})",
    f"INSERT INTO ledger_event VALUES (0, {VALUES})",
    f"INSERT INTO ledger_event VALUES (5, {VALUES})",
    f"INSERT INTO ledger_event VALUES (2, {VALUES}) ON CONFLICT DO NOTHING",
    f"INSERT INTO ledger_event VALUES (2, {VALUES}) ON CONFLICT (number) DO UPDATE SET actor = ''",
    "UPDATE ledger_head SET number = 2, hash = (SELECT hash FROM ledger_event WHERE number = 2)",
    "UPDATE ledger_head SET number = 3",
    "UPDATE ledger_head SET number = 4",
    "UPDATE ledger_head SET hash = 'x'",
    "DELETE FROM ledger_head",
    "INSERT INTO ledger_head VALUES (2, 3, 'x')",
    "INSERT INTO ledger_head VALUES (1, 3, 'x') ON CONFLICT (id) DO UPDATE SET number = 1",
]
ON_SQLITE = [
    f"INSERT OR REPLACE INTO ledger_event VALUES (2, {VALUES})",
    f"REPLACE INTO ledger_event VALUES (2, {VALUES})",
    f"INSERT OR IGNORE INTO ledger_event VALUES (2, {VALUES})",
    f"INSERT INTO ledger_event VALUES (NULL, {VALUES})",
    "UPDATE OR REPLACE ledger_event SET number = 2 WHERE number = 3",
    "REPLACE INTO ledger_head VALUES (1, 0, 'x')",
    "UPDATE OR REPLACE ledger_head SET number = 1",
]
ON_POSTGRESQL = [
    "TRUNCATE ledger_event",
    "TRUNCATE ledger_head",
    "TRUNCATE ledger_event, ledger_head CASCADE",
    "SET session_replication_role = replica; DELETE FROM ledger_event",
    f"MERGE INTO ledger_event e USING (VALUES (2)) v(n) ON e.number = v.n "
    f"WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (9, {VALUES})",
]


def _everything(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return [
            *connection.execute(text("SELECT * FROM ledger_event ORDER BY number")),
            *connection.execute(text("SELECT * FROM ledger_head")),
        ]


def _refused(engine: Engine, statement: str) -> None:
    before = _everything(engine)
    with pytest.raises(IntegrityError, match="ledger: "), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert _everything(engine) == before


def test_changing_statements_are_refused(engine: Engine) -> None:
    fill(engine, 3)
    own = ON_SQLITE if engine.dialect.name == "sqlite" else ON_POSTGRESQL
    for statement in [*ON_BOTH, *own]:
        _refused(engine, statement)


def test_the_owner_has_given_its_rights_up(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        return
    with engine.connect() as connection:
        rights = connection.execute(
            text(
                "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
                "WHERE table_name IN ('ledger_event', 'ledger_head')"
            )
        )
        rights = {(table, right) for table, right in rights}
    assert ("ledger_event", "INSERT") in rights
    assert ("ledger_head", "UPDATE") in rights
    refused = {("ledger_event", right) for right in ("UPDATE", "DELETE", "TRUNCATE")}
    refused |= {("ledger_head", right) for right in ("INSERT", "DELETE", "TRUNCATE")}
    assert not rights & refused


def test_missing_guards_are_named_and_the_events_stay_sound(engine: Engine) -> None:
    fill(engine, 2)
    with engine.begin() as connection:
        drop_guards(connection)
    with UnitOfWork(engine).reading() as session:
        found = list(check(session, noted=[], comparisons=[]))
    names = [guard.name for guard in guards(engine.dialect.name)]
    assert {fault.code for fault in found} == {"trigger_missing"}
    assert [name in fault.message_en for fault, name in zip(found, names, strict=True)]


def test_a_guard_that_does_something_else_is_named(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER ledger_event_no_delete")
            connection.exec_driver_sql(
                "CREATE TRIGGER ledger_event_no_delete BEFORE DELETE ON ledger_event "
                "BEGIN SELECT 1; END"
            )
        else:
            connection.exec_driver_sql(
                "CREATE OR REPLACE FUNCTION ledger_event_only_next() RETURNS trigger "
                "LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$"
            )
    with UnitOfWork(engine).reading() as session:
        [fault] = check(session, noted=[], comparisons=[])
    assert fault.code == "trigger_changed"


def test_the_tables_come_and_go(engine: Engine) -> None:
    downgrade(engine, "0004")
    migrate(engine)
    with engine.connect() as connection:
        states = dict(guard_states(connection))
    assert set(states.values()) == {"in place"}
    assert len(states) == len(guards(engine.dialect.name))
    assert fill(engine, 1)[0].recorded_at > START
    downgrade(engine, "base")
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            left = "SELECT count(*) FROM pg_proc WHERE proname LIKE 'ledger%'"
            assert connection.scalar(text(left)) == 0
