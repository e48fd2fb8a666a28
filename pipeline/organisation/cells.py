"""Reads the cells of one row: what people write becomes clean text, dates and numbers."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time

from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils.datetime import from_excel

from zoubian.datasets.classes.models import Category
from zoubian.datasets.organisation.sheets import CellKind, Column
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.organisation.excel import SheetRow
from zoubian.pipeline.organisation.messages import Finding, finding
from zoubian.pipeline.organisation.records import Row
from zoubian.pipeline.organisation.wording import plain, squeezed, tidy

CHINA_LAT_LON = ((3.8, 53.6), (73.4, 135.1))  # from the Nansha islands to the Amur

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_DIGITS_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME_OF_DATE = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})(?::00)?[-~至到—–]+(\d{1,2}):(\d{2})(?::00)?")
_SERIAL_DAYS = range(20_000, 80_000)  # Excel's day numbers from 1954 to 2119
_LONGEST_CODE = 64


class _Bad(Exception):
    """A cell that cannot be read: the code and fields of its message."""

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


def clean_row(row: SheetRow, *, categories: Mapping[str, Category]) -> tuple[Row, list[Finding]]:
    """The cells of a row by key of the column, empty ones None, and all that is wrong with them."""
    clean: dict[str, Json] = {}
    problems = []
    for column in row.sheet.columns:
        value = row.cells.get(column.key)
        try:
            clean[column.key] = _read(column, value, categories)
        except _Bad as bad:
            clean[column.key] = None
            problems.append(finding(row.place, bad.code, column=column.title, **bad.fields))
    start, until = clean.get("valid_from"), clean.get("valid_until")
    if isinstance(start, str) and isinstance(until, str) and until < start:
        titles = {key: row.sheet.column(key).title for key in ("valid_from", "valid_until")}
        problems.append(
            finding(
                row.place, "dates_reversed", start=titles["valid_from"], until=titles["valid_until"]
            )
        )
    return clean, problems


def read_date(value: object) -> date:
    """A day from a date cell, from text in the usual forms, or from Excel's day number.

    >>> read_date("２０２６年４月１０日"), read_date(20260410), read_date(46122)
    (datetime.date(2026, 4, 10), datetime.date(2026, 4, 10), datetime.date(2026, 4, 10))

    Raises:
        ValueError: it is none.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = plain(_as_text(value))
    if text.isdigit() and int(text) in _SERIAL_DAYS:
        serial = from_excel(int(text))
        assert isinstance(serial, datetime)
        return serial.date()
    text = _TIME_OF_DATE.sub("", text).replace(" ", "")
    match = _DATE.fullmatch(text) or _DIGITS_DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return date(int(match[1]), int(match[2]), int(match[3]))


def read_code(value: object) -> str:
    """A code as text; what a spreadsheet made a number of is made whole again.

    >>> read_code(220102.0), read_code(" ｊｄ－０１")
    ('220102', 'jd-01')

    Raises:
        ValueError: it cannot be a code.
    """
    text = plain(_as_text(value))
    if not text or len(text) > _LONGEST_CODE or "/" in text or " " in text:
        raise ValueError(text)
    return text


def _read(column: Column, value: object, categories: Mapping[str, Category]) -> Json:
    if value is None or plain(_as_text(value)) == "":
        if column.required:
            raise _Bad("empty_cell")
        return None
    if isinstance(value, str) and value in ERROR_CODES:
        raise _Bad("formula_error", value=value)
    if column.kind is CellKind.CATEGORY:
        return _category(value, categories)
    if column.kind is CellKind.CATEGORIES:
        parts = [p for p in re.split(r"[;；\n]", _as_text(value)) if plain(p)]
        held: list[Json] = [*dict.fromkeys(_category(part, categories) for part in parts)]
        return held
    return _READERS[column.kind](column, value)


def _as_text(value: object) -> str:
    """What a person sees in the cell, near enough: 3.0 is 3."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _date(column: Column, value: object) -> str:
    try:
        return read_date(value).isoformat()
    except (ValueError, OverflowError):
        raise _Bad("bad_date", value=_as_text(value)) from None


def _code(column: Column, value: object) -> str:
    try:
        return read_code(value)
    except ValueError:
        raise _Bad("bad_code", value=_as_text(value)) from None


def _name(column: Column, value: object) -> str:
    return tidy(_as_text(value))


def _choice(column: Column, value: object) -> str:
    wanted = squeezed(_as_text(value))
    for title, stored in column.choices.items():
        if wanted in (squeezed(title), stored):
            return stored
    raise _Bad("bad_choice", allowed="、".join(column.choices), value=tidy(_as_text(value)))


def _category(value: object, categories: Mapping[str, Category]) -> str:
    wanted = squeezed(_as_text(value)).removesuffix("。")
    for category in categories.values():
        if wanted in (squeezed(category.name_zh), category.id):
            return category.id
    raise _Bad("bad_category", value=tidy(_as_text(value)))


def _hours(column: Column, value: object) -> str:
    match = _HOURS.fullmatch(squeezed(_as_text(value)))
    if match is not None:
        hour, minute, end_hour, end_minute = (int(part) for part in match.groups())
        try:
            start, end = time(hour, minute), time(end_hour % 24, end_minute)
        except ValueError:
            start = end = time()
        if start != end and end_hour <= 24:
            return f"{start:%H:%M}-{end:%H:%M}"
    raise _Bad("bad_hours", value=tidy(_as_text(value)))


def _count(column: Column, value: object) -> int:
    number = _number(value)
    if number is None or not number.is_integer() or not 0 <= number <= 1000:
        raise _bad_number(value, "0 到 1000 的整数", "a whole number from 0 to 1000")
    return int(number)


def _metres(column: Column, value: object) -> float:
    number = _number(value)
    if number is None or not 0 < number <= 10_000:
        raise _bad_number(value, "大于 0、不超过 10000 的米数", "metres above 0, at most 10000")
    return number


def _degrees(column: Column, value: object) -> float:
    number = _number(value)
    lat, lon = CHINA_LAT_LON
    low, high = lat if column.key == "lat" else lon
    if number is None or not low <= number <= high:
        raise _bad_number(
            value, f"{low} 到 {high} 之间的度数（中国范围内）", f"degrees in China, {low} to {high}"
        )
    return number


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    text = plain(_as_text(value)).removesuffix("米").removesuffix("m").replace(",", "").strip()
    try:
        return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
    except ValueError:
        return None


def _bad_number(value: object, zh: str, en: str) -> _Bad:
    return _Bad("bad_number", what_zh=zh, what_en=en, value=tidy(_as_text(value)))


_READERS: Mapping[CellKind, Callable[[Column, object], Json]] = {
    CellKind.CODE: _code,
    CellKind.NAME: _name,
    CellKind.DATE: _date,
    CellKind.COUNT: _count,
    CellKind.METRES: _metres,
    CellKind.DEGREES: _degrees,
    CellKind.CHOICE: _choice,
    CellKind.HOURS: _hours,
}
