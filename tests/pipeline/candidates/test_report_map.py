"""The map: one scale, north up, nothing outside, numbers that do not cover each other."""

import itertools
import math
import re

import pytest
from shapely.geometry import LineString

from zoubian.pipeline.candidates.report_map import MapView, lay_out_map
from zoubian.pipeline.candidates.result import ResultCandidate, ResultFrame
from zoubian.pipeline.domain.geo import EARTH_RADIUS_M, Position
from zoubian.pipeline.organisation.places import NamedShape

LAT, LON = 43.88, 125.32
NORTH_M = math.degrees(1 / EARTH_RADIUS_M)
EAST_M = NORTH_M / math.cos(math.radians(LAT))


def place(east_m: float, north_m: float, error_m: float = 20.0) -> Position:
    return Position(LAT + north_m * NORTH_M, LON + east_m * EAST_M, error_m)


def candidate(number: int, position: Position | None) -> ResultCandidate:
    return ResultCandidate(
        id=f"{number}",
        number=f"Z1123-{number:03d}",
        visual_class="overflowing_bin",
        members={"overflowing_bin": 1},
        category=None,
        category_zh=None,
        choices=(),
        confidence=0.8,
        precision=None,
        proven=False,
        position=position,
        place_zh=None,
        place_en=None,
        first_seen_at=None,
        frames=(),
        evidence=(),
    )


def photo(position: Position | None) -> ResultFrame:
    return ResultFrame("f", "f.jpg", None, None, position, True, None, None)


def laid_out(
    *candidates: ResultCandidate, roads: tuple[NamedShape[LineString], ...] = ()
) -> MapView:
    view = lay_out_map((), candidates, roads)
    assert view is not None
    return view


@pytest.mark.parametrize(
    ("frames", "candidates"),
    [((), ()), ((photo(None),), ()), ((photo(None),), (candidate(1, None),))],
)
def test_nothing_placed_gives_no_map(
    frames: tuple[ResultFrame, ...], candidates: tuple[ResultCandidate, ...]
) -> None:
    assert lay_out_map(frames, candidates, ()) is None


def test_north_is_up_and_both_directions_share_one_scale() -> None:
    view = laid_out(
        *(candidate(i, place(*at)) for i, at in enumerate([(0, 0), (300, 0), (0, 300)]))
    )
    origin, east, north = view.markers
    assert east.x - origin.x == pytest.approx(origin.y - north.y, rel=0.002)
    assert east.y == pytest.approx(origin.y, abs=0.2)
    assert origin.radius == pytest.approx((east.x - origin.x) * 20 / 300, rel=0.01)


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    view = laid_out(candidate(1, place(0, 0)), candidate(2, place(1000, 0)))
    first, second = view.markers
    assert view.bar / view.bar_m == pytest.approx((second.x - first.x) / 1000, rel=0.01)
    assert view.bar <= 160


@pytest.mark.parametrize(
    "spots",
    [
        pytest.param([(0, 0)], id="one"),
        pytest.param([(at * 15, 0) for at in range(60)], id="sixty along a street"),
        pytest.param([(0, at * 40) for at in range(30)], id="north to south"),
        pytest.param([(0, 0)] * 12, id="all in one place"),
        pytest.param([(0, 0), (200_000, 90_000)], id="two cities"),
    ],
)
def test_numbers_lie_on_the_map_and_do_not_cover_each_other(
    spots: list[tuple[float, float]],
) -> None:
    view = laid_out(*(candidate(i, place(*at)) for i, at in enumerate(spots)))
    for marker in view.markers:
        assert 20 <= marker.pill_x <= view.width - 20
        assert 12 <= marker.pill_y <= view.height - 12
    for a, b in itertools.combinations(view.markers, 2):
        assert abs(a.pill_x - b.pill_x) >= 40 or abs(a.pill_y - b.pill_y) >= 24


def test_roads_are_cut_at_the_frame_and_named_where_there_is_room() -> None:
    long_road = LineString([(LON - 0.1, LAT), (LON + 0.1, LAT)])
    elsewhere = LineString([(LON + 1, LAT), (LON + 2, LAT)])
    view = laid_out(
        candidate(1, place(0, 0)),
        roads=(
            NamedShape("解放大路", "Jiefang Road", long_road),
            NamedShape("远", "Far", elsewhere),
        ),
    )
    (road,) = view.roads
    xs = [float(x) for x in re.findall(r"[ML]([\d.]+) ", road.path)]
    assert (min(xs), max(xs)) == (0.0, view.width)
    assert road.label is not None
    x, _, turn = road.label
    (marker,) = view.markers
    assert abs(x - marker.pill_x) > 50 and turn == pytest.approx(0, abs=0.1)


def test_candidates_without_a_position_are_counted() -> None:
    assert laid_out(candidate(1, place(0, 0)), candidate(2, None)).unplaced == 1
