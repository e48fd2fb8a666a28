"""Positions that a clip carries itself, on the clip's own clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

import numpy as np

from zoubian.pipeline.intake.datum import Crs, wgs84_position
from zoubian.pipeline.intake.messages import Message, message
from zoubian.pipeline.intake.track import Track, TrackRules, clean_track

_EPOCH = datetime(1970, 1, 1)
_STEP_S = 0.2  # closer fixes are thinned out: nobody drives round a corner in less


@dataclass(frozen=True, slots=True)
class ClipFix:
    """One position: seconds since the clip's first frame, degrees in the file's datum.

    Attributes:
        when: what the clock beside the receiver said then, without a zone.
    """

    offset_s: float
    lat: float
    lon: float
    hdop: float | None
    when: datetime | None


@dataclass(frozen=True, slots=True)
class ClipTrack:
    """The cleaned positions of a clip.

    Attributes:
        track: its times are seconds since the clip's first frame; None where no fix is usable.
        started: when the first frame was taken by the clock beside the receiver, None without one.
        notes: what was left out.
    """

    track: Track | None
    started: datetime | None
    notes: tuple[Message, ...]


def clip_track(fixes: Sequence[ClipFix], *, crs: Crs, rules: TrackRules) -> ClipTrack:
    """Clean a clip's positions: zeros, jumps and repeats go, and what is denser than 5 a second."""
    placed = [fix for fix in fixes if _is_place(fix)]
    if not placed:
        notes = (message("clip_without_fix"),) if fixes else ()
        return ClipTrack(None, None, notes)
    starts = [
        (fix.when - _EPOCH).total_seconds() - fix.offset_s for fix in placed if fix.when is not None
    ]
    rows = []
    for fix in thinned(placed):
        place = wgs84_position(fix.lat, fix.lon, error_m=rules.error_of(fix.hdop), crs=crs)
        rows.append((fix.offset_s, place.lat, place.lon, place.error_m))
    times_s, lat, lon, error_m = np.array(rows, dtype=np.float64).T
    raw = Track(times_s, lat, lon, error_m, rules.max_speed_mps)
    cleaned = clean_track(raw, shortest_run=rules.shortest_run)
    dropped = len(fixes) - len(placed) + cleaned.jumps
    notes = (message("clip_fixes_cleaned", count=dropped),) if dropped else ()
    # Receivers deliver late and in steps of a second: the median start is the steadiest.
    started = _EPOCH + timedelta(seconds=median(starts)) if starts else None
    return ClipTrack(cleaned.track, started, notes)


def _is_place(fix: ClipFix) -> bool:
    inside = -90 <= fix.lat <= 90 and -180 <= fix.lon <= 180
    return inside and bool(fix.lat or fix.lon)


def thinned(fixes: Sequence[ClipFix]) -> tuple[ClipFix, ...]:
    """By time, at most five a second; a fix that says when it was taken goes before others."""
    kept: list[ClipFix] = []
    for fix in sorted(fixes, key=lambda fix: fix.offset_s):
        if not kept or fix.offset_s - kept[-1].offset_s >= _STEP_S - 1e-6:
            kept.append(fix)
        elif fix.when is not None and kept[-1].when is None:
            kept[-1] = fix
    return tuple(kept)
