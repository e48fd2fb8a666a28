"""The quality gate: spoilt pictures are refused for the right reason, honest ones pass."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from bad_photos import street
from spoiling import Picture, covered, defocused, exposed, shaken

from zoubian.pipeline.intake.quality import Quality, QualityThresholds, judge_quality

THRESHOLDS = QualityThresholds()

SPOILT: list[tuple[str, Callable[[Picture, int], Picture], float]] = [
    # what, how, share that must be caught
    ("shaken", lambda image, i: shaken(image, share=0.03, angle_deg=37.0 * i), 0.85),
    ("defocused", lambda image, i: defocused(image, share=0.01), 0.95),
    ("defocused", lambda image, i: defocused(image, share=0.025), 0.98),
    ("dark", lambda image, i: exposed(image, stops=-5, seed=i), 0.95),
    ("overexposed", lambda image, i: exposed(image, stops=5, seed=i), 0.85),
    ("covered", lambda image, i: covered(image, share=0.8, seed=i), 0.95),
    ("covered", lambda image, i: covered(image, share=1.0, seed=i), 0.98),
]


def judged(image: Picture) -> Quality:
    return judge_quality(image, thresholds=THRESHOLDS)


def drawn_street(width_px: int = 1024, height_px: int = 768) -> Picture:
    """A picture with detail of every size, as a street has."""
    rng = np.random.default_rng(3)
    layers = [
        cv2.resize(
            rng.integers(0, 255, (height_px // cell, width_px // cell, 3)).astype(np.float32),
            (width_px, height_px),
            interpolation=cv2.INTER_NEAREST,
        )
        for cell in (4, 16, 64)
    ]
    return np.mean(layers, axis=0).astype(np.uint8)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda image: image, None),
        (lambda image: shaken(image, share=0.06, angle_deg=0), "blurred"),
        (lambda image: shaken(image, share=0.06, angle_deg=45), "blurred"),
        (lambda image: shaken(image, share=0.06, angle_deg=90), "blurred"),
        (lambda image: defocused(image, share=0.02), "blurred"),
        (lambda image: exposed(image, stops=-5, seed=1), "too_dark"),
        (lambda image: exposed(image, stops=5, seed=1), "overexposed"),
        (lambda image: covered(image, share=0.8, seed=1), "covered"),
        (lambda image: covered(image, share=0.3, seed=1), None),
    ],
)
def test_names_the_reason(spoil: Callable[[Picture], Picture], reason: str | None) -> None:
    assert judged(spoil(drawn_street())).reason == reason


def test_a_black_frame_is_too_dark_and_a_lit_night_street_is_not() -> None:
    night = np.full((768, 1024, 3), 4, np.uint8)
    assert judged(night).reason == "too_dark"
    night[400:] = drawn_street()[400:] // 3
    night[100:140, 200:240] = 255
    assert judged(night).assessable


@pytest.mark.parametrize("colour", [0, 128, 255])
def test_a_frame_of_one_colour_is_never_assessable(colour: int) -> None:
    assert not judged(np.full((480, 640, 3), colour, np.uint8)).assessable


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (3, 4), (20, 20)])
def test_tiny_pictures_get_an_answer(size: tuple[int, int]) -> None:
    assert judged(np.full((*size, 3), 90, np.uint8)).reason is not None


def test_the_answer_does_not_depend_on_megapixels() -> None:
    large = drawn_street(2048, 1536)
    small = cv2.resize(large, (640, 480), interpolation=cv2.INTER_AREA).astype(np.uint8)
    assert judged(large).sharpness == pytest.approx(judged(small).sharpness, abs=0.05)
    assert judged(large).brightness == pytest.approx(judged(small).brightness, abs=0.01)


def test_the_test_pictures_of_this_folder_pass() -> None:
    assert judged(np.asarray(street())[:, :, ::-1].copy()).assessable


@pytest.mark.data
def test_refuses_at_most_one_honest_photo_in_a_hundred(data_root: Path) -> None:
    files = sorted((data_root / "waste" / "val" / "images").iterdir())[::3]
    refused = [file.name for file in files if not judged(read(file)).assessable]
    assert len(refused) <= 0.01 * len(files), refused


@pytest.mark.data
@pytest.mark.parametrize(("_", "spoil", "share"), SPOILT)
def test_catches_spoilt_photos(
    _: str, spoil: Callable[[Picture, int], Picture], share: float, data_root: Path
) -> None:
    files = sorted((data_root / "waste" / "val" / "images").iterdir())[::15]
    caught = [not judged(spoil(read(file), i)).assessable for i, file in enumerate(files)]
    assert np.mean(caught) >= share


def read(file: Path) -> Picture:
    image = cv2.imread(str(file))
    assert image is not None
    return image.astype(np.uint8)
