"""Finding photos and tracks: by content, in natural order, each real file once."""

from pathlib import Path

import pytest
from bad_photos import encoded, street

from zoubian.pipeline.intake.collect import Collected, collect

JPEG = encoded(street(32, 24), "JPEG")
GPX = b'<?xml version="1.0"?>\n<!-- exported -->\n<gpx version="1.1"></gpx>'
NMEA = b"[1715000000]$GPRMC,070809.00,A,4352.8,N,12519.2,E,0,0,060524,,,A*00\n"


def shown(found: Collected, folder: Path) -> list[str]:
    return [str(Path(medium.shown_path).relative_to(folder)) for medium in found.media]


def test_orders_names_as_people_count(tmp_path: Path) -> None:
    for name in ("IMG_10.jpg", "img_2.jpg", "IMG_1.jpg"):
        (tmp_path / name).write_bytes(JPEG)
    (tmp_path / "IMG_3").mkdir()
    (tmp_path / "IMG_3" / "a.jpg").write_bytes(JPEG)
    expected = ["IMG_1.jpg", "img_2.jpg", "IMG_3/a.jpg", "IMG_10.jpg"]
    assert shown(collect([tmp_path]), tmp_path) == expected


def test_shows_paths_as_the_user_gave_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(JPEG)
    monkeypatch.chdir(tmp_path)
    (medium,) = collect([Path("photos")]).media
    assert medium.shown_path == "photos/a.jpg"
    assert medium.path == tmp_path / "photos" / "a.jpg"


def test_reads_each_real_file_once_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(JPEG)
    (tmp_path / "b.jpg").symlink_to(tmp_path / "a.jpg")
    found = collect([tmp_path, tmp_path / "a.jpg", tmp_path])
    assert shown(found, tmp_path) == ["a.jpg"]
    assert [note.code for note in found.notes] == ["repeated"]
    assert "3" in found.notes[0].message_en


def test_reports_a_folder_loop_once_and_does_not_climb(tmp_path: Path) -> None:
    inner = tmp_path / "scanned" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "outside.jpg").write_bytes(JPEG)
    (inner / "up").symlink_to(tmp_path, target_is_directory=True)
    (inner / "up_again").symlink_to(tmp_path, target_is_directory=True)
    found = collect([tmp_path / "scanned"])
    assert found.media == ()
    assert [problem.code for problem in found.problems] == ["symlink_loop"]


def test_enters_a_linked_folder_that_is_no_loop(tmp_path: Path) -> None:
    (tmp_path / "card").mkdir()
    (tmp_path / "card" / "a.jpg").write_bytes(JPEG)
    (tmp_path / "scanned").mkdir()
    (tmp_path / "scanned" / "link").symlink_to(tmp_path / "card", target_is_directory=True)
    assert shown(collect([tmp_path / "scanned"]), tmp_path) == ["scanned/link/a.jpg"]


def test_leaves_the_skipped_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "copy.jpg").write_bytes(JPEG)
    (tmp_path / "a.jpg").write_bytes(JPEG)
    found = collect([tmp_path], skip=[tmp_path / "workspace"])
    assert shown(found, tmp_path) == ["a.jpg"]
    assert found.notes == ()


@pytest.mark.parametrize(
    ("name", "content", "where"),
    [
        ("a.dat", JPEG, "media"),
        ("a.gpx", GPX, "tracks"),
        ("log.txt", GPX, "tracks"),
        ("log.txt", GPX.decode().encode("utf-16"), "tracks"),
        ("drive.log", NMEA, "tracks"),
        ("page.xml", b"<?xml version='1.0'?><html>gpx</html>", "notes"),
        ("a.csv", b"a,b\n1,2\n", "notes"),
        ("empty.txt", b"", "notes"),
        ("Thumbs.db", b"\xd0\xcf\x11\xe0", "notes"),
        ("._IMG_1.jpg", b"\0\5\x16\7", "notes"),
        (".DS_Store", b"\0\0\0\1Bud1", "notes"),
        ("a.mov", b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "media"),
        ("a.avi", b"RIFF\0\0\0\0AVI LIST", "media"),
        ("a.ts", (b"G" + bytes(187)) * 6, "media"),
        ("a.mkv", b"\x1a\x45\xdf\xa3" + bytes(40), "media"),
        ("a.SRT", b"1\n00:00:00,000 --> 00:00:00,033\nGPS(125.32,43.88,19)", "subtitles"),
        ("film.srt", b"1\n00:00:00,000 --> 00:00:02,000\nHello", "notes"),
        ("a.m3u8", b"#EXTM3U\n#EXTINF:9,\nb.ts", "problems"),
        ("a.mov", b"v=0\r\no=- 1 1 IN IP4 10.0.0.1", "problems"),
        ("a.avi", b"no film", "problems"),
        ("a.gpx", b"", "problems"),
    ],
)
def test_goes_by_content(name: str, content: bytes, where: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    found = collect([tmp_path])
    fields = ("media", "tracks", "subtitles", "problems", "notes")
    counts = {field: len(getattr(found, field)) for field in fields}
    assert counts == {key: int(key == where) for key in counts}


def test_notes_each_kind_of_side_file_once_with_its_count(tmp_path: Path) -> None:
    for name in ("a.csv", "b.CSV", "c.json"):
        (tmp_path / name).write_text("1")
    notes = [note.message_en for note in collect([tmp_path]).notes]
    assert notes == ["Side files skipped (.csv): 2", "Side files skipped (.json): 1"]


def test_names_what_is_missing_or_too_large(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(JPEG + bytes(2000))
    found = collect([tmp_path / "gone", tmp_path / "a.jpg"], max_file_bytes=1000)
    assert [problem.code for problem in found.problems] == ["missing", "too_large_file"]
    assert found.media == ()
