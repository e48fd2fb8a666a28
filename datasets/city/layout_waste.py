"""Spots of waste: bins in every state, heaps, bags, litter, dumped furniture, swept leaves."""

import random
from dataclasses import replace

from zoubian.datasets.city.bins import SIZES, front_tilt_deg, front_y
from zoubian.datasets.city.pieces import Piece, Thing
from zoubian.datasets.city.rubbish import (
    bag_piece,
    carton_piece,
    filling,
    heap,
    leaf_heap,
    loose_litter,
    scrap_piece,
)
from zoubian.datasets.city.seeds import stream
from zoubian.datasets.city.spots import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    RED,
    BinPlan,
    SpotPlan,
    put,
    text_piece,
)

SORTS = {
    GREEN: "厨余垃圾",
    BLUE: "可回收物",
    GREY: "其他垃圾",
    BLACK: "其他垃圾",
    RED: "有害垃圾",
}
SLOGANS = ("爱护环境", "保护环境", "垃圾分类", "环境卫生")


def nothing(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """A place kept free: where something stood or will stand in another picture."""
    del plan, source
    return []


def bins_and_heap(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """Bins with a heap before and beside them: one case."""
    row = bin_row(plan, source)
    rx, ry = 0.85 * plan.size, 0.5 * plan.size
    pieces = heap(source, rx, ry, round(9 * plan.size**2), round(34 * plan.size), 2)
    reach = max(0.6, 0.34 * len(plan.bins))
    place = (source.choice((-1.0, 1.0)) * reach, -0.62, 0.0)
    return [*row, put(plan, pieces, place, name="heap", visual_class="garbage_pile")]


def heap_alone(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """A heap of bags and cartons with no bin in sight."""
    size = plan.size
    pieces = heap(
        source, 1.1 * size, 0.62 * size, round(20 * size), round(60 * size), round(4 * size)
    )
    return [put(plan, pieces, (0, 0, 0), name="heap", visual_class="garbage_pile")]


def few_bags(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """Three bags and a carton side by side: the smallest pile there is."""
    pieces = []
    for index in range(3):
        size_m = source.uniform(0.42, 0.6)
        pieces.append(
            bag_piece(source, -0.45 + 0.45 * index, source.uniform(-0.1, 0.1), 0.0, size_m)
        )
    pieces.append(carton_piece(source, 0.75, 0.05, 0.0))
    return [put(plan, pieces, (0, 0, 0), name="heap", visual_class="garbage_pile")]


def litter(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """Scraps lying apart, nothing heaped."""
    pieces = loose_litter(source, 1.3 * plan.size, 0.75 * plan.size, round(34 * plan.size))
    return [put(plan, pieces, (0, 0, 0), name="litter", visual_class="litter")]


def leaves(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """Swept leaves waiting for the cart: a decoy."""
    pieces = leaf_heap(source, 0.8 * plan.size, 0.55 * plan.size, 0.3 * plan.size)
    return [put(plan, pieces, (0, 0, 0), name="leaves", visual_class="leaf_heap")]


def furniture(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """A sofa, a mattress or a cupboard put out at the kerb, with a carton or two."""
    main = source.choice(
        (("sofa", source.choice(("7a4a3a", "5d6b78", "8a7f6a"))), ("mattress",), ("cupboard",))
    )
    pieces = [Piece(main, yaw=source.uniform(-15.0, 15.0))]
    if source.random() < 0.6:
        pieces.append(Piece(("chair",), 1.35, 0.1, 0.0, yaw=source.uniform(0.0, 360.0)))
    pieces.append(carton_piece(source, -1.35, 0.0, 0.0))
    return [put(plan, pieces, (0, 0, 0), name="furniture", visual_class="furniture_dumped")]


def litter_basket(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """A litter basket of the pavement; full, its slots are stuffed and the rest lies about it."""
    colour = source.choice(("2f6b4a", "4a5257", "a8702f", "7d8284"))
    pieces = [Piece(("litter_basket", colour))]
    for words, ink, x in (("可回收物", BLUE, -0.265), ("其他垃圾", GREY, 0.265)):
        pieces.append(text_piece(words, 0.07, f"text#{ink}", x, -0.18, 0.5))
    full = plan.kind == "basket_full"
    if full:
        for x in (-0.265, 0.265):
            for _ in range(7):
                place = (x + source.uniform(-0.17, 0.17), source.uniform(-0.2, 0.0))
                pieces.append(scrap_piece(source, *place, source.uniform(0.78, 0.9)))
        for _ in range(source.randrange(2, 6)):
            pieces.append(scrap_piece(source, source.uniform(-0.4, 0.4), 0.0, 1.19))
    visual_class = "overflowing_bin" if full else "bin"
    basket = put(plan, pieces, (0, 0, 0), name="basket", visual_class=visual_class, kind="basket")
    if not full:
        return [basket]
    scraps = loose_litter(source, 1.1 * plan.size, 0.5 * plan.size, 16)
    about = put(plan, scraps, (0, -0.5, 0), name="litter", visual_class="litter")
    return [basket, about]


def bin_pieces(source: random.Random, plan: BinPlan) -> list[Piece]:
    """A bin with lid, labels and filling about the origin, its front to -y."""
    size = SIZES[plan.litres]
    pieces = [
        Piece(("bin_body", plan.litres, plan.colour)),
        Piece(("bin_lid", plan.litres, plan.colour, _lid_angle(source, plan))),
    ]
    if plan.lid != "closed" or plan.heaped_m > 0.0:
        pieces += filling(source, plan.litres, plan.heaped_m)
    tilt = front_tilt_deg(plan.litres)
    low = size.height_m * 0.40
    pieces.append(
        Piece(
            ("plate", min(0.3, size.width_m * 0.42), 0.26, "sign#e6e6e0"),
            y=front_y(plan.litres, low) - 0.006,
            z=low,
            roll=tilt,
        )
    )
    ink = f"text#{plan.colour}"
    for words, height, z in ((SORTS[plan.colour], 0.055, low + 0.06), ("♲", 0.15, low + 0.17)):
        label = text_piece(words, height, ink, 0.0, front_y(plan.litres, z) - 0.012, z)
        pieces.append(_leaning(label, tilt))
    if plan.litres == 660 or source.random() < 0.5:
        z = size.height_m * 0.79
        letter = min(0.09, size.width_m * 0.128)  # four of them fit between the ribs
        words = source.choice(SLOGANS)
        y = front_y(plan.litres, z) - 0.006
        slogan = text_piece(words, letter, "text#e4e6e2", 0.0, y, z)
        pieces.append(_leaning(slogan, tilt))
    return pieces


def _leaning(piece: Piece, tilt: float) -> Piece:
    return replace(piece, roll=90.0 + tilt)


def _lid_angle(source: random.Random, plan: BinPlan) -> float:
    if plan.lid == "closed":
        return round(source.uniform(0.0, 1.5), 1)
    if plan.lid == "ajar":
        return round(source.uniform(16.0, 34.0) + 40.0 * max(0.0, plan.heaped_m), 1)
    if plan.lid == "upright":
        return round(source.uniform(96.0, 112.0), 1)
    return round(source.uniform(250.0, 262.0), 1)


def bin_row(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """The bins side by side; where they stand does not hang on what they hold."""
    things = []
    gaps = [source.uniform(0.08, 0.22) for _ in plan.bins]
    turns = [(source.uniform(-0.08, 0.08), source.uniform(-7.0, 7.0)) for _ in plan.bins]
    contents = [stream(source.random()) for _ in plan.bins]
    total = sum(SIZES[b.litres].width_m * 1.07 + g for b, g in zip(plan.bins, gaps, strict=True))
    x = -total / 2
    for index, (one, gap) in enumerate(zip(plan.bins, gaps, strict=True)):
        width = SIZES[one.litres].width_m * 1.07
        overflowing = one.heaped_m > 0.0
        place = (x + width / 2, *turns[index])
        things.append(
            put(
                plan,
                bin_pieces(contents[index], one),
                place,
                name=f"bin{index}",
                visual_class="overflowing_bin" if overflowing else "bin",
                lid=one.lid,
                heaped_m=f"{one.heaped_m:.2f}",
                litres=str(one.litres),
            )
        )
        x += width + gap
    return things
