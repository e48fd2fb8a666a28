"""Vehicles as shapes: parked cars, goods vans, dump trucks with their loads, a vendor's tricycle.

All stand on z = 0 about the origin and look along +x.
"""

import math
from dataclasses import dataclass

from zoubian.datasets.city.mesh import Mesh, Vec3, ball, box, loft, sheet, tube
from zoubian.datasets.city.noise import fractal_noise

GLASS = "glass#10161a"
RUBBER = "rubber"
CHROME = "metal#b9bcc0"
DARK = "plastic#17181a"
BOX_EDGE_M = 2.3


@dataclass(frozen=True, slots=True)
class CarForm:
    """Side view of a car: stations (x, height) of body and roof, metres; x grows forwards."""

    length_m: float
    width_m: float
    belt: tuple[tuple[float, float], ...]
    roof: tuple[tuple[float, float], ...]
    wheel_x: tuple[float, float]
    wheel_radius_m: float


SEDAN = CarForm(
    4.6,
    1.80,
    ((-2.3, 0.62), (-2.22, 0.88), (-1.6, 0.98), (0.6, 0.94), (1.5, 0.86), (2.15, 0.72), (2.3, 0.5)),
    ((-1.75, 0.98), (-0.95, 1.42), (0.1, 1.45), (1.05, 0.93)),
    (-1.32, 1.38),
    0.32,
)
SUV = CarForm(
    4.6,
    1.88,
    ((-2.3, 0.65), (-2.26, 1.0), (-1.6, 1.08), (0.7, 1.05), (1.6, 1.0), (2.2, 0.85), (2.3, 0.55)),
    ((-2.2, 1.06), (-1.85, 1.62), (0.0, 1.68), (0.98, 1.05)),
    (-1.35, 1.4),
    0.36,
)
VAN = CarForm(
    4.2,
    1.62,
    ((-2.1, 0.6), (-2.08, 1.02), (-1.2, 1.06), (1.2, 1.05), (1.75, 1.0), (2.05, 0.8), (2.1, 0.5)),
    ((-2.08, 1.05), (-1.95, 1.82), (0.9, 1.86), (1.72, 1.02)),
    (-1.25, 1.35),
    0.3,
)
FORMS = {"sedan": SEDAN, "suv": SUV, "van": VAN}


def car(form_name: str, colour: str, seed: int) -> Mesh:
    """A parked car; `van` is the small goods van of every market street."""
    form = FORMS[form_name]
    paint = f"paint#{colour}"
    mesh = _car_body(form, paint)
    mesh.add(_greenhouse(form, paint, windows=form_name != "van" or seed % 2 == 0))
    w = form.width_m / 2
    for x in form.wheel_x:
        for side in (-1.0, 1.0):
            mesh.add(wheel(x, side * (w - 0.1), form.wheel_radius_m, 0.2, side))
            arch = form.wheel_radius_m + 0.05
            y = side * (w - 0.02)
            mesh.add(tube((x, y - 0.02, arch), (x, y + 0.02, arch), arch, DARK, sides=24))
    nose, tail = form.length_m / 2, -form.length_m / 2
    for side in (-1.0, 1.0):
        y = side * (w - 0.28)
        lamp_z = form.belt[-2][1] - 0.12
        mesh.add(
            box(
                (nose - 0.16, y - 0.16, lamp_z),
                (nose - 0.02, y + 0.16, lamp_z + 0.13),
                "lamp#dfe6ea",
            )
        )
        tail_z = form.belt[1][1] - 0.2
        mesh.add(
            box(
                (tail - 0.01, y - 0.13, tail_z),
                (tail + 0.1, y + 0.17, tail_z + 0.15),
                "lamp#8e1010",
            )
        )
        mirror = (0.62, side * (w + 0.02) - 0.06, form.belt[3][1] - 0.03)
        mesh.add(box(mirror, (mirror[0] + 0.16, mirror[1] + 0.14, mirror[2] + 0.14), paint))
    mesh.add(box((nose - 0.06, -0.45, 0.42), (nose + 0.005, 0.45, 0.56), DARK))
    for x, out in ((nose + 0.012, 1.0), (tail - 0.016, -1.0)):
        low, high = min(x, x + out * 0.01), max(x, x + out * 0.01)
        mesh.add(box((low, -0.22, 0.45), (high, 0.22, 0.59), "sign#1f4fa3"))
    return mesh


