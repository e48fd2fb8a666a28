"""Large photos: the whole picture and overlapping tiles of it, merged into one answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zoubian.detector.detections import Detections
from zoubian.detector.nms import box_overlaps, suppress

# A box that ends this close to a tile's edge inside the picture may have been cut by it.
_CUT_MARGIN_PX = 2


class DetectsPictures(Protocol):
    """The part of a detector that slicing needs."""

    def detect(
        self, pictures: Sequence[NDArray[np.uint8]], *, score_threshold: float, iou: float
    ) -> list[Detections]:
        """Detect in each picture."""
        ...


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a picture, in its pixels; right and bottom are outside."""

    left: int
    top: int
    right: int
    bottom: int


def plan_tiles(
    picture_hw_px: tuple[int, int], *, tile_px: int, overlap: float, max_tiles: int
) -> tuple[Tile, ...]:
    """Cover a picture with square tiles; none when one tile would hold all of it.

    Args:
        tile_px: side of a tile; tiles grow until no more than `max_tiles` are needed.
        overlap: least share of a tile that its neighbour sees too, 0..0.9.
        max_tiles: most tiles for one picture.

    >>> [tile.left for tile in plan_tiles((600, 1000), tile_px=600, overlap=0.2, max_tiles=9)]
    [0, 400]
    """
    height, width = picture_hw_px
    side = tile_px
    while True:
        tops = _starts(height, side, overlap)
        lefts = _starts(width, side, overlap)
        if len(tops) * len(lefts) <= max_tiles:
            break
        side = math.ceil(side * 1.1)
    if len(tops) * len(lefts) == 1:
        return ()
    return tuple(
        Tile(left, top, min(left + side, width), min(top + side, height))
        for top in tops
        for left in lefts
    )


def detect_sliced(
    detector: DetectsPictures,
    picture: NDArray[np.uint8],
    *,
    tile_px: int,
    overlap: float,
    max_tiles: int,
    score_threshold: float,
    iou: float,
    inside: float,
) -> Detections:
    """Detect in a large picture: near things in the whole of it, far ones in its tiles.

    Args:
        picture: (H, W, 3) BGR.
        tile_px: see `plan_tiles`, as are `overlap` and `max_tiles`.
        score_threshold: show what scores above it.
        iou: boxes of one class that overlap more than this are one object.
        inside: so is, between tiles, a box of which more than this share lies in another.
    """
    height, width = picture.shape[:2]
    whole = Tile(0, 0, width, height)
    tiles = plan_tiles((height, width), tile_px=tile_px, overlap=overlap, max_tiles=max_tiles)
    parts = (whole, *tiles)
    views = [np.ascontiguousarray(picture[t.top : t.bottom, t.left : t.right]) for t in parts]
    found = detector.detect(views, score_threshold=score_threshold, iou=iou)
    return merge_tiles(found, parts, iou=iou, inside=inside)


def merge_tiles(
    found: Sequence[Detections], parts: Sequence[Tile], *, iou: float, inside: float
) -> Detections:
    """Join what was found in the parts of a picture; the first part is the whole of it.

    What an edge cut through ranks behind what was seen entire, so that half an object never
    displaces the object. What one and the same part shows as two stays two: its own
    suppression has looked at it.
    """
    whole = parts[0]
    boxes = np.concatenate(
        [
            d.boxes_xyxy_px + np.array([t.left, t.top] * 2, np.float32)
            for d, t in zip(found, parts, strict=True)
        ]
    )
    scores = np.concatenate([d.scores for d in found])
    class_ids = np.concatenate([d.class_ids for d in found])
    part_ids = np.repeat(np.arange(len(parts)), [len(d) for d in found])
    cut = np.concatenate(
        [_cut_by_edge(d, t, whole) for d, t in zip(found, parts, strict=True)]
    ).astype(np.bool_)
    order = np.lexsort((-scores, cut))
    boxes, scores, class_ids, part_ids = (
        boxes[order],
        scores[order],
        class_ids[order],
        part_ids[order],
    )
    overlap, share_inside = box_overlaps(boxes, boxes)
    same_class = class_ids[:, None] == class_ids[None, :]
    other_part = part_ids[:, None] != part_ids[None, :]
    double = same_class & other_part & ((overlap > iou) | (share_inside > inside))
    kept = suppress(double)
    by_score = kept[np.argsort(-scores[kept], kind="stable")]
    return Detections(boxes[by_score], scores[by_score], class_ids[by_score])


def _starts(length: int, side: int, overlap: float) -> list[int]:
    """Where tiles begin along one side, evenly, the last one ending at its end."""
    if length <= side:
        return [0]
    count = math.ceil((length - side) / (side * (1 - overlap))) + 1
    return [round(i * (length - side) / (count - 1)) for i in range(count)]


def _cut_by_edge(found: Detections, tile: Tile, whole: Tile) -> NDArray[np.bool_]:
    boxes = found.boxes_xyxy_px
    width, height = tile.right - tile.left, tile.bottom - tile.top
    cut = np.zeros(len(found), np.bool_)
    if tile.left > whole.left:
        cut |= boxes[:, 0] < _CUT_MARGIN_PX
    if tile.top > whole.top:
        cut |= boxes[:, 1] < _CUT_MARGIN_PX
    if tile.right < whole.right:
        cut |= boxes[:, 2] > width - _CUT_MARGIN_PX
    if tile.bottom < whole.bottom:
        cut |= boxes[:, 3] > height - _CUT_MARGIN_PX
    return cut
