"""How an urging is worded, tabulated and drawn."""

import io
from datetime import timedelta
from itertools import pairwise

import numpy as np
import openpyxl
import pytest
from due_office import at, due_case
from PIL import Image

from zoubian.pipeline.candidates.fonts import find_cjk_font
from zoubian.pipeline.dispatch.urge_picture import WIDTH_PX, urge_pictures
from zoubian.pipeline.dispatch.urge_text import urge_texts
from zoubian.pipeline.dispatch.urge_workbook import urge_workbook
from zoubian.pipeline.dispatch.urging import Level, span_in_words, urge_sheets
from zoubian.pipeline.dispatch.wrapping import wrap

LONG_NAME = "单位、庭院、居民小区、主次干道、沿街商铺、建筑工地、城市景观、规划绿地内毁绿种菜"


def test_gravest_cases_stand_first_then_by_due_time(sheet) -> None:
    made = sheet(
        due_case(3, Level.SOON),
        due_case(1, Level.OVERDUE),
        due_case(9, Level.SUPERVISE),
        due_case(2, Level.SUPERVISE),
        due_case(0, Level.OVERDUE),
    )
    assert [case.number[-1] for case in made.cases] == ["2", "9", "0", "1", "3"]
    assert made.counts() == {Level.SUPERVISE: 2, Level.OVERDUE: 2, Level.SOON: 1}
    assert made.title == "督办单"
    assert sheet(due_case(1, Level.SOON)).title == "催办单"


def test_each_unit_has_a_sheet_and_an_unknown_one_its_id() -> None:
    cases = [due_case(n, unit_id=unit) for n, unit in enumerate(("b", "a", "b"))]
    made = urge_sheets(cases, {"a": "甲街道"}, made_at=at("2026-06-16 11:30"))
    assert [(one.unit_zh, len(one.cases)) for one in made] == [("甲街道", 1), ("b", 2)]
    assert urge_sheets([], {}, made_at=at("2026-06-16 11:30")) == []


def test_message_says_all_that_the_unit_has_to_know(sheet) -> None:
    made = sheet(
        due_case(1, Level.SUPERVISE, round=2, urged=1, due_at=at("2026-06-14 09:00")),
        due_case(2, Level.SOON, due_at=at("2026-06-16 14:40"), provisional=True),
        due_case(3, Level.OVERDUE, example_city="运城市"),
    )
    [text] = urge_texts(made, longest=2000)
    assert text.split("\n") == [
        "【督办单】南湖街道",
        "截至6月16日 11:30，待整改案件3件：督办1件，超期1件，即将到期1件。",
        "",
        "◆督办",
        "1. 2026-000001 垃圾箱满溢",
        "　人民大街与解放大路交会处东侧约50米",
        "　应于6月14日 09:00前整改，已超期2天2小时，第2轮整改，已催办1次",
        "",
        "◆超期",
        "2. 2026-000003 垃圾箱满溢",
        "　人民大街与解放大路交会处东侧约50米",
        "　应于6月16日 09:03前整改，已超期2小时27分钟",
        "",
        "◆即将到期",
        "3. 2026-000002 垃圾箱满溢",
        "　人民大街与解放大路交会处东侧约50米",
        "　应于6月16日 14:40（暂定）前整改，还剩3小时10分钟",
        "",
        "请尽快整改并回传照片；确需延期、挂账或非本单位的，请及时在系统中提出。",
        "注：标“暂定”的时限涉及节假日安排尚未公布的年份，公布后可能变动。",
        "注：时限暂按他市示例（运城市）计算，仅供参考。",
    ]


