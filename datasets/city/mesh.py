"""Meshes as plain lists, so that shapes are built and tested without Blender."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

Vec3 = tuple[float, float, float]


@dataclass(slots=True)
class Mesh:
    """Vertices in metres and faces with a material name each; it grows while it is built.

    Attributes:
        vertices: Points (x, y, z).
        faces: Vertex indices, counter-clockwise seen from outside.
        materials: One name a face, `kind#rrggbb` or `kind` (see `scene/materials.py`).
        smooth: One flag a face: shaded round or flat.
    """

    vertices: list[Vec3] = field(default_factory=list)
    faces: list[tuple[int, ...]] = field(default_factory=list)
    materials: list[str] = field(default_factory=list)
    smooth: list[bool] = field(default_factory=list)

    def face(self, points: Iterable[Vec3], material: str, *, smooth: bool = False) -> None:
        """Adds one polygon with vertices of its own."""
        first = len(self.vertices)
        self.vertices.extend(points)
        self.faces.append(tuple(range(first, len(self.vertices))))
        self.materials.append(material)
        self.smooth.append(smooth)

    def add(self, other: "Mesh") -> "Mesh":
        """Appends another mesh and returns this one."""
        first = len(self.vertices)
        self.vertices.extend(other.vertices)
        self.faces.extend(tuple(first + index for index in face) for face in other.faces)
        self.materials.extend(other.materials)
        self.smooth.extend(other.smooth)
        return self

    def mapped(self, change: Callable[[Vec3], Vec3]) -> "Mesh":
        """A copy with every vertex moved by a function."""
        vertices = [change(vertex) for vertex in self.vertices]
        return Mesh(vertices, list(self.faces), list(self.materials), list(self.smooth))

    def moved(self, x: float, y: float, z: float) -> "Mesh":
        """A copy shifted by metres."""
        return self.mapped(lambda v: (v[0] + x, v[1] + y, v[2] + z))

    def turned(self, axis: str, degrees: float, pivot: Vec3 = (0.0, 0.0, 0.0)) -> "Mesh":
        """A copy turned counter-clockwise about an axis through a point."""
        return self.mapped(lambda v: turn(v, axis, degrees, pivot))


def turn(point: Vec3, axis: str, degrees: float, pivot: Vec3 = (0.0, 0.0, 0.0)) -> Vec3:
    """Turns a point about the axis "x", "y" or "z" through a pivot.

    >>> [round(value, 6) for value in turn((1.0, 0.0, 0.0), "z", 90.0)]
    [0.0, 1.0, 0.0]
    """
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y, z = (point[i] - pivot[i] for i in range(3))
    if axis == "x":
        x, y, z = x, c * y - s * z, s * y + c * z
    elif axis == "y":
        x, y, z = c * x + s * z, y, c * z - s * x
    else:
        x, y, z = c * x - s * y, s * x + c * y, z
    return (x + pivot[0], y + pivot[1], z + pivot[2])


def box(low: Vec3, high: Vec3, material: str) -> Mesh:
    """An upright block between two corners."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    mesh = Mesh()
    mesh.face([(x0, y0, z0), (x0, y1, z0), (x1, y1, z0), (x1, y0, z0)], material)
    mesh.face([(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)], material)
    mesh.face([(x0, y0, z0), (x1, y0, z0), (x1, y0, z1), (x0, y0, z1)], material)
    mesh.face([(x1, y1, z0), (x0, y1, z0), (x0, y1, z1), (x1, y1, z1)], material)
    mesh.face([(x0, y1, z0), (x0, y0, z0), (x0, y0, z1), (x0, y1, z1)], material)
    mesh.face([(x1, y0, z0), (x1, y1, z0), (x1, y1, z1), (x1, y0, z1)], material)
    return mesh


