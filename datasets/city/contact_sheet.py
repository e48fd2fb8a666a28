"""Contact sheets of rendered pictures with their true boxes, or a row for each class or light.

`python -m zoubian.datasets.city.contact_sheet RENDERED OUT.jpg` runs in the product's environment.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageOps

from zoubian.datasets.city.truth import Box

TILE_PX = (320, 240)
ROW_TILE_PX = (200, 150)
ROW_VISIBILITY = 0.6  # what a row of a class shows is in sight for the greater part
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
) -> Image.Image | None:
    """Tiles row by row; None without any."""
    if not pictures:
        return None
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


def row_sheet(folder: Path, by: str, *, columns: int) -> Image.Image | None:
    """One row a class or light that is shown, its name over the first tile; None without any.

    A class is cut out with its surroundings, largest boxes first; a light shows whole pictures.

    Args:
        folder: Of rendered pictures.
        by: "class" or "light".
        columns: Tiles in a row.
    """
    rows: dict[str, list[tuple[float, dict[str, Any], Box | None]]] = {}
    for picture in chosen(folder, visual_class="", light="", limit=10_000):
        if by == "light":
            rows.setdefault(picture["light"], []).append((0.0, picture, None))
            continue
        for item in picture["objects"]:
            if item["visibility"] >= ROW_VISIBILITY:
                entry = (-float(item["pixels"]), picture, tuple(item["box_xyxy_px"]))
                rows.setdefault(item["visual_class"], []).append(entry)
    if not rows:
        return None
    sheet = Image.new("RGB", (columns * ROW_TILE_PX[0], len(rows) * ROW_TILE_PX[1]), "#202020")
    pen = ImageDraw.Draw(sheet)
    for row, name in enumerate(sorted(rows)):
        best: dict[str, tuple[dict[str, Any], Box | None]] = {}
        for _, picture, box in sorted(rows[name], key=lambda entry: entry[0]):
            best.setdefault(picture["picture"], (picture, box))
        for column, (picture, box) in enumerate(list(best.values())[:columns]):
            place = (column * ROW_TILE_PX[0], row * ROW_TILE_PX[1])
            sheet.paste(_row_tile(folder, picture, box), place)
        pen.text((5, row * ROW_TILE_PX[1] + 4), name, fill="#ffffff", stroke_width=2,
                 stroke_fill="#000000")  # fmt: skip
    return sheet


def _row_tile(folder: Path, picture: Mapping[str, Any], box: Box | None) -> Image.Image:
    with Image.open(folder / picture["picture"]) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    if box is None:
        return ImageOps.fit(image, ROW_TILE_PX)
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    wide, high = ROW_TILE_PX
    half = 0.7 * max(box[2] - box[0], (box[3] - box[1]) * wide / high)
    half = min(half, image.width / 2, image.height / 2 * wide / high)
    x = min(max(x, half), image.width - half)
    y = min(max(y, half * high / wide), image.height - half * high / wide)
    part = (x - half, y - half * high / wide, x + half, y + half * high / wide)
    return image.resize(ROW_TILE_PX, Image.Resampling.LANCZOS, box=part)


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes one sheet; returns 3 when nothing is there to show."""
    parser = argparse.ArgumentParser(
        prog="zoubian.datasets.city.contact_sheet", description=__doc__
    )
    parser.add_argument("rendered", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--class", dest="visual_class", default="")
    parser.add_argument("--light", default="")
    parser.add_argument("--rows", choices=("class", "light"), help="a row for each")
    parser.add_argument("--limit", type=int, default=24)
    parser.add_argument("--columns", type=int, default=4)
    parser.add_argument("--no-boxes", action="store_true")
    options = parser.parse_args(arguments)
    sheet = (
        row_sheet(options.rendered, options.rows, columns=options.columns)
        if options.rows
        else contact_sheet(
            options.rendered,
            chosen(
                options.rendered,
                visual_class=options.visual_class,
                light=options.light,
                limit=options.limit,
            ),
            columns=options.columns,
            boxes=not options.no_boxes,
        )
    )
    if sheet is None:
        return 3
    sheet.save(options.out, quality=82)
    return 0


if __name__ == "__main__":
    sys.exit(main())
