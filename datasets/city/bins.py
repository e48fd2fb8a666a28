"""Wheelie bins of 120, 240 and 660 litres as shapes: body, rim, wheels and a lid at any angle."""

from dataclasses import dataclass

from zoubian.datasets.city.mesh import Mesh, Vec3, box, loft, ring, tube


@dataclass(frozen=True, slots=True)
class BinSize:
    """Outer measures of a bin in metres; the front looks along -y, the lid hinges at +y."""

    litres: int
    width_m: float
    depth_m: float
    height_m: float
    base_share: float
    castors: bool


SIZES = {
    120: BinSize(120, 0.48, 0.55, 0.93, 0.76, False),
    240: BinSize(240, 0.58, 0.72, 1.06, 0.74, False),
    660: BinSize(660, 1.26, 0.78, 1.18, 0.80, True),
}
CORNER_POINTS = 5
WHEEL = "rubber"


def bin_body(litres: int, colour: str) -> Mesh:
    """The open tub with rim, handle and wheels, standing on z = 0 about the origin."""
    size = SIZES[litres]
    plastic = f"plastic#{colour}"
    mesh = _tub(size, plastic)
    mesh.add(_ribs(size, plastic))
    mesh.add(_castors(size) if size.castors else _wheels(size))
    mesh.add(_handle(size, plastic))
    return mesh


def bin_lid(litres: int, colour: str, angle_deg: float) -> Mesh:
    """The lid opened by an angle: 0 closed, about 20 ajar, 95 upright, 255 hanging behind."""
    size = SIZES[litres]
    plastic = f"plastic#{colour}"
    w, d = size.width_m * 1.07, size.depth_m * 1.07
    bulge = 0.16 if size.castors else 0.075
    steps = ((1.0, -0.035), (1.0, 0.012), (0.985, 0.024), (0.90, 0.032), (0.86, bulge * 0.75))
    rings = [ring(w * s, d * (s - (1.0 - s) * 0.2), 0.07 * s, z, CORNER_POINTS) for s, z in steps]
    rings.append(ring(w * 0.74, d * 0.70, 0.06, bulge, CORNER_POINTS))
    mesh = loft(rings, plastic, smooth=True, close_start=False, close_end=True)
    inner = [ring(w * 0.97, d * 0.97, 0.07, -0.034, CORNER_POINTS)]
    inner.append(ring(w * 0.93, d * 0.93, 0.06, 0.018, CORNER_POINTS))
    mesh.add(loft(inner, plastic, smooth=False, close_start=False, close_end=True))
    lip = 0.22 if not size.castors else 0.5
    mesh.add(box((-lip / 2, -d / 2 - 0.035, -0.02), (lip / 2, -d / 2 + 0.02, 0.012), plastic))
    for side in (-1.0, 1.0):
        x = side * w * 0.32
        mesh.add(box((x - 0.035, d / 2 - 0.03, -0.03), (x + 0.035, d / 2 + 0.045, 0.03), plastic))
    hinge: Vec3 = (0.0, size.depth_m / 2 + 0.035, size.height_m)
    return mesh.moved(0.0, 0.0, size.height_m + 0.012).turned("x", -angle_deg, hinge)


def front_y(litres: int, z: float) -> float:
    """Where the front wall stands at a height, metres along y (negative)."""
    size = SIZES[litres]
    share = size.base_share + (0.95 - size.base_share) * min(1.0, z / size.height_m)
    depth = size.depth_m * share
    return _back_shift(size, share) - depth / 2.0


def front_tilt_deg(litres: int) -> float:
    """How far the front wall leans outwards from upright, degrees."""
    size = SIZES[litres]
    run = front_y(litres, 0.3) - front_y(litres, 0.8)
    return 57.3 * run / 0.5 if size.height_m > 0.8 else 0.0


def _back_shift(size: BinSize, share: float) -> float:
    """The back wall is nearly upright: what tapers, tapers at the front."""
    return 0.0 if size.castors else size.depth_m * (0.95 - share) * 0.36


