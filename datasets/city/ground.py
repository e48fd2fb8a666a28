"""Ground as shapes: carriageway, pavement with its tactile strip, kerbs, paint, tree pits."""

from zoubian.datasets.city.mesh import Mesh, box

KERB_HEIGHT_M = 0.15


def carriageway(length: float, width: float) -> Mesh:
    """Asphalt from x = 0 to its length, centred on y = 0, top at z = 0."""
    return box((0.0, -width / 2, -0.3), (length, width / 2, 0.0), "asphalt")


def pavement(length: float, width: float) -> Mesh:
    """A pavement from x = 0 and y = 0 (kerb side) to its width, with a yellow tactile strip."""
    top = KERB_HEIGHT_M
    strip = width * 0.62
    mesh = box((0.0, 0.0, -0.3), (length, strip, top), "paving#8d8a86")
    mesh.add(box((0.0, strip, -0.3), (length, strip + 0.3, top), "tactile"))
    return mesh.add(box((0.0, strip + 0.3, -0.3), (length, width, top), "paving#8d8a86"))


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
