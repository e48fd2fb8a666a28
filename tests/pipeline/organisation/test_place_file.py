"""The place file: good rows are used, bad ones come back as problems with their line."""

from pathlib import Path

import pytest

from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.organisation.place_file import load_places

HEAD = "kind,name_zh,wkt\n"
ROAD = '"LINESTRING (125.3 43.8, 125.4 43.8)"'
ON_THE_ROAD = Position(43.8, 125.35, 5.0)


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "places.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_reads_what_spreadsheets_save(tmp_path: Path, encoding: str) -> None:
    index, problems = load_places(written(tmp_path, f"{HEAD}road,解放大路,{ROAD}\n", encoding))
    assert problems == ()
    assert index.words(ON_THE_ROAD).zh.startswith("解放大路沿线")


def test_english_names_are_used_where_they_are_given(tmp_path: Path) -> None:
    text = f"kind,name_zh,name_en,wkt\nroad,解放大路,Jiefang Road,{ROAD}\n"
    index, _ = load_places(written(tmp_path, text))
    assert index.words(ON_THE_ROAD).en.startswith("along Jiefang Road")


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(f"canal,运河,{ROAD}", id="unknown kind"),
        pytest.param("road,解放大路,POINT (125.3 43.8)", id="a road that is a point"),
        pytest.param(f"place,小学,{ROAD}", id="a place that is a line"),
        pytest.param(f"road,,{ROAD}", id="no name"),
        pytest.param("place,小学,POINT (125.3", id="cut geometry"),
        pytest.param("place,小学,", id="no geometry"),
        pytest.param("place,小学,POINT EMPTY", id="empty geometry"),
        pytest.param("place,小学,POINT (43.8 125.3)", id="latitude first"),
        pytest.param("place", id="short row"),
    ],
)
def test_a_bad_row_is_a_problem_and_the_others_are_used(tmp_path: Path, row: str) -> None:
    path = written(tmp_path, f"{HEAD}{row}\nroad,解放大路,{ROAD}\n")
    index, problems = load_places(path)
    assert [(problem.path, problem.code) for problem in problems] == [(f"{path}:2", "places_row")]
    assert index.words(ON_THE_ROAD).zh.startswith("解放大路沿线")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"name,wkt\nx,POINT (1 2)\n", "places_columns", id="columns missing"),
        pytest.param(b"\xff\xfe\x00\x00\xff", "places_unreadable", id="no text"),
        pytest.param(None, "places_unreadable", id="no file"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_problem(
    tmp_path: Path, content: bytes | None, code: str
) -> None:
    path = tmp_path / "places.csv"
    if content is not None:
        path.write_bytes(content)
    index, problems = load_places(path)
    assert [problem.code for problem in problems] == [code]
    assert index.roads == ()


def test_a_file_with_its_head_only_is_no_problem(tmp_path: Path) -> None:
    assert load_places(written(tmp_path, HEAD))[1] == ()
