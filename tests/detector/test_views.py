"""Several views of one photo: what they are, and how they steady an answer."""

import numpy as np
import pytest

from zoubian.detector.detections import no_detections, sorted_detections
from zoubian.detector.views import photo_views, steadied


def found(*rows: tuple[float, int]):
    scores = np.float32([score for score, _ in rows])
    boxes = np.tile(np.float32([[0, 0, 9, 9]]), (len(rows), 1))
    return sorted_detections(boxes, scores, np.array([c for _, c in rows], np.int64))


def test_views_are_as_it_is_mirrored_and_from_farther_away() -> None:
    photo = np.arange(40 * 80 * 3, dtype=np.uint8).reshape(40, 80, 3)
    as_is, mirrored, wider = photo_views(photo)
    assert (as_is == photo).all()
    assert (mirrored[:, ::-1] == photo).all()
    assert wider.shape == (50, 100, 3)
    assert (wider[5:45, 10:90] == photo).all()


def test_best_score_of_a_class_becomes_the_mean_of_the_views() -> None:
    told = steadied([found((0.9, 0), (0.6, 0), (0.5, 1)), found((0.3, 0)), found((0.6, 0))])
    by_class = {c: told.scores[told.class_ids == c].tolist() for c in (0, 1)}
    assert by_class[0] == pytest.approx([0.6, 0.4])
    assert by_class[1] == pytest.approx([0.5 / 3])
    assert told.scores.tolist() == sorted(told.scores.tolist(), reverse=True)


def test_nothing_in_the_first_view_stays_nothing() -> None:
    assert len(steadied([no_detections(), found((0.9, 0))])) == 0
