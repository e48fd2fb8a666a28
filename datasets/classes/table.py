"""Reading a CSV table so that every fault names its file and row."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")


class TableError(ValueError):
    """A table cannot be used; says which file, which row (as an editor counts lines) and why."""

    def __init__(self, file: str, row: int | None, *, zh: str, en: str) -> None:
        self.file = file
        self.row = row
        self.message_zh = f"{file}" + (f" 第{row}行" if row else "") + f"：{zh}"
        self.message_en = f"{file}" + (f" row {row}" if row else "") + f": {en}"
        super().__init__(self.message_en)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table and where it stands."""

    file: str
    number: int
    cells: Mapping[str, str]

    def fault(self, *, zh: str, en: str) -> TableError:
        """Make the error that names this row."""
        return TableError(self.file, self.number, zh=zh, en=en)

    def optional(self, column: str) -> str | None:
        """Text of a cell, None when empty."""
        return self.cells[column].strip() or None

    def text(self, column: str) -> str:
        """Text of a cell that has to be filled."""
        value = self.optional(column)
        if value is None:
            raise self.fault(zh=f"{column} 不能为空", en=f"{column} must not be empty")
        return value

    def integer(self, column: str) -> int:
        """A whole number from 1."""
        value = self.text(column)
        if not (value.isascii() and value.isdigit() and int(value) >= 1):
            raise self.fault(
                zh=f"{column} 应为不小于1的整数，实为“{value}”",
                en=f"{column} must be a whole number from 1, got {value!r}",
            )
        return int(value)

    def choice(self, column: str, choices: type[Choice]) -> Choice:
        """One of the values of an enumeration."""
        value = self.text(column)
        try:
            return choices(value)
        except ValueError:
            allowed = "|".join(choices)
            raise self.fault(
                zh=f"{column} 应为 {allowed}，实为“{value}”",
                en=f"{column} must be {allowed}, got {value!r}",
            ) from None

    def yes_no(self, column: str) -> bool:
        """A cell that holds yes or no."""
        value = self.text(column)
        if value not in ("yes", "no"):
            raise self.fault(
                zh=f"{column} 应为 yes 或 no，实为“{value}”",
                en=f"{column} must be yes or no, got {value!r}",
            )
        return value == "yes"

    def day(self, column: str) -> date:
        """A date written as 2026-07-01."""
        value = self.text(column)
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self.fault(
                zh=f"{column} 应为 2026-07-01 这样的日期，实为“{value}”",
                en=f"{column} must be a date like 2026-07-01, got {value!r}",
            ) from None

    def both_languages(self, stem: str) -> tuple[str | None, str | None]:
        """The cells `<stem>_zh` and `<stem>_en`: both filled or both None."""
        zh, en = self.optional(f"{stem}_zh"), self.optional(f"{stem}_en")
        if (zh is None) != (en is None):
            raise self.fault(
                zh=f"{stem} 须中英文齐全或都为空", en=f"{stem} needs both languages or neither"
            )
        return zh, en

    def known(self, column: str, among: Mapping[str, Value]) -> Value:
        """The value that a cell refers to by id."""
        key = self.text(column)
        if key not in among:
            raise self.fault(
                zh=f"{column} 指向不存在的“{key}”", en=f"{column} refers to unknown {key!r}"
            )
        return among[key]


def read_rows(folder: Path | Traversable, file: str, columns: Sequence[str]) -> list[Row]:
    """Read a UTF-8 CSV whose first row holds exactly `columns`.

    Raises:
        TableError: the file is missing, not UTF-8, or a row does not fit the header.
    """
    try:
        text = (folder / file).read_bytes().decode("utf-8-sig")
    except OSError:
        raise TableError(file, None, zh="文件无法读取", en="cannot be read") from None
    except UnicodeDecodeError:
        raise TableError(file, None, zh="不是 UTF-8 编码", en="is not UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    if header != list(columns):
        expected = ",".join(columns)
        raise TableError(file, 1, zh=f"表头应为 {expected}", en=f"the header must be {expected}")
    rows = []
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(columns):
            raise TableError(
                file,
                reader.line_num,
                zh=f"应有{len(columns)}列，实有{len(cells)}列",
                en=f"expected {len(columns)} cells, got {len(cells)}",
            )
        rows.append(Row(file, reader.line_num, dict(zip(columns, cells, strict=True))))
    if not rows:
        raise TableError(file, None, zh="没有数据行", en="holds no rows")
    return rows


def index_rows(rows: Iterable[Row], build: Callable[[Row], Value]) -> dict[str, Value]:
    """Build a value from each row, keyed by its `id` column.

    Raises:
        TableError: an id stands twice.
    """
    values: dict[str, Value] = {}
    for row in rows:
        key = row.text("id")
        if key in values:
            raise row.fault(zh=f"“{key}”重复", en=f"{key!r} stands twice")
        values[key] = build(row)
    return values
