"""Pairs change only what their outcome says, and their homographies agree with the cameras."""

import pytest

from zoubian.datasets.city.documents import pairs_document
from zoubian.datasets.city.homography import plane_homography, transfer
from zoubian.datasets.city.pairs_plan import KINDS_SEEDS, MOVED_M, OUTCOMES, pair
from zoubian.datasets.city.projection import Camera
from zoubian.datasets.city.street import build_street
from zoubian.datasets.classes.lookup import visual_classes

PROBLEMS = {item.id for item in visual_classes() if item.problem}
ROUND = len(OUTCOMES) * len(KINDS_SEEDS)


def problems_of(frame):
    return [t for t in build_street(frame.street).things if t.visual_class in PROBLEMS]


def pairs_with(outcome):
    return [pair(s) for s in range(ROUND) if OUTCOMES[s % len(OUTCOMES)] == outcome]


def test_before_always_shows_a_problem():
    assert all(problems_of(pair(seed).before) for seed in range(ROUND))


def test_rectified_leaves_no_problem_and_the_bins_where_they_stood():
    for one in pairs_with("rectified"):
        assert problems_of(one.after) == []
        before = {t.thing_id: t.centre for t in build_street(one.before.street).things}
        after = {t.thing_id: t.centre for t in build_street(one.after.street).things}
        assert {name: before[name] for name in after} == after


def test_unchanged_shows_the_same_things():
    for one in pairs_with("unchanged"):
        assert build_street(one.before.street).things == build_street(one.after.street).things


def test_partly_keeps_a_smaller_problem():
    for one in pairs_with("partly"):
        remaining = problems_of(one.after)
        assert remaining or len(one.before.street.spots[0].bins) > 1
        assert remaining != problems_of(one.before)


def test_moved_problem_stands_ten_metres_on():
    for one in pairs_with("moved"):
        before, after = problems_of(one.before), problems_of(one.after)
        assert [t.visual_class for t in before] == [t.visual_class for t in after]
        assert after[0].centre[0] - before[0].centre[0] == pytest.approx(MOVED_M)


def test_half_of_what_moved_is_seen_again():
    seen = 0
    for one in pairs_with("moved"):
        (x, y, z) = problems_of(one.after)[0].centre
        column, row, depth = one.after.camera.project((x, y, z + 0.3))
        camera = one.after.camera
        seen += depth > 0 and 0 <= column < camera.width and 0 <= row < camera.height
    assert 0.35 <= seen / len(pairs_with("moved")) <= 0.75


def test_second_pictures_zoom_turn_and_meet_other_light():
    pairs = [pair(seed) for seed in range(2 * ROUND)]
    zooms = [one.before.camera.hfov_deg / one.after.camera.hfov_deg for one in pairs]
    assert 2.9 < max(zooms) <= 3.01
    turns = [abs((a.after.camera.yaw - a.before.camera.yaw + 180) % 360 - 180) for a in pairs]
    assert sum(turn > 8.0 for turn in turns) > len(pairs) / 3
    assert sum(one.before.light.name != one.after.light.name for one in pairs) > len(pairs) / 4


@pytest.mark.parametrize("outcome", ["rectified", "unchanged", "partly", "moved"])
def test_nothing_else_of_the_street_changes(outcome):
    for one in pairs_with(outcome)[:4]:
        before, after = build_street(one.before.street), build_street(one.after.street)
        assert before.pieces == after.pieces


def test_other_place_has_other_houses():
    for one in pairs_with("other_place")[:4]:
        assert not one.same_place
        before, after = build_street(one.before.street), build_street(one.after.street)
        assert before.pieces != after.pieces


@pytest.mark.parametrize("point", [(12.0, 3.0, 0.15), (14.5, -2.0, 0.15), (20.0, 6.0, 0.15)])
def test_homography_takes_ground_pixels_where_the_cameras_see_them(point):
    first = Camera(1.0, 0.5, 1.6, 8.0, -9.0, 1.0, 65.0, 640, 480)
    second = Camera(3.0, -1.5, 1.8, 20.0, -6.0, -2.0, 30.0, 800, 600)
    matrix = plane_homography(first, second, point=(0, 0, 0.15), normal=(0.0, 0.0, 1.0))
    expected = second.project(point)[:2]
    assert transfer(matrix, *first.project(point)[:2]) == pytest.approx(expected, abs=1e-6)


def test_homography_of_one_camera_is_none_at_all():
    camera = Camera(1.0, 0.5, 1.6, 8.0, -9.0, 1.0, 65.0, 640, 480)
    matrix = plane_homography(camera, camera, point=(0, 12.0, 0), normal=(0.0, 1.0, 0.0))
    assert transfer(matrix, 77.0, 310.0) == pytest.approx((77.0, 310.0))


def test_camera_in_the_plane_is_refused():
    camera = Camera(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 65.0, 640, 480)
    with pytest.raises(ValueError, match="lies in the plane"):
        plane_homography(camera, camera, point=(0, 0, 0), normal=(0.0, 0.0, 1.0))


def test_document_tells_transformations_only_for_one_place():
    rows = pairs_document([pair(0), pair(5)])["pairs"]
    assert rows[0]["homography"]["ground"] is not None
    assert rows[1]["outcome"] == "other_place"
    assert rows[1]["homography"] == {"ground": None, "fronts": None}
