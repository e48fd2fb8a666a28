"""From a segment of a clip to what its frames show; runs inside a supervised child.

Three things go on at once, with a bounded number of small pictures between them: one thread decodes
and chooses frames, one feeds the model, and the handler tells how far they are, so that a slow
segment is not taken for a hanging one.
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from zoubian.detector.memory import reuse_picture_memory
from zoubian.detector.pictures import ScaledPicture
from zoubian.pipeline.files import FileStore
from zoubian.pipeline.footage.clock_offset import Beat
from zoubian.pipeline.footage.motion import Travel, TravelLimits, frame_shift, travel_direction
from zoubian.pipeline.footage.sampling import Decoded, SamplingLimits, choose_frames
from zoubian.pipeline.intake.messages import Message
from zoubian.pipeline.intake.quality import QualityThresholds, judge_quality
from zoubian.pipeline.intake.video_file import open_video, picture_stream
from zoubian.pipeline.intake.video_frames import Clockwork, DecodedFrame, read_frames, usual_skip
from zoubian.pipeline.sightings.dense import look_denser
from zoubian.pipeline.sightings.finding import load_named_finder
from zoubian.pipeline.sightings.messages import ORIGINAL_LOST
from zoubian.pipeline.sightings.records import Finder, Line, SeenBox, SeenFrame

logger = logging.getLogger(__name__)

Item = TypeVar("Item")

# Changes with whatever in this code changes results: segments are then looked at again.
LOOKING_VERSION = 1

_PICTURES_AHEAD = 6
_TELL_EVERY_S = 5.0
_FRAMES_IN_A_PART = 32
_GREY_PX = 480
_TRAVEL_WITHIN_S = 1.5
_DRIVEN_GAP_S = 3.0
_BEAT_S, _BEAT_ROWS = 0.19, 90
_KEPT_PIXELS = 3840 * 2160


@dataclass(frozen=True, slots=True)
class LookConfig:
    """What a child needs to look at footage.

    Attributes:
        files: folder of the file store.
        finder: "package.module:name" of what makes the finder from `finder_config`.
        looked_px: longer side at which frames are looked at: the model's own.
        keep_scores: boxes that score less are not kept, by class.
        hit_scores: boxes that score as much make the frames around theirs worth a look.
        overlap_s: decoded before and after a segment, so that its ends are chosen as its middle is.
        hfov_deg: assumed field of view, for `travel_direction`.
        decoding_threads: of the decoder.
    """

    files: Path
    finder: str
    finder_config: object
    looked_px: int
    keep_scores: Mapping[str, float]
    hit_scores: Mapping[str, float]
    overlap_s: float
    quality: QualityThresholds
    sampling: SamplingLimits
    travel: TravelLimits
    hfov_deg: float
    decoding_threads: int


@dataclass(frozen=True, slots=True)
class LookRequest:
    """One segment.

    Attributes:
        sha256: of the stored video.
        frame_rate: None where the file does not say.
        assumed_rate: see `Clockwork`.
        travel_every_s: how often a pair of frames is asked where the camera moves to.
        driven: rows of seconds since the first frame and metres along the track; empty without one.
    """

    sha256: str
    start_s: float
    end_s: float
    frame_rate: float | None
    assumed_rate: float | None
    travel_every_s: float
    driven: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class SegmentPart:
    """Some of a segment's frames, or none and how far the decoding is; the last one says so.

    It holds what was seen of the camera's motion, too; times are since the clip's first frame.
    """

    frames: tuple[SeenFrame, ...]
    frames_read: int
    travels: tuple[Travel, ...]
    beats: tuple[Beat, ...]
    problem: Line | None
    is_last: bool


class _Picture:
    """A chosen frame; what is decoded is let go as soon as it was made small."""

    def __init__(self, frame: DecodedFrame, long_side_px: int) -> None:
        self.offset_s = frame.offset_s
        self.size_px = frame.size_px
        self._frame: DecodedFrame | None = frame
        self._long_side_px = long_side_px
        self._pixels: NDArray[np.uint8] | None = None

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """(h, w, 3) BGR, upright."""
        if self._pixels is None:
            assert self._frame is not None
            self._pixels = self._frame.pixels(self._long_side_px)
            self._frame = None
        return self._pixels


def load_looker(config: LookConfig) -> Callable[[LookRequest], Iterator[Any]]:
    """Load the model; returns the child's handler, which answers a segment in parts."""
    reuse_picture_memory()
    find = load_named_finder(config.finder, config.finder_config)
    # A model that does not run shall say so before any segment can be blamed.
    list(find([ScaledPicture(np.zeros((64, 64, 3), np.uint8), (64, 64))]))
    return lambda request: map(_to_json, look(request, find, config))


