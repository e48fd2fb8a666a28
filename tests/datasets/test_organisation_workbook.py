"""The organisation's workbook as a person opens it."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from zoubian.datasets.classes.lookup import categories
from zoubian.datasets.organisation.sheets import CHOICES, EXPLANATION, REMARK, ROLES, SHEETS
from zoubian.datasets.organisation.workbook import write_template
from zoubian.pipeline.domain.actors import Role
from zoubian.pipeline.organisation.records import PermitKind, UnitKind


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path: Path = tmp_path_factory.mktemp("template") / "template.xlsx"
    write_template(path)
    return openpyxl.load_workbook(path)


def test_sheets_stand_in_order_between_explanation_and_choices(template: Workbook) -> None:
    titles = [sheet.title for sheet in SHEETS]
    assert template.sheetnames == [EXPLANATION, *titles, CHOICES]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_header_is_frozen_and_an_example_row_is_marked(template: Workbook, sheet) -> None:
    page = template[sheet.title]
    assert [cell.value for cell in page[1]] == [*(c.title for c in sheet.columns), REMARK]
    assert page.freeze_panes == "C2"
    assert str(page.cell(2, len(sheet.columns) + 1).value).startswith("示例行")
    filled = {c.key for c, cell in zip(sheet.columns, page[2], strict=False) if cell.value}
    assert {c.key for c in sheet.columns if c.required} <= filled
    assert page.max_row == 2


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_every_choice_and_reference_has_a_drop_down(template: Workbook, sheet) -> None:
    page = template[sheet.title]
    offered = {str(one.sqref).split("2:")[0]: one.formula1 for one in
               page.data_validations.dataValidation}  # fmt: skip
    for position, column in enumerate(sheet.columns, start=1):
        letter = openpyxl.utils.get_column_letter(position)
        wanted = bool(column.choices or column.refers_to or column.kind == "category")
        assert (letter in offered) == wanted, column.title
    for source in offered.values():
        title, cells = source.removeprefix("=").split("!")
        first = template[title][cells.replace("$", "").split(":")[0]]
        assert first.value is not None


def test_explanation_tells_of_every_column(template: Workbook) -> None:
    told = {str(row[1].value) for row in template[EXPLANATION].iter_rows()}
    assert {column.title for sheet in SHEETS for column in sheet.columns} <= told


def test_choices_are_those_of_the_program() -> None:
    by_key = {sheet.key: sheet for sheet in SHEETS}
    assert set(ROLES.values()) == set(Role) - {Role.SYSTEM}
    assert set(by_key["unit"].column("kind").choices.values()) == set(UnitKind)
    assert set(by_key["permit"].column("kind").choices.values()) == set(PermitKind)


def test_all_categories_are_offered(template: Workbook) -> None:
    offered = {cell.value for row in template[CHOICES].iter_rows() for cell in row}
    assert {category.name_zh for category in categories()} <= offered
