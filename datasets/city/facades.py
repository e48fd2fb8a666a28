"""House fronts as shapes: shops below, flats above; the front stands in y = 0 and looks to -y."""

import random
from dataclasses import dataclass

from zoubian.datasets.city.mesh import Mesh, box, tube
from zoubian.datasets.city.seeds import stream

SHOP_HEIGHT_M = 4.1
STOREY_M = 2.9
DEPTH_M = 12.0


@dataclass(frozen=True, slots=True)
class Front:
    """One house: its width, storeys over the shops and looks.

    Attributes:
        width_m: Along the street.
        storeys: Over the shop floor.
        wall: Material of the wall, such as `plaster#d9c7a3`.
        shop_width_m: Width of one shop.
        shops: Number of shop fronts side by side; 0 makes a plain wall below.
        seed: For curtains, air conditioners and stains.
    """

    width_m: float
    storeys: int
    wall: str
    shop_width_m: float
    shops: int
    seed: int


def house(front: Front) -> Mesh:
    """The whole house front with roof edge and side walls."""
    source = stream("house", front.seed)
    w = front.width_m
    top = SHOP_HEIGHT_M + front.storeys * STOREY_M
    mesh = box((0.0, 0.0, 0.0), (w, DEPTH_M, top + 0.6), front.wall)
    mesh.add(box((-0.06, -0.12, top + 0.1), (w + 0.06, 0.0, top + 0.3), "concrete"))
    mesh.add(box((0.0, -0.05, 0.0), (w, 0.0, 0.55), "stone"))
    for index in range(front.shops):
        x = (w - front.shops * front.shop_width_m) / 2 + index * front.shop_width_m
        mesh.add(_shop(source, front.shop_width_m).moved(x, 0.0, 0.0))
    bays = max(1, int(w / 3.1))
    pitch = w / bays
    balcony_bay = source.randrange(2)
    for storey in range(front.storeys):
        z = SHOP_HEIGHT_M + storey * STOREY_M
        for bay in range(bays):
            x = (bay + 0.5) * pitch
            if bay % 3 == balcony_bay and front.storeys > 2:
                mesh.add(_balcony(x, z, pitch * 0.82))
            else:
                mesh.add(_window(source, x, z + 0.95, pitch * 0.56, 1.5))
        if storey > 0 and front.seed % 3 == 0:
            mesh.add(box((0.0, -0.06, z - 0.06), (w, 0.0, z + 0.06), "plaster#e5e0d4"))
    for x in (0.12, w - 0.12):
        mesh.add(tube((x, -0.09, 0.3), (x, -0.09, top), 0.055, "plastic#d5d6d4", sides=8))
    return mesh


def compound_wall(length: float) -> Mesh:
    """A plastered wall 2.4 m high with pillars and a coping, front in y = 0."""
    mesh = box((0.0, 0.0, 0.0), (length, 0.24, 2.3), "plaster#cfae92")
    mesh.add(box((0.0, -0.02, 0.0), (length, 0.0, 0.5), "stone"))
    mesh.add(box((-0.05, -0.07, 2.3), (length + 0.05, 0.31, 2.42), "concrete"))
    for index in range(int(length / 4.0) + 1):
        x = min(length - 0.4, index * 4.0)
        mesh.add(box((x, -0.08, 0.0), (x + 0.4, 0.0, 2.5), "plaster#bb9a80"))
    return mesh


def _window(source: random.Random, x: float, z: float, width: float, height: float) -> Mesh:
    w = width / 2
    glass = source.choice(("glass#151d22", "glass#1b242a", "glass#2a3236", "glass_lit"))
    mesh = Mesh()
    mesh.face(
        [
            (x - w, -0.02, z),
            (x + w, -0.02, z),
            (x + w, -0.02, z + height),
            (x - w, -0.02, z + height),
        ],
        glass,
    )
    frame = "plastic#e8e8e4"
    bars = (
        ((-w - 0.05, 0.0), (-w + 0.03, height)),
        ((w - 0.03, 0.0), (w + 0.05, height)),
        ((-0.03, 0.0), (0.03, height)),
        ((-w - 0.05, height - 0.06), (w + 0.05, height + 0.03)),
        ((-w, height * 0.68), (w, height * 0.73)),
    )
    for (ax, az), (bx, bz) in bars:
        mesh.add(box((x + ax, -0.06, z + az), (x + bx, 0.0, z + bz), frame))
    mesh.add(box((x - w - 0.12, -0.14, z - 0.1), (x + w + 0.12, 0.0, z), "concrete"))
    if source.random() < 0.3:
        mesh.add(_air_conditioner(x + w + 0.1, z - 0.75))
    if source.random() < 0.22:
        curtain = f"cloth#{source.choice(('c9b9a0', 'a8646a', '8fa3b8', 'd8d6d0'))}"
        mesh.add(box((x - w, -0.025, z), (x - w * 0.35, -0.021, z + height), curtain))
    return mesh


