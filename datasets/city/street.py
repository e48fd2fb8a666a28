"""Lays out a street by its seed: ground, houses with signs, trees, poles, parked cars, spots."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from zoubian.datasets.city.ground import KERB_HEIGHT_M
from zoubian.datasets.city.layouts import lay_out
from zoubian.datasets.city.pieces import Piece, Thing
from zoubian.datasets.city.projection import Anchor
from zoubian.datasets.city.seeds import stream
from zoubian.datasets.city.spots import TRENCH_M, SpotPlan, text_piece

KERB_Y = 7.0
FRONT_Y = 12.0
CROSSING_HALF_M = 6.0
BRIDGE_M = (11.0, 90.0)  # width and length of a road over the road
WALLS = (
    "plaster#d9c9a6", "plaster#cfc3b2", "plaster#d3a68f", "plaster#c9ccc9", "tile#d8d4cb",
    "tile#b9c2c0", "brick#8e4b3a", "brick#7b7f80", "plaster#b7a58c", "tile#c79a86",
)  # fmt: skip
BOARDS = (
    ("b3201f", "f2d24a"), ("1f4f9e", "f2f2ee"), ("1f7a45", "f4f4ee"), ("e9e7df", "b3201f"),
    ("26211f", "d9b45a"), ("d0661c", "fbf6ea"), ("7a1f2a", "f3e6c8"), ("f0c419", "a3201c"),
)  # fmt: skip
SHOPS = (
    "福满家超市", "老东北饺子馆", "康源大药房", "李记包子铺", "鑫源五金", "顺达通讯", "佳美理发",
    "春城面馆", "好又鲜水果", "福利彩票", "长白山特产", "宏达烟酒", "金麦蛋糕", "洁丽干洗",
    "便民小吃", "永兴建材", "新文具店", "大众浴池", "阳光眼镜", "兴隆粮油", "四季鲜花",
    "万家灯饰", "惠民菜店", "麻辣香锅", "姐妹美甲", "老街烧烤", "平安锁业", "东风摩配",
)  # fmt: skip
CAR_COLOURS = ("d9dadb", "1b1c1f", "8c9196", "c9c4b8", "5a1f22", "243a5e", "e6e6e4", "6d6f6e")


@dataclass(frozen=True, slots=True)
class StreetPlan:
    """What a street is made from.

    Attributes:
        name_zh: Of the street itself.
        seed: For everything that is drawn by lot.
        length_m: From x = 0.
        anchor: Where x = 0 lies and which way it runs.
        crossings: (x, name) of streets that cross it.
        spots: Laid out as told, nothing else stands in their way.
        clear_m: Intervals of x on a side (+1 left, -1 right) kept free of parked cars.
        season: "summer", "autumn" or "winter".
        bridge_x: Where a road crosses over this one; None for none.
    """

    name_zh: str
    seed: int
    length_m: float
    anchor: Anchor
    crossings: tuple[tuple[float, str], ...]
    spots: tuple[SpotPlan, ...]
    clear_m: tuple[tuple[float, float, int], ...]
    season: str
    bridge_x: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A named thing of the street: a shop or compound at a door, metres."""

    name_zh: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Street:
    """A street laid out: pieces without truth, things with one, lamps, named places."""

    plan: StreetPlan
    pieces: tuple[Piece, ...]
    things: tuple[Thing, ...]
    lamps: tuple[tuple[float, float, float], ...]
    places: tuple[Place, ...]


def build_street(plan: StreetPlan) -> Street:
    """Lays out the whole street; the same plan gives the same street."""
    pieces: list[Piece] = _ground(plan)
    places: list[Place] = []
    lamps: list[tuple[float, float, float]] = []
    for side in (1, -1):
        for start, end in _blocks(plan):
            houses, named = _houses(plan, start, end, side)
            pieces += houses
            places += named
            pieces += _kerbside(plan, start, end, side)
            pieces += _parked(plan, start, end, side)
            poles, lights = _lamp_poles(start, end, side)
            pieces += poles
            lamps += lights
    things = [thing for spot in plan.spots for thing in lay_out(spot, plan.seed)]
    return Street(plan, tuple(pieces), tuple(things), tuple(lamps), tuple(places))


