"""What somebody with a link for one case sees and sends."""

from typing import Annotated

from pydantic import Field

from zoubian.api.http.wire.base import Answer, Ask, Text, Time
from zoubian.api.http.wire.cases import Photos
from zoubian.pipeline.domain.cases import CaseState


class TaskDocument(Answer):
    """A case as far as whoever puts it right has to know it; no names, no earlier story.

    `photos` are copies at /task/photos/{sha256}; `remaining` is what the last look still found.
    """

    number: str
    state: CaseState
    round: int
    category: str
    category_zh: str | None
    place_zh: str | None
    place_en: str | None
    lat: float | None
    lon: float | None
    due_at: Time | None
    remaining: str | None
    photos: list[str]
    open: bool


class TaskPhoto(Answer):
    """A photo that was sent for the case."""

    sha256: str


class TaskReturn(Ask):
    """The photos of the work, and who sends them."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    photo_sha256s: Photos
    note: Text | None = None
