"""Clips laid out beside tracks: which track, which clock, what is told."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest

from zoubian.pipeline.domain.geo import gcj02_from_wgs84
from zoubian.pipeline.intake.clip_fixes import ClipFix
from zoubian.pipeline.intake.clip_time import WrittenTime
from zoubian.pipeline.intake.layout import LaidClip, ReadClip, Surroundings, lay_out
from zoubian.pipeline.intake.track import Track, TrackRules

START = datetime(2024, 5, 6, 4, 0, tzinfo=UTC)


def clip(
    name: str = "a", at_s: float | None = 0.0, seconds: float = 60.0, **changed: Any
) -> ReadClip:
    stamp = None if at_s is None else (START + timedelta(seconds=at_s)).replace(tzinfo=None)
    given: dict[str, Any] = {
        "id": name,
        "path": f"/in/{name}.mp4",
        "size_px": (1920, 1080),
        "codec": "h264",
        "duration_s": seconds,
        "written": WrittenTime(stamp, None, "utc"),
        "source": None,
        "fixes": (),
    }
    return ReadClip(**{**given, **changed})


def track(from_s: float, seconds: int = 60, lat: float = 43.88, lon: float = 125.32) -> Track:
    times = START.timestamp() + from_s + np.arange(float(seconds))
    n = len(times)
    return Track(times, lat + np.arange(n) * 1e-5, np.full(n, lon), np.full(n, 5.0), 60.0)


def around(*tracks: Track, **changed: Any) -> Surroundings:
    given: dict[str, Any] = {
        "tracks": [(f"/in/{n}.gpx", one) for n, one in enumerate(tracks)],
        "subtitles": {},
        "tz": timezone(timedelta(hours=8)),
        "crs": "wgs84",
        "offset_s": 0.0,
        "max_gap_s": 10.0,
        "rules": TrackRules(),
    }
    return Surroundings(**{**given, **changed})


def laid(clips: list[ReadClip], beside: Surroundings) -> list[tuple[LaidClip, list[str]]]:
    return [(one, [note.code for note in one.notes]) for one in lay_out(clips, beside)]


def own_fixes(seconds: int = 60) -> tuple[ClipFix, ...]:
    start = START.replace(tzinfo=None)
    return tuple(
        ClipFix(float(n), 43.9 + n * 1e-5, 125.4, 1.0, start + timedelta(seconds=n))
        for n in range(seconds)
    )


def test_takes_the_track_that_covers_most_of_the_clip() -> None:
    early, right, late = track(-55), track(-10, 50), track(50)
    ((found, notes),) = laid([clip()], around(early, right, late))
    assert found.track is not None and notes == []
    assert found.track.times_s[0] == right.times_s[0]
    assert not found.own_positions


def test_clips_of_one_track_share_it() -> None:
    beside = around(track(0, 120))
    (one, _), (other, _) = laid([clip("a"), clip("b", 60.0)], beside)
    assert one.track is other.track


@pytest.mark.parametrize("at_s", [200.0, 86_400.0])
def test_a_track_that_covers_nothing_places_nothing(at_s: float) -> None:
    ((found, notes),) = laid([clip()], around(track(at_s)))
    assert found.track is None and notes == ["no_position"]


def test_the_cameras_clock_may_be_ahead() -> None:
    ((found, _),) = laid([clip(at_s=100.0)], around(track(0), offset_s=100.0))
    assert found.track is not None
    assert found.track.times_s[0] == START.timestamp() + 100.0


def test_a_clip_without_a_time_cannot_be_placed_and_has_a_clock_of_its_own() -> None:
    first, second = laid([clip("a", None), clip("b", None)], around(track(0)))
    assert first[0].track is None and first[1] == ["clip_without_time", "no_position"]
    assert abs(first[0].clock_s - second[0].clock_s) >= 100_000
    assert first[0].started_at is None


def test_a_track_of_the_clips_name_began_with_it() -> None:
    beside = around(tracks=[("/in/a.nmea", track(30.0))])
    ((found, notes),) = laid([clip(at_s=None)], beside)
    assert (found.started_at, found.start_source) == (START + timedelta(seconds=30), "gps")
    assert found.track is not None and notes == []


def test_the_clips_own_positions_go_first_and_tell_its_start() -> None:
    moved = clip(at_s=3600.0, source="gpmf", fixes=own_fixes())
    ((found, notes),) = laid([moved], around(track(0)))
    assert found.own_positions and found.started_at == START
    assert found.track is not None and found.track.lat[0] == pytest.approx(43.9)
    assert found.track.times_s[0] == START.timestamp()
    assert notes == ["clip_time_differs_from_gps"]


def test_own_positions_of_one_camera_are_one_track() -> None:
    first = clip("a", source="gpmf", fixes=own_fixes())
    shifted = tuple(
        ClipFix(f.offset_s, f.lat + 60e-5, f.lon, f.hdop, f.when + timedelta(seconds=60))
        for f in own_fixes()
        if f.when is not None
    )
    second = clip("b", 60.0, source="gpmf", fixes=shifted)
    (one, _), (other, _) = laid(
        [
            clip("VID_1", source="gpmf", fixes=first.fixes),
            clip("VID_2", 60.0, source="gpmf", fixes=second.fixes),
        ],
        around(),
    )
    assert one.track is other.track and one.track is not None
    assert len(one.track.times_s) == 120


def test_a_camera_that_looks_back_is_left_to_the_one_that_looks_ahead() -> None:
    front, rear = "20240506_120000_F", "20240506_120000_R"
    both = laid([clip(front), clip(rear)], around(track(0)))
    assert [(found.looked_at, notes) for found, notes in both] == [
        (True, []),
        (False, ["clip_other_view"]),
    ]
    ((alone, notes),) = laid([clip(rear)], around(track(0)))
    assert alone.looked_at and notes == []


def test_subtitles_place_the_clip_of_their_name() -> None:
    fixes = tuple(ClipFix(float(n), 43.9, 125.4 + n * 1e-5, None, None) for n in range(60))
    ((found, _),) = laid([clip()], around(subtitles={"/in/a": fixes}))
    assert found.own_positions and found.track is not None


def test_a_shift_of_the_datum_between_two_sources_is_told() -> None:
    lat, lon = gcj02_from_wgs84(43.9, 125.4)
    ((_, notes),) = laid(
        [clip(source="gpmf", fixes=own_fixes())], around(track(0, lat=lat, lon=lon))
    )
    assert notes == ["clip_datum_suspected"]