def side_piece(piece: Piece, side: int) -> Piece:
    """A piece laid out for the left side (+y), moved to its mirror place when side is -1.

    It is turned half round, not mirrored, so that words stay readable.
    """
    return piece if side > 0 else piece.placed(0.0, 0.0, 0.0, 180.0)


def _along(plan: StreetPlan, x: float, side: int) -> float:
    """x of the left-side layout that lands at street x once turned to its side."""
    return x if side > 0 else -x


def _blocks(plan: StreetPlan) -> list[tuple[float, float]]:
    edges = [-40.0]
    for x, _ in plan.crossings:
        edges += [x - CROSSING_HALF_M, x + CROSSING_HALF_M]
    edges.append(plan.length_m + 40.0)
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 8.0]


def _ground(plan: StreetPlan) -> list[Piece]:
    length = plan.length_m + 240.0
    holes = _holes(plan)
    dug = [value for x0, y0, x1, y1 in holes for value in (x0 + 120.0, y0, x1 + 120.0, y1)]
    pieces = [Piece(("carriageway", length, 160.0, *dug), -120.0)]
    for start, end in _blocks(plan):
        for side in (1, -1):
            x = start if side > 0 else -end
            span = round(end - start, 1)
            depth = FRONT_Y - KERB_Y + 14.0
            dug = _local_holes(holes, x, KERB_Y + 0.2, side)
            pieces.append(side_piece(Piece(("pavement", span, depth, *dug), x, KERB_Y + 0.2), side))
            pieces.append(side_piece(Piece(("kerb", span), x, KERB_Y), side))
        x = start + 3.0
        while x < end - 3.0:
            pieces.append(Piece(("marking", 4.0, 0.15, "marking#dcdcd6"), x + 2.0, 3.5))
            pieces.append(Piece(("marking", 4.0, 0.15, "marking#dcdcd6"), x + 2.0, -3.5))
            x += 10.0
        middle, span = (start + end) / 2, round(end - start - 6.0, 1)
        for y in (-0.13, 0.13):
            pieces.append(Piece(("marking", span, 0.13, "marking#d2a53a"), middle, y))
    for x, _ in plan.crossings:
        for edge in (-1.0, 1.0):
            for index in range(-7, 7):
                bar = Piece(("marking", 3.0, 0.45, "marking#dcdcd6"))
                pieces.append(bar.placed(x + edge * 8.2, index + 0.5, 0.0, 0.0))
            pieces += _name_sign(plan.name_zh, x + edge * 9.5)
    if plan.bridge_x is not None:
        pieces.append(Piece(("overpass", *BRIDGE_M), plan.bridge_x))
        for turn in (-90.0, 90.0):
            words = text_piece("限高4.5米", 0.5, "text#e3e1da", 0.0, -BRIDGE_M[0] / 2 - 0.01, 5.9)
            pieces.append(words.placed(plan.bridge_x, 0.0, 0.0, turn))
    return pieces


def _holes(plan: StreetPlan) -> list[tuple[float, float, float, float]]:
    """Where trenches are dug: x0, y0, x1, y1."""
    x, y = TRENCH_M[0] / 2, TRENCH_M[1] / 2
    return [
        (spot.x - x, spot.y - y, spot.x + x, spot.y + y)
        for spot in plan.spots
        if spot.kind == "trench"
    ]


def _local_holes(
    holes: list[tuple[float, float, float, float]], x: float, y: float, side: int
) -> list[float]:
    """The holes of one side in the frame of a pavement that `side_piece` will turn to its place."""
    found = []
    for x0, y0, x1, y1 in holes:
        if (y0 + y1) * side > 0.0:
            low = (x0, y0) if side > 0 else (-x1, -y1)
            high = (x1, y1) if side > 0 else (-x0, -y0)
            found += [low[0] - x, low[1] - y, high[0] - x, high[1] - y]
    return [round(value, 3) for value in found]


