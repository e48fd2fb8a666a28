"""A patrol's track: positions over time, cleaned, and where it was at a given moment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from zoubian.pipeline.domain.geo import EARTH_RADIUS_M, Position, distance_m
from zoubian.pipeline.intake.datum import Crs, wgs84_position
from zoubian.pipeline.intake.messages import Message, message
from zoubian.pipeline.intake.track_files import Fix, read_gpx, read_nmea

_WALKING_MPS = 1.5
_WEEKS_OF_ROLLOVER = 1024  # the GPS week number has 10 bits
_NO_HDOP = 50.0  # receivers write 99.99 where they know none
_FIRST_YEAR = 2007  # a track from before is a receiver that took its week number for 1024 less


@dataclass(frozen=True, slots=True)
class TrackRules:
    """What a track may hold and when a point is not believed.

    Attributes:
        max_megabytes: 20 MB are about 150,000 points, 40 hours at one a second.
        max_speed_mps: faster is a jump, not a patrol car.
        shortest_run: points between two jumps are believed from this many on.
        error_m_per_hdop: what one unit of HDOP adds to the radius (user range error).
        default_error_m: radius of points without HDOP.
    """

    max_megabytes: int = 20
    max_speed_mps: float = 60.0
    shortest_run: int = 5
    error_m_per_hdop: float = 5.0
    default_error_m: float = 8.0

    def error_of(self, hdop: float | None) -> float:
        """The radius of a point with this HDOP, in metres."""
        known = hdop is not None and 0 < hdop < _NO_HDOP
        return hdop * self.error_m_per_hdop if hdop is not None and known else self.default_error_m


@dataclass(frozen=True, slots=True)
class Track:
    """Cleaned points, WGS-84: all arrays (N,) float64, N >= 1.

    Attributes:
        times_s: strictly rising seconds since 1970 UTC; of positions that a clip carries itself,
            since its first frame.
        max_speed_mps: two neighbours further apart are not joined by a straight line.
    """

    times_s: NDArray[np.float64]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    error_m: NDArray[np.float64]
    max_speed_mps: float

    def position(self, index: int) -> Position:
        """The point at `index`."""
        return Position(float(self.lat[index]), float(self.lon[index]), float(self.error_m[index]))


@dataclass(frozen=True, slots=True)
class CleanedTrack:
    """A track in order, and how many points were dropped for it."""

    track: Track
    repeats: int
    jumps: int
    unordered: bool


@dataclass(frozen=True, slots=True)
class TrackReading:
    """A track file's track, or the problem why there is none; a cut file has both."""

    track: Track | None
    problem: Message | None
    notes: tuple[Message, ...]


