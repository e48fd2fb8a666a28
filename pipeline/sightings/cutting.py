"""A few seconds cut out of a clip, and its frames in full; runs inside a supervised child."""

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray
from pydantic import TypeAdapter

from zoubian.pipeline.files import FileStore
from zoubian.pipeline.intake.messages import Message
from zoubian.pipeline.intake.video_file import open_video, picture_stream
from zoubian.pipeline.intake.video_frames import Clockwork, DecodedFrame, read_frames

logger = logging.getLogger(__name__)

# Changes with whatever in this code changes the pictures: they are then cut again.
CUTTING_VERSION = 1

_CLIP_RATE = 10.0  # frames a second are enough for a person to see what it is
_TICKS = 1000
_JPEG_QUALITY = 88
_SAME_FRAME_S = 0.004
# H.264 plays everywhere; a build of FFmpeg without it has at least MPEG-4.
_ENCODERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("libx264", {"preset": "veryfast", "crf": "27", "threads": "1"}),
    ("mpeg4", {}),
)


@dataclass(frozen=True, slots=True)
class CutConfig:
    """What a child needs to cut.

    Attributes:
        files: folder of the file store.
        shown_px: longer side of the shown copies; `clip_px` of the clip.
    """

    files: Path
    shown_px: int
    clip_px: int


@dataclass(frozen=True, slots=True)
class CutRequest:
    """What is wanted of one video.

    Attributes:
        sha256: of the stored video.
        start_s, end_s: of the clip, since the first frame.
        assumed_rate: see `Clockwork`.
        with_clip: whether the clip itself is wanted.
        shown_s: times of the frames wanted as pictures, within the clip.
    """

    sha256: str
    start_s: float
    end_s: float
    assumed_rate: float | None
    with_clip: bool
    shown_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ShownFrame:
    """A clean JPEG in the store; `scale` = copy / original."""

    offset_s: float
    sha256: str
    scale: float


@dataclass(frozen=True, slots=True)
class Cut:
    """What was cut; `clip_sha256` is None where it was not wanted or nothing could be shown."""

    clip_sha256: str | None
    shown: tuple[ShownFrame, ...]


def load_cutter(config: CutConfig) -> Callable[[CutRequest], Iterator[Any]]:
    """The child's handler: one answer to a request."""
    return lambda request: iter([_WIRE.dump_python(cut(request, config), mode="json")])


def read_cut(answer: Any) -> Cut:
    """A cut from a child's answer.

    Raises:
        pydantic.ValidationError: it is none.
    """
    return _WIRE.validate_python(answer)


_WIRE = TypeAdapter(Cut)


def cut(request: CutRequest, config: CutConfig) -> Cut:
    """Decode the stretch once; write the clip and the pictures into the store."""
    files = FileStore(config.files)
    container = open_video(files.path(request.sha256))
    if isinstance(container, Message):
        return Cut(None, ())
    shown: list[ShownFrame] = []
    writer = _ClipWriter(config.clip_px)
    with container:
        stream = picture_stream(container)
        assert stream is not None
        for frame in read_frames(
            container,
            stream,
            start_s=request.start_s,
            end_s=request.end_s,
            skip="DEFAULT",
            threads=1,
            clockwork=Clockwork(request.assumed_rate),
        ):
            if any(abs(frame.offset_s - at) < _SAME_FRAME_S for at in request.shown_s):
                shown.append(_shown(frame, files, config.shown_px))
            if request.with_clip:
                writer.take(frame)
    clip = writer.finished()
    return Cut(None if clip is None else files.put_bytes(clip), tuple(shown))


def _shown(frame: DecodedFrame, files: FileStore, shown_px: int) -> ShownFrame:
    pixels = frame.pixels(shown_px)
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    sha256 = files.put_bytes(encoded.tobytes())
    return ShownFrame(frame.offset_s, sha256, pixels.shape[1] / frame.size_px[0])


class _ClipWriter:
    """Writes an MP4 of small frames; the same frames give the same bytes."""

    def __init__(self, clip_px: int) -> None:
        self._clip_px = clip_px
        self._buffer = io.BytesIO()
        self._out: OutputContainer | None = None
        self._stream: VideoStream | None = None
        self._first_s = self._last_s = float("-inf")

    def take(self, frame: DecodedFrame) -> None:
        """Add a frame, unless it comes too soon after the last."""
        if frame.offset_s - self._last_s < 0.9 / _CLIP_RATE:
            return
        self._last_s = frame.offset_s
        pixels = _even(frame.pixels(self._clip_px))
        if self._stream is None or self._out is None:
            self._open(pixels.shape[1], pixels.shape[0])
            self._first_s = frame.offset_s
        assert self._stream is not None and self._out is not None
        picture = av.VideoFrame.from_ndarray(pixels, format="bgr24")
        picture.pts = round((frame.offset_s - self._first_s) * _TICKS)
        picture.time_base = Fraction(1, _TICKS)
        self._out.mux(self._stream.encode(picture))

    def finished(self) -> bytes | None:
        """The file, None without frames."""
        if self._stream is None or self._out is None:
            return None
        self._out.mux(self._stream.encode(None))
        self._out.close()
        return self._buffer.getvalue()

    def _open(self, width: int, height: int) -> None:
        name, options = next(
            (encoder for encoder in _ENCODERS if encoder[0] in av.codecs_available), _ENCODERS[-1]
        )
        self._out = av.open(self._buffer, "w", format="mp4")
        stream = self._out.add_stream(name, rate=round(_CLIP_RATE), options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.time_base = Fraction(1, _TICKS)
        self._stream = stream


def _even(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Without a last odd row or column, which 4:2:0 cannot have."""
    height, width = pixels.shape[0] // 2 * 2, pixels.shape[1] // 2 * 2
    return np.ascontiguousarray(pixels[:height, :width])
