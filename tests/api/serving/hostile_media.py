"""Files that mean harm, built by code: what each is, and what must become of it."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import av
from bad_photos import encoded, png_chunk, street
from drawn_videos import Drawn, evenly, write_video
from pillow_heif import from_pillow

PNG = b"\x89PNG\r\n\x1a\n"
SCRIPT = b"<script>alert(1)</script>"


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file.

    Attributes:
        refused: code of the refusal where it is not even taken; None where it is.
        given_as: media type under which a taken one is given out.
        told: code of the line that looking at it brings; None where it is simply used.
    """

    name: str
    make: Callable[[], bytes]
    refused: str | None = None
    given_as: str | None = None
    told: str | None = None


def jpeg(**options: object) -> bytes:
    return encoded(street(), "JPEG", quality=85, **options)


def mp4() -> bytes:
    stream = io.BytesIO()
    write_video(stream, Drawn(evenly(1.0), container="mp4"))
    return stream.getvalue()


def zip_of(content: bytes, name: str = "IMG_1.jpg") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def zip_bomb() -> bytes:
    """A hundred million zeros, packed twice."""
    return zip_of(zip_of(bytes(100_000_000)), "inner.zip")


def tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        entry = tarfile.TarInfo("../../etc/cron.d/x")
        entry.size = 3
        archive.addfile(entry, io.BytesIO(b"bad"))
    return stream.getvalue()


