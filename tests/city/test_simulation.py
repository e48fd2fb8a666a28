"""The made-up detector: boxes where the renderer puts them, faults as often as asked for."""

import json
from pathlib import Path

import pytest

from zoubian.datasets.city.plans import PLANS
from zoubian.datasets.city.simulation import Faults, Glimpse, glimpses, guesses
from zoubian.datasets.city.street import build_street

SAMPLE = Path(__file__).parents[2] / "datasets" / "sample"
SIZE_PX = (960, 540)
KIND = "overflowing_bin"


def overlap(a, b) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0.0, width) * max(0.0, height)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    return shared / (sum(areas) - shared)


def faults(**changes) -> Faults:
    values = {
        "miss_share": 0.0,
        "small_px": 0.01,
        "jitter_px": 0.0,
        "confusion": {KIND: ()},
        "false_per_frame": 0.0,
        "false_classes": (KIND,),
        **changes,
    }
    return Faults(**values)


def glimpse(side: float = 100.0, *, share: float = 1.0, kind: str = KIND) -> Glimpse:
    return Glimpse("t", "s", kind, (200.0, 200.0, 200.0 + side, 200.0 + side), share, 10.0)


def test_boxes_lie_where_the_renderer_put_them():
    truth = json.loads((SAMPLE / "truth.json").read_text("utf-8"))
    told = {picture["picture"]: picture["objects"] for picture in truth["pictures"]}
    frames = [f for f in PLANS["sample"](range(1)) if f"{f.name}.jpg" in told]
    compared = 0
    for frame, shown in zip(
        frames, glimpses(build_street(frames[0].street), frames, reach_m=40.0), strict=True
    ):
        boxes = {one.thing_id: one for one in shown}
        for item in told[f"{frame.name}.jpg"]:
            x1, y1, x2, y2 = item["box_xyxy_px"]
            if item["visibility"] >= 0.95 and min(x2 - x1, y2 - y1) >= 60:
                compared += 1
                assert overlap(boxes[item["thing_id"]].box_xyxy_px, (x1, y1, x2, y2)) >= 0.85
    assert compared >= 8


def test_a_faultless_detector_answers_what_shows():
    (guess,) = guesses([glimpse()], faults(), SIZE_PX, seed="1")
    assert guess.visual_class == KIND
    assert guess.box_xyxy_px == (200.0, 200.0, 300.0, 300.0)


@pytest.mark.parametrize(
    ("seen", "settings", "expected"),
    [
        pytest.param(glimpse(), {"miss_share": 0.3}, 0.7, id="misses"),
        pytest.param(glimpse(14.0), {"small_px": 14.0}, 0.5, id="small things"),
        pytest.param(glimpse(share=0.2), {}, 0.0, id="hidden things"),
        pytest.param(glimpse(kind="leaf_heap"), {}, 0.0, id="a decoy that deceives nobody"),
        pytest.param(
            glimpse(kind="leaf_heap"),
            {"confusion": {"leaf_heap": ((KIND, 0.2),), KIND: ()}},
            1.0,
            id="a decoy with a class of its own is answered",
        ),
    ],
)
def test_how_often_a_thing_is_answered(seen, settings, expected):
    answers = [guesses([seen], faults(**settings), SIZE_PX, seed=str(i)) for i in range(600)]
    assert sum(map(bool, answers)) / 600 == pytest.approx(expected, abs=0.07)


def test_false_boxes_lie_in_the_frame_as_often_as_asked():
    answers = [guesses([], faults(false_per_frame=0.1), SIZE_PX, seed=str(i)) for i in range(900)]
    boxes = [one.box_xyxy_px for answer in answers for one in answer]
    assert len(boxes) / 900 == pytest.approx(0.1, abs=0.04)
    assert all(0 <= b[0] < b[2] <= 960 and 0 <= b[1] < b[3] <= 540 for b in boxes)


def test_the_same_seed_answers_the_same():
    settings = faults(miss_share=0.5, jitter_px=3.0, false_per_frame=0.5)
    assert guesses([glimpse()], settings, SIZE_PX, seed="7") == guesses(
        [glimpse()], settings, SIZE_PX, seed="7"
    )
