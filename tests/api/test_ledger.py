"""`zoubian ledger` from the outside: what it prints and how it ends."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from zoubian.pipeline.db.engine import UnitOfWork, make_engine
from zoubian.pipeline.db.migrate import migrate
from zoubian.pipeline.ledger.events import NewEvent, StoredEvent, append

Zoubian = Callable[..., Any]

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def _append(workspace: Path, count: int) -> list[StoredEvent]:
    workspace.mkdir(exist_ok=True)
    engine = make_engine(f"sqlite:///{workspace / 'zoubian.db'}")
    migrate(engine)
    events = [NewEvent("workspace", "workspace.noted", "u1", NOW, {"n": n}) for n in range(count)]
    with UnitOfWork(engine)() as session:
        stored = append(session, events, recorded_at=NOW)
    engine.dispose()
    return stored


def test_a_sound_ledger_ends_with_0(zoubian_within: Zoubian, tmp_path: Path) -> None:
    stored = _append(tmp_path, 3)
    outcome = zoubian_within("ledger", "check", "--json", "--workspace", tmp_path)
    document = outcome.document()
    assert outcome.code == 0
    assert document.pop("seconds") >= 0
    assert document == {
        "head": {"number": 3, "hash": stored[-1].hash},
        "compared_heads": 0,
        "faults_found": 0,
        "faults": [],
    }
    outcome = zoubian_within("ledger", "check", "--workspace", tmp_path, lang="en")
    assert "the chain is whole: 3 events" in outcome.err
    assert "use --against" in outcome.err


def test_faults_are_named_and_end_with_1(zoubian_within: Zoubian, tmp_path: Path) -> None:
    _append(tmp_path, 3)
    with sqlite3.connect(tmp_path / "zoubian.db") as database:
        database.execute("DROP TRIGGER ledger_event_no_update")
        database.execute("UPDATE ledger_event SET actor = 'x' WHERE number = 2")
    outcome = zoubian_within("ledger", "check", "--json", "--workspace", tmp_path)
    document = outcome.document()
    assert outcome.code == 1
    named = [(fault["code"], fault["number"]) for fault in document["faults"]]
    assert named == [("trigger_missing", None), ("column", 2)]
    assert document["faults_found"] == 2
    assert all(fault["message_zh"] and fault["message_en"] for fault in document["faults"])
    outcome = zoubian_within("ledger", "check", "--workspace", tmp_path)
    assert "第 2 条记录的查询列被改动" in outcome.out
    assert "发现 2 处问题" in outcome.err


def test_a_head_leaves_and_is_compared_later(
    zoubian_within: Zoubian, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, notes = tmp_path / "w", tmp_path / "heads.txt"
    stored = _append(workspace, 3)
    outcome = zoubian_within("ledger", "head", "--note", notes, "--workspace", workspace)
    assert (outcome.code, outcome.out) == (0, f"3:{stored[-1].hash}\n")
    (workspace / "zoubian.db").unlink()
    _append(workspace, 2)  # another history
    outcome = zoubian_within(
        "ledger", "check", "--against", notes, "--json", "--workspace", workspace
    )
    assert outcome.code == 1
    assert [fault["code"] for fault in outcome.document()["faults"]] == ["noted_missing"]
    # The setting's file is compared without being named.
    monkeypatch.setenv("ZOUBIAN_LEDGER_HEADS", str(notes))
    assert zoubian_within("ledger", "check", "--workspace", workspace).code == 1
    document = zoubian_within("ledger", "head", "--json", "--workspace", workspace).document()
    assert document["number"] == 2
    assert len(notes.read_text().splitlines()) == 2


def test_wrong_heads_are_wrong_use(zoubian_within: Zoubian, tmp_path: Path) -> None:
    outcome = zoubian_within("ledger", "check", "--against", "3:abc", "--workspace", tmp_path)
    assert outcome.code == 2
    assert len(outcome.err.strip().splitlines()) == 1


def test_export_says_where_the_chain_ends(zoubian_within: Zoubian, tmp_path: Path) -> None:
    stored = _append(tmp_path, 2)
    out = tmp_path / "ledger.jsonl"
    outcome = zoubian_within("ledger", "export", "--out", out, "--workspace", tmp_path, lang="en")
    assert outcome.code == 0
    assert f"2:{stored[-1].hash}" in outcome.err
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3
    outcome = zoubian_within(
        "ledger", "export", "--out", tmp_path / "no" / "x", "--workspace", tmp_path
    )
    assert outcome.code == 3
