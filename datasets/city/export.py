"""Rendered truth as YOLO and COCO, with one rule for tiny and hidden things.

`python -m zoubian.datasets.city.export RENDERED TARGET` runs in the product's environment.
"""

import argparse
import json
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoubian.datasets.classes.lookup import visual_classes

# Under 8 px a bin is a smear; with a quarter in sight a person still names it.
MIN_SIDE_PX = 8.0
MIN_VISIBILITY = 0.25
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExportRules:
    """What of the truth becomes a label.

    Attributes:
        min_side_px: A box whose shorter side is below it is too small to learn from.
        min_visibility: A thing of which less shows is not asked for.
        classes: Visual classes in the order of their ids; others (decoys) get no label.
    """

    min_side_px: float
    min_visibility: float
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """One box of one picture: class id and pixels of the upright picture."""

    class_id: int
    box_xyxy_px: tuple[float, float, float, float]


def labels_of(picture: Mapping[str, Any], rules: ExportRules) -> list[Label]:
    """The labels of a picture's truth document that the rules let through."""
    found = []
    for item in picture["objects"]:
        x0, y0, x1, y1 = item["box_xyxy_px"]
        if item["visual_class"] not in rules.classes:
            continue
        if min(x1 - x0, y1 - y0) < rules.min_side_px or item["visibility"] < rules.min_visibility:
            continue
        found.append(Label(rules.classes.index(item["visual_class"]), (x0, y0, x1, y1)))
    return found


def yolo_lines(picture: Mapping[str, Any], rules: ExportRules) -> str:
    """A YOLO label file: class, centre and size as shares of the upright picture.

    >>> truth = {"width": 100, "height": 50, "objects": [
    ...     {"visual_class": "bin", "visibility": 1.0, "box_xyxy_px": [10, 10, 30, 30]}]}
    >>> yolo_lines(truth, ExportRules(8, 0.25, ("bin",)))
    '0 0.200000 0.400000 0.200000 0.400000\\n'
    """
    width, height = picture["width"], picture["height"]
    lines = []
    for label in labels_of(picture, rules):
        x0, y0, x1, y1 = label.box_xyxy_px
        shares = (
            (x0 + x1) / 2 / width,
            (y0 + y1) / 2 / height,
            (x1 - x0) / width,
            (y1 - y0) / height,
        )
        lines.append(f"{label.class_id} " + " ".join(f"{share:.6f}" for share in shares) + "\n")
    return "".join(lines)


def coco_document(pictures: Sequence[Mapping[str, Any]], rules: ExportRules) -> dict[str, Any]:
    """One COCO document; all ids start at 1."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for image_id, picture in enumerate(pictures, start=1):
        size = {"width": picture["width"], "height": picture["height"]}
        images.append({"id": image_id, "file_name": picture["picture"], **size})
        for label in labels_of(picture, rules):
            x0, y0, x1, y1 = label.box_xyxy_px
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image_id,
                    "category_id": label.class_id + 1,
                    "bbox": [x0, y0, x1 - x0, y1 - y0],
                    "area": (x1 - x0) * (y1 - y0),
                    "iscrowd": 0,
                }
            )
    categories = [{"id": index, "name": name} for index, name in enumerate(rules.classes, start=1)]
    return {"images": images, "annotations": annotations, "categories": categories}


def export(source: Path, target: Path, rules: ExportRules) -> int:
    """Writes `labels/*.txt`, `coco.json`, `data.yaml` and links to a plan's finished pictures.

    Args:
        source: A folder `render.py` wrote; it may still be growing.
        target: Made where it is missing; running again adds what is new.
        rules: What becomes a label.

    Returns:
        How many pictures were exported.
    """
    (target / "images").mkdir(parents=True, exist_ok=True)
    (target / "labels").mkdir(exist_ok=True)
    pictures = []
    for path in sorted(source.glob("*.json")):
        if path.name in ("truth.json", "progress.json"):
            continue
        picture = json.loads(path.read_text("utf-8"))
        link = target / "images" / picture["picture"]
        if not link.exists():
            link.symlink_to((source / picture["picture"]).resolve())
        (target / "labels" / f"{path.stem}.txt").write_text(yolo_lines(picture, rules), "utf-8")
        pictures.append(picture)
    (target / "coco.json").write_text(json.dumps(coco_document(pictures, rules)), "utf-8")
    names = "".join(f"  {index}: {name}\n" for index, name in enumerate(rules.classes))
    (target / "data.yaml").write_text(f"train: images\nval: images\nnames:\n{names}", "utf-8")
    return len(pictures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exports a rendered folder with all visual classes; returns the exit code."""
    parser = argparse.ArgumentParser(prog="zoubian.datasets.city.export", description=__doc__)
    parser.add_argument("rendered", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--min-side-px", type=float, default=MIN_SIDE_PX)
    parser.add_argument("--min-visibility", type=float, default=MIN_VISIBILITY)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    classes = tuple(item.id for item in visual_classes())
    rules = ExportRules(options.min_side_px, options.min_visibility, classes)
    count = export(options.rendered, options.target, rules)
    logger.info("exported %d pictures to %s", count, options.target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
