"""Footage holds every frame in the order of time, and is refused while frames are missing."""

import json

import cv2
import numpy as np
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
    document = {"pictures": pictures[::-1]}
    (folder / "truth.json").write_text(json.dumps(document), "utf-8")
    return folder


def test_frames_follow_the_time_they_were_taken(tmp_path):
    shades = [20, 90, 160, 230]
    target = tmp_path / "patrol.mp4"
    assert main([str(rendered(tmp_path / "frames", shades)), str(target)]) == 0
    video = cv2.VideoCapture(str(target))
    assert video.get(cv2.CAP_PROP_FPS) == FRAMES_PER_S
    means = []
    while True:
        found, frame = video.read()
        if not found:
            break
        means.append(float(np.mean(frame)))
    assert len(means) == len(shades)
    assert np.allclose(means, shades, atol=12)


def test_unfinished_drive_is_refused(tmp_path):
    folder = rendered(tmp_path / "frames", [20, 90])
    (folder / "p0001.jpg").unlink()
    assert main([str(folder), str(tmp_path / "patrol.mp4")]) == 3
    assert not (tmp_path / "patrol.mp4").exists()