def read_part(answer: Any) -> SegmentPart:
    """A part from a child's answer.

    Raises:
        pydantic.ValidationError: it is none.
    """
    return _WIRE.validate_python(answer)


_WIRE = TypeAdapter(SegmentPart)


def _to_json(part: SegmentPart) -> Any:
    return _WIRE.dump_python(part, mode="json")


def look(request: LookRequest, find: Finder, config: LookConfig) -> Iterator[SegmentPart]:
    """Look at a segment; parts come as they are ready, and one without frames while none is.

    Raises:
        MemoryError: there is not enough memory for the frames in hand.
    """
    reader = _Reader(request, config)
    travels = _Travels(request.travel_every_s, config)
    seen: queue.SimpleQueue[SeenFrame | BaseException | None] = queue.SimpleQueue()
    threading.Thread(
        target=_look_through, args=(reader, find, config, travels, seen), daemon=True
    ).start()
    part: list[SeenFrame] = []
    told = -1
    while True:
        try:
            answer = seen.get(timeout=_TELL_EVERY_S)
        except queue.Empty:
            if reader.frames_read == told:
                continue  # nothing moves: the parent decides how long it waits
            told = reader.frames_read
            yield SegmentPart((), told, (), (), None, is_last=False)
            continue
        if isinstance(answer, BaseException):
            raise answer
        if answer is None:
            break
        part.append(answer)
        if len(part) == _FRAMES_IN_A_PART:
            yield SegmentPart(tuple(part), reader.frames_read, (), (), None, is_last=False)
            part = []
    yield SegmentPart(
        tuple(part),
        reader.frames_read,
        tuple(travels.found),
        tuple(reader.beats),
        reader.problem,
        is_last=True,
    )


def _look_through(
    reader: "_Reader",
    find: Finder,
    config: LookConfig,
    travels: "_Travels",
    seen: "queue.SimpleQueue[SeenFrame | BaseException | None]",
) -> None:
    """The second thread: the chosen frames through the model, what was seen into `seen`."""

    def looked(pictures: Iterator[_Picture]) -> Iterator[list[SeenBox]]:
        return find(ScaledPicture(p.pixels, (p.size_px[1], p.size_px[0])) for p in pictures)

    def is_hit(boxes: list[SeenBox]) -> bool:
        return any(b.score >= config.hit_scores.get(b.visual_class, 1.0) for b in boxes)

    try:
        chosen = travels.watch(_ahead(reader.chosen(), _PICTURES_AHEAD))
        for picture, boxes in look_denser(chosen, looked, is_hit=is_hit):  # type: ignore[arg-type]
            if reader.is_inside(picture.offset_s):
                seen.put(_seen_frame(picture, boxes, config))
    except BaseException as error:
        seen.put(error)
    else:
        seen.put(None)


class _Reader:
    """Decodes a segment with its overlap and chooses frames."""

    def __init__(self, request: LookRequest, config: LookConfig) -> None:
        self._request = request
        self._config = config
        self.frames_read = 0
        self.problem: Line | None = None
        self.beats: list[Beat] = []
        self._beat_from: tuple[float, NDArray[np.uint8]] | None = None
        driven = np.array(request.driven, np.float64).reshape(-1, 2)
        self._driven_at, self._driven_m = driven[:, 0], driven[:, 1]

    def is_inside(self, offset_s: float) -> bool:
        """Whether a frame belongs to the segment itself."""
        return self._request.start_s <= offset_s < self._request.end_s

    def chosen(self) -> Iterator[tuple[_Picture, bool]]:
        """The chosen frames, each with whether it is a dense one.

        Most dense ones are never looked at: they are made small when they are, unless they are so
        large that keeping a few of them would cost more.
        """
        for chosen in choose_frames(self._decoded(), limits=self._config.sampling):
            frame = chosen.frame.picture
            picture = _Picture(frame, self._config.looked_px)
            width, height = frame.size_px
            if not chosen.dense or width * height > _KEPT_PIXELS:
                _ = picture.pixels
            yield picture, chosen.dense

    def _decoded(self) -> Iterator[Decoded[DecodedFrame]]:
        request, config = self._request, self._config
        path = FileStore(config.files).path(request.sha256)
        if not path.exists():
            self.problem = ORIGINAL_LOST
            return
        container = open_video(path)
        if isinstance(container, Message):
            self.problem = Line(container.code, container.zh, container.en)
            return
        with container:
            stream = picture_stream(container)
            assert stream is not None
            for frame in read_frames(
                container,
                stream,
                start_s=request.start_s - config.overlap_s,
                end_s=request.end_s + config.overlap_s,
                skip=usual_skip(request.frame_rate, request.assumed_rate),
                threads=config.decoding_threads,
                clockwork=Clockwork(request.assumed_rate),
            ):
                if self.is_inside(frame.offset_s):
                    self.frames_read += 1
                    self._beat(frame)
                yield Decoded(
                    time_s=frame.offset_s,
                    driven_m=self._driven(frame.offset_s),
                    sharpness=frame.sharpness(),
                    thumb=frame.thumbnail(),
                    picture=frame,
                )

    def _beat(self, frame: DecodedFrame) -> None:
        """Compare with a frame about a fifth of a second ago."""
        before = self._beat_from
        if before is not None and frame.offset_s - before[0] < _BEAT_S:
            return
        grey = frame.grey(_BEAT_ROWS)
        self._beat_from = frame.offset_s, grey
        if before is not None and frame.offset_s - before[0] <= 3 * _BEAT_S:
            shift = frame_shift(before[1], grey)
            self.beats.append(Beat(frame.offset_s, frame.offset_s - before[0], shift))

    def _driven(self, offset_s: float) -> float | None:
        after = int(np.searchsorted(self._driven_at, offset_s))
        if after in (0, len(self._driven_at)):
            return None
        start_s, end_s = self._driven_at[after - 1], self._driven_at[after]
        if end_s - start_s > _DRIVEN_GAP_S:
            return None
        share = (offset_s - start_s) / (end_s - start_s)
        return float(self._driven_m[after - 1] * (1 - share) + self._driven_m[after] * share)


