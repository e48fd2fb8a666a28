"""A camera's clock that is off is set by the stops that pictures and track both show."""

from datetime import UTC, datetime

import numpy as np
import pytest

from zoubian.pipeline.footage.car_patrol import OFFSET_LIMITS, TRACK_LIMITS
from zoubian.pipeline.footage.clock_offset import Beat
from zoubian.pipeline.footage.motion import Shift
from zoubian.pipeline.intake.layout import LaidClip
from zoubian.pipeline.intake.track import Track
from zoubian.pipeline.sightings.clocks import set_clocks
from zoubian.pipeline.sightings.ways import Ways

START_S = 1_700_000_000.0
SECONDS = 200


# Four seconds to stop, five to be as fast again.
_AT_S = (0, 28, 32, 45, 50, 90, 94, 120, 125, 158, 162, 172, 177, 400)
_SPEED = (8, 8, 0, 0, 8, 8, 0, 0, 8, 8, 0, 0, 8, 8)


def speed_at(second: float) -> float:
    return float(np.interp(second, _AT_S, _SPEED))


def drive() -> Track:
    along = np.concatenate([[0.0], np.cumsum([speed_at(n + 0.5) for n in range(SECONDS - 1)])])
    n = len(along)
    lat = 43.88 + along / 111_195
    return Track(START_S + np.arange(float(n)), lat, np.full(n, 125.32), np.full(n, 4.0), 60.0)


def clip(name: str, from_s: float, track: Track | None, *, own: bool = False) -> LaidClip:
    return LaidClip(
        id=name,
        started_at=datetime.fromtimestamp(START_S + from_s, UTC),
        start_source="name",
        clock_s=START_S + from_s,
        duration_s=100.0,
        seen_s=0.0,
        track=track,
        own_positions=own,
        notes=(),
        track_path=None if own else "/in/t.gpx",
    )


def beats(from_s: float, ahead_s: float) -> list[Beat]:
    """What a camera sees whose clock is so much ahead, a clip of 100 s."""
    rng = np.random.default_rng(2)
    return [
        Beat(float(at), 0.2, Shift(float(rng.normal(0, 0.002)), 0.9, change))
        for at in np.arange(0.2, 100.0, 0.2)
        for change in [0.3 + 2.0 * speed_at(from_s + at - 0.1 - ahead_s)]
    ]


def ways_of(*clips: LaidClip) -> Ways:
    return Ways(clips, limits=TRACK_LIMITS)


@pytest.mark.parametrize("ahead_s", [2.4, -3.0])
def test_the_track_is_moved_to_the_cameras_clock(ahead_s: float) -> None:
    track = drive()
    ways = ways_of(clip("a", 0.0, track), clip("b", 100.0, track))
    seen = {"a": beats(0.0, ahead_s), "b": beats(100.0, ahead_s)}
    found = set_clocks(ways, seen, limits=OFFSET_LIMITS)
    one, other = found.clips
    assert one.track is other.track and one.track is not None
    assert one.track.times_s[0] - track.times_s[0] == pytest.approx(ahead_s, abs=0.5)
    ((code, path),) = {(note.code, note.path) for note in found.notes}
    assert (code, path) == ("clock_ahead" if ahead_s > 0 else "clock_behind", "/in/t.gpx")


def test_a_clock_that_is_right_stays() -> None:
    ways = ways_of(clip("a", 0.0, drive()))
    found = set_clocks(ways, {"a": beats(0.0, 0.0)}, limits=OFFSET_LIMITS)
    assert found.notes == ()
    assert found.clips[0].track is ways.clips["a"].track


def test_the_cameras_own_positions_and_silent_footage_stay() -> None:
    ways = ways_of(clip("a", 0.0, drive(), own=True), clip("b", 0.0, drive()))
    found = set_clocks(ways, {"a": beats(0.0, 2.0), "b": []}, limits=OFFSET_LIMITS)
    assert found.notes == ()
    assert [c.track is ways.clips[c.id].track for c in found.clips] == [True, True]
