"""The registry of shapes: a piece's key names a function and its arguments."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from zoubian.datasets.city import (
    bags,
    bins,
    facades,
    furniture,
    goods,
    ground,
    people,
    vegetation,
    vehicles,
)
from zoubian.datasets.city.mesh import Mesh, box
from zoubian.datasets.city.pieces import ShapeKey

# Any: each shape has arguments of its own; the keys are checked by tests/city building all of them.
SHAPES: dict[str, Callable[..., Any]] = {
    "bin_body": bins.bin_body,
    "bin_lid": bins.bin_lid,
    "tied_bag": bags.tied_bag,
    "open_bag": bags.open_bag,
    "crumple": bags.crumple,
    "bent_sheet": bags.bent_sheet,
    "carton": bags.carton,
    "cup": bags.cup,
    "bottle": bags.bottle,
    "lunch_box": bags.lunch_box,
    "leaf": bags.leaf,
    "mound": bags.mound,
    "boulder": bags.boulder,
    "brick": lambda: box((-0.12, -0.057, -0.026), (0.12, 0.057, 0.027), "brick#9c4f38"),
    "plate": lambda w, h, material: box((-w / 2, -0.004, 0.0), (w / 2, 0.0, h), material),
    "board": lambda w, h, material: box((-w / 2, -0.16, 0.0), (w / 2, 0.0, h), material),
    "car": vehicles.car,
    "dump_truck": vehicles.dump_truck,
    "tricycle": vehicles.tricycle,
    "house": lambda *arguments: facades.house(facades.Front(*arguments)),
    "compound_wall": facades.compound_wall,
    "tree": vegetation.tree,
    "hedge": vegetation.hedge,
    "weeds": vegetation.weeds,
    "lamp_pole": furniture.lamp_pole,
    "utility_pole": furniture.utility_pole,
    "cable": furniture.cable,
    "road_sign": furniture.road_sign,
    "name_sign": furniture.name_sign,
    "bollard": furniture.bollard,
    "manhole": furniture.manhole,
    "cabinet": furniture.cabinet,
    "bicycle": furniture.bicycle,
    "cone": furniture.cone,
    "sofa": goods.sofa,
    "mattress": goods.mattress,
    "cupboard": goods.cupboard,
    "chair": goods.chair,
    "rack": goods.rack,
    "sack": goods.sack,
    "pit": goods.pit,
    "hoarding": goods.hoarding,
    "barrier": goods.barrier,
    "trench": goods.trench,
    "overpass": ground.overpass,
    "litter_basket": furniture.litter_basket,
    "person": people.person,
    "carriageway": ground.carriageway,
    "pavement": ground.pavement,
    "kerb": ground.kerb,
    "marking": ground.marking,
    "tree_pit": ground.tree_pit,
}


@lru_cache(maxsize=512)
def shape(key: ShapeKey) -> Mesh:
    """Builds the mesh of a key once; treat it as read-only.

    Raises:
        KeyError: No shape of that name.
    """
    mesh: Mesh = SHAPES[str(key[0])](*key[1:])
    return mesh
