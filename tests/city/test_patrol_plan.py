"""The drives: long enough, enough to find, and nothing to find in the clean street."""

import itertools

import pytest

from zoubian.datasets.city.patrol_plan import (
    FRAMES_PER_S,
    SAMPLE_DRIVE,
    clean_street,
    patrol_frames,
    sample_patrol_street,
    second_patrol_street,
)
from zoubian.datasets.city.street import FRONT_Y, build_street
from zoubian.datasets.city.training_plan import HELD_BACK_FROM
from zoubian.datasets.classes.lookup import visual_classes

PROBLEMS = {item.id for item in visual_classes() if item.problem}
KNOWN = {item.id for item in visual_classes()}


def things_of(plan):
    return build_street(plan).things


def seen_spots(plan):
    """Spots whose middle comes into the picture within 30 m during the drive."""
    seen = set()
    for frame in patrol_frames(plan, SAMPLE_DRIVE):
        for spot in plan.spots:
            column, row, depth = frame.camera.project((spot.x, spot.y, spot.z + 0.4))
            inside = 0 <= column < frame.camera.width and 0 <= row < frame.camera.height
            if inside and 2.0 < depth < 30.0:
                seen.add(spot.spot_id)
    return seen


@pytest.mark.parametrize("plan", [sample_patrol_street(), second_patrol_street()])
def test_patrol_holds_enough_to_find(plan):
    things = [thing for thing in things_of(plan) if thing.visual_class in KNOWN]
    problems = [thing for thing in things if thing.visual_class in PROBLEMS]
    assert len(things) >= 25
    assert len({thing.spot_id for thing in problems}) >= 12
    assert len({thing.visual_class for thing in problems}) >= 8
    classes = [thing.visual_class for thing in things]
    assert classes.count("muck_truck_uncovered") == classes.count("muck_truck_covered") == 1


@pytest.mark.parametrize("plan", [sample_patrol_street(), second_patrol_street(), clean_street()])
def test_drive_passes_every_spot_in_time(plan):
    frames = patrol_frames(plan, SAMPLE_DRIVE)
    assert len(frames) / FRAMES_PER_S >= 40.0
    gaps = {b.taken_at - a.taken_at for a, b in itertools.pairwise(frames)}
    assert [gap.total_seconds() for gap in gaps] == [1.0 / FRAMES_PER_S]
    assert seen_spots(plan) == {spot.spot_id for spot in plan.spots}


def test_clean_street_has_decoys_only():
    classes = {thing.visual_class for thing in things_of(clean_street())}
    assert not classes & PROBLEMS
    assert {"bin", "muck_truck_covered", "goods_van", "leaf_heap"} <= classes


@pytest.mark.parametrize("plan", [sample_patrol_street(), second_patrol_street(), clean_street()])
def test_streets_kept_for_figures_stay_out_of_training(plan):
    assert plan.seed >= HELD_BACK_FROM


def test_car_keeps_to_its_side_and_moves_on():
    frames = patrol_frames(sample_patrol_street(), SAMPLE_DRIVE)
    assert all(1.0 < frame.camera.y < FRONT_Y - 5.0 for frame in frames)
    steps = [a.camera.x - b.camera.x for a, b in itertools.pairwise(frames)]
    assert min(steps) > 0.9
    assert max(steps) < 1.7
