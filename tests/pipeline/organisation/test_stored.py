"""The organisation in a database, the same on SQLite and PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

from organisations import DatabaseOffice, MakeShapes, MakeWorkbook, feature, square, summary, unit
from sqlalchemy import Engine

from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.organisation.territory import holds_back, responsible

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
NOON = datetime(2026, 5, 10, 4, tzinfo=UTC)


def test_what_was_loaded_comes_back_and_follows_each_load(
    database_office: DatabaseOffice, make_workbook: MakeWorkbook, make_shapes: MakeShapes
) -> None:
    office = database_office
    assert office.organisation().version == 0
    permit = {
        "id": "XK1",
        "name": "某某早市",
        "kind": "经营许可",
        "categories": "游商散贩",
        "hours": "04:00-13:00",
        "valid_from": "2026-05-01",
        "valid_until": "2026-08-31",
    }
    officer = {"id": "U1", "name": "某某", "role": "责任单位", "unit": "A"}
    drawn = make_shapes(
        feature("A", square(125.30, 43.80)), feature("XK1", square(125.302, 43.802, 0.001))
    )
    office.load(make_workbook(unit=[unit("A")], user=[officer], permit=[permit]), drawn)
    first = office.organisation()
    assert office.organisation() is first  # read once
    assert first.actors_of("U1", MAY) == (Actor("U1", Role.OFFICER, "A", None),)
    place = Position(43.8025, 125.3025, 5.0)
    assert responsible(first.territory, place, at=NOON).unit_ids == ("A",)
    found = holds_back(first.territory, "mobile_vendor", place, at=NOON)
    assert found is not None and found.hours is not None

    report = office.load(make_workbook(unit=[unit("A", name="新街道")]), on=JUNE)
    assert summary(report) == {"unit A": "changed"}
    second = office.organisation()
    assert second.version == office.version != first.version
    names = [one.name_zh for day in (MAY, JUNE) if (one := second.unit("A", day))]
    assert names == ["A街道", "新街道"]


def test_file_with_a_bad_row_leaves_no_trace(
    database_office: DatabaseOffice, make_workbook: MakeWorkbook
) -> None:
    report = database_office.load(make_workbook(unit=[unit("A"), unit("B", kind="城")]))
    assert len(report.problems) == 1
    assert (database_office.rows(), database_office.version) == ((0, 0), None)


def test_example_loads_once_and_the_same_again_changes_nothing(
    database_office: DatabaseOffice, example_files: tuple[Path, Path]
) -> None:
    office = database_office
    first = office.load(*example_files)
    before = office.rows()
    again = office.load(*example_files, on=JUNE)
    assert (first.problems, {c.effect for c in first.changes}) == ((), {"added"})
    assert {c.effect for c in again.changes} == {"unchanged"}
    assert (office.rows(), office.version) == (before, None)


def test_loads_at_the_same_time_wait_for_each_other(
    open_database: Callable[[], Engine], make_workbook: MakeWorkbook
) -> None:
    same = make_workbook(unit=[unit(f"A{n}") for n in range(20)])
    offices = [DatabaseOffice(open_database()) for _ in range(6)]
    with ThreadPoolExecutor(len(offices)) as pool:
        reports = list(pool.map(lambda office: office.load(same), offices))
    added = [{c.effect.value for c in report.changes} == {"added"} for report in reports]
    assert sorted(added) == [False] * 5 + [True]
    assert offices[0].rows() == (1, 20)
