"""An exported ledger, and a noted head, are worth something without the database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from chains import START, drop_guards, fill
from sqlalchemy import Engine

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.files import StorageError
from zoubian.pipeline.ledger.events import Head
from zoubian.pipeline.ledger.export import export
from zoubian.pipeline.ledger.heads import HeadError, note_head, read_heads, write_head

VERIFIER = Path(__file__).resolve().parents[3] / "docs" / "verify_ledger.py"
ONE, OTHER = "1" * 64, "2" * 64


def _export(engine: Engine, path: Path) -> Head:
    with UnitOfWork(engine).reading() as session:
        return export(session, path, at=START)


def _verify(path: Path, *noted: str) -> tuple[int, str]:
    """What the script says in a Python that finds nothing but the standard library."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(path), *noted],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_an_export_is_verified_without_this_program(engine: Engine, tmp_path: Path) -> None:
    stored = fill(engine, 4)
    end = _export(engine, tmp_path / "ledger.jsonl")
    assert end == Head(4, stored[-1].hash)
    first, *lines = (tmp_path / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(first)["head"] == write_head(end)
    assert [json.loads(line)["details"]["n"] for line in lines] == [1, 2, 3, 4]
    noted = f"2:{stored[1].hash}"
    assert _verify(tmp_path / "ledger.jsonl", noted) == (0, "the chain is whole\n")


def test_the_verifier_finds_what_was_done_to_the_file(engine: Engine, tmp_path: Path) -> None:
    stored = fill(engine, 4)
    whole, bad = tmp_path / "whole", tmp_path / "bad"
    _export(engine, whole)
    lines = whole.read_bytes().splitlines(keepends=True)
    swapped = [*lines[:2], lines[3], lines[2], lines[4]]
    rewritten_head = lines[0].replace(stored[3].hash.encode(), stored[2].hash.encode())
    for what, content, line in [
        ("a byte", b"".join(lines).replace("箱".encode(), "桶".encode(), 1), "event 2 does not"),
        ("the last word", b"".join(lines).replace(b'"case:1"}\n', b'"case:2"}\n'), "ends with 4:"),
        ("half a line", b"".join(lines)[:-9], "event 4 does not"),
        ("no event", b"".join(lines[:4]) + b"4\n", "event 4 does not"),
        ("a line out", b"".join(lines[:2] + lines[3:]), "event 2 does not"),
        ("the tail off", b"".join(lines[:4]), "the file ends with 3:"),
        ("two swapped", b"".join(swapped), "event 2 does not"),
        ("another head", rewritten_head + b"".join(lines[1:]), "its first line promises"),
    ]:
        bad.write_bytes(content)
        code, out = _verify(bad)
        assert (what, code) == (what, 1)
        assert line in out, what
    code, out = _verify(whole, f"4:{ONE}", f"9:{ONE}")
    assert (code, len(out.splitlines())) == (1, 2)


def test_a_tampered_ledger_exports_as_it_stands(engine: Engine, tmp_path: Path) -> None:
    fill(engine, 3)
    with engine.begin() as connection:
        drop_guards(connection)
        connection.exec_driver_sql(
            "UPDATE ledger_event SET canonical = replace(canonical, '垃', '拉') WHERE number = 2"
        )
    _export(engine, tmp_path / "ledger.jsonl")
    assert _verify(tmp_path / "ledger.jsonl")[0] == 1


def test_an_export_is_there_whole_or_not_at_all(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        _export(engine, tmp_path / "nowhere" / "ledger.jsonl")
    (tmp_path / "taken").mkdir()
    with pytest.raises(StorageError):
        _export(engine, tmp_path / "taken")
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_noted_heads_are_read_back(tmp_path: Path) -> None:
    notes = tmp_path / "heads.txt"
    note_head(notes, Head(3, ONE), at=START)
    note_head(notes, Head(8, OTHER), at=START)
    assert notes.read_text() == (
        f"3:{ONE} 2026-11-23T01:00:00.000000Z\n8:{OTHER} 2026-11-23T01:00:00.000000Z\n"
    )
    assert read_heads(str(notes)) == [Head(3, ONE), Head(8, OTHER)]
    assert read_heads(f"8:{OTHER}") == [Head(8, OTHER)]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (None, "neither NUMBER:HASH nor a file"),
        (b"\xff\xfe", "neither NUMBER:HASH nor a file"),
        (f"3:{ONE}\n\nx\n".encode(), "line 3"),
        (f"3:{ONE[:-1]}\n".encode(), "line 1"),
        (f"-3:{ONE}\n".encode(), "line 1"),
    ],
)
def test_what_is_no_note_is_named(tmp_path: Path, content: bytes | None, line: str) -> None:
    notes = tmp_path / "heads.txt"
    if content is not None:
        notes.write_bytes(content)
    with pytest.raises(HeadError, match=line) as caught:
        read_heads(str(notes))
    assert caught.value.message_zh


def test_a_head_that_cannot_be_noted_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        note_head(tmp_path, Head(3, ONE), at=START)
