"""Lets round things come to rest on one another: heaps and fillings without a simulation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rested:
    """A ball at rest: centre and radius in metres."""

    x: float
    y: float
    z: float
    radius: float


def rest_height(
    x: float, y: float, radius: float, below: Sequence[Rested], *, ground_z: float, softness: float
) -> float:
    """The height of a ball's centre when let down at (x, y) onto the ground and other balls.

    Args:
        x: Place along x, metres.
        y: Place along y, metres.
        radius: Of the new ball, metres.
        below: What lies there already.
        ground_z: Height of the ground.
        softness: 0 for hard balls; 0.3 lets them sink into each other by 30 % of their radii.

    >>> rest_height(0.0, 0.0, 1.0, [], ground_z=0.0, softness=0.0)
    1.0
    >>> rest_height(0.0, 0.0, 1.0, [Rested(0, 0, 1.0, 1.0)], ground_z=0.0, softness=0.0)
    3.0
    """
    z = ground_z + radius * (1.0 - softness)
    for other in below:
        reach = (radius + other.radius) * (1.0 - softness)
        apart = math.hypot(x - other.x, y - other.y)
        if apart < reach:
            z = max(z, other.z + math.sqrt(reach * reach - apart * apart))
    return z
