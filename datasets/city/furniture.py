"""What a street carries besides houses: lamps, poles, signs, covers, bollards, boxes, benches."""

import math
from itertools import pairwise

from zoubian.datasets.city.mesh import Mesh, Vec3, box, tube


def lamp_pole() -> Mesh:
    """A street lamp 8 m high with its arm along -y."""
    steel = "metal#8f959a"
    mesh = tube((0, 0, 0), (0, 0, 7.6), 0.1, steel, sides=12, end_radius=0.055)
    mesh.add(tube((0, 0, 7.5), (0, -1.9, 8.0), 0.04, steel, sides=8))
    mesh.add(box((-0.14, -2.5, 7.93), (0.14, -1.8, 8.05), steel))
    mesh.add(box((-0.11, -2.45, 7.91), (0.11, -1.85, 7.93), "lamp#f4efe2"))
    return mesh.add(tube((0, 0, 0), (0, 0, 0.5), 0.15, steel, sides=12))


def utility_pole() -> Mesh:
    """A round concrete pole 9 m high with two cross arms along y."""
    mesh = tube((0, 0, 0), (0, 0, 9.2), 0.16, "concrete", sides=14, end_radius=0.1)
    for z in (8.2, 8.8):
        mesh.add(box((-0.04, -0.8, z), (0.04, 0.8, z + 0.08), "metal#5e6266"))
        for y in (-0.7, -0.3, 0.3, 0.7):
            mesh.add(tube((0, y, z + 0.08), (0, y, z + 0.22), 0.035, "paint#6b3a2a", sides=8))
    bands = (("paper#c8b23a", 1.0), ("plastic#1d1d1d", 1.2), ("paper#c8b23a", 1.4))
    for material, z in bands:
        mesh.add(tube((0, 0, z), (0, 0, z + 0.2), 0.162, material, sides=14))
    return mesh


def cable(length: float, sag: float) -> Mesh:
    """A hanging cable from the origin along +x."""
    mesh = Mesh()
    steps = 14
    points: list[Vec3] = []
    for step in range(steps + 1):
        u = step / steps
        points.append((u * length, 0.0, -4.0 * sag * u * (1.0 - u)))
    for start, end in pairwise(points):
        mesh.add(tube(start, end, 0.012, "rubber", sides=5))
    return mesh


def road_sign() -> Mesh:
    """A no-parking sign on a post, facing -x."""
    mesh = tube((0, 0, 0), (0, 0, 2.6), 0.03, "metal#b0b3b6", sides=10)
    mesh.add(tube((-0.035, 0, 2.3), (-0.045, 0, 2.3), 0.3, "sign#b3202a", sides=28))
    mesh.add(tube((-0.04, 0, 2.3), (-0.05, 0, 2.3), 0.24, "sign#1d4ea0", sides=28))
    bar = box((-0.056, -0.3, 2.27), (-0.05, 0.3, 2.33), "sign#b3202a").turned(
        "x", 45.0, (0, 0, 2.3)
    )
    return mesh.add(bar)


def name_sign() -> Mesh:
    """The post and blue board of a street name sign along x; the name is a text of its own."""
    mesh = tube((-0.45, 0, 0), (-0.45, 0, 2.6), 0.035, "metal#b0b3b6", sides=10)
    mesh.add(tube((0.45, 0, 0), (0.45, 0, 2.6), 0.035, "metal#b0b3b6", sides=10))
    return mesh.add(box((-0.6, -0.03, 2.0), (0.6, 0.03, 2.5), "sign#1c4f9c"))


def bollard() -> Mesh:
    """A steel bollard with a yellow band."""
    mesh = tube((0, 0, 0), (0, 0, 0.75), 0.06, "metal#6d7276", sides=14)
    return mesh.add(tube((0, 0, 0.55), (0, 0, 0.65), 0.062, "paper#d8b432", sides=14))


def manhole() -> Mesh:
    """A round cast cover lying on z = 0."""
    mesh = tube((0, 0, 0.0), (0, 0, 0.006), 0.36, "metal#3e3f40", sides=32)
    for index in range(6):
        y = -0.25 + index * 0.1
        half = math.sqrt(max(0.0, 0.3**2 - y * y))
        mesh.add(box((-half, y - 0.015, 0.006), (half, y + 0.015, 0.010), "metal#4c4d4e"))
    return mesh


