"""Whether a planned camera stands free and sees its target, told before anything is rendered."""

import math
from collections.abc import Iterable

from zoubian.datasets.city.pieces import Piece
from zoubian.datasets.city.projection import Camera
from zoubian.datasets.city.street import FRONT_Y

# Half widths in metres of what may stand between camera and target.
OBSTACLES_M = {
    "tree": 0.2,
    "lamp_pole": 0.18,
    "utility_pole": 0.2,
    "cabinet": 0.55,
    "bicycle": 0.6,
    "road_sign": 0.3,
    "car": 1.6,
}


def view_is_free(
    camera: Camera, target_x: float, target_y: float, pieces: Iterable[Piece], *, margin_m: float
) -> bool:
    """Whether the camera stands in the street and nothing stands on the line to its target.

    Args:
        camera: Of the frame.
        target_x: What it is aimed at, metres along the street.
        target_y: Metres across.
        pieces: Of the street.
        margin_m: Room beside the line that must be free as well.
    """
    if abs(camera.y) > FRONT_Y - 0.5:
        return False
    return not any(
        distance_to_line(piece.x, piece.y, camera, target_x, target_y)
        < OBSTACLES_M[str(piece.shape[0])] + margin_m
        for piece in pieces
        if piece.shape[0] in OBSTACLES_M
    )


def distance_to_line(x: float, y: float, camera: Camera, target_x: float, target_y: float) -> float:
    """Distance of a point from the stretch between camera and target, metres."""
    dx, dy = target_x - camera.x, target_y - camera.y
    length_2 = dx * dx + dy * dy or 1e-9
    share = ((x - camera.x) * dx + (y - camera.y) * dy) / length_2
    share = max(0.0, min(1.0, share))
    return math.hypot(x - camera.x - share * dx, y - camera.y - share * dy)
