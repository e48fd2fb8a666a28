"""Ground as shapes: carriageway, pavement, kerbs, paint, tree pits, and a road over the road."""

from itertools import pairwise

from zoubian.datasets.city.mesh import Mesh, Vec3, box, tube

KERB_HEIGHT_M = 0.15


def carriageway(length: float, width: float, *holes: float) -> Mesh:
    """Asphalt from x = 0 to its length, centred on y = 0, top at z = 0.

    Args:
        length: Metres along x.
        width: Metres across.
        holes: x0, y0, x1, y1 of each hole dug into it, one after the other.
    """
    return slab((0.0, -width / 2, -0.3), (length, width / 2, 0.0), "asphalt", holes)


def pavement(length: float, width: float, *holes: float) -> Mesh:
    """A pavement from x = 0 and y = 0 (kerb side) to its width, with a yellow tactile strip."""
    top = KERB_HEIGHT_M
    strip = width * 0.62
    mesh = slab((0.0, 0.0, -0.3), (length, strip, top), "paving#8d8a86", holes)
    mesh.add(slab((0.0, strip, -0.3), (length, strip + 0.3, top), "tactile", holes))
    return mesh.add(slab((0.0, strip + 0.3, -0.3), (length, width, top), "paving#8d8a86", holes))


def slab(low: Vec3, high: Vec3, material: str, holes: tuple[float, ...]) -> Mesh:
    """A flat block; one with holes has no underside, and what is dug brings its own walls.

    >>> len(slab((0, 0, -1), (9, 9, 0), "m", (2, 3, 4, 5)).faces)  # 9 fields but one, 4 sides
    12
    """
    cut = [
        (holes[i], holes[i + 1], holes[i + 2], holes[i + 3])
        for i in range(0, len(holes), 4)
        if holes[i] < high[0]
        and holes[i + 2] > low[0]
        and holes[i + 1] < high[1]
        and holes[i + 3] > low[1]
    ]
    whole = box(low, high, material)
    if not cut:
        return whole
    edges = []
    for axis in (0, 1):
        marks = {low[axis], high[axis]} | {one[axis + part] for one in cut for part in (0, 2)}
        edges.append(sorted(mark for mark in marks if low[axis] <= mark <= high[axis]))
    mesh = Mesh()
    for x0, x1 in pairwise(edges[0]):
        for y0, y1 in pairwise(edges[1]):
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            if not any(one[0] < x < one[2] and one[1] < y < one[3] for one in cut):
                corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
                mesh.face([(px, py, high[2]) for px, py in corners], material)
    for face in whole.faces[2:]:
        mesh.face([whole.vertices[index] for index in face], material)
    return mesh


def kerb(length: float) -> Mesh:
    """Granite kerb stones 1 m long with joints, front in y = 0, back in y = 0.2."""
    mesh = Mesh()
    for index in range(int(length)):
        low = (index + 0.004, 0.0, -0.3)
        mesh.add(box(low, (index + 0.996, 0.2, KERB_HEIGHT_M + 0.004), "stone"))
    return mesh


def marking(length: float, width: float, material: str) -> Mesh:
    """A painted bar along x about the origin, lying 4 mm over the road."""
    mesh = Mesh()
    x, y = length / 2, width / 2
    mesh.face([(-x, -y, 0.004), (x, -y, 0.004), (x, y, 0.004), (-x, y, 0.004)], material)
    return mesh


def tree_pit() -> Mesh:
    """A square of bare soil with a stone edge, 1.2 m wide, about the origin on z = 0."""
    mesh = box((-0.55, -0.55, -0.1), (0.55, 0.55, 0.012), "soil")
    for low, high in (
        ((-0.62, -0.62, -0.1), (0.62, -0.54, 0.03)),
        ((-0.62, 0.54, -0.1), (0.62, 0.62, 0.03)),
        ((-0.62, -0.54, -0.1), (-0.54, 0.54, 0.03)),
        ((0.54, -0.54, -0.1), (0.62, 0.54, 0.03)),
    ):
        mesh.add(box(low, high, "concrete"))
    return mesh


def overpass(width: float, length: float) -> Mesh:
    """A concrete road bridge along y over the carriageway, centred, with 4.9 m of headroom."""
    x, y = width / 2, length / 2
    mesh = box((-x, -y, 5.7), (x, y, 6.05), "concrete")
    for share in (-0.72, -0.24, 0.24, 0.72):
        mesh.add(box((share * x - 0.45, -y, 4.9), (share * x + 0.45, y, 5.7), "concrete"))
    for side in (-1.0, 1.0):
        low, high = sorted((side * x, side * (x - 0.25)))
        mesh.add(box((low, -y, 6.05), (high, y, 6.95), "concrete"))
        mesh.add(tube((side * x, -y, 7.15), (side * x, y, 7.15), 0.05, "metal#8f959a", sides=8))
        for pier in (9.6, 30.0):
            mesh.add(box((-0.9, side * pier - 0.7, 0.0), (0.9, side * pier + 0.7, 4.2), "concrete"))
            mesh.add(
                box(
                    (-x * 0.8, side * pier - 0.8, 4.2),
                    (x * 0.8, side * pier + 0.8, 4.9),
                    "concrete",
                )
            )
    return mesh
