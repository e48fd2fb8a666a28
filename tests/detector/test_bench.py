"""The bench: its frames, its decoding ahead, and one short run of the whole."""

from pathlib import Path

import cv2
import pytest

from zoubian.detector.bench import as_document, decode_ahead, draw_frames, run_bench
from zoubian.detector.errors import DetectorError
from zoubian.models.registry.manifest import Manifest


def test_draws_the_same_frames_again(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
        draw_frames(folder, count=2, seed=7)
    names = sorted(file.name for file in first.iterdir())
    assert len(names) == 2
    assert all((first / n).read_bytes() == (second / n).read_bytes() for n in names)
    assert cv2.imread(str(first / names[0])).shape == (720, 1280, 3)
    assert (first / names[0]).read_bytes() != (first / names[1]).read_bytes()


def test_decodes_ahead_in_order_and_leaves_out_what_is_no_picture(tmp_path: Path) -> None:
    files = list(draw_frames(tmp_path, count=12, seed=7))
    whole = [p.pixels.sum() for p in decode_ahead(iter(files), input_hw_px=(416, 416), threads=2)]
    files[4].write_bytes(b"cut")
    rest = [p.pixels.sum() for p in decode_ahead(iter(files), input_hw_px=(416, 416), threads=2)]
    assert len(set(whole)) == 12
    assert rest == whole[:4] + whole[5:]


def test_measures_a_model_in_processes_of_their_own(one_to_many_model: Manifest) -> None:
    result = run_bench(
        one_to_many_model, runtime="auto", threads=1, pictures=None, seconds=0.1, rounds=1
    )
    document = as_document(result)
    assert document["footage_hours_per_core_hour"] is None
    assert result.raw_model_fps > result.pipeline_fps > 0
    assert result.ratio == pytest.approx(result.pipeline_fps / result.raw_model_fps)
    assert result.decode_fps > 0


def test_says_so_when_no_picture_can_be_decoded(
    one_to_many_model: Manifest, tmp_path: Path
) -> None:
    text = tmp_path / "text.jpg"
    text.write_text("not a picture")
    with pytest.raises(DetectorError, match="no picture"):
        run_bench(
            one_to_many_model, runtime="auto", threads=1, pictures=[text], seconds=0.1, rounds=1
        )
