"""The truth of a picture: each thing's pixels, box, visible share and place."""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Box = tuple[float, float, float, float]

# They look like a problem and are none; their truth lets a wrong find be named.
DECOY_CLASSES = ("goods_van", "leaf_heap", "truck_empty")


@dataclass(frozen=True, slots=True)
class IdMask:
    """One id a pixel, rows from the top; 0 is nothing of the truth.

    Attributes:
        width: Pixels.
        height: Pixels.
        ids: `width * height` bytes.
    """

    width: int
    height: int
    ids: bytes

    def __post_init__(self) -> None:
        if len(self.ids) != self.width * self.height:
            raise ValueError(f"expected {self.width * self.height} ids, got {len(self.ids)}")

    def upright(self) -> "IdMask":
        """The mask of a picture stored lying (EXIF orientation 6), turned 90 degrees clockwise.

        >>> IdMask(2, 1, bytes([1, 2])).upright()
        IdMask(width=1, height=2, ids=b'\\x01\\x02')
        """
        columns = [self.ids[column :: self.width] for column in range(self.width)]
        return IdMask(self.height, self.width, b"".join(column[::-1] for column in columns))

    def extents(self) -> dict[int, tuple[Box, int]]:
        """Per id its box (x0, y0, x1, y1; right and lower edge exclusive) and pixel count.

        >>> IdMask(3, 2, bytes([0, 7, 7, 0, 7, 0])).extents()
        {7: ((1, 0, 3, 2), 3)}
        """
        found: dict[int, list[int]] = {}
        for row in range(self.height):
            line = self.ids[row * self.width : (row + 1) * self.width]
            for number in set(line) - {0}:
                left, right = line.index(number), line.rindex(number) + 1
                entry = found.setdefault(number, [left, row, right, row + 1, 0])
                entry[0], entry[2] = min(entry[0], left), max(entry[2], right)
                entry[3] = row + 1
                entry[4] += line.count(number)
        return {n: ((e[0], e[1], e[2], e[3]), e[4]) for n, e in sorted(found.items())}

    def save_png(self, path: Path) -> None:
        """Writes the ids as a grey PNG (small: large flat areas)."""
        rows = b"".join(
            b"\x00" + self.ids[row * self.width : (row + 1) * self.width]
            for row in range(self.height)
        )
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 0, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks))


@dataclass(frozen=True, slots=True)
class TruthObject:
    """One thing as it shows in one picture.

    Attributes:
        thing_id: Stable over the pictures of a street.
        mask_id: Its value in the picture's mask.
        visual_class: Zoubian's visual class or a decoy's name.
        spot_id: Things of one spot are one case.
        state: Such as lid or cover state.
        box_xyxy_px: Box round the visible pixels of the upright picture.
        pixels: Visible pixels.
        visibility: Visible pixels over those it would show unhidden and uncut, 0 to 1.
        lat: WGS-84 of its foot; `lon` likewise.
        distance_m: From the camera over the ground.
    """

    thing_id: str
    mask_id: int
    visual_class: str
    spot_id: str
    state: Mapping[str, str]
    box_xyxy_px: Box
    pixels: int
    visibility: float
    lat: float
    lon: float
    distance_m: float


def visibility(visible_px: int, unhidden_px: int) -> float:
    """Share of a thing that shows; the two counts differ by sampling, so it is capped at 1.

    >>> visibility(50, 200), visibility(10, 0), visibility(103, 100)
    (0.25, 0.0, 1.0)
    """
    return 0.0 if unhidden_px <= 0 else round(min(1.0, visible_px / unhidden_px), 3)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
