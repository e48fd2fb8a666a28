"""What passes between the steps from looked-at frames to spots: values without behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoubian.pipeline.domain.geo import Position


@dataclass(frozen=True, slots=True)
class FramePose:
    """Where the camera was when a frame was taken, from the smoothed track.

    Attributes:
        position: of the camera; `error_m` is the radius that holds the truth in about 95 of 100
            cases. Errors of neighbouring frames are nearly the same error, never independent.
        heading_deg: direction of travel, degrees clockwise from north; held while standing still.
        heading_error_deg: one standard deviation.
        speed_mps: over the ground.
        driven_m: along the track since its first point; never falls along one track.
    """

    position: Position
    heading_deg: float
    heading_error_deg: float
    speed_mps: float
    driven_m: float


@dataclass(frozen=True, slots=True, eq=False)
class FrameObservations:
    """What one looked-at frame of footage shows.

    Attributes:
        frame_id: unique within the patrol, the same however the footage was cut into segments.
        time_s: seconds on one clock for the whole patrol.
        pose: None where the track does not say.
        size_px: width, height of the upright frame.
        boxes_xyxy_px: (N, 4) float32 in px of the upright frame.
        scores: (N,) float32 in 0..1; keep everything down to half of the class's threshold, because
            one look is judged together with the other looks at the same thing.
        visual_classes: N names.
        sharpness: 0 to 1 (`intake.quality`).
        assessable: False when silence says nothing (`intake.quality`).
    """

    frame_id: str
    time_s: float
    pose: FramePose | None
    size_px: tuple[int, int]
    boxes_xyxy_px: NDArray[np.float32]
    scores: NDArray[np.float32]
    visual_classes: tuple[str, ...]
    sharpness: float
    assessable: bool

    def __post_init__(self) -> None:
        n = len(self.visual_classes)
        if self.boxes_xyxy_px.shape != (n, 4) or self.scores.shape != (n,):
            raise ValueError(
                f"expected boxes ({n}, 4) and scores ({n},) for {n} classes, "
                f"got {self.boxes_xyxy_px.shape} and {self.scores.shape}"
            )


@dataclass(frozen=True, slots=True)
class CameraProfile:
    """How a camera is mounted and what it sees; each value with one standard deviation.

    Attributes:
        height_m: of the lens over the road.
        pitch_deg: up from level, negative when it looks down.
        yaw_deg: to the right of the direction of travel.
        hfov_deg: horizontal field of view of the upright frame, lens distortion removed or small.
    """

    height_m: float
    height_sd_m: float
    pitch_deg: float
    pitch_sd_deg: float
    yaw_deg: float
    yaw_sd_deg: float
    hfov_deg: float
    hfov_sd_deg: float


@dataclass(frozen=True, slots=True)
class Look:
    """One box of a sighting.

    Attributes:
        frame_id: of the frame.
        box: index into the frame's boxes.
        distance_m: from the camera over the ground, None without a pose.
    """

    frame_id: str
    box: int
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """One object, joined over the frames that show it.

    Attributes:
        visual_class: what most looks, near ones counting more, take it for.
        confidence: median score over its looks, padded with zeros to the least number of looks.
        position: of the object itself, `error_m` relative to its neighbours only (the error of the
            track, which they share, is left out); None without a pose.
        looks: by time.
    """

    visual_class: str
    confidence: float
    position: Position | None
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """One place with one problem: what will be a candidate.

    Attributes:
        group: spot group of the classes (`ClassRule.spot_group`).
        visual_class: names the candidate.
        members: number of objects by visual class, in the order of the classes' ranks.
        confidence: of the surest sighting of `visual_class`.
        position: of the objects, `error_m` = radius that holds the truth in about 88 of 100 cases,
            the error of the track included; None without a pose.
        frame_ids: the best frames first (`SpotLimits.best_frames`), then the others by time.
        first_seen_s: time of the first frame.
        sightings: of the spot, problems first.
    """

    group: str
    visual_class: str
    members: Mapping[str, int]
    confidence: float
    position: Position | None
    frame_ids: tuple[str, ...]
    first_seen_s: float
    sightings: tuple[Sighting, ...]
