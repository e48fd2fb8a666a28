"""What runs inside the child: one answer for each medium, whatever is wrong with its neighbours."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import fake_eye
import fake_finder
import numpy as np
import pytest
from pydantic import ValidationError

from zoubian.pipeline.files import FileStore
from zoubian.pipeline.intake.quality import QualityThresholds
from zoubian.pipeline.sightings.analysis import (
    AnalysisRequest,
    AnalystConfig,
    MediumRef,
    analyse,
    load_analyst,
    read_analysis,
)
from zoubian.pipeline.sightings.records import MediumAnalysis


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def _config(
    files: FileStore, *, shown_px: int = 400, looked_px: int | None = None
) -> AnalystConfig:
    return AnalystConfig(
        files=files.folder,
        finder="fake_finder:load",
        finder_config={"slow_s": 0.0, "marks": str(files.folder)},
        shown_px=shown_px,
        looked_px=looked_px or shown_px,
        max_megapixels=1,
        position_error_m=12.0,
        quality=QualityThresholds(),
    )


def _photo(files: FileStore, name: str, **options: int) -> str:
    path = files.folder.parent / name
    fake_eye.draw_photo(path, **{"seed": 1, **options})
    return files.put_file(path)


def _analyse(
    files: FileStore, media: Sequence[MediumRef], config: AnalystConfig | None = None
) -> dict[str, MediumAnalysis]:
    config = config or _config(files)
    answers = load_analyst(config)(AnalysisRequest(tuple(media), 480, "wgs84"))
    read = [read_analysis(json.loads(json.dumps(answer))) for answer in answers]
    assert len(read) == len(media)
    return {analysis.medium_id: analysis for analysis in read}


def test_every_medium_gets_one_answer(files: FileStore) -> None:
    found = _analyse(
        files,
        [
            MediumRef("cut", files.put_bytes(b"\xff\xd8\xff\xe0")),
            MediumRef("bin", _photo(files, "bin.jpg", bins=1)),
            MediumRef("lost", "0" * 64),
            MediumRef("street", _photo(files, "street.jpg", bins=0)),
            MediumRef("large", _photo(files, "large.jpg", px=1600)),
            MediumRef("text", files.put_bytes(b"no picture at all")),
        ],
    )
    codes = {name: a.problem.code if a.problem else None for name, a in found.items()}
    assert codes == {
        "cut": "truncated",
        "bin": None,
        "lost": "original_lost",
        "street": None,
        "large": "too_many_pixels",
        "text": "not_a_picture",
    }
    assert {name: len(a.frames) for name, a in found.items() if a.frames} == {"bin": 1, "street": 1}


def test_boxes_are_in_pixels_of_the_original_and_the_shown_copy_is_clean(files: FileStore) -> None:
    found = _analyse(files, [MediumRef("m", _photo(files, "a.jpg", bins=1, px=640))])
    (frame,) = found["m"].frames
    (box,) = frame.boxes
    assert (box.x1_px, box.y1_px) == (pytest.approx(80, abs=2), pytest.approx(320, abs=2))
    assert (frame.width_px, frame.height_px, frame.shown_scale) == (640, 480, 400 / 640)
    assert (frame.position_source, frame.position_error_m) == ("exif", 12.0)
    assert frame.assessable and frame.quality_reason is None
    assert frame.shown_sha256 is not None
    shown = files.path(frame.shown_sha256).read_bytes()
    assert shown[:2] == b"\xff\xd8" and b"Exif" not in shown
    assert cv2.imdecode(np.frombuffer(shown, np.uint8), cv2.IMREAD_COLOR).shape == (300, 400, 3)


def test_nothing_is_kept_of_an_empty_street_or_of_bytes_that_were_handed_over(
    files: FileStore,
) -> None:
    path = files.folder.parent / "a.jpg"
    fake_eye.draw_photo(path, seed=1, bins=1)
    street = _photo(files, "street.jpg", bins=0)
    found = _analyse(files, [MediumRef("bytes", path.read_bytes()), MediumRef("street", street)])
    assert [len(found[name].frames[0].boxes) for name in ("bytes", "street")] == [1, 0]
    assert {found[name].frames[0].shown_sha256 for name in found} == {None}
    assert [p.name for p in files.folder.glob("??/*")] == [street]


def test_decoding_runs_ahead_of_the_model_but_not_far(files: FileStore) -> None:
    photo = _photo(files, "a.jpg")
    taken = 0

    def media() -> Iterator[MediumRef]:
        nonlocal taken
        for n in range(30):
            taken += 1
            yield MediumRef(str(n), photo)

    config = _config(files)
    request = AnalysisRequest(media(), 480, "wgs84")  # type: ignore[arg-type]
    ahead = []
    for answered, _ in enumerate(analyse(request, fake_finder.load(config.finder_config), config)):
        ahead.append(taken - answered)
    assert len(ahead) == 30
    assert 2 <= max(ahead) <= 8


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        "done",
        {"medium_id": "m", "frames_read": "many", "frames": [], "notes": [], "problem": None},
        {"medium_id": "m", "frames_read": 1, "frames": [{}], "notes": [], "problem": None},
    ],
)
def test_what_a_child_says_is_checked(nonsense: object) -> None:
    with pytest.raises(ValidationError):
        read_analysis(nonsense)
