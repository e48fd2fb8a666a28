"""The language of an answer: what the client asks for, else the user's, else Chinese."""

from typing import Literal

from starlette.requests import Request

Language = Literal["zh", "en"]


def language_of(request: Request) -> Language:
    """The language to answer a request in."""
    asked = accepted(request.headers.get("accept-language", ""))
    users: Language | None = getattr(request.state, "user_language", None)
    return asked or users or "zh"


def accepted(header: str) -> Language | None:
    """The language of ours that an Accept-Language header likes best.

    >>> accepted("en-GB;q=0.8, zh-CN;q=0.9"), accepted("de, en;q=0.5"), accepted("de") is None
    ('zh', 'en', True)
    """
    best: tuple[float, Language] | None = None
    for part in header.split(","):
        tag, _, parameters = part.strip().partition(";")
        name = tag.strip().lower().partition("-")[0]
        quality = _quality(parameters)
        language: Language | None = "zh" if name == "zh" else "en" if name == "en" else None
        if language is not None and quality > 0 and (best is None or quality > best[0]):
            best = quality, language
    return best[1] if best else None


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
