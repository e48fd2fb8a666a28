"""The training plan: one frame a seed, balanced over problems, light and weather."""

import math
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from zoubian.datasets.city.crowd import bystanders
from zoubian.datasets.city.frames import Frame, aimed_camera
from zoubian.datasets.city.ground import KERB_HEIGHT_M
from zoubian.datasets.city.light import LIGHTS
from zoubian.datasets.city.projection import Anchor, Camera
from zoubian.datasets.city.seeds import stream, weighted
from zoubian.datasets.city.sightlines import view_is_free
from zoubian.datasets.city.spots import BLACK, BLUE, GREEN, GREY, RED, BinPlan, SpotPlan
from zoubian.datasets.city.street import Street, StreetPlan, build_street

# Seeds from here on belong to the sample and to streets kept for figures.
HELD_BACK_FROM = 20_000_000
# Walked through in turn, so any run of seeds is balanced; bins have many states: more turns.
MAIN_KINDS = (
    "bins_and_heap", "truck_soil", "bins", "rubble", "overflow", "heap", "stall", "truck_tarpaulin",
    "overflow", "goods_before_shop", "litter", "sand", "bins_and_heap", "trench", "bricks",
    "furniture", "truck_lid_open", "few_bags", "roadworks", "excavation_hoarded", "bins",
    "bare_soil", "truck_empty", "snow", "truck_lid", "basket_full", "truck_soil",
)  # fmt: skip
SIDE_KINDS = (
    ("none", 4.0), ("bins", 2.0), ("litter", 1.5), ("few_bags", 1.0), ("leaves", 1.0),
    ("goods_van", 1.0), ("overflow", 1.0), ("stall", 0.5), ("basket", 1.0),
)  # fmt: skip
LIGHT_TURNS = (
    "morning", "overcast", "noon", "overcast", "dusk", "morning", "night", "noon", "fog",
    "overcast", "morning",
)  # fmt: skip
ON_ROAD_Y = {"truck": 5.6, "goods": 5.9, "roadworks": 5.9, "trench": 4.6}
BYSTANDERS = ((0, 4.0), (1, 3.0), (2, 2.0), (4, 1.0))
SIZES_PX = ((640, 480), (640, 640), (480, 640), (640, 480))
PATHS = 2
SNOW_STOPS = 0.6  # what a camera takes back when snow fills its picture
TRIES = 60


@dataclass(frozen=True, slots=True)
class View:
    """How far off and how high a camera of some kind looks."""

    near_m: float
    far_m: float
    eye_m: tuple[float, float]
    hfov_deg: tuple[float, float]


PHONE = View(2.6, 7.0, (1.4, 1.7), (55.0, 70.0))
DASH_CAMERA = View(6.0, 16.0, (1.3, 2.2), (60.0, 85.0))
# Nearer than this a tailboard hides the load, and nobody can tell whether it is covered.
TRUCK_VIEW = View(10.5, 17.0, (1.5, 2.3), (55.0, 72.0))


def training_frames(seeds: range) -> list[Frame]:
    """One frame a seed.

    Raises:
        ValueError: A seed is held back for the sample or for figures.
    """
    if seeds.stop > HELD_BACK_FROM:
        raise ValueError(f"seeds from {HELD_BACK_FROM} on are held back, got {seeds}")
    return [training_frame(seed) for seed in seeds]


