"""Training frames: one a seed, balanced, and never from the seeds kept for figures."""

import math
from collections import Counter

import pytest

from zoubian.datasets.city.shapes import shape
from zoubian.datasets.city.sightlines import distance_to_line, view_is_free
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
    trucks = [i for i, kind in enumerate(MAIN_KINDS) if kind.startswith("truck")]
    for seed in (first + turn * len(MAIN_KINDS) for first in trucks for turn in range(8)):
        frame = training_frame(seed)
        spot, camera = frame.street.spots[0], frame.camera
        reach = math.hypot(camera.x - spot.x, camera.y - spot.y) - half_length_m
        line_m = edge_m + (edge_m - camera.z) / reach * to_top_m
        assert line_m < top_m, frame.name


def test_names_sort_in_the_order_of_seeds():
    names = [frame.name for frame in training_frames(range(95, 105))]
    assert names == sorted(names)


def test_held_back_seeds_are_refused():
    with pytest.raises(ValueError, match="held back"):
        training_frames(range(HELD_BACK_FROM - 1, HELD_BACK_FROM + 1))


def test_bystanders_stand_aside_from_what_is_shown():
    counts = []
    for frame in training_frames(range(2 * len(MAIN_KINDS))):
        spot = frame.street.spots[0]
        counts.append(len(frame.people))
        for one in frame.people:
            assert distance_to_line(one.x, one.y, frame.camera, spot.x, spot.y) > 0.9
            assert math.hypot(one.x - spot.x, one.y - spot.y) > 0.9
    assert 0 in counts
    assert max(counts) >= 2


def test_holes_are_cut_where_trenches_lie():
    seed = MAIN_KINDS.index("trench")
    frame = training_frame(seed)
    spot = frame.street.spots[0]
    (road,) = (p for p in build_street(frame.street).pieces if p.shape[0] == "carriageway")
    x, y = spot.x - road.x, spot.y - road.y
    top = [face for face in faces_of(road) if all(abs(z) < 1e-9 for _, _, z in face)]
    assert not [face for face in top if covers(face, x, y)]
    assert [face for face in top if covers(face, x + 3.0, y)]


def faces_of(piece):
    mesh = shape(piece.shape)
    return [[mesh.vertices[index] for index in face] for face in mesh.faces]


def covers(face, x, y):
    xs, ys = [v[0] for v in face], [v[1] for v in face]
    return min(xs) < x < max(xs) and min(ys) < y < max(ys)
