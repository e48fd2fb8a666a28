"""COCO export: one JSON document of images, boxes in pixels and categories."""

from pathlib import Path
from typing import TypedDict

from zoubian.datasets.formats.dataset import YoloDataset, upright_size_px
from zoubian.datasets.formats.problems import DatasetProblem


class CocoImage(TypedDict):
    """An image; `file_name` is relative to the data set's root where it lies below it."""

    id: int
    file_name: str
    width: int
    height: int


class CocoAnnotation(TypedDict):
    """A box; `bbox` is x, y, width, height in pixels of the upright image."""

    id: int
    image_id: int
    category_id: int
    bbox: list[float]
    area: float
    iscrowd: int


class CocoCategory(TypedDict):
    """A class; `id` is the class number + 1."""

    id: int
    name: str


class CocoDocument(TypedDict):
    """The whole file."""

    images: list[CocoImage]
    annotations: list[CocoAnnotation]
    categories: list[CocoCategory]


def to_coco(dataset: YoloDataset) -> tuple[CocoDocument, tuple[DatasetProblem, ...]]:
    """Turn a data set into a COCO document ready for `json.dump`.

    All ids start at 1, as COCO's own evaluation takes an annotation 0 for none. Image sizes come
    from the headers.

    Returns:
        The document, and a problem for each image whose header cannot be read; it is left out.
    """
    document: CocoDocument = {
        "images": [],
        "annotations": [],
        "categories": [{"id": key + 1, "name": name} for key, name in dataset.names.items()],
    }
    problems = []
    for item in dataset.items:
        try:
            width_px, height_px = upright_size_px(item.image_path)
        except OSError:
            problems.append(_unreadable(item.image_path))
            continue
        image_id = len(document["images"]) + 1
        document["images"].append(
            {
                "id": image_id,
                "file_name": _relative(item.image_path, dataset.root),
                "width": width_px,
                "height": height_px,
            }
        )
        for class_id, (x1, y1, x2, y2) in zip(
            item.class_ids.tolist(), item.boxes_xyxy_norm.tolist(), strict=True
        ):
            width, height = (x2 - x1) * width_px, (y2 - y1) * height_px
            document["annotations"].append(
                {
                    "id": len(document["annotations"]) + 1,
                    "image_id": image_id,
                    "category_id": class_id + 1,
                    "bbox": [x1 * width_px, y1 * height_px, width, height],
                    "area": width * height,
                    "iscrowd": 0,
                }
            )
    return document, tuple(problems)


def _relative(path: Path, root: Path) -> str:
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def _unreadable(image_path: Path) -> DatasetProblem:
    return DatasetProblem(
        image_path,
        None,
        "image_unreadable",
        message_zh="图片头无法读取",
        message_en="the image header cannot be read",
    )
