"""Tracks: what is believed of a file, and where the patrol was at a moment."""

from datetime import UTC, datetime, timedelta

import pytest

from zoubian.pipeline.domain.geo import Position, distance_m
from zoubian.pipeline.intake.track import (
    Track,
    TrackReading,
    TrackRules,
    match_note,
    position_at,
    read_track,
)

START = datetime(2024, 5, 6, 7, 0, tzinfo=UTC)
Written = tuple[float | None, float, float]  # seconds after START, lat, lon
ROW = '<trkpt lat="{lat}" lon="{lon}">{time}{hdop}</trkpt>'


def gpx(points: list[Written], hdop: str = "") -> bytes:
    """A GPX file of these points."""
    rows = []
    for seconds, lat, lon in points:
        moment = "" if seconds is None else (START + timedelta(seconds=seconds)).isoformat()
        time = f"<time>{moment}</time>" if moment else ""
        rows.append(ROW.format(lat=lat, lon=lon, time=time, hdop=hdop))
    body = "".join(rows)
    text = '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    return f"{text}{body}</trkseg></trk></gpx>".encode()


def walk(count: int, first_s: int = 0, lat: float = 43.88) -> list[Written]:
    """One point a second, about 1.1 m apart."""
    return [(first_s + i, lat + (first_s + i) * 1e-5, 125.32) for i in range(count)]


def read(data: bytes) -> TrackReading:
    return read_track(data, crs="wgs84", rules=TrackRules())


def track_of(data: bytes) -> Track:
    track = read(data).track
    assert track is not None
    return track


def notes_of(reading: TrackReading) -> list[str]:
    return [note.code for note in reading.notes]


@pytest.mark.parametrize(
    ("points", "count", "notes"),
    [
        (walk(20), 20, []),
        (walk(20)[::-1], 20, ["track_unordered"]),
        (walk(20) + walk(5), 20, ["track_unordered", "track_cleaned"]),
        ([*walk(10), (10, 0.0, 0.0), *walk(10, 11)], 20, ["track_cleaned"]),
        ([*walk(10), (10, 44.5, 125.32), *walk(10, 11)], 20, ["track_cleaned"]),
        ([(0, 44.5, 125.32), *walk(10, 1)], 10, ["track_cleaned"]),
        ([*walk(10), (10, 44.5, 1.0), (11, 44.5, 1.0), *walk(10, 12)], 20, ["track_cleaned"]),
        ([*walk(10), (None, 43.88, 125.32)], 10, ["track_cleaned"]),
    ],
)
def test_believes_only_sound_points(points: list[Written], count: int, notes: list[str]) -> None:
    reading = read(gpx(points))
    assert reading.track is not None
    assert len(reading.track.times_s) == count
    assert (reading.track.times_s[1:] > reading.track.times_s[:-1]).all()
    assert reading.track.lat == pytest.approx(43.88, abs=0.001)
    assert notes_of(reading) == notes


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (gpx([]), "track_empty"),
        (gpx([(0, 0.0, 0.0)]), "track_empty"),
        (gpx([(None, 43.88, 125.32)] * 9), "track_without_times"),
        (b"<gpx><trk>", "track_damaged"),
        (b"", "track_damaged"),
        (b"\xff\xfe<", "track_damaged"),
        (b"<?xml version='1.0' encoding='klingon'?><gpx/>", "track_damaged"),
        (gpx(walk(3)).replace(b'lat="43.88"', b'lat="north"'), "track_damaged"),
        (b"$GPRMC,garbage\n$GPGGA,,,,*00\n", "track_damaged"),
    ],
)
def test_names_what_is_wrong_with_a_useless_file(data: bytes, code: str) -> None:
    reading = read(data)
    assert reading.track is None
    assert reading.problem is not None
    assert reading.problem.code == code


def test_keeps_what_came_before_the_cut() -> None:
    whole = gpx(walk(20))
    reading = read(whole[: whole.rfind(b"<trkpt") + 9])
    assert reading.track is not None
    assert len(reading.track.times_s) == 19
    assert reading.problem is not None
    assert reading.problem.code == "track_cut"


def test_refuses_a_huge_file_unread() -> None:
    reading = read_track(gpx([]) * 12_000, crs="wgs84", rules=TrackRules(max_megabytes=1))
    assert reading.problem is not None
    assert reading.problem.code == "track_too_large"


def nmea(*bodies: str) -> bytes:
    lines = []
    for body in bodies:
        checksum = 0
        for character in body:
            checksum ^= ord(character)
        lines.append(f"${body}*{checksum:02X}\r\n")
    return "".join(lines).encode()


def rmc(clock: str, day: str = "060524", status: str = "A") -> str:
    return f"GPRMC,{clock},{status},4352.800,N,12519.200,E,0.5,0.0,{day},,,A"


def gga(clock: str, hdop: str = "2.0", quality: int = 1) -> str:
    return f"GPGGA,{clock},4352.800,N,12519.200,E,{quality},8,{hdop},200.0,M,,M,,"


