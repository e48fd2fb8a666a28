"""Where an object stands that was seen from several places."""

import numpy as np

from zoubian.pipeline.footage.rays import Array, Rays

_ROUNDS = 8
_BELIEVED_SIGMAS = 2.0  # Huber: farther off, a ray counts by its distance and not by its square


def triangulate(rays: Rays) -> tuple[Array, Array]:
    """The place that fits bearings and ranges best, by Gauss-Newton with Huber weights.

    Args:
        rays: of one object, at least one.

    Returns:
        Place (2,) in the rays' metres and its covariance (2, 2), of the rays' own errors only.
    """
    covariances = rays.covariances_m2(place_sd_m=0.0) + 1e-6 * np.eye(2)
    information = np.linalg.inv(covariances)
    total = information.sum(axis=0)
    place: Array = np.linalg.solve(total, np.einsum("nij,nj->i", information, rays.places_m()))
    normal = total
    for _ in range(_ROUNDS):
        rest, slope = _residuals(rays, place)
        size = np.abs(rest)
        weight = np.where(size > _BELIEVED_SIGMAS, _BELIEVED_SIGMAS / np.maximum(size, 1e-9), 1.0)
        normal = (slope * weight[:, None]).T @ slope + 1e-6 * np.eye(2)
        step = np.linalg.solve(normal, (slope * weight[:, None]).T @ rest)
        length = float(np.linalg.norm(step))
        place = place + step * min(1.0, 5.0 / max(length, 1e-9))
        if length < 1e-4:
            break
    return place, np.linalg.inv(normal)


def _residuals(rays: Rays, place: Array) -> tuple[Array, Array]:
    """(2B,) bearings' and inverse ranges' rests in standard deviations, (2B, 2) their slopes."""
    away = place - rays.cameras_m
    squared = np.maximum((away**2).sum(axis=1), 0.25)
    turn = rays.bearings_rad - np.arctan2(away[:, 0], away[:, 1])
    turn = (turn + np.pi) % (2 * np.pi) - np.pi
    bearing_slope = np.stack([away[:, 1], -away[:, 0]], axis=1) / squared[:, None]
    range_slope = -away / squared[:, None] ** 1.5
    rest = np.concatenate(
        [
            turn / rays.bearing_sds_rad,
            (rays.inverse_ranges - squared**-0.5) / rays.inverse_range_sds,
        ]
    )
    slope = np.concatenate(
        [
            bearing_slope / rays.bearing_sds_rad[:, None],
            range_slope / rays.inverse_range_sds[:, None],
        ]
    )
    return rest, slope
