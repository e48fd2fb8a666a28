"""What makes both databases refuse to change the ledger, and whether it is still in place.

Each statement is written as the database gives it back, so that `guard_states` can compare.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, text

GuardState = Literal["in place", "missing", "changed"]

_ONLY_NEXT = "an event can only follow the last one"
_NO_CHANGE = "events are appended only"
_FORWARD = "the head can only move on to the last event"


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: the statement that makes it, and the body of the function it calls."""

    name: str
    statement: str
    body: str = ""


# INSERT OR REPLACE removes the old row without any delete trigger: the insert itself is refused.
_SQLITE_RULES = {
    "ledger_event_only_next": (
        "BEFORE INSERT ON ledger_event WHEN NEW.number IS NOT "
        "(SELECT coalesce(max(number), 0) + 1 FROM ledger_event)",
        _ONLY_NEXT,
    ),
    "ledger_event_no_update": ("BEFORE UPDATE ON ledger_event", _NO_CHANGE),
    "ledger_event_no_delete": ("BEFORE DELETE ON ledger_event", _NO_CHANGE),
    "ledger_head_forward": (
        "BEFORE UPDATE ON ledger_head WHEN NEW.number <= OLD.number "
        "OR NEW.number IS NOT (SELECT max(number) FROM ledger_event) "
        "OR NEW.hash IS NOT (SELECT hash FROM ledger_event WHERE number = NEW.number)",
        _FORWARD,
    ),
    "ledger_head_no_insert": ("BEFORE INSERT ON ledger_head", _FORWARD),
    "ledger_head_no_delete": ("BEFORE DELETE ON ledger_head", _FORWARD),
}

_REFUSING = "RAISE EXCEPTION 'ledger: {}' USING ERRCODE = 'integrity_constraint_violation';"
_POSTGRESQL_FUNCTIONS = {
    "ledger_event_only_next": "BEGIN IF NEW.number IS DISTINCT FROM "
    "(SELECT coalesce(max(number), 0) + 1 FROM ledger_event) "
    f"THEN {_REFUSING.format(_ONLY_NEXT)} END IF; RETURN NEW; END",
    "ledger_event_refuse": f"BEGIN {_REFUSING.format(_NO_CHANGE)} END",
    "ledger_head_forward": "BEGIN IF NEW.number <= OLD.number "
    "OR NEW.number IS DISTINCT FROM (SELECT max(number) FROM ledger_event) "
    "OR NEW.hash IS DISTINCT FROM "
    "(SELECT e.hash FROM ledger_event e WHERE e.number = NEW.number) "
    f"THEN {_REFUSING.format(_FORWARD)} END IF; RETURN NEW; END",
    "ledger_head_refuse": f"BEGIN {_REFUSING.format(_FORWARD)} END",
}
_POSTGRESQL_RULES = {
    "ledger_event_only_next": ("INSERT", "ledger_event", "ROW", "ledger_event_only_next"),
    "ledger_event_no_update": ("UPDATE", "ledger_event", "STATEMENT", "ledger_event_refuse"),
    "ledger_event_no_delete": ("DELETE", "ledger_event", "STATEMENT", "ledger_event_refuse"),
    "ledger_event_no_truncate": ("TRUNCATE", "ledger_event", "STATEMENT", "ledger_event_refuse"),
    "ledger_head_forward": ("UPDATE", "ledger_head", "ROW", "ledger_head_forward"),
    "ledger_head_no_insert": ("INSERT", "ledger_head", "STATEMENT", "ledger_head_refuse"),
    "ledger_head_no_delete": ("DELETE", "ledger_head", "STATEMENT", "ledger_head_refuse"),
    "ledger_head_no_truncate": ("TRUNCATE", "ledger_head", "STATEMENT", "ledger_head_refuse"),
}
# The owner, who is the program, gives its own rights up: a second lock beside the triggers.
_POSTGRESQL_RIGHTS = (
    "REVOKE UPDATE, DELETE, TRUNCATE ON ledger_event FROM PUBLIC, CURRENT_USER",
    "REVOKE INSERT, DELETE, TRUNCATE ON ledger_head FROM PUBLIC, CURRENT_USER",
)


def guards(dialect: str) -> tuple[Guard, ...]:
    """The triggers that the ledger's tables carry on "sqlite" or "postgresql"."""
    if dialect == "sqlite":
        return tuple(
            Guard(
                name,
                f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, 'ledger: {why}'); END",
            )
            for name, (when, why) in _SQLITE_RULES.items()
        )
    return tuple(
        Guard(
            name,
            f"CREATE TRIGGER {name} BEFORE {what} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {function}()",
            _POSTGRESQL_FUNCTIONS[function],
        )
        for name, (what, table, each, function) in _POSTGRESQL_RULES.items()
    )


def guard(connection: Connection) -> None:
    """Put the triggers onto the tables, which hold the first head row by now."""
    dialect = connection.dialect.name
    statements = [found.statement for found in guards(dialect)]
    if dialect == "postgresql":
        made = [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
            for name, body in _POSTGRESQL_FUNCTIONS.items()
        ]
        # ALWAYS: also where session_replication_role turns ordinary triggers off.
        always = [
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
            for name, (_, table, _, _) in _POSTGRESQL_RULES.items()
        ]
        statements = [*made, *statements, *always, *_POSTGRESQL_RIGHTS]
    for statement in statements:
        connection.exec_driver_sql(statement)


def drop_functions(connection: Connection) -> None:
    """Take away what the triggers called, after their tables are gone."""
    if connection.dialect.name == "postgresql":
        for name in _POSTGRESQL_FUNCTIONS:
            connection.exec_driver_sql(f"DROP FUNCTION {name}()")


def guard_states(connection: Connection) -> Iterator[tuple[str, GuardState]]:
    """Every trigger that should be there, by name, and whether it is."""
    dialect = connection.dialect.name
    found = _sqlite_guards(connection) if dialect == "sqlite" else _postgresql_guards(connection)
    for wanted in guards(dialect):
        there = found.get(wanted.name)
        if there is None:
            yield wanted.name, "missing"
        else:
            yield wanted.name, "in place" if there == wanted else "changed"


def _sqlite_guards(connection: Connection) -> dict[str, Guard]:
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    return {name: Guard(name, statement) for name, statement in rows}


def _postgresql_guards(connection: Connection) -> dict[str, Guard]:
    """Triggers that are on for everybody; those turned off count as not there."""
    rows = connection.execute(
        text(
            "SELECT t.tgname, pg_get_triggerdef(t.oid, true), p.prosrc "
            "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE t.tgrelid IN ('ledger_event'::regclass, 'ledger_head'::regclass) "
            "AND t.tgenabled = 'A'"
        )
    )
    return {name: Guard(name, statement, body) for name, statement, body in rows}
