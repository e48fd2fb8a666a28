"""Training frames: one a seed, balanced, and never from the seeds kept for figures."""

import math
from collections import Counter

import pytest

from zoubian.datasets.city.sightlines import view_is_free
from zoubian.datasets.city.street import build_street
from zoubian.datasets.city.training_plan import (
    HELD_BACK_FROM,
    MAIN_KINDS,
    training_frame,
    training_frames,
)


def test_same_seed_gives_the_same_frame():
    assert training_frame(7) == training_frame(7)
    assert training_frame(7) != training_frame(7 + len(MAIN_KINDS))


def test_any_run_of_seeds_holds_every_kind_and_light():
    frames = training_frames(range(40, 40 + 2 * len(MAIN_KINDS)))
    classes = Counter(
        thing.visual_class for frame in frames for thing in build_street(frame.street).things
    )
    assert {"bin", "overflowing_bin", "garbage_pile", "litter", "rubble_heap", "street_vendor",
            "muck_truck_uncovered", "muck_truck_covered", "sand_heap", "brick_heap",
            "goods_before_shop", "excavation_open", "excavation_hoarded", "roadworks",
            "furniture_dumped", "bare_soil", "roadside_snow"} <= set(classes)  # fmt: skip
    assert {frame.light.name for frame in frames} >= {"noon", "dusk", "overcast", "fog", "night"}


def test_most_cameras_see_their_main_spot():
    frames = training_frames(range(len(MAIN_KINDS)))
    free = [
        view_is_free(
            frame.camera,
            frame.street.spots[0].x,
            frame.street.spots[0].y,
            build_street(frame.street).pieces,
            margin_m=0.15,
        )
        for frame in frames
    ]
    assert sum(free) >= 0.9 * len(free)


def test_every_truck_is_seen_from_where_its_load_shows():
    """The line from the lens over the near edge of the box passes under the top of the load."""
    edge_m, top_m, half_length_m, to_top_m = 2.3, 3.0, 4.5, 2.9
    for frame in training_frames(range(1, 20 * len(MAIN_KINDS))):
        spot, camera = frame.street.spots[0], frame.camera
        if not spot.kind.startswith("truck"):
            continue
        reach = math.hypot(camera.x - spot.x, camera.y - spot.y) - half_length_m
        line_m = edge_m + (edge_m - camera.z) / reach * to_top_m
        assert line_m < top_m, frame.name


def test_names_sort_in_the_order_of_seeds():
    names = [frame.name for frame in training_frames(range(95, 105))]
    assert names == sorted(names)


def test_held_back_seeds_are_refused():
    with pytest.raises(ValueError, match="held back"):
        training_frames(range(HELD_BACK_FROM - 1, HELD_BACK_FROM + 1))
