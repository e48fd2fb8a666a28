"""zoubian scan from the outside: exit codes, the document, resuming, the report."""

import os
import re
import sqlite3
from pathlib import Path

import pytest
from bad_photos import BAD_PHOTOS, street

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "datasets" / "sample"

CANDIDATE_KEYS = {
    "id",
    "visual_class",
    "members",
    "category",
    "category_zh",
    "confidence",
    "precision",
    "proven",
    "lat",
    "lon",
    "radius_m",
    "place",
    "frames",
    "first_seen_at",
    "evidence",
}


@pytest.fixture(scope="module")
def sample_scan(zoubian, tmp_path_factory):
    """The sample patrol, scanned once: workspace, outcome, report."""
    folder = tmp_path_factory.mktemp("sample")
    report = folder / "report.html"
    outcome = zoubian(
        "scan",
        *sorted(SAMPLE.glob("*.jpg")),
        "--track",
        SAMPLE / "track.gpx",
        "--places",
        SAMPLE / "places.csv",
        "--workspace",
        folder / "workspace",
        "--report",
        report,
        "--json",
    )
    return folder / "workspace", outcome, report


def test_document_keeps_its_contract(sample_scan) -> None:
    _, outcome, _ = sample_scan
    document = outcome.document()
    assert outcome.code == 0, outcome.err
    assert set(document) == {"media", "problems", "notes", "candidates", "seconds"}
    assert document["candidates"]
    for medium in document["media"]:
        assert set(medium) == {"path", "kind", "frames_read", "frames_sampled"}
    for candidate in document["candidates"]:
        assert set(candidate) == CANDIDATE_KEYS
        assert all(Path(path).is_file() for path in candidate["evidence"])
        assert candidate["proven"] == (candidate["precision"] is not None)


def test_one_spot_seen_from_two_sides_is_one_candidate(sample_scan) -> None:
    _, outcome, _ = sample_scan
    of_bins = [
        candidate
        for candidate in outcome.document()["candidates"]
        if any("three-bins" in path for path in candidate["frames"])
    ]
    assert len(of_bins) == 1
    assert len(of_bins[0]["frames"]) >= 2


def test_place_is_said_in_words(sample_scan) -> None:
    _, outcome, _ = sample_scan
    places = [c["place"] for c in outcome.document()["candidates"] if c["lat"] is not None]
    assert places
    assert any(re.search(r"[街路]", place) for place in places)


def test_report_loads_nothing_from_a_network(sample_scan) -> None:
    _, _, report = sample_scan
    page = report.read_text(encoding="utf-8")
    assert "data:image/jpeg;base64," in page
    loads = re.findall(r"""(?:src|href|url\()\s*=?\s*["'(]?\s*(https?:|//)""", page)
    assert loads == []


def test_second_run_changes_nothing(zoubian, sample_scan) -> None:
    workspace, first, _ = sample_scan
    with sqlite3.connect(workspace / "zoubian.db") as database:
        before = database.execute("select max(id), count(*) from detection").fetchone()
    again = zoubian(
        "scan",
        *sorted(SAMPLE.glob("*.jpg")),
        "--track",
        SAMPLE / "track.gpx",
        "--places",
        SAMPLE / "places.csv",
        "--workspace",
        workspace,
        "--json",
    )
    with sqlite3.connect(workspace / "zoubian.db") as database:
        after = database.execute("select max(id), count(*) from detection").fetchone()
    assert again.document()["candidates"] == first.document()["candidates"]
    assert after == before


@pytest.fixture(scope="module")
def bad_scan(zoubian, tmp_path_factory):
    """Every kind of bad photo in a folder of its own, beside two good ones."""
    folder = tmp_path_factory.mktemp("bad") / "照片 一"
    for number, bad in enumerate(BAD_PHOTOS):
        home = folder / f"{number:02d}"
        home.mkdir(parents=True)
        bad.build(home)
    for name in ("a.jpg", "z.jpg"):
        street(320 if name == "a.jpg" else 328).save(folder / name)
    scanned = zoubian("scan", folder, "--workspace", folder.parent / "w", "--json")
    return folder, scanned


def test_bad_photos_are_told_and_the_rest_is_done(bad_scan) -> None:
    _, scanned = bad_scan
    document = scanned.document()
    assert scanned.code == 1
    done = {Path(m["path"]).name for m in document["media"] if m["frames_sampled"]}
    assert {"a.jpg", "z.jpg"} <= done
    assert "Traceback" not in scanned.err


@pytest.mark.parametrize(
    ("number", "bad"),
    [(n, bad) for n, bad in enumerate(BAD_PHOTOS) if bad.is_problem],
    ids=lambda value: getattr(value, "name", ""),
)
def test_bad_photo_gets_one_clear_line(bad_scan, number: int, bad) -> None:
    _, scanned = bad_scan
    mine = [
        problem
        for problem in scanned.document()["problems"]
        if f"{os.sep}{number:02d}" in problem["path"]
    ]
    assert [problem["code"] for problem in mine] == [bad.expected_code]
    assert re.search(r"[一-鿿]", mine[0]["message"])
    assert "\n" not in mine[0]["message"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["scan"], 2),
        (["scan", ".", "--tz", "eight"], 2),
        (["scan", ".", "--model", "no-such-model"], 2),
        (["nonsense"], 2),
    ],
    ids=["no path", "bad offset", "unknown model", "unknown command"],
)
def test_wrong_use_ends_with_two(zoubian, tmp_path: Path, arguments: list[str], code: int) -> None:
    extra = ["--workspace", str(tmp_path / "w")] if "scan" in arguments else []
    outcome = zoubian(*arguments, *extra)
    assert outcome.code == code
    assert "Traceback" not in outcome.err


def test_nothing_usable_ends_with_three(zoubian, tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    outcome = zoubian("scan", tmp_path / "empty.jpg", "--workspace", tmp_path / "w")
    assert outcome.code == 3
    assert "empty.jpg" in outcome.err


def test_lines_come_in_the_language_asked_for(zoubian, tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    told = zoubian("scan", tmp_path / "empty.jpg", "--workspace", tmp_path / "w", lang="en")
    assert "not usable" in told.err
