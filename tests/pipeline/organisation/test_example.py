"""The example organisation: of full size, marked, sound, and what the repository holds."""

import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest
import shapely
from organisations import Office

from zoubian.datasets.organisation.example import SHAPES, WORKBOOK, make_example
from zoubian.pipeline.domain.actors import Role
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.organisation.directory import Organisation
from zoubian.pipeline.organisation.places import PlaceIndex
from zoubian.pipeline.organisation.records import UnitKind
from zoubian.pipeline.organisation.territory import responsible
from zoubian.pipeline.organisation.words import place_words

DAY, NOON = date(2026, 6, 1), datetime(2026, 6, 1, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def example(example_files: tuple[Path, Path]) -> Organisation:
    office = Office()
    report = office.load(*example_files, on=DAY)
    assert (report.problems, report.notes) == ((), ())
    return office.organisation()


def test_example_has_the_size_of_the_plan(example: Organisation) -> None:
    kinds = Counter(unit.kind for unit in example.units_on(DAY))
    assert kinds[UnitKind.SUBDISTRICT] == 72
    assert kinds[UnitKind.TOWNSHIP] == 2
    assert len(example.groups_on(DAY)) == 45
    people = example.people(DAY)
    assert len({post.user_id for post in people}) == 400
    assert {post.role for post in people} == set(Role) - {Role.SYSTEM}
    assert len(example.streets) == 40
    campaign = example.campaign(DAY)
    assert campaign is not None and campaign.patrols_per_month == 4


def test_every_unit_has_one_group_and_every_group_a_unit(example: Organisation) -> None:
    territorial = [
        unit.id
        for unit in example.units_on(DAY)
        if unit.kind in (UnitKind.SUBDISTRICT, UnitKind.TOWNSHIP)
    ]
    assert {len(example.groups_of(unit, DAY)) for unit in territorial} == {1}
    assert all(example.units_of(group.id, DAY) for group in example.groups_on(DAY))


def test_every_area_answers_for_its_own_middle(
    example: Organisation, example_files: tuple[Path, Path]
) -> None:
    answers = Counter()
    for feature in json.loads(example_files[1].read_text(encoding="utf-8"))["features"]:
        if feature["properties"]["类型"] == "单位":
            spot = shapely.from_geojson(json.dumps(feature["geometry"])).representative_point()
            position = Position(spot.y, spot.x, 3.0)
            found = responsible(example.territory, position, at=NOON)
            own = feature["properties"]["编号"] in found.unit_ids
            answers["own" if own else "street" if found.street else "other"] += 1
    assert (sum(answers.values()), answers["other"]) == (74, 0)
    assert answers["own"] > 60


def test_every_name_says_that_it_is_an_example(example: Organisation) -> None:
    named = [*example.units_on(DAY), *example.groups_on(DAY)]
    named += [street for many in example.streets.values() for street in many]
    named += [permit for many in example.permits.values() for permit in many]
    assert [one for one in named if "示例" not in one.name_zh] == []
    assert [post for post in example.people(DAY) if "示例" not in post.name] == []


def test_places_are_said_with_the_unit_and_its_streets(example: Organisation) -> None:
    nothing = PlaceIndex((), ())
    middle = place_words(example, Position(43.88, 125.32, 5.0), places=nothing, at=NOON)
    assert re.fullmatch(r"..街道（示例）..路（示例）.侧约\d+米", middle.zh), middle.zh


def test_committed_files_are_what_the_seed_makes(example_files: tuple[Path, Path]) -> None:
    committed = files("zoubian.datasets.organisation")
    shapes = (committed / SHAPES).read_text(encoding="utf-8")
    assert shapes == example_files[1].read_text(encoding="utf-8")
    with (committed / WORKBOOK).open("rb") as file:
        kept = _cells(openpyxl.load_workbook(file))
    assert kept == _cells(openpyxl.load_workbook(example_files[0]))


def test_another_seed_makes_another_city() -> None:
    rows, drawings = make_example(seed=1)
    others, other_drawings = make_example(seed=2)
    assert rows["unit"] != others["unit"]
    assert not drawings[0].shape.equals(other_drawings[0].shape)


def _cells(book: openpyxl.Workbook) -> dict[str, list[tuple[object, ...]]]:
    return {page.title: list(page.iter_rows(values_only=True)) for page in book.worksheets}
