"""Whatever is done to the ledger through SQL by the database's owner is found and named."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chains import START, drop_guards, fill, insert_rows, new_event, rewritten
from sqlalchemy import Connection, Engine, text

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.ledger.canonical import digest
from zoubian.pipeline.ledger.check import check
from zoubian.pipeline.ledger.events import FIRST_PREVIOUS, Head, StoredEvent, append, chain_rows
from zoubian.pipeline.ledger.faults import Fault
from zoubian.pipeline.ledger.rows import one_state, stored_head, stored_row, stored_rows

COUNT = 12
Hand = Callable[[Connection, Sequence[StoredEvent]], None]
Named = list[tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class Tampering:
    """What somebody does, and what `check` has to say: (code, event number)."""

    what: str
    hand: Hand
    named: Named
    noted: tuple[int, ...] = ()  # events whose hash was noted outside before
    only: str = ""


def sql(*statements: str) -> Hand:
    def run(connection: Connection, _stored: Sequence[StoredEvent]) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return run


def _set(column: str, value: str, number: int = 7) -> Hand:
    return sql(f"UPDATE ledger_event SET {column} = {value} WHERE number = {number}")


def _head_to(connection: Connection, number: int, hash_: str) -> None:
    connection.execute(
        text("UPDATE ledger_head SET number = :n, hash = :h"), {"n": number, "h": hash_}
    )


def _cut(connection: Connection, stored: Sequence[StoredEvent]) -> None:
    """The tail goes, and the head row with it."""
    connection.exec_driver_sql("DELETE FROM ledger_event WHERE number > 9")
    _head_to(connection, 9, stored[8].hash)


def _empty(connection: Connection, _stored: Sequence[StoredEvent]) -> None:
    connection.exec_driver_sql("DELETE FROM ledger_event")
    _head_to(connection, 0, FIRST_PREVIOUS)


def _rewrite(connection: Connection, stored: Sequence[StoredEvent]) -> None:
    """Another history from event 6 on, every hash recomputed."""
    rows = rewritten(stored, from_number=6)
    connection.exec_driver_sql("DELETE FROM ledger_event WHERE number >= 6")
    insert_rows(connection, rows)
    _head_to(connection, COUNT, str(rows[-1]["hash"]))


def _replace(number: int) -> Hand:
    """Another event with the right number, the right hash before it and a right hash of its own."""

    def run(connection: Connection, stored: Sequence[StoredEvent]) -> None:
        before = stored[number - 2]
        row = chain_rows([new_event(99)], after=Head(before.number, before.hash), recorded_at=START)
        connection.exec_driver_sql(f"DELETE FROM ledger_event WHERE number = {number}")
        insert_rows(connection, row)

    return run


def _swap(one: int, other: int) -> Hand:
    return sql(
        f"UPDATE ledger_event SET number = -1 WHERE number = {one}",
        f"UPDATE ledger_event SET number = {one} WHERE number = {other}",
        f"UPDATE ledger_event SET number = {other} WHERE number = -1",
    )


def _swap_texts(connection: Connection, stored: Sequence[StoredEvent]) -> None:
    texts = dict(
        connection.execute(
            text("SELECT number, canonical FROM ledger_event WHERE number IN (5, 9)")
        ).all()
    )
    for number, other in ((5, 9), (9, 5)):
        _keep(connection, number, texts[other], stored[other - 1].hash)


def _keep(connection: Connection, number: int, canonical: str, hash_: str) -> None:
    connection.execute(
        text("UPDATE ledger_event SET canonical = :c, hash = :h WHERE number = :n"),
        {"c": canonical, "h": hash_, "n": number},
    )


def _with_hash(edit: Callable[[str], str]) -> Hand:
    """Change the text of event 7 and give it its hash."""

    def run(connection: Connection, _stored: Sequence[StoredEvent]) -> None:
        canonical = edit(
            connection.scalar(text("SELECT canonical FROM ledger_event WHERE number = 7"))
        )
        _keep(connection, 7, canonical, digest(canonical))

    return run


def _copy(connection: Connection, stored: Sequence[StoredEvent]) -> None:
    canonical = connection.scalar(text("SELECT canonical FROM ledger_event WHERE number = 3"))
    _keep(connection, 7, canonical, stored[2].hash)


def _push_in(connection: Connection, stored: Sequence[StoredEvent]) -> None:
    last = stored[-1]
    row = chain_rows([new_event(1)], after=Head(last.number, last.hash), recorded_at=START)
    insert_rows(connection, row)


TAMPERINGS = [
    Tampering("nothing", sql(), [], noted=(1, 5, COUNT)),
    Tampering(
        "a changed byte",
        _set("canonical", "replace(canonical, '垃圾箱', '垃圾桶')"),
        [("changed", 7)],
    ),
    Tampering(
        "a changed byte in the first", _set("canonical", "canonical || ' '", 1), [("changed", 1)]
    ),
    Tampering(
        "a changed byte in the last", _set("canonical", "canonical || ' '", 12), [("changed", 12)]
    ),
    Tampering(
        "a changed number in the text",
        _set("canonical", """replace(canonical, '"number":7', '"number":8')"""),
        [("changed", 7)],
    ),
    Tampering("a text that is none", _set("canonical", "''"), [("changed", 7)]),
    Tampering("a deep text", _set("canonical", f"'{'[' * 20_000}'"), [("changed", 7)]),
    Tampering(
        "bytes that are no text",
        _set("canonical", "CAST(X'7BFF7D' AS TEXT)"),
        [("changed", 7)],
        only="sqlite",
    ),
    Tampering("bytes", _set("canonical", "X'00FF'"), [("changed", 7)], only="sqlite"),
    Tampering("a changed hash", _set("hash", "replace(hash, 'a', 'b')"), [("changed", 7)]),
    Tampering("another actor", _set("actor", "'x'"), [("column", 7)]),
    Tampering("another subject", _set("subject", "'case:9'"), [("column", 7)]),
    Tampering("another kind", _set("kind", "'case.closed'"), [("column", 7)]),
    Tampering("another time", _set("occurred_at", "'2026-11-23 00:00:00'"), [("column", 7)]),
    Tampering("another time of record", _set("recorded_at", "'2026-11-24'"), [("column", 7)]),
    Tampering("no time", _set("recorded_at", "'soon'"), [("column", 7)], only="sqlite"),
    Tampering("another hash before", _set("previous_hash", "'x'"), [("column", 7)]),
    Tampering(
        "a removed tail",
        sql("DELETE FROM ledger_event WHERE number > 9"),
        [("tail_removed", 10)],
    ),
    Tampering("everything removed", sql("DELETE FROM ledger_event"), [("tail_removed", 1)]),
    Tampering("a removed tail, head put back", _cut, [("noted_missing", 10)], noted=(8, 11, 12)),
    Tampering("everything removed, head put back", _empty, [("noted_missing", 1)], noted=(2,)),
    Tampering(
        "a removed middle", sql("DELETE FROM ledger_event WHERE number IN (5, 6)"), [("gap", 5)]
    ),
    Tampering("a removed first", sql("DELETE FROM ledger_event WHERE number = 1"), [("gap", 1)]),
    # Without a noted head nothing shows: that is what notes are for.
    Tampering("a removed tail, head put back, nothing noted", _cut, []),
    Tampering("everything removed, head put back, nothing noted", _empty, []),
    Tampering("a re-written chain, nothing noted", _rewrite, []),
    Tampering("a re-written chain, one head noted", _rewrite, [("rewritten", 12)], noted=(12,)),
    Tampering(
        "a re-written chain, several heads noted",
        _rewrite,
        [("rewritten", 8)],
        noted=(3, 5, 8, 11),
    ),
    Tampering("a replaced row", _replace(7), [("replaced", 7)]),
    Tampering("a replaced last row", _replace(12), [("replaced", 12)]),
    Tampering(
        "a replaced first row",
        lambda connection, stored: _keep(connection, 1, "{}", digest("{}")),
        [("unreadable", 1)],
    ),
    Tampering("swapped events", _swap(5, 9), [("swapped", 5), ("swapped", 9)]),
    Tampering("swapped neighbours", _swap(5, 6), [("swapped", 5), ("swapped", 6)]),
    Tampering("swapped ends", _swap(1, 12), [("swapped", 1), ("swapped", 12)], noted=(1, 12)),
    Tampering("swapped texts", _swap_texts, [("swapped", 5), ("swapped", 9)]),
    Tampering("an event copied over another", _copy, [("moved", 7)]),
    Tampering(
        "a text in another form",
        _with_hash(lambda canonical: canonical.replace(":", ": ", 1)),
        [("unreadable", 7)],
    ),
    Tampering(
        "a field said twice",
        _with_hash(lambda canonical: canonical.replace("{", '{"actor":"x",', 1)),
        [("unreadable", 7)],
    ),
    Tampering(
        "a field more",
        _with_hash(lambda canonical: canonical.replace("}", '},"also":1', 1)),
        [("unreadable", 7)],
    ),
    Tampering(
        "a time that is none",
        _with_hash(
            lambda canonical: re.sub(r'"recorded_at":"[^"]*"', '"recorded_at":"x"', canonical)
        ),
        [("unreadable", 7)],
    ),
    Tampering(
        "two places at once",
        sql(
            "UPDATE ledger_event SET actor = 'x' WHERE number = 2",
            "DELETE FROM ledger_event WHERE number IN (5, 12)",
            "UPDATE ledger_event SET canonical = canonical || ' ' WHERE number = 9",
        ),
        [("column", 2), ("gap", 5), ("changed", 9), ("tail_removed", 12)],
    ),
    Tampering(
        "a head put back",
        lambda connection, stored: _head_to(connection, 9, stored[8].hash),
        [("beyond_head", 10)],
    ),
    Tampering(
        "another hash in the head row", sql("UPDATE ledger_head SET hash = 'x'"), [("replaced", 12)]
    ),
    Tampering("a removed head", sql("DELETE FROM ledger_head"), [("head_missing", None)]),
    Tampering("an event pushed in behind the head", _push_in, [("beyond_head", 13)]),
    Tampering(
        "an event below 1",
        sql(
            "INSERT INTO ledger_event SELECT -1, subject, kind, actor, occurred_at, recorded_at, "
            "canonical, previous_hash, hash FROM ledger_event WHERE number = 5"
        ),
        [("extra", -1)],
    ),
    Tampering(
        "an event twice",
        sql(
            "ALTER TABLE ledger_event DROP CONSTRAINT pk_ledger_event",
            "INSERT INTO ledger_event SELECT * FROM ledger_event WHERE number = 5",
        ),
        [("extra", 5)],
        only="postgresql",
    ),
]


def _faults(engine: Engine, noted: Sequence[Head]) -> list[Fault]:
    with UnitOfWork(engine).reading() as session:
        return [
            fault
            for fault in check(session, noted=noted, comparisons=[])
            if fault.code != "trigger_missing"
        ]


def test_each_tampering_is_found_and_named(engine: Engine) -> None:
    stored = fill(engine, COUNT)
    with engine.begin() as connection:
        drop_guards(connection)
        columns = "number, subject, kind, actor, occurred_at, recorded_at, canonical, "
        columns += "previous_hash, hash"
        connection.exec_driver_sql(f"CREATE TABLE kept AS SELECT {columns} FROM ledger_event")
    for tampering in TAMPERINGS:
        if tampering.only not in ("", engine.dialect.name):
            continue
        with engine.begin() as connection:
            tampering.hand(connection, stored)
        noted = [Head(number, stored[number - 1].hash) for number in tampering.noted]
        faults = _faults(engine, noted)
        named = [(fault.code, fault.number) for fault in faults]
        assert (tampering.what, named) == (tampering.what, tampering.named)
        for fault in faults:
            if fault.number is not None:
                assert str(fault.number) in fault.message_en
                assert str(fault.number) in fault.message_zh
        with engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM ledger_event")
            connection.exec_driver_sql("DELETE FROM ledger_head")
            connection.exec_driver_sql("INSERT INTO ledger_event SELECT * FROM kept")
            connection.exec_driver_sql(
                f"INSERT INTO ledger_head VALUES (1, {COUNT}, '{stored[-1].hash}')"
            )
        assert _faults(engine, []) == []


def test_tables_are_compared_only_with_events_that_can_be_read(engine: Engine) -> None:
    stored = fill(engine, 3)
    wrong = Fault(2, "case_row", "案件表与记录不符", "a row differs from its events")
    with UnitOfWork(engine).reading() as session:
        assert list(check(session, noted=[], comparisons=[lambda _: [wrong]])) == [wrong]
    with engine.begin() as connection:
        drop_guards(connection)
        _set("canonical", "'x'", 2)(connection, stored)
    with UnitOfWork(engine).reading() as session:
        codes = [f.code for f in check(session, noted=[], comparisons=[lambda _: [wrong]])]
    assert codes[-2:] == ["changed", "not_compared"]


def test_one_state_is_looked_at_while_others_append(engine: Engine) -> None:
    """Events that come between the head and the rows must not look like a wrong end."""
    uow = UnitOfWork(engine)
    fill(engine, 3)
    with uow.reading() as session, one_state(session):
        before = stored_head(session)
        with uow() as writing:
            append(writing, [new_event(4)], recorded_at=START)
        assert before is not None
        assert [row.number for row in stored_rows(session)] == [1, 2, 3]
        assert stored_row(session, 4) is None
        assert stored_head(session) == before
    assert _faults(engine, []) == []
