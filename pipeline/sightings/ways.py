"""Where the cameras of a patrol drove: smoothed tracks, asked by clip and seconds."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from zoubian.pipeline.footage.models import FramePose
from zoubian.pipeline.footage.track import SmoothTrack, TrackLimits, poses_at, smooth_track
from zoubian.pipeline.intake.layout import LaidClip

_DRIVEN_STEP_S = 0.5
_DRIVEN_MARGIN_S = 3.0
_MOMENTS_S = 10


class Ways:
    """The ways of laid-out clips; a track that several share is smoothed once."""

    def __init__(self, laid: Sequence[LaidClip], *, limits: TrackLimits) -> None:
        self.clips: Mapping[str, LaidClip] = {clip.id: clip for clip in laid}
        smoothed: dict[int, SmoothTrack] = {}
        self._ways: dict[str, SmoothTrack] = {}
        for clip in laid:
            if clip.track is not None:
                if id(clip.track) not in smoothed:
                    smoothed[id(clip.track)] = smooth_track(clip.track, limits=limits)
                self._ways[clip.id] = smoothed[id(clip.track)]

    def way(self, clip_id: str) -> SmoothTrack | None:
        """A clip's whole way, None without a track."""
        return self._ways.get(clip_id)

    def poses(self, clip_id: str, offsets_s: Sequence[float]) -> tuple[FramePose | None, ...]:
        """Where the camera was at moments of a clip, None where no track says."""
        way = self._ways.get(clip_id)
        if way is None:
            return (None,) * len(offsets_s)
        begin_s = self.clips[clip_id].clock_s
        return poses_at(way, [begin_s + offset_s for offset_s in offsets_s])

    def driven(self, clip_id: str, start_s: float, end_s: float) -> list[tuple[float, float]]:
        """Rows of seconds since a clip's first frame and metres along its way."""
        if clip_id not in self._ways:
            return []
        end_s = min(end_s, self.clips[clip_id].duration_s)
        # On a grid of its own, so that neighbouring segments read the same rows.
        first = int((start_s - _DRIVEN_MARGIN_S) // _DRIVEN_STEP_S)
        last = int((end_s + _DRIVEN_MARGIN_S) // _DRIVEN_STEP_S) + 1
        moments = np.arange(first, last + 1) * _DRIVEN_STEP_S
        return [
            (float(moment), round(pose.driven_m, 2))
            for moment, pose in zip(moments, self.poses(clip_id, moments.tolist()), strict=True)
            if pose is not None
        ]

    def moments(self) -> list[datetime]:
        """Times of the footage, ten seconds apart."""
        return [
            clip.started_at + timedelta(seconds=seconds)
            for clip in self.clips.values()
            if clip.started_at is not None
            for seconds in range(0, int(clip.duration_s) + 1, _MOMENTS_S)
        ]
