"""Shapes as mapping programs write them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from organisations import MakeShapes, feature, square

from zoubian.pipeline.domain.geo import gcj02_from_wgs84
from zoubian.pipeline.organisation.excel import ReadLimits
from zoubian.pipeline.organisation.geojson import ShapeReading, read_geojson

LIMITS = ReadLimits(file_bytes=1 << 20, unpacked_bytes=1 << 20, rows=50)
SQUARE = square(125.3, 43.8)
BOWTIE = [[[125.3, 43.8], [125.4, 43.9], [125.4, 43.8], [125.3, 43.9], [125.3, 43.8]]]


def read(path: Path, crs: Any = "wgs84") -> ShapeReading:
    return read_geojson(path, crs=crs, limits=LIMITS)


@pytest.mark.parametrize(
    ("properties", "of"),
    [
        ({"编号": "JD1"}, None),
        ({"ID": "ＪＤ1 "}, None),
        ({"Code": "JD1", "id": None}, None),
        ({"编号": "", "code": "JD1"}, None),
        ({"编号": "JD1", "类型": "单位"}, "unit"),
        ({"编号": "JD1", "kind": "unit", "NAME": "某某街道"}, "unit"),
    ],
)
def test_code_and_kind_are_found_under_the_usual_names(
    properties: dict[str, object], of: str | None, make_shapes: MakeShapes
) -> None:
    reading = read(make_shapes(feature(None, SQUARE, **properties)))
    assert reading.problems == ()
    assert [(shape.id, shape.of) for shape in reading.shapes] == [("JD1", of)]


def test_dates_of_a_shape_are_read(make_shapes: MakeShapes) -> None:
    shape = read(
        make_shapes(feature("A", SQUARE, 启用日期="2026年5月1日", valid_until="2026/12/31"))
    ).shapes[0]
    assert (shape.valid_from, shape.valid_until) == ("2026-05-01", "2026-12-31")


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (feature(None, SQUARE), "no_code"),
        (feature("A", SQUARE, 启用日期="五月"), "bad_date"),
        (feature("A", SQUARE, 启用日期="2026-05-02", 停用日期="2026-05-01"), "dates_reversed"),
        ({"type": "Feature", "properties": {"编号": "A"}, "geometry": None}, "empty_shape"),
        (feature("A", []), "empty_shape"),
        (feature("A", [[[125.3, 43.8], [125.4, 43.8]]]), "bad_coordinates"),
        (feature("A", [[[125.3, "x"]]]), "bad_coordinates"),
        (feature("A", SQUARE, drawn="Circle"), "bad_coordinates"),
        (feature("A", BOWTIE), "self_crossing"),
        (feature("A", square(2.3, 48.8)), "outside_china"),
        (feature("A", square(0.0, 0.0)), "outside_china"),
        (feature("A", square(43.8, 125.3)), "swapped"),
        (feature("A", square(4_850_000.0, 2_150_000.0, 500.0)), "not_degrees"),
        ("no feature", "bad_coordinates"),
        ({"type": "Feature", "properties": ["编号"], "geometry": None}, "bad_coordinates"),
    ],
)
def test_bad_shape_is_named_by_its_number_and_the_others_are_read(
    broken: object, code: str, make_shapes: MakeShapes
) -> None:
    reading = read(make_shapes(feature("OK", SQUARE), broken))
    assert [shape.id for shape in reading.shapes] == ["OK"]
    assert [(p.path, p.code) for p in reading.problems] == [("图形.geojson:2", code)]


def test_crossing_is_said_with_its_place(make_shapes: MakeShapes) -> None:
    problem = read(make_shapes(feature("A", BOWTIE))).problems[0]
    assert "43.850000" in problem.message_zh
    assert "125.350000" in problem.message_en


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_geojson"),
        ("[]", "not_geojson"),
        ('{"type": "Polygon"}', "not_geojson"),
        ("[" * 100_000, "not_geojson"),
        ('{"type": "FeatureCollection", "features": []}', "no_features"),
        ('{"type": "FeatureCollection", "features": {}}', "no_features"),
        ('{"type": "FeatureCollection"}', "no_features"),
        (" " * (1 << 20) + "{}", "too_large"),
    ],
)
def test_file_that_holds_no_shapes_is_one_clear_line(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text, encoding="utf-8")
    assert [p.code for p in read(path).problems] == [code]


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", True),
        ("urn:ogc:def:crs:EPSG::4326", True),
        ("EPSG:4490", True),
        ("urn:ogc:def:crs:EPSG::4549", False),
        ("EPSG:3857", False),
    ],
)
def test_only_degrees_of_wgs84_or_cgcs2000_are_accepted(
    name: str, accepted: bool, make_shapes: MakeShapes
) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    reading = read(make_shapes(feature("A", SQUARE), crs=crs))
    assert [p.code for p in reading.problems] == ([] if accepted else ["foreign_crs"])
    assert accepted or name in reading.problems[0].message_zh


def test_gcj02_shapes_come_back_in_wgs84(make_shapes: MakeShapes) -> None:
    shifted = [[gcj02_from_wgs84(lat, lon)[::-1] for lon, lat in SQUARE[0]]]
    shape = read(make_shapes(feature("A", shifted)), "gcj02").shapes[0].geometry
    assert shape.hausdorff_distance(shapely.Polygon(SQUARE[0])) < 2e-7


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("gb18030"),
        lambda text: text.encode("utf-8-sig"),
    ],
)
def test_file_in_the_encodings_of_chinese_offices_is_read(
    encode: Callable[[str], bytes], tmp_path: Path
) -> None:
    document = {"type": "FeatureCollection", "features": [feature("一街道", SQUARE)]}
    path = tmp_path / "a.geojson"
    path.write_bytes(encode(json.dumps(document, ensure_ascii=False)))
    assert [shape.id for shape in read(path).shapes] == ["一街道"]


def test_height_is_dropped(make_shapes: MakeShapes) -> None:
    line = [[125.3, 43.8, 200.0], [125.4, 43.8, 201.0]]
    shape = read(make_shapes(feature("L", line, drawn="LineString"))).shapes[0]
    assert not shape.geometry.has_z
