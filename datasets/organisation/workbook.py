"""Writes workbooks of known sheets: the organisation's template, or filled ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from zoubian.datasets.classes.lookup import categories
from zoubian.datasets.organisation.sheets import (
    CHOICES,
    EXAMPLE_ROW,
    EXPLANATION,
    REMARK,
    SHEETS,
    CellKind,
    Column,
    Sheet,
)

Value = str | int | float | date
Rows = Mapping[str, Sequence[Mapping[str, Value]]]

# Rows that drop-down lists reach to: more than a city's people.
LAST_ROW = 5000

_FONT = "微软雅黑"
_REQUIRED = PatternFill("solid", fgColor="1F4E79")
_OPTIONAL = PatternFill("solid", fgColor="5B7F9F")
_PALE = PatternFill("solid", fgColor="F2F2F2")
_LINE = Border(bottom=Side("thin", color="BFBFBF"))
_WIDTHS = {
    CellKind.CODE: 16,
    CellKind.NAME: 30,
    CellKind.DATE: 14,
    CellKind.COUNT: 18,
    CellKind.METRES: 13,
    CellKind.DEGREES: 13,
    CellKind.CHOICE: 18,
    CellKind.CATEGORY: 36,
    CellKind.CATEGORIES: 48,
    CellKind.HOURS: 16,
}

_HOW_TO = (
    "1. 每张表第一行是表头，请勿改动表名和表头；从第二行起逐行填写，深色表头为必填列。",
    f"2. 灰色的“{EXAMPLE_ROW}”只作示范，不会导入，可以保留或删除；备注列不导入。",
    "3. 编号由本单位自定，作文本填写，同一对象始终用同一编号；其他表用编号指向它。",
    "4. 日期写作 2026-04-10；停用某单位、某人时填停用日期，不必删行：以往的记录仍可查询。",
    "5. 单位辖区、街路中心线、许可范围的图形放在 GeoJSON 文件（WGS-84 经纬度）中，"
    "属性“编号”与本表相同。",
    "6. 先试运行：zoubian org load 本文件.xlsx 图形.geojson --dry-run；"
    "核对增、改、停用的数量后去掉 --dry-run。",
    "7. 任何一行有错误，全部都不导入；错误按表名和行号逐条列出，改完再导入。",
    "8. 可以只填一部分表；文件中没有的行保持不变，要连带停用请加 --complete。",
)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a workbook consists of: its sheets, and how it is filled in, line by line."""

    sheets: Sequence[Sheet]
    how_to: Sequence[str]


ORGANISATION = Layout(SHEETS, _HOW_TO)


def write_template(path: Path) -> None:
    """Write the organisation's workbook to be filled in: a marked example row on each sheet."""
    example = {sheet.key: [_example_of(sheet)] for sheet in SHEETS}
    _write(path, example, ORGANISATION, title="组织数据模板", marked=True)


def write_workbook(path: Path, rows: Rows, *, title: str, layout: Layout = ORGANISATION) -> None:
    """Write a filled workbook.

    Args:
        rows: by key of the sheet; cells by key of the column, as people write them.
        title: what stands above the explanation.
    """
    _write(path, rows, layout, title=title, marked=False)


def _write(path: Path, rows: Rows, layout: Layout, *, title: str, marked: bool) -> None:
    book = Workbook()
    explanation = book.worksheets[0]
    explanation.title = EXPLANATION
    _explain(explanation, layout, title)
    sheets = [(sheet, book.create_sheet(sheet.title)) for sheet in layout.sheets]
    choices = _choices(book, layout)
    for sheet, page in sheets:
        _head(page, sheet)
        for number, row in enumerate(rows.get(sheet.key, ()), start=2):
            _fill(page, sheet, number, row, remark=_mark() if marked else None)
        for position, column in enumerate(sheet.columns, start=1):
            _drop_down(page, layout, get_column_letter(position), column, choices)
    book.properties.creator = "zoubian"
    book.save(path)


def _example_of(sheet: Sheet) -> dict[str, Value]:
    return {c.key: _typed(c, c.example) for c in sheet.columns if c.example != ""}


def _typed(column: Column, value: str | int | float) -> Value:
    return date.fromisoformat(str(value)) if column.kind is CellKind.DATE else value


def _mark() -> str:
    return f"{EXAMPLE_ROW}（不导入）"


def _head(page: Worksheet, sheet: Sheet) -> None:
    for position, column in enumerate(sheet.columns, start=1):
        cell = page.cell(1, position, column.title)
        _title(cell, _REQUIRED if column.required else _OPTIONAL)
        dimension = page.column_dimensions[get_column_letter(position)]
        dimension.width = _WIDTHS[column.kind]
        if column.kind in (CellKind.CODE, CellKind.HOURS):
            dimension.number_format = "@"
        elif column.kind is CellKind.DATE:
            dimension.number_format = "yyyy-mm-dd"
    last = len(sheet.columns) + 1
    _title(page.cell(1, last, REMARK), _OPTIONAL)
    page.column_dimensions[get_column_letter(last)].width = 24
    page.row_dimensions[1].height = 24
    page.freeze_panes = "C2"
    page.auto_filter.ref = f"A1:{get_column_letter(last)}1"
    page.print_title_rows = "1:1"
    _print_on_one_width(page)


