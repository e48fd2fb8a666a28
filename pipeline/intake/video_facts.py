"""What a video file says about itself, checked against its packets; nothing is decoded but one
frame. Runs inside a supervised child."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard
from av.video.stream import VideoStream

from zoubian.pipeline.intake.clip_fixes import ClipFix, thinned
from zoubian.pipeline.intake.clip_time import WrittenTime, written_time
from zoubian.pipeline.intake.dashcam_gps import blackvue_fixes, novatek_fixes
from zoubian.pipeline.intake.gpmf import camera_name, gpmf_fixes, is_gpmf
from zoubian.pipeline.intake.iso_boxes import find_box, iso_boxes
from zoubian.pipeline.intake.messages import Message, message
from zoubian.pipeline.intake.video_file import open_video, picture_stream
from zoubian.pipeline.intake.video_frames import Clockwork, read_frames, start_pts

PositionSource = Literal["gpmf", "novatek", "blackvue", "dji_srt"]

_USUAL_RATE, _SLOWEST_RATE, _FASTEST_RATE = 25.0, 0.5, 240.0
_LARGE_PX = 5120  # longer side; 4K has up to 4096
_LOOK_AT_PACKETS = 3000  # for a first key frame: two minutes of any camera
_FAR_PTS = 1 << 50
_LONGEST_S = 48 * 3600.0  # a header may claim centuries, which would be cut into segments
_DURATION_SLACK_S, _DURATION_SLACK = 1.0, 0.02


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """One video that can be decoded.

    Attributes:
        width_px, height_px: of the upright frames.
        frame_rate: the file's mean, None where it does not say.
        assumed_rate: see `Clockwork`.
        duration_s: from the first frame to the end of the last, by the packets.
        first_shown_s: when the first whole picture comes.
        written: the clocks in the file.
        source: of the positions.
        fixes: positions the file carries, at most five a second.
        problem: what is missing of it, where the rest can be used.
    """

    codec: str
    width_px: int
    height_px: int
    frame_rate: float | None
    assumed_rate: float | None
    duration_s: float
    first_shown_s: float
    written: WrittenTime
    source: PositionSource | None
    fixes: tuple[ClipFix, ...]
    notes: tuple[Message, ...]
    problem: Message | None


@dataclass(frozen=True, slots=True)
class _Span:
    """What the packets tell: seconds since the first frame."""

    first_key_s: float | None
    end_s: float
    packets: int  # up to two
    times_rise: bool


def read_facts(path: Path, *, max_megapixels: int) -> VideoFacts | Message:
    """Read a video's facts and positions, or why it cannot be used.

    Raises:
        OSError: the file cannot be read.
    """
    container = open_video(path)
    if isinstance(container, Message):
        return container
    with container:
        stream = picture_stream(container)
        if stream is None:
            return message("video_without_picture")
        if not _has_decoder(stream):
            return message("video_undecodable", codec="?")
        width_px, height_px = stream.codec_context.width, stream.codec_context.height
        if width_px * height_px > max_megapixels * 1_000_000:
            sizes = {"width_px": width_px, "height_px": height_px}
            return message("video_too_large", **sizes, limit_megapixels=max_megapixels)
        try:
            span = _span(container, stream)
        except av.error.FFmpegError:
            return message("video_damaged")
        if span.packets == 0:
            return message("video_empty")
        if span.first_key_s is None:
            return message("video_without_key")
        return _facts(path, container, stream, span)


def _facts(
    path: Path, container: InputContainer, stream: VideoStream, span: _Span
) -> VideoFacts | Message:
    rate = float(stream.average_rate) if stream.average_rate else None
    stated_s = _stated_s(path, container)
    assumed = _assumed_rate(stream, span, stated_s)
    duration_s = span.end_s if assumed is None else stream.frames / assumed
    if duration_s > _LONGEST_S:
        return message("video_too_long", hours=f"{duration_s / 3600:.0f}", limit_hours=48)
    shown = _first_frame(path, Clockwork(assumed))
    if shown is None:
        return message("video_undecodable", codec=stream.codec_context.name)
    first_s, (width_px, height_px) = shown
    source, fixes, camera = _positions(path, container, duration_s)
    cut = _missing_bytes(path)
    notes, problem = _remarks(stream, span, first_s, stated_s, duration_s, assumed, cut)
    return VideoFacts(
        codec=stream.codec_context.name,
        width_px=width_px,
        height_px=height_px,
        frame_rate=rate,
        assumed_rate=assumed,
        duration_s=duration_s,
        first_shown_s=first_s,
        written=written_time({**stream.metadata, **container.metadata}, camera=camera),
        source=source,
        fixes=thinned(fixes),
        notes=tuple(notes),
        problem=problem,
    )


def _assumed_rate(stream: VideoStream, span: _Span, stated_s: float | None) -> float | None:
    """Frames a second where the times of the frames say nothing or cannot be true."""
    if span.packets < 2:
        return None
    if span.times_rise and (stream.frames < 4 or stream.frames >= _SLOWEST_RATE * span.end_s):
        return None
    rate = stream.frames / stated_s if stated_s else 0.0
    return rate if _SLOWEST_RATE <= rate <= _FASTEST_RATE else _USUAL_RATE


def _has_decoder(stream: VideoStream) -> bool:
    # The type stubs promise a context; a codec that is not let in has none.
    return getattr(stream, "codec_context", None) is not None


def _remarks(
    stream: VideoStream,
    span: _Span,
    first_s: float,
    stated_s: float | None,
    duration_s: float,
    assumed: float | None,
    cut: bool,
) -> tuple[list[Message], Message | None]:
    notes: list[Message] = []
    problem = None
    if assumed is not None:
        notes.append(message("frame_times_assumed", rate=f"{assumed:g}"))
    off_s = 0.0 if stated_s is None else abs(stated_s - duration_s)
    if cut:
        problem = message("video_cut", seconds=f"{duration_s:.1f}")
    elif stated_s is not None and off_s > max(_DURATION_SLACK_S, _DURATION_SLACK * duration_s):
        notes.append(
            message("duration_wrong", stated=f"{stated_s:.1f}", seconds=f"{duration_s:.1f}")
        )
    if first_s > 0.1:
        notes.append(message("no_key_at_start", seconds=f"{first_s:.1f}"))
    if span.packets == 1:
        notes.append(message("single_frame"))
    elif not stream.average_rate and span.times_rise:
        notes.append(message("no_frame_rate"))
    if max(stream.codec_context.width, stream.codec_context.height) > _LARGE_PX:
        notes.append(
            message(
                "very_large_frames",
                width_px=stream.codec_context.width,
                height_px=stream.codec_context.height,
            )
        )
    return notes, problem


def _span(container: InputContainer, stream: VideoStream) -> _Span:
    """Look at the first packets and at the last ones."""
    first_key_s, early = None, []
    for count, packet in enumerate(_packets(container, stream)):
        moment_s = _packet_s(packet, stream)
        early.append(moment_s)
        if packet.is_keyframe and first_key_s is None:
            first_key_s = moment_s or 0.0
        if count >= _LOOK_AT_PACKETS or (first_key_s is not None and count >= 32):
            break
    known = [moment_s for moment_s in early if moment_s is not None]
    rise = len(set(known)) > max(1, len(early) // 2)
    end_s = _end_s(container, stream) if rise else 0.0
    return _Span(first_key_s, max([end_s, *known], default=0.0), min(len(early), 2), rise)


def _end_s(container: InputContainer, stream: VideoStream) -> float:
    """The end of the last frame; the whole file is walked where one cannot jump to its end."""
    try:
        container.seek(_FAR_PTS, stream=stream, backward=True)
        found = _latest_s(container, stream)
    except av.error.FFmpegError:
        found = None
    if found is None:
        container.seek(start_pts(stream), stream=stream, backward=True)
        found = _latest_s(container, stream)
    return found or 0.0


def _latest_s(container: InputContainer, stream: VideoStream) -> float | None:
    latest: float | None = None
    for packet in _packets(container, stream):
        moment_s = _packet_s(packet, stream)
        if moment_s is not None and stream.time_base is not None:
            end_s = moment_s + float((packet.duration or 0) * stream.time_base)
            latest = end_s if latest is None else max(latest, end_s)
    return latest


def _packets(container: InputContainer, stream: VideoStream) -> Iterator["Packet[VideoStream]"]:
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except av.error.FFmpegError:  # the end of a cut file
            return
        if packet is None:
            return
        if packet.size:
            yield packet


def _packet_s(packet: "Packet[VideoStream]", stream: VideoStream) -> float | None:
    stamp = packet.pts if packet.pts is not None else packet.dts
    if stamp is None or stream.time_base is None:
        return None
    return float((stamp - start_pts(stream)) * stream.time_base)


def _first_frame(path: Path, clockwork: Clockwork) -> tuple[float, tuple[int, int]] | None:
    """When the first whole picture comes, and its upright size; None where none comes."""
    container = open_video(path)  # a new one: the other stands at its end
    if isinstance(container, Message):
        return None
    with container:
        stream = picture_stream(container)
        assert stream is not None
        frames = read_frames(
            container,
            stream,
            start_s=0.0,
            end_s=float("inf"),
            skip="DEFAULT",
            threads=1,
            clockwork=clockwork,
        )
        frame = next(frames, None)
        return None if frame is None else (frame.offset_s, frame.size_px)


def _stated_s(path: Path, container: InputContainer) -> float | None:
    """The duration in the header; of an MP4 the one that players show, which FFmpeg mends."""
    if container.format.name.startswith("mov"):
        size_bytes = path.stat().st_size
        with path.open("rb") as file:
            header = find_box(file, (b"moov", b"mvhd"), size_bytes=size_bytes)
            if header is not None:
                file.seek(header.start)
                return _movie_s(file.read(32))
    return None if container.duration is None else container.duration / av.time_base


def _movie_s(header: bytes) -> float | None:
    """The duration in a `mvhd` box, None where it is left open."""
    layout = ">20xIQ" if header[:1] == b"\1" else ">12xII"
    if len(header) < struct.calcsize(layout):
        return None
    scale, ticks = struct.unpack_from(layout, header)
    return ticks / scale if scale and 0 < ticks < 0xFFFFFFFF else None


def _missing_bytes(path: Path) -> bool:
    """Whether an MP4, MOV or AVI file claims more bytes than it has."""
    size_bytes = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] == b"RIFF":
            return int.from_bytes(head[4:8], "little") + 8 > size_bytes
        if head[4:8] not in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
            return False
        return any(box.end > size_bytes for box in iso_boxes(file, 0, size_bytes))


def _positions(
    path: Path, container: InputContainer, duration_s: float
) -> tuple[PositionSource | None, list[ClipFix], str | None]:
    """The positions in the file, where they come from, and the camera's name in them."""
    fixes, camera = _gpmf(container)
    if fixes or camera:
        return "gpmf", fixes, camera
    if container.format.name.startswith("mov"):
        size_bytes = path.stat().st_size
        with path.open("rb") as file:
            fixes = novatek_fixes(file, size_bytes=size_bytes, duration_s=duration_s)
            if fixes:
                return "novatek", fixes, None
            fixes = blackvue_fixes(file, size_bytes=size_bytes)
            if fixes:
                return "blackvue", fixes, None
    return None, [], None


def _gpmf(container: InputContainer) -> tuple[list[ClipFix], str | None]:
    """GPMF of the first data stream whose packets are such; other packets are not even read."""
    streams = list(container.streams.data)
    if not streams:
        return [], None
    for stream in container.streams:
        stream.discard = Discard.default if stream in streams else Discard.all
    fixes: list[ClipFix] = []
    camera: str | None = None
    begin_s = _begin_s(container)
    try:
        container.seek(0)
        for packet in container.demux(*streams):
            content = bytes(packet)
            if not is_gpmf(content) or packet.pts is None or packet.time_base is None:
                continue
            start_s = float(packet.pts * packet.time_base) - begin_s
            end_s = start_s + float((packet.duration or 0) * packet.time_base)
            fixes += gpmf_fixes(content, start_s=start_s, end_s=end_s)
            camera = camera or camera_name(content)
    except av.error.FFmpegError:  # what was read before the damage is used
        pass
    return fixes, camera


def _begin_s(container: InputContainer) -> float:
    """When the pictures begin on the container's clock."""
    stream = picture_stream(container)
    if stream is None or stream.time_base is None:
        return 0.0
    return float(start_pts(stream) * stream.time_base)
