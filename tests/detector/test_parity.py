"""Parity with ultralytics' own predictions on real photos, as design.md section 7 asks."""

import itertools
import os
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from zoubian.detector.detections import Detections
from zoubian.detector.detector import load_detector
from zoubian.detector.letterbox import letterbox_picture, plan_letterbox
from zoubian.detector.nms import box_overlaps
from zoubian.models.registry.manifest import Manifest

pytestmark = pytest.mark.train

INPUT_PX = 416
PHOTOS = 50
# A box at the very threshold may fall on either side: what one shows above the upper score, the
# other must have above the lower one.
SHOWN_SCORE, LOWER_SCORE = 0.25, 0.24
CLASSES = ("bin", "overflowing_bin", "garbage_pile", "litter")


@pytest.fixture(scope="module")
def ultralytics(tmp_path_factory: pytest.TempPathFactory) -> Any:
    # Its settings file and fonts go where the test's own files go.
    os.environ.setdefault("YOLO_CONFIG_DIR", str(tmp_path_factory.mktemp("ultralytics")))
    return pytest.importorskip("ultralytics")


@pytest.fixture(scope="module")
def checkpoint(data_root: Path, ultralytics: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The start weights with their export beside them."""
    copy = tmp_path_factory.mktemp("weights") / "start.pt"
    shutil.copy(data_root / "start" / "yolo11n-waste.pt", copy)
    ultralytics.YOLO(str(copy)).export(format="onnx", imgsz=INPUT_PX, opset=17, device="cpu")
    return copy


@pytest.fixture(scope="module")
def photos(data_root: Path) -> list[Path]:
    """Spread over val; the first ones would all be of one source."""
    found = sorted((data_root / "waste" / "val" / "images").iterdir())
    return found[:: len(found) // PHOTOS][:PHOTOS]


@pytest.fixture(scope="module")
def reference(ultralytics: Any, checkpoint: Path, photos: list[Path]) -> list[NDArray[np.float32]]:
    """What ultralytics predicts from the checkpoint: (N, 6) a photo, above the lower score."""
    model = ultralytics.YOLO(str(checkpoint))
    return [
        model.predict(
            cv2.imread(str(photo)),
            imgsz=INPUT_PX,
            rect=False,
            conf=LOWER_SCORE,
            iou=0.7,
            device="cpu",
            verbose=False,
        )[0].boxes.data.numpy()
        for photo in photos
    ]


def manifest_of(weights: Path) -> Manifest:
    return Manifest(
        name="start",
        version="0",
        weights=weights,
        sha256="",
        classes=CLASSES,
        head="one_to_many",
        input_hw_px=(INPUT_PX, INPUT_PX),
        quantisation="fp32",
        thresholds=dict.fromkeys(CLASSES, 0.25),
        nms_iou=0.7,
        precision={},
        proven=dict.fromkeys(CLASSES, False),
        metrics={},
        licence="AGPL-3.0-or-later",
        attributions=(),
        source_weights_sha256=None,
        made_with={},
    )


def as_rows(found: Detections) -> NDArray[np.float32]:
    return np.column_stack([found.boxes_xyxy_px, found.scores, found.class_ids]).astype(np.float32)


def unmatched(rows: NDArray[np.float32], among: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows (N, 6) without a counterpart: same class, IoU >= 0.99, score within 0.01."""
    iou, _ = box_overlaps(rows[:, :4], among[:, :4])
    same = (
        (iou >= 0.99)
        & (abs(rows[:, None, 4] - among[None, :, 4]) <= 0.01)
        & (rows[:, None, 5] == among[None, :, 5])
    )
    return rows[~same.any(axis=1)]


def shown(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    # Suppression goes from high to low scores, so that cutting afterwards is the same as before.
    return rows[rows[:, 4] > SHOWN_SCORE]


@pytest.mark.data
@pytest.mark.parametrize("runtime", ["openvino", "onnxruntime", "torch"])
def test_finds_what_ultralytics_finds(
    runtime: str, checkpoint: Path, photos: list[Path], reference: list[NDArray[np.float32]]
) -> None:
    weights = checkpoint if runtime == "torch" else checkpoint.with_suffix(".onnx")
    detector = load_detector(
        manifest_of(weights), runtime=runtime, threads=2, precision="f32", cache_dir=None
    )
    pictures = (cv2.imread(str(photo)).astype(np.uint8, copy=False) for photo in photos)
    found = detector.stream(pictures, score_threshold=LOWER_SCORE, iou=0.7)
    compared = 0
    for ours, theirs in zip(map(as_rows, found), reference, strict=True):
        assert not len(unmatched(shown(theirs), ours)), "missing"
        assert not len(unmatched(shown(ours), theirs)), "extra"
        compared += len(shown(theirs))
    assert compared > PHOTOS


def test_letterbox_is_ultralytics_own_to_the_bit(ultralytics: Any) -> None:
    from ultralytics.data.augment import LetterBox

    rng = np.random.default_rng(7)
    sizes = [(720, 1280), (333, 500), (97, 301), (64, 64), (1, 300), (501, 499)]
    for size, target in itertools.product(sizes, [(416, 416), (384, 640)]):
        picture = rng.integers(0, 255, (*size, 3), np.uint8)
        theirs = LetterBox(target, auto=False, scaleup=True)(image=picture)
        ours = letterbox_picture(picture, plan_letterbox(size, target))
        np.testing.assert_array_equal(ours[0], theirs)


@pytest.mark.parametrize("runtime", ["openvino", "onnxruntime"])
def test_an_end_to_end_export_is_decoded_as_ultralytics_decodes_it(
    runtime: str, ultralytics: Any, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "end.pt"
    ultralytics.YOLO("yolo26n.yaml").save(checkpoint)
    exported = ultralytics.YOLO(str(checkpoint)).export(
        format="onnx", imgsz=160, nms=False, device="cpu"
    )
    picture = np.random.default_rng(7).integers(0, 255, (120, 200, 3), np.uint8)
    theirs = (
        ultralytics.YOLO(exported, task="detect")
        .predict(picture, imgsz=160, rect=False, conf=0.0, device="cpu", verbose=False)[0]
        .boxes.data.numpy()
    )
    names = tuple(str(number) for number in range(80))
    manifest = Manifest(
        name="end",
        version="0",
        weights=Path(exported),
        sha256="",
        classes=names,
        head="end_to_end",
        input_hw_px=(160, 160),
        quantisation="fp32",
        thresholds=dict.fromkeys(names, 0.0),
        nms_iou=0.7,
        precision={},
        proven=dict.fromkeys(names, False),
        metrics={},
        licence="AGPL-3.0-or-later",
        attributions=(),
        source_weights_sha256=None,
        made_with={},
    )
    detector = load_detector(manifest, runtime=runtime, threads=2, precision="f32", cache_dir=None)
    [found] = detector.detect([picture], score_threshold=0.0, iou=0.7)
    assert len(found) == len(theirs) == 300
    np.testing.assert_allclose(found.scores, np.sort(theirs[:, 4])[::-1], atol=1e-4)
    assert found.boxes_xyxy_px.min() >= 0
    assert (found.boxes_xyxy_px <= [200, 120, 200, 120]).all()
