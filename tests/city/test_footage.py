"""Footage holds every frame in the order of time, and is refused while frames are missing."""

import json
from datetime import UTC, datetime

import av
import numpy as np
import pytest
from PIL import Image

from zoubian.datasets.city.footage import main
from zoubian.datasets.city.patrol_plan import FRAMES_PER_S


def rendered(folder, shades):
    folder.mkdir()
    pictures = []
    for index, shade in enumerate(shades):
        name = f"p{len(shades) - index:04d}.jpg"  # names against the order of time
        Image.new("RGB", (64, 48), (shade, shade, shade)).save(folder / name)
        pictures.append({"picture": name, "taken_at": f"2026-09-16T12:20:{index:02d}+08:00"})
    document = {"plan": "patrol", "pictures": pictures[::-1]}
    (folder / "truth.json").write_text(json.dumps(document), "utf-8")
    for name in ("track.gpx", "places.csv"):
        (folder / name).write_text(name, "utf-8")
    return folder


def test_frames_follow_the_time_they_were_taken(tmp_path):
    shades = [20, 90, 160, 230]
    target = tmp_path / "shipped"
    assert main([str(rendered(tmp_path / "frames", shades)), str(target)]) == 0
    with av.open(str(target / "patrol.mp4")) as video:
        assert video.streams.video[0].average_rate == FRAMES_PER_S
        begun = datetime.fromisoformat(video.metadata["creation_time"])
        assert begun == datetime(2026, 9, 16, 4, 20, tzinfo=UTC)
        frames = [frame.to_ndarray(format="rgb24") for frame in video.decode(video=0)]
    assert [float(np.mean(frame)) for frame in frames] == pytest.approx(shades, abs=4)


def test_companions_and_the_same_truth_lie_beside_the_footage(tmp_path):
    folder, target = rendered(tmp_path / "frames", [20, 90]), tmp_path / "shipped"
    assert main([str(folder), str(target)]) == 0
    assert {path.name for path in target.iterdir()} == {
        "patrol.mp4", "track.gpx", "places.csv", "truth.json"
    }  # fmt: skip
    shipped = (target / "truth.json").read_text("utf-8")
    assert json.loads(shipped) == json.loads((folder / "truth.json").read_text("utf-8"))
    assert len(shipped.splitlines()) == 2 + 2


def test_unfinished_drive_is_refused(tmp_path):
    folder = rendered(tmp_path / "frames", [20, 90])
    (folder / "p0001.jpg").unlink()
    assert main([str(folder), str(tmp_path / "shipped")]) == 3
    assert not (tmp_path / "shipped").exists()
