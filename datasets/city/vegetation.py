"""Street trees, hedges and weeds as shapes: real leaf faces, no transparent pictures."""

import math
import random

from zoubian.datasets.city.mesh import Mesh, Vec3, box, tube
from zoubian.datasets.city.seeds import stream


def tree(variant: int, leaf_colour: str, leaves: int) -> Mesh:
    """A pruned street tree about 7 m high on z = 0; `leaves` 0 makes a bare winter tree."""
    source = stream("tree", variant)
    mesh = Mesh()
    fork = source.uniform(2.3, 2.8)
    radius = source.uniform(0.10, 0.15)
    bend = (source.uniform(-0.12, 0.12), source.uniform(-0.12, 0.12))
    crown: Vec3 = (bend[0], bend[1], fork)
    mesh.add(
        tube(
            (0, 0, 0),
            (bend[0] / 2, bend[1] / 2, fork / 2),
            radius,
            "bark",
            sides=10,
            end_radius=radius * 0.85,
        )
    )
    mesh.add(
        tube(
            (bend[0] / 2, bend[1] / 2, fork / 2),
            crown,
            radius * 0.85,
            "bark",
            sides=10,
            end_radius=radius * 0.75,
        )
    )
    mesh.add(tube((0, 0, 0), (0, 0, 1.1), radius * 1.03, "paint_lime", sides=10))
    tips = _branches(source, mesh, crown, radius * 0.6)
    for _ in range(leaves):
        tip = source.choice(tips)
        centre = tuple(tip[i] + source.gauss(0.0, (0.5, 0.5, 0.4)[i]) for i in range(3))
        mesh.add(_leaf(source, centre, source.uniform(0.16, 0.3), f"leaf#{leaf_colour}"))
    return mesh


def hedge(length: float, variant: int) -> Mesh:
    """A clipped hedge 0.7 m high along x, from 0 to its length."""
    source = stream("hedge", variant)
    mesh = box((0.04, -0.22, 0.05), (length - 0.04, 0.22, 0.6), "leaf#1f3a17")
    for _ in range(int(length * 520)):
        x, face = source.uniform(0.0, length), source.random()
        if face < 0.4:
            y, z = source.uniform(-0.28, 0.28), 0.66 + source.gauss(0.0, 0.03)
        else:
            y, z = (
                math.copysign(0.27, face - 0.7) + source.gauss(0, 0.02),
                source.uniform(0.05, 0.66),
            )
        mesh.add(_leaf(source, (x, y, z), source.uniform(0.05, 0.1), "leaf#3b6427"))
    return mesh


def weeds(variant: int) -> Mesh:
    """A tuft of grass and weeds about 0.3 m wide."""
    source = stream("weeds", variant)
    mesh = Mesh()
    for _ in range(40):
        x, y = source.gauss(0.0, 0.08), source.gauss(0.0, 0.08)
        lean = (source.gauss(0.0, 0.08), source.gauss(0.0, 0.08))
        high = source.uniform(0.06, 0.22)
        mesh.face(
            [(x - 0.008, y, 0), (x + 0.008, y, 0), (x + lean[0], y + lean[1], high)], "leaf#5d7a35"
        )
    return mesh


def _branches(source: random.Random, mesh: Mesh, crown: Vec3, radius: float) -> list[Vec3]:
    tips: list[Vec3] = []
    for limb in range(5):
        angle = limb * 2.0 * math.pi / 5.0 + source.uniform(-0.4, 0.4)
        out, up = source.uniform(0.7, 1.3), source.uniform(1.1, 1.9)
        mid = (crown[0] + out * math.cos(angle), crown[1] + out * math.sin(angle), crown[2] + up)
        mesh.add(tube(crown, mid, radius, "bark", sides=7, end_radius=radius * 0.55))
        for _ in range(4):
            turn = angle + source.uniform(-0.9, 0.9)
            out2, up2 = source.uniform(0.4, 1.1), source.uniform(0.3, 1.5)
            tip = (mid[0] + out2 * math.cos(turn), mid[1] + out2 * math.sin(turn), mid[2] + up2)
            mesh.add(tube(mid, tip, radius * 0.5, "bark", sides=5, end_radius=radius * 0.15))
            halfway = ((mid[0] + tip[0]) / 2, (mid[1] + tip[1]) / 2, (mid[2] + tip[2]) / 2)
            tips += [tip, halfway]
    return tips


def _leaf(source: random.Random, centre: tuple[float, ...], size: float, material: str) -> Mesh:
    a, tilt = source.uniform(0.0, 2.0 * math.pi), source.uniform(-0.9, 0.9)
    u = (math.cos(a) * size, math.sin(a) * size, tilt * size * 0.6)
    v = (-math.sin(a) * size * 0.6, math.cos(a) * size * 0.6, source.uniform(-0.5, 0.5) * size)
    x, y, z = centre
    mesh = Mesh()
    corners = ((-0.5, 0.0), (0.0, -0.5), (0.5, 0.0), (0.0, 0.5))
    points = [
        (x + p * u[0] + q * v[0], y + p * u[1] + q * v[1], z + p * u[2] + q * v[2])
        for p, q in corners
    ]
    mesh.face(points, material)
    return mesh
