"""The committed sample: truth fits pictures, phones' tags are there, and it stays small."""

import csv
import json
from pathlib import Path

import gpxpy
import numpy as np
import pytest
from PIL import Image, ImageOps

from zoubian.datasets.city.exif import MAKE, MODEL
from zoubian.datasets.city.plans import SAMPLE_SHOTS, sample_frames, sample_street
from zoubian.datasets.city.render import phone_tags
from zoubian.datasets.city.street import build_street

SAMPLE = Path(__file__).resolve().parents[2] / "datasets" / "sample"
MASKS = (
    Path(__file__).parent / "sample_masks"
)  # not in the sample: a scan would take them for photos
TRUTH = json.loads((SAMPLE / "truth.json").read_text("utf-8"))
PICTURES = {picture["picture"]: picture for picture in TRUTH["pictures"]}
FRAMES = {f"{frame.name}.jpg": frame for frame in sample_frames(range(1))}


def mask_of(name: str) -> np.ndarray:
    with Image.open(MASKS / name.replace(".jpg", ".png")) as image:
        return np.asarray(image)


def test_every_planned_picture_is_there_and_no_other():
    assert set(PICTURES) == set(FRAMES) == {path.name for path in SAMPLE.glob("*.jpg")}
    assert len(PICTURES) == len(SAMPLE_SHOTS) >= 12


def test_sample_is_small():
    sizes = {path.name: path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()}
    assert sum(sizes.values()) < 5_000_000
    assert max(size for name, size in sizes.items() if name.endswith(".jpg")) < 350_000


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_boxes_lie_inside_and_are_those_of_the_mask(name):
    picture, mask = PICTURES[name], mask_of(name)
    with Image.open(SAMPLE / name) as image:
        assert ImageOps.exif_transpose(image).size == (picture["width"], picture["height"])
    assert mask.shape == (picture["height"], picture["width"])
    assert set(np.unique(mask)) - {0} == {item["mask_id"] for item in picture["objects"]}
    for item in picture["objects"]:
        rows, columns = np.nonzero(mask == item["mask_id"])
        box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert item["box_xyxy_px"] == box
        assert item["pixels"] == len(rows)
        assert 0.0 < item["visibility"] <= 1.0


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_projected_foot_of_each_whole_thing_lies_in_its_box(name):
    """The camera pose of the truth, the layout and the pixels tell the same story."""
    frame, picture = FRAMES[name], PICTURES[name]
    things = {thing.thing_id: thing for thing in build_street(frame.street).things}
    for item in picture["objects"]:
        if item["visibility"] < 0.95:
            continue
        column, row, depth = frame.camera.project(things[item["thing_id"]].centre)
        x0, y0, x1, y1 = item["box_xyxy_px"]
        slack = 0.12 * max(x1 - x0, y1 - y0)
        assert depth > 0.0
        assert x0 - slack <= column <= x1 + slack, item["thing_id"]
        assert y0 - slack <= row <= y1 + slack, item["thing_id"]


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_tags_are_those_of_the_plan(name):
    tags = phone_tags(FRAMES[name])
    with Image.open(SAMPLE / name) as image:
        exif = image.getexif()
    assert (exif[0x010F], exif[0x0110], exif[0x0112]) == (MAKE, MODEL, tags.orientation)
    photo, gps = exif.get_ifd(0x8769), exif.get_ifd(0x8825)
    assert photo[0x9003] == tags.taken_at.strftime("%Y:%m:%d %H:%M:%S")
    assert photo[0x9011] == "+08:00"
    assert bool(gps) is (tags.lat is not None)


def test_phone_positions_are_three_to_five_metres_off():
    for frame in FRAMES.values():
        if frame.position_error_m is not None:
            assert 3.0 <= np.hypot(*frame.position_error_m) <= 5.0


def test_track_covers_the_pictures_without_a_position():
    points = gpxpy.parse((SAMPLE / "track.gpx").read_text("utf-8")).tracks[0].segments[0].points
    without = [frame for frame in FRAMES.values() if frame.position_error_m is None]
    assert len(without) == 2
    anchor = sample_street().anchor
    for frame in without:
        nearest = min(points, key=lambda point: abs(point.time - frame.taken_at))
        assert abs((nearest.time - frame.taken_at).total_seconds()) <= 1.0
        lat, lon = anchor.to_wgs84(frame.camera.x, frame.camera.y)
        north = (nearest.latitude - lat) * 111_319.0
        east = (nearest.longitude - lon) * 111_319.0 * np.cos(np.radians(lat))
        assert np.hypot(north, east) < 15.0


def test_sample_shows_what_the_demo_needs():
    shown = {name: [o["visual_class"] for o in p["objects"]] for name, p in PICTURES.items()}
    classes = {visual_class for names in shown.values() for visual_class in names}
    wanted = "bin overflowing_bin garbage_pile litter rubble_heap street_vendor goods_van leaf_heap"
    assert {*wanted.split(), "muck_truck_uncovered", "muck_truck_covered"} <= classes
    assert any(names.count("overflowing_bin") >= 2 for names in shown.values())
    assert any(names and set(names) == {"bin"} for names in shown.values())
    bins = {"bin", "overflowing_bin"}
    assert any("garbage_pile" in names and not bins & {*names} for names in shown.values())
    spots = [{o["spot_id"] for o in p["objects"]} for p in PICTURES.values()]
    assert sum("s01" in found for found in spots) >= 2


def test_place_file_names_the_road_and_shops():
    with (SAMPLE / "places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["kind"] for row in rows} == {"road", "place"}
    assert "长青路" in {row["name_zh"] for row in rows}
