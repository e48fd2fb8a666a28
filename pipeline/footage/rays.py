"""From a box to a ray on the ground: bearing and range with what each is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoubian.pipeline.domain.geo import Position, distance_m, offset_m
from zoubian.pipeline.footage.models import CameraProfile, FrameObservations
from zoubian.pipeline.footage.sizes import UNKNOWN, SizePrior

Array = NDArray[np.float64]

_EDGE_PX = 2.0  # a box this near to the frame's edge goes on beyond it


@dataclass(frozen=True, slots=True)
class RayLimits:
    """What a box tells about a place.

    Attributes:
        max_range_m: boxes that must be farther than this are left out.
        edge_sd_share: of the frame's width; standard deviation of a box's edge.
        centre_sd_share: of the box's width; how far its middle is from the object's.
        heading_sd_deg: of the camera's direction from frame to frame (the car sways).
        shake_sd_deg: of the pitch from frame to frame.
        ground_sd_m: height of the ground under things over the road: a kerb.
        place_sd_m: of the camera's place from frame to frame, per axis.
    """

    max_range_m: float
    edge_sd_share: float
    centre_sd_share: float
    heading_sd_deg: float
    shake_sd_deg: float
    ground_sd_m: float
    place_sd_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Rays:
    """Boxes as rays: parallel arrays of B boxes, metres east and north of an origin.

    Attributes:
        frames: (B,) index of the frame; `boxes` (B,) index in the frame.
        times_s: (B,); `ways_m` (B,) the camera's way until then.
        cameras_m: (B, 2).
        bearings_rad: (B,) clockwise from north, with `bearing_sds_rad` (B,).
        inverse_ranges: (B,) 1/m over the ground, with `inverse_range_sds` (B,).
        cut: (B,) bool: the object goes on beyond the frame's edge.
        extents_m: (B,) how far apart two looks may put the middle of a thing of this class, because
            each sees another end of it; it is the same for all looks and does not average out.
        common_sds_m: (B,) along the ray, from what the camera's pitch and height are wrong by: the
            same for all looks from such a range, so that it does not average out either.
    """

    frames: NDArray[np.int64]
    boxes: NDArray[np.int64]
    times_s: Array
    ways_m: Array
    cameras_m: Array
    bearings_rad: Array
    bearing_sds_rad: Array
    inverse_ranges: Array
    inverse_range_sds: Array
    cut: NDArray[np.bool_]
    extents_m: Array
    common_sds_m: Array

    def __len__(self) -> int:
        return len(self.frames)

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_]) -> "Rays":
        """The rays at `index`."""
        return Rays(*(getattr(self, name)[index] for name in self.__slots__))

    def places_m(self) -> Array:
        """(B, 2) where each box alone puts its object."""
        ranges = 1.0 / self.inverse_ranges
        away = np.stack([np.sin(self.bearings_rad), np.cos(self.bearings_rad)], axis=1)
        places: Array = self.cameras_m + ranges[:, None] * away
        return places

    def common_covariances_m2(self) -> Array:
        """(B, 2, 2) along the rays, of the errors that looks share."""
        forward = np.stack([np.sin(self.bearings_rad), np.cos(self.bearings_rad)], axis=1)
        outer = forward[:, :, None] * forward[:, None, :]
        covariances: Array = (self.common_sds_m**2)[:, None, None] * outer
        return covariances

    def covariances_m2(self, *, place_sd_m: float) -> Array:
        """(B, 2, 2) of `places_m`: long along the ray, as wide as the bearing is uncertain."""
        ranges = 1.0 / self.inverse_ranges
        along = np.minimum(self.inverse_range_sds * ranges**2, ranges)
        across = ranges * self.bearing_sds_rad
        s, c = np.sin(self.bearings_rad), np.cos(self.bearings_rad)
        forward = np.stack([s, c], axis=1)
        sideways = np.stack([c, -s], axis=1)
        covariances: Array = (
            (along**2)[:, None, None] * forward[:, :, None] * forward[:, None, :]
            + (across**2)[:, None, None] * sideways[:, :, None] * sideways[:, None, :]
            + place_sd_m**2 * np.eye(2)
        )
        return covariances


@dataclass(frozen=True, slots=True)
class BoxRay:
    """A box as the camera has it, wherever the camera stands.

    Attributes:
        aside_rad: to the right of the direction of travel, with `aside_sd_rad`.
        inverse_range: 1/m over the ground, with `inverse_range_sd`.
        cut: the object goes on beyond the frame's edge.
    """

    aside_rad: float
    aside_sd_rad: float
    inverse_range: float
    inverse_range_sd: float
    cut: bool


def rays_of(
    frames: Sequence[FrameObservations],
    boxes: Sequence[tuple[int, int]],
    camera: CameraProfile,
    sizes: Mapping[str, SizePrior],
    *,
    origin: Position,
    limits: RayLimits,
) -> Rays:
    """Boxes of frames with a pose as rays; those that must be out of reach are left out.

    Args:
        frames: of one camera, by time.
        boxes: index of the frame, index of the box in it.
        sizes: by class; `UNKNOWN` stands in for a class without one.
    """
    rows = []
    for number, box in boxes:
        frame = frames[number]
        ray = box_ray(frame, box, camera, sizes, limits=limits)
        nearest_m = 1.0 / (ray.inverse_range + ray.inverse_range_sd)
        if frame.pose is not None and nearest_m <= limits.max_range_m:
            rows.append((number, box, frame.pose, frame.time_s, ray))
    places = [offset_m(origin, pose.position) for _, _, pose, _, _ in rows]
    ranges = np.array([1.0 / row[4].inverse_range for row in rows], dtype=np.float64)
    tilt = np.radians(camera.pitch_sd_deg) * ranges**2 / camera.height_m
    return Rays(
        frames=np.array([row[0] for row in rows], dtype=np.int64),
        boxes=np.array([row[1] for row in rows], dtype=np.int64),
        times_s=np.array([row[3] for row in rows], dtype=np.float64),
        ways_m=_ways_m(frames)[[row[0] for row in rows]] if rows else np.empty(0),
        cameras_m=np.array(places, dtype=np.float64).reshape(-1, 2),
        bearings_rad=np.array(
            [np.radians(pose.heading_deg) + ray.aside_rad for _, _, pose, _, ray in rows],
            dtype=np.float64,
        ),
        bearing_sds_rad=np.array([row[4].aside_sd_rad for row in rows], dtype=np.float64),
        inverse_ranges=np.array([row[4].inverse_range for row in rows], dtype=np.float64),
        inverse_range_sds=np.array([row[4].inverse_range_sd for row in rows], dtype=np.float64),
        cut=np.array([row[4].cut for row in rows], dtype=np.bool_),
        common_sds_m=np.hypot(tilt, ranges * camera.height_sd_m / camera.height_m),
        extents_m=np.array(
            [_size(frames[row[0]], row[1], sizes).depth_m / 2 for row in rows], dtype=np.float64
        ),
    )


def _ways_m(frames: Sequence[FrameObservations]) -> Array:
    """(F,) the camera's way until each frame, on one scale whatever tracks the poses come from."""
    ways = np.zeros(len(frames))
    last: Position | None = None
    way_m = 0.0
    for number, frame in enumerate(frames):
        if frame.pose is not None:
            way_m += 0.0 if last is None else distance_m(last, frame.pose.position)
            last = frame.pose.position
        ways[number] = way_m
    return ways


