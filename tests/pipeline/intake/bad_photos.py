"""Bad and odd inputs, built by code: what each is called, how to make it, what must be said."""

import io
import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin
from pillow_heif import from_pillow


@dataclass(frozen=True, slots=True)
class BadPhoto:
    """One bad or odd input.

    Attributes:
        build: writes it into an empty folder.
        expected_code: the problem's or note's code; None where the picture is simply used.
        is_problem: the input cannot be used (exit code 1); otherwise it is, or is skipped rightly.
    """

    name: str
    build: Callable[[Path], None]
    expected_code: str | None
    is_problem: bool


def street(width_px: int = 320, height_px: int = 240) -> Image.Image:
    """A textured picture that passes the quality gate."""
    seed = np.random.default_rng(7)
    coarse = seed.integers(40, 220, (height_px // 8, width_px // 8, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((width_px, height_px), Image.Resampling.NEAREST)
    return picture


def encoded(picture: Image.Image, file_format: str, **options: object) -> bytes:
    """A picture as the bytes of a file."""
    file = io.BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """One PNG chunk with its checksum."""
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def gps_exif(lat: tuple[float, ...], lon: tuple[float, ...]) -> Image.Exif:
    """EXIF with a northern, eastern position in degrees, minutes and seconds."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: lat, 3: "E", 4: lon})
    return exif


def _write(name: str, make: Callable[[], bytes]) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        (folder / name).write_bytes(make())

    return build


def _jpeg(**options: object) -> bytes:
    return encoded(street(), "JPEG", quality=90, **options)


def _cut_jpeg() -> bytes:
    return _jpeg()[:-4000]


def _zero_tailed_jpeg() -> bytes:
    whole = _jpeg()
    return whole[: len(whole) // 2] + bytes(len(whole) // 2)


def _cut_behind_thumbnail() -> bytes:
    """The end marker of a thumbnail inside EXIF must not pass for the picture's own."""
    thumbnail = encoded(street(64, 48), "JPEG")
    comment = b"\xff\xfe" + struct.pack(">H", len(thumbnail) + 2) + thumbnail
    whole = _jpeg()
    return whole[:2] + comment + whole[2:-4000]


def _jpeg_with_broken_tables() -> bytes:
    whole = bytearray(_jpeg())
    at = whole.index(b"\xff\xc4")
    whole[at + 4 : at + 24] = b"\xff" * 20
    return bytes(whole)


def _huge_png_header() -> bytes:
    header = struct.pack(">IIBBBBB", 200_000, 200_000, 8, 2, 0, 0, 0)
    pixels = png_chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + pixels + png_chunk(b"IEND", b"")


def _png_with_huge_text() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "x" * 3_000_000, zip=True)  # Pillow refuses above 1 MB
    return encoded(street(), "PNG", pnginfo=text)


def _deep_grey_png() -> bytes:
    ramp = np.linspace(0, 65535, 320 * 240).reshape(240, 320).astype(np.uint16)
    return encoded(Image.fromarray(ramp), "PNG")


def _animation(file_format: str) -> Callable[[], bytes]:
    frames = [street(), Image.new("RGB", (320, 240), "black")]
    return lambda: encoded(frames[0], file_format, save_all=True, append_images=frames[1:])


def _jpeg_with_broken_exif() -> bytes:
    exif = b"Exif\0\0II*\0" + b"\xff" * 60
    return _jpeg(exif=exif)


def _jpeg_with_absurd_thumbnail() -> bytes:
    """A second directory whose thumbnail claims to be 4 GB long."""
    main = struct.pack("<HHHII", 1, 0x0112, 3, 1, 1) + struct.pack("<I", 26)
    entries = ((0x0103, 3, 1, 6), (0x0201, 4, 1, 60), (0x0202, 4, 1, 0xFFFFFFF0))
    second = struct.pack("<H", 3) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return _jpeg(exif=b"Exif\0\0II*\0\x08\0\0\0" + main + second + bytes(4))


def _heif(cut_bytes: int) -> Callable[[], bytes]:
    def make() -> bytes:
        file = io.BytesIO()
        from_pillow(street()).save(file)
        return file.getvalue()[: -cut_bytes or None]

    return make


def _gpx(points: int, ending: str = "</trkseg></trk></gpx>") -> str:
    rows = "".join(
        f'<trkpt lat="{43.88 + i * 1e-5:.6f}" lon="125.32"><time>2024-05-06T07:{i // 60:02}:'
        f"{i % 60:02}Z</time></trkpt>"
        for i in range(points)
    )
    return f'<?xml version="1.0"?><gpx version="1.1" creator="t"><trk><trkseg>{rows}{ending}'


def _entity_bomb() -> bytes:
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
    )
    gpx = '<gpx version="1.1" creator="t"><trk><name>&j;</name></trk></gpx>'
    return f'<?xml version="1.0"?><!DOCTYPE gpx [{entities}]>{gpx}'.encode()


def _links_in_a_ring(folder: Path) -> None:
    (folder / "ring_a.jpg").symlink_to(folder / "ring_b.jpg")
    (folder / "ring_b.jpg").symlink_to(folder / "ring_a.jpg")


def _folder_loop(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "loop").symlink_to(folder, target_is_directory=True)


