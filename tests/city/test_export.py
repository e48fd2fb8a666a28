"""The rules for tiny and hidden things, and labels that the project's own readers take."""

import json

import pytest
from PIL import Image

from zoubian.datasets.city.export import ExportRules, coco_document, export, labels_of, yolo_lines

RULES = ExportRules(min_side_px=8, min_visibility=0.25, classes=("bin", "overflowing_bin"))


def thing(**changes):
    plain = {"visual_class": "bin", "visibility": 1.0, "box_xyxy_px": [10, 20, 50, 100]}
    return plain | changes


def picture(*objects, name="a"):
    return {"picture": f"{name}.jpg", "width": 200, "height": 100, "objects": list(objects)}


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, True),
        ({"box_xyxy_px": [10, 20, 18, 100]}, True),
        ({"box_xyxy_px": [10, 20, 17, 100]}, False),  # 7 px wide
        ({"box_xyxy_px": [10, 20, 90, 27]}, False),  # 7 px high
        ({"visibility": 0.25}, True),
        ({"visibility": 0.249}, False),
        ({"visual_class": "goods_van"}, False),  # a decoy has no label
    ],
)
def test_rules_for_tiny_and_hidden_things(changes, kept):
    assert bool(labels_of(picture(thing(**changes)), RULES)) is kept


def test_yolo_line_is_centre_and_size_in_shares():
    line = yolo_lines(picture(thing(visual_class="overflowing_bin")), RULES)
    assert line == "1 0.150000 0.600000 0.200000 0.800000\n"


def test_picture_without_labels_gives_an_empty_file():
    assert yolo_lines(picture(), RULES) == ""


def test_coco_box_is_corner_and_size_with_ids_from_one():
    document = coco_document([picture(), picture(thing(), thing(), name="b")], RULES)
    assert [image["id"] for image in document["images"]] == [1, 2]
    assert [a["id"] for a in document["annotations"]] == [1, 2]
    assert document["annotations"][0]["image_id"] == 2
    assert document["annotations"][0]["bbox"] == [10, 20, 40, 80]
    assert document["categories"] == [
        {"id": 1, "name": "bin"},
        {"id": 2, "name": "overflowing_bin"},
    ]


def test_export_grows_with_the_folder_it_reads(tmp_path):
    source, target = tmp_path / "rendered", tmp_path / "yolo"
    source.mkdir()
    for count, name in enumerate(("a", "b"), start=1):
        Image.new("RGB", (200, 100)).save(source / f"{name}.jpg")
        (source / f"{name}.json").write_text(json.dumps(picture(thing(), name=name)), "utf-8")
        (source / "progress.json").write_text("{}", "utf-8")
        assert export(source, target, RULES) == count
    assert (target / "labels" / "b.txt").read_text("utf-8").startswith("0 ")
    assert (target / "images" / "a.jpg").exists()
    assert len(json.loads((target / "coco.json").read_text("utf-8"))["images"]) == 2
