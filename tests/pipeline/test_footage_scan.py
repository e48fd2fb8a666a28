"""A scan of footage with real children and a fake finder: found once, in its place, however often
it was killed."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import drawn_drive
import fake_eye
import pytest
from bad_videos import BAD_VIDEOS
from drawn_drive import STARTED, Bin, draw_drive, write_track
from fake_eye import draw_photo, fake_workspace, footage_eye, scan_photos
from sqlalchemy import select

from zoubian.pipeline.bootstrap import Workspace
from zoubian.pipeline.candidates.models import Candidate, CandidateFrame, Exhibit
from zoubian.pipeline.domain.geo import Position, distance_m
from zoubian.pipeline.intake.models import Clip, Medium, Remark
from zoubian.pipeline.jobs.models import Job
from zoubian.pipeline.sightings.models import DetectionRow, Frame, Segment, Stretch

BINS = [Bin(60.0, 4.0), Bin(60.0, 6.5), Bin(130.0, -5.0)]
SECONDS = 22.0


@pytest.fixture(scope="session")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of two spots, and its track."""
    folder = tmp_path_factory.mktemp("drive")
    draw_drive(folder / "drive.mp4", BINS, seconds=SECONDS)
    write_track(folder / "drive.gpx", seconds=SECONDS)
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return footage_workspace(tmp_path / "workspace")


def footage_workspace(folder: Path) -> Workspace:
    return fake_workspace(folder, segment_seconds=10.0)


def rows(workspace: Workspace, *columns: Any) -> list[tuple[Any, ...]]:
    with workspace.uow.reading() as session:
        return sorted((tuple(row) for row in session.execute(select(*columns))), key=str)


def everything(workspace: Workspace) -> dict[str, object]:
    """All that a person could notice of the end state."""
    frames = [column for column in Frame.__table__.columns if column.name != "id"]
    return {
        "media": rows(workspace, Medium.id, Medium.state, Medium.frames_read, Medium.problem_code),
        "clips": rows(workspace, Clip.medium_id, Clip.started_at, Clip.seen_s),
        "segments": rows(workspace, Segment.id, Segment.state, Segment.frames_read),
        "frames": rows(workspace, *frames),
        "boxes": rows(workspace, DetectionRow.frame_id, DetectionRow.x1_px, DetectionRow.score),
        "notes": rows(workspace, Remark.path, Remark.code),
        "candidates": rows(
            workspace, Candidate.id, Candidate.number, Candidate.lat, Candidate.evidence_sha256
        ),
        "shown": rows(workspace, CandidateFrame.candidate_id, CandidateFrame.frame_id),
        "exhibits": rows(workspace, Exhibit.candidate_id, Exhibit.kind, Exhibit.sha256),
        "coverage": rows(workspace, Stretch.number, Stretch.state, Stretch.length_m),
        "open jobs": [row for row in rows(workspace, Job.state) if row != ("done",)],
    }


def spots(workspace: Workspace) -> list[tuple[Position, dict[str, int]]]:
    with workspace.uow.reading() as session:
        found = session.scalars(select(Candidate).order_by(Candidate.first_seen_at)).all()
    return [(Position(c.lat or 0.0, c.lon or 0.0, c.radius_m or 0.0), c.members) for c in found]


def test_each_spot_is_one_candidate_in_its_place(
    workspace: Workspace, drive: Path, tmp_path: Path
) -> None:
    outcome = scan_photos(workspace, drive, eye=footage_eye(tmp_path))
    assert (outcome.done, outcome.skipped, outcome.failed) == (1, 0, 0)
    (first, members), (second, others) = spots(workspace)
    assert (members, others) == ({"overflowing_bin": 2}, {"overflowing_bin": 1})
    for place, truth in ((first, BINS[0]), (second, BINS[2])):
        assert distance_m(place, truth.position) < 5.0
    shown = rows(workspace, Exhibit.kind)
    assert shown == [("clip",), ("clip",), ("map",), ("map",)]
    for (sha256,) in rows(workspace, Exhibit.sha256):
        assert workspace.files.path(sha256).stat().st_size > 500
    evidence = rows(workspace, CandidateFrame.candidate_id, CandidateFrame.evidence_sha256)
    assert len([sha256 for _, sha256 in evidence if sha256]) == 6
    ((state, length_m),) = rows(workspace, Stretch.state, Stretch.length_m)
    assert state == "seen"
    assert length_m == pytest.approx(SECONDS * drawn_drive.SPEED_MPS, rel=0.05)
    taken = [at for (at,) in rows(workspace, Frame.taken_at)]
    assert min(taken) == STARTED
    assert {source for (source,) in rows(workspace, Frame.position_source)} == {"track"}
    assert rows(workspace, Remark.code) == []