def wheel(x: float, y: float, radius: float, width: float, side: float) -> Mesh:
    """A tyre with a metal rim that shows on the outer side."""
    mesh = tube((x, y - width / 2, radius), (x, y + width / 2, radius), radius, RUBBER, sides=22)
    face = y + side * (width / 2 + 0.004)
    mesh.add(tube((x, y, radius), (x, face, radius), radius * 0.64, CHROME, sides=18))
    for spoke in range(5):
        angle = spoke * 2.0 * math.pi / 5.0
        cx, cz = x + radius * 0.4 * math.cos(angle), radius * (1.0 + 0.4 * math.sin(angle))
        mesh.add(tube((cx, y, cz), (cx, face + side * 0.003, cz), radius * 0.13, DARK, sides=8))
    return mesh


def dump_truck(colour: str, load: str) -> Mesh:
    """A four-axle dump truck, 8.8 m long.

    Args:
        colour: `rrggbb` of cab and box.
        load: "soil", "tarpaulin" over soil, "lid" (closed), "lid_open" over soil, or "empty".
    """
    paint = f"paint#{colour}"
    mesh = _cab(paint)
    mesh.add(box((-4.4, -0.42, 0.75), (4.0, 0.42, 1.02), "metal#33363a"))
    mesh.add(_dump_box(paint))
    for x in (3.2, 1.75, -2.0, -3.35):
        for side in (-1.0, 1.0):
            mesh.add(wheel(x, side * 1.03, 0.53, 0.34 if x > 0 else 0.5, side))
    for side in (-1.0, 1.0):
        mesh.add(
            box((-0.9, side * 1.05 - 0.2, 0.45), (0.9, side * 1.05 + 0.2, 0.95), "metal#2c2f33")
        )
        mesh.add(
            box((-4.5, side * 0.85 - 0.2, 0.85), (-4.42, side * 0.85 + 0.2, 1.0), "lamp#8e1010")
        )
        mesh.add(box((-4.4, side * 0.95 - 0.3, 0.55), (-4.36, side * 0.95 + 0.3, 1.25), DARK))
    mesh.add(box((-4.52, -0.25, 0.78), (-4.5, 0.25, 0.94), "sign#d8a51c"))
    if load not in ("empty", "lid"):
        mesh.add(soil_load())
    if load == "tarpaulin":
        mesh.add(tarpaulin())
    if load in ("lid", "lid_open"):
        mesh.add(hard_lid(paint, 0.0 if load == "lid" else 104.0))
    return mesh


def hard_lid(paint: str, open_deg: float) -> Mesh:
    """Two ribbed steel leaves hinged at the box's sides, shut to a low roof or standing open."""
    x0, x1, edge, ridge = -4.48, 1.54, 1.3, 0.2
    mesh = Mesh()
    for side in (-1.0, 1.0):
        leaf = Mesh()
        under, over = BOX_EDGE_M + 0.03, BOX_EDGE_M + 0.09
        low = [(x0, 0.02, under + ridge), (x1, 0.02, under + ridge), (x1, edge, under)]
        low.append((x0, edge, under))
        high = [(x, y, z + over - under) for x, y, z in low]
        leaf.add(loft((low, high), paint, smooth=False, close_start=True, close_end=True))
        for index in range(8):
            x = x0 + 0.15 + index * (x1 - x0 - 0.42) / 7
            rib = [(x, 0.05, over + ridge), (x + 0.12, 0.05, over + ridge), (x + 0.12, edge, over)]
            rib.append((x, edge, over))
            top = [(px, py, pz + 0.05) for px, py, pz in rib]
            leaf.add(loft((rib, top), paint, smooth=False, close_start=False, close_end=True))
        leaf = leaf.turned("x", -open_deg, (0.0, edge, under))
        mesh.add(leaf if side > 0.0 else leaf.turned("z", 180.0, ((x0 + x1) / 2, 0.0, 0.0)))
    return mesh


