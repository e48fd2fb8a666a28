"""All clips of a patrol laid out: when each began, on which clock, and along which track."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import numpy as np

from zoubian.pipeline.domain.geo import Position, distance_m, gcj02_from_wgs84
from zoubian.pipeline.intake.clip_fixes import ClipFix, ClipTrack, clip_track
from zoubian.pipeline.intake.clip_names import ClipName, read_clip_name
from zoubian.pipeline.intake.clip_time import (
    ClipStart,
    ClockZone,
    ReceiverClock,
    StartSource,
    WrittenTime,
    clip_start,
)
from zoubian.pipeline.intake.datum import Crs
from zoubian.pipeline.intake.messages import Message, message
from zoubian.pipeline.intake.timeline import Clip, join_clips
from zoubian.pipeline.intake.track import Track, TrackRules, clean_track, position_at
from zoubian.pipeline.intake.video_facts import PositionSource

# What the clock beside a receiver shows. Novatek's firmware writes UTC or local time.
_RECEIVER_ZONES: dict[PositionSource, ClockZone] = {
    "gpmf": "utc",
    "blackvue": "utc",
    "novatek": "unknown",
    "dji_srt": "local",
}
_SNAP_S = 0.95  # cameras write whole seconds: an overlap of one is real
_LONGEST_GAP_S = 3.0
_LONGEST_OVERLAP_S = 10.0
_UNTIMED_STEP_S = 100_000.0  # clips without a time lie so far apart on a clock of their own
_SHIFT_M = (150.0, 60.0)  # GCJ-02 shifts by more than the first; agreement within the second


@dataclass(frozen=True, slots=True)
class ReadClip:
    """A video whose facts are known (`VideoFacts`); `path` is that of the user's file."""

    id: str
    path: str
    size_px: tuple[int, int]
    codec: str
    duration_s: float
    written: WrittenTime
    source: PositionSource | None
    fixes: tuple[ClipFix, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LaidClip:
    """A clip in its place.

    Attributes:
        started_at: of its first frame, None where nothing tells.
        clock_s: the same on the patrol's clock, which all clips have: seconds since 1970 UTC, or
            far from them all where nothing tells.
        seen_s: its first so many seconds were seen in the clip before.
        track: times on the patrol's clock; None where no positions are known. Clips of one track
            share one object.
        own_positions: whether the camera recorded them.
        track_path: file of a track that lies beside the clips, None for the camera's own.
        looked_at: False for a camera that looks back or inside, beside one that looks ahead.
    """

    id: str
    started_at: datetime | None
    start_source: StartSource | None
    clock_s: float
    duration_s: float
    seen_s: float
    track: Track | None
    own_positions: bool
    notes: tuple[Message, ...]
    track_path: str | None = None
    looked_at: bool = True


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies beside the clips.

    Attributes:
        tracks: of the patrol, each with its file.
        subtitles: positions by the path without suffix of the clip that they belong to.
        tz: of local times.
        crs: datum of positions that name none.
        offset_s: the cameras' clock is so much ahead of the tracks'.
        max_gap_s: a track says nothing farther from its points.
        rules: of the positions in clips.
    """

    tracks: Sequence[tuple[str, Track]]
    subtitles: Mapping[str, Sequence[ClipFix]]
    tz: tzinfo
    crs: Crs
    offset_s: float
    max_gap_s: float
    rules: TrackRules


def lay_out(clips: Sequence[ReadClip], around: Surroundings) -> tuple[LaidClip, ...]:
    """Find each clip's start, join clips of one camera, and give each its track.

    A clip's own positions go before a track's: they share its clock. Of several tracks the one that
    covers most of the clip is taken.
    """
    own = [_own_track(clip, around) for clip in clips]
    names = [read_clip_name(Path(clip.path).stem) for clip in clips]
    starts = [
        _start(clip, name, track, around)
        for clip, name, track in zip(clips, names, own, strict=True)
    ]
    placed = join_clips(
        [
            _timeline_clip(clip, name, start)
            for clip, name, start in zip(clips, names, starts, strict=True)
        ],
        snap_s=_SNAP_S,
        longest_gap_s=_LONGEST_GAP_S,
        longest_overlap_s=_LONGEST_OVERLAP_S,
    )
    has_front = any(name.looks_ahead for name in names)
    laid = []
    for number, (clip, start, place, track) in enumerate(
        zip(clips, starts, placed, own, strict=True)
    ):
        looked_at = names[number].looks_ahead is not False or not has_front
        at = place.started_at
        clock_s = -_UNTIMED_STEP_S * (number + 1) if at is None else at.timestamp()
        notes = [*track.notes, *start.notes, *place.notes]
        if at is None:
            notes.append(message("clip_without_time"))
        if not looked_at:
            notes.append(message("clip_other_view"))
        laid.append(
            LaidClip(
                id=clip.id,
                started_at=at,
                start_source=start.source,
                clock_s=clock_s,
                duration_s=clip.duration_s,
                seen_s=place.seen_s,
                track=None if track.track is None else _moved(track.track, clock_s),
                own_positions=track.track is not None,
                notes=tuple(notes),
                looked_at=looked_at,
            )
        )
    # Moved once, so that clips of one track share it.
    tracks = [_moved(track, around.offset_s) for _, track in around.tracks]
    return tuple(_with_track(clip, tracks, around) for clip in _joined_tracks(laid, names))


def _own_track(clip: ReadClip, around: Surroundings) -> ClipTrack:
    fixes: Sequence[ClipFix] = clip.fixes
    if not fixes:
        fixes = around.subtitles.get(str(Path(clip.path).with_suffix("")), ())
    # GoPro's and BlackVue's receivers know WGS-84 only; what else writes may have shifted it.
    crs = "wgs84" if clip.source in ("gpmf", "blackvue") else around.crs
    return clip_track(fixes, crs=crs, rules=around.rules)


def _start(clip: ReadClip, name: ClipName, own: ClipTrack, around: Surroundings) -> ClipStart:
    zone = _RECEIVER_ZONES[clip.source or "dji_srt"]
    start = clip_start(
        clip.written,
        name=name.taken_at,
        receiver=None if own.started is None else ReceiverClock(own.started, zone),
        tz=around.tz,
        is_covered=lambda when: any(_knows(track, when, around) for _, track in around.tracks),
    )
    if start.at is None and (beside := _track_beside(clip, around)) is not None:
        at = datetime.fromtimestamp(float(beside.times_s[0]), UTC)
        return ClipStart(at + timedelta(seconds=around.offset_s), "gps", start.notes)
    return start


def _track_beside(clip: ReadClip, around: Surroundings) -> Track | None:
    """The track that a camera wrote beside its clip: the same name, and they begin together."""
    stem = str(Path(clip.path).with_suffix(""))
    return next((t for path, t in around.tracks if str(Path(path).with_suffix("")) == stem), None)


def _knows(track: Track, when: datetime, around: Surroundings) -> bool:
    moment = when - timedelta(seconds=around.offset_s)
    return position_at(track, moment, max_gap_s=around.max_gap_s) is not None


def _timeline_clip(clip: ReadClip, name: ClipName, start: ClipStart) -> Clip:
    folder = str(Path(clip.path).parent)
    width, height = clip.size_px
    return Clip(
        id=clip.id,
        camera=f"{folder}|{name.camera}|{clip.codec} {width}x{height}",
        series=name.series,
        number=name.number,
        started_at=start.at,
        exact=start.source == "gps",
        duration_s=clip.duration_s,
    )


def _moved(track: Track, by_s: float) -> Track:
    return replace(track, times_s=track.times_s + by_s)


def _joined_tracks(laid: Sequence[LaidClip], names: Sequence[ClipName]) -> list[LaidClip]:
    """One track for all clips of one camera: it can be smoothed over the seams."""
    by_camera: dict[str, list[Track]] = {}
    for clip, name in zip(laid, names, strict=True):
        if clip.track is not None and clip.started_at is not None:
            by_camera.setdefault(name.camera, []).append(clip.track)
    joined = {camera: _one_track(tracks) for camera, tracks in by_camera.items()}
    return [
        replace(clip, track=joined[name.camera])
        if clip.track is not None and clip.started_at is not None
        else clip
        for clip, name in zip(laid, names, strict=True)
    ]


def _one_track(tracks: Sequence[Track]) -> Track:
    parts = ([getattr(t, name) for t in tracks] for name in ("times_s", "lat", "lon", "error_m"))
    times_s, lat, lon, error_m = (np.concatenate(part) for part in parts)
    whole = Track(times_s, lat, lon, error_m, tracks[0].max_speed_mps)
    return clean_track(whole, shortest_run=1).track


def _with_track(clip: LaidClip, tracks: Sequence[Track], around: Surroundings) -> LaidClip:
    """The clip with the best of the patrol's tracks, where it has none of its own.

    Args:
        tracks: on the cameras' clock.
    """
    if clip.started_at is None:
        return clip if clip.own_positions else _unplaced(clip)
    covered = [(_covered_s(track, clip, around), -n) for n, track in enumerate(tracks)]
    covered_s, number = max(covered, default=(0.0, 0))
    if covered_s <= 0.0:
        return clip if clip.own_positions else _unplaced(clip)
    track = tracks[-number]
    if not clip.own_positions:
        return replace(clip, track=track, track_path=around.tracks[-number][0])
    if _differ_by_datum(clip, track):
        return replace(clip, notes=(*clip.notes, message("clip_datum_suspected")))
    return clip


def _unplaced(clip: LaidClip) -> LaidClip:
    return replace(clip, notes=(*clip.notes, message("no_position")))


def _covered_s(track: Track, clip: LaidClip, around: Surroundings) -> float:
    first, last = track.times_s[0] - around.max_gap_s, track.times_s[-1] + around.max_gap_s
    return float(min(last, clip.clock_s + clip.duration_s) - max(first, clip.clock_s))


def _differ_by_datum(clip: LaidClip, track: Track) -> bool:
    """Whether the clip's positions and the track's lie apart as WGS-84 and GCJ-02 do."""
    assert clip.track is not None
    middle = datetime.fromtimestamp(clip.clock_s + clip.duration_s / 2, UTC)
    own = position_at(clip.track, middle, max_gap_s=5.0)
    other = position_at(track, middle, max_gap_s=5.0)
    if own is None or other is None or distance_m(own, other) < _SHIFT_M[0]:
        return False
    return any(
        distance_m(Position(*gcj02_from_wgs84(a.lat, a.lon), 0.0), b) < _SHIFT_M[1]
        for a, b in ((own, other), (other, own))
    )
