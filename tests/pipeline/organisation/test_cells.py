"""Cells as people fill them in."""

from datetime import date, datetime

import pytest

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.datasets.organisation.sheets import SHEETS, Sheet
from zoubian.pipeline.organisation.cells import clean_row, read_code, read_date
from zoubian.pipeline.organisation.excel import SheetRow
from zoubian.pipeline.organisation.messages import Place

BY_KEY = {sheet.key: sheet for sheet in SHEETS}
PERMIT = {
    "id": "XK1",
    "name": "某某早市",
    "kind": "经营许可",
    "categories": "早市超时经营",
    "valid_from": "2026-05-01",
    "valid_until": "2026-08-31",
}


def clean(sheet: Sheet, **cells: object):
    row = SheetRow(sheet, Place("a.xlsx", sheet.title, 2), cells)
    return clean_row(row, categories=packaged_tables().categories)


@pytest.mark.parametrize(
    "value",
    [
        "2026-04-10",
        "2026/4/10",
        "2026.04.10",
        "2026年4月10日",
        "２０２６－０４－１０",
        " 2026 - 4 - 10　",
        "20260410",
        20260410,
        20260410.0,
        46122,
        "2026-04-10 00:00:00",
        date(2026, 4, 10),
        datetime(2026, 4, 10, 9, 30),
    ],
)
def test_date_is_read_in_every_usual_form(value: object) -> None:
    assert read_date(value) == date(2026, 4, 10)


@pytest.mark.parametrize(
    "value", ["2026-02-30", "2026-13-01", "四月十日", "4/10", "26-4-10", 12, True, 3.5, "9" * 400]
)
def test_what_is_no_date_is_refused(value: object) -> None:
    with pytest.raises((ValueError, OverflowError)):
        read_date(value)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("JD001", "JD001"),
        ("ＪＤ００１　", "JD001"),
        (220102001, "220102001"),
        (220102001.0, "220102001"),
        ("JD\u200b001\n", "JD001"),
        ("一组", "一组"),
    ],
)
def test_code_becomes_plain_text(value: object, code: str) -> None:
    assert read_code(value) == code


@pytest.mark.parametrize("value", ["", "　", "JD 001", "a/b", "x" * 65])
def test_what_is_no_code_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        read_code(value)


def test_clean_row_holds_ids_iso_dates_and_numbers() -> None:
    row, problems = clean(
        BY_KEY["permit"],
        **PERMIT
        | {
            "name": "　某某 早市\n",
            "categories": "早市超时经营；占道经营(加工、促销、修车、洗车、废品收购站)；"
            "早市超时经营",
            "hours": "4:00～7:30",
            "lat": "４３．８８",
            "lon": 125.32,
            "radius_m": "80米",
        },
    )
    assert problems == []
    assert row == {
        "id": "XK1",
        "name": "某某 早市",
        "name_en": None,
        "kind": "trade",
        "categories": ["morning_market_overtime", "road_occupying_business"],
        "hours": "04:00-07:30",
        "lat": 43.88,
        "lon": 125.32,
        "radius_m": 80.0,
        "valid_from": "2026-05-01",
        "valid_until": "2026-08-31",
    }


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("name", None, "empty_cell"),
        ("name", " 　", "empty_cell"),
        ("kind", "许可", "bad_choice"),
        ("categories", "早市超时经营；没有这一类", "bad_category"),
        ("hours", "07:30", "bad_hours"),
        ("hours", "25:00-26:00", "bad_hours"),
        ("hours", "07:00-07:00", "bad_hours"),
        ("lat", 125.32, "bad_number"),
        ("lat", "北纬", "bad_number"),
        ("lat", float("nan"), "bad_number"),
        ("radius_m", 0, "bad_number"),
        ("radius_m", -5, "bad_number"),
        ("radius_m", True, "bad_number"),
        ("valid_from", "五月", "bad_date"),
        ("valid_from", "#REF!", "formula_error"),
        ("id", "XK 1", "bad_code"),
    ],
)
def test_bad_cell_is_named_with_sheet_row_and_column(column: str, value: object, code: str) -> None:
    _, problems = clean(BY_KEY["permit"], **PERMIT | {column: value})
    title = BY_KEY["permit"].column(column).title
    assert [(p.path, p.code) for p in problems] == [("a.xlsx:许可与区域:2", code)]
    assert title in problems[0].message_zh
    assert title in problems[0].message_en


def test_every_bad_cell_of_a_row_is_named() -> None:
    _, problems = clean(BY_KEY["permit"], **PERMIT | {"kind": "x", "hours": "x", "name": None})
    assert {p.code for p in problems} == {"bad_choice", "bad_hours", "empty_cell"}


def test_end_before_start_is_a_problem() -> None:
    _, problems = clean(BY_KEY["unit"], id="A", name="A", kind="街道",
                        valid_from="2026-05-02", valid_until="2026-05-01")  # fmt: skip
    assert [p.code for p in problems] == ["dates_reversed"]


@pytest.mark.parametrize(
    ("hours", "stored"),
    [("20:00-02:00", "20:00-02:00"), ("00:00-24:00", None), ("18:00至24:00", "18:00-00:00")],
)
def test_hours_may_end_at_or_after_midnight(hours: str, stored: str | None) -> None:
    row, problems = clean(BY_KEY["permit"], **PERMIT | {"hours": hours})
    assert row["hours"] == stored
    assert bool(problems) == (stored is None)