def png_header(width: int, height: int, pixels: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", pixels)
    return PNG + body + png_chunk(b"IEND", b"")


def packed_zeros(count: int) -> bytes:
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    packed = [packer.compress(block) for _ in range(count >> 20)]
    packed.append(packer.compress(bytes(count & ((1 << 20) - 1))))
    return b"".join([*packed, packer.flush()])


def png_at_the_limit() -> bytes:
    """149 megapixels of black in some hundred KB: within the limit of pixels, so that the limit of
    memory has to hold."""
    return png_header(14_900, 10_000, packed_zeros((14_900 * 3 + 1) * 10_000))


def png_that_never_ends() -> bytes:
    """A small picture whose data unpack to a thousand times what it needs."""
    return png_header(64, 64, packed_zeros(200_000_000))


def png_with_a_bomb_of_a_profile() -> bytes:
    whole = encoded(street(), "PNG")
    profile = png_chunk(b"iCCP", b"x\0\0" + packed_zeros(300_000_000))
    return whole[:33] + profile + whole[33:]


def heic_that_claims_to_be_huge() -> bytes:
    """The size in the image's own properties: 65,535 x 65,535."""
    file = io.BytesIO()
    from_pillow(street()).save(file)
    data = bytearray(file.getvalue())
    at = data.index(b"ispe")
    struct.pack_into(">II", data, at + 8, 65_535, 65_535)
    return bytes(data)


def exif(entries: int, next_at: int) -> bytes:
    """A directory of so many entries that is followed by the one at `next_at`."""
    rows = b"".join(struct.pack("<HHII", 0x8769, 4, 1, 8) for _ in range(entries))
    return (
        b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", entries) + rows + struct.pack("<I", next_at)
    )


def tiff_in_a_ring() -> bytes:
    """A first directory that says it is followed by itself."""
    whole = bytearray(encoded(street(64, 48), "TIFF"))
    (at,) = struct.unpack_from("<I", whole, 4)
    (count,) = struct.unpack_from("<H", whole, at)
    struct.pack_into("<I", whole, at + 2 + 12 * count, at)
    return bytes(whole)


def gif_of_many_frames() -> bytes:
    """Ten thousand frames in 200 KB, each of which says to be 20,000 x 5,000."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 20_000, 5_000, 0x80, 0, 0) + bytes(6)
    frame = b"," + struct.pack("<HHHHB", 0, 0, 20_000, 5_000, 0) + b"\x02\x02\x44\x01\x00"
    return screen + frame * 10_000 + b";"


def jpeg_of_many_scans() -> bytes:
    """A progressive JPEG whose last scan is repeated two thousand times."""
    whole = encoded(street(1600, 1200), "JPEG", quality=30, progressive=True)
    at = whole.rindex(b"\xff\xda")
    scan = whole[at:-2]
    return whole[:at] + scan * 2000 + b"\xff\xd9"


def centuries() -> bytes:
    """Two frames that lie a hundred years apart."""
    stream = io.BytesIO()
    with av.open(stream, "w", format="matroska") as out:
        track = out.add_stream("mjpeg", rate=10)
        track.width, track.height, track.pix_fmt = 64, 48, "yuvj420p"
        packets = []
        for n in range(2):
            frame = av.VideoFrame(64, 48, "yuvj420p")
            frame.pts = n
            packets += track.encode(frame)
        packets += track.encode(None)
        for n, packet in enumerate(packets):
            packet.pts = packet.dts = n * 10 * 86_400 * 36_525
            out.mux(packet)
    return stream.getvalue()


def mov_with_its_samples_elsewhere() -> bytes:
    """A MOV whose data reference names a file of this machine."""
    data = mp4()
    at = data.index(b"url \0\0\0\1")
    return data[:at] + b"alis\0\0\0\0" + data[at + 8 :]


def text(*lines: str) -> Callable[[], bytes]:
    return lambda: "\n".join(lines).encode()


def behind(start: bytes, rest: Callable[[], bytes]) -> Callable[[], bytes]:
    return lambda: start + rest()


ARCHIVES = (
    Hostile("zip.jpg", lambda: zip_of(jpeg()), "not_media"),
    Hostile("bomb.zip", zip_bomb, "not_media"),
    Hostile("tar.jpg", tar, "not_media"),
    Hostile("gzip.mp4", lambda: b"\x1f\x8b\x08" + bytes(99), "not_media"),
    Hostile("seven.heic", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(99), "not_media"),
    Hostile("rar.png", lambda: b"Rar!\x1a\x07\x01\0" + bytes(99), "not_media"),
)
DOCUMENTS = (
    Hostile("page.jpg", lambda: b"<!DOCTYPE html>" + SCRIPT, "not_media"),
    Hostile("drawing.png", lambda: b"<svg onload='alert(1)'/>", "not_media"),
    Hostile("drawing.jpg", lambda: b"<?xml version='1.0'?><svg onload='alert(1)'/>", "not_media"),
    Hostile("paper.jpg", lambda: b"%PDF-1.7\n" + jpeg(), "not_media"),
    Hostile("program.jpg", lambda: b"MZ" + bytes(99), "not_media"),
    Hostile("script.jpg", lambda: b"#!/bin/sh\nrm -rf /\n", "not_media"),
    Hostile("elf.mp4", lambda: b"\x7fELF" + bytes(99), "not_media"),
    Hostile("track.gpx", lambda: b"<gpx>" + SCRIPT + b"</gpx>", None, "application/octet-stream"),
)
POLYGLOTS = (
    Hostile("photo.jpg", behind(jpeg(), lambda: zip_of(b"x")), None, "image/jpeg"),
    Hostile("photo.html", behind(jpeg(), lambda: SCRIPT), None, "image/jpeg"),
    Hostile("photo.js", lambda: jpeg(comment=b"*/alert(1)/*"), None, "image/jpeg"),
    Hostile("photo.exe", lambda: encoded(street(), "PNG") + SCRIPT, None, "image/png"),
    Hostile("gif.js", lambda: b"GIF89a/*" + bytes(60) + b"*/=1", None, "image/gif", "damaged"),
    Hostile("clip.jpg", mp4, None, "video/mp4"),
)
PLAYLISTS = (
    Hostile("hls.mp4", text("#EXTM3U", "#EXTINF:9,", "{address}/a.ts"), "playlist_refused"),
    Hostile("bom.mp4", text("\ufeff#EXTM3U", "{address}/a.ts"), "playlist_refused"),
    Hostile("concat.mp4", text("ffconcat version 1.0", "file /etc/passwd"), "playlist_refused"),
    Hostile("sdp.mp4", text("v=0", "o=- 0 0 IN IP4 127.0.0.1"), "playlist_refused"),
    Hostile(
        "dash.mp4",
        text('<?xml version="1.0"?>', "<MPD><BaseURL>{address}</BaseURL></MPD>"),
        "playlist_refused",
    ),
    Hostile("asx.avi", text('<ASX><Ref href="{address}"/></ASX>'), "playlist_refused"),
    Hostile("pls.mkv", text("[playlist]", "File1={address}"), "playlist_refused"),
    Hostile("rtsp.mov", text("rtsp://127.0.0.1:9/stream"), "playlist_refused"),
    Hostile("concat.ts", text("concat:/etc/passwd|/etc/hosts"), "playlist_refused"),
    Hostile("image.mvg", text("push graphic-context", "url({address})"), "not_media"),
)
BOMBS = (
    Hostile(
        "huge.png",
        lambda: png_header(60_000, 60_000, b""),
        given_as="image/png",
        told="too_many_pixels",
    ),
    Hostile("limit.png", png_at_the_limit, given_as="image/png", told="out_of_memory"),
    Hostile("endless.png", png_that_never_ends, given_as="image/png"),
    Hostile("profile.png", png_with_a_bomb_of_a_profile, given_as="image/png"),
    Hostile(
        "huge.heic", heic_that_claims_to_be_huge, given_as="image/heif", told="too_many_pixels"
    ),
    Hostile("exif.jpg", lambda: jpeg(exif=exif(5000, 8)), given_as="image/jpeg"),
    Hostile("ring.tif", tiff_in_a_ring, given_as="image/tiff"),
    Hostile("frames.gif", gif_of_many_frames, given_as="image/gif", told="truncated"),
    Hostile("scans.jpg", jpeg_of_many_scans, given_as="image/jpeg"),
    Hostile("centuries.mkv", centuries, given_as="video/x-matroska", told="video_too_long"),
    Hostile("elsewhere.mov", mov_with_its_samples_elsewhere, given_as="video/mp4"),
)
HOSTILE = (*ARCHIVES, *DOCUMENTS, *POLYGLOTS, *PLAYLISTS, *BOMBS)
