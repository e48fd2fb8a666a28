"""YOLO label files: one line an object, `class centre_x centre_y width height` as shares."""

import math
from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zoubian.datasets.formats.problems import DatasetProblem

# Labels are written with six decimals: a box that ends at the edge may reach this far beyond it.
ROUNDING = 1e-5


class _LineFault(ValueError):
    """Why one label line cannot be used."""

    def __init__(self, code: str, *, zh: str, en: str) -> None:
        self.code, self.zh, self.en = code, zh, en
        super().__init__(en)


def read_labels(
    label_path: Path, *, class_ids: Collection[int]
) -> tuple[NDArray[np.float32], NDArray[np.int64], list[DatasetProblem]]:
    """Read one label file; lines that cannot be used are left out and told.

    Args:
        label_path: the file; an empty one means background.
        class_ids: class numbers that the data set names.

    Returns:
        Boxes (N, 4) float32 as x1 y1 x2 y2 shares clipped to [0, 1], class numbers (N,) int64,
        and the problems.
    """
    problems: list[DatasetProblem] = []
    boxes: list[tuple[float, float, float, float]] = []
    ids: list[int] = []
    seen: set[tuple[float, ...]] = set()
    for number, line in enumerate(_lines(label_path, problems), start=1):
        if not line.strip():
            continue
        try:
            class_id, box = _read_line(line, class_ids)
            if (class_id, *box) in seen:
                raise _LineFault("duplicate", zh="与前面的行重复", en="repeats an earlier line")
        except _LineFault as fault:
            problems.append(DatasetProblem(label_path, number, fault.code, fault.zh, fault.en))
            continue
        seen.add((class_id, *box))
        ids.append(class_id)
        boxes.append(box)
    return (
        np.array(boxes, dtype=np.float32).reshape(-1, 4),
        np.array(ids, dtype=np.int64),
        problems,
    )


def write_labels(
    label_path: Path, boxes_xyxy_norm: NDArray[np.float32], class_ids: NDArray[np.int64]
) -> None:
    """Write one label file; no boxes make an empty one, which means background.

    Args:
        label_path: the file; its folder is made.
        boxes_xyxy_norm: (N, 4) x1 y1 x2 y2 as shares of the upright image.
        class_ids: (N,) class numbers.
    """
    lines = [
        f"{class_id} {(x1 + x2) / 2:.6f} {(y1 + y2) / 2:.6f} {x2 - x1:.6f} {y2 - y1:.6f}\n"
        for class_id, (x1, y1, x2, y2) in zip(
            class_ids.tolist(), boxes_xyxy_norm.tolist(), strict=True
        )
    ]
    label_path.parent.mkdir(parents=True, exist_ok=True)
    label_path.write_text("".join(lines), encoding="utf-8")


def _lines(label_path: Path, problems: list[DatasetProblem]) -> list[str]:
    try:
        return label_path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        problems.append(
            DatasetProblem(label_path, None, "unreadable", "标注文件无法读取", "cannot be read")
        )
        return []


def _read_line(
    line: str, class_ids: Collection[int]
) -> tuple[int, tuple[float, float, float, float]]:
    fields = line.split()
    if len(fields) != 5:
        raise _LineFault(
            "field_count",
            zh=f"应有5个数，实有{len(fields)}个",
            en=f"expected 5 numbers, got {len(fields)}",
        )
    try:
        number, x, y, width, height = (float(field) for field in fields)
    except ValueError:
        raise _LineFault("not_a_number", zh="含有非数字", en="holds what is no number") from None
    if not all(map(math.isfinite, (number, x, y, width, height))):
        raise _LineFault("not_a_number", zh="含有非有限数", en="holds a number that is not finite")
    if number not in class_ids:
        raise _LineFault(
            "unknown_class",
            zh=f"类别编号 {fields[0]} 不在 names 中",
            en=f"class {fields[0]} is not in names",
        )
    x1, y1, x2, y2 = x - width / 2, y - height / 2, x + width / 2, y + height / 2
    if width <= 0 or height <= 0:
        raise _LineFault("no_area", zh="框没有面积", en="the box has no area")
    if not (0 <= x <= 1 and 0 <= y <= 1 and width <= 1 + ROUNDING and height <= 1 + ROUNDING):
        raise _LineFault(
            "not_normalised",
            zh="坐标不是0到1之间的比例",
            en="the coordinates are no shares between 0 and 1",
        )
    box = (max(x1, 0.0), max(y1, 0.0), min(x2, 1.0), min(y2, 1.0))
    return int(number), box