def ring(width: float, depth: float, radius: float, z: float, corner_points: int) -> list[Vec3]:
    """A rounded rectangle about the z axis, counter-clockwise, `4 * corner_points` points."""
    points: list[Vec3] = []
    radius = min(radius, width / 2.0, depth / 2.0)
    for corner, (sx, sy) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        cx, cy = sx * (width / 2.0 - radius), sy * (depth / 2.0 - radius)
        for step in range(corner_points):
            angle = math.pi / 2.0 * (corner + step / max(1, corner_points - 1))
            points.append((cx + radius * math.cos(angle), cy + radius * math.sin(angle), z))
    return points


def loft(
    rings: Sequence[Sequence[Vec3]],
    material: str,
    *,
    smooth: bool,
    close_start: bool,
    close_end: bool,
) -> Mesh:
    """Skins a row of closed rings with the same number of points, from below upwards."""
    size = len(rings[0])
    mesh = Mesh(vertices=[point for one in rings for point in one])
    for level in range(len(rings) - 1):
        for index in range(size):
            after = (index + 1) % size
            low, high = level * size, (level + 1) * size
            mesh.faces.append((low + index, low + after, high + after, high + index))
    if close_start:
        mesh.faces.append(tuple(reversed(range(size))))
    if close_end:
        mesh.faces.append(tuple(range((len(rings) - 1) * size, len(rings) * size)))
    mesh.materials = [material] * len(mesh.faces)
    mesh.smooth = [smooth] * len(mesh.faces)
    return mesh


def tube(
    start: Vec3, end: Vec3, radius: float, material: str, *, sides: int, end_radius: float = -1.0
) -> Mesh:
    """A round bar between two points, closed at both ends; `end_radius` < 0 means the same."""
    tip = radius if end_radius < 0.0 else end_radius
    axis = tuple(end[i] - start[i] for i in range(3))
    length = math.sqrt(sum(value * value for value in axis)) or 1e-9
    w = tuple(value / length for value in axis)
    helper = (0.0, 0.0, 1.0) if abs(w[2]) < 0.9 else (1.0, 0.0, 0.0)
    u = _unit(_cross(helper, w))
    v = _cross(w, u)
    rings = []
    for centre, size in ((start, radius), (end, tip)):
        circle = []
        for side in range(sides):
            angle = 2.0 * math.pi * side / sides
            a, b = size * math.cos(angle), size * math.sin(angle)
            circle.append(
                (
                    centre[0] + a * u[0] + b * v[0],
                    centre[1] + a * u[1] + b * v[1],
                    centre[2] + a * u[2] + b * v[2],
                )
            )
        rings.append(circle)
    mesh = loft(rings, material, smooth=True, close_start=True, close_end=True)
    mesh.smooth[-2:] = [False, False]
    return mesh


def ball(rows: int, columns: int, material: str) -> Mesh:
    """A unit sphere of rows and columns, for shapes that are then pushed about."""
    rings = []
    for row in range(rows + 1):
        polar = math.pi * (row + 0.02) / (rows + 0.04)
        z, r = -math.cos(polar), math.sin(polar)
        angles = [2.0 * math.pi * column / columns for column in range(columns)]
        rings.append([(r * math.cos(a), r * math.sin(a), z) for a in angles])
    return loft(rings, material, smooth=True, close_start=True, close_end=True)


def sheet(surface: Callable[[float, float], Vec3], columns: int, rows: int, material: str) -> Mesh:
    """A grid over the unit square: `surface(u, v)` gives the point."""
    points = [
        surface(column / columns, row / rows)
        for row in range(rows + 1)
        for column in range(columns + 1)
    ]
    mesh = Mesh(vertices=points)
    for row in range(rows):
        for column in range(columns):
            a = row * (columns + 1) + column
            mesh.faces.append((a, a + 1, a + columns + 2, a + columns + 1))
    mesh.materials = [material] * len(mesh.faces)
    mesh.smooth = [True] * len(mesh.faces)
    return mesh


def _cross(a: Sequence[float], b: Sequence[float]) -> Vec3:
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def _unit(vector: Vec3) -> Vec3:
    length = math.sqrt(sum(value * value for value in vector)) or 1e-9
    return (vector[0] / length, vector[1] / length, vector[2] / length)
