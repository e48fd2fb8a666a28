"""The true transformation between two rendered pictures of one place, plane by plane."""

from zoubian.datasets.city.mesh import Vec3
from zoubian.datasets.city.projection import Camera

Matrix3 = tuple[Vec3, Vec3, Vec3]


def plane_homography(before: Camera, after: Camera, *, point: Vec3, normal: Vec3) -> Matrix3:
    """Takes homogeneous pixels of one picture to the other, true for points of a plane.

    Args:
        before: Camera of the first picture.
        after: Camera of the second picture.
        point: Any street point on the plane.
        normal: Its unit normal.

    Returns:
        Rows of a 3 x 3 matrix scaled to end in 1; pixel (c, r) goes to (x / w, y / w).

    Raises:
        ValueError: The first camera lies in the plane.
    """
    height = sum((point[i] - (before.x, before.y, before.z)[i]) * normal[i] for i in range(3))
    if abs(height) < 1e-9:
        raise ValueError("the camera lies in the plane")
    shift = (before.x - after.x, before.y - after.y, before.z - after.z)
    # A pixel's ray d meets the plane at t = height / (n . d); seen from the second camera that
    # point lies along d * height + shift * (n . d), which is linear in the pixel.
    columns = []
    for pixel in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)):
        ray = _ray(before, pixel)
        across = sum(normal[i] * ray[i] for i in range(3))
        point_from_after = tuple(height * ray[i] + across * shift[i] for i in range(3))
        columns.append(_pixel(after, point_from_after))
    last = columns[2][2]
    first, second, third = (
        (a / last, b / last, c / last) for a, b, c in zip(*columns, strict=True)
    )
    return first, second, third


def transfer(matrix: Matrix3, column: float, row: float) -> tuple[float, float]:
    """Where a pixel goes.

    >>> transfer(((1.0, 0.0, 5.0), (0.0, 1.0, -2.0), (0.0, 0.0, 1.0)), 10.0, 20.0)
    (15.0, 18.0)
    """
    x, y, w = (line[0] * column + line[1] * row + line[2] for line in matrix)
    return x / w, y / w


def _ray(camera: Camera, pixel: Vec3) -> Vec3:
    """`Camera.ray` made linear in homogeneous pixels."""
    right, up, forward = camera.axes()
    a = (pixel[0] - pixel[2] * camera.width / 2.0) / camera.focal_px
    b = (pixel[2] * camera.height / 2.0 - pixel[1]) / camera.focal_px
    x, y, z = (pixel[2] * forward[i] + a * right[i] + b * up[i] for i in range(3))
    return (x, y, z)


def _pixel(camera: Camera, offset: tuple[float, ...]) -> Vec3:
    """Homogeneous pixel of a point given from the camera's place."""
    along, above, depth = (sum(axis[i] * offset[i] for i in range(3)) for axis in camera.axes())
    f = camera.focal_px
    return (
        f * along + camera.width / 2.0 * depth,
        camera.height / 2.0 * depth - f * above,
        depth,
    )
