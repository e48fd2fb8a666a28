"""Shipped masks against silhouettes of the layout, drawn without Blender: IoU 0.9 and over."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from zoubian.datasets.city.patrol_plan import SAMPLE_DRIVE, patrol_frames, sample_patrol_street
from zoubian.datasets.city.plans import sample_frames
from zoubian.datasets.city.projection import Camera
from zoubian.datasets.city.shapes import shape
from zoubian.datasets.city.street import build_street

HERE = Path(__file__).parent
DATASETS = HERE.parents[1] / "datasets"
FINE = 4  # silhouettes are drawn so much finer, then each pixel asks for half its area
WHOLE, LARGE_PX = 0.95, 500


def shown(truth: Path, frames, masks: Path) -> dict:
    """Per picture its frame, truth and where its mask lies, of pictures that have one."""
    pictures = {
        Path(p["picture"]).stem: p for p in json.loads(truth.read_text("utf-8"))["pictures"]
    }
    paths = {path.stem: path for path in sorted(masks.glob("*.png"))}
    return {f.name: (f, pictures[f.name], paths[f.name]) for f in frames if f.name in paths}


SHOWN = {
    **shown(DATASETS / "sample" / "truth.json", sample_frames(range(1)), HERE / "sample_masks"),
    **shown(
        DATASETS / "sample_patrol" / "truth.json",
        patrol_frames(sample_patrol_street(), SAMPLE_DRIVE),
        HERE / "patrol_masks",
    ),
}


def turned(piece) -> np.ndarray:
    """The piece's rotation, (3, 3): about x, then y, then z."""
    matrix = np.eye(3)
    for (i, j), degrees in (((1, 2), piece.roll), ((2, 0), piece.pitch), ((0, 1), piece.yaw)):
        step = np.eye(3)
        step[i, i] = step[j, j] = np.cos(np.radians(degrees))
        step[j, i] = np.sin(np.radians(degrees))
        step[i, j] = -step[j, i]
        matrix = step @ matrix
    return matrix


def pixels_of(camera: Camera, piece) -> np.ndarray:
    """The piece's vertices in the picture, (N, 2)."""
    local = np.array(shape(piece.shape).vertices) * piece.scale
    offset = local @ turned(piece).T + (piece.x - camera.x, piece.y - camera.y, piece.z - camera.z)
    along, above, depth = (offset @ np.array(camera.axes()).T).T
    assert depth.min() > 0.1
    scale = camera.focal_px / depth
    return np.stack([camera.width / 2 + along * scale, camera.height / 2 - above * scale], axis=1)


def outlines(camera: Camera, thing) -> list:
    """Pieces with their vertices in the picture; letters have no mesh here and are left out."""
    return [(piece, pixels_of(camera, piece)) for piece in thing.pieces if piece.shape[0] != "text"]


def silhouette(camera: Camera, outlined: list) -> np.ndarray:
    """What a thing covers with nothing before it, (height, width) of bool."""
    corners = np.concatenate([points for _, points in outlined])
    low = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, None)
    high = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 1, (camera.width, camera.height))
    width, height = high - low
    canvas = np.zeros((height * FINE, width * FINE), np.uint8)
    for piece, points in outlined:
        fine = np.round(((points - low) * FINE - 0.5) * 16).astype(np.int32)
        for face in shape(piece.shape).faces:
            cv2.fillConvexPoly(canvas, fine[list(face)], 255, shift=4)
    whole = np.zeros((camera.height, camera.width), bool)
    share = cv2.resize(canvas, (int(width), int(height)), interpolation=cv2.INTER_AREA)
    whole[low[1] : high[1], low[0] : high[0]] = share >= 128
    return whole


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_mask_is_the_silhouette_of_the_layout(name):
    frame, picture, path = SHOWN[name]
    things = {thing.thing_id: thing for thing in build_street(frame.street).things}
    with Image.open(path) as image:
        mask = np.asarray(image)
    assert picture["objects"], name
    for item in picture["objects"]:
        outlined = outlines(frame.camera, things[item["thing_id"]])
        corners = np.concatenate([points for _, points in outlined])
        x0, y0, x1, y1 = item["box_xyxy_px"]
        # Letters on a truck's tailboard reach 5 px past its edge.
        assert (corners.min(axis=0) - 6 <= (x0, y0)).all(), item["thing_id"]
        assert (corners.max(axis=0) + 6 >= (x1, y1)).all(), item["thing_id"]
        if item["pixels"] < LARGE_PX:
            continue
        seen = mask == item["mask_id"]
        told = silhouette(frame.camera, outlined)
        shared = np.count_nonzero(seen & told)
        assert shared >= 0.98 * np.count_nonzero(seen), item["thing_id"]
        if item["visibility"] >= WHOLE:
            assert shared / np.count_nonzero(seen | told) >= 0.9, item["thing_id"]


def test_enough_whole_things_are_compared():
    items = [item for _, picture, _ in SHOWN.values() for item in picture["objects"]]
    whole = [i for i in items if i["visibility"] >= WHOLE and i["pixels"] >= LARGE_PX]
    assert len(whole) >= 25
    assert len({item["visual_class"] for item in whole}) >= 7


def test_a_thing_put_elsewhere_would_be_noticed():
    """The measure itself: half a bin aside is no 0.9 any more."""
    frame, picture, _ = SHOWN["05-closed-bins"]
    things = {thing.thing_id: thing for thing in build_street(frame.street).things}
    first, second = (
        silhouette(frame.camera, outlines(frame.camera, things[item["thing_id"]]))
        for item in picture["objects"][1:3]
    )
    moved = np.roll(first, 12, axis=1)
    assert np.count_nonzero(first & moved) / np.count_nonzero(first | moved) < 0.9
    assert np.count_nonzero(first & second) / np.count_nonzero(first | second) < 0.3