def _dangling(folder: Path) -> None:
    (folder / "gone.jpg").symlink_to(folder / "nowhere.jpg")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe.jpg")


def _folder_named_like_a_photo(folder: Path) -> None:
    (folder / "x.jpg").mkdir()
    (folder / "x.jpg" / "inside.jpg").write_bytes(_jpeg())


def _gbk_name(folder: Path) -> None:
    (folder / os.fsdecode("照片.jpg".encode("gb18030"))).write_bytes(_jpeg())


BAD_PHOTOS: tuple[BadPhoto, ...] = (
    BadPhoto("cut JPEG", _write("a.jpg", _cut_jpeg), "truncated", True),
    BadPhoto("JPEG with a tail of zeros", _write("a.jpg", _zero_tailed_jpeg), "truncated", True),
    BadPhoto(
        "JPEG cut behind thumbnail", _write("a.jpg", _cut_behind_thumbnail), "truncated", True
    ),
    BadPhoto(
        "cut PNG", _write("a.png", lambda: encoded(street(), "PNG")[:-300]), "truncated", True
    ),
    BadPhoto(
        "cut WebP", _write("a.webp", lambda: encoded(street(), "WEBP")[:-300]), "truncated", True
    ),
    BadPhoto("cut HEIC", _write("a.heic", _heif(500)), "truncated", True),
    BadPhoto("JPEG with broken tables", _write("a.jpg", _jpeg_with_broken_tables), "damaged", True),
    BadPhoto(
        "script behind a GIF header",
        _write("a.gif", lambda: b"GIF89a/*" + b"\0" * 60 + b"*/=1;alert(1)"),
        "damaged",
        True,
    ),
    BadPhoto("0 bytes", _write("a.jpg", bytes), "empty", True),
    BadPhoto("text called .jpg", _write("a.jpg", lambda: b"no picture\n"), "not_a_picture", True),
    BadPhoto(
        "PDF before a JPEG", _write("a.jpg", lambda: b"%PDF-1.4\n" + _jpeg()), "not_a_picture", True
    ),
    BadPhoto(
        "200,000 x 200,000 header", _write("a.png", _huge_png_header), "too_many_pixels", True
    ),
    BadPhoto(
        "Canon raw",
        _write("a.cr2", lambda: b"II*\0\x10\0\0\0CR\x02\0" + bytes(90)),
        "unsupported_format",
        True,
    ),
    BadPhoto("links in a ring", _links_in_a_ring, "symlink_loop", True),
    BadPhoto("folder loop", _folder_loop, "symlink_loop", True),
    BadPhoto("dangling link", _dangling, "dangling_link", True),
    BadPhoto("pipe called .jpg", _pipe, "not_a_file", True),
    BadPhoto("file name in GBK", _gbk_name, "name_not_unicode", True),
    BadPhoto("broken GPX", _write("t.gpx", lambda: b"<gpx><trk><oops"), "track_damaged", True),
    BadPhoto("text called .gpx", _write("t.gpx", lambda: b"no track\n"), "track_damaged", True),
    BadPhoto(
        "cut GPX", _write("t.gpx", lambda: _gpx(9, "<trkpt lat='4").encode()), "track_cut", True
    ),
    BadPhoto("entity bomb GPX", _write("t.gpx", _entity_bomb), "track_unsafe", True),
    BadPhoto("camera thumbnail", _write("a.thm", _jpeg), "side_files", False),
    BadPhoto("animated GIF", _write("a.gif", _animation("GIF")), "animated_first_frame", False),
    BadPhoto("animated WebP", _write("a.webp", _animation("WEBP")), "animated_first_frame", False),
    BadPhoto("animated PNG", _write("a.png", _animation("PNG")), "animated_first_frame", False),
    BadPhoto("broken EXIF", _write("a.jpg", _jpeg_with_broken_exif), "exif_broken", False),
    BadPhoto(
        "EXIF position 0/0",
        _write("a.jpg", lambda: _jpeg(exif=gps_exif((0, 0, 0), (0, 0, 0)))),
        "position_zero",
        False,
    ),
    BadPhoto(
        "EXIF position out of range",
        _write("a.jpg", lambda: _jpeg(exif=gps_exif((143, 0, 0), (125, 0, 0)))),
        "position_damaged",
        False,
    ),
    BadPhoto("absurd EXIF thumbnail", _write("a.jpg", _jpeg_with_absurd_thumbnail), None, False),
    BadPhoto(
        "CMYK JPEG", _write("a.jpg", lambda: encoded(street().convert("CMYK"), "JPEG")), None, False
    ),
    BadPhoto("16-bit PNG", _write("a.png", _deep_grey_png), None, False),
    BadPhoto("PNG with huge text", _write("a.png", _png_with_huge_text), None, False),
    BadPhoto("JPEG called .png", _write("a.png", _jpeg), None, False),
    BadPhoto(
        "JPEG with a ZIP behind",
        _write("a.jpg", lambda: _jpeg() + b"PK\x03\x04" + bytes(99)),
        None,
        False,
    ),
    BadPhoto("HEIC called .jpg", _write("a.jpg", _heif(0)), None, False),
    BadPhoto("folder called .jpg", _folder_named_like_a_photo, None, False),
    BadPhoto("Chinese name with spaces", _write("垃圾 照片 (1).jpg", _jpeg), None, False),
)
