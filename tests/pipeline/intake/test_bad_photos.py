"""Every kind of bad input gets its one line, and the good photo beside it survives."""

from datetime import UTC
from pathlib import Path

import pytest
from bad_photos import BAD_PHOTOS, BadPhoto, encoded, street

from zoubian.pipeline.intake.collect import collect
from zoubian.pipeline.intake.exif import read_exif
from zoubian.pipeline.intake.photo import DecodedPhoto, PhotoFault, PhotoLimits, decode_photo
from zoubian.pipeline.intake.track import TrackRules, read_track


def take_in(folder: Path) -> tuple[set[str], set[str], set[str]]:
    """Codes of problems, codes of notes and names of usable photos, as a scan would find them."""
    found = collect([folder])
    problems = {problem.code for problem in found.problems}
    notes = {note.code for note in found.notes}
    usable = set()
    for medium in found.media:
        data = medium.path.read_bytes()
        photo = decode_photo(data, limits=PhotoLimits(), at_least_px=None)
        if isinstance(photo, PhotoFault):
            problems.add(photo.message.code)
            continue
        usable.add(medium.path.name)
        facts = read_exif(data, tz=UTC, crs="wgs84", default_error_m=8.0)
        notes |= {note.code for note in (*photo.notes, *facts.notes)}
    for path in found.tracks:
        reading = read_track(path.read_bytes(), crs="wgs84", rules=TrackRules())
        problems |= {reading.problem.code} if reading.problem else set()
        notes |= {note.code for note in reading.notes}
    return problems, notes, usable


@pytest.mark.parametrize("bad", BAD_PHOTOS, ids=lambda bad: bad.name)
def test_says_one_thing_and_spares_the_neighbour(bad: BadPhoto, tmp_path: Path) -> None:
    (tmp_path / "good.jpg").write_bytes(encoded(street(), "JPEG"))
    bad.build(tmp_path)

    problems, notes, usable = take_in(tmp_path)

    expected = {bad.expected_code} if bad.expected_code else set()
    assert problems == (expected if bad.is_problem else set())
    assert notes == (set() if bad.is_problem else expected)
    assert "good.jpg" in usable
    if bad.expected_code is None:
        assert len(usable) == 2, "odd but sound: it has to be used"


def test_any_cut_of_a_jpeg_is_a_fault_and_never_a_picture() -> None:
    whole = encoded(street(), "JPEG", quality=85)
    for length in range(0, len(whole) - 1, 97):
        answer = decode_photo(whole[:length], limits=PhotoLimits(), at_least_px=None)
        assert isinstance(answer, PhotoFault), f"cut to {length} of {len(whole)} bytes"


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_random_damage_never_raises(file_format: str) -> None:
    whole = encoded(street(64, 48), file_format)
    for at in range(8, len(whole), max(1, len(whole) // 150)):
        data = whole[:at] + b"\xff\x00\x7f" + whole[at + 3 :]
        answer = decode_photo(data, limits=PhotoLimits(), at_least_px=None)
        assert isinstance(answer, DecodedPhoto | PhotoFault)
        read_exif(data, tz=UTC, crs="wgs84", default_error_m=8.0)
