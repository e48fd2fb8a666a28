"""What a detector would answer on a drive, worked out from layout and camera without rendering.

Runs in the product's environment: the association of detections is tried on many drives, which
would take days to render. Things are projected as meshes, hidden by nearer ones, then a detector's
faults are added: misses, jitter, false alarms, wrong classes.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoubian.datasets.city.frames import Frame
from zoubian.datasets.city.pieces import Piece
from zoubian.datasets.city.projection import Camera
from zoubian.datasets.city.seeds import stream
from zoubian.datasets.city.shapes import shape
from zoubian.datasets.city.street import Street

Box = tuple[float, float, float, float]
HIDING = ("car", "tree", "cabinet", "bicycle", "compound_wall", "dump_truck")
TRUNK_M = 2.0  # under it a tree is a trunk; things on the ground are not behind its crown
NEAREST_M = 0.5
GRID_PX = 4.0
DIRECTIONS = 120  # in which the outermost vertices are kept: boxes stay within a pixel or two


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A thing as it shows in one frame.

    Attributes:
        thing_id: of the street; `spot_id` and `visual_class` likewise.
        box_xyxy_px: cut at the frame's edge.
        visible_share: of its box, 0 to 1: neither cut off nor behind something nearer.
        depth_m: along the optical axis.
    """

    thing_id: str
    spot_id: str
    visual_class: str
    box_xyxy_px: Box
    visible_share: float
    depth_m: float


@dataclass(frozen=True, slots=True)
class Faults:
    """What a detector gets wrong.

    Attributes:
        miss_share: of large things that stand free.
        small_px: a thing with this many pixels on its shorter side is missed every second time.
        jitter_px: standard deviation of each edge.
        confusion: class seen instead, and how often.
        false_per_frame: boxes where nothing is, of a class drawn from `false_classes`.
    """

    miss_share: float
    small_px: float
    jitter_px: float
    confusion: Mapping[str, Sequence[tuple[str, float]]]
    false_per_frame: float
    false_classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """One box of the made-up detector."""

    visual_class: str
    score: float
    box_xyxy_px: Box


@dataclass(frozen=True, slots=True, eq=False)
class _Body:
    """A thing or an obstacle: vertices (N, 3) in street coordinates."""

    name: tuple[str, str, str] | None
    vertices: NDArray[np.float64]


def glimpses(street: Street, frames: Sequence[Frame], *, reach_m: float) -> list[list[Glimpse]]:
    """Per frame what shows of the street's things up to `reach_m`, nearest first."""
    bodies = [
        _Body((thing.thing_id, thing.spot_id, thing.visual_class), _vertices(thing.pieces))
        for thing in street.things
    ] + [
        _Body(None, _vertices((piece,))) for piece in street.pieces if str(piece.shape[0]) in HIDING
    ]
    return [_glimpses(bodies, frame.camera, reach_m) for frame in frames]


def guesses(
    seen: Sequence[Glimpse], faults: Faults, size_px: tuple[int, int], *, seed: str
) -> list[Guess]:
    """A detector's answer to one frame; the same for the same seed."""
    source = stream("detector", seed)
    found = []
    for glimpse in seen:
        name = glimpse.visual_class
        for other, share in faults.confusion.get(name, ()):
            if source.random() < share:
                name = other
                break
        found += _guess(source, glimpse, name, faults, size_px)
    count = int(faults.false_per_frame + source.random())
    for _ in range(count):
        width, height = source.uniform(20.0, 90.0), source.uniform(20.0, 70.0)
        x = source.uniform(0.0, size_px[0] - width)
        y = source.uniform(size_px[1] * 0.45, size_px[1] - height)
        score = min(0.95, source.betavariate(2.0, 4.0) + 0.1)
        found.append(
            Guess(source.choice(faults.false_classes), score, (x, y, x + width, y + height))
        )
    return found


