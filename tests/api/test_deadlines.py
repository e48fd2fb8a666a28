"""Deadlines and urging from the command line, as an office uses them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zoubian.api.cli.main import run
from zoubian.pipeline import bootstrap
from zoubian.pipeline.deadlines.rules import rules_in_force
from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.cases import Source
from zoubian.pipeline.domain.local_time import local_day
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.ledger.cases import NewCase
from zoubian.pipeline.settings import Settings

REVIEWER = Actor("reviewer-1", Role.REVIEWER)
VENDOR = NewCase(
    category="mobile_vendor",  # 2 紧急工作时 in the example: overdue at any hour of any day
    filing_condition="vendor",
    lat=43.88,
    lon=125.32,
    radius_m=6.0,
    place_zh="人民大街与解放大路交会处东侧约50米",
    place_en=None,
    unit_ids=("street-1",),
    assisting_unit_ids=(),
    source=Source.MANUAL,
    candidate_ids=(),
    photo_sha256s=(),
    external_number=None,
    rule_id=None,
    note=None,
)


Zoubian = Callable[..., "Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


@pytest.fixture
def zoubian(capsys: pytest.CaptureFixture[str]) -> Zoubian:
    """Run `zoubian ...` in this process: what it does needs no other, and starting takes long."""

    def here(*arguments: str | Path) -> Outcome:
        capsys.readouterr()
        code = run(["--lang", "zh", *map(str, arguments)])
        return Outcome(code, *capsys.readouterr())

    return here


@pytest.fixture
def workspace(zoubian: Zoubian, tmp_path: Path) -> Path:
    """A workspace with the example deadlines, loaded from the template, and an overdue case."""
    book, space = tmp_path / "时限.xlsx", tmp_path / "workspace"
    assert zoubian("deadlines", "template", "--out", book, "--workspace", space).code == 0
    tried = zoubian("deadlines", "load", book, "--workspace", space, "--dry-run", "--json")
    assert (tried.code, tried.document()["loaded"]) == (0, False)
    loaded = zoubian("deadlines", "load", book, "--workspace", space, "--json").document()
    assert loaded["loaded"] and loaded["rules"]["new"] == tried.document()["rules"]["new"] > 45
    opened = bootstrap.open_workspace(Settings(workspace=space))
    now = opened.clock()
    with opened.uow() as session:
        [rule] = rules_in_force(session, local_day(now), category="mobile_vendor")
        cases.register(
            session,
            replace(VENDOR, rule_id=rule.id),
            actor=REVIEWER,
            at=now - timedelta(hours=5),
            recorded_at=now,
        )
    return space


def test_deadlines_of_a_category_name_the_other_city(zoubian, workspace: Path) -> None:
    shown = zoubian("deadlines", "show", "垃圾箱满溢", "--workspace", workspace)
    assert shown.code == 0
    assert "4工作时" in shown.out and "运城市（他市示例）" in shown.out
    document = zoubian("deadlines", "show", "bin_overflow", "--json", "--workspace", workspace)
    [rule] = document.document()["rules"]
    assert (rule["amount"], rule["clock"], rule["example"]) == ("4", "工作时", True)
    unknown = zoubian("deadlines", "show", "不存在", "--workspace", workspace)
    assert (unknown.code, len(unknown.err.strip().splitlines())) == (2, 1)


def test_urging_writes_for_each_unit_and_notes_it_once(
    zoubian, workspace: Path, tmp_path: Path
) -> None:
    here = ("--workspace", workspace)
    tried = zoubian("urge", "--out", tmp_path / "a", *here, "--dry-run", "--json")
    assert (tried.code, tried.document()["logged"]) == (0, 0)
    urged = zoubian("urge", "--out", tmp_path / "b", *here, "--json").document()
    [unit] = urged["units"]
    assert (unit["unit"], urged["logged"]) == ("street-1", 1)
    assert unit["supervise"] + unit["overdue"] == 1
    texts = [Path(name) for name in unit["files"] if name.endswith(".txt")]
    assert "他市示例（运城市）" in texts[0].read_text(encoding="utf-8")
    only = ("--dry-run", "--unit", "street-1")
    assert zoubian("urge", "--out", tmp_path / "c", *here, *only).code == 0
    [again] = (tmp_path / "c").glob("*.txt")
    assert "已催办1次" in again.read_text(encoding="utf-8")
    none = zoubian("urge", "--out", tmp_path / "d", *here, "--unit", "x")
    assert (none.code, (tmp_path / "d").exists()) == (0, False)
    assert zoubian("ledger", "check", *here).code == 0


def test_faulty_workbook_is_refused_with_sheet_and_row(zoubian, workspace, tmp_path) -> None:
    book = tmp_path / "时限.xlsx"
    zoubian("deadlines", "template", "--out", book, "--workspace", workspace)
    opened = openpyxl.load_workbook(book)
    opened["时限"]["E3"] = "四"
    opened.save(book)
    refused = zoubian("deadlines", "load", book, "--workspace", workspace)
    assert refused.code == 3
    assert "时限.xlsx:时限:3" in refused.err and "“时限”应为" in refused.err


def test_year_that_nobody_announced_is_shown_as_provisional(zoubian, workspace) -> None:
    known = zoubian("deadlines", "calendar", "show", "2026", "--json", "--workspace", workspace)
    assert known.document()["announced"] is True
    assert {"day": "2026-10-10", "worked": True, "name": "国庆节调休"} in known.document()["days"]
    unknown = zoubian("deadlines", "calendar", "show", "2199", "--workspace", workspace)
    assert unknown.code == 0 and "暂定" in unknown.err


def test_weather_is_declared_and_ended(zoubian, workspace) -> None:
    snow = ("deadlines", "weather", "snowfall", "--workspace", workspace, "--from", "2026-11-20")
    assert zoubian(*snow).code == 0
    assert zoubian(*snow, "--until", "2026-11-20T18:00").code == 0
    assert zoubian(*snow, "--until", "2026-11-19T18:00").code == 2
    assert zoubian(*snow[:-1], "gestern").code == 2
