"""Urging in a database: written, noted in the ledger, and no more than there is to urge."""

from dataclasses import replace
from pathlib import Path

import pytest
from case_steps import OFFICE, OFFICER
from due_office import Office, at, due_case
from sqlalchemy import text

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.pipeline.candidates.fonts import FontFile, find_cjk_font
from zoubian.pipeline.dispatch.service import (
    Urged,
    UrgeRules,
    log_urging,
    sheets_to_urge,
    write_sheet,
)
from zoubian.pipeline.dispatch.urging import UrgeSheet
from zoubian.pipeline.domain.cases import CaseAction
from zoubian.pipeline.ledger.cases_check import compare_cases
from zoubian.pipeline.ledger.check import check

NAMES = {"street-1": "南湖街道/东", "street-2": "永昌街道"}


def sheets(office: Office, now: str) -> list[UrgeSheet]:
    with office.uow.reading() as session:
        return sheets_to_urge(
            session,
            now=at(now),
            categories=packaged_tables().categories,
            unit_names=NAMES,
            unit_ids=None,
        )


def log(office: Office, made: list[UrgeSheet], now: str) -> Urged:
    with office.uow() as session:
        return log_urging(session, made, actor=OFFICE, now=at(now))


def test_urging_is_noted_and_counted_the_next_time(office: Office) -> None:
    case = office.register("2026-06-16 09:00")
    office.register("2026-06-16 10:00", unit="street-2")
    first = sheets(office, "2026-06-16 15:31")
    assert [one.unit_zh for one in first] == ["南湖街道/东", "永昌街道"]
    urged = log(office, first, "2026-06-16 15:32")
    assert (len(urged.logged), dict(urged.refused)) == (2, {})
    [event] = [e for e in office.events(f"case:{case.id}") if e.kind == "case.urged"]
    assert event.details["level"] == "urge"
    assert event.details["unit_id"] == "street-1"
    assert event.details["due_at"] == at("2026-06-16 14:30").isoformat()
    assert event.details["batch"] == urged.batch
    assert set(event.details) == {"actor_role", "batch", "due_at", "level", "unit_id"}
    [again, _] = sheets(office, "2026-06-16 16:31")
    assert (again.title, again.cases[0].urged) == ("督办单", 1)
    log(office, [again], "2026-06-16 16:31")
    last = office.events(f"case:{case.id}")[-1]
    assert last.details["level"] == "supervise"
    with office.uow.reading() as session:
        assert list(check(session, noted=(), comparisons=(compare_cases,))) == []
        stored = session.execute(text("SELECT canonical FROM ledger_event")).scalars()
        assert not any("南湖" in canonical for canonical in stored)


def test_case_returned_meanwhile_is_left_out_of_the_ledger(office: Office) -> None:
    waiting, done = (office.register(f"2026-06-16 09:0{n}") for n in range(2))
    made = sheets(office, "2026-06-16 15:00")
    office.do(done, CaseAction.RETURN, OFFICER, "2026-06-16 15:01")
    urged = log(office, made, "2026-06-16 15:02")
    assert urged.logged == (waiting.id,)
    assert [refusal.code for refusal in urged.refused.values()] == ["wrong_state"]


def test_nothing_due_makes_no_sheet(office: Office) -> None:
    office.register("2026-06-16 09:00")
    assert sheets(office, "2026-06-16 09:30") == []


@pytest.mark.parametrize("font", [None, find_cjk_font()], ids=["no font", "a font"])
def test_files_sort_by_unit_and_their_names_can_be_files(
    sheet, tmp_path: Path, font: FontFile | None
) -> None:
    made = replace(sheet(*(due_case(n) for n in range(12))), unit_zh="南湖街道/东")
    rules = UrgeRules(longest_text=500, tallest_px=2000, font=font)
    written = write_sheet(made, tmp_path / "催办", rules)
    assert sorted((tmp_path / "催办").iterdir()) == sorted(written)
    stem = "催办单-南湖街道_东-20260616-1130"
    names = [path.name for path in written]
    assert names[:3] == [f"{stem}.xlsx", f"{stem}-1.txt", f"{stem}-2.txt"]
    assert any(name.endswith(".png") for name in names) is (font is not None)
    assert "南湖街道/东" in written[1].read_text(encoding="utf-8")
