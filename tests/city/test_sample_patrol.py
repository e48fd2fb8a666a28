"""The committed drive: whole, small, its truth that of the masks, its track as bad as promised."""

import itertools
import json
from datetime import datetime, timedelta
from pathlib import Path

import av
import gpxpy
import numpy as np
import pytest
from PIL import Image

from zoubian.datasets.city.patrol_plan import SAMPLE_DRIVE, patrol_frames, sample_patrol_street
from zoubian.datasets.classes.lookup import visual_classes

PATROL = Path(__file__).resolve().parents[2] / "datasets" / "sample_patrol"
MASKS = Path(__file__).parent / "patrol_masks"
PICTURES = json.loads((PATROL / "truth.json").read_text("utf-8"))["pictures"]
FRAMES = patrol_frames(sample_patrol_street(), SAMPLE_DRIVE)
PROBLEMS = {item.id for item in visual_classes() if item.problem}


def points():
    text = (PATROL / "track.gpx").read_text("utf-8")
    return gpxpy.parse(text).tracks[0].segments[0].points


def test_patrol_is_small_and_plays_frame_by_frame():
    assert sum(path.stat().st_size for path in PATROL.iterdir()) < 10_000_000
    with av.open(str(PATROL / "patrol.mp4")) as video:
        stream = video.streams.video[0]
        assert (stream.width, stream.height) == (960, 540)
        began = datetime.fromisoformat(video.metadata["creation_time"])
        times = [frame.time for frame in video.decode(stream)]
    assert len(times) == len(PICTURES) == len(FRAMES) >= 200
    assert times == pytest.approx([index / 5.0 for index in range(len(times))], abs=1e-3)
    assert began == FRAMES[0].taken_at


def test_truth_is_that_of_the_plan():
    for frame, picture in zip(FRAMES, PICTURES, strict=True):
        assert picture["picture"] == f"{frame.name}.jpg"
        assert datetime.fromisoformat(picture["taken_at"]) == frame.taken_at
        camera = picture["camera"]
        assert camera["street_x_m"] == pytest.approx(frame.camera.x, abs=1e-3)


@pytest.mark.parametrize("path", sorted(MASKS.glob("*.png")), ids=lambda path: path.stem)
def test_boxes_are_those_of_the_mask(path):
    picture = PICTURES[int(path.stem[1:])]
    with Image.open(path) as image:
        mask = np.asarray(image)
    assert set(np.unique(mask)) - {0} == {item["mask_id"] for item in picture["objects"]}
    for item in picture["objects"]:
        rows, columns = np.nonzero(mask == item["mask_id"])
        box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert (item["box_xyxy_px"], item["pixels"]) == (box, len(rows))


def test_drive_shows_enough_near_by():
    near = [
        item for picture in PICTURES for item in picture["objects"] if item["distance_m"] < 25.0
    ]
    problems = [item for item in near if item["visual_class"] in PROBLEMS]
    assert len({item["thing_id"] for item in near}) >= 25
    assert len({item["spot_id"] for item in problems}) >= 12
    decoys = {"bin", "goods_van", "leaf_heap", "muck_truck_covered", "excavation_hoarded"}
    assert decoys <= {item["visual_class"] for item in near}


def test_receiver_is_off_by_metres_and_loses_its_fix_once():
    anchor = sample_patrol_street().anchor
    begin = FRAMES[0].taken_at
    errors = []
    for point in points():
        index = round((point.time - begin).total_seconds() * 5.0)
        camera = FRAMES[min(index, len(FRAMES) - 1)].camera
        lat, lon = anchor.to_wgs84(camera.x, camera.y)
        north = (point.latitude - lat) * 111_319.0
        east = (point.longitude - lon) * 111_319.0 * np.cos(np.radians(lat))
        errors.append(float(np.hypot(north, east)))
    assert 1.0 < float(np.median(errors)) < 7.0
    steps = {b.time - a.time for a, b in itertools.pairwise(points())}
    assert len(steps) == 2
    assert min(steps) == timedelta(seconds=1)
    assert timedelta(seconds=3) <= max(steps) <= timedelta(seconds=8)
