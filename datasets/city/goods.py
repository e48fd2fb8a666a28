"""Goods, dumped furniture and works gear as shapes on z = 0 about the origin, front to -y."""

from zoubian.datasets.city.mesh import Mesh, Vec3, box, loft, ring, sheet, tube
from zoubian.datasets.city.noise import fractal_noise
from zoubian.datasets.city.seeds import stream


def sofa(colour: str) -> Mesh:
    """A worn two-seater."""
    cloth = f"cloth#{colour}"
    parts: tuple[tuple[Vec3, Vec3], ...] = (
        ((-0.85, -0.4, 0.08), (0.85, 0.4, 0.3)),
        ((-0.65, -0.42, 0.3), (-0.01, 0.25, 0.45)),
        ((0.01, -0.42, 0.3), (0.65, 0.25, 0.43)),
        ((-0.85, 0.2, 0.3), (0.85, 0.42, 0.88)),
        ((-0.88, -0.42, 0.08), (-0.66, 0.4, 0.62)),
        ((0.66, -0.42, 0.08), (0.88, 0.4, 0.62)),
    )
    mesh = Mesh()
    for low, high in parts:
        mesh.add(box(low, high, cloth))
    return mesh


def mattress() -> Mesh:
    """A stained mattress leaning back."""
    mesh = box((-0.95, -0.1, 0.0), (0.95, 0.1, 1.35), "cloth#cfc6b4")
    for z in (0.25, 0.55, 0.85, 1.15):
        mesh.add(box((-0.955, -0.105, z), (0.955, 0.105, z + 0.015), "cloth#a99f8c"))
    return mesh.turned("x", -14.0)


def cupboard() -> Mesh:
    """An old cupboard, one door ajar."""
    mesh = box((-0.45, -0.25, 0.0), (0.45, 0.25, 1.5), "wood")
    mesh.add(box((-0.44, -0.275, 0.06), (-0.01, -0.255, 1.45), "paint#8a5b36"))
    door = box((0.0, -0.02, 0.06), (0.43, 0.0, 1.45), "paint#8a5b36")
    return mesh.add(door.turned("z", -38.0).moved(0.01, -0.26, 0.0))


def chair() -> Mesh:
    """A wooden chair lying on its back."""
    mesh = box((-0.2, -0.2, 0.42), (0.2, 0.2, 0.46), "wood")
    for x in (-0.18, 0.18):
        for y, top in ((-0.18, 0.44), (0.18, 0.9)):
            mesh.add(tube((x, y, 0.0), (x, y, top), 0.018, "wood", sides=8))
    mesh.add(box((-0.19, 0.17, 0.72), (0.19, 0.19, 0.88), "wood"))
    return mesh.turned("x", -90.0).moved(0.0, -0.3, 0.2)


def rack(variant: int) -> Mesh:
    """A shop's sloping rack of goods, 1.3 m wide."""
    source = stream("rack", variant)
    mesh = Mesh()
    for x in (-0.63, 0.63):
        for y in (-0.3, 0.3):
            mesh.add(box((x - 0.02, y - 0.02, 0.0), (x + 0.02, y + 0.02, 1.15), "metal#8f9498"))
    for shelf in range(3):
        z = 0.25 + shelf * 0.34
        mesh.add(box((-0.65, -0.32, z), (0.65, 0.32, z + 0.025), "metal#a9adb0"))
        for index in range(8):
            x = -0.6 + index * 0.155
            colour = source.choice(("c23a30", "2f6db5", "e0b73f", "57813f", "d9d6cc", "d97a1c"))
            high = source.uniform(0.1, 0.26)
            mesh.add(
                box((x, -0.28, z + 0.025), (x + 0.13, 0.25, z + 0.025 + high), f"paper#{colour}")
            )
    return mesh


def sack(variant: int) -> Mesh:
    """A woven sack of rice, cement or scrap, 0.75 m high, sewn flat at the top."""
    levels = [(0.0, 0.36, 0.2), (0.04, 0.42, 0.27), (0.25, 0.46, 0.31), (0.45, 0.44, 0.28)]
    levels += [(0.6, 0.41, 0.19), (0.68, 0.42, 0.07), (0.75, 0.44, 0.03)]
    rings = [ring(width, depth, 0.13, z, 6) for z, width, depth in levels]
    cloth = ("cloth#d8d3c4", "cloth#b9a98a", "cloth#c9cdd2")[variant]

    def crease(v: Vec3) -> Vec3:
        push = 1.0 + 0.3 * fractal_noise(v[0] * 5.0, v[1] * 5.0, v[2] * 5.0, variant + 60, 3)
        return (v[0] * push, v[1] * push, v[2])

    return loft(rings, cloth, smooth=True, close_start=True, close_end=True).mapped(crease)


