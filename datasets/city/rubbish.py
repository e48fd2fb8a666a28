"""Lays out rubbish: fillings that rise over a bin's rim, heaps, loose litter, rubble, leaves."""

import math
import random

from zoubian.datasets.city.bags import BAG_VARIANTS, CRUMPLE_VARIANTS, mound_height
from zoubian.datasets.city.bins import SIZES
from zoubian.datasets.city.pieces import Piece, ShapeKey
from zoubian.datasets.city.seeds import weighted
from zoubian.datasets.city.settle import Rested, rest_height

BAG_COLOURS = (
    ("e9ebec", 5.0),
    ("dfe3e0", 3.0),
    ("15161a", 4.0),
    ("24262c", 2.0),
    ("b3262b", 1.6),
    ("2b58a8", 1.0),
    ("e8c9cf", 1.0),
    ("d9b23a", 0.7),
    ("3f8f4f", 0.7),
    ("8fb7c9", 0.8),
)
SCRAP_COLOURS = (
    ("f1f0ea", 5.0),
    ("d8d2c4", 2.0),
    ("c23a30", 1.4),
    ("2f6db5", 1.0),
    ("e0b73f", 1.0),
    ("57813f", 1.0),
    ("8a6a45", 1.2),
    ("e7a3b0", 0.6),
    ("3a3b3e", 0.8),
)


def bag_piece(source: random.Random, x: float, y: float, z: float, size_m: float) -> Piece:
    """A bag of a random kind standing on z."""
    kind = "tied_bag" if source.random() < 0.62 else "open_bag"
    return Piece(
        (kind, source.randrange(BAG_VARIANTS)),
        x,
        y,
        z,
        yaw=source.uniform(0.0, 360.0),
        pitch=source.uniform(-28.0, 28.0),
        roll=source.uniform(-28.0, 28.0),
        scale=size_m,
        colour=weighted(source, BAG_COLOURS),
    )


def scrap_piece(source: random.Random, x: float, y: float, z: float) -> Piece:
    """One small thing people throw away, lying anyhow."""
    table: tuple[tuple[tuple[ShapeKey, float], float], ...] = (
        ((("crumple", source.randrange(CRUMPLE_VARIANTS), "paper"), 0.20), 4.0),
        ((("crumple", source.randrange(CRUMPLE_VARIANTS), "film"), 0.24), 4.0),
        ((("bent_sheet", source.randrange(CRUMPLE_VARIANTS), "paper"), 0.24), 2.0),
        ((("bent_sheet", source.randrange(CRUMPLE_VARIANTS), "film"), 0.30), 2.0),
        ((("cup", "paper"), 0.12), 1.0),
        ((("bottle", "film#bcd3d8"), 0.23), 1.0),
        ((("lunch_box",), 0.19), 1.2),
        ((("leaf", "leaf#6f9a3f"), 0.22), 1.0),
        ((("bent_sheet", source.randrange(CRUMPLE_VARIANTS), "cardboard"), 0.42), 0.8),
    )
    shape, size = weighted(source, table)
    tilt = 90.0 if shape[0] in ("cup", "bottle") else source.uniform(-25.0, 25.0)
    return Piece(
        shape,
        x,
        y,
        z,
        yaw=source.uniform(0.0, 360.0),
        pitch=tilt,
        roll=source.uniform(-25.0, 25.0),
        scale=size * source.uniform(0.7, 1.25),
        colour=weighted(source, SCRAP_COLOURS),
    )


def carton_piece(source: random.Random, x: float, y: float, z: float) -> Piece:
    """A carton, upright or tipped."""
    shape: ShapeKey = (
        "carton",
        round(source.uniform(0.3, 0.55), 2),
        round(source.uniform(0.25, 0.4), 2),
        round(source.uniform(0.2, 0.42), 2),
        source.choice((2.0, 35.0, 110.0)),
    )
    roll = source.choice((0.0, 0.0, 12.0, -20.0))
    return Piece(shape, x, y, z, yaw=source.uniform(0.0, 360.0), roll=roll)


def filling(source: random.Random, litres: int, heaped_m: float) -> list[Piece]:
    """What a bin holds, in the bin's frame.

    Args:
        source: Random stream.
        litres: Size of the bin.
        heaped_m: How far the rubbish stands over the rim; negative: how far below it ends.
    """
    size = SIZES[litres]
    rim = size.height_m
    if heaped_m <= 0.0:
        return _scatter_in(source, litres, rim + heaped_m, 10)
    pieces = [
        Piece(
            ("mound", size.width_m * 0.40, size.depth_m * 0.39, 0.16, source.randrange(9), "trash"),
            z=rim - 0.09,
        )
    ]
    balls: list[Rested] = []
    many = max(3, round((7 if litres < 660 else 15) * heaped_m / 0.3))
    for _ in range(many):
        size_m = source.uniform(0.30, 0.46) * (0.9 if litres == 120 else 1.05)
        radius = size_m * 0.42
        x = source.uniform(-0.5, 0.5) * (size.width_m * 1.08 - radius)
        y = source.uniform(-0.5, 0.5) * (size.depth_m * 1.05 - radius)
        z = rest_height(x, y, radius, balls, ground_z=rim - 0.1, softness=0.42)
        if z + radius > rim + heaped_m * 1.25:
            continue
        balls.append(Rested(x, y, z, radius))
        pieces.append(bag_piece(source, x, y, z - radius * 0.75, size_m))
    for _ in range(10 if litres < 660 else 26):
        x = source.uniform(-0.5, 0.5) * size.width_m * 0.98
        y = source.uniform(-0.5, 0.5) * size.depth_m * 0.95
        z = rest_height(x, y, 0.05, balls, ground_z=rim, softness=0.15)
        pieces.append(scrap_piece(source, x, y, z))
    return pieces


