"""The real finder: a model of the registry behind the detector."""

import importlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zoubian.detector.detections import Detections
from zoubian.detector.detector import load_detector
from zoubian.detector.pictures import ScaledPicture
from zoubian.detector.slicing import Tile, merge_tiles, plan_tiles
from zoubian.detector.views import LOWEST_SCORE, photo_views, steadied
from zoubian.models.registry.manifest import load_manifest
from zoubian.pipeline.sightings.records import Finder, SeenBox

# Neighbouring tiles share a fifth, so that what one edge cuts the next tile shows entire.
TILE_OVERLAP = 0.2
MAX_TILES = 24
# Between tiles, boxes of one class that overlap or contain each other so far are one object.
TILE_IOU = 0.5
TILE_INSIDE = 0.7


@dataclass(frozen=True, slots=True)
class FinderConfig:
    """Which model, and how it runs.

    Attributes:
        manifest: the model's folder.
        runtime: "auto" or the name of one.
        threads: of the CPU; None leaves it to the runtime.
        store_score: what scores lower is not kept; a class whose own threshold is lower keeps
            what reaches that.
        tile_px: pictures larger than this are also looked at in tiles of this side; None never.
        steady: look at each picture in several views and give the steadied scores.
    """

    manifest: Path
    runtime: str
    threads: int | None
    store_score: float
    tile_px: int | None
    steady: bool


class Streams(Protocol):
    """The part of a detector that a finder needs."""

    def stream(
        self,
        pictures: Iterable[NDArray[np.uint8]],
        *,
        score_threshold: Mapping[str, float],
        iou: float,
    ) -> Iterator[Detections]:
        """Detect in each picture, in their order."""
        ...


def load_named_finder(name: str, config: object) -> Finder:
    """Load the finder that "package.module:name" makes from `config`."""
    module, _, factory = name.partition(":")
    find: Finder = getattr(importlib.import_module(module), factory)(config)
    return find


def load_finder(config: FinderConfig) -> Finder:
    """Load the model.

    Raises:
        RegistryError: its files are damaged.
        DetectorError: it does not run here.
    """
    manifest = load_manifest(config.manifest)
    detector = load_detector(
        manifest,
        runtime=config.runtime,
        threads=config.threads,
        precision="auto",
        # Compiling takes half a second; a cache would save 0.2 s of it and be one more thing
        # that a killed process may leave half-written.
        cache_dir=None,
    )
    scores = {name: min(config.store_score, score) for name, score in manifest.thresholds.items()}
    if config.steady:
        return steady_finder_of(detector, classes=manifest.classes, nms_iou=manifest.nms_iou)
    return finder_of(
        detector,
        classes=manifest.classes,
        score_threshold=scores,
        nms_iou=manifest.nms_iou,
        tile_px=config.tile_px,
    )


def finder_of(
    detector: Streams,
    *,
    classes: tuple[str, ...],
    score_threshold: Mapping[str, float],
    nms_iou: float,
    tile_px: int | None,
) -> Finder:
    """A finder that looks at pictures as a whole and, where they are larger, in tiles.

    Args:
        tile_px: see `FinderConfig`.
    """

    def find(pictures: Iterable[ScaledPicture]) -> Iterator[list[SeenBox]]:
        planned: deque[tuple[ScaledPicture, tuple[Tile, ...]]] = deque()
        views = _views(pictures, tile_px, planned)
        found = detector.stream(views, score_threshold=score_threshold, iou=nms_iou)
        for first in found:
            picture, parts = planned.popleft()
            rest = [next(found) for _ in parts[1:]]
            merged = merge_tiles([first, *rest], parts, iou=TILE_IOU, inside=TILE_INSIDE)
            yield _boxes(merged, classes, scale=_source_scale(picture))

    return find


def steady_finder_of(detector: Streams, *, classes: tuple[str, ...], nms_iou: float) -> Finder:
    """A finder for single photos: several views of each, and what they say together."""
    lowest = dict.fromkeys(classes, LOWEST_SCORE)

    def find(pictures: Iterable[ScaledPicture]) -> Iterator[list[SeenBox]]:
        for picture in pictures:
            views = photo_views(picture.pixels)
            found = list(detector.stream(views, score_threshold=lowest, iou=nms_iou))
            yield _boxes(steadied(found), classes, scale=_source_scale(picture))

    return find


def _views(
    pictures: Iterable[ScaledPicture],
    tile_px: int | None,
    planned: deque[tuple[ScaledPicture, tuple[Tile, ...]]],
) -> Iterator[NDArray[np.uint8]]:
    """The whole of each picture and then its tiles, noting in `planned` what was cut how."""
    for picture in pictures:
        height, width = picture.pixels.shape[:2]
        tiles = (
            plan_tiles((height, width), tile_px=tile_px, overlap=TILE_OVERLAP, max_tiles=MAX_TILES)
            if tile_px is not None
            else ()
        )
        parts = (Tile(0, 0, width, height), *tiles)
        planned.append((picture, parts))
        for part in parts:
            view = picture.pixels[part.top : part.bottom, part.left : part.right]
            yield np.ascontiguousarray(view)


def _source_scale(picture: ScaledPicture) -> tuple[float, float]:
    height, width = picture.source_hw_px
    return width / picture.pixels.shape[1], height / picture.pixels.shape[0]


def _boxes(
    detections: Detections, classes: tuple[str, ...], *, scale: tuple[float, float]
) -> list[SeenBox]:
    across, down = scale
    rows = zip(
        detections.class_ids.tolist(),
        detections.scores.tolist(),
        detections.boxes_xyxy_px.tolist(),
        strict=True,
    )
    return [
        SeenBox(classes[class_id], score, x1 * across, y1 * down, x2 * across, y2 * down)
        for class_id, score, (x1, y1, x2, y2) in rows
    ]
