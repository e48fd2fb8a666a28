"""Places in words: unit first, then what the best known file names nearby."""

from datetime import UTC, datetime

import pytest
from organisations import MakeShapes, MakeWorkbook, Office, feature, square, unit
from shapely.geometry import LineString, Point

from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.organisation.directory import Organisation
from zoubian.pipeline.organisation.places import NamedShape, PlaceIndex
from zoubian.pipeline.organisation.words import place_words

NOON = datetime(2026, 5, 10, 4, tzinfo=UTC)
NOTHING = PlaceIndex((), ())
SCHOOL = PlaceIndex((), [NamedShape("第一小学", "School No. 1", Point(125.3050, 43.8050))])
ROAD = PlaceIndex(
    [NamedShape("解放大路", "Jiefang", LineString([(125.30, 43.807), (125.31, 43.807)]))], ()
)


@pytest.fixture
def town(make_workbook: MakeWorkbook, make_shapes: MakeShapes) -> Organisation:
    office = Office()
    report = office.load(
        make_workbook(
            unit=[unit("A", name_en="A Street"), unit("ZS", kind="直属单位")],
            street=[{"id": "L", "name": "人民大街", "unit": "ZS", "width_m": 60}],
        ),
        make_shapes(
            feature("A", square(125.30, 43.80)),
            feature("L", [[125.302, 43.80], [125.302, 43.81]], drawn="LineString"),
        ),
    )
    assert report.problems == ()
    return office.organisation()


@pytest.mark.parametrize(
    ("position", "places", "zh"),
    [
        (Position(43.80505, 125.30505, 5.0), SCHOOL, "A街道第一小学门前"),
        # A city-run street lies in the subdistrict all the same.
        (Position(43.807, 125.30201, 5.0), ROAD, "A街道解放大路沿线，北纬43.80700，东经125.30201"),
        (
            Position(43.807, 125.30201, 5.0),
            NOTHING,
            "A街道人民大街沿线，北纬43.80700，东经125.30201",
        ),
        # The file names nothing near: the organisation's own street does.
        (
            Position(43.8020, 125.3021, 5.0),
            SCHOOL,
            "A街道人民大街沿线，北纬43.80200，东经125.30210",
        ),
        (Position(43.8020, 125.3080, 5.0), NOTHING, "A街道人民大街东侧约500米"),
        (Position(43.8020, 125.3080, 5.0), SCHOOL, "A街道第一小学东南侧约400米"),
        (Position(43.9000, 125.5000, 5.0), SCHOOL, "北纬43.90000，东经125.50000"),
        (Position(43.8050, 125.3112, 5.0), SCHOOL, "第一小学东侧约500米"),
    ],
)
def test_place_is_said_by_what_is_known(
    position: Position, places: PlaceIndex, zh: str, town: Organisation
) -> None:
    assert place_words(town, position, places=places, at=NOON).zh == zh


def test_english_words_name_the_unit_too(town: Organisation) -> None:
    words = place_words(town, Position(43.80505, 125.30505, 5.0), places=SCHOOL, at=NOON)
    assert words.en == "A Street, in front of School No. 1"
