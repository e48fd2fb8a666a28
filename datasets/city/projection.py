"""Camera and ground geometry: street metres to pixels and to latitude and longitude."""

import math
from dataclasses import dataclass

from zoubian.datasets.city.mesh import Vec3

EARTH_RADIUS_M = 6_378_137.0


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera in street coordinates.

    Attributes:
        x: Metres along the street, `y` across, `z` over the carriageway.
        yaw: Degrees counter-clockwise from looking along +x.
        pitch: Degrees up from level.
        roll: Degrees; positive turns the camera clockwise seen from behind it.
        hfov_deg: Horizontal field of view of the upright picture.
        width: Pixels of the upright picture.
        height: Pixels of the upright picture.
    """

    x: float
    y: float
    z: float
    yaw: float
    pitch: float
    roll: float
    hfov_deg: float
    width: int
    height: int

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return self.width / 2.0 / math.tan(math.radians(self.hfov_deg) / 2.0)

    def axes(self) -> tuple[Vec3, Vec3, Vec3]:
        """Unit vectors in street coordinates: to the right, up and forwards in the picture."""
        cy, sy = math.cos(math.radians(self.yaw)), math.sin(math.radians(self.yaw))
        cp, sp = math.cos(math.radians(self.pitch)), math.sin(math.radians(self.pitch))
        cr, sr = math.cos(math.radians(self.roll)), math.sin(math.radians(self.roll))
        forward = (cy * cp, sy * cp, sp)
        right = (sy, -cy, 0.0)
        up = (-cy * sp, -sy * sp, cp)
        return _mixed(cr, right, -sr, up), _mixed(sr, right, cr, up), forward

    def project(self, point: Vec3) -> tuple[float, float, float]:
        """Pixel column, pixel row and depth in metres of a point; depth <= 0 lies behind.

        >>> camera = Camera(0, 0, 1, 0, 0, 0, 90.0, 200, 100)
        >>> [round(value, 6) for value in camera.project((10.0, 0.0, 1.0))]
        [100.0, 50.0, 10.0]
        """
        right, up, forward = self.axes()
        offset = (point[0] - self.x, point[1] - self.y, point[2] - self.z)
        along, above, depth = (
            sum(a * b for a, b in zip(axis, offset, strict=True)) for axis in (right, up, forward)
        )
        scale = self.focal_px / max(depth, 1e-6)
        return self.width / 2.0 + along * scale, self.height / 2.0 - above * scale, depth

    def ray(self, column: float, row: float) -> Vec3:
        """Direction (not of unit length) through a pixel, in street coordinates."""
        right, up, forward = self.axes()
        a = (column - self.width / 2.0) / self.focal_px
        b = (self.height / 2.0 - row) / self.focal_px
        x, y, z = (forward[i] + a * right[i] + b * up[i] for i in range(3))
        return (x, y, z)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the street's origin lies on the earth and which way +x points.

    Attributes:
        lat: WGS-84 degrees; `lon` likewise.
        bearing_deg: Compass bearing of +x.
    """

    lat: float
    lon: float
    bearing_deg: float

    def to_wgs84(self, x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude of a street point (good to centimetres within a kilometre).

        >>> lat, lon = Anchor(0.0, 0.0, 90.0).to_wgs84(111_319.49, 0.0)
        >>> round(lat, 6), round(lon, 6)
        (0.0, 1.0)
        """
        bearing = math.radians(self.bearing_deg)
        east = x * math.sin(bearing) - y * math.cos(bearing)
        north = x * math.cos(bearing) + y * math.sin(bearing)
        lat = self.lat + math.degrees(north / EARTH_RADIUS_M)
        lon = self.lon + math.degrees(east / (EARTH_RADIUS_M * math.cos(math.radians(self.lat))))
        return lat, lon

    def compass_deg(self, yaw: float) -> float:
        """Compass bearing of a street yaw."""
        return (self.bearing_deg - yaw) % 360.0


def _mixed(a: float, first: Vec3, b: float, second: Vec3) -> Vec3:
    x, y, z = (a * p + b * q for p, q in zip(first, second, strict=True))
    return (x, y, z)
