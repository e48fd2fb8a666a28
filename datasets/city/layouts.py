"""The kinds of spots by name, and the one way to lay one out."""

import random
from collections.abc import Callable

from zoubian.datasets.city import layout_trade, layout_waste, layout_works
from zoubian.datasets.city.pieces import Thing
from zoubian.datasets.city.seeds import stream
from zoubian.datasets.city.spots import SpotPlan

LAYOUTS: dict[str, Callable[[SpotPlan, random.Random], list[Thing]]] = {
    "nothing": layout_waste.nothing,
    "bins": layout_waste.bin_row,
    "bins_and_heap": layout_waste.bins_and_heap,
    "heap": layout_waste.heap_alone,
    "basket": layout_waste.litter_basket,
    "basket_full": layout_waste.litter_basket,
    "few_bags": layout_waste.few_bags,
    "litter": layout_waste.litter,
    "furniture": layout_waste.furniture,
    "leaves": layout_waste.leaves,
    "rubble": layout_works.rubble_heap,
    "sand": layout_works.sand_heap,
    "bricks": layout_works.brick_heap,
    "excavation_open": layout_works.excavation,
    "excavation_hoarded": layout_works.excavation,
    "trench": layout_works.trench,
    "roadworks": layout_works.roadworks,
    "bare_soil": layout_works.bare_soil,
    "snow": layout_works.roadside_snow,
    "truck_soil": layout_trade.truck,
    "truck_tarpaulin": layout_trade.truck,
    "truck_lid": layout_trade.truck,
    "truck_lid_open": layout_trade.truck,
    "truck_empty": layout_trade.truck,
    "stall": layout_trade.stall,
    "goods_before_shop": layout_trade.goods_before_shop,
    "goods_van": layout_trade.goods_van,
}


def lay_out(plan: SpotPlan, seed: int) -> list[Thing]:
    """The things of a spot in street coordinates, the same for the same plan and seed."""
    return LAYOUTS[plan.kind](plan, stream("spot", seed, plan.spot_id))
