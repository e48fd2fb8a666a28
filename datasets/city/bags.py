"""Rubbish as shapes: tied and open bags, crumpled film, cartons, cups, bottles, leaves, heaps."""

import math

from zoubian.datasets.city.mesh import Mesh, Vec3, ball, box, sheet, tube
from zoubian.datasets.city.noise import fractal_noise, ridged_noise
from zoubian.datasets.city.seeds import stream

BAG_VARIANTS = 8
CRUMPLE_VARIANTS = 6


def tied_bag(variant: int) -> Mesh:
    """A full bag tied at the neck, about 1 m wide (scale it), standing on z = 0.

    The film is gathered towards the knot in pleats; ears stand up above it.
    """
    source = stream("tied_bag", variant)
    pleats, phase = source.randint(9, 14), source.uniform(0.0, 6.0)
    squat, lean = source.uniform(0.62, 0.95), source.uniform(-0.18, 0.18)

    def shape(v: Vec3) -> Vec3:
        t = (v[2] + 1.0) / 2.0
        angle = math.atan2(v[1], v[0])
        radius, z = _bag_profile(t, squat)
        lump = 1.0 + 0.34 * fractal_noise(v[0] * 1.5, v[1] * 1.5, z * 2.0, variant * 7 + 1, 3)
        crease = ridged_noise(v[0] * 2.6, v[1] * 2.6, v[2] * 2.6, variant * 7 + 4, 3) - 0.45
        gather = 0.02 + 0.20 * max(0.0, t - 0.45)
        wobble = 2.0 * fractal_noise(v[0] * 2.0, v[1] * 2.0, 0.0, variant + 50, 2)
        radius *= lump * (1.0 + gather * math.sin(pleats * angle + phase + wobble))
        radius += 0.11 * crease * min(1.0, radius * 2.2)
        x, y = radius * math.cos(angle), radius * math.sin(angle)
        sag = 0.05 * fractal_noise(x * 3.0, y * 3.0, 5.0, variant, 2)
        return (x + lean * z * z, y, max(0.0, z + sag))

    return ball(34, 44, "bag").mapped(shape)


def open_bag(variant: int) -> Mesh:
    """A slumped carrier bag without a knot, lumpy all over, about 1 m wide, on z = 0."""
    source = stream("open_bag", variant)
    flat = source.uniform(0.45, 0.7)

    def shape(v: Vec3) -> Vec3:
        lump = 1.0 + 0.5 * fractal_noise(v[0] * 1.6, v[1] * 1.6, v[2] * 1.6, variant * 11 + 3, 3)
        crease = ridged_noise(v[0] * 3.1, v[1] * 3.1, v[2] * 3.1, variant * 11 + 6, 3) - 0.45
        r = 0.5 * (lump + 0.30 * crease)
        return (v[0] * r, v[1] * r * 0.85, max(0.0, v[2] * r * flat + 0.5 * flat - 0.06))

    return ball(30, 38, "bag").mapped(shape)


def crumple(variant: int, material: str) -> Mesh:
    """A crumpled handful of film, paper or cloth, about 1 m wide, about the origin."""

    def shape(v: Vec3) -> Vec3:
        crease = ridged_noise(v[0] * 1.7, v[1] * 1.7, v[2] * 1.7, variant * 13 + 2, 3)
        lump = fractal_noise(v[0] * 1.2, v[1] * 1.2, v[2] * 1.2, variant * 13 + 8, 2)
        r = 0.22 + 0.55 * crease * (0.8 + lump)
        return (v[0] * r, v[1] * r * 0.8, v[2] * r * 0.5)

    mesh = ball(12, 16, material).mapped(shape)
    mesh.smooth = [False] * len(mesh.smooth)
    return mesh


def bent_sheet(variant: int, material: str) -> Mesh:
    """A sheet of paper, film or board lying bent, 1 m by 0.7 m, near z = 0."""

    def surface(u: float, v: float) -> Vec3:
        x, y = u - 0.5, (v - 0.5) * 0.7
        lift = 0.22 * fractal_noise(u * 2.2, v * 2.2, 0.5, variant * 17 + 1, 3)
        fold = 0.35 * abs(x) * (variant % 3) * 0.4
        return (x, y, 0.05 + lift + fold)

    mesh = sheet(surface, 8, 6, material)
    mesh.smooth = [variant % 2 == 0] * len(mesh.smooth)
    return mesh