def _guess(
    source: random.Random, glimpse: Glimpse, name: str, faults: Faults, size_px: tuple[int, int]
) -> list[Guess]:
    """One box or, where it is missed, none. A decoy that is confused with nothing gives none."""
    x0, y0, x1, y1 = glimpse.box_xyxy_px
    side = min(x1 - x0, y1 - y0)
    clear = side**2 / (side**2 + faults.small_px**2)
    miss = 1.0 - (1.0 - faults.miss_share) * clear
    hit = source.random() >= miss and glimpse.visible_share > 0.35
    jitter = [source.gauss(0.0, faults.jitter_px) for _ in range(4)]
    score = min(0.97, max(0.05, 0.35 + 0.45 * clear + source.gauss(0.0, 0.13)))
    if not hit or name not in faults.confusion:
        return []
    left, right = sorted((x0 + jitter[0], x1 + jitter[2]))
    top, bottom = sorted((y0 + jitter[1], y1 + jitter[3]))
    box = (
        max(0.0, left),
        max(0.0, top),
        min(float(size_px[0]), right),
        min(float(size_px[1]), bottom),
    )
    return [Guess(name, score, box)]


def _vertices(pieces: Sequence[Piece]) -> NDArray[np.float64]:
    """The outermost vertices of pieces, which are all that a box depends on."""
    points = np.concatenate([_placed(piece) for piece in pieces if piece.shape[0] != "text"])
    if pieces[0].shape[0] == "tree":
        points = points[points[:, 2] < TRUNK_M]
    turns = np.arange(DIRECTIONS) * math.pi * (3.0 - math.sqrt(5.0))  # a Fibonacci sphere
    heights = np.linspace(-1.0, 1.0, DIRECTIONS)
    rims = np.sqrt(1.0 - heights**2)
    directions = np.stack([np.cos(turns) * rims, np.sin(turns) * rims, heights])
    outer: NDArray[np.float64] = points[np.unique((points @ directions).argmax(axis=0))]
    return outer


def _placed(piece: Piece) -> NDArray[np.float64]:
    points = np.array(shape(piece.shape).vertices, dtype=np.float64) * piece.scale
    for axis, degrees in ((0, piece.roll), (1, piece.pitch), (2, piece.yaw)):
        a, b = (axis + 1) % 3, (axis + 2) % 3
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        points[:, a], points[:, b] = (
            c * points[:, a] - s * points[:, b],
            s * points[:, a] + c * points[:, b],
        )
    moved: NDArray[np.float64] = points + np.array([piece.x, piece.y, piece.z])
    return moved


def _glimpses(bodies: Sequence[_Body], camera: Camera, reach_m: float) -> list[Glimpse]:
    rows, columns = math.ceil(camera.height / GRID_PX), math.ceil(camera.width / GRID_PX)
    hidden = np.zeros((rows, columns), dtype=bool)
    projected = []
    for body in bodies:
        if np.hypot(*(body.vertices[0, :2] - (camera.x, camera.y))) > reach_m + 15.0:
            continue
        found = _projected(body.vertices, camera)
        if found is not None and found[1] <= reach_m:
            projected.append((found[1], body, found[0]))
    seen = []
    for depth, body, whole in sorted(projected, key=lambda item: item[0]):
        x0, x1 = (min(max(whole[i], 0.0), float(camera.width)) for i in (0, 2))
        y0, y1 = (min(max(whole[i], 0.0), float(camera.height)) for i in (1, 3))
        if x1 - x0 < 2.0 or y1 - y0 < 2.0:
            continue
        cells = (
            slice(int(y0 / GRID_PX), math.ceil(y1 / GRID_PX)),
            slice(int(x0 / GRID_PX), math.ceil(x1 / GRID_PX)),
        )
        kept = (x1 - x0) * (y1 - y0) / ((whole[2] - whole[0]) * (whole[3] - whole[1]))
        share = kept * (1.0 - float(hidden[cells].mean()))
        hidden[cells] = True
        if body.name is not None:
            seen.append(Glimpse(*body.name, (x0, y0, x1, y1), share, depth))
    return seen


def _projected(vertices: NDArray[np.float64], camera: Camera) -> tuple[Box, float] | None:
    """The box of the vertices before the camera, uncut, and the least depth."""
    right, up, forward = (np.array(axis) for axis in camera.axes())
    offset = vertices - (camera.x, camera.y, camera.z)
    depth = offset @ forward
    front = depth > NEAREST_M
    if not front.any():
        return None
    scale = camera.focal_px / depth[front]
    columns = camera.width / 2.0 + (offset[front] @ right) * scale
    rows = camera.height / 2.0 - (offset[front] @ up) * scale
    box = (float(columns.min()), float(rows.min()), float(columns.max()), float(rows.max()))
    return box, float(depth[front].min())
