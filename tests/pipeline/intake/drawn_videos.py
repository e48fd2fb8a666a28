"""Small videos drawn by code: a street that moves by, in any container and codec."""

import io
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

WIDTH_PX, HEIGHT_PX = 192, 108


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a video is made.

    Attributes:
        times_s: of the frames.
        key_every: frames from one key frame to the next.
        turned_deg: counterclockwise turn that a player applies.
        options: of the encoder.
    """

    times_s: tuple[float, ...]
    codec: str = "libx264"
    container: str | None = None
    size_px: tuple[int, int] = (WIDTH_PX, HEIGHT_PX)
    key_every: int = 10
    turned_deg: int = 0
    metadata: tuple[tuple[str, str], ...] = ()
    container_options: tuple[tuple[str, str], ...] = ()


def evenly(seconds: float, rate: float = 10.0) -> tuple[float, ...]:
    """Times of frames at an even rate."""
    return tuple(n / rate for n in range(round(seconds * rate)))


def street_at(
    moment_s: float, size_px: tuple[int, int] = (WIDTH_PX, HEIGHT_PX)
) -> NDArray[np.uint8]:
    """A textured street that moves to the left; its brightness at the corner tells the time."""
    width, height = size_px
    rng = np.random.default_rng(5)
    wall = rng.integers(40, 220, (height // 6, width * 4 // 6, 3), dtype=np.uint8)
    strip = wall.repeat(6, axis=0).repeat(6, axis=1)
    left = round(moment_s * 24) % max(1, strip.shape[1] - width)
    picture = np.zeros((height, width, 3), np.uint8)
    seen = strip[:height, left : left + width]
    picture[: seen.shape[0], : seen.shape[1]] = seen
    return picture


def write_video(target: Path | io.BytesIO, drawn: Drawn) -> None:
    """Encode a drawn street."""
    frames = ((moment_s, street_at(moment_s, drawn.size_px)) for moment_s in drawn.times_s)
    write_frames(target, drawn, frames)


def write_frames(
    target: Path | io.BytesIO, drawn: Drawn, frames: Iterable[tuple[float, NDArray[np.uint8]]]
) -> None:
    """Encode frames (seconds, RGB) as `drawn` says."""
    where: Any = str(target) if isinstance(target, Path) else target
    with av.open(
        where, "w", format=drawn.container, container_options=dict(drawn.container_options)
    ) as out:
        out.metadata.update(dict(drawn.metadata))
        stream: Any = out.add_stream(drawn.codec, rate=10)
        stream.width, stream.height = drawn.size_px
        stream.pix_fmt = "yuvj420p" if drawn.codec == "mjpeg" else "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        stream.codec_context.gop_size = drawn.key_every
        if drawn.codec.startswith("libx26"):
            quiet = {"x265-params": "log-level=none"} if drawn.codec == "libx265" else {}
            stream.options = {"preset": "ultrafast", "forced-idr": "1", **quiet}
        if drawn.turned_deg:
            stream.set_display_rotation(drawn.turned_deg)
        for moment_s, pixels in frames:
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = round(moment_s * 1000), Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def gpmf_packet(rows: Sequence[tuple[float, float]], *, clock: str, fix: int = 3) -> bytes:
    """A second of GPS5 as a GoPro writes it: rows of lat, lon."""

    def item(key: bytes, kind: str, size: int, count: int, data: bytes) -> bytes:
        code = ord(kind) if kind else 0
        return struct.pack(">4sBBH", key, code, size, count) + data + b"\0" * (-len(data) % 4)

    def nest(key: bytes, data: bytes) -> bytes:
        return item(key, "", 1, len(data), data)

    samples = b"".join(
        struct.pack(">5i", round(lat * 1e7), round(lon * 1e7), 0, 0, 0) for lat, lon in rows
    )
    stream = (
        item(b"GPSF", "L", 4, 1, struct.pack(">I", fix))
        + item(b"GPSU", "U", 16, 1, clock.encode().ljust(16, b"0"))
        + item(b"GPSP", "S", 2, 1, struct.pack(">H", 120))
        + item(b"SCAL", "l", 4, 5, struct.pack(">5i", 10**7, 10**7, 1000, 1000, 100))
        + item(b"GPS5", "l", 20, len(rows), samples)
    )
    return nest(b"DEVC", item(b"DVNM", "c", 1, 6, b"Camera") + nest(b"STRM", stream))


def with_novatek_blocks(video: bytes, rows: Sequence[tuple[float, float]], *, header: int) -> bytes:
    """An MP4 whose index comes last, with a block a second and their list inside `moov`.

    Args:
        header: bytes before the record, 16 or 48.
    """
    moov_at, moov = next((at, box) for at, kind, box in iso_boxes_of(video) if kind == b"moov")
    assert moov_at + len(moov) == len(video), "the index has to be last"
    blocks, table, at = b"", b"", moov_at
    for second, (lat, lon) in enumerate(rows):
        record = struct.pack(
            "<6I4s4f", 7, 8, second, 24, 5, 6, b"ANE\0", _dddmm(lat), _dddmm(lon), 10.0, 90.0
        )
        payload = b"GPS " + b"\0" * (header - 12) + record
        block = struct.pack(">I4s", 8 + len(payload), b"free") + payload
        table += struct.pack(">II", at, len(block))
        blocks += block
        at += len(block)
    listed = struct.pack(">I4sII", 16 + len(table), b"gps ", 1, len(rows)) + table
    grown = struct.pack(">I4s", len(moov) + len(listed), b"moov") + moov[8:] + listed
    return video[:moov_at] + blocks + grown


def iso_boxes_of(data: bytes) -> Iterable[tuple[int, bytes, bytes]]:
    """Where each top-level box begins, its type, and all of it."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        yield at, kind, data[at : at + size]
        at += size


def _dddmm(degrees: float) -> float:
    return int(degrees) * 100 + (degrees - int(degrees)) * 60
