"""Uploads, photos, patrols."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from zoubian.api.http.wire.base import Answer, Ask, Id, Name, Sha256, Time
from zoubian.api.http.wire.candidates import PositionAsk


class UploadAsk(Ask):
    """A file that is to be sent in parts."""

    name: Name
    size: Annotated[int, Field(gt=0)]
    sha256: Sha256


class UploadDocument(Answer):
    """An upload; the next part starts at byte `received`. `media_type` is what the first bytes
    are, null for what is no photo, video or track."""

    id: str
    name: str
    size: int
    sha256: str
    received: int
    done: bool
    part_size: int
    media_type: str | None
    shown_sha256: str | None
    taken_at: Time | None
    position: PositionAsk | None


class FileProblem(Answer):
    """Why a file could not be used."""

    code: str
    message: str


class BatchItem(Answer):
    """One of many small files; `problem` says why it was not taken."""

    name: str
    upload_id: str | None
    sha256: str | None
    size: int
    media_type: str | None
    problem: FileProblem | None


class BatchDocument(Answer):
    """Many small files, in the order in which they were sent."""

    items: Sequence[BatchItem]


class SuggestionDocument(Answer):
    """One category for a photo; `precision` is null where it was never measured."""

    category: str | None
    category_zh: str | None
    visual_class: str
    confidence: float
    precision: float | None
    box_xyxy_px: Sequence[float]


class PhotoDocument(Answer):
    """A photo that was sent, what it says of itself, and the categories that it suggests.

    `looked_at` is false where the service has no model; `problem` says why it cannot be used.
    """

    upload: UploadDocument
    looked_at: bool
    suggestions: list[SuggestionDocument]
    quality: Mapping[str, Any] | None
    problem: FileProblem | None


class PatrolAsk(Ask):
    """An outing whose photos, footage and tracks are to be sent."""

    name: Name
    tz_offset_min: Annotated[int, Field(ge=-720, le=840)] = 480
    crs: Literal["wgs84", "gcj02"] = "wgs84"


class MediaAsk(Ask):
    """Uploads that belong to a patrol."""

    upload_ids: Annotated[list[Id], Field(min_length=1, max_length=2000)]


class PatrolItem(Answer):
    """A patrol."""

    id: str
    name: str
    created_at: Time
    tz_offset_min: int
    crs: str
    group_id: str | None
    created_by: str | None


class MediumDocument(Answer):
    """One medium of a patrol; a failed one says why."""

    name: str
    kind: str
    state: str
    problem_code: str | None
    problem_zh: str | None
    problem_en: str | None


class TellingDocument(Answer):
    """A problem or a note about a patrol's files."""

    severity: str
    name: str
    code: str
    message_zh: str
    message_en: str


class ProgressDocument(Answer):
    """How far a patrol's scan is; `scan` is null before the first one was asked for."""

    scan: Literal["queued", "running", "done", "superseded", "parked", "cancelled"] | None
    media: int
    done: int
    failed: int


class PatrolDocument(PatrolItem):
    """A patrol with its media, and how far its scan is."""

    progress: ProgressDocument
    media: list[MediumDocument]
    remarks: list[TellingDocument]


class ScanDocument(Answer):
    """A scan that was asked for."""

    job_id: str
