"""Reading YOLO data sets: data.yaml, image folders or lists, one label file an image."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from zoubian.datasets.formats.dataset import LabelledImage, YoloDataset
from zoubian.datasets.formats.labels import read_labels
from zoubian.datasets.formats.problems import DatasetError, DatasetProblem

IMAGE_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


def load_yolo_dataset(
    data_yaml: Path, split: str
) -> tuple[YoloDataset, tuple[DatasetProblem, ...]]:
    """Load one split of a YOLO data set.

    `path` in the file is relative to the file itself. The split is an image folder, a text file
    of image paths (relative to that text file), or a list of either. The label of an image has
    the same path with the last `images` folder replaced by `labels`; an image without one is
    background. Images are not opened.

    Args:
        data_yaml: the data file.
        split: "train", "val", "test" or whatever the file calls it.

    Returns:
        The data set, and what was wrong in it: each bad line with file, number and reason.

    Raises:
        DatasetError: the data file, its names or the whole split cannot be used.
    """
    document = _read_document(data_yaml)
    names = _read_names(data_yaml, document.get("names"))
    root = data_yaml.parent / str(document.get("path") or "")
    problems: list[DatasetProblem] = []
    items = []
    for image_path in _image_paths(data_yaml, root, document.get(split), split, problems):
        label_path = label_path_of(image_path)
        if label_path.is_file():
            boxes, ids, faults = read_labels(label_path, class_ids=names.keys())
            problems.extend(faults)
            items.append(LabelledImage(image_path, label_path, boxes, ids))
        else:
            boxes, ids = np.empty((0, 4), np.float32), np.empty(0, np.int64)
            items.append(LabelledImage(image_path, None, boxes, ids))
    if not any(item.label_path for item in items):
        raise DatasetError(
            data_yaml,
            "no_labels",
            zh=f"{split} 中没有一张图片有标注文件",
            en=f"no image of {split} has a label file",
        )
    return YoloDataset(data_yaml.parent, split, names, tuple(items)), tuple(problems)


def label_path_of(image_path: Path) -> Path:
    """Where the label of an image stands.

    >>> label_path_of(Path("val/images/a.jpg")).as_posix()
    'val/labels/a.txt'
    """
    parts = list(image_path.parts)
    for place in range(len(parts) - 2, -1, -1):
        if parts[place] == "images":
            parts[place] = "labels"
            break
    return Path(*parts).with_suffix(".txt")


def _read_document(data_yaml: Path) -> dict[str, Any]:
    try:
        document = yaml.safe_load(data_yaml.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise DatasetError(
            data_yaml, "unreadable", zh="无法读取为 YAML", en="cannot be read as YAML"
        ) from None
    if not isinstance(document, dict):
        raise DatasetError(data_yaml, "unreadable", zh="应为键值形式", en="a mapping was expected")
    return document


def _read_names(data_yaml: Path, value: Any) -> Mapping[int, str]:
    pairs = list(enumerate(value)) if isinstance(value, list) else value
    try:
        names = {int(key): str(name) for key, name in dict(pairs or ()).items()}
    except (TypeError, ValueError):
        names = {}
    if not names or min(names) < 0 or len(set(names.values())) != len(names):
        raise DatasetError(
            data_yaml,
            "bad_names",
            zh="names 应为不重复的类名列表，或“编号: 类名”",
            en="names must be a list of different class names, or number: name",
        )
    return dict(sorted(names.items()))


def _image_paths(
    data_yaml: Path, root: Path, value: Any, split: str, problems: list[DatasetProblem]
) -> list[Path]:
    entries = value if isinstance(value, list) else [value]
    if not value or not all(isinstance(entry, str) for entry in entries):
        raise DatasetError(
            data_yaml, "no_split", zh=f"没有 {split}", en=f"there is no split {split!r}"
        )
    found: list[Path] = []
    for entry in entries:
        place = root / entry
        if place.is_dir():
            found.extend(_images_below(place))
        elif place.is_file():
            found.extend(_images_listed(place, problems))
        else:
            raise DatasetError(
                data_yaml, "no_images", zh=f"找不到 {place}", en=f"there is no {place}"
            )
    return list(dict.fromkeys(found))


def _images_below(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in IMAGE_SUFFIXES
        and not path.name.startswith(".")
        and path.is_file()
    )


def _images_listed(list_path: Path, problems: list[DatasetProblem]) -> list[Path]:
    try:
        lines = list_path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise DatasetError(
            list_path, "unreadable", zh="无法读取图片清单", en="the list of images cannot be read"
        ) from None
    images = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        image_path = list_path.parent / line.strip()
        if image_path.is_file():
            images.append(image_path)
        else:
            problems.append(
                DatasetProblem(
                    list_path,
                    number,
                    "image_missing",
                    message_zh=f"找不到图片 {image_path}",
                    message_en=f"there is no image {image_path}",
                )
            )
    return images