def training_frame(seed: int) -> Frame:
    """The frame of one seed: a short street with one main spot and mostly a second one."""
    source = stream("training", seed)
    kind = MAIN_KINDS[seed % len(MAIN_KINDS)]
    light = LIGHTS[LIGHT_TURNS[(seed // len(MAIN_KINDS) + seed) % len(LIGHT_TURNS)]]
    main = _spot(source, "s1", kind, 30.0)
    spots = [main]
    side = weighted(source, SIDE_KINDS)
    if side != "none":
        spots.append(
            _spot(source, "s2", side, 30.0 + source.choice((-1.0, 1.0)) * source.uniform(4.0, 9.0))
        )
    season = (
        "winter"
        if kind == "snow"
        else weighted(source, (("summer", 5.0), ("autumn", 2.0), ("winter", 1.0)))
    )
    plan = StreetPlan(
        name_zh="训练街",
        seed=seed,
        length_m=60.0,
        anchor=Anchor(43.87, 125.31, source.uniform(0.0, 360.0)),
        crossings=((-12.0, "一街"),) if source.random() < 0.3 else (),
        spots=tuple(spots),
        clear_m=((20.0, 40.0, 1),),
        season=season,
    )
    street = build_street(plan)
    camera = _free_camera(source, street, main)
    crowd = stream("bystanders", seed)
    return Frame(
        name=f"t{seed:06d}",
        street=plan,
        camera=camera,
        light=replace(
            light,
            exposure=light.exposure + source.gauss(0.2, 0.25) - SNOW_STOPS * (season == "winter"),
            sun_azimuth_deg=light.sun_azimuth_deg + source.uniform(-50.0, 50.0),
        ),
        taken_at=datetime(2026, 5, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))
        + timedelta(minutes=seed),
        position_error_m=(0.0, 0.0),
        sideways=False,
        samples=PATHS,
        grain=source.uniform(0.0, 0.12) + (0.1 if light.name == "night" else 0.0),
        blur_px=2.0 if source.random() < 0.08 else 0.0,
        wet=light.name in ("overcast", "dusk", "fog", "night") and source.random() < 0.4,
        short_paths=True,
        people=bystanders(crowd, street, camera, (main.x, main.y), weighted(crowd, BYSTANDERS)),
    )


def _spot(source: random.Random, spot_id: str, kind: str, x: float) -> SpotPlan:
    """A spot on the left side: on the road, at the kerb or at the wall."""
    road_y = ON_ROAD_Y.get(kind.partition("_")[0]) if kind != "goods_before_shop" else None
    if road_y is not None:
        turn = 0.0 if kind == "trench" else source.uniform(-3.0, 3.0)  # holes are cut straight
        return SpotPlan(spot_id, kind, x, road_y, 0.0, source.choice((0.0, 180.0)) + turn)
    if kind == "snow":
        return SpotPlan(spot_id, kind, x, 6.5, 0.0, 0.0, (), source.uniform(0.7, 1.2))
    at_wall = source.random() < 0.5
    y = source.uniform(10.5, 10.85) if at_wall else source.uniform(7.9, 8.6)
    yaw = (0.0 if at_wall or source.random() < 0.6 else 180.0) + source.uniform(-8.0, 8.0)
    bins: tuple[BinPlan, ...] = ()
    if kind in ("bins", "overflow", "bins_and_heap"):
        bins = _bins(source, overflowing=kind != "bins")
        kind = "bins" if kind == "overflow" else kind
    if kind in ("rubble", "sand", "excavation_hoarded", "heap", "stall", "bare_soil"):
        y = source.uniform(9.0, 9.8)
    return SpotPlan(spot_id, kind, x, y, KERB_HEIGHT_M, yaw, bins, source.uniform(0.7, 1.25))


def _bins(source: random.Random, *, overflowing: bool) -> tuple[BinPlan, ...]:
    """One to four bins; an overflowing row may hold closed and merely open ones too."""
    count = weighted(source, ((1, 4.0), (2, 3.0), (3, 2.0), (4, 1.0)))
    litres = weighted(source, ((240, 6.0), (120, 2.0), (660, 2.0)))
    if litres == 660:
        count = min(count, 2)
    plans = []
    for index in range(count):
        colour = weighted(
            source, ((GREEN, 5.0), (BLUE, 2.0), (GREY, 2.0), (BLACK, 2.0), (RED, 0.7))
        )
        if overflowing and (index == 0 or source.random() < 0.6):
            lid = weighted(source, (("open", 4.0), ("ajar", 2.5), ("upright", 2.0)))
            heaped = source.uniform(0.06, 0.2) if lid == "ajar" else source.uniform(0.12, 0.4)
        else:
            lid = weighted(source, (("closed", 7.0), ("open", 1.0), ("upright", 0.7)))
            heaped = -source.uniform(0.15, 0.45)
        plans.append(BinPlan(litres, colour, lid, round(heaped, 2)))
    return tuple(plans)


def _free_camera(source: random.Random, street: Street, main: SpotPlan) -> Camera:
    """Draws cameras until one stands free; the last one drawn if none does."""
    truck = main.kind.startswith("truck")
    view = TRUCK_VIEW if truck else weighted(source, ((PHONE, 7.0), (DASH_CAMERA, 3.0)))
    size_px = source.choice(SIZES_PX)
    for _ in range(TRIES):
        # From the road side mostly: a spot at the wall has no room behind it.
        around = (
            source.uniform(195.0, 345.0) if source.random() < 0.75 else source.uniform(20.0, 160.0)
        )
        camera = aimed_camera(
            (main.x, main.y, main.z + source.uniform(0.3, 1.0) + 0.8 * truck),
            distance_m=source.uniform(view.near_m, view.far_m),
            around_deg=around,
            eye_z=source.uniform(*view.eye_m)
            + (KERB_HEIGHT_M if math.sin(math.radians(around)) > 0 else 0.0),
            aside_deg=source.gauss(0.0, 7.0),
            roll=source.gauss(0.0, 1.5),
            hfov_deg=source.uniform(*view.hfov_deg),
            size_px=size_px,
        )
        if view_is_free(camera, main.x, main.y, street.pieces, margin_m=0.15):
            break
    return camera