def box_ray(
    frame: FrameObservations,
    box: int,
    camera: CameraProfile,
    sizes: Mapping[str, SizePrior],
    *,
    limits: RayLimits,
) -> BoxRay:
    """Direction and range of one box.

    The range comes from where the box meets the ground (inverse range = tangent under the horizon
    over the lens's height) and from the class's height; both are inverse ranges with normal errors,
    so they are averaged there and not as metres. Both tell the near edge; the middle lies behind.
    """
    width, height = frame.size_px
    focal = width / 2.0 / float(np.tan(np.radians(camera.hfov_deg) / 2.0))
    x1, y1, x2, y2 = (float(value) for value in frame.boxes_xyxy_px[box])
    sides_cut = x1 <= _EDGE_PX or x2 >= width - _EDGE_PX
    foot_cut = y2 >= height - _EDGE_PX
    edge = limits.edge_sd_share * width / focal  # as a tangent
    aside = ((x1 + x2) / 2 - width / 2) / focal
    sine, cosine = (float(f(np.radians(camera.pitch_deg))) for f in (np.sin, np.cos))
    middle, foot = (height / 2 - (y1 + y2) / 2) / focal, (height / 2 - y2) / focal
    own_width = (0.5 if sides_cut else limits.centre_sd_share) * (x2 - x1) / focal
    slant = float(np.hypot(aside, cosine - foot * sine))
    ground = -(sine + foot * cosine) / (camera.height_m * slant)
    ground_sd = float(
        np.hypot(
            np.hypot(edge, np.radians(np.hypot(limits.shake_sd_deg, camera.pitch_sd_deg)))
            / (camera.height_m * slant),
            abs(ground) * np.hypot(camera.height_sd_m, limits.ground_sd_m) / camera.height_m,
        )
    )
    estimates = [(ground, max(ground_sd, abs(ground)) if foot_cut else ground_sd)]
    size = _size(frame, box, sizes)
    if size.height_m is not None and not foot_cut and y1 > _EDGE_PX:
        tall = max((y2 - y1) / focal, 1e-4)
        by_size = tall / (size.height_m * slant)
        rough = float(np.hypot(size.height_sd_m / size.height_m, 1.5 * edge / tall))
        estimates.append((by_size, by_size * rough))
    weight = sum(sd**-2 for _, sd in estimates)
    foot_inverse = sum(value * sd**-2 for value, sd in estimates) / weight
    # Behind the horizon: far, and not behind the camera.
    inverse = 1.0 / (1.0 / max(foot_inverse, 0.5 / limits.max_range_m) + size.depth_m)
    heading_sd = float(np.radians(limits.heading_sd_deg))
    return BoxRay(
        aside_rad=float(np.radians(camera.yaw_deg) + np.arctan2(aside, cosine - middle * sine)),
        aside_sd_rad=float(np.hypot(heading_sd, np.hypot(edge, own_width))),
        inverse_range=inverse,
        inverse_range_sd=float(np.hypot(weight**-0.5, size.depth_m / 2 * inverse**2)),
        cut=sides_cut or foot_cut,
    )


def _size(frame: FrameObservations, box: int, sizes: Mapping[str, SizePrior]) -> SizePrior:
    return sizes.get(frame.visual_classes[box], UNKNOWN)
