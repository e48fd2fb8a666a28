"""A whole scan with real children and a fake finder: what it stores, skips, survives, reports."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import fake_eye
import fake_finder
import pytest
from fake_eye import draw_photo, fake_workspace, scan_photos
from sqlalchemy import select

from zoubian.pipeline.bootstrap import Workspace
from zoubian.pipeline.candidates.models import Candidate, CandidateFrame
from zoubian.pipeline.db.errors import WorkspaceError
from zoubian.pipeline.files import StorageError
from zoubian.pipeline.intake.models import Medium, Remark
from zoubian.pipeline.jobs.models import Job
from zoubian.pipeline.sightings.models import DetectionRow, Frame


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "照片 1"
    folder.mkdir()
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return fake_workspace(tmp_path / "workspace")


def _draw(folder: Path, count: int, **options: Any) -> None:
    for n in range(count):
        draw_photo(folder / f"IMG_{n}.jpg", seed=n, bins=n % 3, **options)


def _rows(workspace: Workspace, *columns: Any) -> list[tuple[Any, ...]]:
    with workspace.uow.reading() as session:
        return sorted(tuple(row) for row in session.execute(select(*columns)))


def _everything(workspace: Workspace) -> dict[str, object]:
    """All that a person could notice of the end state."""
    frame_columns = [column for column in Frame.__table__.columns if column.name != "id"]
    stored = workspace.files.folder
    return {
        "media": _rows(workspace, Medium.id, Medium.state, Medium.attempts, Medium.problem_code),
        "frames": [tuple(map(str, row)) for row in _rows(workspace, *frame_columns)],
        "boxes": _rows(workspace, DetectionRow.frame_id, DetectionRow.x1_px, DetectionRow.y1_px),
        "notes": _rows(workspace, Remark.path, Remark.code),
        "candidates": _rows(workspace, Candidate.id, Candidate.number, Candidate.evidence_sha256),
        "shown": _rows(workspace, CandidateFrame.candidate_id, CandidateFrame.frame_id),
        "open jobs": [row for row in _rows(workspace, Job.state) if row != ("done",)],
        "files": sorted(p.name for p in stored.glob("??/*")),
    }


def test_says_in_one_line_why_a_workspace_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError) as not_a_folder:
        fake_workspace(tmp_path / "file" / "workspace")
    assert str(tmp_path) in not_a_folder.value.message_zh
    (tmp_path / "zoubian.db").write_bytes(b"no database " * 999)
    with pytest.raises(WorkspaceError, match="not a database") as no_database:
        fake_workspace(tmp_path)
    assert "无法使用" in no_database.value.message_zh


def test_a_scan_stores_what_was_seen_where_and_when(workspace: Workspace, photos: Path) -> None:
    draw_photo(photos / "a.jpg", seed=1, bins=2, px=2400)
    outcome = scan_photos(workspace, photos, eye=fake_eye.fake_eye(photos))
    assert (outcome.done, outcome.skipped, outcome.failed) == (1, 0, 0)
    with workspace.uow.reading() as session:
        frame = session.scalars(select(Frame)).one()
        boxes = session.scalars(select(DetectionRow).order_by(DetectionRow.x1_px)).all()
        candidate = session.scalars(select(Candidate)).one()
    assert (frame.width_px, frame.height_px, frame.position_source) == (2400, 1800, "exif")
    assert frame.lat == pytest.approx(43 + 52.016 / 60)
    assert frame.taken_at == fake_eye.NOW.replace(minute=31)
    assert [(b.x1_px, b.y1_px, b.x2_px, b.y2_px) for b in boxes] == [
        pytest.approx((300, 1200, 600, 1500), abs=4),
        pytest.approx((900, 1200, 1200, 1500), abs=4),
    ]
    assert candidate.members == {"overflowing_bin": 2}
    assert frame.shown_sha256 is not None
    shown = fake_eye.Image.open(workspace.files.path(frame.shown_sha256))
    assert (shown.size, frame.shown_scale, dict(shown.getexif())) == ((1600, 1200), 1600 / 2400, {})


def test_what_was_done_is_not_done_twice(workspace: Workspace, photos: Path) -> None:
    _draw(photos, 3)
    eye = fake_eye.fake_eye(photos)
    assert scan_photos(workspace, photos, eye=eye).done == 3
    before = _everything(workspace)
    again = scan_photos(workspace, photos, eye=eye)
    assert (again.done, again.skipped) == (0, 3)
    assert _everything(workspace) == before
    draw_photo(photos / "later.jpg", seed=9)
    more = scan_photos(workspace, photos, eye=eye)
    assert (more.done, more.skipped) == (1, 3)
    other = scan_photos(workspace, photos, eye=fake_eye.fake_eye(photos, identity="other model"))
    assert (other.done, other.skipped) == (4, 0)
    assert len(_rows(workspace, Frame.id)) == 4


@pytest.mark.parametrize(
    ("sky", "code"),
    [
        (fake_finder.ABORT, "crashed"),
        (fake_finder.HANG, "timed_out"),
        (fake_finder.HOG, "out_of_memory"),
    ],
)
def test_a_photo_that_brings_the_child_down_is_one_problem(
    tmp_path: Path, photos: Path, sky: int, code: str
) -> None:
    workspace = fake_workspace(tmp_path / "workspace", medium_seconds=3.0)
    _draw(photos, 5)
    draw_photo(photos / "IMG_2b.jpg", seed=7, sky=sky)
    outcome = scan_photos(workspace, photos, eye=fake_eye.fake_eye(tmp_path))
    assert (outcome.done, outcome.failed) == (5, 1)
    problems = _rows(workspace, Medium.shown_path, Medium.problem_code, Medium.problem_en)
    ((path, found, line),) = [row for row in problems if row[1] is not None]
    assert (Path(path).name, found) == ("IMG_2b.jpg", code)
    assert line.endswith("skipped")


def test_a_child_that_dies_once_costs_nothing(
    tmp_path: Path, workspace: Workspace, photos: Path
) -> None:
    _draw(photos, 4)
    draw_photo(photos / "IMG_2b.jpg", seed=7, sky=fake_finder.ABORT_ONCE)
    outcome = scan_photos(workspace, photos, eye=fake_eye.fake_eye(tmp_path))
    assert (tmp_path / "aborted").exists()
    assert (outcome.done, outcome.failed) == (5, 0)


def test_a_problem_is_cured_by_a_better_file(workspace: Workspace, photos: Path) -> None:
    draw_photo(photos / "good.jpg", seed=1)
    whole = (photos / "good.jpg").read_bytes()
    (photos / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    eye = fake_eye.fake_eye(photos)
    assert scan_photos(workspace, photos, eye=eye).failed == 1
    assert scan_photos(workspace, photos, eye=eye).skipped == 2
    draw_photo(photos / "cut.jpg", seed=2)
    cured = scan_photos(workspace, photos, eye=eye)
    assert (cured.done, cured.skipped, cured.failed) == (1, 1, 0)


def test_a_track_places_photos_that_know_their_time_only(
    workspace: Workspace, photos: Path
) -> None:
    for n in range(2):
        draw_photo(photos / f"{n}.jpg", seed=n)
    eye = fake_eye.fake_eye(photos)
    scan_photos(workspace, photos, eye=eye)
    with workspace.uow() as session:  # as if the photos had no position
        for frame in session.scalars(select(Frame)):
            frame.lat = frame.lon = frame.position_error_m = frame.position_source = None
    track = photos.parent / "track.gpx"
    points = "".join(
        f'<trkpt lat="43.8{n}" lon="125.3"><time>2026-01-05T08:{30 + n}:00Z</time></trkpt>'
        for n in range(2)
    )
    track.write_text(
        '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
        f"{points}</trkseg></trk></gpx>"
    )
    scan_photos(workspace, photos, eye=eye, track=track)
    assert _rows(workspace, Frame.lat, Frame.position_source) == [
        (43.80, "track"),
        (43.81, "track"),
    ]
    scan_photos(workspace, photos, eye=eye)
    assert {row[0] for row in _rows(workspace, Frame.position_source)} == {None}
    assert {row[0] for row in _rows(workspace, Remark.code)} == {"no_position"}


def test_a_stopped_scan_goes_on_where_it_was(workspace: Workspace, photos: Path) -> None:
    _draw(photos, 9)
    eye = fake_eye.fake_eye(photos)

    def stop(progress: Any) -> None:
        if progress.stage == "analyse" and progress.done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan_photos(workspace, photos, eye=eye, on_progress=stop)
    states = [state for (state,) in _rows(workspace, Medium.state)]
    assert 4 <= states.count("done") < 9
    assert ("running",) not in _rows(workspace, Job.state)
    outcome = scan_photos(workspace, photos, eye=eye)
    assert outcome.done == states.count("pending")
    assert outcome.done + outcome.skipped == 9


def test_a_job_that_is_taken_over_is_not_written_by_its_late_worker(
    workspace: Workspace, photos: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _draw(photos, 5)

    def take_over(progress: Any) -> None:
        if progress.stage == "analyse" and progress.done == 2:
            with workspace.uow() as session:
                job = session.scalars(select(Job)).one()
                job.state, job.fence = "queued", job.fence + 1

    outcome = scan_photos(workspace, photos, eye=fake_eye.fake_eye(photos), on_progress=take_over)
    assert [record.message for record in caplog.records if "was taken over" in record.message]
    assert outcome.done == 5
    assert _rows(workspace, Job.state, Job.fence) == [("done", 3)]


def _start(workspace: Path, photos: Path) -> subprocess.Popen[str]:
    program = Path(fake_eye.__file__)
    return subprocess.Popen(
        [sys.executable, str(program), str(workspace), str(photos), "0.05"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(program.parent)},
        start_new_session=True,  # Ctrl-C goes to a whole group of processes
        # A shell ignores Ctrl-C for what it runs in the background, and the tests inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


@pytest.mark.parametrize("after_s", [0.3, 1.5], ids=["child starts", "child works"])
def test_ctrl_c_stops_cleanly(tmp_path: Path, photos: Path, after_s: float) -> None:
    _draw(photos, 2)
    draw_photo(photos / "IMG_2b.jpg", seed=7, sky=fake_finder.HANG)
    stopped = _start(tmp_path / "workspace", photos)
    assert stopped.stdout is not None
    for _ in range(3):
        assert stopped.stdout.readline() == "store\n"
    time.sleep(after_s)
    os.killpg(stopped.pid, signal.SIGINT)
    _, errors = stopped.communicate(timeout=30)
    assert (stopped.returncode, errors) == (130, "")
    assert {state for (state,) in _rows(fake_workspace(tmp_path / "workspace"), Job.state)} == {
        "queued"
    }


def test_killed_at_any_moment_it_ends_the_same(tmp_path: Path, photos: Path) -> None:
    _draw(photos, 20)
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    steps = random.Random(1)
    for _ in range(3):
        killed = _start(tmp_path / "killed", photos)
        assert killed.stdout is not None
        for _ in range(steps.randrange(1, 36)):  # 21 photos stored, then 21 analysed
            if not killed.stdout.readline():
                break
        killed.kill()
        killed.wait()
        killed.communicate()
    killed_workspace = fake_workspace(tmp_path / "killed")
    scan_photos(killed_workspace, photos, eye=fake_eye.fake_eye(tmp_path / "killed", slow_s=0.05))
    undisturbed = fake_workspace(tmp_path / "undisturbed")
    scan_photos(undisturbed, photos, eye=fake_eye.fake_eye(tmp_path / "undisturbed"))
    expected = _everything(undisturbed)
    assert len(expected["media"]) == 21  # type: ignore[arg-type]
    assert _everything(killed_workspace) == expected


def test_two_scans_at_once_share_the_work(tmp_path: Path, photos: Path) -> None:
    _draw(photos, 12)
    scans = [_start(tmp_path / "workspace", photos) for _ in range(2)]
    said = [scan.communicate(timeout=60)[0].count("analyse") for scan in scans]
    assert [scan.returncode for scan in scans] == [0, 0]
    assert sum(said) == 12
    assert len(_rows(fake_workspace(tmp_path / "workspace"), Frame.id)) == 12
