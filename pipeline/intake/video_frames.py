"""The frames of a stretch of video, one after the other: nothing is kept, little is converted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

Skip = Literal["DEFAULT", "NONREF", "NONKEY"]

_SHARPNESS_ROWS = 45  # so many rows say as much about motion blur as all of them
_THUMBNAIL = (32, 18)
_GREY_PX = (160, 90)
_BACK_S = (0.0, 10.0, 40.0)  # where a seek landed too late, it is tried again from further back
_PLENTY_RATE = 20.0  # frames a second, of which every other one is enough
_MOST_BROKEN = 500  # packets in a row


@dataclass(frozen=True, slots=True)
class Clockwork:
    """How a stream's packets become seconds since the first frame.

    Attributes:
        assumed_rate: frames a second where the file's own times are of no use, else None.
    """

    assumed_rate: float | None


class DecodedFrame:
    """One frame, decoded and not converted yet. It holds the decoder's memory: let it go soon.

    Attributes:
        offset_s: since the video's first frame.
    """

    __slots__ = ("_frame", "_turn_deg", "offset_s")

    def __init__(self, frame: VideoFrame, offset_s: float) -> None:
        self._frame = frame
        self._turn_deg = frame.rotation % 360
        self.offset_s = offset_s

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the upright frame."""
        width, height = self._frame.width, self._frame.height
        return (height, width) if self._turn_deg in (90, 270) else (width, height)

    def pixels(self, long_side_px: int) -> NDArray[np.uint8]:
        """The upright picture, (h, w, 3) BGR, scaled down to a longer side of `long_side_px`."""
        width, height = self._frame.width, self._frame.height
        scale = min(1.0, long_side_px / max(width, height))
        # Scaled before it is converted, in one pass: a 4K frame is never laid out in full.
        bgr = self._frame.reformat(
            width=max(2, round(width * scale)),
            height=max(2, round(height * scale)),
            format="bgr24",
            interpolation="AREA" if scale < 1 else "BILINEAR",
        ).to_ndarray()
        return _turned(bgr.astype(np.uint8, copy=False), self._turn_deg)

    def grey(self, rows: int) -> NDArray[np.uint8]:
        """(90, 160) brightness, upright, from about so many rows of the picture."""
        small = cv2.resize(self._luma(rows), _GREY_PX, interpolation=cv2.INTER_AREA)
        return _turned(small.astype(np.uint8, copy=False), self._turn_deg)

    def _luma(self, rows: int) -> NDArray[np.uint8]:
        """About so many rows of the brightness as it was decoded; a view, not a copy."""
        plane = self._frame.planes[0]
        lines: NDArray[np.uint8] = np.frombuffer(memoryview(plane), np.uint8)
        step = max(1, self._frame.height // rows)
        return lines.reshape(-1, plane.line_size)[: self._frame.height : step, : self._frame.width]

    def sharpness(self) -> float:
        """How much neighbouring pixels differ along the rows, by the picture's own contrast.

        Squared, because a smeared edge has the same sum of differences as a sharp one. Good for
        choosing among neighbours of one video, and for nothing else.
        """
        rows = self._luma(_SHARPNESS_ROWS)
        steps = cv2.norm(rows[:, 2:], rows[:, :-2], cv2.NORM_L2SQR) / rows[:, 2:].size
        deviation = float(cv2.meanStdDev(rows)[1][0, 0])
        return steps / max(deviation, 1.0) ** 2

    def thumbnail(self) -> NDArray[np.uint8]:
        """The brightness at 32 x 18, for telling whether anything has changed."""
        small = cv2.resize(self._luma(_SHARPNESS_ROWS), _THUMBNAIL, interpolation=cv2.INTER_AREA)
        return small.astype(np.uint8, copy=False)


def read_frames(
    container: InputContainer,
    stream: VideoStream,
    *,
    start_s: float,
    end_s: float,
    skip: Skip,
    threads: int,
    clockwork: Clockwork,
) -> Iterator[DecodedFrame]:
    """Decode the frames from `start_s` up to, not including, `end_s`, in order of time.

    What cannot be decoded is left out; damage does not end the reading.

    Args:
        skip: what the decoder may leave out: NONREF drops frames that no other builds on.
        threads: of the decoder.
    """
    context = stream.codec_context
    context.skip_frame = skip
    context.thread_count = threads
    context.thread_type = "AUTO" if threads > 1 else "NONE"
    _seek_before(container, stream, start_s, clockwork)
    last_s = -1.0
    for count, frame in enumerate(_decoded(container, stream)):
        offset_s = _offset_s(frame, stream, count, clockwork)
        if offset_s is None or offset_s <= last_s:
            continue
        last_s = offset_s
        if offset_s >= end_s:
            return
        if offset_s >= start_s:
            yield DecodedFrame(frame, offset_s)


def usual_skip(frame_rate: float | None, assumed_rate: float | None) -> Skip:
    """What may be left out when a few frames a second are wanted.

    Args:
        frame_rate: of the file, None where it does not say.
        assumed_rate: see `Clockwork`: frames that are counted must all come.
    """
    plenty = frame_rate is not None and frame_rate >= _PLENTY_RATE
    return "NONREF" if plenty and assumed_rate is None else "DEFAULT"


def start_pts(stream: VideoStream) -> int:
    """The time stamp of the video's first frame, in the stream's time base."""
    return stream.start_time or 0


def _seek_before(
    container: InputContainer, stream: VideoStream, start_s: float, clockwork: Clockwork
) -> None:
    """Go to a key frame at or before `start_s`: to the beginning where the file cannot."""
    if start_s <= 0 or clockwork.assumed_rate is not None:
        return
    assert stream.time_base is not None
    for back_s in _BACK_S:
        target_s = max(start_s - back_s, 0.0)
        try:
            container.seek(
                start_pts(stream) + int(target_s / stream.time_base), stream=stream, backward=True
            )
            landed = next((p for p in container.demux(stream) if p.pts is not None), None)
            if landed is None or landed.pts is None:
                continue
            landed_s = float((landed.pts - start_pts(stream)) * stream.time_base)
            if landed_s <= start_s and landed.is_keyframe:
                container.seek(
                    start_pts(stream) + int(target_s / stream.time_base),
                    stream=stream,
                    backward=True,
                )
                return
        except av.error.FFmpegError:
            break
    container.seek(start_pts(stream), stream=stream, backward=True)


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    broken = 0
    packets = container.demux(stream)
    while broken < _MOST_BROKEN:
        try:
            packet = next(packets)
            frames = packet.decode()
        except StopIteration:
            return
        except (av.error.InvalidDataError, av.error.PatchWelcomeError):
            broken += 1
            continue
        except av.error.FFmpegError:  # the end of a cut file
            return
        for frame in frames:
            if isinstance(frame, VideoFrame) and not frame.is_corrupt:
                broken = 0
                yield frame


def _offset_s(
    frame: VideoFrame, stream: VideoStream, count: int, clockwork: Clockwork
) -> float | None:
    if clockwork.assumed_rate is not None:
        return count / clockwork.assumed_rate
    stamp = frame.pts if frame.pts is not None else frame.dts
    if stamp is None or stream.time_base is None:
        return None
    return float((stamp - start_pts(stream)) * stream.time_base)


def _turned(pixels: NDArray[np.uint8], counterclockwise_deg: int) -> NDArray[np.uint8]:
    match counterclockwise_deg:
        case 90:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE)
        case 180:
            turned = cv2.rotate(pixels, cv2.ROTATE_180)
        case 270:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE)
        case _:
            return pixels
    return turned.astype(np.uint8, copy=False)
