"""Writing YOLO data sets that other tools and this project read."""

from collections.abc import Mapping
from pathlib import Path

import yaml


def write_data_yaml(
    data_yaml: Path, *, names: Mapping[int, str], splits: Mapping[str, str]
) -> None:
    """Write the data file of a data set; its labels are written with `write_labels`.

    Without `path` the folder can be moved as a whole.

    Args:
        data_yaml: the file; its folder is made.
        names: class numbers and names.
        splits: split name to image folder, relative to the file: {"val": "val/images"}.
    """
    data_yaml.parent.mkdir(parents=True, exist_ok=True)
    document = {**splits, "names": dict(sorted(names.items()))}
    data_yaml.write_text(
        yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
