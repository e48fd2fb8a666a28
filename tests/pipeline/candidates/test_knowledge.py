"""Manifest and class tables together: which classes count, how far to trust them, what to file."""

from dataclasses import replace

import pytest

from zoubian.datasets.classes.models import ClassTables
from zoubian.models.registry.manifest import Manifest
from zoubian.pipeline.candidates.knowledge import (
    class_rules,
    measured_precision,
    ranked_categories,
)


def test_rules_follow_the_tables_and_the_manifests_thresholds(
    manifest: Manifest, tables: ClassTables
) -> None:
    rules = class_rules(manifest, tables)
    assert set(rules) == set(manifest.classes)
    assert rules["overflowing_bin"].problem and not rules["bin"].problem
    assert rules["bin"].spot_group == rules["garbage_pile"].spot_group
    assert rules["bin"].threshold == 0.3


@pytest.mark.parametrize(
    ("visual_class", "score", "expected"),
    [
        ("overflowing_bin", 0.2, 0.4),
        ("overflowing_bin", 0.5, 0.65),  # half-way from 0.4 to 0.9
        ("rubble_heap", 0.9, None),
    ],
)
def test_precision_is_that_of_the_score(
    manifest: Manifest, tables: ClassTables, visual_class: str, score: float, expected: float | None
) -> None:
    assert measured_precision(manifest, tables, visual_class, score) == pytest.approx(expected)


def test_a_class_learnt_from_rendered_pictures_stays_unproven_whatever_the_manifest_says(
    tables: ClassTables, manifest: Manifest
) -> None:
    boasting = replace(
        manifest,
        proven=dict.fromkeys(manifest.classes, True),
        precision={"rubble_heap": manifest.precision["bin"]},
    )
    assert measured_precision(boasting, tables, "rubble_heap", 0.9) is None


def test_categories_of_the_naming_class_come_first_and_none_twice(tables: ClassTables) -> None:
    choices = ranked_categories("overflowing_bin", ["garbage_pile", "overflowing_bin"], tables)
    names = [choice.category for choice in choices]
    assert names[:2] == ["bin_overflow", "household_waste_uncollected"]
    assert "road_occupying_pile" in names  # the heap's
    assert len(names) == len(set(names))
    assert all(choice.decided_by_zh and choice.decided_by_en for choice in choices)


def test_a_class_without_a_category_gives_none(tables: ClassTables) -> None:
    assert ranked_categories("road_damage", ["road_damage"], tables) == ()
