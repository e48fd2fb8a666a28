"""EXIF as cameras, phones and careless apps write it."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from bad_photos import encoded, street
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from zoubian.pipeline.domain.geo import gcj02_from_wgs84
from zoubian.pipeline.intake.exif import PhotoFacts, read_exif

CHINA = timezone(timedelta(hours=8))
LAT, LON = (43, 52, 48.0), (125, 19, 12.0)  # 43.88, 125.32
PLACED = {1: "N", 2: LAT, 3: "E", 4: LON}
NOT_A_NUMBER = IFDRational(0, 0)


def facts(
    gps: dict[int, Any] | None = None, camera: dict[int, Any] | None = None, **options: Any
) -> PhotoFacts:
    exif = Image.Exif()
    exif[0x010F] = "Make\0"
    exif.get_ifd(0x8825).update(gps or {})
    exif.get_ifd(0x8769).update(camera or {})
    settings = {"tz": CHINA, "crs": "wgs84", "default_error_m": 8.0, **options}
    return read_exif(encoded(street(32, 24), "JPEG", exif=exif), **settings)


def codes(told: PhotoFacts) -> list[str]:
    return [note.code for note in told.notes]


@pytest.mark.parametrize(
    ("gps", "lat", "lon", "notes"),
    [
        (PLACED, 43.88, 125.32, []),
        ({**PLACED, 1: "S", 3: "W"}, -43.88, -125.32, []),
        ({**PLACED, 1: "s", 3: "w"}, -43.88, -125.32, []),
        ({**PLACED, 1: "South", 3: "West"}, -43.88, -125.32, []),
        ({2: LAT, 4: LON}, 43.88, 125.32, ["position_ref_assumed"]),
        ({**PLACED, 2: (43, 52.8, 0)}, 43.88, 125.32, []),
        ({**PLACED, 2: (43.88, 0, 0)}, 43.88, 125.32, []),
        ({**PLACED, 2: (43, 52, 60.0)}, 43.883333, 125.32, []),
        ({**PLACED, 18: "TOKYO"}, 43.88, 125.32, ["datum_unknown"]),
        ({**PLACED, 9: "A"}, 43.88, 125.32, []),
    ],
)
def test_reads_positions(gps: dict[int, Any], lat: float, lon: float, notes: list[str]) -> None:
    told = facts(gps)
    assert told.position is not None
    assert (told.position.lat, told.position.lon) == pytest.approx((lat, lon), abs=1e-6)
    assert told.position.error_m == 8.0
    assert codes(told) == notes


@pytest.mark.parametrize(
    ("gps", "notes"),
    [
        ({}, []),
        ({**PLACED, 2: (0, 0, 0), 4: (0, 0, 0)}, ["position_zero"]),
        ({**PLACED, 2: (91, 0, 0)}, ["position_damaged"]),
        ({**PLACED, 4: (180, 0, 1)}, ["position_damaged"]),
        ({**PLACED, 2: (43, 75, 0)}, ["position_damaged"]),
        ({**PLACED, 2: (43, 52, NOT_A_NUMBER)}, ["position_damaged"]),
        ({**PLACED, 4: (NOT_A_NUMBER,) * 3}, ["position_damaged"]),
        ({**PLACED, 1: "X"}, ["position_damaged"]),
        ({1: "N", 2: LAT}, ["position_damaged"]),
        ({**PLACED, 9: "V"}, ["position_void"]),
    ],
)
def test_gives_no_position_rather_than_a_wrong_one(gps: dict[int, Any], notes: list[str]) -> None:
    told = facts(gps)
    assert told.position is None
    assert codes(told) == notes


@pytest.mark.parametrize(("written", "error_m"), [(4.5, 4.5), (0, 8.0), (NOT_A_NUMBER, 8.0)])
def test_takes_the_error_from_the_phone(written: Any, error_m: float) -> None:
    position = facts({**PLACED, 31: written}).position
    assert position is not None
    assert position.error_m == pytest.approx(error_m)


@pytest.mark.parametrize(
    ("datum", "crs", "shifted"),
    [
        (None, "wgs84", False),
        (None, "gcj02", True),
        ("WGS-84", "gcj02", True),
        ("GCJ-02", "wgs84", True),
    ],
)
def test_undoes_gcj02_when_told(datum: str | None, crs: str, shifted: bool) -> None:
    gps = {**PLACED, 18: datum} if datum else PLACED
    position = facts(gps, crs=crs).position
    assert position is not None
    back = gcj02_from_wgs84(position.lat, position.lon) if shifted else (position.lat, position.lon)
    assert back == pytest.approx((43.88, 125.32), abs=1e-6)


TAKEN = {0x9003: "2024:05:06 07:08:09"}


@pytest.mark.parametrize(
    ("camera", "taken_at"),
    [
        (TAKEN, datetime(2024, 5, 5, 23, 8, 9, tzinfo=UTC)),
        ({**TAKEN, 0x9011: "+00:00"}, datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)),
        ({**TAKEN, 0x9011: "-03:30"}, datetime(2024, 5, 6, 10, 38, 9, tzinfo=UTC)),
        ({**TAKEN, 0x9011: "   :  "}, datetime(2024, 5, 5, 23, 8, 9, tzinfo=UTC)),
        ({**TAKEN, 0x9291: "25"}, datetime(2024, 5, 5, 23, 8, 9, 250_000, tzinfo=UTC)),
        ({0x9003: "2024-05-06T07:08:09+02:00"}, datetime(2024, 5, 6, 5, 8, 9, tzinfo=UTC)),
        ({0x9004: "2024:05:06 07:08:09"}, datetime(2024, 5, 5, 23, 8, 9, tzinfo=UTC)),
        (
            {0x9003: "    :  :  ", 0x9004: TAKEN[0x9003]},
            datetime(2024, 5, 5, 23, 8, 9, tzinfo=UTC),
        ),
    ],
)
def test_reads_the_capture_time_as_utc(camera: dict[int, Any], taken_at: datetime) -> None:
    told = facts(camera=camera)
    assert told.taken_at == taken_at
    assert told.taken_at.utcoffset() == timedelta(0)
    assert told.notes == ()


@pytest.mark.parametrize(
    ("written", "notes"),
    [
        ("1970:01:01 00:00:00", ["time_absurd"]),
        ("9999:12:31 23:59:59", ["time_absurd"]),
        ("2024:13:06 07:08:09", ["time_damaged"]),
        ("yesterday 1", ["time_damaged"]),
        ("0000:00:00 00:00:00", []),
    ],
)
def test_gives_no_time_rather_than_a_wrong_one(written: str, notes: list[str]) -> None:
    told = facts(camera={0x9003: written})
    assert told.taken_at is None
    assert codes(told) == notes


SATELLITE = {29: "2024:05:05", 7: (23, 8, 5)}


@pytest.mark.parametrize(
    ("camera", "notes"),
    [
        (TAKEN, []),
        ({0x9003: "2024:05:06 08:08:09"}, ["time_differs_from_gps"]),
        ({0x9003: "1970:01:01 00:00:00"}, ["time_absurd"]),
        ({}, []),
    ],
)
def test_checks_the_camera_clock_against_the_satellites(
    camera: dict[int, Any], notes: list[str]
) -> None:
    told = facts(SATELLITE, camera)
    assert told.taken_at is not None
    assert codes(told) == notes


@pytest.mark.parametrize("clock", [(), (7,), 7.0, (25, 0, 0), (NOT_A_NUMBER, 0, 0)])
def test_ignores_a_broken_satellite_time(clock: Any) -> None:
    assert facts({29: "2024:05:05", 7: clock}).taken_at is None


def test_reads_camera_and_heading() -> None:
    told = facts({**PLACED, 16: "M", 17: 370.0 - 10.0}, {0xA405: 26})
    assert told.camera_make == "Make"
    assert (told.heading_deg, told.heading_is_magnetic) == (0.0, True)
    assert told.focal_length_35mm == 26


@pytest.mark.parametrize("direction", [361.0, 1000.0, NOT_A_NUMBER])
def test_ignores_an_impossible_heading(direction: Any) -> None:
    assert facts({17: direction}).heading_deg is None


@pytest.mark.data
def test_reads_the_positions_another_reader_found(data_root: Any) -> None:
    folder = data_root / "footage" / "lund_geotagged"
    for row in (folder / "gps.csv").read_text().splitlines():
        name, lat, lon = row.split(",")[:3]
        told = read_exif((folder / name).read_bytes(), tz=UTC, crs="wgs84", default_error_m=8.0)
        if lat != "-":
            assert told.position is not None, name
            assert (told.position.lat, told.position.lon) == pytest.approx(
                (float(lat), float(lon)), abs=1e-6
            )
