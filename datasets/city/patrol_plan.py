"""A vehicle's drive along a street as frames: bounce, 1080p-like optics, 5 frames a second."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from zoubian.datasets.city.crowd import walkers
from zoubian.datasets.city.frames import Frame
from zoubian.datasets.city.ground import KERB_HEIGHT_M
from zoubian.datasets.city.light import MORNING, NOON, OVERCAST, Light
from zoubian.datasets.city.projection import Anchor, Camera
from zoubian.datasets.city.seeds import stream
from zoubian.datasets.city.spots import BLACK, BLUE, GREEN, GREY, BinPlan, SpotPlan
from zoubian.datasets.city.street import BRIDGE_M, StreetPlan, build_street

CHINA = timezone(timedelta(hours=8))
FRAMES_PER_S = 5.0
LANE_Y_M = 2.0  # towards -x in the inner lane: the kerb at +y is on the right hand
LENS_HEIGHT_M = 1.45
SIZE_PX = (960, 540)
PATHS = 2
FIX_AGAIN_S = 3.0  # what a cheap receiver takes after a bridge
OPEN, AJAR, CLOSED = "open", "ajar", "closed"


@dataclass(frozen=True, slots=True)
class Drive:
    """How a patrol drives.

    Attributes:
        start_x_m: Where the first frame is taken.
        seconds: Length of the footage.
        speed_m_s: Mean speed; it swings by a fifth of it.
        look_deg: How far the camera looks to the right of the way ahead.
        started_at: Time of the first frame.
        light: Of the whole drive.
        walkers: How many people it meets.
    """

    start_x_m: float
    seconds: float
    speed_m_s: float
    look_deg: float
    started_at: datetime
    light: Light
    walkers: int


SAMPLE_DRIVE = Drive(304.0, 44.0, 6.6, 14.0, datetime(2026, 9, 16, 12, 20, tzinfo=CHINA), NOON, 0)
SECOND_DRIVE = Drive(
    342.0, 44.0, 7.4, 8.0, datetime(2026, 10, 20, 8, 42, 30, tzinfo=CHINA), OVERCAST, 26
)
CLEAN_DRIVE = Drive(
    304.0, 42.0, 7.0, 11.0, datetime(2026, 7, 8, 9, 15, 10, tzinfo=CHINA), MORNING, 24
)


def patrol_frames(street: StreetPlan, drive: Drive) -> list[Frame]:
    """Frames of a drive, named by their order."""
    source = stream("drive", street.seed)
    phases = [source.uniform(0.0, 2.0 * math.pi) for _ in range(6)]
    frames = []
    x = drive.start_x_m
    for index in range(round(drive.seconds * FRAMES_PER_S)):
        t = index / FRAMES_PER_S
        speed = drive.speed_m_s * (1.0 + 0.2 * math.sin(t / 5.0 + phases[0]))
        bounce = 0.018 * math.sin(t * 9.0 + phases[1]) + 0.012 * math.sin(t * 14.3 + phases[2])
        camera = Camera(
            x,
            LANE_Y_M + 0.25 * math.sin(t / 4.0 + phases[3]),
            LENS_HEIGHT_M + bounce,
            180.0 - drive.look_deg + 1.2 * math.sin(t / 3.1 + phases[4]),
            -3.0 + 25.0 * bounce + source.gauss(0.0, 0.08),
            0.5 * math.sin(t * 2.3 + phases[5]) + source.gauss(0.0, 0.1),
            78.0,
            *SIZE_PX,
        )
        frames.append(
            Frame(
                name=f"p{index:04d}",
                street=street,
                camera=camera,
                light=drive.light,
                taken_at=drive.started_at + timedelta(seconds=t),
                position_error_m=None,
                sideways=False,
                samples=PATHS,
                grain=0.06,
                blur_px=0.0,
                wet=False,
            )
        )
        x -= speed / FRAMES_PER_S
    return _peopled(frames, drive) if drive.walkers else frames


def _peopled(frames: list[Frame], drive: Drive) -> list[Frame]:
    """The same frames with people under way, each where the moment has brought them."""
    seconds = [(frame.taken_at - drive.started_at).total_seconds() for frame in frames]
    passing = [(t, frame.camera.x) for t, frame in zip(seconds, frames, strict=True)]
    crowd = walkers(build_street(frames[0].street), passing, drive.walkers)
    return [
        replace(frame, people=tuple(one.at(t) for one in crowd))
        for t, frame in zip(seconds, frames, strict=True)
    ]


def bridge_gap(frames: Sequence[Frame]) -> tuple[float, float]:
    """Shares of the drive (from, to) without a fix: under the bridge and until it is found again.

    Raises:
        ValueError: No bridge stands over the street.
    """
    bridge_x = frames[0].street.bridge_x
    if bridge_x is None:
        raise ValueError("no bridge over this street")
    under = [
        index
        for index, frame in enumerate(frames)
        if abs(frame.camera.x - bridge_x) < BRIDGE_M[0] / 2 + 2.0
    ]
    last = min(len(frames) - 1, under[-1] + round(FIX_AGAIN_S * FRAMES_PER_S))
    return under[0] / len(frames), last / len(frames)


def sample_patrol_street() -> StreetPlan:
    """The street of the committed sample patrol: 14 spots of problems and all decoys."""
    return StreetPlan(
        "兴业路",
        20_260_916,
        300.0,
        Anchor(43.86402, 125.30611, 176.0),
        ((0.0, "文苑街"), (150.0, "春和街"), (300.0, "建业街")),
        _problem_spots() + _decoys(),
        ((0.0, 300.0, 1),),
        "summer",
    )


def _row(count: int, lid: str, heaped_m: float) -> tuple[BinPlan, ...]:
    colours = (GREEN, GREY, BLUE, BLACK)
    return tuple(BinPlan(240, colours[index % 4], lid, heaped_m) for index in range(count))


def _problem_spots() -> tuple[SpotPlan, ...]:
    top, wall, kerb = KERB_HEIGHT_M, 10.8, 8.1
    big = (BinPlan(660, GREEN, OPEN, 0.3), BinPlan(660, GREEN, AJAR, 0.12))
    return (
        SpotPlan("p01", "bins_and_heap", 14.0, wall, top, 0.0, _row(3, OPEN, 0.25), 1.1),
        SpotPlan("p02", "stall", 34.0, 8.6, top, 3.0),
        SpotPlan("p03", "bins", 52.0, kerb, top, 0.0, _row(2, OPEN, 0.3)),
        SpotPlan("p04", "heap", 70.0, 8.5, top, 0.0, (), 1.1),
        SpotPlan("p05", "truck_soil", 92.0, 5.6, 0.0, 180.0),
        SpotPlan("p06", "litter", 110.0, 8.8, top, 0.0, (), 1.3),
        SpotPlan("p07", "rubble", 128.0, 9.2, top, 0.0, (), 0.9),
        SpotPlan("p08", "bins_and_heap", 168.0, wall, top, 0.0, big, 1.2),
        SpotPlan("p09", "goods_before_shop", 184.0, 10.6, top, 0.0),
        SpotPlan("p10", "furniture", 198.0, 8.6, top, 5.0),
        SpotPlan("p11", "excavation_open", 226.0, 4.9, 0.0, 0.0),
        SpotPlan("p12", "sand", 242.0, 9.0, top, 0.0, (), 0.9),
        SpotPlan(
            "p13", "bins", 258.0, kerb, top, 0.0, (*_row(2, AJAR, 0.15), *_row(1, CLOSED, -0.2))
        ),
        SpotPlan("p14", "few_bags", 276.0, 8.2, top, 0.0),
    )


def _decoys() -> tuple[SpotPlan, ...]:
    top = KERB_HEIGHT_M
    return (
        SpotPlan("d01", "bins", 42.0, 10.85, top, 0.0, _row(4, CLOSED, -0.02)),
        SpotPlan("d02", "goods_van", 60.0, 5.8, 0.0, 180.0),
        SpotPlan("d03", "leaves", 102.0, 8.3, top, 0.0),
        SpotPlan("d04", "truck_tarpaulin", 212.0, 5.6, 0.0, 180.0),
        SpotPlan("d05", "bins", 250.0, 10.85, top, 0.0, _row(2, CLOSED, -0.02)),
        SpotPlan("d06", "excavation_hoarded", 288.0, 9.6, top, 0.0),
    )
