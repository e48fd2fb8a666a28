"""The workbook of an urging: one printable list of a unit's due and overdue cases."""

import io
import unicodedata
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from zoubian.pipeline.dispatch.urging import (
    LEVEL_WORDS,
    DueCase,
    Level,
    UrgeSheet,
    history_in_words,
    state_in_words,
    when_in_words,
)
from zoubian.pipeline.dispatch.wrapping import wrap
from zoubian.pipeline.domain.local_time import local_clock

# Title and width in characters; together they are read on A4 across without a lens.
_COLUMNS = (
    ("序号", 6),
    ("情况", 9),
    ("案号", 14),
    ("问题类别", 24),
    ("立案条件", 18),
    ("位置", 38),
    ("应整改时间", 17),
    ("超期或剩余", 17),
    ("备注", 20),
)
_DUE = 7
_LEFT = (4, 5, 6, 9)
_LINE_PT = 15
_HEADER_ROW = 3
_FONT = "宋体"
_FILLS = {
    Level.SUPERVISE: PatternFill("solid", fgColor="F8D7D3"),
    Level.OVERDUE: PatternFill("solid", fgColor="FDEBD0"),
    Level.SOON: PatternFill("solid", fgColor="FFF9E0"),
}
_HEAD_FILL = PatternFill("solid", fgColor="D9E2EC")
_LINE = Side("thin", color="9AA5B1")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def urge_workbook(sheet: UrgeSheet) -> bytes:
    """The unit's list as .xlsx: header frozen and repeated, one page wide on A4 across."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = sheet.title
    _write_title(page, sheet)
    for position, (title, width) in enumerate(_COLUMNS, start=1):
        cell = page.cell(_HEADER_ROW, position)
        _fill(cell, title, bold=True, fill=_HEAD_FILL)
        page.column_dimensions[get_column_letter(position)].width = width
    for number, case in enumerate(sheet.cases, start=1):
        _write_case(page, _HEADER_ROW + number, number, case, sheet.made_at)
    for offset, remark in enumerate(sheet.remarks(), start=1):
        cell = page.cell(_HEADER_ROW + len(sheet.cases) + offset, 1)
        _say(cell, f"注：{remark}")
        cell.font = Font(_FONT, 10, italic=True)
    _set_up_printing(page, sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_title(page: Worksheet, sheet: UrgeSheet) -> None:
    counts = "，".join(f"{LEVEL_WORDS[level]}{n}件" for level, n in sheet.counts().items())
    lines = (
        (f"{sheet.unit_zh} 案件{sheet.title}", Font(_FONT, 16, bold=True)),
        (
            f"截至{when_in_words(sheet.made_at)}，待整改案件{len(sheet.cases)}件：{counts}",
            Font(_FONT, 11),
        ),
    )
    for row, (text, font) in enumerate(lines, start=1):
        page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_COLUMNS))
        cell = page.cell(row, 1)
        _say(cell, text)
        cell.font = font
        cell.alignment = Alignment(horizontal="center", vertical="center")
        page.row_dimensions[row].height = 28 if row == 1 else 20


def _write_case(page: Worksheet, row: int, number: int, case: DueCase, now: datetime) -> None:
    values: tuple[str | int | datetime, ...] = (
        number,
        LEVEL_WORDS[case.level],
        case.number,
        case.category_zh,
        case.condition_zh or "",
        case.place_zh,
        _local(case.due_at),
        state_in_words(case, now),
        _remarks(case),
    )
    for position, value in enumerate(values, start=1):
        cell = page.cell(row, position)
        _fill(cell, value, bold=False, fill=_FILLS[case.level] if position == 2 else None)
        if position == _DUE:
            cell.number_format = "yyyy-mm-dd hh:mm"
        if position in _LEFT:
            cell.alignment = Alignment(vertical="center", wrap_text=True)
    # Not every program finds the height of wrapped text by itself.
    lines = max(
        len(wrap(value, width - 2, _columns_wide))
        for value, (_, width) in zip(values, _COLUMNS, strict=True)
        if isinstance(value, str)
    )
    page.row_dimensions[row].height = _LINE_PT * lines + 6


def _remarks(case: DueCase) -> str:
    remarks = [history_in_words(case)] if history_in_words(case) else []
    if case.provisional:
        remarks.append("时限暂定")
    if case.example_city:
        remarks.append(f"他市示例（{case.example_city}）")
    return "；".join(remarks)


def _columns_wide(text: str) -> float:
    """Width in a spreadsheet's unit, that of a digit: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _fill(
    cell: Cell | MergedCell,
    value: str | int | datetime,
    *,
    bold: bool,
    fill: PatternFill | None,
) -> None:
    _say(cell, value)
    cell.font = Font(_FONT, 11, bold=bold)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = _BOX
    if fill is not None:
        cell.fill = fill


def _say(cell: Cell | MergedCell, value: str | int | datetime) -> None:
    """Put a value into a cell; text that begins like a formula stays text."""
    assert isinstance(cell, Cell)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def _set_up_printing(page: Worksheet, sheet: UrgeSheet) -> None:
    page.freeze_panes = f"D{_HEADER_ROW + 1}"
    page.auto_filter.ref = (
        f"A{_HEADER_ROW}:{get_column_letter(len(_COLUMNS))}{_HEADER_ROW + len(sheet.cases)}"
    )
    page.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins.left = page.page_margins.right = 0.4
    footer = page.oddFooter
    assert footer is not None
    footer.center.text = "第 &P 页 共 &N 页"


def _local(at: datetime) -> datetime:
    """The local time without a zone, as a spreadsheet knows it, to the minute."""
    return local_clock(at).replace(second=0, microsecond=0)
