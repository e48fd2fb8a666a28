"""Segments looked at with a fake finder: together they show what the whole clip shows."""

import itertools
import json
from typing import Any

import fake_finder
import pytest
from drawn_drive import SPEED_MPS, Bin, draw_drive

from zoubian.pipeline.files import FileStore
from zoubian.pipeline.footage.car_patrol import SAMPLING_LIMITS, TRAVEL_LIMITS
from zoubian.pipeline.intake.quality import QualityThresholds
from zoubian.pipeline.sightings.cutting import CutConfig, CutRequest, cut, load_cutter, read_cut
from zoubian.pipeline.sightings.looking import (
    LookConfig,
    LookRequest,
    SegmentPart,
    load_looker,
    look,
    read_part,
)
from zoubian.pipeline.sightings.records import SeenFrame

SECONDS = 12.0


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> FileStore:
    return FileStore(tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def drive(files: FileStore) -> str:
    """The name of a stored clip: a bin is passed after eight seconds."""
    path = files.folder.parent / "drive.mp4"
    draw_drive(path, [Bin(64.0, 4.0)], seconds=SECONDS)
    return files.put_file(path)


def config(files: FileStore, **changed: Any) -> LookConfig:
    given: dict[str, Any] = {
        "files": files.folder,
        "finder": "fake_finder:load",
        "finder_config": {"slow_s": 0.0, "marks": None},
        "looked_px": 320,
        "keep_scores": {"overflowing_bin": 0.15},
        "hit_scores": {"overflowing_bin": 0.3},
        "overlap_s": 1.0,
        "quality": QualityThresholds(),
        "sampling": SAMPLING_LIMITS,
        "travel": TRAVEL_LIMITS,
        "hfov_deg": 80.0,
        "decoding_threads": 1,
    }
    return LookConfig(**{**given, **changed})


def request(sha256: str, start_s: float, end_s: float, *, way: bool = True) -> LookRequest:
    driven = tuple((n / 2, n / 2 * SPEED_MPS) for n in range(-8, 34)) if way else ()
    return LookRequest(sha256, start_s, end_s, 10.0, None, 2.0, driven)


def parts_of(files: FileStore, asked: LookRequest, **changed: Any) -> list[SegmentPart]:
    made = config(files, **changed)
    return list(look(asked, fake_finder.load(made.finder_config), made))  # type: ignore[arg-type]


def frames_of(parts: list[SegmentPart]) -> list[SeenFrame]:
    return sorted((frame for part in parts for frame in part.frames), key=lambda f: f.index)


def test_a_frame_every_two_metres_and_every_metre_beside_a_hit(
    files: FileStore, drive: str
) -> None:
    frames = frames_of(parts_of(files, request(drive, 0.0, 1e6)))
    last = max(frame.offset_s for frame in frames if frame.boxes)
    after = [frame.offset_s * SPEED_MPS for frame in frames if frame.offset_s > last + 1.0]
    assert all(0.7 < b - a < 3.3 for a, b in itertools.pairwise(after))
    assert len(after) == pytest.approx((after[-1] - after[0]) / 2.0, abs=1.5)
    beside = [frame.offset_s * SPEED_MPS for frame in frames if last - 3 < frame.offset_s < last]
    assert len(beside) > 1.5 * 3 * SPEED_MPS / 2
    assert {(frame.width_px, frame.height_px) for frame in frames} == {(320, 180)}
    assert {frame.taken_at for frame in frames} == {None}


@pytest.mark.parametrize("way", [True, False], ids=["by the way", "by time"])
@pytest.mark.parametrize("cut_s", [3.0, 5.5, 7.9])
def test_segments_choose_the_frames_of_the_whole(
    files: FileStore, drive: str, cut_s: float, way: bool
) -> None:
    whole = frames_of(parts_of(files, request(drive, 0.0, 1e6, way=way)))
    first = frames_of(parts_of(files, request(drive, 0.0, cut_s, way=way)))
    second = frames_of(parts_of(files, request(drive, cut_s, 1e6, way=way)))
    assert all(frame.offset_s < cut_s for frame in first)
    assert [*first, *second] == whole


def test_the_last_part_says_how_many_frames_were_read_and_where_the_camera_goes(
    files: FileStore, drive: str
) -> None:
    parts = parts_of(files, request(drive, 0.0, 1e6))
    assert [part.is_last for part in parts] == [False] * (len(parts) - 1) + [True]
    assert parts[-1].frames_read == round(SECONDS * 10)
    assert parts[-1].problem is None


def test_a_slow_segment_tells_that_it_moves(
    files: FileStore, drive: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zoubian.pipeline.sightings.looking._TELL_EVERY_S", 0.05)
    slow = {"slow_s": 0.15, "marks": None}
    parts = parts_of(files, request(drive, 0.0, 2.0), finder_config=slow)
    assert any(not part.frames and not part.is_last for part in parts)


def test_an_original_that_is_gone_is_a_problem(files: FileStore) -> None:
    (part,) = parts_of(files, request("0" * 64, 0.0, 5.0))
    assert part.problem is not None and part.problem.code == "original_lost"


def test_an_error_of_the_finder_reaches_the_caller(files: FileStore, drive: str) -> None:
    def broken(pictures: Any) -> Any:
        next(iter(pictures))
        raise MemoryError

    with pytest.raises(MemoryError):
        list(look(request(drive, 0.0, 5.0), broken, config(files)))


def test_answers_travel_as_json(files: FileStore, drive: str) -> None:
    answers = list(load_looker(config(files))(request(drive, 0.0, 2.0)))
    read = [read_part(json.loads(json.dumps(answer))) for answer in answers]
    assert read == parts_of(files, request(drive, 0.0, 2.0))


def test_a_cut_is_a_clip_and_the_frames_asked_for(files: FileStore, drive: str) -> None:
    made = CutConfig(files.folder, shown_px=1600, clip_px=160)
    asked = CutRequest(drive, 2.0, 5.0, None, True, (3.0, 3.5))
    found = cut(asked, made)
    assert [(shown.offset_s, shown.scale) for shown in found.shown] == [(3.0, 1.0), (3.5, 1.0)]
    assert found.clip_sha256 is not None
    clip = files.path(found.clip_sha256).read_bytes()
    assert clip[4:8] == b"ftyp"
    assert cut(asked, made) == found, "the same bytes again"
    assert read_cut(json.loads(json.dumps(next(load_cutter(made)(asked))))) == found


def test_frames_alone_can_be_cut(files: FileStore, drive: str) -> None:
    made = CutConfig(files.folder, shown_px=100, clip_px=160)
    found = cut(CutRequest(drive, 2.95, 3.05, None, False, (3.0,)), made)
    assert found.clip_sha256 is None
    assert [shown.scale for shown in found.shown] == [pytest.approx(100 / 320)]
