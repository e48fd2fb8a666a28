"""What is wrong with a data set: single faults as data, an unusable data set as an error."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DatasetProblem:
    """One fault that leaves the rest of the data set usable; `line` counts from 1."""

    path: Path
    line: int | None
    code: str
    message_zh: str
    message_en: str


class DatasetError(ValueError):
    """Nothing of the data set can be used; says which file and why in Chinese and English."""

    def __init__(self, path: Path, code: str, *, zh: str, en: str) -> None:
        self.path = path
        self.code = code
        self.message_zh = f"{path}：{zh}"
        self.message_en = f"{path}: {en}"
        super().__init__(self.message_en)
