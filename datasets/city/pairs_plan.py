"""Before and after pictures of one spot: rectified, partly, unchanged, moved on, another street."""

import math
import random
from dataclasses import dataclass, replace
from datetime import timedelta

from zoubian.datasets.city.crowd import bystanders
from zoubian.datasets.city.frames import Frame, aimed_camera
from zoubian.datasets.city.light import LIGHTS
from zoubian.datasets.city.projection import Camera
from zoubian.datasets.city.seeds import stream, weighted
from zoubian.datasets.city.sightlines import view_is_free
from zoubian.datasets.city.spots import BinPlan, SpotPlan
from zoubian.datasets.city.street import Street, build_street
from zoubian.datasets.city.training_plan import HELD_BACK_FROM, MAIN_KINDS, training_frame

OUTCOMES = ("rectified", "unchanged", "partly", "rectified", "moved", "other_place")
# Kinds of the training plan that can be put right and photographed again.
KINDS_SEEDS = (0, 3, 4, 5, 6, 10, 11, 12, 15, 17)
SIZED_KINDS = ("heap", "rubble", "sand", "litter")
MOVED_M = 10.0
AFTER_LIGHTS = (("same", 4.0), ("overcast", 2.0), ("noon", 2.0), ("dusk", 1.0))
TRIES = 40


@dataclass(frozen=True, slots=True)
class Pair:
    """Two frames and what is true between them.

    Attributes:
        before: The picture of the problem.
        after: The picture said to show it put right.
        outcome: One of `OUTCOMES`.
        same_place: Whether both show the same spot of the same street.
    """

    before: Frame
    after: Frame
    outcome: str
    same_place: bool


def pair(seed: int) -> Pair:
    """The pair of one seed.

    Raises:
        ValueError: The seed is held back.
    """
    if seed >= HELD_BACK_FROM:
        raise ValueError(f"seeds from {HELD_BACK_FROM} on are held back, got {seed}")
    source = stream("pair", seed)
    outcome = OUTCOMES[seed % len(OUTCOMES)]
    kind_seed = KINDS_SEEDS[seed // len(OUTCOMES) % len(KINDS_SEEDS)]
    shot = training_frame(kind_seed + len(MAIN_KINDS) * (1000 + seed))
    main = shot.street.spots[0]
    aside = replace(main, spot_id="s9", kind="nothing", x=main.x + MOVED_M)
    street = replace(shot.street, spots=(main, aside))
    before = replace(shot, name=f"r{seed:05d}-before", street=street, blur_px=0.0, wet=False)
    after_street = replace(street, spots=_after_spots(main, aside, outcome))
    if outcome == "other_place":
        after_street = replace(after_street, seed=street.seed + 1)
    light = weighted(source, AFTER_LIGHTS)
    later = build_street(after_street)
    # Half of what was moved on stays in sight for who steps back.
    seen_again = outcome == "moved" and seed // len(OUTCOMES) % 2 == 0
    camera = _second_camera(source, before.camera, later, main, steps_back=seen_again)
    crowd = stream("bystanders-after", seed)
    after = replace(
        before,
        name=f"r{seed:05d}-after",
        street=after_street,
        camera=camera,
        light=before.light if light == "same" else LIGHTS[light],
        taken_at=before.taken_at + timedelta(hours=source.uniform(1.0, 72.0)),
        people=bystanders(crowd, later, camera, (main.x, main.y), crowd.randrange(3)),
    )
    return Pair(before, after, outcome, outcome != "other_place")


def pair_frames(seeds: range) -> list[Frame]:
    """Both frames of every pair, in order."""
    pairs = [pair(seed) for seed in seeds]
    return [frame for one in pairs for frame in (one.before, one.after)]


def _after_spots(main: SpotPlan, aside: SpotPlan, outcome: str) -> tuple[SpotPlan, SpotPlan]:
    """What stands there the second time; places that are empty now stay free of trees and cars."""
    if outcome == "unchanged":
        return main, aside
    if outcome == "moved":
        return replace(main, kind="nothing"), replace(aside, spot_id=main.spot_id, kind=main.kind)
    if outcome == "partly":
        if not main.bins:
            left = main.kind if main.kind in SIZED_KINDS else "litter"
            return replace(main, kind=left, size=main.size * 0.5), aside
        emptied = (_emptied(main.bins[0]), *main.bins[1:])
        return replace(main, bins=emptied, kind=main.kind if len(main.bins) == 1 else "bins"), aside
    if not main.bins:
        return replace(main, kind="nothing"), aside
    return replace(main, kind="bins", bins=tuple(map(_emptied, main.bins))), aside


def _emptied(plan: BinPlan) -> BinPlan:
    return replace(plan, lid="closed", heaped_m=-0.4)


def _second_camera(
    source: random.Random, first: Camera, street: Street, main: SpotPlan, *, steps_back: bool
) -> Camera:
    """Another stand, now and then zoomed in up to 3 times from farther off; free if one is found.

    Args:
        source: Random stream.
        first: Camera of the first picture.
        street: As it is now.
        main: The spot of the first picture.
        steps_back: Show the place 10 m on as well.
    """
    dx, dy = first.x - main.x, first.y - main.y
    distance, around = math.hypot(dx, dy), math.degrees(math.atan2(dy, dx))
    x = main.x + (MOVED_M / 2.0 if steps_back else 0.0)
    camera = first
    for _ in range(TRIES):
        zoom = 1.0 if steps_back else source.choice((1.0, 1.0, 1.4, 2.0, 3.0))
        reach_m = distance * source.uniform(0.7, 1.4) * zoom**0.7
        camera = aimed_camera(
            (x, main.y, main.z + source.uniform(0.4, 0.9)),
            distance_m=max(2.5, reach_m) if not steps_back else source.uniform(9.0, 12.5),
            around_deg=around + source.gauss(0.0, 16.0),
            eye_z=first.z + source.uniform(-0.2, 0.2),
            aside_deg=source.gauss(0.0, 6.0) / zoom,
            roll=source.gauss(0.0, 2.0),
            hfov_deg=max(66.0, first.hfov_deg) if steps_back else first.hfov_deg / zoom,
            size_px=(first.width, first.height),
        )
        if view_is_free(camera, main.x, main.y, street.pieces, margin_m=0.1):
            break
    return camera
