"""The plans `render.py` knows, and the committed sample of stills."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from zoubian.datasets.city.frames import PHONE_EYE_M, Frame, aimed_camera
from zoubian.datasets.city.ground import KERB_HEIGHT_M
from zoubian.datasets.city.held_streets import clean_street, second_patrol_street
from zoubian.datasets.city.light import LIGHTS
from zoubian.datasets.city.pairs_plan import pair_frames
from zoubian.datasets.city.patrol_plan import (
    CLEAN_DRIVE,
    SAMPLE_DRIVE,
    SECOND_DRIVE,
    bridge_gap,
    patrol_frames,
    sample_patrol_street,
)
from zoubian.datasets.city.projection import Anchor
from zoubian.datasets.city.seeds import stream
from zoubian.datasets.city.spots import BLACK, BLUE, GREEN, GREY, RED, BinPlan, SpotPlan
from zoubian.datasets.city.street import StreetPlan
from zoubian.datasets.city.track import Receiver
from zoubian.datasets.city.training_plan import training_frames

CHINA = timezone(timedelta(hours=8))
SAMPLE_SEED = 20260915
SAMPLE_PATHS = 3  # with the denoiser; more look the same at this size
SAMPLE_START = datetime(2026, 9, 15, 11, 5, 20, tzinfo=CHINA)
# Bins at the wall stand clear of the shops' steps, which reach 0.75 m out from the front.
WALL_Y, KERB_SIDE_Y, ROAD_Y = 10.8, 7.75, 5.75


@dataclass(frozen=True, slots=True)
class Shot:
    """A sample picture: which spot from where; see `aimed_camera` for the angles."""

    name: str
    spot_id: str
    after_s: int
    distance_m: float
    around_deg: float
    aim_z: float
    aside_deg: float = 0.0
    light: str = "morning"
    position: bool = True
    sideways: bool = False
    roll: float = 0.6


SAMPLE_SPOTS = (
    SpotPlan(
        "s01",
        "bins_and_heap",
        24.0,
        WALL_Y,
        KERB_HEIGHT_M,
        0.0,
        (
            BinPlan(240, GREEN, "open", 0.28),
            BinPlan(240, GREEN, "open", 0.2),
            BinPlan(240, GREEN, "ajar", 0.12),
        ),
        1.15,
    ),
    SpotPlan(
        "s02",
        "bins_and_heap",
        52.0,
        KERB_SIDE_Y,
        KERB_HEIGHT_M,
        180.0,
        (BinPlan(240, BLUE, "upright", 0.26),),
        0.7,
    ),
    SpotPlan(
        "s03",
        "bins_and_heap",
        79.0,
        WALL_Y - 0.05,
        KERB_HEIGHT_M,
        0.0,
        (BinPlan(660, GREEN, "open", 0.34),),
        1.0,
    ),
    SpotPlan(
        "s04",
        "bins",
        104.0,
        WALL_Y,
        KERB_HEIGHT_M,
        0.0,
        tuple(BinPlan(240, colour, "closed", -0.3) for colour in (GREEN, BLUE, GREY, RED)),
    ),
    SpotPlan("s05", "heap", 128.0, KERB_SIDE_Y + 0.5, KERB_HEIGHT_M, 0.0, (), 1.2),
    SpotPlan("s06", "truck_soil", 152.0, -ROAD_Y + 0.4, 0.0, 0.0),
    SpotPlan("s07", "truck_tarpaulin", 206.0, -ROAD_Y + 0.4, 0.0, 0.0),
    SpotPlan("s08", "rubble", 226.0, 9.2, KERB_HEIGHT_M, 0.0, (), 0.85),
    SpotPlan("s09", "stall", 246.0, 8.5, KERB_HEIGHT_M, 4.0),
    SpotPlan(
        "s10",
        "bins",
        264.0,
        KERB_SIDE_Y + 0.15,
        KERB_HEIGHT_M,
        180.0,
        (BinPlan(240, BLACK, "open", 0.3), BinPlan(240, BLACK, "open", 0.22)),
    ),
    SpotPlan("s11", "litter", 284.0, 9.0, KERB_HEIGHT_M, 0.0, (), 1.1),
    SpotPlan("s12", "goods_van", 306.0, ROAD_Y, 0.0, 180.0),
    SpotPlan("s13", "leaves", 311.5, 8.3, KERB_HEIGHT_M, 0.0),
)

SAMPLE_SHOTS = (
    Shot("01-three-bins", "s01", 0, 4.1, 262.0, 0.75, -3.0),
    Shot("02-three-bins-from-east", "s01", 35, 3.9, 318.0, 0.7, 4.0, roll=-1.1),
    Shot("03-blue-bin", "s02", 80, 3.2, 62.0, 0.72, 5.0),
    Shot("04-large-container", "s03", 128, 3.9, 246.0, 0.8, -2.0),
    Shot("05-closed-bins", "s04", 170, 3.9, 285.0, 0.75, 2.0, roll=1.3),
    Shot("06-heap-at-kerb", "s05", 215, 3.7, 126.0, 0.45, -2.0, position=False),
    Shot("07-truck-uncovered", "s06", 262, 9.5, 128.0, 1.7, 3.0),
    Shot("08-truck-covered", "s07", 330, 10.0, 55.0, 1.6, -2.0, roll=-0.8),
    Shot("09-rubble", "s08", 372, 4.3, 158.0, 0.4, 1.0),
    Shot("10-fruit-stall", "s09", 408, 4.3, 248.0, 1.05, 2.0),
    Shot("11-black-bins-upright", "s10", 450, 3.3, 75.0, 0.8, 1.0, sideways=True),
    Shot("12-litter", "s11", 492, 3.6, 150.0, 0.2, 0.0, position=False),
    Shot("13-clean-street", "s12", 540, 6.95, 142.3, 0.9, 14.0),
    Shot("14-too-dark", "s02", 34_500, 3.6, 70.0, 0.72, 0.0, light="unlit"),
)


def sample_street() -> StreetPlan:
    """The street of the committed sample."""
    return StreetPlan(
        "长青路",
        SAMPLE_SEED,
        330.0,
        Anchor(43.86012, 125.29874, 84.0),
        ((0.0, "育民街"), (180.0, "清和街"), (330.0, "惠工街")),
        SAMPLE_SPOTS,
        (
            (14, 34, 1),
            (42, 64, 1),
            (68, 90, 1),
            (96, 112, 1),
            (118, 138, 1),
            (216, 238, 1),
            (238, 258, 1),
            (254, 274, 1),
            (278, 292, 1),
            (298, 318, 1),
            (140, 164, -1),
            (194, 220, -1),
        ),
        "summer",
    )


def sample_frames(seeds: range) -> list[Frame]:
    """The stills of `datasets/sample`; they take no seeds."""
    del seeds
    street = sample_street()
    spots = {spot.spot_id: spot for spot in street.spots}
    frames = []
    for shot in SAMPLE_SHOTS:
        spot = spots[shot.spot_id]
        source = stream("phone", SAMPLE_SEED, shot.name)
        size = (960, 1280) if shot.sideways else (1280, 960)
        camera = aimed_camera(
            (spot.x, spot.y, spot.z + shot.aim_z),
            distance_m=shot.distance_m,
            around_deg=shot.around_deg,
            eye_z=PHONE_EYE_M + spot.z,
            aside_deg=shot.aside_deg,
            roll=shot.roll,
            hfov_deg=54.0 if shot.sideways else 67.0,
            size_px=size,
        )
        error, direction = source.uniform(3.0, 5.0), source.uniform(0.0, 2.0 * math.pi)
        frames.append(
            Frame(
                name=shot.name,
                street=street,
                camera=camera,
                light=LIGHTS[shot.light],
                taken_at=SAMPLE_START + timedelta(seconds=shot.after_s),
                position_error_m=(error * math.cos(direction), error * math.sin(direction))
                if shot.position
                else None,
                sideways=shot.sideways,
                samples=SAMPLE_PATHS,
                grain=0.05 if shot.light != "unlit" else 0.3,
                blur_px=0.0,
                wet=False,
            )
        )
    return frames


def quick(frame: Frame, scale: float, samples: int) -> Frame:
    """The same picture smaller and with fewer samples, for looking at a plan."""
    camera = frame.camera
    small = replace(camera, width=round(camera.width * scale), height=round(camera.height * scale))
    return replace(frame, camera=small, samples=samples)


PLANS: dict[str, Callable[[range], list[Frame]]] = {
    "sample": sample_frames,
    "training": training_frames,
    "pairs": pair_frames,
    "patrol": lambda _: patrol_frames(sample_patrol_street(), SAMPLE_DRIVE),
    "patrol-second": lambda _: patrol_frames(second_patrol_street(), SECOND_DRIVE),
    "patrol-clean": lambda _: patrol_frames(clean_street(), CLEAN_DRIVE),
}
PHONE_TRACK = Receiver(noise_m=2.5, clock_late_s=0.0, gap=(0.0, 0.0))
# What a cheap receiver in a car does: 3 to 5 m off, its clock 0.4 s behind, nothing under a bridge.
CAR_TRACK = Receiver(noise_m=2.8, clock_late_s=0.4, gap=(0.55, 0.66))
PATROLS = ("patrol", "patrol-second", "patrol-clean")


def receiver_of(plan: str, frames: Sequence[Frame]) -> Receiver | None:
    """How good the track of a plan is; None for plans that are no way along one street."""
    if plan == "sample":
        return PHONE_TRACK
    if plan not in PATROLS:
        return None
    if frames[0].street.bridge_x is None:
        return CAR_TRACK
    return replace(CAR_TRACK, gap=bridge_gap(frames))
