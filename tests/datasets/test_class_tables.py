"""A campaign is a folder of tables; a fault in one names its file and row."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from zoubian.datasets import classes
from zoubian.datasets.classes import TableError, category, filing_conditions, load_tables

SHIPPED = Path(classes.__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for table in SHIPPED.glob("*.csv"):
        shutil.copy(table, tmp_path)
    return tmp_path


def _swap(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, "the test no longer fits the table"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_another_campaign_is_another_folder(folder: Path) -> None:
    _swap(folder, "categories.csv", "垃圾箱满溢", "垃圾桶满溢")
    tables = load_tables(folder)
    assert category("bin_overflow", tables=tables).name_zh == "垃圾桶满溢"
    assert category("bin_overflow").name_zh == "垃圾箱满溢"


def test_a_deadline_can_change_on_a_day(folder: Path) -> None:
    row = "运城市,yes,,,yuncheng-standard\n"
    old = f"bin_overflow,overflow,垃圾箱满溢,Bin overflowing,4,工作时,{row}"
    first = old.replace("yes,,,", "yes,,2026-12-31,")
    second = old.replace(",4,", ",2,").replace("yes,,,", "yes,2027-01-01,,")
    _swap(folder, "filing_conditions.csv", old, first + second)
    tables = load_tables(folder)
    amounts = [
        [
            f.deadline.amount
            for f in filing_conditions("bin_overflow", on=day, tables=tables)
            if f.deadline
        ]
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert amounts == [[4], [2]]


def test_a_spreadsheets_byte_order_mark_is_no_fault(folder: Path) -> None:
    table = folder / "groups.csv"
    table.write_bytes(b"\xef\xbb\xbf" + table.read_bytes())
    assert load_tables(folder).categories


@pytest.mark.parametrize(
    ("file", "old", "new", "row", "says"),
    [
        (
            "categories.csv",
            "1,city_appearance",
            "1,nowhere",
            2,
            "group refers to unknown 'nowhere'",
        ),
        (
            "categories.csv",
            ",partly,市场批准的范围到哪里,How",
            ",partly,,How",
            10,
            "both languages",
        ),
        ("categories.csv", "yes,,", "partly,,", 2, "needs a missing_fact"),
        ("categories.csv", "yes,,", "maybe,,", 2, "must be yes|partly|no, got 'maybe'"),
        ("categories.csv", "2,city_appearance", "1,city_appearance", 3, "number stand twice"),
        ("categories.csv", "open_air_barbecue", "road_occupying_pile", 3, "stands twice"),
        ("categories.csv", "number,group", "group,number", 1, "the header must be"),
        ("categories.csv", "露天烧烤,", "露天烧烤,x,", 3, "expected 8 cells, got 9"),
        ("suggestions.csv", "1,bin_overflow", "1,no_such", 2, "category refers to unknown"),
        ("suggestions.csv", "overflowing_bin,2", "overflowing_bin,3", 3, "rank must go on with 2"),
        ("suggestions.csv", "\ngarbage_pile,1", "\nbin,2", 5, "rank must go on with 1"),
        ("visual_classes.csv", "yes,waste,2", "yes,waste,1", 3, "spot_group, rank stand twice"),
        ("visual_classes.csv", "litter,yes", "litter,no", 5, "no problem suggests no category"),
        ("visual_classes.csv", "yes,waste", "true,waste", 2, "must be yes or no, got 'true'"),
        ("filing_conditions.csv", "1,工作日", "0,工作日", 2, "whole number from 1"),
        ("filing_conditions.csv", "1,工作日", ",工作日", 2, "amount must not be empty"),
        ("filing_conditions.csv", "1,工作日", "1,小时", 2, "got '小时'"),
        ("filing_conditions.csv", "yes,,,y", "yes,2026-2-30,,y", 2, "must be a date like"),
        ("filing_conditions.csv", "yes,,,y", "yes,2026-02-01,2026-01-01,y", 2, "lies before"),
        ("filing_conditions.csv", "car_wash", "trade", 5, "same days as an earlier row"),
        ("national_codes.csv", "01-36", "1-36", 2, "must look like 01-10"),
        ("national_codes.csv", "06036", "6036", 3, "got '6036'"),
        ("national_codes.csv", "06036,乱堆杂物", ",乱堆杂物", 3, "match exact needs a code"),
        ("sources.csv", "plan-2021,primary", "plan-2021,rumour", 2, "got 'rumour'"),
        ("groups.csv", "greening,enforcement", "greening,elsewhere", 7, "parent refers to unknown"),
    ],
)
def test_a_fault_names_file_and_row(
    folder: Path, file: str, old: str, new: str, row: int, says: str
) -> None:
    _swap(folder, file, old, new)
    with pytest.raises(TableError) as caught:
        load_tables(folder)
    assert caught.value.message_en.startswith(f"{file} row {row}: ")
    assert caught.value.message_zh.startswith(f"{file} 第{row}行：")
    assert says in caught.value.message_en


def _remove(table: Path) -> None:
    table.unlink()


def _recode(table: Path) -> None:
    table.write_bytes(table.read_text(encoding="utf-8").encode("gbk", errors="replace"))


def _behead(table: Path) -> None:
    table.write_text(table.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [(_remove, "cannot be read"), (_recode, "is not UTF-8"), (_behead, "holds no rows")],
)
def test_an_unusable_file_is_named(folder: Path, spoil: Callable[[Path], None], says: str) -> None:
    spoil(folder / "groups.csv")
    with pytest.raises(TableError, match=f"^groups.csv: {says}$"):
        load_tables(folder)


def test_a_category_without_filing_condition_is_told(folder: Path) -> None:
    table = folder / "filing_conditions.csv"
    kept = [
        line
        for line in table.read_text(encoding="utf-8").splitlines(keepends=True)
        if not line.startswith("shop_spillover,")
    ]
    table.write_text("".join(kept), encoding="utf-8")
    with pytest.raises(TableError, match="says nothing of category 'shop_spillover'"):
        load_tables(folder)
