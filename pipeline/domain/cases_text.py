"""The text that a case is found by, and the small pieces that an index holds of it."""

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


def pieces_of(line: str) -> tuple[str, ...]:
    """What is indexed of a text: all pairs that stand side by side, and single characters.

    Single ones only where they say something: a Chinese character does, a letter does not.

    >>> pieces_of("大街 7号")
    ('7号', '号', '大', '大街', '街')
    """
    found: set[str] = set()
    for run in _RUN.findall(line):
        found.update(_pairs(run))
        found.update(character for character in run if not character.isascii())
    return tuple(sorted(found))


def pieces_for(wanted: str) -> tuple[str, ...]:
    """What every text that contains `wanted` has been indexed with; empty where nothing is.

    >>> pieces_for("大街"), pieces_for("街"), pieces_for("7")
    (('大街',), ('街',), ())
    """
    found: set[str] = set()
    for run in _RUN.findall(wanted):
        found.update(_pairs(run) or (set() if run.isascii() else {run}))
    return tuple(sorted(found))


def _pairs(run: str) -> set[str]:
    return {run[start : start + 2] for start in range(len(run) - 1)}