def soil_load() -> Mesh:
    """Soil that stands over the box's edge, with clods."""

    def surface(u: float, v: float) -> Vec3:
        x, y = -4.3 + 5.7 * u, (v - 0.5) * 2.26
        dome = math.sin(math.pi * min(1.0, max(0.0, u))) ** 0.6 * math.cos((v - 0.5) * 2.4)
        rough = 0.22 * fractal_noise(x * 1.6, y * 1.6, 0.0, 77, 5)
        return (x, y, BOX_EDGE_M - 0.18 + 0.95 * dome + rough)

    return sheet(surface, 60, 28, "soil")


def tarpaulin() -> Mesh:
    """A green sheet over the load, drawn over the edges and down the sides."""

    def surface(u: float, v: float) -> Vec3:
        x = -4.5 + 6.05 * u
        across = (v - 0.5) * 3.5
        y = max(-1.3, min(1.3, across))
        drop = max(0.0, abs(across) - 1.3)
        ends = min(1.0, min(u, 1.0 - u) * 9.0)
        dome = 0.80 * math.sin(math.pi * u) ** 0.5 * math.cos(y / 1.3 * 1.25)
        fold = 0.05 * fractal_noise(x * 3.0, across * 2.0, 0.0, 31, 3)
        fold += 0.018 * math.sin(x * 9.0 + across)
        out = 0.03 + 0.05 * fractal_noise(x * 2.2, 3.0, 0.0, 12, 2)
        side = math.copysign(out, y) if drop > 0.0 else 0.0
        z = BOX_EDGE_M + 0.05 + dome * ends + fold - drop - (1.0 - ends) * 0.18
        return (x, y + side, z)

    mesh = sheet(surface, 70, 44, "tarpaulin#2f6b45")
    for index in range(7):
        x = -4.1 + index * 0.85
        for side in (-1.0, 1.0):
            mesh.add(
                tube((x, side * 1.37, 2.0), (x, side * 1.34, 1.2), 0.009, "metal#c9c4b2", sides=6)
            )
    return mesh