def _name_sign(name: str, x: float) -> list[Piece]:
    """The street's name on both corners of a crossing."""
    sign = [Piece(("name_sign",)), text_piece(name, 0.26, "text#f2f2ee", 0.0, -0.036, 2.25)]
    return [
        piece.placed(x, side * (KERB_Y + 0.5), KERB_HEIGHT_M, 90.0 - 90.0 * side)
        for piece in sign
        for side in (1, -1)
    ]


def _houses(
    plan: StreetPlan, start: float, end: float, side: int
) -> tuple[list[Piece], list[Place]]:
    source = stream("houses", plan.seed, round(start), side)
    pieces: list[Piece] = []
    places: list[Place] = []
    x = start + 0.5
    while x < end - 9.0:
        width = min(source.choice((13.5, 18.0, 22.5, 27.0)), end - 0.5 - x)
        if end - x - width < 9.0:
            width = end - 0.5 - x
        left = x if side > 0 else -(x + width)
        if source.random() < 0.13 and width < 24.0:
            pieces.append(
                side_piece(
                    Piece(("compound_wall", round(width, 2)), left, FRONT_Y, KERB_HEIGHT_M), side
                )
            )
            for index in range(int(width / 5.5)):
                tree = Piece(
                    ("tree", 2 + index % 2, "4a7030", 1500), left + 2.5 + index * 5.0, FRONT_Y + 3.0
                )
                pieces.append(side_piece(tree, side))
            back = (
                "house",
                round(width, 2),
                5,
                source.choice(WALLS),
                4.5,
                0,
                source.randrange(999),
            )
            pieces.append(side_piece(Piece(back, left, FRONT_Y + 11.0, KERB_HEIGHT_M), side))
        else:
            storeys = source.choice((2, 4, 5, 5, 6))
            wall = source.choice(WALLS)
            shops = int(width / 4.5)
            key = ("house", round(width, 2), storeys, wall, 4.5, shops, source.randrange(999))
            pieces.append(side_piece(Piece(key, left, FRONT_Y, KERB_HEIGHT_M), side))
            margin = (width - shops * 4.5) / 2
            for index in range(shops):
                sx = left + margin + (index + 0.5) * 4.5
                name = source.choice(SHOPS)
                pieces += [side_piece(piece, side) for piece in _shop_sign(source, name, sx)]
                places.append(Place(name, sx if side > 0 else -sx, side * FRONT_Y))
        x += width
    return pieces, places


def _shop_sign(source: random.Random, name: str, x: float) -> list[Piece]:
    board, ink = source.choice(BOARDS)
    height = source.choice((0.8, 0.9, 1.0))
    z = KERB_HEIGHT_M + 3.1
    letter = min(0.62, 4.0 / len(name) * 0.92)
    return [
        Piece(("board", 4.3, height, f"sign#{board}"), x, FRONT_Y - 0.02, z),
        text_piece(name, letter, f"text#{ink}", x, FRONT_Y - 0.2, z + height / 2),
    ]


def _kerbside(plan: StreetPlan, start: float, end: float, side: int) -> list[Piece]:
    """Street trees in their pits, poles with cables, covers, bollards, bicycles, weeds."""
    source = stream("kerbside", plan.seed, round(start), side)
    colour, leaves = {
        "summer": ("527a35", 2000),
        "autumn": ("a3853a", 1000),
        "winter": ("6b5a3a", 0),
    }[plan.season]
    pieces: list[Piece] = []
    x = start + 3.0
    while x < end - 2.0:
        if _free(plan, x, side, 1.7):
            lx = _along(plan, x, side)
            tree = ("tree", source.randrange(4), colour, leaves)
            local = [
                Piece(
                    tree,
                    lx,
                    KERB_Y + 1.0,
                    KERB_HEIGHT_M,
                    yaw=source.uniform(0, 360),
                    scale=source.uniform(0.85, 1.1),
                ),
                Piece(("tree_pit",), lx, KERB_Y + 1.0, KERB_HEIGHT_M),
                Piece(("weeds", source.randrange(3)), lx + 0.3, KERB_Y + 0.8, KERB_HEIGHT_M),
            ]
            pieces += [side_piece(piece, side) for piece in local]
        if source.random() < 0.35 and _free(plan, x + 3.0, side, 1.6):
            kind = source.choice(("cabinet", "bollard", "bicycle", "bicycle", "road_sign"))
            pieces += [
                side_piece(piece, side) for piece in _furniture(plan, source, kind, x + 3.0, side)
            ]
        x += 6.5
    if side < 0:
        pieces += _poles(plan, start, end)
    for _ in range(int((end - start) / 18.0)):
        cover = Piece(
            ("manhole",), source.uniform(start, end), side * source.uniform(2.0, 5.0), 0.003
        )
        pieces.append(cover)
    return pieces


