"""A street is the same for the same plan, and nothing stands where it must not."""

import math
from dataclasses import replace

import pytest

from zoubian.datasets.city.bins import SIZES
from zoubian.datasets.city.layouts import LAYOUTS, lay_out
from zoubian.datasets.city.pieces import Piece
from zoubian.datasets.city.places import places_csv
from zoubian.datasets.city.plans import SAMPLE_SHOTS, sample_frames, sample_street
from zoubian.datasets.city.projection import Camera
from zoubian.datasets.city.rubbish import filling, heap
from zoubian.datasets.city.seeds import stream
from zoubian.datasets.city.settle import Rested, rest_height
from zoubian.datasets.city.sightlines import view_is_free
from zoubian.datasets.city.spots import GREEN, BinPlan, SpotPlan
from zoubian.datasets.city.street import FRONT_Y, KERB_Y, build_street
from zoubian.datasets.city.truth import DECOY_CLASSES
from zoubian.datasets.classes.lookup import visual_classes


def test_same_plan_gives_the_same_street():
    assert build_street(sample_street()) == build_street(sample_street())


def test_another_seed_gives_another_street():
    plan = sample_street()
    assert build_street(replace(plan, seed=plan.seed + 1)).pieces != build_street(plan).pieces


def test_a_new_spot_moves_no_other_spot():
    plan = sample_street()
    more = replace(plan, spots=(*plan.spots, SpotPlan("s99", "litter", 60.0, -9.0, 0.15, 0.0)))
    before = {thing.thing_id: thing for thing in build_street(plan).things}
    after = {thing.thing_id: thing for thing in build_street(more).things}
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"s99-litter"}


def test_thing_ids_are_unique():
    names = [thing.thing_id for thing in build_street(sample_street()).things]
    assert len(names) == len(set(names)) > 12


def test_no_tree_or_parked_car_stands_in_a_spot():
    street = build_street(sample_street())
    blocking = [
        p for p in street.pieces if p.shape[0] in ("tree", "car", "cabinet", "utility_pole")
    ]
    assert len(blocking) > 60
    for spot in street.plan.spots:
        for piece in blocking:
            assert math.hypot(piece.x - spot.x, piece.y - spot.y) > 1.2, (spot, piece)


def test_things_stand_between_the_houses():
    for thing in build_street(sample_street()).things:
        assert abs(thing.centre[1]) < FRONT_Y
        on_pavement = abs(thing.centre[1]) > KERB_Y
        assert thing.centre[2] == pytest.approx(0.15 if on_pavement else 0.0)


@pytest.mark.parametrize(
    ("lid", "heaped_m", "visual_class"),
    [("closed", -0.3, "bin"), ("open", -0.2, "bin"), ("open", 0.2, "overflowing_bin"),
     ("ajar", 0.1, "overflowing_bin")],
)  # fmt: skip
def test_class_of_a_bin_follows_what_stands_over_its_rim(lid, heaped_m, visual_class):
    spot = SpotPlan("s1", "bins", 0.0, 8.0, 0.15, 0.0, (BinPlan(240, GREEN, lid, heaped_m),))
    (thing,) = lay_out(spot, 1)
    assert thing.visual_class == visual_class
    assert dict(thing.state)["lid"] == lid


@pytest.mark.parametrize(
    ("load", "visual_class", "cover"),
    [
        ("soil", "muck_truck_uncovered", "none"),
        ("lid_open", "muck_truck_uncovered", "lid_open"),
        ("tarpaulin", "muck_truck_covered", "tarpaulin"),
        ("lid", "muck_truck_covered", "lid"),
        ("empty", "truck_empty", "empty"),
    ],
)
def test_class_of_a_truck_follows_its_cover(load, visual_class, cover):
    (thing,) = lay_out(SpotPlan("t", f"truck_{load}", 0.0, -5.0, 0.0, 0.0), 3)
    assert (thing.visual_class, dict(thing.state)["cover"]) == (visual_class, cover)


