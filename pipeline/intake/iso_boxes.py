"""The boxes of an MP4 or MOV file, walked by seeking: media may be larger than memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_MOST_BOXES = 10_000  # a damaged file may claim millions of tiny ones


@dataclass(frozen=True, slots=True)
class IsoBox:
    """One box: its type, and where its content begins and ends in the file."""

    kind: bytes
    start: int
    end: int


def iso_boxes(stream: BinaryIO, start: int, end: int) -> Iterator[IsoBox]:
    """The boxes between two places of a file, without what is inside them.

    A box that claims to reach beyond `end` is given as it claims: the file is cut there.
    """
    at = start
    for _ in range(_MOST_BOXES):
        stream.seek(at)
        head = stream.read(16)
        if at + 8 > end or len(head) < 8:
            return
        size, header = int.from_bytes(head[:4], "big"), 8
        if size == 1 and len(head) == 16:
            size, header = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:  # by definition: up to the end of the file
            size = end - at
        if size < header:
            return  # damaged
        yield IsoBox(head[4:8], at + header, at + size)
        at += size


def find_box(stream: BinaryIO, path: tuple[bytes, ...], *, size_bytes: int) -> IsoBox | None:
    """The first box at a path of types such as `(b"moov", b"gps ")`; None where there is none.

    Args:
        size_bytes: of the whole file.
    """
    found = IsoBox(b"", 0, size_bytes)
    for kind in path:
        inside = iso_boxes(stream, found.start, min(found.end, size_bytes))
        step = next((box for box in inside if box.kind == kind), None)
        if step is None:
            return None
        found = step
    return found
