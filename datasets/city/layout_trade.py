"""Spots of trade and transport: vendors, goods before shops, dump trucks, a goods van."""

import random

from zoubian.datasets.city.pieces import Piece, Thing
from zoubian.datasets.city.rubbish import carton_piece
from zoubian.datasets.city.spots import SpotPlan, put

TRUCK_CLASSES = {
    "soil": "muck_truck_uncovered",
    "lid_open": "muck_truck_uncovered",
    "tarpaulin": "muck_truck_covered",
    "lid": "muck_truck_covered",
    "empty": "truck_empty",
}


def truck(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """A dump truck at the kerb; the kind's name tells its load (see `vehicles.dump_truck`)."""
    load = plan.kind.removeprefix("truck_")
    colour = source.choice(("b8391f", "c9a227", "d8d8d4", "2d5c9e", "c4661e"))
    number = "".join(source.choice("0123456789ABCDEFGHJK") for _ in range(5))
    pieces = [
        Piece(("dump_truck", colour, load)),
        Piece(
            ("text", f"吉A·{number}", 0.42, "text#e8e8e2"), -4.56, 0.0, 1.9, yaw=-90.0, roll=90.0
        ),
        Piece(("text", f"吉A·{number}", 0.34, "text#e8e8e2"), -1.4, -1.36, 2.0, roll=90.0),
    ]
    visual_class = TRUCK_CLASSES[load]
    state = "none" if load == "soil" else load
    return [put(plan, pieces, (0, 0, 0), name="truck", visual_class=visual_class, cover=state)]


def stall(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """A fruit vendor's tricycle with a price board and spare cartons."""
    words = source.choice(("苹果 5元3斤", "香蕉 3元1斤", "沃柑 10元4斤", "烤地瓜"))
    pieces = [
        Piece(("tricycle", source.randrange(3))),
        Piece(("plate", 0.95, 0.42, "cardboard"), -0.45, -0.56, 0.62, roll=8.0),
        Piece(("text", words, 0.13, "text#a3201c"), -0.45, -0.605, 0.83, roll=98.0),
    ]
    for _ in range(4):
        pieces.append(carton_piece(source, source.uniform(-1.1, 0.6), 0.95, 0.0))
    return [put(plan, pieces, (0, 0, 0), name="stall", visual_class="street_vendor")]


def goods_van(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """A parked goods van: a decoy."""
    colour = source.choice(("d9dad8", "b9bec2", "c7c2b4"))
    pieces = [Piece(("car", "van", colour, source.randrange(9)))]
    return [put(plan, pieces, (0, 0, 0), name="van", visual_class="goods_van")]


def goods_before_shop(plan: SpotPlan, source: random.Random) -> list[Thing]:
    """Racks, crates and sacks set out on the pavement before a shop's door."""
    pieces = [
        Piece(("rack", source.randrange(4)), -1.0, 0.0, 0.0),
        Piece(("rack", source.randrange(4)), 0.55, 0.0, 0.0),
    ]
    for index in range(source.randrange(3, 7)):
        pieces.append(
            Piece(("sack", index % 3), -1.6 + index * 0.55, -0.75, 0.0, yaw=source.uniform(0, 360))
        )
    for _ in range(3):
        pieces.append(
            carton_piece(source, source.uniform(-1.8, 1.8), source.uniform(-0.6, 0.3), 0.0)
        )
    return [put(plan, pieces, (0, 0, 0), name="goods", visual_class="goods_before_shop")]
