"""Evaluation, calibration and the card, with a detector whose answers are known."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from zoubian.datasets.formats import YoloDataset, load_yolo_dataset
from zoubian.detector.detections import Detections, no_detections, sorted_detections
from zoubian.training.evaluate import figures, look_at, match_classes
from zoubian.training.release import (
    calibrate,
    is_harmless,
    photo_figures,
    split_by_use,
)

CLASSES = ("pile", "bin", "cat")  # the model's order; the data set's is another one
SIZE_PX = 100


class KnownAnswers:
    """A detector that says for each picture what it was told to say, in order."""

    classes = CLASSES

    def __init__(self, answers: list[Detections]) -> None:
        self._answers = answers

    def stream(
        self, pictures: Iterable[np.ndarray], *, score_threshold: float, iou: float
    ) -> Iterator[Detections]:
        for picture, answer in zip(pictures, self._answers, strict=True):
            assert picture.shape == (SIZE_PX, SIZE_PX, 3)
            yield answer


def found(*rows: tuple[float, float, float, float, float, int]) -> Detections:
    if not rows:
        return no_detections()
    table = np.array(rows, dtype=np.float32)
    return sorted_detections(table[:, :4], table[:, 4], table[:, 5].astype(np.int64))


@pytest.fixture
def dataset(tmp_path: Path) -> YoloDataset:
    """Three photos: a pile, a bin, a bin with a pile."""
    labels = ("1 0.3 0.3 0.2 0.2", "0 0.5 0.5 0.4 0.4", "0 0.2 0.2 0.2 0.2\n1 0.7 0.7 0.2 0.2")
    for part in ("images", "labels"):
        (tmp_path / "val" / part).mkdir(parents=True)
    for number, label in enumerate(labels):
        Image.new("RGB", (SIZE_PX, SIZE_PX)).save(tmp_path / "val" / "images" / f"{number}.png")
        (tmp_path / "val" / "labels" / f"{number}.txt").write_text(label + "\n")
    (tmp_path / "data.yaml").write_text("train: val/images\nval: val/images\nnames: [bin, pile]\n")
    loaded, problems = load_yolo_dataset(tmp_path / "data.yaml", "val")
    assert not problems
    return loaded


ANSWERS = [
    found((20, 20, 40, 40, 0.9, 0)),
    found((30, 30, 70, 70, 0.8, 1), (0, 0, 20, 20, 0.4, 0)),
    found((10, 10, 30, 30, 0.7, 1), (60, 60, 80, 80, 0.6, 0), (5, 5, 9, 9, 0.5, 2)),
]


def test_classes_are_matched_by_name_and_strangers_left_out(dataset: YoloDataset) -> None:
    looked = look_at(dataset, KnownAnswers(ANSWERS))
    matches = match_classes(looked, names=dataset.names, classes=CLASSES)
    assert set(matches) == {"pile", "bin"}
    assert matches["pile"].boxes == 2
    assert sorted(matches["pile"].scores.round(1).tolist()) == [0.4, 0.6, 0.9]
    result = figures(matches, {"pile": 0.5, "bin": 0.5})
    assert result.per_class["bin"].ap50 == pytest.approx(0.995, abs=0.01)
    assert (result.per_class["pile"].precision, result.per_class["pile"].recall) == (1.0, 1.0)


def test_threshold_of_a_problem_keeps_harmless_photos_quiet(dataset: YoloDataset) -> None:
    looked = look_at(dataset, KnownAnswers(ANSWERS))
    calibration = calibrate(
        looked,
        dataset=dataset,
        classes=CLASSES,
        problems=frozenset({"pile"}),
        quiet_share=1.0,
    )
    assert calibration.thresholds["pile"] > 0.4
    assert calibration.thresholds["bin"] <= 0.7


def test_photo_figures_count_first_answers_and_silence(dataset: YoloDataset) -> None:
    looked = look_at(dataset, KnownAnswers(ANSWERS))
    problems = frozenset({"pile"})
    told = photo_figures(
        looked,
        lambda one: "pile" if len(one) and one.scores[0] > 0.85 else None,
        dataset=dataset,
        problems=problems,
    )
    assert (told.problem_photos, told.harmless_photos) == (2, 1)
    assert (told.named_first, told.quiet) == (0.5, 1.0)
    assert [is_harmless(item, dataset, problems) for item, _ in looked] == [False, True, False]


def test_halves_come_from_the_data_sets_own_file(dataset: YoloDataset, tmp_path: Path) -> None:
    (tmp_path / "use.csv").write_text("file,use\n0.png,calibrate\n1.png,report\n2.png,report\n")
    looked = look_at(dataset, KnownAnswers(ANSWERS))
    calibrate_half, report_half = split_by_use(looked, tmp_path / "use.csv")
    assert [item.image_path.name for item, _ in calibrate_half] == ["0.png"]
    assert [item.image_path.name for item, _ in report_half] == ["1.png", "2.png"]
