"""The drives: long enough, enough to find, and nothing to find in the clean street."""

import itertools
import math

import pytest

from zoubian.datasets.city.held_streets import clean_street, second_patrol_street
from zoubian.datasets.city.patrol_plan import (
    CLEAN_DRIVE,
    FRAMES_PER_S,
    SAMPLE_DRIVE,
    SECOND_DRIVE,
    bridge_gap,
    patrol_frames,
    sample_patrol_street,
)
from zoubian.datasets.city.street import FRONT_Y, build_street
from zoubian.datasets.city.training_plan import HELD_BACK_FROM
from zoubian.datasets.city.truth import DECOY_CLASSES
from zoubian.datasets.classes.lookup import visual_classes

PROBLEMS = {item.id for item in visual_classes() if item.problem}
KNOWN = {item.id for item in visual_classes()}
DRIVES = [
    (sample_patrol_street(), SAMPLE_DRIVE),
    (second_patrol_street(), SECOND_DRIVE),
    (clean_street(), CLEAN_DRIVE),
]


def things_of(plan):
    return build_street(plan).things


def seen_spots(plan, frames):
    """Spots whose middle comes into the picture within 30 m during the drive."""
    seen = set()
    for frame in frames:
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


@pytest.mark.parametrize(("plan", "drive"), DRIVES)
def test_drive_passes_every_spot_in_time(plan, drive):
    frames = patrol_frames(plan, drive)
    assert len(frames) / FRAMES_PER_S >= 40.0
    gaps = {b.taken_at - a.taken_at for a, b in itertools.pairwise(frames)}
    assert [gap.total_seconds() for gap in gaps] == [1.0 / FRAMES_PER_S]
    assert seen_spots(plan, frames) == {spot.spot_id for spot in plan.spots}


def test_clean_street_has_every_decoy_and_no_problem():
    things = things_of(clean_street())
    classes = {thing.visual_class for thing in things}
    assert not classes & PROBLEMS
    assert {"bin", "muck_truck_covered", "excavation_hoarded", *DECOY_CLASSES} <= classes
    covers = {dict(thing.state).get("cover") for thing in things}
    assert {"lid", "tarpaulin", "empty"} <= covers
    full = [t for t in things if dict(t.state).get("heaped_m") == "-0.02"]
    assert len(full) >= 8
    assert {dict(thing.state)["lid"] for thing in full} == {"closed"}


def test_second_street_is_no_turned_sample():
    first, second = sample_patrol_street(), second_patrol_street()
    orders = [[s.kind for s in sorted(p.spots, key=lambda s: -s.x)] for p in (first, second)]
    shared = sum(a == b for a, b in zip(*orders, strict=False))
    assert shared <= 3
    assert {spot.y > 0 for spot in second.spots} == {True, False}
    assert {spot.kind for spot in second.spots} - {spot.kind for spot in first.spots}


@pytest.mark.parametrize("plan", [sample_patrol_street(), second_patrol_street(), clean_street()])
def test_streets_kept_for_figures_stay_out_of_training(plan):
    assert plan.seed >= HELD_BACK_FROM


@pytest.mark.parametrize(("plan", "drive"), DRIVES)
def test_car_keeps_to_its_side_and_moves_on(plan, drive):
    frames = patrol_frames(plan, drive)
    assert all(1.0 < frame.camera.y < FRONT_Y - 5.0 for frame in frames)
    steps = [a.camera.x - b.camera.x for a, b in itertools.pairwise(frames)]
    mean = drive.speed_m_s / FRAMES_PER_S
    assert 0.75 * mean < min(steps) < max(steps) < 1.25 * mean


def test_no_pole_or_tree_stands_in_a_thing_of_the_new_streets():
    for plan, _ in DRIVES[1:]:
        street = build_street(plan)
        posts = [p for p in street.pieces if p.shape[0] in ("tree", "lamp_pole", "utility_pole")]
        for thing in street.things:
            x, y, _ = thing.centre
            assert min(math.hypot(p.x - x, p.y - y) for p in posts) > 0.9, thing.thing_id


def test_fix_is_lost_where_the_bridge_stands():
    frames = patrol_frames(second_patrol_street(), SECOND_DRIVE)
    start, end = (frames[round(share * len(frames))].camera.x for share in bridge_gap(frames))
    bridge_x = second_patrol_street().bridge_x
    assert bridge_x < start < bridge_x + 12.0
    assert bridge_x - 40.0 < end < bridge_x - 12.0
    with pytest.raises(ValueError, match="no bridge"):
        bridge_gap(patrol_frames(clean_street(), CLEAN_DRIVE)[:1])