def _scatter_in(source: random.Random, litres: int, z: float, count: int) -> list[Piece]:
    size = SIZES[litres]
    floor = ("mound", size.width_m * 0.36, size.depth_m * 0.34, 0.05, source.randrange(9), "trash")
    pieces = [Piece(floor, z=z - 0.12)]
    for _ in range(count):
        x = source.uniform(-0.4, 0.4) * size.width_m
        y = source.uniform(-0.38, 0.38) * size.depth_m
        pieces.append(scrap_piece(source, x, y, z - 0.08))
    return pieces


def heap(
    source: random.Random, rx: float, ry: float, bags: int, scraps: int, cartons: int
) -> list[Piece]:
    """Bags heaped over an oval of half axes rx, ry metres about the origin, with loose rubbish."""
    balls: list[Rested] = []
    pieces: list[Piece] = []
    for _ in range(cartons):
        x, y = _in_oval(source, rx, ry, 1.0)
        z = rest_height(x, y, 0.16, balls, ground_z=0.0, softness=0.4)
        balls.append(Rested(x, y, z, 0.19))
        pieces.append(carton_piece(source, x, y, max(0.0, z - 0.16)))
    for _ in range(bags):
        x, y = _in_oval(source, rx, ry, 0.7)
        size_m = source.uniform(0.34, 0.62)
        radius = size_m * 0.42
        z = rest_height(x, y, radius, balls, ground_z=0.0, softness=0.40)
        steep = 1.0 - math.hypot(x / rx, y / ry)
        if z > radius + 0.12 + 1.1 * min(rx, ry) * steep:  # it would have rolled down
            x, y = x * 1.5, y * 1.5
            z = rest_height(x, y, radius, balls, ground_z=0.0, softness=0.40)
            if z > radius * 1.5:
                continue
        balls.append(Rested(x, y, z, radius))
        pieces.append(bag_piece(source, x, y, max(0.0, z - radius * 0.8), size_m))
    for _ in range(scraps):
        x, y = _in_oval(source, rx * 1.25, ry * 1.3, 0.6)
        z = rest_height(x, y, 0.05, balls, ground_z=0.0, softness=0.3)
        pieces.append(scrap_piece(source, x, y, z - 0.01))
    return pieces


def loose_litter(source: random.Random, rx: float, ry: float, count: int) -> list[Piece]:
    """Scraps lying apart on the ground."""
    pieces = []
    for _ in range(count):
        x, y = _in_oval(source, rx, ry, 0.5)
        pieces.append(scrap_piece(source, x, y, 0.025))
    return pieces


def rubble(source: random.Random, rx: float, ry: float, height: float) -> list[Piece]:
    """Building rubble: a mound of crushed stuff with broken concrete and bricks on it."""
    seed = source.randrange(1000)
    pieces = [Piece(("mound", rx, ry, height, seed, "rubble"))]
    for index in range(150):
        x, y = _in_oval(source, rx * 1.12, ry * 1.12, 0.5)
        z = max(0.0, mound_height(x, y, rx, ry, height, seed))
        brick = source.random() < 0.4
        shape: ShapeKey = ("brick",) if brick else ("boulder", index % 5, "concrete")
        pieces.append(
            Piece(
                shape,
                x,
                y,
                z,
                yaw=source.uniform(0.0, 360.0),
                pitch=source.uniform(-40.0, 40.0),
                roll=source.uniform(-40.0, 40.0),
                scale=1.0 if brick else source.uniform(0.07, 0.34) ** 1.1,
            )
        )
    return pieces


def leaf_heap(source: random.Random, rx: float, ry: float, height: float) -> list[Piece]:
    """Swept leaves: a low mound with leaves on and round it (a decoy: sweepers collect it)."""
    seed = source.randrange(1000)
    pieces = [Piece(("mound", rx, ry, height, seed, "leaf_litter"))]
    for _ in range(260):
        x, y = _in_oval(source, rx * 1.5, ry * 1.5, 0.5)
        z = max(0.0, mound_height(x, y, rx, ry, height, seed)) + 0.012
        colour = source.choice(("b98a33", "9a6a28", "c9a540", "7d5a26", "8f8a3a"))
        pieces.append(
            Piece(
                ("leaf", f"leaf#{colour}"),
                x,
                y,
                z,
                yaw=source.uniform(0.0, 360.0),
                pitch=source.uniform(-30.0, 30.0),
                roll=source.uniform(-30.0, 30.0),
                scale=source.uniform(0.07, 0.13),
            )
        )
    return pieces


def _in_oval(source: random.Random, rx: float, ry: float, power: float) -> tuple[float, float]:
    """A point in an oval; power 0.5 spreads evenly, 1 crowds the middle."""
    angle, reach = source.uniform(0.0, 2.0 * math.pi), source.random() ** power
    return rx * reach * math.cos(angle), ry * reach * math.sin(angle)
