"""Contact sheets of rendered pictures with their true boxes, to look at a plan at a glance.

`python -m zoubian.datasets.city.contact_sheet RENDERED OUT.jpg` runs in the product's environment.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageOps

TILE_PX = (320, 240)
COLOURS = {"bin": "#38c172", "overflowing_bin": "#ff3b30", "garbage_pile": "#ffd60a"}
OTHER_COLOUR = "#4dd0ff"


def tile(folder: Path, picture: Mapping[str, Any], *, boxes: bool) -> Image.Image:
    """One picture upright, boxes drawn, fitted into a tile."""
    with Image.open(folder / picture["picture"]) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    if boxes:
        pen = ImageDraw.Draw(image)
        for item in picture["objects"]:
            colour = COLOURS.get(item["visual_class"], OTHER_COLOUR)
            pen.rectangle(item["box_xyxy_px"], outline=colour, width=max(2, image.width // 240))
    return ImageOps.pad(image, TILE_PX, color="#202020")


def contact_sheet(
    folder: Path, pictures: Sequence[Mapping[str, Any]], *, columns: int, boxes: bool
) -> Image.Image:
    """Tiles row by row."""
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * TILE_PX[0], rows * TILE_PX[1]), "#202020")
    for index, picture in enumerate(pictures):
        place = (index % columns * TILE_PX[0], index // columns * TILE_PX[1])
        sheet.paste(tile(folder, picture, boxes=boxes), place)
    return sheet


def chosen(folder: Path, *, visual_class: str, light: str, limit: int) -> list[dict[str, Any]]:
    """The first pictures of a folder that show a class and light; empty strings take any."""
    found = []
    for path in sorted(folder.glob("*.json")):
        picture = json.loads(path.read_text("utf-8"))
        if "objects" not in picture or (light and picture["light"] != light):
            continue
        if visual_class in ("", *(item["visual_class"] for item in picture["objects"])):
            found.append(picture)
    return found[:limit]


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes one sheet; returns 3 when nothing is there to show."""
    parser = argparse.ArgumentParser(
        prog="zoubian.datasets.city.contact_sheet", description=__doc__
    )
    parser.add_argument("rendered", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--class", dest="visual_class", default="")
    parser.add_argument("--light", default="")
    parser.add_argument("--limit", type=int, default=24)
    parser.add_argument("--columns", type=int, default=4)
    parser.add_argument("--no-boxes", action="store_true")
    options = parser.parse_args(arguments)
    pictures = chosen(
        options.rendered,
        visual_class=options.visual_class,
        light=options.light,
        limit=options.limit,
    )
    if not pictures:
        return 3
    sheet = contact_sheet(
        options.rendered, pictures, columns=options.columns, boxes=not options.no_boxes
    )
    sheet.save(options.out, quality=82)
    return 0


if __name__ == "__main__":
    sys.exit(main())
