"""Text as people type it into cells, made comparable."""

import unicodedata


def tidy(text: str) -> str:
    """Text without what cannot be seen: blanks around it, joiners, line breaks.

    >>> tidy("  某某\\n街道\\u200b　")
    '某某 街道'
    """
    return " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())


def plain(text: str) -> str:
    """Tidy text with full-width forms made plain.

    >>> plain("　ＪＤ００１ ")
    'JD001'
    """
    return tidy(unicodedata.normalize("NFKC", text))


def squeezed(text: str) -> str:
    """Plain text without any blanks, for titles and words that are picked from a list.

    >>> squeezed("街道 （乡 镇）")
    '街道(乡镇)'
    """
    return plain(text).replace(" ", "")