def _print_on_one_width(page: Worksheet) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _title(cell: Cell | MergedCell, fill: PatternFill) -> None:
    cell.font = Font(name=_FONT, bold=True, color="FFFFFF")
    cell.fill = fill
    cell.alignment = Alignment(vertical="center")


def _fill(
    page: Worksheet, sheet: Sheet, number: int, row: Mapping[str, Value], *, remark: str | None
) -> None:
    for position, column in enumerate(sheet.columns, start=1):
        cell = page.cell(number, position, row.get(column.key))
        if column.kind in (CellKind.CODE, CellKind.HOURS):
            cell.number_format = "@"
        elif column.kind is CellKind.DATE:
            cell.number_format = "yyyy-mm-dd"
        _body(cell, example=remark is not None)
    last = page.cell(number, len(sheet.columns) + 1, remark)
    _body(last, example=remark is not None)


def _body(cell: Cell | MergedCell, *, example: bool) -> None:
    cell.font = Font(name=_FONT, italic=example, color="7F7F7F" if example else "000000")
    cell.border = _LINE
    cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
    if example:
        cell.fill = _PALE


def _choices(book: Workbook, layout: Layout) -> dict[str, str]:
    """The sheet of what may be picked; the cell range by "sheet/column" key."""
    page = book.create_sheet(CHOICES)
    lists: dict[str, tuple[str, Iterable[str]]] = {}
    for sheet in layout.sheets:
        for column in sheet.columns:
            if column.choices:
                lists[_list_key(column)] = (f"{sheet.title}：{column.title}", column.choices)
    lists[CellKind.CATEGORY] = ("问题类别", [category.name_zh for category in categories()])
    ranges = {}
    for position, (key, (title, values)) in enumerate(lists.items(), start=1):
        letter = get_column_letter(position)
        listed = list(values)
        _title(page.cell(1, position, title), _OPTIONAL)
        for number, value in enumerate(listed, start=2):
            page.cell(number, position, value).font = Font(name=_FONT)
        page.column_dimensions[letter].width = 48 if key == CellKind.CATEGORY else 18
        ranges[key] = f"={CHOICES}!${letter}$2:${letter}${len(listed) + 1}"
    page.freeze_panes = "A2"
    _print_on_one_width(page)
    return ranges


def _list_key(column: Column) -> str:
    return "/".join(column.choices)


def _drop_down(
    page: Worksheet, layout: Layout, letter: str, column: Column, ranges: Mapping[str, str]
) -> None:
    """Offer what may be picked; a code that stands nowhere yet is warned of, not refused."""
    style: Literal["stop", "warning"]
    if column.choices:
        source, style = ranges[_list_key(column)], "stop"
    elif column.kind is CellKind.CATEGORY:
        source, style = ranges[CellKind.CATEGORY], "stop"
    elif column.refers_to is not None:
        title = next(sheet.title for sheet in layout.sheets if sheet.key == column.refers_to)
        source, style = f"={title}!$A$2:$A${LAST_ROW}", "warning"
    else:
        return
    offered = DataValidation(type="list", formula1=source, allow_blank=True, errorStyle=style)
    offered.error = (
        "请从列表中选择" if style == "stop" else "这个编号还不在对应的表中，仍要填写吗？"
    )
    offered.errorTitle = column.title
    offered.showErrorMessage = True
    offered.add(f"{letter}2:{letter}{LAST_ROW}")
    page.add_data_validation(offered)


def _explain(page: Worksheet, layout: Layout, title: str) -> None:
    page.append([title])
    page["A1"].font = Font(name=_FONT, bold=True, size=16)
    for line in layout.how_to:
        page.append([line])
        page.cell(page.max_row, 1).font = Font(name=_FONT)
    page.append([])
    page.append(["表", "列", "必填", "填写说明", "Explanation"])
    head = page.max_row
    for position in range(1, 6):
        _title(page.cell(head, position), _REQUIRED)
    for sheet in layout.sheets:
        page.append(
            [sheet.title, "", "", sheet.purpose_zh, f"{sheet.title_en}: {sheet.purpose_en}"]
        )
        for position in range(1, 6):
            page.cell(page.max_row, position).font = Font(name=_FONT, bold=True)
            page.cell(page.max_row, position).fill = _PALE
        for column in sheet.columns:
            required = "是" if column.required else ""
            page.append(["", column.title, required, column.help_zh, column.help_en])
            for position in range(1, 6):
                page.cell(page.max_row, position).font = Font(name=_FONT)
                page.cell(page.max_row, position).border = _LINE
    for letter, width in zip("ABCDE", (14, 20, 8, 58, 62), strict=True):
        page.column_dimensions[letter].width = width
    page.sheet_view.showGridLines = False
    _print_on_one_width(page)
