"""People as shapes: several builds and clothes, standing, waiting or in any phase of a walk.

A person stands on z = 0 about the origin and looks along +x. They are no objects of the truth.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from zoubian.datasets.city.mesh import Mesh, Vec3, ball, box, loft

WALK_PHASES = 8
STANDING = ("stand", "phone", "carry")
POSES = (*(f"walk{phase}" for phase in range(WALK_PHASES)), *STANDING)
RING_POINTS = 12


@dataclass(frozen=True, slots=True)
class Build:
    """A body: height in metres, breadth and depth against the average, and its hair."""

    height_m: float
    breadth: float
    depth: float
    hair: str
    long_hair: bool


BUILDS = (
    Build(1.74, 1.0, 1.0, "1b1816", False),
    Build(1.62, 0.9, 0.92, "211a17", True),
    Build(1.70, 1.14, 1.32, "2a2624", False),
    Build(1.58, 1.06, 1.22, "8d8a86", False),
    Build(1.80, 1.04, 0.98, "171514", False),
    Build(1.36, 0.86, 0.9, "1a1715", False),
)
OUTFITS = ("summer", "autumn", "winter")


@dataclass(frozen=True, slots=True)
class Stance:
    """Angles in degrees, forwards positive, of the left and the right side."""

    thigh: tuple[float, float]
    knee: tuple[float, float]
    shoulder: tuple[float, float]
    elbow: tuple[float, float]
    lean: float


def person(build: int, outfit: str, top: str, bottom: str, pose: str) -> Mesh:
    """A whole person.

    Args:
        build: Index of `BUILDS`.
        outfit: One of `OUTFITS`: bare arms, a jacket, or a padded coat with a hat.
        top: `rrggbb` of shirt, jacket or coat.
        bottom: `rrggbb` of the trousers.
        pose: One of `POSES`.
    """
    body, stance = BUILDS[build], stance_of(pose)
    h = body.height_m
    hips = 0.5 * h
    mesh, soles = Mesh(), []
    for index, side in enumerate((1.0, -1.0)):
        leg, sole = _leg(body, stance.thigh[index], stance.knee[index], side, bottom)
        mesh.add(leg)
        soles.append(sole)
    mesh.add(_trunk(body, outfit, top).turned("y", stance.lean, (0.0, 0.0, hips)))
    for index, side in enumerate((1.0, -1.0)):
        arm = _arm(body, outfit, top, stance.shoulder[index], stance.elbow[index], side)
        mesh.add(arm.turned("y", stance.lean, (0.0, 0.0, hips)))
    mesh.add(_head(body, outfit).turned("y", stance.lean, (0.0, 0.0, hips)))
    if pose == "phone":
        mesh.add(box((0.30, -0.24, 0.655 * h), (0.31, -0.16, 0.745 * h), "plastic#17181a"))
    if pose == "carry":
        bag = ball(10, 12, "film#d6d8da")
        carried = bag.mapped(lambda v: (v[0] * 0.13, v[1] * 0.07, v[2] * 0.17))
        mesh.add(carried.moved(0.02, 0.155 * h * body.breadth, 0.265 * h))
    return mesh.moved(0.0, 0.0, -min(soles))


def stance_of(pose: str) -> Stance:
    """The angles of a pose.

    Raises:
        KeyError: No such pose.
    """
    if pose in STANDING:
        bent = {"stand": (14.0, 16.0), "phone": (16.0, 96.0), "carry": (6.0, 18.0)}[pose]
        return Stance((3.0, -3.0), (4.0, 2.0), (2.0, 12.0 if pose == "phone" else -3.0), bent, 1.0)
    if pose not in POSES:
        raise KeyError(pose)
    turn = 2.0 * math.pi * int(pose.removeprefix("walk")) / WALK_PHASES
    swing = math.sin(turn), -math.sin(turn)
    # A knee bends while its leg swings forwards, that is while its thigh's angle grows.
    forwards = max(0.0, math.cos(turn)), max(0.0, -math.cos(turn))
    return Stance(
        (4.0 + 24.0 * swing[0], 4.0 + 24.0 * swing[1]),
        (6.0 + 48.0 * forwards[0] ** 1.5, 6.0 + 48.0 * forwards[1] ** 1.5),
        (-22.0 * swing[0], -22.0 * swing[1]),
        (18.0 + 8.0 * swing[1], 18.0 + 8.0 * swing[0]),
        3.0,
    )


def _leg(body: Build, thigh: float, knee: float, side: float, bottom: str) -> tuple[Mesh, float]:
    """One leg with its shoe, and how low the sole comes."""
    h, w = body.height_m, body.breadth
    y = side * 0.052 * h * w
    top: Vec3 = (0.0, y, 0.5 * h)
    bend = _step(top, thigh, 0.245 * h)
    ankle = _step(bend, thigh - knee, 0.215 * h)
    cloth = f"fabric#{bottom}"
    wide = (0.052 * h * w, 0.05 * h * w, 0.037 * h * w, 0.031 * h, 0.031 * h)
    shank = _between(bend, ankle, 0.55)
    mesh = hose((top, _between(top, bend, 0.5), bend, shank, ankle), wide, cloth)
    shoe = ball(8, 12, "leather#26231f").mapped(
        lambda v: (v[0] * 0.079 * h + 0.032 * h, v[1] * 0.028 * h, max(-0.03 * h, v[2] * 0.036 * h))
    )
    pitch = max(-12.0, min(38.0, knee - thigh))
    shoe = shoe.turned("y", pitch).moved(ankle[0], ankle[1], ankle[2] - 0.012 * h)
    mesh.add(shoe)
    return mesh, min(vertex[2] for vertex in shoe.vertices)


def _trunk(body: Build, outfit: str, top: str) -> Mesh:
    """Shirt or coat from its hem to the collar."""
    h, w, d = body.height_m, body.breadth, body.depth
    thick = {"summer": 1.0, "autumn": 1.07, "winter": 1.12}[outfit]
    hem = {"summer": 0.465, "autumn": 0.44, "winter": 0.36}[outfit]
    levels = (
        (hem, 0.105, 0.076), (0.52, 0.102, 0.074), (0.60, 0.092, 0.066), (0.68, 0.101, 0.072),
        (0.75, 0.104, 0.072), (0.795, 0.106, 0.062), (0.82, 0.09, 0.05), (0.838, 0.048, 0.04),
    )  # fmt: skip
    rings = []
    for share, half_y, half_x in levels:
        ry, rx = half_y * h * w * thick, half_x * h * d * thick
        rings.append([(rx * c, ry * s, share * h) for c, s in _circle()])
    return loft(rings, f"fabric#{top}", smooth=True, close_start=True, close_end=True)


def _arm(body: Build, outfit: str, top: str, shoulder: float, elbow: float, side: float) -> Mesh:
    h, w = body.height_m, body.breadth
    thick = {"summer": 1.0, "autumn": 1.12, "winter": 1.25}[outfit]
    start: Vec3 = (0.0, side * 0.098 * h * w * (1.0 + 0.5 * (thick - 1.0)), 0.8 * h)
    out = side * 0.022 * h
    bend = _step(start, shoulder, 0.17 * h, out)
    wrist = _step(bend, shoulder + elbow, 0.14 * h, out * 0.3)
    sleeve, skin = f"fabric#{top}", "skin#c99478"
    arm = 0.026 * h * thick
    mesh = hose((start, _between(start, bend, 0.55)), (arm * 1.15, arm * 1.1), sleeve)
    lower = skin if outfit == "summer" else sleeve
    middle = _between(start, bend, 0.5)
    mesh.add(hose((middle, bend, wrist), (arm * (1.0 if lower == sleeve else 0.8), arm * 0.86,
                                          0.017 * h * thick), lower))  # fmt: skip
    tip = _step(wrist, shoulder + elbow, 0.085 * h)
    mesh.add(hose((wrist, _between(wrist, tip, 0.5), tip), (0.015 * h, 0.022 * h, 0.01 * h), skin))
    return mesh


def _head(body: Build, outfit: str) -> Mesh:
    h = body.height_m
    tall = 0.07 * h if h > 1.5 else 0.08 * h
    centre: Vec3 = (0.012 * h, 0.0, h - tall)
    skin = "skin#cf9d80"
    mesh = hose(((0.0, 0.0, 0.815 * h), centre), (0.034 * h, 0.032 * h), skin)

    def skull(v: Vec3) -> Vec3:
        jaw = 1.0 + 0.16 * min(0.0, v[2])
        return (v[0] * 0.06 * h * jaw, v[1] * 0.05 * h * jaw, v[2] * tall)

    mesh.add(ball(14, 16, skin).mapped(skull).moved(*centre))
    nose: Vec3 = (centre[0] + 0.06 * h, 0.0, centre[2] - 0.1 * tall)
    mesh.add(hose(((nose[0] - 0.01 * h, 0.0, nose[2] + 0.22 * tall), nose), (0.004, 0.011), skin))

    def cap(v: Vec3) -> Vec3:
        face = v[0] > 0.1 - 0.5 * v[2] and v[2] < 0.42  # hair leaves brow and cheeks free
        grown = 0.86 if face else 1.09
        below = -0.95 if body.long_hair else -0.35
        x, y, z = skull((v[0], v[1], max(below, v[2])))
        return (x * grown - 0.004 * h, y * grown, z * (1.05 if not face else 0.86))

    hair = f"hair#{body.hair}" if outfit != "winter" else "fabric#3a3f4b"
    return mesh.add(ball(16, 18, hair).mapped(cap).moved(*centre))


def hose(path: Sequence[Vec3], radii: Sequence[float], material: str) -> Mesh:
    """A round limb along a path with a radius at each point, closed and rounded at both ends.

    The path runs nowhere straight along y, which its rings are laid out by.
    """
    rings = []
    last = len(path) - 1
    for index, (point, radius) in enumerate(zip(path, radii, strict=True)):
        along = _direction(path[max(0, index - 1)], path[min(last, index + 1)])
        if index == 0:
            rings.append(_ring_across(point, along, -0.6 * radius, 0.6 * radius))
        rings.append(_ring_across(point, along, 0.0, radius))
        if index == last:
            rings.append(_ring_across(point, along, 0.6 * radius, 0.6 * radius))
    return loft(rings, material, smooth=True, close_start=True, close_end=True)


def _direction(start: Vec3, end: Vec3) -> Vec3:
    x, y, z = (end[i] - start[i] for i in range(3))
    length = math.sqrt(x * x + y * y + z * z)
    return (x / length, y / length, z / length)


def _ring_across(point: Vec3, along: Vec3, shift: float, radius: float) -> list[Vec3]:
    """A circle across a direction, counter-clockwise about it, its centre shifted along it."""
    flat = math.hypot(along[0], along[2])
    u = (along[2] / flat, 0.0, -along[0] / flat)
    v = (
        along[1] * u[2] - along[2] * u[1],
        along[2] * u[0] - along[0] * u[2],
        along[0] * u[1] - along[1] * u[0],
    )
    ring: list[Vec3] = []
    for c, s in _circle():
        x, y, z = (point[i] + shift * along[i] + radius * (c * u[i] + s * v[i]) for i in range(3))
        ring.append((x, y, z))
    return ring


def _circle() -> list[tuple[float, float]]:
    turns = [2.0 * math.pi * index / RING_POINTS for index in range(RING_POINTS)]
    return [(math.cos(turn), math.sin(turn)) for turn in turns]


def _step(start: Vec3, degrees: float, length: float, aside: float = 0.0) -> Vec3:
    """The end of a bone that hangs down from its start and is swung forwards."""
    turn = math.radians(degrees)
    return (
        start[0] + length * math.sin(turn),
        start[1] + aside,
        start[2] - length * math.cos(turn),
    )


def _between(a: Vec3, b: Vec3, share: float) -> Vec3:
    x, y, z = (a[i] + share * (b[i] - a[i]) for i in range(3))
    return (x, y, z)