def test_long_list_becomes_several_messages_and_no_case_is_torn(sheet) -> None:
    made = sheet(*(due_case(n) for n in range(1, 31)))
    texts = urge_texts(made, longest=500)
    assert len(texts) > 3
    assert [text.split("\n")[0] for text in texts[:2]] == [
        f"【催办单】南湖街道（1/{len(texts)}）",
        f"【催办单】南湖街道（2/{len(texts)}）",
    ]
    # Each part names its level and holds whole cases: three lines each.
    numbers = []
    for text in texts:
        lines = text.split("\n")
        assert "◆超期" in lines
        starts = [i for i, line in enumerate(lines) if ". 2026-" in line]
        assert all("应于" in lines[i + 2] for i in starts)
        numbers += [lines[i].split(". ")[0] for i in starts]
        assert len(text) < 500 + 200
    assert numbers == [str(n) for n in range(1, 31)]
    assert [text.count("请尽快整改") for text in texts] == [0] * (len(texts) - 1) + [1]


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "1分钟"),
        (timedelta(minutes=59, seconds=59), "59分钟"),
        (timedelta(hours=1), "1小时"),
        (timedelta(hours=23, minutes=59), "23小时59分钟"),
        (timedelta(days=1), "1天"),
        (timedelta(days=12, hours=5, minutes=40), "12天5小时"),
    ],
)
def test_span_in_its_two_largest_units(span, words) -> None:
    assert span_in_words(span) == words


def test_workbook_is_ready_to_print_and_holds_text_as_text(sheet) -> None:
    made = sheet(
        due_case(1, Level.SUPERVISE, place_zh="=1+1", urged=2),
        due_case(2, category_zh=LONG_NAME, provisional=True, example_city="运城市"),
    )
    page = openpyxl.load_workbook(io.BytesIO(urge_workbook(made))).active
    assert page.freeze_panes == "D4"
    assert page.print_title_rows == "$3:$3"
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
    assert page["A1"].value == "南湖街道 案件督办单"
    assert page["A2"].value == "截至6月16日 11:30，待整改案件2件：督办1件，超期1件"
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=4, max_row=5)]
    assert rows[0][:3] == [1, "督办", "2026-000001"]
    assert rows[0][8] == "已催办2次"
    assert rows[1][8] == "时限暂定；他市示例（运城市）"
    assert (page["F4"].value, page["F4"].data_type) == ("=1+1", "s")
    assert f"{page['G4'].value:%Y-%m-%d %H:%M}" == "2026-06-16 09:01"
    # The long name needs several lines, and has them.
    assert page.row_dimensions[5].height > page.row_dimensions[4].height
    assert page["A6"].value.startswith("注：标“暂定”")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("人民大街与解放大路交会处", ["人民大街与解", "放大路交会处"]),
        ("人民大街与解，放大路", ["人民大街与", "解，放大路"]),  # no comma begins a line
        ("案号2026-000123已超期", ["案号", "2026-000123", "已超期"]),  # a number stays whole
        ("人民大街口（东侧）", ["人民大街口", "（东侧）"]),  # no bracket ends a line
        ("ABCDEFGHIJKLMNOPQ", ["ABCDEFGHIJKL", "MNOPQ"]),  # wider than any line
        ("", [""]),
    ],
)
def test_lines_break_where_chinese_may(text, lines) -> None:
    def width(part: str) -> float:
        return sum(1 if c.isascii() else 2 for c in part)

    assert wrap(text, 12, width) == lines
    assert all(width(line) <= 12 for line in lines)


def rows_with_ink(picture: Image.Image, colour: tuple[int, int, int]) -> list[int]:
    """Rows that hold a colour at the left edge of the cards."""
    column = np.asarray(picture.convert("RGB"), dtype=np.int64)[:, 50]
    return [int(row) for row in np.flatnonzero(np.abs(column - colour).sum(axis=1) < 40)]


def test_long_list_becomes_several_pictures_and_no_case_is_torn(sheet) -> None:
    font = find_cjk_font()
    if font is None:
        pytest.skip("not run: no Chinese font on this machine")
    cases = [due_case(n, category_zh=LONG_NAME if n == 3 else "垃圾箱满溢") for n in range(1, 13)]
    pictures = [
        Image.open(io.BytesIO(data)) for data in urge_pictures(sheet(*cases), font, tallest_px=1800)
    ]
    assert len(pictures) > 1
    assert {picture.width for picture in pictures} == {WIDTH_PX}
    cards = 0
    for picture in pictures:
        rows = rows_with_ink(picture, (0xB6, 0x5A, 0x00))  # the bar of an overdue case
        assert rows and rows[-1] < picture.height - 48  # it ends before the picture does
        cards += 1 + sum(b - a > 1 for a, b in pairwise(rows))
        assert picture.height < 1800 + 900  # heading and foot come on top
    assert cards == len(cases)
