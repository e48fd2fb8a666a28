"""GoPro's metadata (GPMF): positions out of the packets that a camera writes beside its picture.

The format is a tree of key, type, size, count and data, everything big-endian and padded to four
bytes (https://github.com/gopro/gpmf-parser describes it).
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zoubian.pipeline.intake.clip_fixes import ClipFix

_NEST = 0
_MOST_ITEMS = 20_000  # of one packet, which holds a second
_GPS9_EPOCH = datetime(2000, 1, 1)
_NUMBERS = {
    "b": "b",
    "B": "B",
    "s": "h",
    "S": "H",
    "l": "i",
    "L": "I",
    "j": "q",
    "J": "Q",
    "f": "f",
    "d": "d",
}
# What a drone's GPRI counts as "there is a fix", and GoPro's GPSF too: 2 = 2D, 3 = 3D.
_HAS_FIX = (2, 3)


@dataclass(frozen=True, slots=True)
class GpmfItem:
    """One key with its data; `children` instead of data where the key is a container."""

    key: bytes
    kind: str
    size: int
    count: int
    data: bytes
    children: tuple["GpmfItem", ...]


def is_gpmf(packet: bytes) -> bool:
    """Whether a data packet is GPMF: other streams of the same file are time codes and the like."""
    return packet[:4] == b"DEVC" and len(packet) >= 8


def read_items(data: bytes) -> tuple[GpmfItem, ...]:
    """The tree in a packet; what is cut or damaged ends it."""
    return tuple(_items(data, depth=0))


def gpmf_fixes(packet: bytes, *, start_s: float, end_s: float) -> list[ClipFix]:
    """Positions in one packet, spread evenly over its time; without a fix there are none.

    Args:
        start_s: of the packet, since the clip's first frame.
        end_s: of the packet.
    """
    fixes: list[ClipFix] = []
    for device in read_items(packet):
        for stream in device.children:
            if stream.key == b"STRM":
                fixes += _stream_fixes({item.key: item for item in stream.children}, start_s, end_s)
    return fixes


def camera_name(packet: bytes) -> str | None:
    """What the first device calls itself."""
    for device in read_items(packet):
        for item in device.children:
            if item.key == b"DVNM":
                return item.data.rstrip(b"\0").decode("latin-1")
    return None


def _items(data: bytes, *, depth: int) -> Iterator[GpmfItem]:
    at = 0
    for _ in range(_MOST_ITEMS):
        if at + 8 > len(data):
            return
        key, kind, size, count = struct.unpack_from(">4sBBH", data, at)
        length = size * count
        body = data[at + 8 : at + 8 + length]
        if len(body) < length or not any(key):
            return
        nested = kind == _NEST and depth < 4
        children = tuple(_items(body, depth=depth + 1)) if nested else ()
        yield GpmfItem(key, chr(kind), size, count, b"" if nested else body, children)
        at += 8 + -(-length // 4) * 4


def _stream_fixes(items: dict[bytes, GpmfItem], start_s: float, end_s: float) -> list[ClipFix]:
    if b"GPS9" in items:
        rows = _rows(items[b"GPS9"], items)
        placed = [(_gps9(row), (row[0], row[1])) for row in rows if len(row) >= 9]
    elif b"GPRI" in items:
        rows = _rows(items[b"GPRI"], items)
        placed = [(_gpri(row), (row[1], row[2])) for row in rows if len(row) >= 9]
    elif b"GPS5" in items:
        rows = _rows(items[b"GPS5"], items)
        state = _gps5_state(items)
        placed = [(state if index == 0 else _untimed(state), (row[0], row[1]))
                  for index, row in enumerate(rows) if len(row) >= 2]  # fmt: skip
    else:
        return []
    step_s = (end_s - start_s) / max(len(placed), 1)
    return [
        ClipFix(start_s + index * step_s, lat, lon, state.hdop, state.when)
        for index, (state, (lat, lon)) in enumerate(placed)
        if state is not None
    ]


@dataclass(frozen=True, slots=True)
class _State:
    """What is said of a fix besides its place."""

    hdop: float | None
    when: datetime | None


def _untimed(state: _State | None) -> _State | None:
    return None if state is None else _State(state.hdop, None)


def _gps5_state(items: dict[bytes, GpmfItem]) -> _State | None:
    """GPSF, GPSP and GPSU hold for a packet: its first fix carries the time."""
    fix = _first(items.get(b"GPSF"))
    if fix is not None and fix not in _HAS_FIX:
        return None
    dop = _first(items.get(b"GPSP"))
    text = items[b"GPSU"].data if b"GPSU" in items else b""
    return _State(None if dop is None else dop / 100, _written_time(text))


def _gps9(row: Sequence[float]) -> _State | None:
    days, seconds, dop, fix = row[5:9]
    if fix not in _HAS_FIX:
        return None
    timed = 0 < days < 36_500 and 0 <= seconds < 86_400
    return _State(dop, _GPS9_EPOCH + timedelta(days=days, seconds=seconds) if timed else None)


def _gpri(row: Sequence[float]) -> _State | None:
    """A drone's receiver: time since it was switched on, lat, lon, height, accuracies, ..., fix."""
    return _State(None, None) if row[8] in _HAS_FIX else None


def _first(item: GpmfItem | None) -> float | None:
    if item is None:
        return None
    rows = _unscaled_rows(item, item.kind)
    return rows[0][0] if rows and rows[0] else None


def _rows(item: GpmfItem, beside: dict[bytes, GpmfItem]) -> list[tuple[float, ...]]:
    """The samples of an item in their units: numbers divided by what SCAL says."""
    if item.kind == "?":
        kinds = beside[b"TYPE"].data.decode("latin-1") if b"TYPE" in beside else ""
    else:
        width = struct.calcsize(_NUMBERS.get(item.kind, "x"))
        kinds = item.kind * (item.size // width)
    rows = _unscaled_rows(item, kinds)
    scale = _scale(beside.get(b"SCAL"))
    if len(scale) == 1 and rows:
        scale = scale * len(rows[0])
    return [
        tuple(v / by for v, by in zip(row, scale, strict=True))
        for row in rows
        if len(row) == len(scale)
    ]


def _scale(item: GpmfItem | None) -> tuple[float, ...]:
    if item is None:
        return (1.0,)
    rows = _unscaled_rows(item, item.kind)
    return tuple(row[0] or 1.0 for row in rows if row) or (1.0,)


def _unscaled_rows(item: GpmfItem, kinds: str) -> list[tuple[float, ...]]:
    if not kinds or any(kind not in _NUMBERS for kind in kinds):
        return []
    layout = ">" + "".join(_NUMBERS[kind] for kind in kinds)
    if struct.calcsize(layout) != item.size:
        return []
    whole = len(item.data) // item.size * item.size
    return [tuple(map(float, row)) for row in struct.iter_unpack(layout, item.data[:whole])]


def _written_time(text: bytes) -> datetime | None:
    """GPSU, `191118234514.000`."""
    try:
        moment = datetime.strptime(text[:12].decode("ascii"), "%y%m%d%H%M%S")
        fraction = float(b"0" + text[12:16])
    except (ValueError, UnicodeDecodeError):
        return None
    return moment + timedelta(seconds=fraction)
