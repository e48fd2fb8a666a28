"""People stand on the ground, stride along, and walk through nothing."""

import math
from itertools import pairwise

import pytest

from zoubian.datasets.city.crowd import STRIDE_M, Walker, walkers
from zoubian.datasets.city.held_streets import second_patrol_street
from zoubian.datasets.city.patrol_plan import SECOND_DRIVE, patrol_frames
from zoubian.datasets.city.people import BUILDS, OUTFITS, POSES, hose, person
from zoubian.datasets.city.street import build_street


@pytest.mark.parametrize("pose", POSES)
@pytest.mark.parametrize("build", range(len(BUILDS)))
def test_people_stand_on_the_ground_at_their_height(build, pose):
    one = person(build, OUTFITS[build % 3], "c23f38", "23262e", pose)
    low, high = (pick(vertex[2] for vertex in one.vertices) for pick in (min, max))
    assert low == pytest.approx(0.0, abs=1e-6)
    assert high == pytest.approx(BUILDS[build].height_m, rel=0.06)
    reach = max(math.hypot(vertex[0], vertex[1]) for vertex in one.vertices)
    assert reach < 0.5 * BUILDS[build].height_m


def test_steps_are_wide_in_the_middle_of_a_stride_only():
    def between_feet(pose):
        feet = [v for v in person(0, "summer", "c23f38", "23262e", pose).vertices if v[2] < 0.25]
        return max(v[0] for v in feet) - min(v[0] for v in feet)

    assert between_feet("walk2") > between_feet("walk0") + 0.2
    assert between_feet("stand") < 0.6


def test_unknown_pose_is_refused():
    with pytest.raises(KeyError):
        person(0, "summer", "c23f38", "23262e", "fly")


def test_limbs_are_closed_with_their_faces_outwards():
    limb = hose(((0, 0, 1.0), (0.1, 0, 0.5), (0, 0.05, 0.0)), (0.1, 0.1, 0.1), "m")
    edges = {}
    for face in limb.faces:
        for a, b in pairwise((*face, face[0])):
            edges[a, b] = edges.get((a, b), 0) + 1
    assert set(edges.values()) == {1}
    assert all((b, a) in edges for a, b in edges)
    top = max(limb.vertices, key=lambda v: v[2])
    assert top[2] > 1.0


def test_a_walker_strides_with_the_way():
    one = Walker((0, "summer", "c23f38", "23262e"), 5.0, 9.0, -1.2, 0.0, "stand", 0.0)
    assert one.at(10.0).x == pytest.approx(-7.0)
    assert one.at(10.0).yaw == 180.0
    stride_s = STRIDE_M / 1.2
    poses = [one.at(stride_s * (part + 0.5) / 8.0).shape[-1] for part in range(8)]
    assert poses == [f"walk{phase}" for phase in range(8)]


def test_people_of_a_drive_walk_through_no_thing_while_they_are_seen():
    street = build_street(second_patrol_street())
    frames = patrol_frames(second_patrol_street(), SECOND_DRIVE)
    assert len(frames[0].people) >= 20
    solid = [
        piece
        for thing in street.things
        for piece in thing.pieces
        if piece.shape[0] in ("bin_body", "carton", "sofa", "tricycle", "rack", "litter_basket")
    ]
    solid += [piece for piece in street.pieces if piece.shape[0] in ("tree", "bicycle", "cabinet")]
    for frame in frames[::5]:
        for one in frame.people:
            if 0.0 < frame.camera.x - one.x < 60.0:
                gaps = [math.hypot(one.x - p.x, one.y - p.y) for p in solid]
                assert min(gaps) > 0.4, (frame.name, one)


def test_people_of_a_street_are_the_same_each_time():
    street = build_street(second_patrol_street())
    passing = [(float(t), 300.0 - 7.0 * t) for t in range(40)]
    assert walkers(street, passing, 5) == walkers(street, passing, 5)