def tricycle(seed: int) -> Mesh:
    """A vendor's cargo tricycle with crates of fruit and a parasol."""
    frame = "paint#2b4f8f"
    mesh = box((-1.2, -0.5, 0.52), (0.35, 0.5, 0.58), "wood")
    for low, high in (
        ((-1.2, -0.52, 0.55), (0.35, -0.49, 0.78)),
        ((-1.2, 0.49, 0.55), (0.35, 0.52, 0.78)),
        ((-1.22, -0.52, 0.55), (-1.19, 0.52, 0.78)),
        ((0.34, -0.52, 0.55), (0.37, 0.52, 0.90)),
    ):
        mesh.add(box(low, high, frame))
    for side in (-1.0, 1.0):
        mesh.add(wheel(-0.55, side * 0.58, 0.3, 0.07, side))
    mesh.add(wheel(1.05, 0.0, 0.3, 0.06, 1.0))
    bars: tuple[tuple[Vec3, Vec3], ...] = (
        ((1.05, 0.0, 0.3), (0.92, 0.0, 1.05)),
        ((0.92, -0.3, 1.07), (0.92, 0.3, 1.07)),
        ((0.35, 0.0, 0.5), (0.97, 0.0, 0.72)),
        ((0.5, 0.0, 0.5), (0.52, 0.0, 0.85)),
    )
    for start, end in bars:
        mesh.add(tube(start, end, 0.025, frame, sides=8))
    mesh.add(box((0.42, -0.13, 0.85), (0.7, 0.13, 0.93), DARK))
    for index, fruit in enumerate(("b3231f", "d97a1c", "7fa63a", "c9b03a", "a02a2f", "d97a1c")):
        x, y = -0.98 + (index % 3) * 0.5, -0.24 + (index // 3) * 0.48
        mesh.add(_crate(x, y, 0.6, fruit, seed + index))
    return mesh.add(_parasol(-0.45, 0.0, seed))


def _car_body(form: CarForm, paint: str) -> Mesh:
    rings = []
    w = form.width_m / 2
    for x, top in form.belt:
        end = abs(x) / (form.length_m / 2)
        half = w * (1.0 - 0.13 * max(0.0, end - 0.72) / 0.28)
        low = 0.24 + 0.1 * max(0.0, end - 0.85)
        mid = low + (top - low) * 0.5
        points = [(half * 0.9, low), (half, mid), (half * 0.97, top - 0.05), (half * 0.86, top)]
        points += [(half * 0.4, top + 0.02)]
        full = points + [(-y, z) for y, z in reversed(points)]
        rings.append([(x, y, z) for y, z in full])
    return loft(rings, paint, smooth=True, close_start=True, close_end=True)


def _greenhouse(form: CarForm, paint: str, *, windows: bool) -> Mesh:
    """Cabin over the belt line: glass all round, painted roof and pillars."""
    (x0, z0), (x1, z1), (x2, z2), (x3, z3) = form.roof
    low, high = form.width_m / 2 * 0.93, form.width_m / 2 * 0.76
    mesh = Mesh()

    def quad(points: list[Vec3], material: str) -> None:
        mesh.face(points, material, smooth=False)

    for s in (-1.0, 1.0):
        corner = [(x0, s * low, z0), (x3, s * low, z3), (x2, s * high, z2), (x1, s * high, z1)]
        quad(corner if s < 0 else corner[::-1], GLASS if windows else paint)
        for x in ((x1 + x2) / 2, x1 + 0.08, x2 - 0.02):
            share = 0.02
            a, b = (
                (x - 0.05, s * (low + share), min(z0, z3)),
                (x + 0.05, s * (low + share), min(z0, z3)),
            )
            c, d = (x + 0.04, s * (high + share), z1), (x - 0.04, s * (high + share), z1)
            quad([a, b, c, d] if s < 0 else [d, c, b, a], paint)
    quad([(x0, low, z0), (x0, -low, z0), (x1, -high, z1), (x1, high, z1)], GLASS)
    quad([(x3, -low, z3), (x3, low, z3), (x2, high, z2), (x2, -high, z2)], GLASS)
    h = high + 0.015
    roof = [
        [
            (x1 - 0.03, -h, z1 - 0.03),
            (x2 + 0.05, -h, z2 - 0.03),
            (x2 + 0.05, h, z2 - 0.03),
            (x1 - 0.03, h, z1 - 0.03),
        ],
        [
            (x1 + 0.1, -h * 0.9, z1 + 0.04),
            (x2 - 0.1, -h * 0.9, z2 + 0.04),
            (x2 - 0.1, h * 0.9, z2 + 0.04),
            (x1 + 0.1, h * 0.9, z1 + 0.04),
        ],
    ]
    return mesh.add(loft(roof, paint, smooth=True, close_start=True, close_end=True))


def _cab(paint: str) -> Mesh:
    rings = []
    for z, front, half in ((0.75, 4.3, 1.2), (1.6, 4.36, 1.24), (2.9, 4.16, 1.2), (3.05, 3.9, 1.1)):
        rings.append([(2.35, -half, z), (front, -half, z), (front, half, z), (2.35, half, z)])
    mesh = loft(rings, paint, smooth=False, close_start=True, close_end=True)
    mesh.face(
        [(4.375, -1.1, 1.85), (4.375, 1.1, 1.85), (4.19, 1.06, 2.75), (4.19, -1.06, 2.75)], GLASS
    )
    for s in (-1.0, 1.0):
        y = s * 1.245
        pane = [(2.75, y, 1.75), (4.15, y, 1.75), (4.0, y * 0.985, 2.6), (2.75, y * 0.985, 2.6)]
        mesh.face(pane if s < 0 else pane[::-1], GLASS)
        mesh.add(box((4.3, s * 0.85 - 0.22, 0.95), (4.42, s * 0.85 + 0.22, 1.15), "lamp#dfe6ea"))
        mesh.add(box((4.2, s * 1.38 - 0.09, 1.9), (4.3, s * 1.38 + 0.09, 2.5), DARK))
    mesh.add(box((4.3, -1.2, 0.5), (4.46, 1.2, 0.9), "metal#3a3d41"))
    mesh.add(box((4.34, -0.8, 1.15), (4.4, 0.8, 1.7), DARK))
    mesh.add(box((4.45, -0.22, 0.55), (4.475, 0.22, 0.7), "sign#d8a51c"))
    return mesh


def _dump_box(paint: str) -> Mesh:
    x0, x1, half, z0, z1 = -4.45, 1.5, 1.25, 1.1, BOX_EDGE_M
    mesh = box((x0, -half, z0), (x1, half, z0 + 0.08), paint)
    for s in (-1.0, 1.0):
        low, high = sorted((s * half, s * (half - 0.06)))
        mesh.add(box((x0, low, z0), (x1, high, z1), paint))
        for index in range(9):
            x = x0 + 0.1 + index * (x1 - x0 - 0.3) / 8
            low, high = sorted((s * half, s * (half + 0.08)))
            mesh.add(box((x, low, z0), (x + 0.12, high, z1), paint))
        low, high = sorted((s * (half - 0.08), s * (half + 0.1)))
        mesh.add(box((x0, low, z1 - 0.1), (x1, high, z1), paint))
    mesh.add(box((x0, -half, z0), (x0 + 0.06, half, z1), paint))
    mesh.add(box((x0 - 0.06, -half, z0), (x0, half, z0 + 0.14), paint))
    mesh.add(box((x0 - 0.06, -half, z1 - 0.16), (x0, half, z1), paint))
    for y in (-0.8, 0.0, 0.8):
        mesh.add(box((x0 - 0.06, y - 0.06, z0), (x0, y + 0.06, z1), paint))
    mesh.add(box((x1, -half, z0), (x1 + 0.06, half, z1 + 0.25), paint))
    return mesh


def _crate(x: float, y: float, z: float, fruit: str, seed: int) -> Mesh:
    mesh = box((x - 0.22, y - 0.2, z), (x + 0.22, y + 0.2, z + 0.17), "wood")
    small = ball(6, 8, f"fruit#{fruit}")
    for index in range(30):
        fx = x - 0.18 + (index % 6) * 0.072
        fy = y - 0.16 + (index // 6 % 5) * 0.08
        lift = 0.03 * fractal_noise(fx * 9.0, fy * 9.0, 1.0, seed, 2)
        mesh.add(
            small.mapped(lambda v: (v[0] * 0.042, v[1] * 0.042, v[2] * 0.04)).moved(
                fx, fy, z + 0.2 + lift
            )
        )
    return mesh


def _parasol(x: float, y: float, seed: int) -> Mesh:
    mesh = tube((x, y, 0.5), (x, y, 2.35), 0.02, CHROME, sides=8)
    colours = (("b5282c", "e7e3da"), ("2a5ea8", "e3c23c"), ("3d8a4b", "d8d8d2"))[seed % 3]
    panels = 12
    for index in range(panels):
        a, b = (2.0 * math.pi * (index + k) / panels for k in (0, 1))
        cloth = f"cloth#{colours[index % 2]}"
        top: Vec3 = (x, y, 2.42)
        inner = [(x + 0.7 * math.cos(t), y + 0.7 * math.sin(t), 2.28) for t in (a, b)]
        outer = [(x + 1.25 * math.cos(t), y + 1.25 * math.sin(t), 1.98) for t in (a, b)]
        mesh.face([top, inner[0], inner[1]], cloth)
        mesh.face([inner[0], outer[0], outer[1], inner[1]], cloth)
        hem = [(px, py, pz - 0.14) for px, py, pz in outer]
        mesh.face([outer[0], hem[0], hem[1], outer[1]], cloth)
    return mesh