@pytest.mark.parametrize("litres", sorted(SIZES))
def test_filling_stands_over_the_rim_only_when_told_to(litres):
    rim = SIZES[litres].height_m
    bags = ("tied_bag", "open_bag")
    high = [p.z for p in filling(stream("a", litres), litres, 0.3) if p.shape[0] in bags]
    low = [p.z for p in filling(stream("a", litres), litres, -0.3)]
    assert max(high) > rim
    assert max(low) < rim - 0.2


@pytest.mark.parametrize(
    ("apart", "expected"), [(0.0, 3.0), (2.0, 1.0), (5.0, 1.0), (1.0, 1.0 + math.sqrt(3.0))]
)
def test_balls_rest_where_the_compass_and_ruler_say(apart, expected):
    lower = [Rested(0.0, 0.0, 1.0, 1.0)]
    z = rest_height(apart, 0.0, 1.0, lower, ground_z=0.0, softness=0.0)
    assert z == pytest.approx(expected)


def test_heap_stays_on_its_oval_and_over_the_ground():
    for piece in heap(stream("heap"), 1.0, 0.5, 12, 30, 3):
        assert piece.z > -0.02
        assert math.hypot(piece.x / 1.5, piece.y / 0.75) <= 1.01


def test_sample_frames_keep_name_and_time_order():
    frames = sample_frames(range(1))
    assert [frame.name for frame in frames] == sorted(frame.name for frame in frames)
    times = [frame.taken_at for frame in frames]
    assert times == sorted(times)
    assert sum(frame.position_error_m is None for frame in frames) == 2


def test_place_file_names_the_street_its_crossings_and_shops():
    rows = places_csv(build_street(sample_street())).splitlines()
    assert rows[0] == "name_zh,kind,wkt"
    assert sum(",road," in row for row in rows) == 4
    assert sum(",place," in row for row in rows) > 20
    assert rows[1].startswith('长青路,road,"LINESTRING (125.29')


def test_every_sample_camera_stands_free_and_sees_its_spot():
    street = build_street(sample_street())
    spots = {spot.spot_id: spot for spot in street.plan.spots}
    for shot, frame in zip(SAMPLE_SHOTS, sample_frames(range(1)), strict=True):
        spot = spots[shot.spot_id]
        assert view_is_free(frame.camera, spot.x, spot.y, street.pieces, margin_m=0.1), shot.name


@pytest.mark.parametrize(
    ("tree_x", "tree_y", "free"),
    [(5.0, 0.0, False), (5.0, 0.25, False), (5.0, 1.0, True), (-3.0, 0.0, True), (10.4, 0.0, True)],
)
def test_a_tree_on_the_line_hides_the_spot(tree_x, tree_y, free):
    camera = Camera(0.0, 0.0, 1.5, 0.0, 0.0, 0.0, 67.0, 100, 80)
    tree = Piece(("tree", 0, "527a35", 10), tree_x, tree_y)
    assert view_is_free(camera, 10.0, 0.0, [tree], margin_m=0.1) is free


def test_a_camera_inside_a_house_sees_nothing():
    camera = Camera(0.0, FRONT_Y + 1.0, 1.5, 0.0, 0.0, 0.0, 67.0, 100, 80)
    assert not view_is_free(camera, 10.0, 0.0, [], margin_m=0.0)


@pytest.mark.parametrize("kind", sorted(LAYOUTS))
def test_every_thing_is_of_a_known_class_or_a_named_decoy(kind):
    bins = (BinPlan(240, GREEN, "open", 0.2),)
    known = {item.id for item in visual_classes()}
    for thing in lay_out(SpotPlan("s1", kind, 0.0, 8.0, 0.15, 0.0, bins), 5):
        assert thing.visual_class in known.union(DECOY_CLASSES)
        assert thing.pieces
