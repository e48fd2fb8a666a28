"""Two more streets kept for figures: one with problems of its own, one with none at all."""

from zoubian.datasets.city.ground import KERB_HEIGHT_M as TOP
from zoubian.datasets.city.projection import Anchor
from zoubian.datasets.city.spots import BLACK, BLUE, GREEN, GREY, RED, BinPlan, SpotPlan
from zoubian.datasets.city.street import StreetPlan

OPEN, AJAR, UPRIGHT, CLOSED = "open", "ajar", "upright", "closed"


def second_patrol_street() -> StreetPlan:
    """Eighteen spots of problems on both sides, decoys between them, a bridge over the middle."""
    return StreetPlan(
        "向阳路",
        20_260_917,
        340.0,
        Anchor(43.87115, 125.29350, 92.0),
        ((0.0, "光复街"), (190.0, "同安大街"), (340.0, "德惠街")),
        _second_problems() + _second_decoys(),
        ((0.0, 178.0, 1), (202.0, 340.0, 1)),
        "autumn",
        190.0,
    )


def clean_street() -> StreetPlan:
    """Every decoy: full but closed bins, covered and empty trucks, leaves, a hoarded hole."""
    return StreetPlan(
        "清风路",
        20_260_918,
        300.0,
        Anchor(43.85690, 125.31020, 4.0),
        ((0.0, "富民街"), (150.0, "永安街"), (300.0, "吉庆街")),
        _clean_decoys(),
        ((0.0, 300.0, 1),),
        "summer",
    )


def _second_problems() -> tuple[SpotPlan, ...]:
    containers = (BinPlan(660, GREEN, OPEN, 0.34), BinPlan(660, BLUE, CLOSED, -0.1))
    small = (
        BinPlan(120, GREEN, UPRIGHT, 0.24),
        BinPlan(120, BLACK, OPEN, 0.3),
        BinPlan(120, RED, CLOSED, -0.3),
    )
    backs = (BinPlan(240, BLUE, OPEN, 0.26), BinPlan(240, GREY, AJAR, 0.14))
    return (
        SpotPlan("q01", "furniture", 320.0, 8.5, TOP, 176.0),
        SpotPlan("q02", "basket_full", 305.0, 7.9, TOP, 0.0),
        SpotPlan("q03", "bricks", 292.0, 9.4, TOP, 14.0),
        SpotPlan("q04", "truck_soil", 277.0, -5.5, 0.0, 0.0),
        SpotPlan("q05", "bins", 262.0, 10.75, TOP, 0.0, containers),
        SpotPlan("q06", "goods_before_shop", 247.0, 10.5, TOP, -4.0),
        SpotPlan("q07", "trench", 229.0, 5.1, 0.0, 0.0),
        SpotPlan("q08", "litter", 213.0, 8.8, TOP, 40.0, (), 1.5),
        SpotPlan("q09", "bins_and_heap", 171.0, -10.7, TOP, 180.0, small, 1.3),
        SpotPlan("q10", "stall", 157.0, 8.5, TOP, 178.0),
        SpotPlan("q11", "rubble", 141.0, 9.6, TOP, 65.0, (), 1.15),
        SpotPlan("q12", "bins_and_heap", 130.5, 8.0, TOP, 180.0, backs, 0.8),
        SpotPlan("q13", "sand", 104.0, -9.3, TOP, 20.0, (), 1.25),
        SpotPlan("q14", "heap", 92.0, 10.3, TOP, 0.0, (), 0.85),
        SpotPlan("q15", "bare_soil", 74.0, 9.4, TOP, 0.0, (), 0.9),
        SpotPlan("q16", "few_bags", 59.0, 7.9, TOP, 200.0),
        SpotPlan("q17", "roadworks", 40.0, 5.2, 0.0, 0.0),
        SpotPlan("q18", "bins", 25.0, 8.0, TOP, 6.0, (BinPlan(120, GREY, OPEN, 0.28),)),
    )


def _second_decoys() -> tuple[SpotPlan, ...]:
    full = tuple(BinPlan(240, colour, CLOSED, -0.02) for colour in (BLUE, GREEN, BLACK))
    return (
        SpotPlan("e01", "bins", 284.0, 10.85, TOP, 0.0, full),
        SpotPlan("e02", "goods_van", 252.0, -5.8, 0.0, 0.0),
        SpotPlan("e03", "leaves", 238.0, 8.1, TOP, 30.0),
        SpotPlan("e04", "bins", 207.0, -10.8, TOP, 180.0, full[:2]),
        SpotPlan("e05", "basket", 149.0, 7.8, TOP, 0.0),
        SpotPlan("e06", "truck_lid", 115.0, 5.5, 0.0, 180.0),
        SpotPlan("e07", "excavation_hoarded", 82.0, -9.4, TOP, 180.0),
        SpotPlan("e08", "truck_empty", 48.0, -5.5, 0.0, 0.0),
    )


def _clean_decoys() -> tuple[SpotPlan, ...]:
    colours = (GREEN, GREY, BLUE, BLACK)
    full = tuple(BinPlan(240, colour, CLOSED, -0.02) for colour in colours)
    spots = [
        SpotPlan("d01", "goods_van", 282.0, 5.8, 0.0, 180.0),
        SpotPlan("d02", "leaves", 268.0, 8.3, TOP, 0.0, (), 1.2),
        SpotPlan("d03", "basket", 258.0, 7.8, TOP, 0.0),
        SpotPlan("d04", "truck_tarpaulin", 232.0, 5.6, 0.0, 180.0),
        SpotPlan("d05", "excavation_hoarded", 204.0, 9.6, TOP, 0.0),
        SpotPlan("d06", "truck_empty", 186.0, -5.5, 0.0, 0.0),
        SpotPlan("d07", "truck_lid", 124.0, 5.6, 0.0, 180.0),
        SpotPlan("d08", "leaves", 104.0, 8.2, TOP, 20.0, (), 0.9),
        SpotPlan("d09", "goods_van", 84.0, -5.8, 0.0, 0.0),
        SpotPlan("d10", "basket", 58.0, 7.8, TOP, 0.0),
    ]
    for index, (x, y, yaw) in enumerate(
        ((290.0, 10.85, 0.0), (246.0, 10.85, 0.0), (216.0, -10.8, 180.0), (170.0, 8.1, 180.0),
         (138.0, 10.85, 0.0), (94.0, 10.85, 0.0), (65.5, 8.1, 0.0), (24.0, 10.85, 0.0))
    ):  # fmt: skip
        row = full[index % 3 : index % 3 + 2] if index % 2 else full
        spots.append(SpotPlan(f"c{index}", "bins", x, y, TOP, yaw, row))
    container = (BinPlan(660, GREEN, CLOSED, -0.05),)
    spots.append(SpotPlan("c9", "bins", 40.0, 10.75, TOP, 0.0, container))
    return tuple(spots)