def carton(width: float, depth: float, height: float, flaps_deg: float) -> Mesh:
    """A cardboard carton on z = 0 with its flaps raised by an angle and a strip of tape."""
    x, y = width / 2, depth / 2
    mesh = box((-x, -y, 0.0), (x, y, height), "cardboard")
    for side in (-1.0, 1.0):
        flap = box((-x, 0.0, -0.002), (x, y * 0.95, 0.003), "cardboard")
        if side > 0:
            flap = flap.turned("z", 180.0)
        mesh.add(
            flap.moved(0.0, -side * y, height + 0.004).turned(
                "x", side * flaps_deg, (0.0, -side * y, height)
            )
        )
    if flaps_deg < 8.0:
        mesh.add(
            box((-0.03, -y - 0.002, height - 0.1), (0.03, y + 0.002, height + 0.012), "film#cbb07a")
        )
    label = box(
        (-x * 0.55, -y - 0.002, height * 0.35), (x * 0.3, -y, height * 0.72), "paper#e9e6df"
    )
    return mesh.add(label)


def cup(material: str) -> Mesh:
    """A drinking cup 1 m high (scale it), upright on z = 0."""
    return tube((0, 0, 0), (0, 0, 1.0), 0.27, material, sides=12, end_radius=0.38)


def bottle(material: str) -> Mesh:
    """A drink bottle 1 m long (scale it), upright on z = 0."""
    mesh = tube((0, 0, 0), (0, 0, 0.72), 0.15, material, sides=12)
    mesh.add(tube((0, 0, 0.72), (0, 0, 0.9), 0.15, material, sides=12, end_radius=0.05))
    return mesh.add(tube((0, 0, 0.9), (0, 0, 1.0), 0.06, "film#2f62b8", sides=10))


def lunch_box() -> Mesh:
    """A white foam take-away box, 1 m wide (scale it), lid half open."""
    mesh = box((-0.5, -0.4, 0.0), (0.5, 0.4, 0.25), "paper#ecebe6")
    lid = box((-0.5, -0.4, 0.0), (0.5, 0.4, 0.12), "paper#f2f1ec")
    return mesh.add(lid.moved(0.0, 0.0, 0.26).turned("x", 38.0, (0.0, 0.4, 0.26)))


def leaf(material: str) -> Mesh:
    """One fallen or cabbage leaf, 1 m long (scale it), slightly curled."""
    mesh = Mesh()
    mesh.face([(-0.5, 0, 0.02), (0.0, -0.28, 0.10), (0.5, 0, 0.0)], material)
    mesh.face([(-0.5, 0, 0.02), (0.5, 0, 0.0), (0.0, 0.28, 0.12)], material)
    return mesh


def mound(rx: float, ry: float, height: float, seed: int, material: str) -> Mesh:
    """A heap's body: an uneven dome over an oval, skirts slightly under z = 0."""

    def surface(u: float, v: float) -> Vec3:
        x, y = (2.0 * u - 1.0) * rx * 1.15, (2.0 * v - 1.0) * ry * 1.15
        return (x, y, mound_height(x, y, rx, ry, height, seed))

    return sheet(surface, 30, 30, material)


def mound_height(x: float, y: float, rx: float, ry: float, height: float, seed: int) -> float:
    """How high a `mound` stands at a point, metres; below zero outside."""
    reach = math.hypot(x / rx, y / ry)
    rough = 0.35 * fractal_noise(x * 2.3, y * 2.3, 0.0, seed, 4)
    slope = 1.0 - math.pow(reach, 1.4) + rough * max(0.0, 1.2 - reach)
    return height * max(-0.08, slope)


def boulder(variant: int, material: str) -> Mesh:
    """A lump of broken concrete or stone with edges, about 1 m wide (scale it)."""

    def shape(v: Vec3) -> Vec3:
        r = 0.5 * (0.75 + 0.6 * fractal_noise(v[0], v[1], v[2], variant * 19 + 5, 2))
        x, y, z = (max(-0.36, min(0.36, value * r * 1.25)) for value in v)
        return (x, y, z)

    mesh = ball(7, 9, material).mapped(shape)
    mesh.smooth = [False] * len(mesh.smooth)
    return mesh


def _bag_profile(t: float, squat: float) -> tuple[float, float]:
    """Radius and height of a tied bag along its meridian, t from 0 (base) to 1 (ears)."""
    if t < 0.78:
        share = t / 0.78
        radius = 0.5 * math.sin(math.pi * share**0.72) ** 0.62 * (1.0 - 0.15 * share)
        return max(0.07, radius), squat * (share**1.25)
    if t < 0.86:
        return 0.07, squat + 0.05 * (t - 0.78) / 0.08
    share = (t - 0.86) / 0.14
    return 0.07 + 0.14 * share, squat + 0.05 + 0.16 * share
