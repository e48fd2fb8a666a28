"""Puts people into a street: walkers a drive meets, bystanders of a single picture."""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zoubian.datasets.city.ground import KERB_HEIGHT_M
from zoubian.datasets.city.people import BUILDS, STANDING, WALK_PHASES
from zoubian.datasets.city.pieces import Piece, ShapeKey, Thing
from zoubian.datasets.city.projection import Camera
from zoubian.datasets.city.seeds import stream
from zoubian.datasets.city.sightlines import OBSTACLES_M, distance_to_line
from zoubian.datasets.city.street import FRONT_Y, KERB_Y, Street

TOPS = ("c23f38", "2d4f86", "e4e2dc", "33363b", "6d7f52", "b08d57", "7a3f5d", "d7b24a", "5e6f7d",
        "1f2225")  # fmt: skip
BOTTOMS = ("23262e", "38455c", "4a443c", "1b1c1e", "6e6659")
STRIDE_M = 1.35
ROOM_M = 0.55
# Between the trees at the kerb and the steps of the shops.
PATHS_Y = (KERB_Y + 2.1, KERB_Y + 2.9, KERB_Y + 3.6)
DRAWS = 80


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody under way along the street, or standing.

    Attributes:
        clothes: Arguments of the shape before its pose.
        x: Where at second 0, metres; `y` across.
        y: Metres across, the same all the way.
        speed_m_s: Towards +x; 0 for standing.
        phase: Of the stride at second 0, 0 to 1.
        pose: For one who stands.
        yaw: For one who stands.
    """

    clothes: tuple[int, str, str, str]
    x: float
    y: float
    speed_m_s: float
    phase: float
    pose: str
    yaw: float

    def at(self, seconds: float) -> Piece:
        """The person at a moment."""
        x, pose, yaw = self.x + self.speed_m_s * seconds, self.pose, self.yaw
        if self.speed_m_s:
            turns = self.phase + abs(self.speed_m_s) * seconds / STRIDE_M
            pose = f"walk{int(turns * WALK_PHASES) % WALK_PHASES}"
            yaw = 0.0 if self.speed_m_s > 0.0 else 180.0
        key: ShapeKey = ("person", *self.clothes, pose)
        return Piece(key, x, self.y, KERB_HEIGHT_M if abs(self.y) > KERB_Y else 0.0, yaw=yaw)


def clothes(source: random.Random, season: str) -> tuple[int, str, str, str]:
    """A body and what it wears; outfits are named by their seasons."""
    build = source.randrange(len(BUILDS))
    return build, season, source.choice(TOPS), source.choice(BOTTOMS)


def walkers(
    street: Street, passing: Sequence[tuple[float, float]], count: int
) -> tuple[Walker, ...]:
    """People a drive meets who walk through nothing while it sees them.

    Args:
        street: Laid out.
        passing: (second, x) of the car, in order of time.
        count: How many to look for; fewer where the pavement is full.
    """
    source = stream("walkers", street.plan.seed)
    found: list[Walker] = []
    for _ in range(count * DRAWS):
        if len(found) == count:
            break
        met_s, met_x = source.choice(passing)
        y = source.choice((1.0, -1.0)) * source.choice(PATHS_Y)
        still = source.random() < 0.25
        speed = 0.0 if still else source.choice((1.0, -1.0)) * source.uniform(0.9, 1.5)
        one = Walker(
            clothes(source, street.plan.season),
            met_x - speed * met_s,
            y,
            speed,
            source.random(),
            source.choice(STANDING),
            source.uniform(0.0, 360.0),
        )
        # A car sees somebody for about ten seconds before it passes.
        ends = [one.at(met_s - 10.0), one.at(met_s + 1.5)]
        low, high = sorted(end.x for end in ends)
        apart = all(abs(other.at(met_s).x - met_x) > 4.0 or other.y != y for other in found)
        if apart and _on_pavement(street, low, high) and _path_is_free(street, low, high, y):
            found.append(one)
    return tuple(found)


def bystanders(
    source: random.Random, street: Street, camera: Camera, target: tuple[float, float], count: int
) -> tuple[Piece, ...]:
    """People of one picture who stand neither in things nor before what it shows.

    Args:
        source: Random stream.
        street: Laid out.
        camera: Of the picture.
        target: What the camera is aimed at, street x and y.
        count: How many to look for.
    """
    found: list[Piece] = []
    for _ in range(count * DRAWS):
        if len(found) == count:
            break
        side = 1.0 if target[1] > 0.0 else -1.0
        x, y = target[0] + source.uniform(-9.0, 9.0), side * source.uniform(*PATHS_Y[::2])
        speed = source.choice((1.0, -1.0, 1.0, -1.0, 0.0))
        one = Walker(
            clothes(source, street.plan.season),
            x,
            y,
            speed,
            source.random(),
            source.choice(STANDING),
            source.uniform(0.0, 360.0),
        ).at(0.0)
        off_m = distance_to_line(x, y, camera, *target)
        near_m = math.hypot(x - camera.x, y - camera.y)
        others = all(math.hypot(x - p.x, y - p.y) > 0.7 for p in found)
        if off_m > 0.9 and near_m > 1.8 and others and _path_is_free(street, x, x, y):
            found.append(one)
    return tuple(found)


def _on_pavement(street: Street, low: float, high: float) -> bool:
    """Whether a stretch crosses no other street."""
    return all(high < x - 7.0 or low > x + 7.0 for x, _ in street.plan.crossings)


def _path_is_free(street: Street, low: float, high: float, y: float) -> bool:
    """Whether nothing stands in a straight path along the street."""
    return abs(y) < FRONT_Y - 0.9 and not any(
        low - reach < x < high + reach and abs(py - y) < reach
        for x, py, reach in _standing(street.pieces, street.things)
    )


def _standing(
    pieces: Iterable[Piece], things: Iterable[Thing]
) -> Iterable[tuple[float, float, float]]:
    """What one cannot walk through: x, y and how far off its middle one has to keep, metres."""
    for piece in pieces:
        if piece.shape[0] in OBSTACLES_M:
            yield piece.x, piece.y, OBSTACLES_M[str(piece.shape[0])] * 0.6 + ROOM_M
    for thing in things:
        yield thing.centre[0], thing.centre[1], 1.0
        for piece in thing.pieces:
            name = str(piece.shape[0])
            if name in ("mound", "pit", "trench"):
                yield piece.x, piece.y, float(piece.shape[1]) + ROOM_M
            elif name in ("dump_truck", "hoarding"):
                yield piece.x, piece.y, 3.0
            else:
                yield piece.x, piece.y, ROOM_M + 0.3