def _balcony(x: float, z: float, width: float) -> Mesh:
    w = width / 2
    mesh = box((x - w, -0.95, z + 0.1), (x + w, 0.0, z + 1.0), "plaster#ded8cc")
    mesh.add(box((x - w + 0.03, -0.9, z + 1.0), (x + w - 0.03, 0.0, z + 2.5), "glass#1c262b"))
    mesh.add(box((x - w - 0.02, -0.98, z + 2.5), (x + w + 0.02, 0.0, z + 2.62), "plaster#d8d3c8"))
    for share in (-1.0, -0.5, 0.0, 0.5, 1.0):
        bx = x + share * (w - 0.04)
        mesh.add(box((bx - 0.03, -0.93, z + 1.0), (bx + 0.03, -0.88, z + 2.5), "plastic#e6e6e2"))
    return mesh


def _air_conditioner(x: float, z: float) -> Mesh:
    mesh = box((x, -0.38, z), (x + 0.8, -0.06, z + 0.55), "plastic#dcdcd6")
    return mesh.add(
        tube(
            (x + 0.28, -0.385, z + 0.28),
            (x + 0.28, -0.40, z + 0.28),
            0.21,
            "plastic#6d6f70",
            sides=18,
        )
    )


def _shop(source: random.Random, width: float) -> Mesh:
    """Glass front with a door, a step, posts; the sign board is hung by the street's layout."""
    mesh = box((0.0, -0.14, 0.0), (0.28, 0.0, 3.1), "stone")
    mesh.add(box((width - 0.28, -0.14, 0.0), (width, 0.0, 3.1), "stone"))
    mesh.add(box((0.2, -0.75, 0.0), (width - 0.2, 0.0, 0.14), "concrete"))
    if source.random() < 0.22:
        return mesh.add(_shutter(width))
    mesh.add(
        box(
            (0.28, -0.04, 0.14),
            (width - 0.28, -0.02, 3.0),
            source.choice(("glass#20262a", "glass_lit")),
        )
    )
    frame = source.choice(("metal#9a9c9e", "metal#3b3d40", "paint#6b2a24"))
    door = source.uniform(0.3, 0.6) * width
    for x in (0.28, door - 0.62, door, door + 0.62, width - 0.34):
        mesh.add(box((x, -0.09, 0.14), (x + 0.06, -0.01, 3.0), frame))
    mesh.add(box((0.28, -0.09, 2.35), (width - 0.28, -0.01, 2.42), frame))
    mesh.add(box((0.28, -0.09, 0.14), (door - 0.6, -0.01, 0.5), frame))
    mesh.add(box((door + 0.62, -0.09, 0.14), (width - 0.3, -0.01, 0.5), frame))
    for _ in range(source.randrange(1, 4)):
        px = source.uniform(0.5, width - 1.1)
        poster = f"paper#{source.choice(('c4342b', 'e9d24a', 'e8e6de', '2f7fb8', '4a9a58'))}"
        pz = source.uniform(0.9, 1.6)
        mesh.add(box((px, -0.05, pz), (px + source.uniform(0.3, 0.7), -0.042, pz + 0.6), poster))
    return mesh


def _shutter(width: float) -> Mesh:
    mesh = Mesh()
    for index in range(28):
        z = 0.14 + index * 0.1
        mesh.add(box((0.28, -0.06, z), (width - 0.28, -0.02, z + 0.085), "metal#b5b8ba"))
    return mesh
