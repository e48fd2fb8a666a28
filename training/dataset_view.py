"""A writable view of a read-only data set, because the trainer writes its caches beside labels."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from zoubian.training.errors import MissingDataError


def link_dataset(data_yaml: Path, *, into: Path) -> Path:
    """Make real folders of symlinked files under `into` and return the new data.yaml there.

    The folders must be real: ultralytics resolves them, and would follow a linked folder back to
    the read-only original.

    Args:
        data_yaml: ultralytics data file with `train`, `val` (image folders, relative) and `names`.
        into: folder to create; an existing one is brought up to date.

    Raises:
        MissingDataError: the data file or one of its image folders is missing.
    """
    if not data_yaml.is_file():
        raise _missing(data_yaml)
    document: dict[str, Any] = yaml.safe_load(data_yaml.read_text(encoding="utf-8"))
    root = data_yaml.parent / document.get("path", "")
    for split in ("train", "val"):
        images = root / document[split]
        if not images.is_dir():
            raise _missing(images)
        labels = images.parent / "labels"
        _link_files(images, into / split / "images")
        _link_files(labels, into / split / "labels")
    linked = into / "data.yaml"
    linked.write_text(
        yaml.safe_dump(
            {
                "path": str(into.resolve()),
                "train": "train/images",
                "val": "val/images",
                "names": document["names"],
            }
        ),
        encoding="utf-8",
    )
    return linked


def _missing(path: Path) -> MissingDataError:
    return MissingDataError(
        en=f"{path} is missing; name the data's folder with --data or ZOUBIAN_DATA",
        zh=f"缺少 {path}；请用 --data 或 ZOUBIAN_DATA 指明数据目录",
    )


def _link_files(source: Path, target: Path) -> None:
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    for file in sorted(source.iterdir()):
        (target / file.name).symlink_to(file.resolve())
