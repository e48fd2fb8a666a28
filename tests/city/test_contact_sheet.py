"""Sheets show what was asked for, upright and with boxes."""

import json

import pytest
from PIL import Image

from zoubian.datasets.city.contact_sheet import (
    ROW_TILE_PX,
    TILE_PX,
    chosen,
    contact_sheet,
    main,
    row_sheet,
)

GREEN_BOX = (56, 193, 114)


@pytest.fixture
def folder(tmp_path):
    for name, visual_class, light in (("a", "bin", "noon"), ("b", "litter", "night")):
        Image.new("RGB", (320, 240), (10, 10, 10)).save(tmp_path / f"{name}.jpg", quality=95)
        item = {
            "visual_class": visual_class,
            "box_xyxy_px": [40, 40, 200, 160],
            "visibility": 1.0,
            "pixels": 19200,
        }
        document = {"picture": f"{name}.jpg", "light": light, "objects": [item]}
        (tmp_path / f"{name}.json").write_text(json.dumps(document), "utf-8")
    (tmp_path / "progress.json").write_text("{}", "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("visual_class", "light", "names"),
    [("", "", ["a", "b"]), ("bin", "", ["a"]), ("", "night", ["b"]), ("bin", "night", [])],
)
def test_chooses_by_class_and_light(folder, visual_class, light, names):
    found = chosen(folder, visual_class=visual_class, light=light, limit=9)
    assert [picture["picture"][0] for picture in found] == names


def test_boxes_are_drawn_in_the_colour_of_their_class(folder):
    pictures = chosen(folder, visual_class="bin", light="", limit=1)
    with_boxes = contact_sheet(folder, pictures, columns=1, boxes=True)
    assert with_boxes.size == TILE_PX
    assert with_boxes.getpixel((40, 100)) == GREEN_BOX
    assert contact_sheet(folder, pictures, columns=1, boxes=False).getpixel((40, 100)) != GREEN_BOX


def test_nothing_to_show_is_told_by_the_exit_code(folder):
    assert main([str(folder), str(folder / "sheet.jpg"), "--class", "rubble_heap"]) == 3
    assert main([str(folder), str(folder / "sheet.jpg"), "--class", "bin"]) == 0
    assert (folder / "sheet.jpg").exists()


@pytest.mark.parametrize(("by", "rows"), [("class", 2), ("light", 2)])
def test_a_row_for_each_class_or_light(folder, by, rows):
    sheet = row_sheet(folder, by, columns=3)
    assert sheet.size == (3 * ROW_TILE_PX[0], rows * ROW_TILE_PX[1])
    assert sheet.getpixel((100, 100)) == (10, 10, 10)
    assert sheet.getpixel((500, 100)) == (32, 32, 32)


def test_hidden_things_make_no_row(folder):
    document = json.loads((folder / "a.json").read_text("utf-8"))
    document["objects"][0]["visibility"] = 0.2
    (folder / "a.json").write_text(json.dumps(document), "utf-8")
    assert row_sheet(folder, "class", columns=3).size[1] == ROW_TILE_PX[1]


def test_rows_of_an_empty_folder_are_told_by_the_exit_code(tmp_path):
    assert main([str(tmp_path), str(tmp_path / "sheet.jpg"), "--rows", "class"]) == 3
