"""What the analysis of a medium says: the values that travel from the child to its parent."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from zoubian.detector.pictures import ScaledPicture


@dataclass(frozen=True, slots=True)
class SeenBox:
    """One detection, in px of the upright original."""

    visual_class: str
    score: float
    x1_px: float
    y1_px: float
    x2_px: float
    y2_px: float


# Pictures in, the boxes of each out, in their order; pictures are taken while others are looked at.
Finder = Callable[[Iterable[ScaledPicture]], Iterator[list[SeenBox]]]


@dataclass(frozen=True, slots=True)
class SeenFrame:
    """One frame that was looked at; the fields are those of `sightings.models.Frame`."""

    index: int
    offset_s: float
    taken_at: datetime | None
    lat: float | None
    lon: float | None
    position_error_m: float | None
    position_source: str | None
    heading_deg: float | None
    width_px: int
    height_px: int
    assessable: bool
    quality_reason: str | None
    brightness: float
    sharpness: float
    shown_sha256: str | None
    shown_scale: float | None
    boxes: tuple[SeenBox, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A problem or note without a path: whoever reads it knows which medium it belongs to."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class MediumAnalysis:
    """What one medium showed, or the problem why it could not be looked at."""

    medium_id: str
    frames_read: int
    frames: tuple[SeenFrame, ...]
    notes: tuple[Line, ...]
    problem: Line | None


def failed_analysis(medium_id: str, problem: Line) -> MediumAnalysis:
    """The analysis of a medium of which nothing could be seen."""
    return MediumAnalysis(medium_id, 0, (), (), problem)