def test_what_was_looked_at_is_not_looked_at_twice(
    workspace: Workspace, drive: Path, tmp_path: Path
) -> None:
    eye = footage_eye(tmp_path)
    scan_photos(workspace, drive, eye=eye)
    before = everything(workspace)
    jobs = rows(workspace, Job.id)
    again = scan_photos(workspace, drive, eye=eye)
    assert (again.done, again.skipped, again.failed) == (0, 1, 0)
    assert everything(workspace) == before
    assert rows(workspace, Job.id) == jobs


def test_clips_of_a_dash_camera_are_one_drive(
    workspace: Workspace, drive: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    # The second clip begins a second early: cameras overlap, and a bin stands at the seam.
    draw_drive(folder / "FILE260105-163100-000001F.mp4", BINS, seconds=6.0)
    draw_drive(folder / "FILE260105-163105-000002F.mp4", BINS, seconds=17.0, from_s=5.0)
    shutil.copy(drive / "drive.gpx", folder)
    scan_photos(workspace, folder, eye=footage_eye(tmp_path))
    assert len(spots(workspace)) == 2
    (first, _), (second, _) = spots(workspace)
    assert distance_m(first, BINS[0].position) < 5
    assert distance_m(second, BINS[2].position) < 5
    assert [seen_s for _, seen_s in rows(workspace, Clip.started_at, Clip.seen_s)] == [
        0.0,
        0.0,
    ] or (rows(workspace, Clip.seen_s) == [(0.0,), (1.0,)])


def test_footage_without_a_track_is_proposed_without_a_place(
    workspace: Workspace, drive: Path, tmp_path: Path
) -> None:
    scan_photos(workspace, drive / "drive.mp4", eye=footage_eye(tmp_path))
    with workspace.uow.reading() as session:
        found = session.scalars(select(Candidate)).all()
    assert len(found) == 2
    assert {candidate.lat for candidate in found} == {None}
    assert rows(workspace, Remark.code) == [("no_position",)]


def test_a_track_of_another_day_places_nothing_and_is_told(
    workspace: Workspace, drive: Path, tmp_path: Path
) -> None:
    write_track(tmp_path / "other.gpx", seconds=SECONDS, day=6)
    scan_photos(
        workspace, drive / "drive.mp4", eye=footage_eye(tmp_path), track=tmp_path / "other.gpx"
    )
    assert rows(workspace, Remark.code) == [("no_position",), ("track_other_day",)]


def test_the_cameras_clock_may_be_ahead_of_the_tracks(
    workspace: Workspace, drive: Path, tmp_path: Path
) -> None:
    eye = footage_eye(tmp_path)
    scan_photos(workspace, drive, eye=eye, video_ahead_s=3.0)
    (first, _), _ = spots(workspace)
    assert distance_m(first, BINS[0].position) == pytest.approx(3 * drawn_drive.SPEED_MPS, abs=5)


def test_photos_and_footage_are_one_patrol(
    workspace: Workspace, drive: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "both"
    shutil.copytree(drive, folder)
    draw_photo(folder / "a.jpg", seed=1)
    outcome = scan_photos(workspace, folder, eye=footage_eye(tmp_path))
    assert (outcome.done, outcome.failed) == (2, 0)
    assert len(spots(workspace)) == 3
    assert len({number for (number,) in rows(workspace, Candidate.number)}) == 3


def test_bad_videos_are_a_line_each_and_spare_the_good_one(
    workspace: Workspace, drive: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mixed"
    shutil.copytree(drive, folder)
    expected = []
    for number, bad in enumerate(BAD_VIDEOS):
        place = folder / f"{number}"
        place.mkdir()
        bad.build(place)
        expected.append((bad.code, bad.is_problem))
    outcome = scan_photos(workspace, folder, eye=footage_eye(tmp_path))
    told = {(code, False) for (code,) in rows(workspace, Remark.code)}
    told |= {(code, True) for (code,) in rows(workspace, Medium.problem_code) if code}
    problems = rows(workspace, Remark.code, Remark.severity)
    told |= {(code, True) for code, severity in problems if severity == "problem"}
    assert set(expected) <= told
    assert outcome.done >= 1
    placed = [place for (place,) in rows(workspace, Candidate.lat) if place is not None]
    assert len(placed) == 2


def _start(workspace: Path, footage: Path) -> subprocess.Popen[str]:
    program = Path(fake_eye.__file__).parent / "run_footage.py"
    intake = Path(__file__).parent / "intake"
    return subprocess.Popen(
        [sys.executable, str(program), str(workspace), str(footage), "0.03"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{program.parent}{os.pathsep}{intake}"},
        start_new_session=True,
    )


def test_killed_at_any_moment_it_ends_the_same(drive: Path, tmp_path: Path) -> None:
    steps = random.Random(3)
    for _ in range(3):
        killed = _start(tmp_path / "killed", drive)
        assert killed.stdout is not None
        for _ in range(steps.randrange(2, 8)):  # stored, facts, three segments, two excerpts
            if not killed.stdout.readline():
                break
        killed.kill()
        killed.wait()
        killed.communicate()
    resumed = footage_workspace(tmp_path / "killed")
    scan_photos(resumed, drive, eye=footage_eye(tmp_path / "killed", slow_s=0.03))
    calm = footage_workspace(tmp_path / "calm")
    scan_photos(calm, drive, eye=footage_eye(tmp_path / "calm"))
    assert json.dumps(everything(resumed), default=str) == json.dumps(everything(calm), default=str)


@pytest.mark.data
def test_real_footage_is_read_and_placed(
    workspace: Workspace, data_root: Path, tmp_path: Path
) -> None:
    footage = data_root / "footage"
    # No clip here was filmed on the car's drive: one says that it was.
    filmed = tmp_path / "filmed.mp4"
    _dated_copy(footage / "london_street_5s_h265.mp4", filmed, "2018-08-02T16:15:00.000000Z")
    outcome = scan_photos(workspace, footage, filmed, eye=footage_eye(tmp_path))
    assert outcome.failed == 0
    placed = dict(
        rows_of(
            workspace,
            select(Medium.shown_path, Frame.position_source)
            .join(Frame)
            .where(Frame.lat.is_not(None)),
        )
    )
    sources = {Path(path).name: source for path, source in placed.items()}
    assert {name: source for name, source in sources.items() if name.endswith("mp4")} == {
        "gopro_hero5_carpark_2s_gpmf.mp4": "camera",
        "gopro_karma_aerial_gpmf.mp4": "camera",
        "gopro_max_walk_gpmf.mp4": "camera",
        "filmed.mp4": "track",
    }
    assert sum(name.endswith(".jpg") for name in sources) == 29
    unplaced = {Path(path).name for path, code in rows(workspace, Remark.path, Remark.code)
                if code == "no_position"}  # fmt: skip
    assert unplaced == {
        "intel_car_overhead_static.mp4",
        "london_street_5s_h265.mp4",
        "preview.jpg",
    }


def rows_of(workspace: Workspace, statement: Any) -> list[tuple[Any, ...]]:
    with workspace.uow.reading() as session:
        return [tuple(row) for row in session.execute(statement)]


def _dated_copy(source: Path, target: Path, moment: str) -> None:
    """The same video with another creation time."""
    with av.open(str(source)) as given, av.open(str(target), "w") as out:
        out.metadata["creation_time"] = moment
        stream = given.streams.video[0]
        copy = out.add_stream_from_template(stream)
        for packet in given.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                out.mux(packet)
