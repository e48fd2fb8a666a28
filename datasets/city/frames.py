"""What one picture is made from: a street, a camera, a light, a phone and a moment."""

import math
from dataclasses import dataclass
from datetime import datetime

from zoubian.datasets.city.light import Light
from zoubian.datasets.city.pieces import Piece
from zoubian.datasets.city.projection import Camera
from zoubian.datasets.city.street import StreetPlan

PHONE_EYE_M = 1.55


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture to render.

    Attributes:
        name: File stem, unique within a plan.
        street: Where.
        camera: In street coordinates, of the upright picture.
        light: When and how bright.
        taken_at: Local time with its offset.
        position_error_m: (east, north) the phone's position is off by; None for no position.
        sideways: Stored lying with EXIF orientation 6.
        samples: Paths a pixel.
        grain: Sensor noise, 0 to 1.
        blur_px: Hand shake along the rows.
        wet: The road is wet.
        short_paths: After its first bounce light is guessed from how open a place lies: a third
            cheaper, a little flatter.
        people: Who walks or stands there at that moment; nobody of them is in the truth.
    """

    name: str
    street: StreetPlan
    camera: Camera
    light: Light
    taken_at: datetime
    position_error_m: tuple[float, float] | None
    sideways: bool
    samples: int
    grain: float
    blur_px: float
    wet: bool
    short_paths: bool = False
    people: tuple[Piece, ...] = ()


def aimed_camera(
    target: tuple[float, float, float],
    *,
    distance_m: float,
    around_deg: float,
    eye_z: float,
    aside_deg: float,
    roll: float,
    hfov_deg: float,
    size_px: tuple[int, int],
) -> Camera:
    """A camera that looks at a point from a ground distance and direction.

    Args:
        target: Street point to look at.
        distance_m: Over the ground.
        around_deg: Street direction from the target to the camera (270: from -y).
        eye_z: Height of the lens over the carriageway.
        aside_deg: How far the target stands off the picture's middle, positive to the right.
        roll: Slant of the horizon, degrees.
        hfov_deg: Horizontal field of view.
        size_px: Width and height of the upright picture.
    """
    angle = math.radians(around_deg)
    x = target[0] + distance_m * math.cos(angle)
    y = target[1] + distance_m * math.sin(angle)
    pitch = math.degrees(math.atan2(target[2] - eye_z, distance_m))
    yaw = around_deg + 180.0 + aside_deg
    return Camera(x, y, eye_z, yaw % 360.0, pitch, roll, hfov_deg, *size_px)
