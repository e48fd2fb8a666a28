"""Workbooks as offices send them."""

import io
import random
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from zoubian.datasets.organisation.sheets import SHEETS
from zoubian.datasets.organisation.workbook import write_template
from zoubian.pipeline.organisation.excel import ReadLimits, WorkbookReading, read_workbook

LIMITS = ReadLimits(file_bytes=1 << 20, unpacked_bytes=4 << 20, rows=50)
HEADER = ["编号", "名称", "英文名称", "类型", "所属区", "值班电话", "启用日期", "停用日期"]
ROW = ["JD1", "某某街道", None, "街道", None, None, datetime(2026, 4, 10), None]


def read(path: Path) -> WorkbookReading:
    return read_workbook(path, limits=LIMITS, sheets=SHEETS)


def codes(reading: WorkbookReading) -> list[tuple[str, str]]:
    return [(p.path.removeprefix("a.xlsx:"), p.code) for p in reading.problems]


def saved(tmp_path: Path, fill: Callable[[Workbook], None]) -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "单位"
    fill(book)
    path = tmp_path / "a.xlsx"
    book.save(path)
    return path


def plain(book: Workbook) -> None:
    book.worksheets[0].append(HEADER)
    book.worksheets[0].append(ROW)


def with_title_above(book: Workbook) -> None:
    page = book.worksheets[0]
    page.append(["全市单位情况表"])
    page.merge_cells("A1:H1")
    page.append([])
    plain(book)


def with_two_levels(book: Workbook) -> None:
    page = book.worksheets[0]
    page.append([*HEADER[:6], "有效期", None])
    page.append([None] * 6 + HEADER[6:])
    page.merge_cells("G1:H1")
    for column in "ABCDEF":
        page.merge_cells(f"{column}1:{column}2")
    page.append(ROW)


def with_marks_and_blanks_in_titles(book: Workbook) -> None:
    page = book.worksheets[0]
    page.append(["编号*", "名 称 ", None, "类型（必填）", None, None, "启用\n日期", "停用日期"])
    page.append(ROW)
    page.append([" ", "　"])


def with_other_order_and_more_columns(book: Workbook) -> None:
    page = book.worksheets[0]
    page.append(["序号", "类型", "启用日期", "名称", "编号"])
    page.append([1, "街道", datetime(2026, 4, 10), "某某街道", "JD1"])


def with_a_renamed_case_of_the_sheet(book: Workbook) -> None:
    book.worksheets[0].title = " 单 位"
    plain(book)


def with_far_formatting(book: Workbook) -> None:
    plain(book)
    for number in range(3, 3000):
        book.worksheets[0].cell(number, 1).number_format = "@"
        book.worksheets[0].cell(number, 2).value = "  "


@pytest.mark.parametrize(
    "fill",
    [
        plain,
        with_title_above,
        with_two_levels,
        with_marks_and_blanks_in_titles,
        with_other_order_and_more_columns,
        with_a_renamed_case_of_the_sheet,
        with_far_formatting,
    ],
)
def test_rows_are_found_however_the_sheet_looks(
    fill: Callable[[Workbook], None], tmp_path: Path
) -> None:
    reading = read(saved(tmp_path, fill))
    assert reading.problems == ()
    assert [row.cells["id"] for row in reading.rows] == ["JD1"]
    assert reading.rows[0].cells["valid_from"] == datetime(2026, 4, 10)
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    number = reading.rows[0].place.row
    assert number is not None
    assert "JD1" in [cell.value for cell in page[number]]  # people find it under this number


def test_unknown_column_is_a_note(tmp_path: Path) -> None:
    reading = read(saved(tmp_path, with_other_order_and_more_columns))
    assert [(n.code, "序号" in n.message_zh) for n in reading.notes] == [("unknown_column", True)]


@pytest.mark.parametrize(
    ("title", "header", "expected"),
    [
        ("街道表", HEADER, [("街道表", "renamed_sheet")]),
        ("Sheet1", ["工作组编号", "单位编号"], [("Sheet1", "renamed_sheet")]),
        ("单位", ["编号", "名称"], [("单位", "missing_columns")]),
        ("单位", [*HEADER, "名称"], [("单位", "column_twice")]),
        ("单位", ["甲", "乙"], [("单位", "no_header")]),
        ("草稿", ["甲", "乙"], [("", "no_sheets")]),
    ],
)
def test_wrong_sheet_is_one_clear_line(
    title: str, header: list[str], expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    def fill(book: Workbook) -> None:
        book.worksheets[0].title = title
        book.worksheets[0].append(header)
        book.worksheets[0].append(["x"] * len(header))

    found = codes(read(saved(tmp_path, fill)))
    assert [(place.removeprefix("a.xlsx"), code) for place, code in found] == expected


def test_renamed_sheet_says_what_to_call_it(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        book.worksheets[0].title = "街道情况"
        plain(book)

    problem = read(saved(tmp_path, fill)).problems[0]
    assert "“单位”" in problem.message_zh
    assert "单位" in problem.message_en


def test_same_sheet_twice_is_a_problem(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        plain(book)
        book.create_sheet("单位 ").append(HEADER)

    assert codes(read(saved(tmp_path, fill))) == [("单位 ", "sheet_twice")]


def test_example_rows_of_the_template_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_template(path)
    reading = read(path)
    assert (reading.rows, reading.problems) == ((), ())
    assert [note.code for note in reading.notes] == ["example_rows"] * len(SHEETS)


def test_rows_beside_the_template_s_example_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    book["单位"].append(ROW)
    book.save(path)
    rows = read(path).rows
    assert [(row.place.row, row.cells["id"]) for row in rows] == [(3, "JD1")]


def test_more_rows_than_the_limit_are_refused(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        for row in [HEADER, *([ROW] * 80)]:
            book.worksheets[0].append(row)

    assert ("单位", "too_many_rows") in codes(read(saved(tmp_path, fill)))


def archive(**members: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return data.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_excel"),
        (b"\xe7\xbc\x96\xe5\x8f\xb7,\xe5\x90\x8d\xe7\xa7\xb0\n", "not_excel"),
        (b"PK\x03\x04 torn", "not_excel"),
        (archive(readme=b"not a workbook"), "not_excel"),
        (OLE + bytes(512), "old_excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (archive(bomb=bytes(5 << 20)), "bomb"),
        (bytes((1 << 20) + 1), "too_large"),
    ],
)
def test_file_that_is_no_workbook_is_one_clear_line(data: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    reading = read(path)
    assert reading.rows == ()
    assert [p.code for p in reading.problems] == [code]


def test_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    assert [p.code for p in read(tmp_path / "a.xlsx").problems] == ["unreadable"]


def test_damaged_workbooks_never_raise(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_template(path)
    whole = path.read_bytes()
    source = random.Random(5)
    for _ in range(60):
        torn = bytearray(whole)
        for _ in range(source.randrange(1, 40)):
            torn[source.randrange(len(torn))] = source.randrange(256)
        path.write_bytes(bytes(torn[: source.randrange(len(torn))]) if source.random() < 0.3
                         else bytes(torn))  # fmt: skip
        reading = read(path)
        assert reading.rows == () or reading.problems == ()


def test_entity_bomb_in_a_sheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_template(path)
    entities = '<!ENTITY a0 "长春">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    laughing = f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><worksheet>&a9;</worksheet>'
    changed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.infolist():
            sheet = entry.filename == "xl/worksheets/sheet3.xml"
            new.writestr(entry.filename, laughing if sheet else old.read(entry))
    path.write_bytes(changed.getvalue())
    assert [p.code for p in read(path).problems] == ["not_excel"]
