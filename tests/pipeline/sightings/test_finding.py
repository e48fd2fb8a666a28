"""Looking at large pictures in tiles: small things are found, and each once."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pytest

from zoubian.detector.detections import Detections, no_detections, sorted_detections
from zoubian.detector.pictures import ScaledPicture
from zoubian.pipeline.sightings.finding import finder_of

NEEDED_SHARE = 0.001  # of the view: the fake eye does not see smaller things


class RedSquares:
    """A detector that sees one red thing in a view, if it fills enough of it."""

    def __init__(self) -> None:
        self.views: list[tuple[int, int]] = []

    def stream(
        self,
        pictures: Iterable[np.ndarray],
        *,
        score_threshold: Mapping[str, float],
        iou: float,
    ) -> Iterator[Detections]:
        for view in pictures:
            self.views.append(view.shape[:2])
            rows, columns = np.nonzero(view[:, :, 2] > 200)
            if len(rows) < NEEDED_SHARE * view.shape[0] * view.shape[1]:
                yield no_detections()
                continue
            box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            yield sorted_detections(np.float32([box]), np.float32([0.8]), np.array([0]))


def picture(*, square_px: int, scale: int = 1) -> ScaledPicture:
    """1500 x 2000 px with a red square at (1210, 1010); the original is `scale` times larger."""
    pixels = np.zeros((1500, 2000, 3), np.uint8)
    pixels[1010 : 1010 + square_px, 1210 : 1210 + square_px, 2] = 255
    return ScaledPicture(pixels, (1500 * scale, 2000 * scale))


@pytest.mark.parametrize(
    ("square_px", "tile_px", "expected"),
    [
        (80, None, [(1210, 1010, 1290, 1090)]),  # seen in the whole
        (30, None, []),  # too small for it
        (30, 640, [(1210, 1010, 1240, 1040)]),  # seen in a tile
        (80, 640, [(1210, 1010, 1290, 1090)]),  # seen in both, told once
    ],
)
def test_small_things_need_tiles_and_nothing_is_told_twice(
    square_px: int, tile_px: int | None, expected: list[tuple[int, ...]]
) -> None:
    find = finder_of(
        RedSquares(), classes=("bin",), score_threshold={"bin": 0.5}, nms_iou=0.7, tile_px=tile_px
    )
    (boxes,) = find([picture(square_px=square_px)])
    assert [(b.x1_px, b.y1_px, b.x2_px, b.y2_px) for b in boxes] == expected


def test_boxes_are_in_pixels_of_the_original() -> None:
    find = finder_of(
        RedSquares(), classes=("bin",), score_threshold={"bin": 0.5}, nms_iou=0.7, tile_px=640
    )
    (boxes,) = find([picture(square_px=30, scale=2)])
    assert (boxes[0].x1_px, boxes[0].y2_px) == (2420, 2080)


def test_order_holds_when_only_some_pictures_are_tiled() -> None:
    small = ScaledPicture(np.zeros((300, 400, 3), np.uint8), (300, 400))
    eye = RedSquares()
    find = finder_of(eye, classes=("bin",), score_threshold={"bin": 0.5}, nms_iou=0.7, tile_px=640)
    answers = list(find([small, picture(square_px=30), small]))
    assert [len(boxes) for boxes in answers] == [0, 1, 0]
    assert eye.views[0] == eye.views[-1] == (300, 400)
    assert len(eye.views) > 5
