"""How tall things are: a rough second opinion on their distance."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SizePrior:
    """Height of what a box of a class encloses, in metres, with one standard deviation."""

    height_m: float
    height_sd_m: float


# Wheeled bins: EN 840-1 (120 and 240 l: 0.93 to 1.1 m over the closed lid) and EN 840-2 (660 and
# 1100 l: 1.2 to 1.5 m); an open lid or a heap adds to it. Trucks: three- and four-axle tippers
# (GB 1589 allows 4 m). Heaps are whatever people left: their spread makes the prior a weak one.
SIZES_BY_CLASS = {
    "bin": SizePrior(1.1, 0.2),
    "overflowing_bin": SizePrior(1.25, 0.25),
    "garbage_pile": SizePrior(0.7, 0.35),
    "furniture_dumped": SizePrior(1.0, 0.4),
    "rubble_heap": SizePrior(0.7, 0.35),
    "sand_heap": SizePrior(0.8, 0.4),
    "brick_heap": SizePrior(0.7, 0.35),
    "muck_truck_uncovered": SizePrior(3.1, 0.4),
    "muck_truck_covered": SizePrior(3.2, 0.4),
    "street_vendor": SizePrior(1.6, 0.4),
    "goods_before_shop": SizePrior(1.3, 0.5),
    "excavation_hoarded": SizePrior(2.0, 0.4),
}
