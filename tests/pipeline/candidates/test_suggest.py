"""Suggestions for one photo: silence on closed bins, the surest class first."""

from collections.abc import Callable

import pytest

from zoubian.datasets.classes.models import ClassTables
from zoubian.models.registry.manifest import Manifest
from zoubian.pipeline.candidates.knowledge import class_rules, ranked_categories
from zoubian.pipeline.candidates.rules import SeenObject
from zoubian.pipeline.candidates.suggest import (
    PhotoSuggestion,
    suggest_categories,
    suggestion_document,
)

Suggest = Callable[..., tuple[PhotoSuggestion, ...]]

BOX = (10.0, 20.0, 110.0, 220.0)
PRECISIONS = {"overflowing_bin": 0.7, "garbage_pile": 0.8, "rubble_heap": None, "bin": 0.99}


@pytest.fixture
def suggest(manifest: Manifest, tables: ClassTables) -> Suggest:
    def run(**scores: float) -> tuple[PhotoSuggestion, ...]:
        return suggest_categories(
            [SeenObject(name, score, BOX) for name, score in scores.items()],
            class_rules(manifest, tables),
            precision_of=lambda name, _: PRECISIONS[name],
            categories_of=lambda name: ranked_categories(name, [name], tables),
        )

    return run


@pytest.mark.parametrize(
    "scores",
    [
        pytest.param({}, id="empty street"),
        pytest.param({"bin": 0.99}, id="closed bin"),
        pytest.param({"garbage_pile": 0.29}, id="below the class's threshold"),
    ],
)
def test_says_nothing_without_a_sure_problem(suggest: Suggest, scores: dict[str, float]) -> None:
    assert suggest(**scores) == ()


@pytest.mark.parametrize(
    ("scores", "first"),
    [
        ({"overflowing_bin": 0.5}, ("bin_overflow", "overflowing_bin")),
        # the heap has the higher measured precision although the bin has the higher score
        (
            {"overflowing_bin": 0.9, "garbage_pile": 0.6},
            ("household_waste_uncollected", "garbage_pile"),
        ),
        # what was never measured comes after what was, however high its score
        ({"rubble_heap": 0.99, "overflowing_bin": 0.5}, ("bin_overflow", "overflowing_bin")),
    ],
)
def test_names_the_surest_class_first(
    suggest: Suggest, scores: dict[str, float], first: tuple[str, str]
) -> None:
    best = suggest(**scores)[0]
    assert (best.category, best.visual_class) == first


def test_names_no_category_twice(suggest: Suggest) -> None:
    named = [item.category for item in suggest(overflowing_bin=0.9, garbage_pile=0.9)]
    assert len(named) == len(set(named)) > 3


def test_document_has_the_agreed_keys(suggest: Suggest) -> None:
    document = suggestion_document(suggest(rubble_heap=0.87654321), {"assessable": True})
    assert set(document) == {"suggestions", "quality"}
    first = document["suggestions"][0]
    assert set(first) == {
        "category", "category_zh", "visual_class", "confidence", "precision", "box_xyxy_px",
    }  # fmt: skip
    assert first["confidence"] == 0.8765
    assert first["precision"] is None
    assert first["box_xyxy_px"] == [10.0, 20.0, 110.0, 220.0]
