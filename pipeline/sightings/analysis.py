"""From stored originals to what is seen in them; runs inside a supervised child.

Decoding runs ahead of the model in threads of its own, by a bounded number of pictures, so that
both are busy and memory stays flat.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from zoubian.detector.memory import reuse_picture_memory
from zoubian.detector.pictures import ScaledPicture
from zoubian.pipeline.files import FileStore
from zoubian.pipeline.intake.datum import Crs
from zoubian.pipeline.intake.exif import PhotoFacts, read_exif
from zoubian.pipeline.intake.messages import Message
from zoubian.pipeline.intake.photo import PhotoFault, PhotoLimits, decode_photo
from zoubian.pipeline.intake.quality import Quality, QualityThresholds, judge_quality
from zoubian.pipeline.sightings.finding import load_named_finder
from zoubian.pipeline.sightings.messages import INTERNAL, ORIGINAL_LOST
from zoubian.pipeline.sightings.records import (
    Finder,
    Line,
    MediumAnalysis,
    SeenBox,
    SeenFrame,
    failed_analysis,
)

logger = logging.getLogger(__name__)

# Changes with whatever in this code changes results: media are then analysed again.
ANALYSIS_VERSION = 1

_DECODING_THREADS = 2
_PICTURES_AHEAD = 4
_SHOWN_JPEG_QUALITY = 88


@dataclass(frozen=True, slots=True)
class AnalystConfig:
    """What a child needs to analyse media.

    Attributes:
        files: folder of the file store.
        finder: "package.module:name" of what makes the finder from `finder_config`.
        shown_px: longer side of the shown copy.
        looked_px: longer side at which a larger picture is looked at.
        max_megapixels: larger pictures are refused.
        position_error_m: radius of positions that state none.
        quality: when a picture is not assessable.
    """

    files: Path
    finder: str
    finder_config: object
    shown_px: int
    looked_px: int
    max_megapixels: int
    position_error_m: float
    quality: QualityThresholds


@dataclass(frozen=True, slots=True)
class MediumRef:
    """A medium to analyse: its stored original, or its bytes (then no shown copy is kept).

    Attributes:
        shown: keep a shown copy even where nothing is found in it.
    """

    id: str
    content: str | bytes
    shown: bool = False


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """Media of one patrol. `tz_offset_min` is for photo times that name no offset."""

    media: tuple[MediumRef, ...]
    tz_offset_min: int
    crs: Crs


@dataclass(frozen=True, slots=True, eq=False)
class _Looked:
    """A decoded photo that waits for its detections.

    `pixels` (h, w, 3) BGR are what is looked at, smaller than the original where that is larger.
    """

    medium: MediumRef
    pixels: NDArray[np.uint8]
    width_px: int
    height_px: int
    facts: PhotoFacts
    quality: Quality
    notes: tuple[Message, ...]


def load_analyst(config: AnalystConfig) -> Callable[[AnalysisRequest], Iterator[Any]]:
    """Load the model; returns the child's handler, which answers one analysis per medium."""
    reuse_picture_memory()
    find = load_named_finder(config.finder, config.finder_config)
    # A model that does not run shall say so before any medium can be blamed.
    list(find([ScaledPicture(np.zeros((64, 64, 3), np.uint8), (64, 64))]))
    return lambda request: map(_to_json, analyse(request, find, config))


def analyse(
    request: AnalysisRequest, find: Finder, config: AnalystConfig
) -> Iterator[MediumAnalysis]:
    """Analyse media; the answers come as they are ready, one for each medium.

    Raises:
        MemoryError: there is not enough memory for the pictures in hand.
    """
    files = FileStore(config.files)
    waiting: deque[_Looked] = deque()
    failed: deque[MediumAnalysis] = deque()

    def pictures() -> Iterator[ScaledPicture]:
        for looked in _look_ahead(request, files, config):
            if isinstance(looked, MediumAnalysis):
                failed.append(looked)
            else:
                waiting.append(looked)
                yield ScaledPicture(looked.pixels, (looked.height_px, looked.width_px))

    for boxes in find(pictures()):
        while failed:
            yield failed.popleft()
        yield _conclude(waiting.popleft(), boxes, files, shown_px=config.shown_px)
    yield from failed


