"""From a box to a ray on the ground: bearing and range with what each is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoubian.pipeline.domain.geo import Position, offset_m
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
        times_s: (B,).
        cameras_m: (B, 2).
        bearings_rad: (B,) clockwise from north, with `bearing_sds_rad` (B,).
        inverse_ranges: (B,) 1/m over the ground, with `inverse_range_sds` (B,).
        cut: (B,) bool: the object goes on beyond the frame's edge.
    """

    frames: NDArray[np.int64]
    boxes: NDArray[np.int64]
    times_s: Array
    cameras_m: Array
    bearings_rad: Array
    bearing_sds_rad: Array
    inverse_ranges: Array
    inverse_range_sds: Array
    cut: NDArray[np.bool_]

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


def rays_of(
    frames: Sequence[FrameObservations],
    boxes: Sequence[tuple[int, int]],
    camera: CameraProfile,
    sizes: Mapping[str, SizePrior],
    *,
    origin: Position,
    limits: RayLimits,
) -> Rays:
    """Boxes of frames with a pose as rays; those out of reach are left out.

    The range comes from where the box meets the ground (inverse range = tangent under the horizon
    over the lens's height) and from the class's height; both are inverse ranges with normal errors,
    so they are averaged there and not as metres. Both tell the near edge; the middle lies behind.

    Args:
        boxes: index of the frame, index of the box in it.
        sizes: by class; `UNKNOWN` stands in for a class without one.
    """
    rows = [
        (*_ray(frames[number], box, camera, sizes, origin, limits), number, box)
        for number, box in boxes
        if frames[number].pose is not None
    ]
    table = np.array(rows, dtype=np.float64).reshape(-1, 10)
    rays = Rays(
        frames=table[:, 8].astype(np.int64),
        boxes=table[:, 9].astype(np.int64),
        times_s=table[:, 0],
        cameras_m=table[:, 1:3],
        bearings_rad=table[:, 3],
        bearing_sds_rad=table[:, 4],
        inverse_ranges=table[:, 5],
        inverse_range_sds=table[:, 6],
        cut=table[:, 7] > 0.5,
    )
    nearest = 1.0 / np.maximum(rays.inverse_ranges + rays.inverse_range_sds, 1e-6)
    return rays.take(nearest <= limits.max_range_m)


def _ray(
    frame: FrameObservations,
    box: int,
    camera: CameraProfile,
    sizes: Mapping[str, SizePrior],
    origin: Position,
    limits: RayLimits,
) -> tuple[float, ...]:
    pose = frame.pose
    assert pose is not None
    width, height = frame.size_px
    focal = width / 2.0 / np.tan(np.radians(camera.hfov_deg) / 2.0)
    x1, y1, x2, y2 = (float(value) for value in frame.boxes_xyxy_px[box])
    pitch = np.radians(camera.pitch_deg)
    edge = limits.edge_sd_share * width / focal  # as a tangent
    aside = ((x1 + x2) / 2 - width / 2) / focal
    middle, foot = (height / 2 - (y1 + y2) / 2) / focal, (height / 2 - y2) / focal
    ahead = np.cos(pitch) - middle * np.sin(pitch)
    bearing = np.radians(pose.heading_deg + camera.yaw_deg) + np.arctan2(aside, ahead)
    sides_cut = x1 <= _EDGE_PX or x2 >= width - _EDGE_PX
    foot_cut = y2 >= height - _EDGE_PX
    wide = (x2 - x1) / focal
    bearing_sd = np.hypot(
        np.radians(limits.heading_sd_deg),
        np.hypot(edge, (0.5 if sides_cut else limits.centre_sd_share) * wide),
    )
    slant = np.hypot(1.0, aside)
    drop = -(np.sin(pitch) + foot * np.cos(pitch))
    ground = drop / (camera.height_m * slant)
    ground_sd = np.hypot(
        np.hypot(edge, np.radians(np.hypot(limits.shake_sd_deg, camera.pitch_sd_deg)))
        / (camera.height_m * slant),
        abs(ground) * np.hypot(camera.height_sd_m, limits.ground_sd_m) / camera.height_m,
    )
    if foot_cut:
        ground_sd = max(ground_sd, abs(ground))
    size = sizes.get(frame.visual_classes[box], UNKNOWN)
    estimates = [(ground, ground_sd)]
    if size.height_m is not None and not foot_cut and y1 > _EDGE_PX:
        tall = max((y2 - y1) / focal, 1e-4)
        by_size = tall / (size.height_m * slant)
        rough = np.hypot(size.height_sd_m / size.height_m, 1.5 * edge / tall)
        estimates.append((by_size, by_size * rough))
    weights = np.array([1.0 / sd**2 for _, sd in estimates])
    foot_inverse = float(weights @ np.array([value for value, _ in estimates]) / weights.sum())
    foot_range = 1.0 / max(foot_inverse, 0.5 / limits.max_range_m)
    inverse = 1.0 / (foot_range + size.depth_m)
    inverse_sd = float(np.hypot(weights.sum() ** -0.5, size.depth_m / 2 * inverse**2))
    east, north = offset_m(origin, pose.position)
    return (
        frame.time_s,
        east,
        north,
        float(bearing),
        float(bearing_sd),
        inverse,
        inverse_sd,
        float(sides_cut or foot_cut),
    )
