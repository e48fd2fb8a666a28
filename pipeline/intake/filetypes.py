"""What a file is, told by its first bytes; its name only decides what the bytes leave open."""

import re
from dataclasses import dataclass
from typing import Literal

from zoubian.pipeline.intake.dji_srt import is_position_srt

HEAD_BYTES = 4096  # enough to see the tag of a GPX file behind its XML preamble

Kind = Literal["photo", "video", "track", "subtitle"]


@dataclass(frozen=True, slots=True)
class FileType:
    """The kind of a file and its media type (`image/jpeg`, `application/gpx+xml`, ...)."""

    kind: Kind
    media_type: str


def sniff(head: bytes) -> FileType | None:
    """Tell a file's type from its first `HEAD_BYTES` bytes, None when they say nothing.

    >>> sniff(b"\\xff\\xd8\\xff\\xe0")
    FileType(kind='photo', media_type='image/jpeg')
    """
    for magic, kind, media_type in _MAGIC:
        if head.startswith(magic):
            return FileType(kind, media_type)
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[:2] == b"BM" and head[14:18] in _BMP_HEADER_SIZES:
        return FileType("photo", "image/bmp")
    if head[4:8] in (b"moov", b"mdat", b"wide", b"pnot"):
        return FileType("video", "video/quicktime")
    if _is_transport_stream(head):
        return FileType("video", "video/mp2t")
    return _text_track(head)


def is_playlist(head: bytes) -> bool:
    """Whether a text names other media for a player to open: addresses, or files of this machine.

    >>> is_playlist(b"#EXTM3U\\n#EXTINF:9,\\nhttp://10.0.0.1/a.ts")
    True
    """
    return _PLAYLIST.match(head.decode("utf-8-sig", errors="replace")) is not None


def is_side_file(name: str) -> bool:
    """Whether the name alone says: left by a system or camera, never a photo of its own.

    Camera thumbnails (`.thm`) are JPEG and preview clips (`.lrv`) MP4 inside, so that their bytes
    would mislead.
    """
    lower = name.lower()
    return (
        lower.startswith(".")
        or lower in ("thumbs.db", "desktop.ini", "ehthumbs.db")
        or lower.endswith((".thm", ".lrv", ".aae"))
    )


def claims_media(suffix: str) -> bool:
    """Whether a file name's suffix (with its dot) promises a picture or video."""
    return suffix.lower() in _MEDIA_SUFFIXES


def claims_track(suffix: str) -> bool:
    """Whether a file name's suffix (with its dot) promises a track."""
    return suffix.lower() in (".gpx", ".nmea", ".nma")


def claims_video(suffix: str) -> bool:
    """Whether a file name's suffix (with its dot) promises a video."""
    return suffix.lower() in _VIDEO_SUFFIXES


_MAGIC: tuple[tuple[bytes, Kind, str], ...] = (
    (b"\xff\xd8\xff", "photo", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "photo", "image/png"),
    (b"GIF87a", "photo", "image/gif"),
    (b"GIF89a", "photo", "image/gif"),
    (b"FUJIFILMCCD-RAW", "photo", "image/x-fuji-raf"),
    (b"II*\0\x10\0\0\0CR", "photo", "image/x-canon-cr2"),
    (b"II*\0", "photo", "image/tiff"),
    (b"MM\0*", "photo", "image/tiff"),
    (b"II+\0", "photo", "image/tiff"),
    (b"MM\0+", "photo", "image/tiff"),
    (b"IIU\0", "photo", "image/x-panasonic-rw2"),
    (b"\xff\x0a", "photo", "image/jxl"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "photo", "image/jxl"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "photo", "image/jp2"),
    (b"8BPS", "photo", "image/vnd.adobe.photoshop"),
    (b"\x1a\x45\xdf\xa3", "video", "video/x-matroska"),
    (b"\0\0\x01\xba", "video", "video/mpeg"),
    (b"\0\0\x01\xb3", "video", "video/mpeg"),
    (b"FLV\x01", "video", "video/x-flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video", "video/x-ms-asf"),
)
_RIFF = {
    b"WEBP": FileType("photo", "image/webp"),
    b"AVI ": FileType("video", "video/x-msvideo"),
}
_BMP_HEADER_SIZES = tuple(n.to_bytes(4, "little") for n in (12, 40, 52, 56, 64, 108, 124))
_PHOTO_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"crx ": "image/x-canon-cr3",
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"mif1", b"mif2"), "image/heif"),
    **dict.fromkeys((b"hevc", b"hevx", b"msf1"), "image/heif"),
}
_VIDEO_SUFFIXES = frozenset(
    ".mp4 .mov .m4v .avi .mkv .webm .ts .mts .m2ts .3gp .mpg .mpeg .wmv .flv".split()
)
_MEDIA_SUFFIXES = _VIDEO_SUFFIXES | frozenset(
    ".jpg .jpeg .jpe .jfif .png .webp .heic .heif .hif .avif .gif .tif .tiff .bmp .dng .cr2 .cr3 "
    ".nef .arw".split()
)
# HLS, FFmpeg's concat, SDP, DASH, PLS, ASX, SMIL, RealMedia and plain lists of addresses.
_PLAYLIST = re.compile(
    r"\s*(#EXTM3U|ffconcat\s+version|v=0\s+o=|(<\?xml[^>]*>\s*)?<(MPD|ASX|smil|SmoothStreaming)\b"
    r"|\[playlist\]|\[Reference\]|(https?|rtsp|rtmp|mms|file|ftp|concat):)",
    re.IGNORECASE,
)
_XML_START = re.compile(r"\s*<(\?xml|!--|!DOCTYPE|gpx|\w+:gpx)")
_GPX_TAG = re.compile(r"<(\w+:)?gpx[\s>]")
_NMEA_LINE = re.compile(r"^[^\n$]{0,40}\$[A-Z]{2}(RMC|GGA|GLL|GSA|GSV|VTG|ZDA),", re.MULTILINE)


def _iso_media(head: bytes) -> FileType:
    """An ISO base media file by its brands: HEIF and AVIF are photos, the rest is video."""
    size = int.from_bytes(head[:4], "big")
    box = head[8 : min(max(size, 16), 256)]
    brands = [box[:4], *(box[at : at + 4] for at in range(8, len(box), 4))]
    if brands[0] in (b"mif1", b"msf1") and b"avif" in brands:
        return FileType("photo", "image/avif")
    if brands[0] in _PHOTO_BRANDS:
        return FileType("photo", _PHOTO_BRANDS[brands[0]])
    return FileType("video", "video/quicktime" if brands[0] == b"qt  " else "video/mp4")


def _is_transport_stream(head: bytes) -> bool:
    """Sync bytes every 188 bytes (MPEG-TS) or every 192 from the fourth (M2TS)."""
    return any(
        len(head) > first + 4 * step and all(head[first + i * step] == 0x47 for i in range(5))
        for first, step in ((0, 188), (4, 192))
    )


def _text_track(head: bytes) -> FileType | None:
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = head.decode(encoding, errors="replace")
    if _XML_START.match(text):
        return FileType("track", "application/gpx+xml") if _GPX_TAG.search(text) else None
    if _NMEA_LINE.search(text):
        return FileType("track", "application/x-nmea")
    return FileType("subtitle", "application/x-subrip") if is_position_srt(text) else None
