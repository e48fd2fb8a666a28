"""A vehicle's drive along a street as frames: bounce, 1080p-like optics, 5 frames a second."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from zoubian.datasets.city.frames import Frame
from zoubian.datasets.city.ground import KERB_HEIGHT_M
from zoubian.datasets.city.light import NOON
from zoubian.datasets.city.projection import Anchor, Camera
from zoubian.datasets.city.seeds import stream
from zoubian.datasets.city.spots import BLACK, BLUE, GREEN, GREY, BinPlan, SpotPlan
from zoubian.datasets.city.street import StreetPlan

CHINA = timezone(timedelta(hours=8))
STARTED_AT = datetime(2026, 9, 16, 12, 20, 0, tzinfo=CHINA)
FRAMES_PER_S = 5.0
LANE_Y_M = 2.0  # towards -x in the inner lane: the kerb at +y is on the right hand
LENS_HEIGHT_M = 1.45
SIZE_PX = (960, 540)
PATHS = 2
OPEN, AJAR, CLOSED = "open", "ajar", "closed"


@dataclass(frozen=True, slots=True)
class Drive:
    """How a patrol drives.

    Attributes:
        start_x_m: Where the first frame is taken.
        seconds: Length of the footage.
        speed_m_s: Mean speed; it swings by a fifth of it.
        look_deg: How far the camera looks to the right of the way ahead.
    """

    start_x_m: float
    seconds: float
    speed_m_s: float
    look_deg: float


SAMPLE_DRIVE = Drive(304.0, 44.0, 6.6, 14.0)


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
                light=NOON,
                taken_at=STARTED_AT + timedelta(seconds=t),
                position_error_m=None,
                sideways=False,
                samples=PATHS,
                grain=0.06,
                blur_px=0.0,
                wet=False,
            )
        )
        x -= speed / FRAMES_PER_S
    return frames


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


def second_patrol_street() -> StreetPlan:
    """Kept for figures only: other houses, other order, never trained on."""
    plan = sample_patrol_street()
    moved = tuple(
        SpotPlan(
            f"b{spot.spot_id}",
            spot.kind,
            298.0 - spot.x,
            spot.y,
            spot.z,
            spot.yaw,
            spot.bins,
            spot.size,
        )
        for spot in plan.spots
    )
    anchor = Anchor(43.87115, 125.29350, 92.0)
    crossings = ((0.0, "光复街"), (150.0, "同安街"), (300.0, "德惠街"))
    return StreetPlan("向阳路", 20_260_917, 300.0, anchor, crossings, moved, plan.clear_m, "autumn")


def clean_street() -> StreetPlan:
    """No problem at all, every decoy: closed and full bins, a covered truck, a van, leaves."""
    anchor = Anchor(43.85690, 125.31020, 4.0)
    crossings = ((0.0, "富民街"), (150.0, "永安街"), (300.0, "吉庆街"))
    decoys = _decoys() + tuple(
        SpotPlan(f"c{index}", "bins", x, 10.85, KERB_HEIGHT_M, 0.0, _row(3, CLOSED, -0.05))
        for index, x in enumerate((24.0, 78.0, 118.0, 204.0, 268.0))
    )
    return StreetPlan(
        "清风路", 20_260_918, 300.0, anchor, crossings, decoys, ((0.0, 300.0, 1),), "summer"
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
