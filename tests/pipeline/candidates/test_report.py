"""The report: one page that loads nothing, escapes everything and hides no doubt."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from shapely.geometry import LineString

from zoubian.pipeline.candidates.report import render_report
from zoubian.pipeline.candidates.result import scan_result
from zoubian.pipeline.candidates.service import Means, form_candidates
from zoubian.pipeline.organisation.places import NamedShape, PlaceIndex

if TYPE_CHECKING:
    from tests.pipeline.candidates.conftest import PatrolDesk

PATROL = "p1"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BOX = (100.0, 200.0, 400.0, 700.0)
FULL = ("overflowing_bin", 0.8, BOX)
VOID = {"meta", "input", "img", "br", "link", "hr"}


class Page(HTMLParser):
    """Tags, attributes that name something to load, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self._open.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "srcset", "data", "action", "xlink:href") and value:
                self.loads.append(value)
            if name == "id" and value:
                self.ids.append(value)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()


def report(desk: "PatrolDesk", means: Means) -> str:
    with desk.uow() as session:
        form_candidates(session, desk.files, patrol_id=PATROL, means=means, at=NOW)
    with desk.uow.reading() as session:
        result = scan_result(session, PATROL, tables=means.tables)
    return render_report(
        result,
        desk.files,
        manifest=means.manifest,
        tables=means.tables,
        places=means.places,
        generated_at=datetime(2026, 11, 23, 4, 0, tzinfo=UTC),
    )


def test_opens_without_a_network(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("a.jpg", [FULL], at=(43.88, 125.32))
    html = report(desk, means)
    page = Page(html)
    assert all(load.startswith(("data:image/", "#")) for load in page.loads)
    assert {load[1:] for load in page.loads if load.startswith("#")} <= set(page.ids)
    loaded_by_style = re.findall(r"url\(|@import", html)
    assert loaded_by_style == []
    assert set(re.findall(r"https?://[^\"\s<]+", html)) == {"http://www.w3.org/2000/svg"}
    assert "link" not in page.tags


def test_escapes_what_others_wrote(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("<script>alert(1)</script>.jpg", [FULL])
    desk.photo('"><img src=x>.jpg', [], quality_reason="blurred")
    desk.photo("<i>clean</i>.jpg", [])
    desk.remark("problem", "<b>bad</b>.jpg", "<u>code</u>")
    desk.remark("note", "<b>note</b>.csv", "side_files")
    html = report(desk, means)
    page = Page(html)
    assert page.tags.count("script") == 1
    assert page.tags.count("img") == 2  # the evidence and the empty frame for enlarging
    assert not {"u"} & set(page.tags)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;.jpg" in html


def test_shows_what_a_person_needs_to_judge_a_candidate(desk: "PatrolDesk", means: Means) -> None:
    heap = ("garbage_pile", 0.5, (450.0, 400.0, 900.0, 800.0))
    taken_at = datetime(2026, 11, 23, 1, 2, tzinfo=UTC)
    desk.photo("a.jpg", [FULL, heap], at=(43.88, 125.32), taken_at=taken_at)
    html = report(desk, means)
    for words in (
        "Z1123-001", "垃圾箱满溢", "满溢垃圾箱 1，垃圾堆 1",
        "overflowing bin × 1, garbage pile × 1",
        "90%", "实测准确率", "2026-11-23 09:02", "北纬43.88000，东经125.32000", "误差约20米",
        "生活垃圾清运不及时", "test-model 0.1",
    ):  # fmt: skip
        assert words in html, words


def test_keeps_the_unproven_apart(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("a.jpg", [FULL])
    desk.photo("b.jpg", [("rubble_heap", 0.9, BOX)])
    before, lane = report(desk, means).split('<section class="lane">')
    assert 'id="Z1123-001"' in before and 'id="Z1123-002"' not in before
    assert 'id="Z1123-002"' in lane and "未经实拍验证" in lane


@pytest.mark.parametrize("screen_word", ["候选", "置信度", "工单"])
def test_avoids_words_that_offices_do_not_use(
    desk: "PatrolDesk", means: Means, screen_word: str
) -> None:
    desk.photo("a.jpg", [FULL], at=(43.88, 125.32))
    assert screen_word not in report(desk, means)


def test_draws_no_map_without_a_position(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("a.jpg", [FULL])
    html = report(desk, means)
    assert "svg" not in Page(html).tags
    assert "没有位置信息，不绘制地图" in html


def test_draws_the_roads_of_the_place_file(
    desk: "PatrolDesk", means_with: Callable[[PlaceIndex], Means]
) -> None:
    street = NamedShape("解放<大>路", "Jiefang Road", LineString([(125.3, 43.88), (125.4, 43.88)]))
    desk.photo("a.jpg", [FULL], at=(43.8801, 125.32))
    html = report(desk, means_with(PlaceIndex([street], ())))
    assert "svg" in Page(html).tags
    assert "解放&lt;大&gt;路</text>" in html


@pytest.mark.parametrize(
    ("photos", "words"),
    [
        pytest.param([], "没有能判读的照片，不能说明没有问题", id="no photo"),
        pytest.param(["blurred"], "没有能判读的照片，不能说明没有问题", id="none assessable"),
        pytest.param([None, None, "covered"], "能判读的 2 张照片中未发现疑似问题", id="clean"),
    ],
)
def test_silence_counts_only_what_could_be_judged(
    desk: "PatrolDesk", means: Means, photos: list[str | None], words: str
) -> None:
    for at, reason in enumerate(photos):
        desk.photo(f"{at}.jpg", [], quality_reason=reason)
    assert words in report(desk, means)


def test_the_same_rows_give_the_same_page(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("a.jpg", [FULL], at=(43.88, 125.32))
    assert report(desk, means) == report(desk, means)