def _furniture(
    plan: StreetPlan, source: random.Random, kind: str, x: float, side: int
) -> list[Piece]:
    lx, y = _along(plan, x, side), KERB_Y + 0.6
    if kind == "bicycle":
        colour = source.choice(("2f7fc4", "d8b52a", "2f9a6a"))
        return [
            Piece(
                ("bicycle", colour),
                lx + 0.6 * index,
                y + 0.5,
                KERB_HEIGHT_M,
                yaw=80.0 + source.uniform(-12, 12),
            )
            for index in range(source.randrange(2, 5))
        ]
    return [Piece((kind,), lx, y, KERB_HEIGHT_M, yaw=source.uniform(-4.0, 4.0))]


def _poles(plan: StreetPlan, start: float, end: float) -> list[Piece]:
    pieces = []
    span = 34.0
    x = start + 2.0
    while x < end:
        if _free(plan, x, -1, 1.0):
            pieces.append(Piece(("utility_pole",), x, -KERB_Y - 0.6, KERB_HEIGHT_M))
        for dy in (-0.7, -0.3, 0.3, 0.7):
            pieces.append(Piece(("cable", span, 0.9), x, -KERB_Y - 0.6 + dy, 9.1))
        x += span
    return pieces


def _lamp_poles(
    start: float, end: float, side: int
) -> tuple[list[Piece], list[tuple[float, float, float]]]:
    pieces, lamps = [], []
    x = start + 9.0
    while x < end:
        local = Piece(("lamp_pole",), x if side > 0 else -x, KERB_Y + 0.45, KERB_HEIGHT_M)
        pieces.append(side_piece(local, side))
        lamps.append((x, side * (KERB_Y + 0.45 - 2.1), 7.9))
        x += 28.0
    return pieces, lamps


def _parked(plan: StreetPlan, start: float, end: float, side: int) -> list[Piece]:
    source = stream("parked", plan.seed, round(start), side)
    pieces = []
    x = start + 8.0
    while x < end - 8.0:
        form = source.choice(("sedan", "sedan", "suv", "van"))
        colour, seed = source.choice(CAR_COLOURS), source.randrange(8)
        taken = source.random() < 0.5
        jitter = source.uniform(-0.12, 0.12)
        if taken and _free(plan, x, side, 3.2) and not _kept_clear(plan.clear_m, x, side):
            yaw = (0.0 if side < 0 else 180.0) + source.uniform(-2.0, 2.0)
            pieces.append(
                Piece(("car", form, colour, seed), x, side * (KERB_Y - 1.15 + jitter), yaw=yaw)
            )
        x += 6.0
    return pieces


def _free(plan: StreetPlan, x: float, side: int, margin_m: float) -> bool:
    """Whether no spot on that side stands within a margin of x."""
    return all(
        abs(spot.x - x) > margin_m + (4.6 if spot.kind.startswith("truck") else 1.4)
        or spot.y * side < 0.0
        for spot in plan.spots
    )


def _kept_clear(clear_m: Sequence[tuple[float, float, int]], x: float, side: int) -> bool:
    return any(low <= x <= high and side == which for low, high, which in clear_m)
