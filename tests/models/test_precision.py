"""From a score to the measured precision that is shown instead of it."""

from pathlib import Path

import pytest

from zoubian.models.registry.manifest import Manifest, PrecisionPoint
from zoubian.models.registry.precision import isotonic_precisions, precision_at

TABLE = (
    PrecisionPoint(0.2, 0.5, 10),
    PrecisionPoint(0.4, 0.7, 10),
    PrecisionPoint(0.8, 0.9, 10),
)


def manifest(points: tuple[PrecisionPoint, ...], *, proven: bool) -> Manifest:
    return Manifest(
        name="m",
        version="1",
        weights=Path("m.onnx"),
        sha256="",
        classes=("bin",),
        head="one_to_many",
        input_hw_px=(320, 320),
        quantisation="fp32",
        thresholds={"bin": 0.2},
        nms_iou=0.7,
        precision={"bin": points},
        proven={"bin": proven},
        metrics={},
        licence="",
        attributions=(),
        source_weights_sha256=None,
        made_with={},
    )


@pytest.mark.parametrize(
    ("score", "expected"),
    [(0.0, 0.5), (0.2, 0.5), (0.3, 0.6), (0.4, 0.7), (0.6, 0.8), (0.8, 0.9), (1.0, 0.9)],
)
def test_goes_straight_between_measured_points_and_level_outside(
    score: float, expected: float
) -> None:
    assert precision_at(manifest(TABLE, proven=True), "bin", score) == pytest.approx(expected)


@pytest.mark.parametrize(("points", "proven"), [(TABLE, False), ((), True)])
def test_is_unknown_where_nothing_real_was_measured(
    points: tuple[PrecisionPoint, ...], proven: bool
) -> None:
    assert precision_at(manifest(points, proven=proven), "bin", 0.9) is None


def test_refuses_a_class_the_model_does_not_have() -> None:
    with pytest.raises(KeyError):
        precision_at(manifest(TABLE, proven=True), "car", 0.9)


@pytest.mark.parametrize(
    ("precisions", "counts", "expected"),
    [
        ([0.5, 0.7, 0.9], [1, 1, 1], [0.5, 0.7, 0.9]),
        ([0.9, 0.5], [1, 3], [0.6, 0.6]),
        ([0.2, 0.9, 0.6, 0.3], [1, 1, 1, 1], [0.2, 0.6, 0.6, 0.6]),
        ([0.4, 0.8, 0.2], [0, 0, 0], [0.4, 0.5, 0.5]),
    ],
)
def test_pools_neighbours_that_fall(
    precisions: list[float], counts: list[int], expected: list[float]
) -> None:
    points = [
        PrecisionPoint(rank / 10, p, n)
        for rank, (p, n) in enumerate(zip(precisions, counts, strict=True))
    ]
    assert isotonic_precisions(points) == pytest.approx(expected)
