"""EXIF written by hand is read by Pillow as written."""

import io
from datetime import datetime, timedelta, timezone

import pytest
from PIL import Image

from zoubian.datasets.city.exif import PhoneTags, with_exif

TAKEN = datetime(2026, 9, 15, 9, 10, 20, tzinfo=timezone(timedelta(hours=8)))


def plain_jpeg() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (16, 8), (90, 120, 60)).save(stream, "JPEG")
    return stream.getvalue()


def read(tags: PhoneTags) -> Image.Exif:
    with Image.open(io.BytesIO(with_exif(plain_jpeg(), tags))) as image:
        image.load()
        return image.getexif()


def test_time_comes_with_its_offset():
    photo = read(PhoneTags(TAKEN, None, None, None, None, 6)).get_ifd(0x8769)
    assert photo[0x9003] == "2026:09:15 09:10:20"
    assert photo[0x9011] == "+08:00"


@pytest.mark.parametrize(("lat", "lon", "refs"), [(43.86, 125.3, "NE"), (-33.5, -70.25, "SW")])
def test_position_survives_to_millimetres(lat, lon, refs):
    gps = read(PhoneTags(TAKEN, lat, lon, 4.2, 84.5, 1)).get_ifd(0x8825)
    assert gps[1] + gps[3] == refs
    for tag, value in ((2, lat), (4, lon)):
        degrees, minutes, seconds = (float(part) for part in gps[tag])
        assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(abs(value), abs=2e-7)
    assert [float(part) for part in gps[7]] == [1.0, 10.0, 20.0]  # UTC
    assert gps[29] == "2026:09:15"
    assert float(gps[17]) == 84.5


def test_without_position_there_is_no_gps_block():
    assert 0x8825 not in read(PhoneTags(TAKEN, None, None, None, None, 1))


@pytest.mark.parametrize("orientation", [1, 6])
def test_orientation_is_kept(orientation):
    assert read(PhoneTags(TAKEN, 43.0, 125.0, 3.0, 1.0, orientation))[0x0112] == orientation


def test_what_is_no_jpeg_is_refused():
    with pytest.raises(ValueError, match="expected a JPEG"):
        with_exif(b"\x89PNG", PhoneTags(TAKEN, None, None, None, None, 1))
