"""A stored video opened for decoding, by the one demuxer that fits its first bytes.

FFmpeg would guess the format and follow what a file points at: addresses, playlists, other files.
Here the bytes decide, only local files may be opened, and few demuxers and decoders are let in.
"""

from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from zoubian.pipeline.intake.filetypes import HEAD_BYTES, is_playlist, sniff
from zoubian.pipeline.intake.iso_boxes import find_box
from zoubian.pipeline.intake.messages import Message, message

_DEMUXERS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/x-matroska": "matroska",
    "video/x-msvideo": "avi",
    "video/mp2t": "mpegts",
}
_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts",
    "codec_whitelist": "h264,hevc,mpeg4,mjpeg,mpeg2video,vp8,vp9,av1,libdav1d,h263",
    "enable_drefs": "0",  # of MOV files that keep their samples in another file
}


def open_video(path: Path) -> InputContainer | Message:
    """Open a video; to be closed. Bad data is an answer.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if is_playlist(head):
        return message("playlist_refused")
    found = sniff(head)
    if found is None or found.kind != "video":
        return message("not_a_video")
    demuxer = _DEMUXERS.get(found.media_type)
    if demuxer is None:
        return message("unsupported_video", media_type=found.media_type)
    options = {k: v for k, v in _OPTIONS.items() if demuxer == "mov" or k != "enable_drefs"}
    try:
        # With its protocol named, no character of a path means anything but itself.
        return av.open(
            f"file:{path}", format=demuxer, container_options=options, metadata_errors="replace"
        )
    except (av.error.FFmpegError, ValueError):
        lost_index = demuxer == "mov" and _index_is_lost(path)
        return message("video_without_index" if lost_index else "video_damaged")


def picture_stream(container: InputContainer) -> VideoStream | None:
    """The stream of moving pictures; cover art is none."""
    for stream in container.streams.video:
        if not stream.disposition & stream.disposition.attached_pic:
            return stream
    return None


def _index_is_lost(path: Path) -> bool:
    """Whether an MP4 holds media, or claims to, but not the index that its camera writes last."""
    size_bytes = path.stat().st_size
    with path.open("rb") as file:
        return find_box(file, (b"moov",), size_bytes=size_bytes) is None
