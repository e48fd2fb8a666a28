"""Drives along the rendered streets with a made-up detector: nothing is rendered."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from zoubian.datasets.city.frames import Frame
from zoubian.datasets.city.plans import PLANS
from zoubian.datasets.city.simulation import Faults, Glimpse, glimpses, guesses
from zoubian.datasets.city.street import build_street
from zoubian.datasets.city.track import Receiver, Waypoint, walk_gpx
from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.pipeline.domain.classes import ClassRule
from zoubian.pipeline.footage.car_patrol import TRACK_LIMITS
from zoubian.pipeline.footage.models import CameraProfile, FrameObservations
from zoubian.pipeline.footage.track import poses_at, smooth_track
from zoubian.pipeline.intake.track import Track, TrackRules, read_track

REACH_M = 45.0
THRESHOLD = 0.35
WASTE = ("overflowing_bin", "garbage_pile", "litter", "bin")


def rules() -> dict[str, ClassRule]:
    """Every visual class as a rule with one threshold."""
    return {
        name: ClassRule(
            name=name,
            spot_group=known.spot_group,
            rank=known.rank,
            problem=known.problem,
            stretch=str(known.aggregate.value) == "stretch",
            proven=str(known.basis.value) == "real",
            threshold=THRESHOLD,
        )
        for name, known in packaged_tables().visual_classes.items()
    }


def usual_faults(
    *, miss: float = 0.25, jitter_px: float = 3.0, false_per_frame: float = 0.08
) -> Faults:
    """A middling detector: see `Faults`."""
    confusion: dict[str, tuple[tuple[str, float], ...]] = {
        name: () for name in packaged_tables().visual_classes
    }
    confusion["overflowing_bin"] = (("bin", 0.2),)
    confusion["bin"] = (("overflowing_bin", 0.08),)
    confusion["garbage_pile"] = (("litter", 0.1),)
    confusion["litter"] = (("garbage_pile", 0.1),)
    confusion["rubble_heap"] = (("sand_heap", 0.15),)
    confusion["sand_heap"] = (("rubble_heap", 0.15),)
    confusion["leaf_heap"] = (("garbage_pile", 0.2),)
    confusion["goods_van"] = (("muck_truck_covered", 0.3),)
    return Faults(
        miss_share=miss,
        small_px=14.0,
        jitter_px=jitter_px,
        confusion=confusion,
        false_per_frame=false_per_frame,
        false_classes=WASTE,
    )


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedDrive:
    """A patrol plan's drive: its frames, what shows in each, and what stands along the street.

    Attributes:
        things: (spot id, class, lat, lon).
    """

    frames: tuple[Frame, ...]
    shown: tuple[tuple[Glimpse, ...], ...]
    things: tuple[tuple[str, str, float, float], ...]


@lru_cache(maxsize=4)
def drive_of(plan: str) -> SimulatedDrive:
    """The drive of a plan of `datasets.city.plans`; takes seconds: every mesh is built."""
    frames = PLANS[plan](range(1))
    street = build_street(frames[0].street)
    shown = glimpses(street, frames, reach_m=REACH_M)
    anchor = street.plan.anchor
    things = [
        (thing.spot_id, thing.visual_class, *anchor.to_wgs84(*thing.centre[:2]))
        for thing in street.things
    ]
    return SimulatedDrive(tuple(frames), tuple(map(tuple, shown)), tuple(things))


def receiver_track(frames: Sequence[Frame], receiver: Receiver, *, seed: int) -> Track:
    """What the product reads of a receiver's GPX."""
    walk = [Waypoint(f.taken_at, f.camera.x, f.camera.y) for f in frames]
    gpx = walk_gpx(walk, frames[0].street.anchor, receiver, seed=seed)
    reading = read_track(gpx.encode(), crs="wgs84", rules=TrackRules())
    assert reading.track is not None
    return reading.track


def observations(
    drive: SimulatedDrive, receiver: Receiver, faults: Faults, *, seed: int, every: int
) -> list[FrameObservations]:
    """Every n-th frame of a drive as the pipeline would hold it."""
    track = smooth_track(receiver_track(drive.frames, receiver, seed=seed), limits=TRACK_LIMITS)
    chosen = range(0, len(drive.frames), every)
    times = [drive.frames[i].taken_at.timestamp() for i in chosen]
    rows = []
    for i, time_s, pose in zip(chosen, times, poses_at(track, times), strict=True):
        camera = drive.frames[i].camera
        size = (camera.width, camera.height)
        found = guesses(drive.shown[i], faults, size, seed=f"{seed}/{i}")
        rows.append(
            FrameObservations(
                frame_id=drive.frames[i].name,
                time_s=time_s,
                pose=pose,
                size_px=size,
                boxes_xyxy_px=np.array([g.box_xyxy_px for g in found], np.float32).reshape(-1, 4),
                scores=np.array([g.score for g in found], np.float32),
                visual_classes=tuple(g.visual_class for g in found),
                sharpness=0.7,
                assessable=True,
            )
        )
    return rows


TRUE_CAMERA = CameraProfile(1.45, 0.05, -3.0, 0.3, 14.0, 0.5, 78.0, 1.0)
