"""What loading files does: all or nothing, the same again, changes dated, what is worth knowing."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from organisations import (
    Cells,
    MakeShapes,
    MakeWorkbook,
    Office,
    feature,
    square,
    summary,
    told,
    unit,
)

from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.organisation.territory import holds_back, responsible

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
NOON = datetime(2026, 5, 10, 4, tzinfo=UTC)

GROUP: Cells = {"id": "Z1", "name": "第1工作组"}
OFFICER: Cells = {"id": "U1", "name": "某某", "role": "责任单位", "unit": "JD1"}
PERMIT: Cells = {
    "id": "XK1",
    "name": "某某早市",
    "kind": "经营许可",
    "categories": "游商散贩",
    "valid_from": "2026-05-01",
    "valid_until": "2026-08-31",
}


def test_loaded_rows_are_known(office: Office, make_workbook: MakeWorkbook) -> None:
    report = office.load(
        make_workbook(
            campaign=[
                {
                    "id": "2026",
                    "name": "专项行动",
                    "valid_from": "2026-04-10",
                    "valid_until": "2026-12-31",
                    "patrols_per_month": 4,
                }
            ],
            unit=[unit("JD1", name_en="One"), unit("CS1", kind="处室", phone="0431-1")],
            group=[{**GROUP, "lead_unit": "CS1"}],
            cover=[{"group": "Z1", "unit": "JD1"}],
            user=[OFFICER, {"id": "U2", "name": "二", "role": "工作组队员", "group": "Z1"}],
        )
    )
    assert report.problems == ()
    known = office.organisation()
    campaign, one = known.campaign(MAY), known.unit("JD1", MAY)
    assert campaign is not None and (campaign.id, campaign.patrols_per_month) == ("2026", 4)
    assert known.campaign(date(2027, 1, 1)) is None
    assert one is not None and (one.name_zh, one.name_en) == ("JD1街道", "One")
    assert [u.id for u in known.units_on(MAY)] == ["CS1", "JD1"]
    assert [g.lead_unit_id for g in known.groups_on(MAY)] == ["CS1"]
    assert (known.units_of("Z1", MAY), known.groups_of("JD1", MAY)) == (("JD1",), ("Z1",))
    assert known.actors_of("U1", MAY) == (Actor("U1", Role.OFFICER, "JD1", None),)
    assert known.actors_of("U2", MAY) == (Actor("U2", Role.INSPECTOR, None, "Z1"),)
    assert (known.name_of("U1"), known.name_of("U9")) == ("某某", None)


def test_nothing_is_loaded_when_any_row_is_bad(office: Office, make_workbook: MakeWorkbook) -> None:
    path = make_workbook(unit=[unit("JD1"), unit("JD2", kind="城"), unit("JD3", name=None)])
    report = office.load(path)
    assert told(report.problems) == [
        ("组织.xlsx:单位:3", "bad_choice"),
        ("组织.xlsx:单位:4", "empty_cell"),
    ]
    assert office.stated == {}


def test_bad_row_does_not_blame_the_rows_that_refer_to_it(
    office: Office, make_workbook: MakeWorkbook
) -> None:
    report = office.load(make_workbook(unit=[unit("JD1", kind="城")], user=[OFFICER]))
    assert told(report.problems) == [("组织.xlsx:单位:2", "bad_choice")]


def test_sheet_that_cannot_be_read_does_not_blame_what_refers_to_it(
    office: Office, make_workbook: MakeWorkbook, make_shapes: MakeShapes
) -> None:
    path = make_workbook(unit=[unit("JD1")], user=[OFFICER])
    book = openpyxl.load_workbook(path)
    book["单位"].title = "街道表"
    book.save(path)
    report = office.load(path, make_shapes(feature("JD1", square(125.3, 43.8))))
    assert told(report.problems) == [("组织.xlsx:街道表", "renamed_sheet")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({"unit": [unit("A"), unit("A")]}, [("单位:3", "twice")]),
        (
            {"unit": [unit("A", valid_until="2026-05-31"), unit("A", valid_from="2026-05-31")]},
            [("单位:3", "twice")],
        ),
        (
            {"unit": [unit("A", valid_until="2026-05-31"), unit("A", valid_from="2026-06-01")]},
            [],
        ),
        ({"user": [OFFICER]}, [("人员:2", "unknown_reference")]),
        (
            {"unit": [unit("JD1", valid_until="2025-12-31")],
             "user": [{**OFFICER, "valid_from": "2026-01-01"}]},
            [("人员:2", "reference_not_in_force")],
        ),
        (
            {"unit": [unit("JD1")], "user": [{**OFFICER, "unit": None}]},
            [("人员:2", "needs_unit")],
        ),
        (
            {"user": [{"id": "U", "name": "某", "role": "复查"}]},
            [("人员:2", "needs_group")],
        ),
        (
            {"unit": [unit("JD1")],
             "user": [OFFICER, {"id": "U1", "name": "别人", "role": "受理员"}]},
            [("人员:3", "other_name")],
        ),
        ({"permit": [{**PERMIT, "valid_until": None}]}, [("许可与区域:2", "permit_needs_dates")]),
        ({"permit": [{**PERMIT, "kind": "区域", "valid_until": None}]}, []),
        ({"permit": [{**PERMIT, "lat": 43.88, "lon": 125.32}]}, [("许可与区域:2", "half_circle")]),
        (
            {"street": [{"id": "L1", "name": "某路", "unit": "ZS9", "width_m": 40}]},
            [("街路:2", "unknown_reference")],
        ),
        (
            {"assist": [{"category": "游商散贩", "assisting_unit": "CS9"}]},
            [("协办:2", "unknown_reference")],
        ),
    ],
)  # fmt: skip
def test_rows_are_checked_against_each_other(
    rows: dict[str, list[Cells]],
    expected: list[tuple[str, str]],
    office: Office,
    make_workbook: MakeWorkbook,
) -> None:
    found = told(office.load(make_workbook(**rows)).problems)
    assert [(place.removeprefix("组织.xlsx:"), code) for place, code in found] == expected


def test_row_may_refer_to_what_was_loaded_before(
    office: Office, make_workbook: MakeWorkbook
) -> None:
    office.load(make_workbook(unit=[unit("JD1")]))
    assert office.load(make_workbook(user=[OFFICER])).problems == ()


def test_change_is_dated_and_the_past_stays(office: Office, make_workbook: MakeWorkbook) -> None:
    office.load(make_workbook(unit=[unit("JD1")]))
    report = office.load(make_workbook(unit=[unit("JD1", name="新街道")]), on=JUNE)
    assert summary(report) == {"unit JD1": "changed"}
    known = office.organisation()
    names = [one.name_zh for day in (date(2026, 5, 31), JUNE) if (one := known.unit("JD1", day))]
    assert names == ["JD1街道", "新街道"]


def test_person_who_left_may_act_no_more_but_keeps_the_name(
    office: Office, make_workbook: MakeWorkbook
) -> None:
    office.load(make_workbook(unit=[unit("JD1")], user=[OFFICER]))
    gone = {**OFFICER, "valid_until": "2026-05-31"}
    report = office.load(make_workbook(user=[gone]), on=date(2026, 5, 20))
    assert summary(report) == {"user U1/officer": "ended"}
    known = office.organisation()
    assert len(known.actors_of("U1", date(2026, 5, 31))) == 1
    assert known.actors_of("U1", JUNE) == ()
    assert known.name_of("U1") == "某某"


def test_what_a_file_leaves_out_stays_unless_it_is_complete(
    office: Office, make_workbook: MakeWorkbook
) -> None:
    office.load(make_workbook(unit=[unit("A"), unit("B")], group=[GROUP]))
    path = make_workbook(unit=[unit("A")])
    partial = office.load(path, on=JUNE)
    assert told(partial.notes)[-1] == ("单位", "not_in_file")
    assert "B" in partial.notes[-1].message_zh
    complete = office.load(path, on=JUNE, complete=True)
    assert summary(complete) == {"unit A": "unchanged", "unit B": "ended"}
    known = office.organisation()
    assert [u.id for u in known.units_on(JUNE)] == ["A"]
    assert [u.id for u in known.units_on(MAY)] == ["A", "B"]
    assert [g.id for g in known.groups_on(JUNE)] == ["Z1"]  # another sheet


def test_ending_what_others_refer_to_is_a_note(office: Office, make_workbook: MakeWorkbook) -> None:
    office.load(make_workbook(unit=[unit("JD1")], user=[OFFICER], group=[GROUP]))
    report = office.load(make_workbook(unit=[unit("JD1", valid_until="2026-06-30")]), on=JUNE)
    loose = [note for note in report.notes if note.code == "refers_to_ended"]
    assert [note.path for note in loose] == ["单位"]
    assert "U1/officer" in loose[0].message_zh


def test_shapes_find_their_things_and_answer(
    office: Office, make_workbook: MakeWorkbook, make_shapes: MakeShapes
) -> None:
    book = make_workbook(
        unit=[unit("A"), unit("B"), unit("ZS", kind="直属单位")],
        street=[{"id": "L1", "name": "某某大街", "unit": "ZS", "width_m": 60}],
        permit=[PERMIT],
    )
    middle = [[125.305, 43.80], [125.305, 43.81]]
    drawn = make_shapes(
        feature("A", square(125.30, 43.80)),
        feature("B", square(125.31, 43.80)),
        feature("L1", middle, drawn="LineString"),
        feature("XK1", square(125.302, 43.802, 0.001)),
    )
    report = office.load(book, drawn)
    assert report.problems == ()
    ground = office.organisation().territory
    assert responsible(ground, Position(43.805, 125.303, 5.0), at=NOON).unit_ids == ("A",)
    on_street = responsible(ground, Position(43.805, 125.305, 5.0), at=NOON)
    assert (on_street.unit_ids, on_street.street) == (("ZS",), "某某大街")
    permit = holds_back(ground, "mobile_vendor", Position(43.8025, 125.3025, 5.0), at=NOON)
    assert permit is not None and permit.name_zh == "某某早市"


def test_moved_border_is_dated(
    office: Office, make_workbook: MakeWorkbook, make_shapes: MakeShapes
) -> None:
    book = make_workbook(unit=[unit("A")])
    office.load(book, make_shapes(feature("A", square(125.30, 43.80))))
    office.load(make_shapes(feature("A", square(125.40, 43.80))), on=JUNE)
    ground, place = office.organisation().territory, Position(43.805, 125.305, 5.0)
    assert responsible(ground, place, at=NOON).unit_ids == ("A",)
    later = datetime(2026, 6, 1, tzinfo=UTC)
    assert responsible(ground, place, at=later).unit_ids == ()


LINE = [[125.30, 43.80], [125.31, 43.81]]


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (feature("NONE", square(125.3, 43.8)), "shape_of_nothing"),
        (feature("A", LINE, drawn="LineString"), "wrong_geometry"),
        (feature("A", [125.3, 43.8], drawn="Point"), "wrong_geometry"),
        (feature("L1", square(125.3, 43.8)), "wrong_geometry"),
        (feature("SAME", square(125.3, 43.8)), "shape_of_several"),
        (feature("A", square(125.3, 43.8), 类型="街路"), "shape_of_nothing"),
    ],
)
def test_shape_that_fits_nothing_is_named(
    drawn: Any,
    code: str,
    office: Office,
    make_workbook: MakeWorkbook,
    make_shapes: MakeShapes,
) -> None:
    book = make_workbook(
        unit=[unit("A"), unit("SAME")],
        street=[{"id": "L1", "name": "某路", "unit": "A", "width_m": 40}],
        permit=[{**PERMIT, "id": "SAME"}],
    )
    report = office.load(book, make_shapes(drawn))
    assert told(report.problems) == [("图形.geojson:1", code)]
    assert office.stated == {}


def test_kind_tells_apart_what_has_the_same_code(
    office: Office, make_workbook: MakeWorkbook, make_shapes: MakeShapes
) -> None:
    book = make_workbook(unit=[unit("SAME")], permit=[{**PERMIT, "id": "SAME"}])
    drawn = make_shapes(feature("SAME", square(125.3, 43.8), 类型="许可"))
    report = office.load(book, drawn)
    assert report.problems == ()
    assert "permit_shape SAME" in summary(report)


def test_overlapping_areas_are_noted_with_how_much(
    office: Office, make_workbook: MakeWorkbook, make_shapes: MakeShapes
) -> None:
    book = make_workbook(unit=[unit("A"), unit("B"), unit("C")])
    drawn = make_shapes(
        feature("A", square(125.300, 43.8)),
        feature("B", square(125.309, 43.8)),
        feature("C", square(125.319, 43.8)),  # only touches B
    )
    report = office.load(book, drawn)
    overlaps = [note for note in report.notes if note.code == "areas_overlap"]
    assert report.problems == ()
    assert len(overlaps) == 1
    assert "“A”与“B”" in overlaps[0].message_zh
    assert "10.0 %" in overlaps[0].message_en  # a tenth of each square


def test_gaps_are_noted(office: Office, make_workbook: MakeWorkbook) -> None:
    report = office.load(
        make_workbook(
            unit=[unit("A"), unit("B"), unit("CS", kind="处室")],
            group=[GROUP, {"id": "Z2", "name": "第2工作组"}],
            cover=[{"group": "Z1", "unit": "A"}, {"group": "Z2", "unit": "A"}],
            permit=[PERMIT, {**PERMIT, "id": "XK2", "lat": 43.8, "lon": 125.3, "radius_m": 50}],
        )
    )
    notes = {note.code: note.message_en for note in report.notes if note.code != "no_shape"}
    assert set(notes) == {"not_covered", "covered_twice"}
    assert "B" in notes["not_covered"] and "CS" not in notes["not_covered"]
    assert "Z1" in notes["covered_twice"] and "Z2" in notes["covered_twice"]
    bare = [note.message_en for note in report.notes if note.code == "no_shape"]
    assert len(bare) == 2  # A and B; XK1, not XK2
    assert "XK1" in bare[1] and "XK2" not in bare[1]


@pytest.mark.parametrize("name", ["组织.xls", "组织.csv", "组织"])
def test_other_files_are_refused(name: str, office: Office, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")
    assert told(office.load(path).problems) == [(name, "unknown_type")]
