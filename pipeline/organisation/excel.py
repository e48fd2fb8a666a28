"""Reads workbooks of known sheets as people really send them: rows with sheet and number."""

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from zoubian.datasets.organisation.sheets import (
    CHOICES,
    EXAMPLE_ROW,
    EXPLANATION,
    REMARK,
    Sheet,
)
from zoubian.pipeline.organisation.messages import Finding, Place, finding
from zoubian.pipeline.organisation.wording import squeezed

MEGABYTE = 1 << 20

_HEADER_ROWS = 10  # a title or a remark may stand above the header, not a page
_MOST_COLUMNS = 64
_MOST_SHEETS = 64
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What a file may hold before it is refused unread; sizes in bytes."""

    file_bytes: int
    unpacked_bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One filled row: its cells as the workbook holds them, by key of the column."""

    sheet: Sheet
    place: Place
    cells: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class WorkbookReading:
    """The rows of the known sheets, what is wrong, what is worth knowing."""

    rows: tuple[SheetRow, ...]
    problems: tuple[Finding, ...]
    notes: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    """A sheet of the file: its non-blank rows with their numbers."""

    title: str
    rows: Sequence[tuple[int, tuple[object, ...]]]
    cut: bool


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the header ends, and the titles it gives to columns, by position."""

    last_row: int
    titles: Mapping[int, str]


def read_workbook(path: Path, *, limits: ReadLimits, sheets: Sequence[Sheet]) -> WorkbookReading:
    """Read an .xlsx file; a title above the header, merged cells and blank rows do no harm.

    Args:
        sheets: those that are known.
    """
    place = Place(path.name)
    refused = _refuse(path, place, limits)
    if refused is not None:
        return WorkbookReading((), (refused,), ())
    try:
        pages = list(_pages(path, limits.rows))
    except Exception:  # whatever openpyxl's parsers meet in a broken file
        return WorkbookReading((), (finding(place, "not_excel"),), ())
    rows: list[SheetRow] = []
    problems: list[Finding] = []
    notes: list[Finding] = []
    by_title = {_plain(sheet.title): sheet for sheet in sheets}
    seen: set[str] = set()
    for page in pages:
        sheet = by_title.get(_plain(page.title))
        here = Place(path.name, page.title)
        if sheet is None:
            _tell_unknown(page, here, sheets, problems, notes)
        elif sheet.key in seen:
            problems.append(finding(here, "sheet_twice", title=sheet.title))
        else:
            seen.add(sheet.key)
            rows += _rows(sheet, page, here, problems, notes)
            if page.cut:
                problems.append(finding(here, "too_many_rows", limit=limits.rows))
    if not seen and not problems:
        problems.append(finding(place, "no_sheets"))
    return WorkbookReading(tuple(rows), tuple(problems), tuple(notes))


def _refuse(path: Path, place: Place, limits: ReadLimits) -> Finding | None:
    """Why the file is not even opened, from its size and its first bytes."""
    refused = too_large(path, place, limits.file_bytes)
    if refused is not None:
        return refused
    data = path.read_bytes()
    if data.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        return finding(place, "encrypted" if locked else "old_excel")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return finding(place, "not_excel")
    if unpacked > limits.unpacked_bytes:
        sizes = (-(-unpacked // MEGABYTE), limits.unpacked_bytes // MEGABYTE)
        return finding(place, "bomb", megabytes=sizes[0], limit=sizes[1])
    return None


def too_large(path: Path, place: Place, limit_bytes: int) -> Finding | None:
    """Why a file cannot be read for its size, or because the system does not let us."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        return finding(place, "unreadable", reason=error.strerror)
    if size > limit_bytes:
        sizes = (-(-size // MEGABYTE), limit_bytes // MEGABYTE)
        return finding(place, "too_large", megabytes=sizes[0], limit=sizes[1])
    return None


def _pages(path: Path, most_rows: int) -> Iterator[_Page]:
    # Reading row by row needs little memory, whatever the file claims to hold.
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for page in islice(book.worksheets, _MOST_SHEETS):
            if page.title in (EXPLANATION, CHOICES):
                continue
            if isinstance(page, ReadOnlyWorksheet):
                page.reset_dimensions()  # files often state wrong ones
            filled = (
                (number, values)
                for number, values in enumerate(
                    page.iter_rows(max_col=_MOST_COLUMNS, values_only=True), start=1
                )
                if any(_said(value) for value in values)
            )
            rows = list(islice(filled, most_rows + _HEADER_ROWS + 1))
            cut = len(rows) > most_rows + _HEADER_ROWS
            yield _Page(page.title, rows, cut)
    finally:
        book.close()


def _said(value: object) -> bool:
    """Whether a cell holds anything that can be seen."""
    return value is not None and squeezed(str(value)) != ""


def _plain(title: str) -> str:
    """A title as it compares: a mark of "required" does not count."""
    return squeezed(title).removesuffix("(必填)").rstrip("*")


def _titles(sheet: Sheet) -> dict[str, str]:
    """Keys of the sheet's columns by their plain titles."""
    return {_plain(column.title): column.key for column in sheet.columns} | {REMARK: REMARK}


def _find_header(sheet: Sheet, page: _Page) -> _Header | None:
    """The row with most known titles, and its neighbours where a header has two levels."""
    known = _titles(sheet)
    top = page.rows[:_HEADER_ROWS]
    counts = [sum(_plain(str(v)) in known for v in values) for _, values in top]
    if not counts or max(counts) < 2:
        return None
    first = last = counts.index(max(counts))
    while first > 0 and counts[first - 1]:
        first -= 1
    while last + 1 < len(counts) and counts[last + 1]:
        last += 1
    titles: dict[int, str] = {}
    for _, values in top[first : last + 1]:
        for position, value in enumerate(values):
            if _said(value) and (_plain(str(value)) in known or position not in titles):
                titles[position] = _plain(str(value))
    return _Header(top[last][0], titles)


def _tell_unknown(
    page: _Page,
    here: Place,
    sheets: Sequence[Sheet],
    problems: list[Finding],
    notes: list[Finding],
) -> None:
    """Say that a sheet was left out, or that it is a known one under another name."""
    fits = []
    for sheet in sheets:
        header = _find_header(sheet, page)
        if header is not None:
            titles, known = set(header.titles.values()), _titles(sheet)
            needed = {_plain(column.title) for column in sheet.columns if column.required}
            if needed <= titles:
                fits.append((len(titles & set(known)), sheet))
    if fits:
        best = max(fits, key=lambda fit: fit[0])[1]
        problems.append(finding(here, "renamed_sheet", title=best.title))
    else:
        names = "、".join(sheet.title for sheet in sheets)
        notes.append(finding(here, "unknown_sheet", sheets=names))


def _rows(
    sheet: Sheet, page: _Page, here: Place, problems: list[Finding], notes: list[Finding]
) -> list[SheetRow]:
    header = _find_header(sheet, page)
    if header is None:
        if page.rows:
            titles = "、".join(column.title for column in sheet.columns)
            problems.append(finding(here, "no_header", rows=_HEADER_ROWS, columns=titles))
        return []
    wrong, unknown = _check_header(sheet, header, here)
    notes += unknown
    if wrong:
        problems += wrong
        return []
    keys = {p: k for p, t in header.titles.items() if (k := _titles(sheet).get(t)) is not None}
    rows = []
    examples = 0
    for number, values in page.rows:
        if number <= header.last_row:
            continue
        cells = {key: values[p] for p, key in keys.items() if p < len(values)}
        remark = cells.pop(REMARK, None)
        if not any(_said(value) for value in cells.values()):
            continue
        if remark is not None and _plain(str(remark)).startswith(EXAMPLE_ROW):
            examples += 1
            continue
        rows.append(SheetRow(sheet, Place(here.file, here.sheet, number), cells))
    if examples:
        notes.append(finding(here, "example_rows", count=examples))
    return rows


def _check_header(
    sheet: Sheet, header: _Header, here: Place
) -> tuple[list[Finding], list[Finding]]:
    """What is wrong with the header, and which columns are left out."""
    known = _titles(sheet)
    titles = list(header.titles.values())
    wrong = [
        finding(here, "column_twice", column=title)
        for title in _twice(title for title in titles if title in known)
    ]
    missing = [c.title for c in sheet.columns if c.required and _plain(c.title) not in titles]
    if missing:
        wrong.append(finding(here, "missing_columns", columns="、".join(missing)))
    unknown = [finding(here, "unknown_column", column=t) for t in titles if t not in known]
    return wrong, unknown


def _twice(titles: Iterable[str]) -> list[str]:
    seen: dict[str, int] = {}
    for title in titles:
        seen[title] = seen.get(title, 0) + 1
    return [title for title, count in seen.items() if count > 1]
