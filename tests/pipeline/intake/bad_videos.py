"""Bad and odd videos and their tracks, built by code: how, and what must be said of each."""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from drawn_videos import Drawn, evenly, iso_boxes_of, write_video

EARLY_INDEX = (("movflags", "faststart"),)
FOUR_S = evenly(4.0)


@dataclass(frozen=True, slots=True)
class BadVideo:
    """One bad or odd video.

    Attributes:
        build: writes it into an empty folder.
        code: of the problem or note that must be told.
        is_problem: whether it is a problem.
        shown_s: seconds of it that are used all the same, from when to when; None for nothing.
    """

    name: str
    build: Callable[[Path], None]
    code: str
    is_problem: bool
    shown_s: tuple[float, float] | None


def _mp4(**options: object) -> bytes:
    drawn = Drawn(FOUR_S, container="mp4", **options)  # type: ignore[arg-type]
    stream = io.BytesIO()
    write_video(stream, drawn)
    return stream.getvalue()


def _no_key_at_start(folder: Path) -> None:
    """A transport stream that begins in the middle of a group of pictures."""
    write_video(folder / "whole.ts", Drawn(evenly(6.0), container="mpegts", key_every=25))
    data = (folder / "whole.ts").read_bytes()
    (folder / "whole.ts").unlink()
    with av.open(io.BytesIO(data), format="mpegts") as whole:
        places = [p.pos for p in whole.demux(video=0) if p.pos is not None]
    (folder / "clip.ts").write_bytes(data[places[12] // 188 * 188 :])


def _no_index(folder: Path) -> None:
    whole = _mp4()
    ends = {kind: at + len(box) for at, kind, box in iso_boxes_of(whole)}
    (folder / "clip.mp4").write_bytes(whole[: ends[b"mdat"] - 500])


def _cut_behind_index(folder: Path) -> None:
    write_video(folder / "clip.mp4", Drawn(evenly(8.0), container_options=EARLY_INDEX))
    data = (folder / "clip.mp4").read_bytes()
    (folder / "clip.mp4").write_bytes(data[: len(data) * 6 // 10])


def _wrong_duration(folder: Path) -> None:
    """A header that claims an hour; what the index lists is four seconds."""
    data = bytearray(_mp4())
    for kind, at_v0 in ((b"mvhd", 16), (b"tkhd", 20), (b"mdhd", 16)):
        at = data.find(kind)
        assert data[at + 4] == 0, "version 0"
        scale = struct.unpack_from(">I", data, at + 16)[0] if kind != b"tkhd" else 1000
        struct.pack_into(">I", data, at + 4 + at_v0, 3600 * scale)
    at = data.find(b"elst")
    if at > 0:
        data[at : at + 4] = b"skip"
    (folder / "clip.mp4").write_bytes(data)


def _audio_only(folder: Path) -> None:
    with av.open(str(folder / "clip.mp4"), "w") as out:
        stream = out.add_stream("aac", rate=16000)
        tone = (np.sin(np.arange(16000) / 9) * 9000).astype(np.float32)[None] / 32768
        frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
        frame.rate, frame.pts = 16000, 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def _zero_rate(folder: Path) -> None:
    """The index counts 0 ticks for each frame."""
    data = bytearray(_mp4(codec="mjpeg"))
    at = data.find(b"stts")
    (entries,) = struct.unpack_from(">I", data, at + 8)
    for entry in range(entries):
        struct.pack_into(">I", data, at + 16 + entry * 8, 0)
    (folder / "clip.mp4").write_bytes(data)


def _one_frame(folder: Path) -> None:
    write_video(folder / "clip.mp4", Drawn((0.0,)))


def _playlist(text: str) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        (folder / "clip.mp4").write_text(text)

    return build


def _eight_k(folder: Path) -> None:
    """As wide as 8K, and low: it shall not take the tests a minute."""
    write_video(folder / "clip.mp4", Drawn((0.0, 0.1), size_px=(7680, 96)))


BAD_VIDEOS = (
    BadVideo("no key frame at the start", _no_key_at_start, "no_key_at_start", False, (1.0, 4.0)),
    BadVideo("no moov", _no_index, "video_without_index", True, None),
    BadVideo("cut behind its index", _cut_behind_index, "video_cut", True, (0.0, 3.5)),
    BadVideo("wrong duration", _wrong_duration, "duration_wrong", False, (0.0, 3.9)),
    BadVideo("audio only", _audio_only, "video_without_picture", True, None),
    BadVideo("0 frames a second", _zero_rate, "frame_times_assumed", False, (0.0, 3.9)),
    BadVideo("one frame", _one_frame, "single_frame", False, (0.0, 0.0)),
    BadVideo(
        "HLS to an address",
        _playlist("#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n"),
        "playlist_refused",
        True,
        None,
    ),
    BadVideo(
        "HLS to a file",
        _playlist("#EXTM3U\n#EXTINF:9,\nfile:///etc/passwd\n"),
        "playlist_refused",
        True,
        None,
    ),
    BadVideo(
        "concat script",
        _playlist("ffconcat version 1.0\nfile /etc/passwd\n"),
        "playlist_refused",
        True,
        None,
    ),
    BadVideo(
        "SDP",
        _playlist("v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\n"),
        "playlist_refused",
        True,
        None,
    ),
    BadVideo("8K", _eight_k, "very_large_frames", False, (0.0, 0.1)),
    BadVideo(
        "text called .mp4",
        lambda folder: (folder / "clip.mp4").write_text("no video") and None,
        "not_a_video",
        True,
        None,
    ),
    BadVideo(
        "only a header",
        lambda folder: (folder / "clip.mp4").write_bytes(_mp4()[:24]) and None,
        "video_without_index",
        True,
        None,
    ),
)
