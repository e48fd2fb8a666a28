"""Large photos in tiles, with a detector that sees painted squares."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from zoubian.detector.detections import Detections, no_detections, sorted_detections
from zoubian.detector.slicing import Tile, detect_sliced, merge_tiles, plan_tiles


@pytest.mark.parametrize(
    ("size", "tile_px", "max_tiles", "count"),
    [
        ((3000, 4000), 1600, 9, 9),
        ((6000, 8000), 1600, 9, 9),  # tiles grow
        ((6000, 8000), 1600, 1, 0),  # one tile would be the picture itself
        ((1600, 1600), 1600, 9, 0),
        ((100, 90), 1600, 9, 0),
        ((800, 20000), 1600, 6, 6),
    ],
)
def test_tiles_are_bounded_in_number(
    size: tuple[int, int], tile_px: int, max_tiles: int, count: int
) -> None:
    tiles = plan_tiles(size, tile_px=tile_px, overlap=0.15, max_tiles=max_tiles)
    assert len(tiles) == count


@pytest.mark.parametrize("size", [(3000, 4000), (6000, 8000), (3001, 1999), (800, 20000)])
@pytest.mark.parametrize("overlap", [0.0, 0.15, 0.4])
def test_tiles_cover_the_picture_and_overlap(size: tuple[int, int], overlap: float) -> None:
    tiles = plan_tiles(size, tile_px=1000, overlap=overlap, max_tiles=60)
    seen = np.zeros(size, np.bool_)
    for tile in tiles:
        seen[tile.top : tile.bottom, tile.left : tile.right] = True
    assert seen.all()
    for spans in (
        sorted({(t.left, t.right) for t in tiles}),
        sorted({(t.top, t.bottom) for t in tiles}),
    ):
        for (start, end), (next_start, _) in itertools.pairwise(spans):
            assert end - next_start >= overlap * (end - start) - 1


class SquareSeer:
    """Sees white squares that are at least a tenth of the view's width, like a net that shrinks."""

    def __init__(self) -> None:
        self.views = 0

    def detect(
        self, pictures: Sequence[NDArray[np.uint8]], *, score_threshold: float, iou: float
    ) -> list[Detections]:
        self.views += len(pictures)
        return [self._squares(picture) for picture in pictures]

    def _squares(self, picture: NDArray[np.uint8]) -> Detections:
        boxes = []
        for value in np.unique(picture[picture > 0]):
            rows, columns = np.nonzero(picture[..., 0] == value)
            box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
            if (box[2] - box[0]) >= picture.shape[1] / 10:
                boxes.append(box)
        n = len(boxes)
        if not n:
            return no_detections()
        scores = np.full(n, 0.5 if picture.shape[1] > 500 else 0.9, np.float32)
        return sorted_detections(np.array(boxes, np.float32), scores, np.zeros(n, np.int64))


def painted(*boxes: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    picture = np.zeros((600, 1000, 3), np.uint8)
    for value, (left, top, right, bottom) in enumerate(boxes, start=50):
        picture[top:bottom, left:right] = value
    return picture


@pytest.mark.parametrize(
    "boxes",
    [
        [(20, 20, 70, 70)],  # too small for the whole view
        [(380, 280, 440, 340)],  # small, where tiles overlap
        [(200, 100, 700, 500)],  # large: whole in the whole view, cut in every tile
        [(200, 100, 700, 500), (20, 20, 70, 70), (900, 500, 960, 560)],
        [],
    ],
)
def test_finds_each_object_once_and_entire(boxes: list[tuple[int, int, int, int]]) -> None:
    seer = SquareSeer()
    found = detect_sliced(
        seer,
        painted(*boxes),
        tile_px=400,
        overlap=0.25,
        max_tiles=12,
        score_threshold=0.25,
        iou=0.5,
        inside=0.8,
    )
    assert sorted(tuple(box) for box in found.boxes_xyxy_px.tolist()) == sorted(boxes)
    assert 1 < seer.views <= 13


def one(*boxes: tuple[float, ...], score: float = 0.9, class_id: int = 0) -> Detections:
    n = len(boxes)
    return Detections(
        np.array(boxes, np.float32).reshape(n, 4),
        np.full(n, score, np.float32),
        np.full(n, class_id, np.int64),
    )


WHOLE, LEFT, RIGHT = Tile(0, 0, 200, 100), Tile(0, 0, 120, 100), Tile(80, 0, 200, 100)


def test_half_an_object_does_not_displace_the_object_by_a_higher_score() -> None:
    entire = one((50, 10, 190, 90), score=0.4)
    half = one((50, 10, 120, 90), score=0.9)
    found = merge_tiles([entire, half], [WHOLE, LEFT], iou=0.5, inside=0.8)
    assert found.boxes_xyxy_px.tolist() == [[50, 10, 190, 90]]


def test_what_one_part_shows_as_two_stays_two() -> None:
    pair = one((10, 10, 60, 60), (20, 20, 50, 50))
    found = merge_tiles([no_detections(), pair], [WHOLE, LEFT], iou=0.5, inside=0.8)
    assert len(found) == 2


def test_classes_do_not_displace_each_other() -> None:
    box = (85, 10, 115, 60)
    found = merge_tiles(
        [one(box, class_id=0), one(box, class_id=1)], [WHOLE, LEFT], iou=0.5, inside=0.8
    )
    assert sorted(found.class_ids.tolist()) == [0, 1]


def test_tiles_boxes_move_to_the_pictures_pixels() -> None:
    found = merge_tiles([no_detections(), one((5, 6, 50, 60))], [WHOLE, RIGHT], iou=0.5, inside=0.8)
    assert found.boxes_xyxy_px.tolist() == [[85, 6, 130, 60]]
