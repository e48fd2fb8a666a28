"""Spots of building and road works, bare soil and snow."""

import random

from zoubian.datasets.city.pieces import Piece, Thing
from zoubian.datasets.city.rubbish import rubble
from zoubian.datasets.city.spots import TRENCH_M, SpotPlan, put


def rubble_heap(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """Broken bricks and concrete tipped out."""
    pieces = rubble(source, 1.7 * plan.size, 1.0 * plan.size, 0.85 * plan.size)
    return [put(plan, pieces, (0, 0, 0), name="rubble", visual_class="rubble_heap")]


def sand_heap(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """A heap of building sand, now and then with a shovel's board and sacks of cement."""
    size = plan.size
    pieces = [
        Piece(
            (
                "mound",
                round(1.6 * size, 2),
                round(1.2 * size, 2),
                round(0.8 * size, 2),
                source.randrange(99),
                "sand",
            )
        )
    ]
    for index in range(source.randrange(0, 5)):
        pieces.append(
            Piece(
                ("sack", index % 3), 1.9 * size, -0.5 + 0.3 * index, 0.0, yaw=source.uniform(0, 40)
            )
        )
    return [put(plan, pieces, (0, 0, 0), name="sand", visual_class="sand_heap")]


def brick_heap(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """Bricks stacked or tipped out at the roadside."""
    pieces = []
    tidy = source.random() < 0.5
    for layer in range(7):
        for row in range(4):
            for column in range(7 if tidy else 6):
                x, y = (column - 3) * 0.25, (row - 1.5) * 0.125
                jitter = 0.008 if tidy else 0.03
                pieces.append(_brick(source, x, y, 0.03 + layer * 0.055, jitter))
    for _ in range(25 if tidy else 70):
        x, y = source.gauss(0.0, 0.9), source.gauss(-0.1, 0.5)
        if abs(x) > 0.95 or abs(y) > 0.33:
            pieces.append(_brick(source, x, y, 0.035, 0.0, source.uniform(0.0, 360.0)))
    return [put(plan, pieces, (0, 0, 0), name="bricks", visual_class="brick_heap")]


def excavation(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """A dug-up patch with its soil beside it: hoarded all round or open."""
    hoarded = plan.kind == "excavation_hoarded"
    pieces = [
        Piece(("pit", 2.6, 1.5)),
        Piece(("mound", 1.3, 0.6, 0.55, source.randrange(99), "soil"), 0.0, 1.5, 0.0),
    ]
    for _ in range(14):
        lump = ("boulder", source.randrange(5), "asphalt")
        pieces.append(
            Piece(
                lump,
                source.gauss(1.7, 0.3),
                source.gauss(0, 0.5),
                0.05,
                scale=source.uniform(0.15, 0.4),
            )
        )
    if hoarded:
        for x, y, yaw, length in (
            (0, -1.5, 0, 5.0),
            (0, 2.5, 180, 5.0),
            (-2.5, 0.5, -90, 4.0),
            (2.5, 0.5, 90, 4.0),
        ):
            pieces.append(Piece(("hoarding", length), float(x), float(y), 0.0, yaw=float(yaw)))
    elif source.random() < 0.5:
        pieces.append(Piece(("cone",), -1.9, -1.0, 0.0))
    state = "complete" if hoarded else "none"
    visual_class = plan.kind
    return [put(plan, pieces, (0, 0, 0), name="pit", visual_class=visual_class, hoarding=state)]


def trench(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """A hole really cut into the ground, its soil beside it, open to whoever walks there."""
    length, width = TRENCH_M
    pieces = [
        Piece(("trench", length, width, 1.1)),
        Piece(("mound", 1.4, 0.55, 0.6, source.randrange(99), "soil"), 0.0, 1.55, 0.0),
    ]
    for _ in range(18):
        lump = ("boulder", source.randrange(5), "asphalt")
        x, y = source.gauss(1.75, 0.25) * source.choice((-1.0, 1.0)), source.gauss(0.0, 0.5)
        pieces.append(Piece(lump, x, y, 0.05, scale=source.uniform(0.12, 0.36)))
    if source.random() < 0.5:
        for x, y in ((-1.9, -1.1), (0.0, -1.3), (1.9, -1.1)):
            jitter = source.uniform(-0.15, 0.15)
            pieces.append(Piece(("cone",), x + jitter, y, 0.0, yaw=source.uniform(0.0, 360.0)))
    visual_class = "excavation_open"
    return [put(plan, pieces, (0, 0, 0), name="pit", visual_class=visual_class, hoarding="none")]


def roadworks(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """A row of cones and barriers round a strip of fresh asphalt."""
    pieces = [Piece(("marking", 5.0, 1.6, "asphalt_new"), 0.0, 0.0, 0.006)]
    for index in range(6):
        pieces.append(Piece(("cone",), -2.8 + index * 1.1, -1.1 + source.uniform(-0.1, 0.1), 0.0))
    for x in (-3.2, 3.2):
        pieces.append(Piece(("barrier",), x, 0.0, 0.0, yaw=90.0 + source.uniform(-8.0, 8.0)))
    return [put(plan, pieces, (0, 0, 0), name="works", visual_class="roadworks")]


def bare_soil(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """A green worn or dug down to the soil, a few weeds left."""
    size = plan.size
    pieces = [
        Piece(
            (
                "mound",
                round(2.4 * size, 2),
                round(1.1 * size, 2),
                0.07,
                source.randrange(99),
                "soil",
            )
        )
    ]
    for _ in range(9):
        weeds = ("weeds", source.randrange(3))
        pieces.append(
            Piece(weeds, source.uniform(-2.2, 2.2) * size, source.uniform(-0.9, 0.9) * size, 0.03)
        )
    return [put(plan, pieces, (0, 0, 0), name="soil", visual_class="bare_soil")]


def roadside_snow(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """Snow shovelled to the kerb and left there."""
    size = plan.size
    pieces = []
    for index in range(3):
        key = (
            "mound",
            round(1.3 * size, 2),
            round(0.7 * size, 2),
            round(source.uniform(0.35, 0.75) * size, 2),
            index,
            "snow",
        )
        pieces.append(Piece(key, (index - 1) * 1.5 * size, source.uniform(-0.15, 0.15), 0.0))
    return [put(plan, pieces, (0, 0, 0), name="snow", visual_class="roadside_snow")]


def _brick(
    source: random.Random, x: float, y: float, z: float, jitter: float, yaw: float = 0.0
) -> Piece:
    turn = yaw + source.uniform(-60.0, 60.0) * jitter
    x, y = x + source.uniform(-jitter, jitter), y + source.uniform(-jitter, jitter)
    return Piece(("brick",), x, y, z, yaw=turn)
