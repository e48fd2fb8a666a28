"""Places in words: hand-worked geometry on a cross of two streets."""

import math

import pytest
from shapely.geometry import LineString, Point

from zoubian.pipeline.domain.geo import EARTH_RADIUS_M, Position
from zoubian.pipeline.organisation.places import NamedShape, PlaceIndex

LAT, LON = 43.88, 125.32
NORTH_M = math.degrees(1 / EARTH_RADIUS_M)
EAST_M = NORTH_M / math.cos(math.radians(LAT))


def at(east_m: float, north_m: float) -> tuple[float, float]:
    """Longitude and latitude so far from the crossing in the middle."""
    return LON + east_m * EAST_M, LAT + north_m * NORTH_M


def road(name_zh: str, name_en: str, *points: tuple[float, float]) -> NamedShape[LineString]:
    return NamedShape(name_zh, name_en, LineString([at(*point) for point in points]))


def place(name_zh: str, name_en: str, east_m: float, north_m: float) -> NamedShape[Point]:
    return NamedShape(name_zh, name_en, Point(at(east_m, north_m)))


CITY = PlaceIndex(
    [
        road("解放大路", "Jiefang Road", (-900, 0), (0, 0), (900, 0)),
        road("人民大街", "Renmin Street", (0, -900), (0, 900)),
        road("解放大路", "Jiefang Road", (0, 8), (900, 8)),  # the other carriageway
        road("环路", "Ring Road", (5000, 0), (5000, 900)),
    ],
    [
        place("第一小学", "No. 1 School", 50, 20),
        place("水塔", "Water Tower", 3000, 3000),
    ],
)


@pytest.mark.parametrize(
    ("east_m", "north_m", "zh", "en"),
    [
        pytest.param(
            53, 4, "解放大路与人民大街交会处东侧约50米，第一小学门前",
            "Jiefang Road at Renmin Street, about 50 m east, in front of No. 1 School",
            id="beside the crossing, before a door",
        ),
        pytest.param(
            -9, -8, "解放大路与人民大街交会处，第一小学附近",
            "Jiefang Road at Renmin Street, near No. 1 School", id="at the crossing",
        ),
        pytest.param(
            1, -230, "人民大街与解放大路交会处南侧约250米",
            "Renmin Street at Jiefang Road, about 250 m south", id="rounded to 50 m when far",
        ),
        pytest.param(
            -40, -45, "人民大街与解放大路交会处西南侧约60米",
            "Renmin Street at Jiefang Road, about 60 m south-west", id="the nearer road first",
        ),
        pytest.param(
            3000, 3060, "水塔北侧约60米", "Water Tower, about 60 m north", id="no road near",
        ),
    ],
)  # fmt: skip
def test_words_of_a_place(east_m: float, north_m: float, zh: str, en: str) -> None:
    lon, lat = at(east_m, north_m)
    words = CITY.words(Position(lat, lon, 5.0))
    assert (words.zh, words.en) == (zh, en)


def test_a_road_without_a_near_crossing_keeps_the_coordinates() -> None:
    lon, lat = at(5010, 450)
    words = CITY.words(Position(lat, lon, 5.0))
    assert words.zh == f"环路沿线，北纬{lat:.5f}，东经{lon:.5f}"
    assert words.en == f"along Ring Road, {lat:.5f}° N, {lon:.5f}° E"


@pytest.mark.parametrize(
    ("index", "position", "zh"),
    [
        pytest.param(
            PlaceIndex((), ()),
            Position(43.8, 125.3, 5.0),
            "北纬43.80000，东经125.30000",
            id="empty",
        ),
        pytest.param(CITY, Position(-33.86, -70.0, 5.0), "南纬33.86000，西经70.00000", id="far"),
    ],
)
def test_coordinates_where_nothing_named_is_near(
    index: PlaceIndex, position: Position, zh: str
) -> None:
    assert index.words(position).zh == zh
