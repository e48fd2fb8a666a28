"""Evidence pictures: the best views first, boxes where they belong, words that can be read."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from zoubian.pipeline.candidates.evidence import BoxLabel, best_frames, draw_evidence
from zoubian.pipeline.candidates.fonts import find_cjk_font, load_font
from zoubian.pipeline.candidates.rules import SeenFrame, SeenObject, SpotDraft

RED, BLUE = "#c8240c", "#0a6a8c"
LABELS = {
    "overflowing_bin": BoxLabel("overflowing bin  82%", RED, naming=True),
    "garbage_pile": BoxLabel("garbage pile", BLUE, naming=False),
}
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def frame(
    name: str, *, side: float = 100.0, score: float = 0.8, sharpness: float = 0.7, second: int = 0
) -> SeenFrame:
    return SeenFrame(
        id=name,
        order=name,
        taken_at=START + timedelta(seconds=second),
        position=None,
        assessable=True,
        width_px=1000,
        height_px=1000,
        sharpness=sharpness,
        objects=(SeenObject("overflowing_bin", score, (0.0, 0.0, side, side)),),
    )


def draft(*frames: SeenFrame) -> SpotDraft:
    return SpotDraft("waste", frames, {"overflowing_bin": 1}, "overflowing_bin", 0.8, None, START)


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        pytest.param([frame("a"), frame("b", side=200, second=9)], "ba", id="larger first"),
        pytest.param([frame("a"), frame("b", score=0.9, second=9)], "ba", id="surer first"),
        pytest.param([frame("a"), frame("b", sharpness=0.8, second=9)], "ba", id="sharper first"),
        pytest.param([frame("b"), frame("a", second=9)], "ab", id="path decides a tie"),
        pytest.param(
            [
                frame(n, side=s, second=t)
                for n, s, t in [("a", 300, 0), ("b", 200, 1), ("c", 100, 9)]
            ],
            "acb",
            id="another view before a repeat",
        ),
        pytest.param([frame("a", sharpness=0.0)], "a", id="no sharpness known"),
    ],
)
def test_best_frames_come_first(frames: list[SeenFrame], expected: str) -> None:
    assert "".join(seen.id for seen in best_frames(draft(*frames), limit=3)) == expected


def test_no_more_frames_than_asked() -> None:
    many = draft(*(frame(f"{at}", second=10 * at) for at in range(5)))
    assert len(best_frames(many, limit=3)) == 3


@pytest.fixture
def grey(tmp_path: Path) -> Path:
    path = tmp_path / "grey.jpg"
    Image.new("RGB", (640, 480), (128, 128, 128)).save(path, quality=95)
    return path


def drawn(picture: Path, objects: list[SeenObject]) -> NDArray[np.int16]:
    jpeg = draw_evidence(picture, objects, LABELS, shown_scale=0.5, font_file=None)
    with Image.open(io.BytesIO(jpeg)) as image:
        return np.asarray(image.convert("RGB"), np.int16)


def test_frames_the_object_in_the_copys_px(grey: Path) -> None:
    box = SeenObject("overflowing_bin", 0.8, (400.0, 400.0, 800.0, 800.0))  # copy: 200 to 400
    pixels = drawn(grey, [box])
    left, inside, outside = pixels[300, 201], pixels[300, 300], pixels[300, 100]
    assert np.abs(left - (200, 36, 12)).max() < 30
    assert np.abs(inside - 128).max() < 6 and np.abs(outside - 128).max() < 6


def test_the_best_naming_object_carries_the_widest_line(grey: Path) -> None:
    pixels = drawn(
        grey,
        [
            SeenObject("overflowing_bin", 0.9, (100.0, 300.0, 300.0, 900.0)),
            SeenObject("overflowing_bin", 0.5, (500.0, 300.0, 700.0, 900.0)),
        ],
    )
    row = pixels[400]
    red = (np.abs(row - (200, 36, 12)).max(axis=1) < 60).astype(int)
    assert red[:200].sum() > red[200:].sum() > 0


@pytest.mark.parametrize(
    "box",
    [
        pytest.param((0.0, 0.0, 1280.0, 960.0), id="the whole picture"),
        pytest.param((1270.0, 950.0, 1400.0, 1100.0), id="over the edge"),
        pytest.param((640.0, 480.0, 641.0, 481.0), id="a single px"),
        pytest.param((1200.0, 0.0, 1280.0, 60.0), id="no room above or to the right"),
    ],
)
def test_odd_boxes_are_drawn(grey: Path, box: tuple[float, float, float, float]) -> None:
    pixels = drawn(grey, [SeenObject("overflowing_bin", 0.8, box)])
    assert pixels.shape == (480, 640, 3)
    assert (np.abs(pixels - 128).max(axis=2) > 40).sum() > 20


def test_two_runs_give_the_same_bytes(grey: Path) -> None:
    objects = [
        SeenObject("garbage_pile", 0.8, (100.0, 100.0, 500.0, 500.0)),
        SeenObject("overflowing_bin", 0.8, (300.0, 200.0, 700.0, 700.0)),
    ]
    runs = {
        draw_evidence(grey, order, LABELS, shown_scale=0.5, font_file=None)
        for order in (objects, objects[::-1])
    }
    assert len(runs) == 1


def test_a_copy_that_cannot_be_read_is_an_os_error(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    with pytest.raises(OSError):
        draw_evidence(broken, [], LABELS, shown_scale=1.0, font_file=None)


def test_no_font_is_found_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "simhei.ttf").write_bytes(b"no font")
    assert find_cjk_font((tmp_path, tmp_path / "missing")) is None
    assert load_font(20, None).getbbox("overflowing bin")[2] > 50


def test_a_found_font_draws_chinese() -> None:
    found = find_cjk_font()
    if found is None:
        pytest.skip("not run: no Chinese font on this machine")
    assert found.path.is_file()
    assert load_font(40, found).getbbox("满溢垃圾箱")[2] >= 5 * 36
