"""How the camera moved between two frames, seen in the frames alone."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]

_FAR_SHARE = 0.6  # upper part of a frame: what is far, where a turn shows more than the way driven


@dataclass(frozen=True, slots=True)
class Shift:
    """What changed from one frame to another, cheaply.

    Attributes:
        right_share: how far the scene moved to the right, over the frame's width; a turn of the
            camera to the right moves it to the left.
        trust: of `right_share`, 0 to 1: peak of the phase correlation.
        change: mean difference of grey levels, 0 to 255; near 0 while standing.
    """

    right_share: float
    trust: float
    change: float


@dataclass(frozen=True, slots=True)
class TravelLimits:
    """How the direction of travel is looked for.

    Attributes:
        corners: most points that are followed.
        quality: least corner strength, a share of the strongest one's.
        spacing_px: between corners.
        round_trip_px: a point followed there and back must come home within it.
        inlier_px: of a point from its epipolar line.
        least_inliers: with fewer nothing is told.
        still_px: points that move less (median) show a camera that stands.
    """

    corners: int
    quality: float
    spacing_px: float
    round_trip_px: float
    inlier_px: float
    least_inliers: int
    still_px: float


@dataclass(frozen=True, slots=True)
class Travel:
    """Where the camera went between two frames, in angles of an assumed field of view.

    Attributes:
        turn_deg: to the right, of the camera.
        ahead_x: where it moves to, right of the middle as a tangent; `ahead_y` likewise downwards.
        inliers: points that agree on it.
    """

    turn_deg: float
    ahead_x: float
    ahead_y: float
    inliers: int


def frame_shift(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> Shift:
    """Shift and change between two small grey frames (H, W) of one size.

    Phase correlation (Kuglin and Hines, 1975) of the upper part: over time it shows turns, `change`
    shows stops, and both together what the clocks of camera and track are apart (`clock_offset`).
    Thumbs of `sampling` will do: 32 px tell a turn to about half a degree in 0.04 ms.
    """
    change = float(cv2.absdiff(before, after).mean())
    rows = round(before.shape[0] * _FAR_SHARE)
    upper = [grey[:rows].astype(np.float32) for grey in (before, after)]
    window = cv2.createHanningWindow((before.shape[1], rows), cv2.CV_32F)
    (right, _), trust = cv2.phaseCorrelate(upper[0], upper[1], window)
    return Shift(right / before.shape[1], float(trust), change)


def travel_direction(
    before: NDArray[np.uint8],
    after: NDArray[np.uint8],
    *,
    assumed_hfov_deg: float,
    limits: TravelLimits,
) -> Travel | None:
    """Follow corners from one frame to the next and split their motion into turn and travel.

    The five-point method (Nister, PAMI 26(6), 2004) inside a consensus search with local
    optimisation (USAC; Raguram and others, PAMI 35(8), 2013; four times as exact here as plain
    RANSAC) takes the points that one rigid motion explains; people and cars that move on their own
    fall out. Some 20 ms: a few dozen pairs, spread over a patrol, are enough for `calibrate`.

    Args:
        before: (H, W) grey, about 480 px wide; `after` is of the same size, 1 to 3 m further on.
        assumed_hfov_deg: horizontal field of view.

    Returns:
        None while the camera stands, or where too few points agree.
    """
    start, end = _followed(before, after, limits)
    if len(start) < limits.least_inliers:
        return None
    if float(np.median(np.linalg.norm(end - start, axis=1))) < limits.still_px:
        return None
    height, width = before.shape
    focal = width / 2.0 / float(np.tan(np.radians(assumed_hfov_deg) / 2.0))
    centre = np.array([width / 2.0, height / 2.0])
    a, b = (start - centre) / focal, (end - centre) / focal
    essential, mask = cv2.findEssentialMat(
        a, b, np.eye(3), method=cv2.USAC_ACCURATE, prob=0.999, threshold=limits.inlier_px / focal
    )
    if essential is None or essential.shape != (3, 3):
        return None
    inliers, turn, travel, _ = cv2.recoverPose(essential, a, b, np.eye(3), mask=mask)
    ahead = -(turn.T @ travel).ravel()  # the way of the camera in its first frame's axes
    if inliers < limits.least_inliers or ahead[2] <= 0.1:
        return None
    return Travel(
        turn_deg=float(np.degrees(np.arctan2(-turn[0, 2], turn[2, 2]))),
        ahead_x=float(ahead[0] / ahead[2]),
        ahead_y=float(ahead[1] / ahead[2]),
        inliers=int(inliers),
    )


def _followed(
    before: NDArray[np.uint8], after: NDArray[np.uint8], limits: TravelLimits
) -> tuple[Points, Points]:
    """Corners (N, 2) of the first frame and where they are in the second."""
    corners = cv2.goodFeaturesToTrack(
        before, limits.corners, limits.quality, limits.spacing_px, blockSize=5
    )
    if corners is None:
        empty = np.empty((0, 2), np.float32)
        return empty, empty
    there, found, _ = cv2.calcOpticalFlowPyrLK(before, after, corners, np.empty_like(corners))
    back, home, _ = cv2.calcOpticalFlowPyrLK(after, before, there, np.empty_like(corners))
    round_trip = np.linalg.norm(back - corners, axis=2).ravel()
    kept = (found.ravel() == 1) & (home.ravel() == 1) & (round_trip <= limits.round_trip_px)
    return corners.reshape(-1, 2)[kept], there.reshape(-1, 2)[kept]