def cabinet() -> Mesh:
    """A green-grey switch cabinet."""
    mesh = box((-0.5, -0.22, 0.0), (0.5, 0.22, 0.14), "concrete")
    mesh.add(box((-0.48, -0.2, 0.14), (0.48, 0.2, 1.35), "paint#7d8f86"))
    mesh.add(box((-0.005, -0.205, 0.2), (0.005, -0.2, 1.3), "plastic#2a2d2b"))
    return mesh.add(box((-0.3, -0.205, 0.95), (-0.12, -0.2, 1.15), "paper#d9b62f"))


def bicycle(colour: str) -> Mesh:
    """A shared bicycle standing along x."""
    paint = f"paint#{colour}"
    mesh = Mesh()
    for x in (-0.52, 0.52):
        for side in range(20):
            a, b = (2.0 * math.pi * (side + k) / 20 for k in (0, 1))
            start = (x + 0.31 * math.cos(a), 0.0, 0.33 + 0.31 * math.sin(a))
            end = (x + 0.31 * math.cos(b), 0.0, 0.33 + 0.31 * math.sin(b))
            mesh.add(tube(start, end, 0.02, "rubber", sides=6))
        for side in range(5):
            a = math.pi * side / 5
            dx, dz = 0.3 * math.cos(a), 0.3 * math.sin(a)
            mesh.add(
                tube((x - dx, 0, 0.33 - dz), (x + dx, 0, 0.33 + dz), 0.006, "metal#9a9a9a", sides=4)
            )
    bars: tuple[tuple[Vec3, Vec3], ...] = (
        ((-0.52, 0, 0.33), (-0.05, 0, 0.33)),
        ((-0.05, 0, 0.33), (0.36, 0, 0.78)),
        ((-0.05, 0, 0.33), (-0.2, 0, 0.86)),
        ((-0.52, 0, 0.33), (-0.17, 0, 0.72)),
        ((0.52, 0, 0.33), (0.36, 0, 0.98)),
        ((0.34, -0.25, 1.0), (0.34, 0.25, 1.0)),
    )
    for start, end in bars:
        mesh.add(tube(start, end, 0.022, paint, sides=8))
    mesh.add(box((-0.32, -0.07, 0.86), (-0.08, 0.07, 0.92), "plastic#1b1b1c"))
    basket = box((0.42, -0.16, 0.78), (0.7, 0.16, 1.0), paint)
    mesh.add(basket)
    return mesh.add(box((-0.8, -0.06, 0.55), (-0.35, 0.06, 0.68), paint))


def litter_basket(colour: str) -> Mesh:
    """A pavement's litter basket: two boxes with slots under one roof, the front to -y."""
    steel, dark = f"paint#{colour}", "plastic#17181a"
    mesh = Mesh()
    for x in (-0.53, 0.0, 0.53):
        mesh.add(box((x - 0.025, -0.03, 0.0), (x + 0.025, 0.03, 1.08), "metal#9a9ea1"))
    for x in (-0.265, 0.265):
        mesh.add(box((x - 0.22, -0.17, 0.26), (x + 0.22, 0.17, 0.74), steel))
        for side in (-1.0, 1.0):
            low, high = sorted((side * 0.22, side * 0.16))
            mesh.add(box((x + low, -0.17, 0.74), (x + high, 0.17, 0.94), steel))
        mesh.add(box((x - 0.16, -0.12, 0.72), (x + 0.16, 0.12, 0.75), dark))
        mesh.add(box((x - 0.22, 0.12, 0.74), (x + 0.22, 0.17, 0.94), dark))
        mesh.add(box((x - 0.17, -0.176, 0.34), (x + 0.17, -0.17, 0.66), "sign#e6e6e0"))
    mesh.add(box((-0.58, -0.21, 1.08), (0.58, 0.21, 1.13), steel))
    return mesh.add(box((-0.5, -0.15, 1.13), (0.5, 0.15, 1.155), steel))


def cone() -> Mesh:
    """A traffic cone with two white bands."""
    mesh = box((-0.18, -0.18, 0.0), (0.18, 0.18, 0.03), "plastic#24211f")
    bands = (
        ("plastic#d4501e", 0.03, 0.3),
        ("paper#e8e6e0", 0.3, 0.42),
        ("plastic#d4501e", 0.42, 0.52),
    )
    for material, z0, z1 in (*bands, ("paper#e8e6e0", 0.52, 0.6), ("plastic#d4501e", 0.6, 0.7)):
        r0, r1 = (0.14 - 0.17 * z for z in (z0, z1))
        mesh.add(tube((0, 0, z0), (0, 0, z1), r0, material, sides=18, end_radius=r1))
    return mesh
