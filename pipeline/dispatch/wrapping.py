"""Breaking Chinese text into lines that fit: numbers stay whole, no line begins with a comma."""

import re
from collections.abc import Callable

# A number or Latin word is one piece, and so is a character with the punctuation that closes it.
_NEVER_FIRST = "，。、；：！？）》】”’％,.;:!?)%"
_NEVER_LAST = "（《【“‘("
_PIECE = re.compile(
    rf"[{re.escape(_NEVER_LAST)}]*(?:[A-Za-z0-9][A-Za-z0-9.:\-/]*|.)[{re.escape(_NEVER_FIRST)}]*"
)


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Lines of `text`, each at most `width` wide; only a single piece that is wider is torn.

    >>> wrap("人民大街2026-000123号，东侧。", 12, lambda s: sum(1 + (c > "z") for c in s))
    ['人民大街', '2026-000123', '号，东侧。']
    """
    lines = [""]
    for piece in _PIECE.findall(text):
        if measure(lines[-1] + piece) <= width:
            lines[-1] += piece
            continue
        if lines[-1]:
            lines.append("")
        for character in piece:
            if lines[-1] and measure(lines[-1] + character) > width:
                lines.append("")
            lines[-1] += character
    return [line.strip() for line in lines]
