"""How the camera is mounted, worked out from the footage itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zoubian.pipeline.domain.classes import ClassRule
from zoubian.pipeline.footage.models import CameraProfile, FrameObservations
from zoubian.pipeline.footage.motion import Travel
from zoubian.pipeline.footage.rays import Array, Rays
from zoubian.pipeline.footage.sightings import SightingLimits, rays_by_object
from zoubian.pipeline.footage.sizes import SizePrior
from zoubian.pipeline.footage.triangulation import triangulate

_SD_OF_MAD = 1.4826  # of a normal distribution
_SD_OF_MEDIAN = 1.2533  # times the mean's


@dataclass(frozen=True, slots=True)
class CalibrationLimits:
    """When footage is believed about its camera.

    Attributes:
        least_pairs: pairs of frames that tell a direction of travel.
        max_turn_deg: between the frames of such a pair; in a bend the car does not go where its
            nose points.
        least_sd_deg: no direction is told better than this (the car's nose, the lens's middle).
        least_objects: that tell the scale of distances, seen over `least_way_m` of the camera's
            way, with `least_looks`.
        scale_sd: of the scale told by one object, as a share.
    """

    least_pairs: int
    max_turn_deg: float
    least_sd_deg: float
    least_objects: int
    least_way_m: float
    least_looks: int
    scale_sd: float


def calibrate(
    profile: CameraProfile, travels: Sequence[Travel], *, limits: CalibrationLimits
) -> CameraProfile:
    """Yaw and pitch from where the camera moves to: a car drives level and straight ahead.

    The point that all still things flow from (focus of expansion) lies in the direction of travel:
    left of the middle when the camera looks to the right, and on the horizon's row.

    Args:
        travels: found with the profile's field of view.

    Returns:
        The profile itself where the footage does not tell.
    """
    straight = [travel for travel in travels if abs(travel.turn_deg) <= limits.max_turn_deg]
    if len(straight) < limits.least_pairs:
        return profile
    yaw, yaw_sd = _direction([travel.ahead_x for travel in straight], limits)
    pitch, pitch_sd = _direction([travel.ahead_y for travel in straight], limits)
    return replace(profile, yaw_deg=-yaw, yaw_sd_deg=yaw_sd, pitch_deg=pitch, pitch_sd_deg=pitch_sd)


def _direction(tangents: Sequence[float], limits: CalibrationLimits) -> tuple[float, float]:
    """Median angle and its standard deviation, degrees."""
    angles = np.degrees(np.arctan(tangents))
    middle = float(np.median(angles))
    spread = _SD_OF_MAD * float(np.median(np.abs(angles - middle)))
    return middle, max(limits.least_sd_deg, _SD_OF_MEDIAN * spread / len(angles) ** 0.5)


def refine(
    profile: CameraProfile,
    frames: Sequence[FrameObservations],
    rules: Mapping[str, ClassRule],
    sizes: Mapping[str, SizePrior],
    *,
    sightings: SightingLimits,
    limits: CalibrationLimits,
) -> CameraProfile:
    """Focal length and height from what passed by.

    How fast a thing's bearing changes along the track tells its distance; where its foot stands in
    the picture and how tall it is tell it again, in units of focal length times height. Their
    median ratio corrects both, each by its share of the doubt.
    """
    scales = [
        scale
        for rays in rays_by_object(frames, rules, profile, sizes, limits=sightings)
        if (scale := _log_scale(rays, limits)) is not None
    ]
    if len(scales) < limits.least_objects:
        return profile
    told = float(np.median(scales))
    told_var = limits.scale_sd**2 * _SD_OF_MEDIAN**2 / len(scales)
    angle = np.radians(profile.hfov_deg)
    focal_var = float(np.radians(profile.hfov_sd_deg) / np.sin(angle)) ** 2  # of its logarithm
    height_var = (profile.height_sd_m / profile.height_m) ** 2
    total = focal_var + height_var + told_var
    focal = np.exp(told * focal_var / total) / np.tan(angle / 2)
    height_m = profile.height_m * float(np.exp(told * height_var / total))
    hfov = 2 * np.arctan(1.0 / focal)
    left = 1.0 - focal_var / total
    return replace(
        _with_hfov(profile, float(np.degrees(hfov))),
        hfov_sd_deg=float(np.degrees(np.sin(hfov) * (focal_var * left) ** 0.5)),
        height_m=height_m,
        height_sd_m=height_m * float((height_var * (1.0 - height_var / total)) ** 0.5),
    )


def _with_hfov(profile: CameraProfile, hfov_deg: float) -> CameraProfile:
    """The profile with another field of view: the same pixel still lies straight ahead."""
    change = float(np.tan(np.radians(hfov_deg) / 2) / np.tan(np.radians(profile.hfov_deg) / 2))
    yaw, pitch = (
        float(np.degrees(np.arctan(np.tan(np.radians(angle)) * change)))
        for angle in (profile.yaw_deg, profile.pitch_deg)
    )
    return replace(profile, hfov_deg=hfov_deg, yaw_deg=yaw, pitch_deg=pitch)


def _log_scale(rays: Rays, limits: CalibrationLimits) -> float | None:
    """Logarithm of distance by bearings over distance by foot and height; None if not told."""
    whole = rays.take(~rays.cut)
    if len(whole) < limits.least_looks:
        return None
    way: Array = np.linalg.norm(whole.cameras_m - whole.cameras_m[0], axis=1)
    if float(way.max()) < limits.least_way_m:
        return None
    blind = replace(whole, inverse_range_sds=whole.inverse_range_sds * 1e3)
    place, _ = triangulate(blind)
    distances = np.linalg.norm(whole.cameras_m - place, axis=1)
    return float(np.median(np.log(distances * whole.inverse_ranges)))
