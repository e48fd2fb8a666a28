"""Drives along the rendered streets with a made-up detector: nothing is rendered."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from matching import Told, TruthSpot, truth_spots

from zoubian.datasets.city.frames import Frame
from zoubian.datasets.city.plans import PLANS
from zoubian.datasets.city.seeds import stream
from zoubian.datasets.city.simulation import Faults, Glimpse, glimpses, guesses
from zoubian.datasets.city.street import build_street
from zoubian.datasets.city.track import Receiver, Waypoint, walk_gpx
from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.datasets.classes.models import Aggregate, Basis
from zoubian.pipeline.domain.classes import ClassRule
from zoubian.pipeline.footage.camera import refine
from zoubian.pipeline.footage.car_patrol import (
    CALIBRATION_LIMITS,
    CAR_CAMERA,
    SAMPLING_LIMITS,
    SPOT_LIMITS,
    TRACK_LIMITS,
)
from zoubian.pipeline.footage.models import CameraProfile, FrameObservations, FramePose
from zoubian.pipeline.footage.sampling import Decoded, choose_frames
from zoubian.pipeline.footage.sizes import SIZES_BY_CLASS
from zoubian.pipeline.footage.spots import spots_of
from zoubian.pipeline.footage.track import poses_at, smooth_track
from zoubian.pipeline.intake.track import Track, TrackRules, read_track
from zoubian.pipeline.sightings.dense import look_denser

REACH_M = 45.0
THRESHOLD = 0.35
WASTE = ("overflowing_bin", "garbage_pile", "litter", "bin")


RULES = {
    name: ClassRule(
        name=name,
        spot_group=known.spot_group,
        rank=known.rank,
        problem=known.problem,
        stretch=known.aggregate is Aggregate.STRETCH,
        proven=known.basis is Basis.REAL,
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
    drive: SimulatedDrive, receiver: Receiver, faults: Faults, *, seed: int
) -> list[FrameObservations]:
    """The frames of a drive that the product would look at, with what the detector says."""
    track = smooth_track(receiver_track(drive.frames, receiver, seed=seed), limits=TRACK_LIMITS)
    times = [frame.taken_at.timestamp() for frame in drive.frames]
    poses = poses_at(track, times)
    sharpness = stream("sharpness", seed)
    decoded = [
        Decoded(
            time_s=time_s,
            driven_m=None if pose is None else pose.driven_m,
            sharpness=sharpness.random(),
            thumb=np.full((18, 32), index * 37 % 256, np.uint8),  # never twice the same
            picture=index,
        )
        for index, (time_s, pose) in enumerate(zip(times, poses, strict=True))
    ]
    chosen = choose_frames(decoded, limits=SAMPLING_LIMITS)

    def look(indices: Iterable[int]) -> Iterator[FrameObservations]:
        for index in indices:
            yield _observed(drive, index, poses[index], faults, seed=seed)

    return [
        seen
        for _, seen in look_denser(
            ((one.frame.picture, one.dense) for one in chosen),
            look,
            is_hit=lambda seen: bool((seen.scores >= THRESHOLD).any()),
        )
    ]


def _observed(
    drive: SimulatedDrive, index: int, pose: FramePose | None, faults: Faults, *, seed: int
) -> FrameObservations:
    frame = drive.frames[index]
    size = (frame.camera.width, frame.camera.height)
    found = guesses(drive.shown[index], faults, size, seed=f"{seed}/{index}")
    return FrameObservations(
        frame_id=frame.name,
        time_s=frame.taken_at.timestamp(),
        pose=pose,
        size_px=size,
        boxes_xyxy_px=np.array([g.box_xyxy_px for g in found], np.float32).reshape(-1, 4),
        scores=np.array([g.score for g in found], np.float32),
        visual_classes=tuple(g.visual_class for g in found),
        sharpness=0.7,
        assessable=True,
    )


def assumed_camera(drive: SimulatedDrive, *, seed: int) -> CameraProfile:
    """What `calibrate` would make of `CAR_CAMERA`: the direction found, the field of view not.

    On rendered frames a pair tells the direction to 0.6 degrees; a patrol of 44 s has a few pairs.
    """
    camera = drive.frames[0].camera
    tangent = math.tan(math.radians(camera.hfov_deg) / 2)
    change = math.tan(math.radians(CAR_CAMERA.hfov_deg) / 2) / tangent
    ahead = drive.frames[1].camera.x - camera.x
    aside = (180.0 - camera.yaw if ahead < 0 else -camera.yaw) + 180.0
    source = stream("calibrated", seed)
    yaw, pitch = (
        math.degrees(math.atan(math.tan(math.radians(angle)) * change)) + source.gauss(0.0, 0.4)
        for angle in (aside % 360.0 - 180.0, -3.0)
    )
    return replace(CAR_CAMERA, yaw_deg=yaw, yaw_sd_deg=0.4, pitch_deg=pitch, pitch_sd_deg=0.4)


def told_on(drive: SimulatedDrive, receiver: Receiver, faults: Faults, *, seed: int) -> list[Told]:
    """Candidates of one simulated patrol, its camera worked out on the way as the product does."""
    frames = observations(drive, receiver, faults, seed=seed)
    camera = refine(
        assumed_camera(drive, seed=seed),
        frames,
        RULES,
        SIZES_BY_CLASS,
        sightings=SPOT_LIMITS.sightings,
        limits=CALIBRATION_LIMITS,
    )
    spots = spots_of(frames, RULES, camera, SIZES_BY_CLASS, limits=SPOT_LIMITS)
    return [
        Told(spot.visual_class, spot.group, spot.position, RULES[spot.visual_class].proven)
        for spot in spots
        if spot.position is not None
    ]


def truth_on(drive: SimulatedDrive) -> list[TruthSpot]:
    """The problems along a simulated patrol."""
    return truth_spots(drive.things, RULES)


def driven_km(drive: SimulatedDrive) -> float:
    """Length of the camera's way."""
    places = [(frame.camera.x, frame.camera.y) for frame in drive.frames]
    return sum(math.dist(a, b) for a, b in pairwise(places)) / 1000
