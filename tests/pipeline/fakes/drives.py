"""Frames, rules and tracks of drives, made by hand."""

import numpy as np

from zoubian.pipeline.domain.classes import ClassRule
from zoubian.pipeline.domain.geo import Position, moved
from zoubian.pipeline.footage.models import CameraProfile, FrameObservations, FramePose
from zoubian.pipeline.intake.track import Track

HOME = Position(43.86, 125.3, 0.0)
SIZE_PX = (960, 540)
LEVEL = CameraProfile(1.5, 0.05, 0.0, 0.2, 0.0, 0.3, 90.0, 1.0)


def rule(name: str, group: str = "waste", rank: int = 1, **changes: object) -> ClassRule:
    """A problem class with the threshold 0.4."""
    values = {"problem": True, "stretch": False, "proven": True, "threshold": 0.4, **changes}
    return ClassRule(name=name, spot_group=group, rank=rank, **values)


RULES = {
    one.name: one
    for one in (
        rule("overflowing_bin", rank=1),
        rule("garbage_pile", rank=2),
        rule("litter", rank=4, stretch=True),
        rule("bin", rank=5, problem=False),
        rule("sand_heap", "building_material", proven=False),
        rule("muck_truck_covered", "truck", problem=False),
    )
}


def pose(east: float, north: float, *, heading: float = 0.0, error_m: float = 8.0) -> FramePose:
    """A camera so many metres from home, driving at 6 m/s."""
    place = moved(HOME, east, north, error_m=error_m)
    return FramePose(place, heading, 1.0, 6.0, max(0.0, north))


def frame(
    name: str,
    time_s: float,
    where: FramePose | None,
    boxes: list[tuple[str, float, tuple[float, float, float, float]]],
    *,
    sharpness: float = 0.7,
    assessable: bool = True,
) -> FrameObservations:
    """A frame that shows (class, score, box)."""
    return FrameObservations(
        frame_id=name,
        time_s=time_s,
        pose=where,
        size_px=SIZE_PX,
        boxes_xyxy_px=np.array([box for _, _, box in boxes], np.float32).reshape(-1, 4),
        scores=np.array([score for _, score, _ in boxes], np.float32),
        visual_classes=tuple(name for name, _, _ in boxes),
        sharpness=sharpness,
        assessable=assessable,
    )


def box_of(
    camera: CameraProfile, place: tuple[float, float], where: tuple[float, float], *, tall: float
) -> tuple[float, float, float, float] | None:
    """The box of a thing 0.6 m wide at (east, north), seen from a camera that looks north."""
    focal = SIZE_PX[0] / 2 / np.tan(np.radians(camera.hfov_deg) / 2)
    yaw = np.radians(camera.yaw_deg)
    east, north = place[0] - where[0], place[1] - where[1]
    ahead = east * np.sin(yaw) + north * np.cos(yaw)
    right = east * np.cos(yaw) - north * np.sin(yaw)
    if ahead < 1.0:
        return None
    x = SIZE_PX[0] / 2 + focal * right / ahead
    foot = SIZE_PX[1] / 2 + focal * camera.height_m / ahead
    half, height = focal * 0.3 / ahead, focal * tall / ahead
    box = (x - half, foot - height, x + half, foot)
    return box if box[0] > 3 and box[2] < SIZE_PX[0] - 3 else None


def drive_past(
    things: list[tuple[str, float, tuple[float, float]]],
    *,
    frames: int = 12,
    step_m: float = 2.0,
    start_s: float = 1000.0,
    camera: CameraProfile = LEVEL,
    offset_m: tuple[float, float] = (0.0, 0.0),
    name: str = "f",
) -> list[FrameObservations]:
    """Frames of a drive north past things (class, score, (east, north)), 3 frames a second.

    Args:
        offset_m: error of the track, which tells another place than the true one.
    """
    seen = []
    for index in range(frames):
        where = (0.0, index * step_m)
        boxes = [
            (kind, score, box)
            for kind, score, place in things
            if (box := box_of(camera, place, where, tall=1.2)) is not None
        ]
        told = pose(where[0] + offset_m[0], where[1] + offset_m[1])
        seen.append(frame(f"{name}{index:03d}", start_s + index / 3, told, boxes))
    return seen


def detour(time_s: float, *, away_m: float) -> FrameObservations:
    """An empty frame so far from the street: whoever comes back has driven twice as far."""
    return frame(f"detour{time_s}", time_s, pose(-away_m, 0.0), [])


def track_of(
    places_m: np.ndarray, *, times_s: np.ndarray | None = None, error_m: float = 8.0
) -> Track:
    """A track through (east, north) points, one a second."""
    places = [moved(HOME, float(east), float(north), error_m=0.0) for east, north in places_m]
    return Track(
        times_s=np.arange(len(places), dtype=float) + 1000.0 if times_s is None else times_s,
        lat=np.array([place.lat for place in places]),
        lon=np.array([place.lon for place in places]),
        error_m=np.full(len(places), error_m),
        max_speed_mps=60.0,
    )
