"""The text that a case is found by, and the pairs of characters that stand in it."""

import re
import unicodedata
from collections.abc import Iterable

_RUN = re.compile(r"[^\W_]+")


def searchable(parts: Iterable[str | None]) -> str:
    """One line to look in: full-width and capital letters made plain, spaces made single.

    >>> searchable(["2026-000012", None, "ＣＫ７  人民大街"])
    '2026-000012 ck7 人民大街'
    """
    line = " ".join(part for part in parts if part)
    return " ".join(unicodedata.normalize("NFKC", line).lower().split())


def pairs(line: str) -> tuple[str, ...]:
    """Every two letters, characters or digits that stand side by side, sorted, each once.

    >>> pairs("人民大街 7号")
    ('7号', '人民', '大街', '民大')
    """
    found = {run[start : start + 2] for run in _RUN.findall(line) for start in range(len(run) - 1)}
    return tuple(sorted(found))