def _tub(size: BinSize, plastic: str) -> Mesh:
    w, d, h = size.width_m, size.depth_m, size.height_m
    foot = 0.17 if size.castors else 0.035

    def level(share: float, z: float, radius: float) -> list[Vec3]:
        shift = _back_shift(size, share) if share < 0.95 else 0.0
        points = ring(w * share, d * share, radius, z, CORNER_POINTS)
        return [(x, y + shift, zz) for x, y, zz in points]

    base = size.base_share
    rings = [level(base - 0.05, foot, 0.05), level(base, foot + 0.03, 0.07)]
    for part in (0.35, 0.7):
        rings.append(level(base + (0.94 - base) * part, foot + (h - foot) * part, 0.08))
    rings += [level(0.945, h - 0.085, 0.08), level(1.03, h - 0.07, 0.07)]
    rings += [level(1.05, h - 0.062, 0.07), level(1.05, h - 0.008, 0.07), level(1.03, h, 0.07)]
    rings += [level(0.93, h, 0.06), level(0.92, h - 0.03, 0.06), level(base, foot + 0.06, 0.06)]
    return loft(rings, plastic, smooth=True, close_start=True, close_end=True)


def _ribs(size: BinSize, plastic: str) -> Mesh:
    mesh = Mesh()
    h = size.height_m
    places = (-0.4, -0.2, 0.2, 0.4) if size.castors else (-0.36, 0.36)
    for share in places:
        x = size.width_m * share * 0.86
        low, high = front_y(size.litres, 0.22), front_y(size.litres, h - 0.1)
        rib = box((x - 0.018, -0.012, 0.2), (x + 0.018, 0.02, h - 0.08), plastic)
        top = h - 0.08

        def lean(v: Vec3, low: float = low, high: float = high, top: float = top) -> Vec3:
            return (v[0], v[1] + low + (high - low) * (v[2] - 0.2) / (top - 0.2), v[2])

        mesh.add(rib.mapped(lean))
    return mesh


def _wheels(size: BinSize) -> Mesh:
    mesh = Mesh()
    radius = 0.1
    y = size.depth_m / 2 - 0.07
    for side in (-1.0, 1.0):
        x = side * (size.width_m * size.base_share / 2 + 0.035)
        mesh.add(tube((x - 0.025, y, radius), (x + 0.025, y, radius), radius, WHEEL, sides=18))
        hub = (x + side * 0.028, y, radius)
        mesh.add(tube((x, y, radius), hub, radius * 0.55, "metal#8c8c8c", sides=12))
    x = size.width_m * size.base_share / 2
    mesh.add(tube((-x, y, radius), (x, y, radius), 0.012, "metal#5a5a5a", sides=8))
    return mesh


def _castors(size: BinSize) -> Mesh:
    mesh = Mesh()
    for sx in (-1.0, 1.0):
        for sy in (-1.0, 1.0):
            x, y = sx * size.width_m * 0.34, sy * size.depth_m * 0.28
            mesh.add(tube((x - 0.022, y, 0.08), (x + 0.022, y, 0.08), 0.08, WHEEL, sides=14))
            mesh.add(box((x - 0.04, y - 0.03, 0.09), (x + 0.04, y + 0.03, 0.19), "metal#77797c"))
    for side in (-1.0, 1.0):
        x, z = side * size.width_m * 0.53, size.height_m - 0.16
        mesh.add(tube((x - side * 0.06, 0, z), (x + side * 0.05, 0, z), 0.025, WHEEL, sides=10))
    return mesh


def _handle(size: BinSize, plastic: str) -> Mesh:
    y, z = size.depth_m / 2 + 0.055, size.height_m - 0.012
    x = size.width_m * 0.42
    mesh = tube((-x, y, z), (x, y, z), 0.016, plastic, sides=10)
    for place in (-1.0, -0.33, 0.33, 1.0):
        low = (place * x - 0.014, size.depth_m / 2 - 0.01, z - 0.045)
        mesh.add(box(low, (place * x + 0.014, y + 0.005, z + 0.01), plastic))
    return mesh