def read_track(data: bytes, *, crs: Crs, rules: TrackRules) -> TrackReading:
    """Read a GPX or NMEA file's bytes and clean the points. Bad data is an answer."""
    if len(data) > rules.max_megabytes * 1_000_000:
        sizes = {"megabytes": len(data) // 1_000_000, "limit_megabytes": rules.max_megabytes}
        return TrackReading(None, message("track_too_large", **sizes), ())
    is_xml = data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")[:1] == b"<"
    file = read_gpx(data) if is_xml else read_nmea(data)
    if isinstance(file, Message):
        return TrackReading(None, file, ())
    placed = [fix for fix in file.fixes if fix.lat or fix.lon]
    if not placed:
        code = "track_without_times" if file.untimed and not file.fixes else "track_empty"
        return TrackReading(None, message(code), ())
    placed, notes = _this_era(placed)
    raw = _arrays(placed, crs=crs, rules=rules)
    cleaned = clean_track(raw, shortest_run=rules.shortest_run)
    left_out = {
        "zeros": len(file.fixes) - len(placed),
        "jumps": cleaned.jumps,
        "repeats": cleaned.repeats,
        "untimed": file.untimed,
        "garbled": file.garbled,
    }
    if cleaned.unordered:
        notes.append(message("track_unordered"))
    if any(left_out.values()):
        notes.append(message("track_cleaned", **left_out))
    problem = message("track_cut", count=len(file.fixes)) if file.is_cut else None
    return TrackReading(cleaned.track, problem, tuple(notes))


def clean_track(raw: Track, *, shortest_run: int) -> CleanedTrack:
    """Sort, drop repeated times and short runs between jumps.

    Args:
        shortest_run: see `TrackRules`.
    """
    unordered = bool((np.diff(raw.times_s) < 0).any())
    _, first_of_time = np.unique(raw.times_s, return_index=True)
    track = _picked(raw, first_of_time)
    repeats = len(raw.times_s) - len(first_of_time)
    is_jump = _speeds_mps(track) > track.max_speed_mps
    run = np.concatenate(([0], np.cumsum(is_jump)))
    length = np.bincount(run)
    believed = length >= min(shortest_run, int(length.max()))
    kept = np.flatnonzero(believed[run])
    return CleanedTrack(_picked(track, kept), repeats, len(run) - len(kept), unordered)


def position_at(track: Track, when: datetime, *, max_gap_s: float) -> Position | None:
    """Where the track was at `when`, None where it does not say.

    Between two points at most `max_gap_s` apart the straight line is taken. Before the first, after
    the last and inside a longer gap the nearest point holds for `max_gap_s`. The error grows with
    the time to that point, at the speed of the stretch or walking pace, whichever is faster.
    """
    moment_s = when.timestamp()
    after = int(np.searchsorted(track.times_s, moment_s))
    if after < len(track.times_s) and track.times_s[after] == moment_s:
        return track.position(after)
    before_s = moment_s - track.times_s[after - 1] if after > 0 else np.inf
    after_s = track.times_s[after] - moment_s if after < len(track.times_s) else np.inf
    nearest_s = float(min(before_s, after_s))
    if nearest_s > max_gap_s:
        return None
    if np.isinf(before_s) or np.isinf(after_s):
        return _held(track.position(0 if after == 0 else -1), nearest_s * _WALKING_MPS)
    gap_s = float(before_s + after_s)
    start, end = track.position(after - 1), track.position(after)
    speed_mps = distance_m(start, end) / gap_s
    if speed_mps > track.max_speed_mps:
        return None
    if gap_s > max_gap_s:
        nearest = start if before_s < after_s else end
        return _held(nearest, nearest_s * max(speed_mps, _WALKING_MPS))
    share = float(before_s) / gap_s
    return Position(
        start.lat + share * (end.lat - start.lat),
        start.lon + share * (end.lon - start.lon),
        max(start.error_m, end.error_m) + nearest_s * max(speed_mps, _WALKING_MPS) / 2,
    )


def _held(point: Position, moved_m: float) -> Position:
    """A point that may have been left by `moved_m` since."""
    return Position(point.lat, point.lon, point.error_m + moved_m)


def match_note(track: Track, times: Sequence[datetime], *, max_gap_s: float) -> Message | None:
    """A note where the track covers none of the photos' times: another day or a wrong `--tz`."""
    first, last = track.times_s[0] - max_gap_s, track.times_s[-1] + max_gap_s
    if not times or any(first <= when.timestamp() <= last for when in times):
        return None
    return message("track_other_day")


def _this_era(fixes: list[Fix]) -> tuple[list[Fix], list[Message]]:
    """Undo the GPS week rollover of old receivers."""
    newest = max(fix.when for fix in fixes)
    weeks = 0
    while (newest + timedelta(weeks=weeks)).year < _FIRST_YEAR:
        weeks += _WEEKS_OF_ROLLOVER
    if weeks == 0:
        return fixes, []
    shift = timedelta(weeks=weeks)
    moved = [replace(fix, when=fix.when + shift) for fix in fixes]
    return moved, [message("track_week_rollover", weeks=weeks)]


def _arrays(fixes: list[Fix], *, crs: Crs, rules: TrackRules) -> Track:
    rows = []
    for fix in fixes:
        place = wgs84_position(fix.lat, fix.lon, error_m=rules.error_of(fix.hdop), crs=crs)
        rows.append((fix.when.timestamp(), place.lat, place.lon, place.error_m))
    times_s, lat, lon, error = np.array(rows, dtype=np.float64).T
    return Track(times_s, lat, lon, error, rules.max_speed_mps)


def _picked(track: Track, index: NDArray[np.intp]) -> Track:
    return Track(
        track.times_s[index],
        track.lat[index],
        track.lon[index],
        track.error_m[index],
        track.max_speed_mps,
    )


def _speeds_mps(track: Track) -> NDArray[np.float64]:
    """Speed from each point to the next, (N - 1,); flat-earth, good for telling jumps."""
    lat, lon = np.radians(track.lat), np.radians(track.lon)
    north = np.diff(lat)
    east = np.diff(lon) * np.cos(lat[:-1])
    speeds: NDArray[np.float64] = np.hypot(east, north) * EARTH_RADIUS_M / np.diff(track.times_s)
    return speeds
