"""When a clip began, of clocks that disagree; and clips joined to one timeline."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from zoubian.pipeline.intake.clip_names import read_clip_name
from zoubian.pipeline.intake.clip_time import (
    ClockZone,
    ReceiverClock,
    WrittenTime,
    clip_start,
    written_time,
)
from zoubian.pipeline.intake.timeline import Clip, PlacedClip, join_clips

CHINA = timezone(timedelta(hours=8))
UTC_NOON = datetime(2024, 5, 6, 4, 0, tzinfo=UTC)
NOON = datetime(2024, 5, 6, 12, 0)
FOUR = datetime(2024, 5, 6, 4, 0)


def written(stamp: datetime | None, zone: ClockZone = "unknown") -> WrittenTime:
    return WrittenTime(stamp, None, zone)


@pytest.mark.parametrize(
    ("time", "name", "receiver", "covered", "source", "notes"),
    [
        (written(FOUR), None, None, (), "container", []),
        (written(NOON, "local"), None, None, (), "container", []),
        (written(FOUR, "utc"), None, None, (), "container", []),
        (written(NOON), None, None, (UTC_NOON,), "container", ["creation_time_local"]),
        (written(FOUR), None, None, (UTC_NOON,), "container", []),
        (written(FOUR), None, None, (UTC_NOON, UTC_NOON - timedelta(hours=8)), "container", []),
        (WrittenTime(datetime(2024, 5, 6, 13, 0), 540, "unknown"), None, None, (), "container", []),
        (written(FOUR), NOON, None, (), "name", []),
        (written(datetime(2019, 1, 1)), NOON, None, (), "name", []),
        (written(None), None, ReceiverClock(FOUR, "utc"), (), "gps", []),
        (written(NOON), None, ReceiverClock(FOUR, "utc"), (), "gps", []),
        (written(datetime(2024, 5, 5)), None, ReceiverClock(FOUR, "utc"), (), "gps",
         ["clip_time_differs_from_gps"]),
        (written(None), NOON, ReceiverClock(NOON, "unknown"), (), "gps", []),
        (written(None), NOON, ReceiverClock(FOUR, "unknown"), (), "gps", []),
        (written(NOON, "local"), None, ReceiverClock(NOON, "unknown"), (), "gps", []),
        (written(FOUR), None, ReceiverClock(datetime(1980, 1, 6), "utc"), (), "container", []),
    ],
)  # fmt: skip
def test_weighs_the_clocks_of_a_clip(
    time: WrittenTime,
    name: datetime | None,
    receiver: ReceiverClock | None,
    covered: tuple[datetime, ...],
    source: str,
    notes: list[str],
) -> None:
    start = clip_start(
        time, name=name, receiver=receiver, tz=CHINA, is_covered=lambda when: when in covered
    )
    assert (start.at, start.source) == (UTC_NOON, source)
    assert [note.code for note in start.notes] == notes


def test_without_any_clock_nothing_is_made_up() -> None:
    start = clip_start(
        written(None), name=None, receiver=None, tz=CHINA, is_covered=lambda when: True
    )
    assert (start.at, start.source) == (None, None)


@pytest.mark.parametrize(
    ("tags", "camera", "stamp", "offset_min", "zone"),
    [
        ({"creation_time": "2024-05-06T07:08:09.000000Z"}, None, (7, 8, 9), None, "unknown"),
        ({"creation_time": "2024-05-06T07:08:09Z"}, "Camera", (7, 8, 9), None, "local"),
        ({"creation_time": "2024-05-06T07:08:09Z", "handler_name": "GoPro AVC"}, None, (7, 8, 9),
         None, "local"),
        ({"creation_time": "2024-05-06T07:08:09Z", "com.android.version": "14"}, None, (7, 8, 9),
         None, "utc"),
        ({"com.apple.quicktime.creationdate": "2024-05-06T15:08:09+0800"}, None, (15, 8, 9), 480,
         "unknown"),
        ({"DATE": "2024-05-06 07:08:09"}, None, (7, 8, 9), None, "unknown"),
        ({"creation_time": "1904-01-01T00:00:00Z"}, None, None, None, "unknown"),
        ({"creation_time": "rubbish"}, None, None, None, "unknown"),
        ({}, None, None, None, "unknown"),
    ],
)  # fmt: skip
def test_reads_the_creation_time_and_who_wrote_it(
    tags: dict[str, str],
    camera: str | None,
    stamp: tuple[int, int, int] | None,
    offset_min: int | None,
    zone: str,
) -> None:
    expected = None if stamp is None else datetime(2024, 5, 6, *stamp)
    found = written_time(tags, camera=camera)
    assert (found.stamp, found.offset_min, found.zone) == (expected, offset_min, zone)


@pytest.mark.parametrize(
    ("stem", "time", "camera", "number"),
    [
        ("20240506_070809", (7, 8, 9), "", None),
        ("2024_0506_070809_012", (7, 8, 9), "", 12),
        ("NO20240506-070809-000123F", (7, 8, 9), "no/f", 123),
        ("FILE240506-070809-000123R", (7, 8, 9), "file/r", 123),
        ("20240506070809_000045A", (7, 8, 9), "/a", 45),
        ("VID_20240506_070809", (7, 8, 9), "vid", None),
        ("DJI_0042", None, "dji", 42),
        ("MOV_0042_front", None, "mov/front", 42),
        ("GH010123", None, "gh", 1),
        ("20241399_070809", None, "", 70809),
        ("street", None, "street", None),
    ],
)
def test_reads_names(
    stem: str, time: tuple[int, int, int] | None, camera: str, number: int | None
) -> None:
    name = read_clip_name(stem)
    assert name.taken_at == (None if time is None else datetime(2024, 5, 6, *time))
    assert (name.camera, name.number) == (camera, number)


def clip(
    identifier: str,
    start_s: float | None,
    seconds: float = 60.0,
    *,
    number: int | None = None,
    camera: str = "f",
    exact: bool = False,
) -> Clip:
    at = None if start_s is None else UTC_NOON + timedelta(seconds=start_s)
    return Clip(identifier, camera, "", number, at, exact, seconds)


def joined(*clips: Clip) -> dict[str, tuple[float | None, float, list[str]]]:
    def told(placed: PlacedClip) -> tuple[float | None, float, list[str]]:
        at = placed.started_at
        start_s = None if at is None else (at - UTC_NOON).total_seconds()
        return start_s, placed.seen_s, [note.code for note in placed.notes]

    answer = join_clips(clips, snap_s=0.95, longest_gap_s=3.0, longest_overlap_s=10.0)
    assert [placed.id for placed in answer] == [one.id for one in clips]
    return {placed.id: told(placed) for placed in answer}


def test_clips_that_meet_are_joined_without_a_seam() -> None:
    assert joined(clip("a", 0), clip("b", 60.9), clip("c", 119.5, 30)) == {
        "a": (0, 0, []),
        "b": (60, 0, []),
        "c": (120, 0, []),
    }


def test_overlap_counts_once_and_gaps_are_told() -> None:
    assert joined(clip("b", 57), clip("a", 0), clip("c", 200)) == {
        "a": (0, 0, []),
        "b": (57, 3, ["clip_overlap"]),
        "c": (200, 0, ["clip_gap"]),
    }


def test_the_satellites_clock_is_not_moved() -> None:
    assert joined(clip("a", 0), clip("b", 59.4, exact=True)) == {
        "a": (0, 0, []),
        "b": (59.4, pytest.approx(0.6), []),
    }


def test_two_cameras_do_not_follow_each_other() -> None:
    found = joined(clip("a", 0), clip("b", 30, camera="r"), clip("c", 60))
    assert found == {"a": (0, 0, []), "b": (30, 0, []), "c": (60, 0, [])}


def test_another_take_of_the_same_minutes_stays_whole() -> None:
    assert joined(clip("a", 0), clip("b", 20))["b"] == (20, 0, [])


def test_chapters_follow_their_number() -> None:
    found = joined(
        clip("one", 0, number=1),
        clip("two", 0, number=2),
        clip("three", None, number=3),
        clip("five", None, number=5),
    )
    starts = {name: start_s for name, (start_s, _, _) in found.items()}
    assert starts == {"one": 0, "two": 60, "three": 120, "five": None}
