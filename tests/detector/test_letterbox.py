"""The letterbox and its inverse, against worked cases and a plain version of the rule."""

import numpy as np
import pytest

from zoubian.detector.letterbox import boxes_to_source, letterbox_picture, plan_letterbox


@pytest.mark.parametrize(
    ("source", "target", "resized", "top", "left"),
    [
        ((720, 1280), (640, 640), (360, 640), 140, 0),
        ((720, 1280), (416, 416), (234, 416), 91, 0),
        ((1280, 720), (416, 416), (416, 234), 0, 91),
        ((512, 512), (416, 416), (416, 416), 0, 0),
        ((100, 50), (416, 416), (416, 208), 0, 104),  # scaled up
        ((333, 500), (416, 416), (277, 416), 69, 0),  # 139 grey rows: the odd one goes below
        ((3000, 1), (640, 640), (640, 1), 0, 319),  # thin, but still there
        ((720, 1280), (384, 640), (360, 640), 12, 0),
        ((416, 640), (416, 640), (416, 640), 0, 0),
    ],
)
def test_lays_the_picture_centred(
    source: tuple[int, int], target: tuple[int, int], resized: tuple[int, int], top: int, left: int
) -> None:
    plan = plan_letterbox(source, target)
    assert (plan.resized_hw_px, plan.top_px, plan.left_px) == (resized, top, left)


def test_surrounds_the_picture_with_grey() -> None:
    pixels = np.full((720, 1280, 3), 200, np.uint8)
    canvas = letterbox_picture(pixels, plan_letterbox((720, 1280), (416, 416)))
    assert canvas.shape == (1, 416, 416, 3)
    assert canvas.flags["C_CONTIGUOUS"]
    assert (canvas[0, 91:325] == 200).all()
    assert (canvas[0, :91] == 114).all()
    assert (canvas[0, 325:] == 114).all()


@pytest.mark.parametrize("source", [(720, 1280), (333, 500), (97, 3001), (3000, 1), (4000, 3000)])
@pytest.mark.parametrize("target", [(416, 416), (384, 640)])
def test_boxes_find_back_to_the_picture(source: tuple[int, int], target: tuple[int, int]) -> None:
    plan = plan_letterbox(source, target)
    rng = np.random.default_rng(7)
    corners = np.sort(rng.uniform(0, 1, (50, 2, 2)), axis=1).reshape(50, 4)
    boxes = (corners * np.array([source[1], source[0]] * 2)).astype(np.float32)
    scale = np.array([plan.resized_hw_px[1] / source[1], plan.resized_hw_px[0] / source[0]] * 2)
    inside = (boxes * scale + [plan.left_px, plan.top_px] * 2).astype(np.float32)
    np.testing.assert_allclose(boxes_to_source(inside, plan), boxes, atol=max(source) * 1e-6)


def test_boxes_are_clipped_to_the_picture() -> None:
    plan = plan_letterbox((720, 1280), (416, 416))
    boxes = np.array([[-20, 0, 500, 416]], np.float32)
    assert boxes_to_source(boxes, plan).tolist() == [[0, 0, 1280, 720]]


def test_the_given_boxes_stay_as_they_are() -> None:
    boxes = np.array([[100, 100, 200, 200]], np.float32)
    boxes_to_source(boxes, plan_letterbox((720, 1280), (416, 416)))
    assert boxes.tolist() == [[100, 100, 200, 200]]
