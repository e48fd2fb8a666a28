"""How large things are: how far the middle lies behind the foot, and a second opinion on range."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SizePrior:
    """What a box of a class encloses, in metres.

    Attributes:
        depth_m: from the edge that meets the ground before the camera to the object's middle; its
            standard deviation is taken as half of it.
        height_m: of the whole; None where it says nothing about the distance.
        height_sd_m: one standard deviation.
    """

    depth_m: float
    height_m: float | None
    height_sd_m: float


# Wheeled bins: EN 840-1 (120 and 240 l: 0.93 to 1.1 m over the closed lid) and EN 840-2 (660 and
# 1100 l: 1.2 to 1.5 m); an open lid or a heap adds to it. Trucks: three- and four-axle tippers
# (GB 1589 allows 4 m of height and 9 to 12 m of length). Heaps are whatever people left: their
# spread makes the prior a weak one.
SIZES_BY_CLASS = {
    "bin": SizePrior(0.4, 1.1, 0.2),
    "overflowing_bin": SizePrior(0.4, 1.25, 0.25),
    "garbage_pile": SizePrior(0.7, 0.7, 0.35),
    "litter": SizePrior(0.8, None, 0.0),
    "furniture_dumped": SizePrior(0.7, 1.0, 0.4),
    "rubble_heap": SizePrior(1.0, 0.7, 0.35),
    "sand_heap": SizePrior(1.0, 0.8, 0.4),
    "brick_heap": SizePrior(0.8, 0.7, 0.35),
    "muck_truck_uncovered": SizePrior(3.5, 3.1, 0.4),
    "muck_truck_covered": SizePrior(3.5, 3.2, 0.4),
    "street_vendor": SizePrior(1.0, 1.6, 0.4),
    "goods_before_shop": SizePrior(0.8, 1.3, 0.5),
    "excavation_open": SizePrior(3.0, None, 0.0),
    "excavation_hoarded": SizePrior(2.2, 2.0, 0.4),
    "roadworks": SizePrior(2.2, None, 0.0),
    "road_damage": SizePrior(0.6, None, 0.0),
    "roadside_snow": SizePrior(1.2, None, 0.0),
    "bare_soil": SizePrior(1.5, None, 0.0),
}
UNKNOWN = SizePrior(0.7, None, 0.0)