def test_joins_rmc_and_gga_of_one_moment() -> None:
    track = track_of(nmea(gga("070000.00"), rmc("070000.00"), rmc("070001.00")))
    assert len(track.times_s) == 2
    assert track.lat.tolist() == pytest.approx([43.88, 43.88])
    assert track.lon.tolist() == pytest.approx([125.32, 125.32])
    assert track.error_m.tolist() == [10.0, 8.0]
    assert track.times_s[0] == START.timestamp()


def test_carries_the_day_over_midnight_both_ways() -> None:
    track = track_of(
        nmea(gga("235958.00"), rmc("235959.00", "060524"), gga("000000.00"), gga("000001.00"))
    )
    last = datetime(2024, 5, 7, 0, 0, 1, tzinfo=UTC).timestamp()
    assert track.times_s.tolist() == [last - 3, last - 2, last - 1, last]


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (nmea(rmc("070000.00"), rmc("070001.00")).replace(b"070001", b"070009"), 1),
        (nmea(rmc("070000.00"), rmc("070001.00"))[:-20], 1),
    ],
)
def test_counts_garbled_lines_and_leaves_them_out(data: bytes, count: int) -> None:
    reading = read(data)
    assert reading.track is not None
    assert len(reading.track.times_s) == count
    assert notes_of(reading) == ["track_cleaned"]


@pytest.mark.parametrize("line", [rmc("070001.00", status="V"), gga("070001.00", quality=0)])
def test_leaves_out_lines_without_a_fix(line: str) -> None:
    assert len(track_of(nmea(rmc("070000.00"), line)).times_s) == 1


def test_gga_alone_has_no_day() -> None:
    reading = read(nmea(gga("070000.00")))
    assert reading.problem is not None
    assert reading.problem.code == "track_without_times"


def test_survives_a_day_that_is_none() -> None:
    lines = [f"${rmc('070000.00', '99xx99')}", f"${rmc('070001.00')}"]
    assert len(track_of("\r\n".join(lines).encode()).times_s) == 2


def test_leaves_out_points_from_impossible_years() -> None:
    data = gpx(walk(9)).replace(b"2024-05-06T07:00:03+00:00", b"0001-01-01T00:00:00+08:00")
    reading = read(data)
    assert reading.track is not None
    assert len(reading.track.times_s) == 8
    assert notes_of(reading) == ["track_cleaned"]


def test_undoes_the_gps_week_rollover() -> None:
    reading = read(nmea(rmc("070000.00", "200904")))  # 1024 weeks before 2024-05-06
    assert reading.track is not None
    assert reading.track.times_s[0] == START.timestamp()
    assert notes_of(reading) == ["track_week_rollover"]


def test_interpolates_along_the_ground_with_an_error_that_grows_with_the_gap() -> None:
    short = track_of(gpx([(0, 43.88, 125.32), (10, 43.8801, 125.32)]))
    long = track_of(gpx([(0, 43.88, 125.32), (100, 43.8801, 125.32)]))
    near = position_at(short, START + timedelta(seconds=2.5), max_gap_s=120)
    far = position_at(long, START + timedelta(seconds=25), max_gap_s=120)
    assert near is not None and far is not None
    assert distance_m(near, Position(43.880025, 125.32, 0)) < 0.01
    assert distance_m(near, far) < 0.01
    assert 8.0 < near.error_m < far.error_m


@pytest.mark.parametrize(
    ("seconds", "known"),
    [(-61, False), (-30, True), (0, True), (9.5, True), (99, False), (205, True), (270, False)],
)
def test_places_only_what_is_near_a_point_in_time(seconds: float, known: bool) -> None:
    track = track_of(gpx([*walk(10), *walk(10, 200)]))
    place = position_at(track, START + timedelta(seconds=seconds), max_gap_s=60)
    assert (place is not None) == known


def test_draws_no_line_across_a_jump() -> None:
    track = track_of(gpx([*walk(10), *walk(10, 20, lat=44.88)]))
    assert len(track.times_s) == 20
    assert position_at(track, START + timedelta(seconds=15), max_gap_s=60) is None


@pytest.mark.parametrize(
    ("hours", "code"), [((0,), None), ((24,), "track_other_day"), ((0, 24), None), ((), None)]
)
def test_says_when_the_track_is_another_days(hours: tuple[int, ...], code: str | None) -> None:
    times = [START + timedelta(hours=hour) for hour in hours]
    note = match_note(track_of(gpx(walk(10))), times, max_gap_s=60)
    assert (note.code if note else None) == code


def test_reads_hdop_and_undoes_gcj02() -> None:
    data = gpx(walk(3), hdop="<hdop>1.2</hdop>")
    plain = track_of(data)
    moved = read_track(data, crs="gcj02", rules=TrackRules()).track
    assert moved is not None
    assert plain.error_m.tolist() == pytest.approx([6.0] * 3)
    assert 400 < distance_m(plain.position(0), moved.position(0)) < 800


@pytest.mark.data
def test_reads_a_real_car_track_whole(data_root) -> None:  # type: ignore[no-untyped-def]
    reading = read((data_root / "footage" / "comma2k19_gnss" / "track.gpx").read_bytes())
    assert reading.track is not None
    assert len(reading.track.times_s) == 579
    assert reading.notes == ()