def read_analysis(answer: Any) -> MediumAnalysis:
    """An analysis from a child's answer.

    Raises:
        pydantic.ValidationError: it is none.
    """
    return _WIRE.validate_python(answer)


_WIRE = TypeAdapter(MediumAnalysis)


def _to_json(analysis: MediumAnalysis) -> Any:
    return _WIRE.dump_python(analysis, mode="json")


def _look_ahead(
    request: AnalysisRequest, files: FileStore, config: AnalystConfig
) -> Iterator[_Looked | MediumAnalysis]:
    """Decode in threads, in order, never more than a few pictures ahead."""
    with ThreadPoolExecutor(_DECODING_THREADS) as pool:
        ahead: deque[Future[_Looked | MediumAnalysis]] = deque()
        for medium in request.media:
            ahead.append(pool.submit(_look_safely, medium, request, files, config))
            if len(ahead) > _PICTURES_AHEAD:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _look_safely(
    medium: MediumRef, request: AnalysisRequest, files: FileStore, config: AnalystConfig
) -> _Looked | MediumAnalysis:
    try:
        return _look(medium, request, files, config)
    except MemoryError:
        raise
    except Exception:
        logger.exception("medium %s", medium.id)
        return failed_analysis(medium.id, INTERNAL)


def _look(
    medium: MediumRef, request: AnalysisRequest, files: FileStore, config: AnalystConfig
) -> _Looked | MediumAnalysis:
    try:
        data = _content(medium, files)
    except FileNotFoundError:
        return failed_analysis(medium.id, ORIGINAL_LOST)
    limits = PhotoLimits(max_megapixels=config.max_megapixels)
    photo = decode_photo(data, limits=limits, at_least_px=config.looked_px)
    if isinstance(photo, PhotoFault):
        return failed_analysis(medium.id, _line(photo.message))
    facts = read_exif(
        data,
        tz=timezone(timedelta(minutes=request.tz_offset_min)),
        crs=request.crs,
        default_error_m=config.position_error_m,
    )
    pixels = _at_most(photo.image, config.looked_px)
    return _Looked(
        medium,
        pixels,
        photo.full_width_px,
        photo.full_height_px,
        facts,
        judge_quality(_at_most(pixels, config.shown_px), thresholds=config.quality),
        (*photo.notes, *facts.notes),
    )


def _content(medium: MediumRef, files: FileStore) -> bytes:
    if isinstance(medium.content, bytes):
        return medium.content
    with files.open(medium.content) as stream:
        return stream.read()


def _conclude(
    looked: _Looked, boxes: list[SeenBox], files: FileStore, *, shown_px: int
) -> MediumAnalysis:
    is_stored = isinstance(looked.medium.content, str)
    copy = _at_most(looked.pixels, shown_px)
    wanted = is_stored and (boxes or looked.medium.shown)
    shown = _keep_shown_copy(copy, files) if wanted else None
    facts, quality = looked.facts, looked.quality
    place = facts.position
    frame = SeenFrame(
        index=0,
        offset_s=0.0,
        taken_at=facts.taken_at,
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        position_error_m=place.error_m if place else None,
        position_source="exif" if place else None,
        heading_deg=facts.heading_deg,
        width_px=looked.width_px,
        height_px=looked.height_px,
        assessable=quality.assessable,
        quality_reason=quality.reason,
        brightness=quality.brightness,
        sharpness=quality.sharpness,
        shown_sha256=shown,
        shown_scale=copy.shape[1] / looked.width_px if shown else None,
        boxes=tuple(boxes),
    )
    return MediumAnalysis(looked.medium.id, 1, (frame,), tuple(map(_line, looked.notes)), None)


def _keep_shown_copy(pixels: NDArray[np.uint8], files: FileStore) -> str:
    """Store a clean JPEG, without EXIF; returns its sha256."""
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _SHOWN_JPEG_QUALITY])
    return files.put_bytes(encoded.tobytes())


def _at_most(image: NDArray[np.uint8], long_side_px: int) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    scale = long_side_px / max(height, width)
    if scale >= 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    smaller = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return smaller.astype(np.uint8, copy=False)


def _line(message: Message) -> Line:
    return Line(message.code, message.zh, message.en)
