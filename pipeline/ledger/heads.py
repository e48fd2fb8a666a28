"""The head's hash outside the system: one line a day in a file that the database cannot reach."""

import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from zoubian.pipeline.files import StorageError
from zoubian.pipeline.ledger.canonical import write_time
from zoubian.pipeline.ledger.events import Head

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


class HeadError(Exception):
    """What was given as noted heads is none.

    Attributes:
        code: stable word for programs.
        message_zh: one line in Chinese.
        message_en: the same line in English.
    """

    code = "ledger_head"

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.message_zh = zh
        self.message_en = en


def write_head(head: Head) -> str:
    """A head as people pass it on.

    >>> write_head(Head(7, "ab" * 32))
    '7:abababababababababababababababababababababababababababababababab'
    """
    return f"{head.number}:{head.hash}"


def read_heads(given: str) -> Sequence[Head]:
    """What NUMBER:HASH says, or each line of the file of that name.

    A line may go on after a space; empty ones do not count.

    Raises:
        HeadError: it is neither, or a line is none.
    """
    match = _HEAD.fullmatch(given)
    if match is not None:
        return [_head(match)]
    try:
        lines = Path(given).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise HeadError(
            zh=f"{given}：既不是“序号:校验值”，也不是可读的文件",
            en=f"{given}: neither NUMBER:HASH nor a file that can be read",
        ) from error
    heads = []
    for count, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        match = _HEAD.fullmatch(line.split()[0])
        if match is None:
            raise HeadError(
                zh=f"{given} 第 {count} 行不是“序号:校验值”",
                en=f"{given}, line {count}: not NUMBER:HASH",
            )
        heads.append(_head(match))
    return heads


def note_head(path: Path, head: Head, *, at: datetime) -> None:
    """Append a head and the time to a file, which is made when it is not there.

    Raises:
        StorageError: the file cannot be written.
    """
    try:
        with path.open("a", encoding="utf-8") as notes:
            notes.write(f"{write_head(head)} {write_time(at)}\n")
            notes.flush()
            os.fsync(notes.fileno())
    except OSError as error:
        raise StorageError(path, error) from error


def _head(match: re.Match[str]) -> Head:
    return Head(int(match[1]), match[2])
