"""A search of cases as a workbook that offices go on working with."""

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from sqlalchemy.orm import Session

from zoubian.datasets.classes.models import Category
from zoubian.pipeline.domain.case_clock import Stage, stage_at
from zoubian.pipeline.domain.cases import Recheck
from zoubian.pipeline.domain.cases_words import RECHECK_WORDS, SOURCE_WORDS, STATE_WORDS
from zoubian.pipeline.domain.local_time import local_clock
from zoubian.pipeline.ledger.cases_lists import PAGE_LIMIT, CaseLine, CaseQuery, search

_STAGE_WORDS: Mapping[Stage, str] = {
    Stage.NONE: "",
    Stage.RUNNING: "时限内",
    Stage.WARNING: "即将到期",
    Stage.OVERDUE: "超期",
    Stage.SUPERVISED: "督办",
}
_TIME_FORMAT = "yyyy-mm-dd hh:mm"
_HEAD_FILL = PatternFill("solid", fgColor="D9E2EC")

Value = str | int | float | datetime | None
_Cell = Callable[[CaseLine], Value]


def case_workbook(
    session: Session,
    query: CaseQuery,
    *,
    units: Mapping[str, str],
    categories: Mapping[str, Category],
    now: datetime,
    most: int,
) -> bytes:
    """The cases that a query finds as .xlsx, newest first, times in local time.

    Args:
        units: Chinese names by id.
        most: cases; a last row says that there are more.
    """
    columns = _columns(units, categories, now)
    book = Workbook(write_only=True)
    page = book.create_sheet("案件")
    page.freeze_panes = "B2"
    for position, (_, width, _) in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(position)].width = width

    def cell(value: Value, *, head: bool = False) -> Cell:
        made = WriteOnlyCell(page, value)
        if isinstance(value, str):
            made.data_type = "s"  # what begins like a formula stays text
        if isinstance(value, datetime):
            made.number_format = _TIME_FORMAT
        if head:
            made.font, made.fill = Font(bold=True), _HEAD_FILL
        return made

    page.append([cell(title, head=True) for title, _, _ in columns])
    count = 0
    for line in _lines(session, query):
        if count == most:
            page.append([cell(f"另有案件未列出：一次最多导出 {most} 件，请缩小查询范围")])
            break
        page.append([cell(value(line)) for _, _, value in columns])
        count += 1
    page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count + 1}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _lines(session: Session, query: CaseQuery) -> Iterator[CaseLine]:
    after = None
    while True:
        page = search(session, query, limit=PAGE_LIMIT, after=after)
        yield from page.cases
        after = page.after
        if after is None:
            return


def _columns(
    units: Mapping[str, str], categories: Mapping[str, Category], now: datetime
) -> tuple[tuple[str, int, _Cell], ...]:
    """Title, width in characters, and how the cell is made of a case."""

    def category(line: CaseLine) -> str:
        known = categories.get(line.category)
        return known.name_zh if known else line.category

    def urgency(line: CaseLine) -> str:
        return _STAGE_WORDS[stage_at(line.due_at, line.warn_at, line.supervise_at, now=now)]

    return (
        ("案号", 14, lambda line: line.number),
        ("状态", 9, lambda line: STATE_WORDS[line.state][0]),
        ("时限情况", 10, urgency),
        ("问题类别", 24, category),
        ("位置", 44, lambda line: line.place_zh),
        ("责任单位", 18, lambda line: units.get(line.unit_id or "", line.unit_id)),
        ("来源", 12, lambda line: SOURCE_WORDS[line.source][0]),
        ("立案时间", 17, lambda line: _local(line.registered_at)),
        ("派遣时间", 17, lambda line: _local(line.dispatched_at)),
        ("应整改时间", 17, lambda line: _local(line.due_at)),
        ("时限暂定", 9, lambda line: "暂定" if line.due_at and line.due_provisional else None),
        ("回传时间", 17, lambda line: _local(line.returned_at)),
        ("结案时间", 17, lambda line: _local(line.closed_at)),
        ("结案方式", 12, lambda line: _closing(line.closing)),
        ("轮次", 6, lambda line: line.round),
        ("退回次数", 9, lambda line: line.send_backs),
        ("催办次数", 9, lambda line: line.urged),
        ("挂账至", 17, lambda line: _local(line.parked_until)),
        ("延期至", 17, lambda line: _local(line.extended_until)),
        ("城管平台案号", 16, lambda line: line.external_number),
        ("纬度", 11, lambda line: line.lat),
        ("经度", 11, lambda line: line.lon),
    )


def _closing(closing: str | None) -> str | None:
    if closing is None:
        return None
    return RECHECK_WORDS[Recheck(closing)][0] if closing in list(Recheck) else "当场整改"


def _local(at: datetime | None) -> datetime | None:
    """The local time without a zone, as a spreadsheet knows it, to the minute."""
    return None if at is None else local_clock(at).replace(second=0, microsecond=0)
