"""A run goes on where it stopped; what is finished needs no Blender at all."""

import json

import pytest

from zoubian.datasets.city.documents import json_bytes, picture_document, write_whole
from zoubian.datasets.city.plans import sample_frames
from zoubian.datasets.city.render import main, seed_range


@pytest.mark.parametrize(
    ("words", "seeds"), [("3-5", [3, 4, 5]), ("7-7", [7]), ("7", [7]), ("0-0", [0])]
)
def test_seeds_are_read_with_both_ends(words, seeds):
    assert list(seed_range(words)) == seeds


def test_finished_frames_are_not_rendered_again(tmp_path):
    for frame in sample_frames(range(1))[:2]:
        write_whole(tmp_path / f"{frame.name}.json", json_bytes(picture_document(frame, [])))
    assert main(["--plan", "sample", "--out", str(tmp_path), "--only", "01", "02"]) == 0
    progress = json.loads((tmp_path / "progress.json").read_text("utf-8"))
    assert (progress["finished"], progress["rendered_now"]) == (2, 0)
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert [picture["picture"][:2] for picture in truth["pictures"]] == ["01", "02"]
    assert (tmp_path / "track.gpx").exists()
    assert (tmp_path / "places.csv").exists()


def test_unknown_frame_is_wrong_use(tmp_path):
    assert main(["--plan", "sample", "--out", str(tmp_path), "--only", "99"]) == 2


def test_a_file_is_written_whole_and_leaves_no_part_behind(tmp_path):
    write_whole(tmp_path / "a.json", b"old")
    write_whole(tmp_path / "a.json", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.json", b"new")]