class _Travels:
    """Asks a pair of neighbouring frames every few seconds where the camera moves to."""

    def __init__(self, every_s: float, config: LookConfig) -> None:
        self._every_s = every_s
        self._config = config
        self._before: _Picture | None = None
        self._asked_s = float("-inf")
        self.found: list[Travel] = []

    def watch(self, chosen: Iterator[tuple[_Picture, bool]]) -> Iterator[tuple[_Picture, bool]]:
        """The same items; pairs of them are looked at on their way."""
        for picture, is_dense in chosen:
            if not is_dense:
                before, self._before = self._before, picture
                if before is not None and picture.offset_s - self._asked_s >= self._every_s:
                    self._ask(before, picture)
            yield picture, is_dense

    def _ask(self, before: _Picture, after: _Picture) -> None:
        same = before.pixels.shape == after.pixels.shape
        if not same or not 0.05 <= after.offset_s - before.offset_s <= _TRAVEL_WITHIN_S:
            return
        self._asked_s = after.offset_s
        travel = travel_direction(
            _grey(before.pixels),
            _grey(after.pixels),
            assumed_hfov_deg=self._config.hfov_deg,
            limits=self._config.travel,
        )
        if travel is not None:
            self.found.append(travel)


def _grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    scale = min(1.0, _GREY_PX / grey.shape[1])
    size = round(grey.shape[1] * scale), round(grey.shape[0] * scale)
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _seen_frame(picture: _Picture, boxes: list[SeenBox], config: LookConfig) -> SeenFrame:
    """Time and place are not the child's business: the parent knows them better."""
    quality = judge_quality(picture.pixels, thresholds=config.quality)
    return SeenFrame(
        index=round(picture.offset_s * 1000),
        offset_s=picture.offset_s,
        taken_at=None,
        lat=None,
        lon=None,
        position_error_m=None,
        position_source=None,
        heading_deg=None,
        width_px=picture.size_px[0],
        height_px=picture.size_px[1],
        assessable=quality.assessable,
        quality_reason=quality.reason,
        brightness=quality.brightness,
        sharpness=quality.sharpness,
        shown_sha256=None,
        shown_scale=None,
        boxes=tuple(b for b in boxes if b.score >= config.keep_scores.get(b.visual_class, 1.0)),
    )


def _ahead(items: Iterator[Item], most: int) -> Iterator[Item]:
    """Take items in a thread of their own, at most so many ahead of who wants them."""
    ready: queue.Queue[tuple[Item] | BaseException | None] = queue.Queue(most)
    stopped = threading.Event()

    def put(answer: tuple[Item] | BaseException | None) -> bool:
        while not stopped.is_set():
            try:
                ready.put(answer, timeout=0.5)
            except queue.Full:
                continue
            return True
        return False

    def take() -> None:
        try:
            for item in items:
                if not put((item,)):
                    return
        except BaseException as error:
            put(error)
        else:
            put(None)

    threading.Thread(target=take, daemon=True).start()
    try:
        while (answer := ready.get()) is not None:
            if isinstance(answer, BaseException):
                raise answer
            yield answer[0]
    finally:
        stopped.set()