def pit(length: float, width: float) -> Mesh:
    """A trench seen from the street: a rim of broken asphalt and soil round a dark hole.

    The road is not cut: what eyes at the kerb see of a trench is its rim and the dark inside.
    """

    def surface(u: float, v: float) -> Vec3:
        x, y = (u - 0.5) * length * 1.25, (v - 0.5) * width * 1.3
        rim = max(0.0, 1.0 - abs(_pit_reach(u, v) - 0.82) * 7.0)
        rough = 0.6 + 0.8 * fractal_noise(x * 3.0, y * 3.0, 0.0, 5, 4)
        return (x, y, 0.012 + 0.16 * rim * rough)

    columns, rows = 40, 28
    mesh = sheet(surface, columns, rows, "soil")
    for index in range(len(mesh.faces)):
        u, v = (index % columns + 0.5) / columns, (index // columns + 0.5) / rows
        if _pit_reach(u, v) < 0.7:
            mesh.materials[index] = "hole"
    return mesh


def _pit_reach(u: float, v: float) -> float:
    return max(abs(u - 0.5), abs(v - 0.5)) * 2.0


def trench(length: float, width: float, depth: float) -> Mesh:
    """The walls, floor, pipe and torn rim of a hole cut into the ground (`ground.slab`)."""
    x, y = length / 2, width / 2
    mesh = Mesh()
    walls = (
        ((x, -y), (x, y)), ((x, y), (-x, y)), ((-x, y), (-x, -y)), ((-x, -y), (x, -y)),
    )  # fmt: skip
    for (ax, ay), (bx, by) in walls:

        def face(u: float, v: float, a: Vec3 = (ax, ay, 0.0), b: Vec3 = (bx, by, 0.0)) -> Vec3:
            px, py, z = a[0] + u * (b[0] - a[0]), a[1] + u * (b[1] - a[1]), -depth * v
            inwards = 0.10 * v + 0.16 * v * fractal_noise(px * 2.5, py * 2.5, z * 2.5, 9, 3) - 0.02
            return (px * (1.0 - inwards / x), py * (1.0 - inwards / y), z)

        wall = sheet(face, 16, 10, "soil")
        wall.materials[:16] = ["asphalt"] * 16
        wall.materials[16:32] = ["rubble"] * 16
        mesh.add(wall)

    def floor(u: float, v: float) -> Vec3:
        px, py = (u - 0.5) * length, (v - 0.5) * width
        return (px, py, 0.05 - depth + 0.16 * fractal_noise(px * 2.0, py * 2.0, 0.0, 4, 3))

    mesh.add(sheet(floor, 16, 10, "soil"))
    low = 0.16 - depth
    mesh.add(tube((-x, 0.1 * y, low), (x, -0.1 * y, low), 0.09, "plastic#c9ccce", sides=12))
    return mesh.add(_torn_rim(length, width))


def _torn_rim(length: float, width: float) -> Mesh:
    """Soil and broken asphalt round a hole, its inner edge ragged."""

    def surface(u: float, v: float) -> Vec3:
        x, y = (u - 0.5) * length * 1.34, (v - 0.5) * width * 1.5
        rough = 0.6 + 0.8 * fractal_noise(x * 3.0, y * 3.0, 0.0, 5, 4)
        out = max(abs(x) - length / 2, abs(y) - width / 2) / (width * 0.25)
        return (x, y, 0.012 + 0.15 * rough * max(0.0, 1.0 - abs(out - 0.45) * 2.0))

    columns, rows = 48, 34
    whole = sheet(surface, columns, rows, "soil")
    mesh = Mesh(vertices=whole.vertices)
    for index, face in enumerate(whole.faces):
        x, y, _ = surface((index % columns + 0.5) / columns, (index // columns + 0.5) / rows)
        beyond = max(abs(x) - length / 2, abs(y) - width / 2)
        ragged = width * (0.19 + 0.12 * fractal_noise(x * 2.4, y * 2.4, 3.0, 8, 3))
        if 0.02 < beyond < ragged:
            mesh.faces.append(face)
    mesh.materials, mesh.smooth = ["soil"] * len(mesh.faces), [True] * len(mesh.faces)
    return mesh


def hoarding(length: float) -> Mesh:
    """A blue steel works fence 1.8 m high along x, centred, facing -y."""
    mesh = Mesh()
    panels = int(length * 5)
    for index in range(panels):
        x = -length / 2 + index * length / panels
        out = 0.02 if index % 2 else 0.0
        mesh.add(box((x, -out - 0.01, 0.08), (x + length / panels, -out, 1.8), "paint#2d6db3"))
    for z in (0.05, 1.78):
        mesh.add(box((-length / 2, -0.04, z), (length / 2, 0.02, z + 0.06), "metal#c9cccf"))
    for share in (-0.5, 0.0, 0.5):
        x = share * length
        mesh.add(tube((x, 0.04, 0.0), (x, 0.04, 1.9), 0.03, "metal#b0b3b6", sides=8))
    return mesh


def barrier() -> Mesh:
    """A red and white water barrier 1.5 m long along x."""
    mesh = box((-0.75, -0.2, 0.0), (0.75, 0.2, 0.35), "plastic#c5351f")
    mesh.add(box((-0.75, -0.13, 0.35), (0.75, 0.13, 0.8), "plastic#c5351f"))
    return mesh.add(box((-0.6, -0.14, 0.5), (0.6, -0.13, 0.68), "paper#eceae4"))
