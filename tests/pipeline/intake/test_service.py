"""Registering what came in: once, whatever is scanned again, moved, replaced or gone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from zoubian.pipeline.db.engine import UnitOfWork, make_engine
from zoubian.pipeline.db.migrate import migrate
from zoubian.pipeline.domain.problems import Note, Problem
from zoubian.pipeline.files import FileStore
from zoubian.pipeline.intake.collect import FoundMedium
from zoubian.pipeline.intake.models import Medium, Patrol, Remark
from zoubian.pipeline.intake.service import (
    Intake,
    PatrolSpec,
    StoredMedium,
    patrol_id_of,
    read_tracks,
    register_patrol,
    store_originals,
)

NOW = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)


@pytest.fixture
def uow(tmp_path: Path) -> UnitOfWork:
    engine = make_engine(f"sqlite:///{tmp_path / 'zoubian.db'}")
    migrate(engine)
    return UnitOfWork(engine)


def _found(path: Path) -> FoundMedium:
    return FoundMedium(path, f"shown/{path.name}", "photo", path.stat().st_size, "image/jpeg")


def _media(*named: str) -> list[StoredMedium]:
    """From "folder/name=letter": the letter stands for the bytes."""
    media = []
    for text in named:
        path, _, letter = text.partition("=")
        found = FoundMedium(Path("/cards") / path, path, "photo", 1, "image/jpeg")
        media.append(StoredMedium(found, letter * 64))
    return media


def _register(
    uow: UnitOfWork,
    media: Sequence[StoredMedium],
    *,
    name: str | None = None,
    roots: Sequence[str] = ("/cards",),
    problems: Sequence[Problem] = (),
    notes: Sequence[Note] = (),
) -> str:
    with uow() as session:
        return register_patrol(
            session,
            Intake(tuple(media), tuple(problems), tuple(notes)),
            PatrolSpec(name, tuple(map(Path, roots)), 480, "wgs84"),
            clock=lambda: NOW,
        )


def _stored(uow: UnitOfWork) -> list[tuple[str, str]]:
    with uow.reading() as session:
        rows = session.execute(select(Medium.shown_path, Medium.sha256))
        return sorted((path, sha256[0]) for path, sha256 in rows)


def _remarks(uow: UnitOfWork) -> list[tuple[str, str, str]]:
    with uow.reading() as session:
        return sorted(
            tuple(row)  # type: ignore[misc]
            for row in session.execute(select(Remark.severity, Remark.path, Remark.code))
        )


def _analysed(uow: UnitOfWork, state: str) -> None:
    with uow() as session:
        session.execute(update(Medium).values(state=state))


def test_stores_originals_and_names_both_files_of_the_same_bytes(tmp_path: Path) -> None:
    for name, content in {"a.jpg": b"one", "b.jpg": b"two", "c.jpg": b"one"}.items():
        (tmp_path / name).write_bytes(content)
    files = FileStore(tmp_path / "files")
    stored: list[str] = []
    intake = store_originals(
        [_found(tmp_path / name) for name in ("a.jpg", "b.jpg", "c.jpg")],
        files,
        on_stored=lambda medium: stored.append(medium.path.name),
    )
    assert [files.path(medium.sha256).read_bytes() for medium in intake.media] == [b"one", b"two"]
    ((note, problems),) = [(note, intake.problems) for note in intake.notes]
    assert (note.path, note.code, problems) == ("shown/c.jpg", "duplicate", ())
    assert "shown/a.jpg" in note.message_zh and "shown/a.jpg" in note.message_en
    assert stored == ["a.jpg", "b.jpg", "c.jpg"]


def test_a_file_that_vanishes_is_a_problem_and_loses_no_neighbour(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(name.encode())
    found = [_found(tmp_path / name) for name in ("a.jpg", "b.jpg")]
    (tmp_path / "a.jpg").unlink()
    intake = store_originals(found, FileStore(tmp_path / "files"), on_stored=lambda _: None)
    assert [medium.found.path.name for medium in intake.media] == ["b.jpg"]
    assert [(p.path, p.code) for p in intake.problems] == [("shown/a.jpg", "unreadable")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((None, ["/a/photos"]), (None, ["/a/./photos/"]), True),
        ((None, ["/a", "/b"]), (None, ["/b", "/a", "/a"]), True),
        ((None, ["/a"]), (None, ["/b"]), False),
        (("east", ["/a"]), ("east", ["/b"]), True),
        (("east", ["/a"]), ("west", ["/a"]), False),
        (("/a", ["/a"]), (None, ["/a"]), False),
    ],
)
def test_a_patrol_is_known_by_its_name_else_by_its_paths(
    one: tuple[str | None, list[str]], other: tuple[str | None, list[str]], same: bool
) -> None:
    first, second = (patrol_id_of(n, [Path(p) for p in paths]) for n, paths in (one, other))
    assert (first == second) == same


def test_registering_again_changes_nothing(uow: UnitOfWork) -> None:
    media = _media("1/a.jpg=a", "1/b.jpg=b")
    problems = [Problem("1/x", "empty", "空", "empty")]
    notes = [Note("1", "side_files", "跳过", "skipped")]
    first = _register(uow, media, problems=problems, notes=notes)
    before = _stored(uow), _remarks(uow)
    assert _register(uow, media, problems=problems, notes=notes) == first
    assert (_stored(uow), _remarks(uow)) == before
    assert before[1] == [("note", "1", "side_files"), ("problem", "1/x", "empty")]


def test_a_cured_problem_is_forgotten(uow: UnitOfWork) -> None:
    _register(uow, [], problems=[Problem("1/x", "empty", "空", "empty")])
    _register(uow, _media("1/x=a"))
    assert _remarks(uow) == []


def test_a_renamed_file_stays_the_same_medium(uow: UnitOfWork) -> None:
    _register(uow, _media("1/a.jpg=a"))
    _analysed(uow, "done")
    _register(uow, _media("1/renamed.jpg=a"))
    assert _stored(uow) == [("1/renamed.jpg", "a")]
    with uow.reading() as session:
        assert session.scalars(select(Medium.state)).one() == "done"


def test_a_replaced_file_makes_way_for_the_new_one(uow: UnitOfWork) -> None:
    _register(uow, _media("1/a.jpg=a"))
    _analysed(uow, "done")
    _register(uow, _media("1/a.jpg=b"))
    assert _stored(uow) == [("1/a.jpg", "b")]


@pytest.mark.parametrize(
    ("state", "stored", "remarks"),
    [
        ("done", [("1/a.jpg", "a")], [("note", "1/a.jpg", "gone")]),
        ("failed", [], []),
        ("pending", [], []),
    ],
)
def test_a_vanished_file_stays_if_it_was_analysed(
    uow: UnitOfWork,
    state: str,
    stored: list[tuple[str, str]],
    remarks: list[tuple[str, str, str]],
) -> None:
    _register(uow, _media("1/a.jpg=a"))
    _analysed(uow, state)
    _register(uow, [])
    assert (_stored(uow), _remarks(uow)) == (stored, remarks)


def test_a_named_patrol_keeps_what_other_folders_brought(uow: UnitOfWork) -> None:
    one = _register(uow, _media("1/a.jpg=a"), name="east", roots=["/cards/1"])
    two = _register(uow, _media("2/b.jpg=b"), name="east", roots=["/cards/2"])
    assert one == two
    assert _stored(uow) == [("1/a.jpg", "a"), ("2/b.jpg", "b")]
    assert _remarks(uow) == []


def test_the_same_bytes_belong_to_two_patrols(uow: UnitOfWork) -> None:
    _register(uow, _media("1/a.jpg=a"), name="east")
    _register(uow, _media("1/a.jpg=a"), name="west")
    assert _stored(uow) == [("1/a.jpg", "a")] * 2
    with uow.reading() as session:
        patrols = session.scalars(select(Patrol).order_by(Patrol.name)).all()
    assert [(p.name, p.created_at, p.tz_offset_min) for p in patrols] == [
        ("east", NOW, 480),
        ("west", NOW, 480),
    ]


def test_bad_tracks_are_problems_and_good_ones_are_read_once(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.nmea", tmp_path / "bad.gpx"
    good.write_text("$GPRMC,083000.00,A,4352.0000,N,12519.0000,E,0.0,0.0,050126,,,A*5B\n")
    bad.write_text("<gpx>")
    (tmp_path / "link").symlink_to(good)
    tracks = read_tracks([good, tmp_path / "link", bad, tmp_path / "none"], crs="wgs84")
    assert [path for path, _ in tracks.tracks] == [str(good)]
    assert [Path(problem.path).name for problem in tracks.problems] == ["bad.gpx", "none"]
    place = tracks.position_at(NOW, max_gap_s=60)
    assert place is not None
    assert (place.lat, place.lon) == (pytest.approx(43.866667), pytest.approx(125.316667))
    late = NOW.replace(year=2027)
    assert tracks.position_at(late, max_gap_s=60) is None
    assert [note.code for note in tracks.other_day([late], max_gap_s=60)] == ["track_other_day"]
