"""What stands in a scene: pieces (a shape at a place) and things (pieces with a truth)."""

import math
from dataclasses import dataclass, replace

from zoubian.datasets.city.mesh import Vec3, turn

ShapeKey = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A shape of the registry (`shapes.py`) put somewhere.

    Attributes:
        shape: Registry name and its arguments, such as `("tied_bag", 3)`.
        x: Metres along the street; `y` across it to the left; `z` up.
        yaw: Degrees counter-clockwise about z; `pitch` about y and `roll` about x come before.
        scale: Uniform size factor.
        colour: `rrggbb` for materials that take the piece's own colour (bags, film, paper).
    """

    shape: ShapeKey
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    scale: float = 1.0
    colour: str = "ffffff"

    def placed(self, x: float, y: float, z: float, yaw: float) -> "Piece":
        """The same piece when the frame it was laid out in stands at a place, turned by yaw."""
        px, py, pz = turn((self.x, self.y, self.z), "z", yaw)
        return replace(self, x=px + x, y=py + y, z=pz + z, yaw=self.yaw + yaw)


@dataclass(frozen=True, slots=True)
class Thing:
    """Pieces that together are one object of the truth.

    Attributes:
        thing_id: Unique within a street, stable over frames.
        visual_class: Zoubian's visual class, or a decoy's name (see `truth.DECOY_CLASSES`).
        spot_id: Things that stand together and make one case share it; empty for decoys alone.
        state: What the truth says beside the class, such as `lid=open` or `cover=none`.
        centre: Where it stands on the ground, metres.
        pieces: In street coordinates.
    """

    thing_id: str
    visual_class: str
    spot_id: str
    state: tuple[tuple[str, str], ...]
    centre: Vec3
    pieces: tuple[Piece, ...]


def thing_at(
    pieces: list[Piece],
    place: tuple[float, float, float, float],
    *,
    thing_id: str,
    visual_class: str,
    spot_id: str,
    **state: str,
) -> Thing:
    """Makes a thing of pieces laid out about an origin and puts it at (x, y, z, yaw)."""
    x, y, z, yaw = place
    placed = tuple(piece.placed(x, y, z, yaw) for piece in pieces)
    states = tuple(sorted(state.items()))
    return Thing(thing_id, visual_class, spot_id, states, (x, y, z), placed)


def distance_m(a: Vec3, b: Vec3) -> float:
    """Ground distance between two points."""
    return math.hypot(a[0] - b[0], a[1] - b[1])
