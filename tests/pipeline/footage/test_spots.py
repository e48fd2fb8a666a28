"""Spots: hand-made drives past things, and what they become."""

import random
from dataclasses import replace

import pytest
from drives import HOME, LEVEL, RULES, box_of, detour, drive_past, frame, pose

from zoubian.pipeline.domain.geo import distance_m, offset_m
from zoubian.pipeline.footage.car_patrol import SPOT_LIMITS
from zoubian.pipeline.footage.sizes import SIZES_BY_CLASS
from zoubian.pipeline.footage.spots import join_segments, spots_of


def spots(frames):
    return spots_of(frames, RULES, LEVEL, SIZES_BY_CLASS, limits=SPOT_LIMITS)


def members(frames) -> list[dict[str, int]]:
    return [dict(spot.members) for spot in spots(frames)]


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        pytest.param([("bin", 0.9, (5, 20))], [], id="a closed bin alone is no problem"),
        pytest.param(
            [("overflowing_bin", 0.9, (5, 20)), ("overflowing_bin", 0.8, (6, 20)),
             ("garbage_pile", 0.7, (5.5, 18))],
            [{"overflowing_bin": 2, "garbage_pile": 1}],
            id="bins and their heap are one spot",
        ),
        pytest.param(
            [("overflowing_bin", 0.9, (5, 20)), ("bin", 0.8, (6, 20)), ("bin", 0.8, (7, 20))],
            [{"overflowing_bin": 1, "bin": 2}],
            id="closed bins beside a problem are members",
        ),
        pytest.param(
            [("overflowing_bin", 0.9, (5, 12)), ("overflowing_bin", 0.9, (5, 26))],
            [{"overflowing_bin": 1}, {"overflowing_bin": 1}],
            id="14 m apart are two spots",
        ),
        pytest.param(
            [("overflowing_bin", 0.9, (5, 12)), ("bin", 0.9, (5, 18.5)),
             ("overflowing_bin", 0.9, (5, 25))],
            [{"overflowing_bin": 1, "bin": 1}, {"overflowing_bin": 1}],
            id="a closed bin links no two spots",
        ),
        pytest.param(
            [("overflowing_bin", 0.9, (5, 20)), ("sand_heap", 0.9, (6, 20))],
            [{"sand_heap": 1}, {"overflowing_bin": 1}],
            id="classes of two groups are two spots",
        ),
        pytest.param(
            [("litter", 0.9, (5, 10)), ("litter", 0.9, (5, 24)), ("litter", 0.9, (5, 38))],
            [{"litter": 3}],
            id="litter adds up along a stretch",
        ),
        pytest.param([("muck_truck_covered", 0.9, (5, 20))], [], id="a covered truck is none"),
        pytest.param([("overflowing_bin", 0.3, (5, 20))], [], id="under the threshold all along"),
        pytest.param([("nobody_knows", 0.9, (5, 20))], [], id="a class without a rule"),
    ],
)  # fmt: skip
def test_what_is_one_candidate(things, expected):
    found = members(drive_past(things, frames=20))
    assert sorted(map(str, found)) == sorted(map(str, expected))


def test_the_place_is_the_objects_and_not_the_cameras():
    (spot,) = spots(drive_past([("overflowing_bin", 0.9, (7.0, 22.0))]))
    east, north = offset_m(HOME, spot.position)
    assert (east, north) == pytest.approx((7.0, 22.3), abs=0.6)


def test_the_radius_keeps_the_error_that_all_frames_share():
    few = spots(drive_past([("overflowing_bin", 0.9, (6, 22))], frames=12))[0]
    many = spots(drive_past([("overflowing_bin", 0.9, (6, 22))], frames=48, step_m=0.5))[0]
    assert 6.5 < many.position.error_m < 8.0
    assert few.position.error_m == pytest.approx(many.position.error_m, abs=0.4)


def test_a_flash_in_two_frames_is_not_believed():
    frames = drive_past([("overflowing_bin", 0.9, (6, 22))])
    shown = [index for index, one in enumerate(frames) if len(one.scores)]
    bare = [one if index in shown[4:5] else replace_boxes(one) for index, one in enumerate(frames)]
    assert spots(frames) and not spots(bare)


def replace_boxes(one):
    return frame(one.frame_id, one.time_s, one.pose, [])


@pytest.mark.parametrize(
    ("near_score", "far_score", "found"), [(0.8, 0.2, True), (0.2, 0.8, False)]
)
def test_near_looks_decide(near_score, far_score, found):
    frames = []
    for index in range(12):
        north = 2.0 * index
        box = box_of(LEVEL, (6.0, 30.0), (0.0, north), tall=1.2)
        score = near_score if 30.0 - north < 17.0 else far_score
        boxes = [("overflowing_bin", score, box)] if box else []
        frames.append(frame(f"f{index:03d}", 1000.0 + index / 3, pose(0.0, north), boxes))
    assert bool(spots(frames)) is found


def test_a_thing_taken_for_two_classes_is_one_thing():
    frames = drive_past([("overflowing_bin", 0.9, (6, 22)), ("bin", 0.6, (6.02, 22))])
    assert members(frames) == [{"overflowing_bin": 1}]


def test_confidence_is_the_median_of_the_deciding_looks():
    frames = drive_past([("overflowing_bin", 0.7, (6, 22))])
    assert spots(frames)[0].confidence == pytest.approx(0.7, abs=1e-6)


def test_frames_that_cannot_be_judged_show_nothing():
    frames = [
        frame(one.frame_id, one.time_s, one.pose, [("overflowing_bin", 0.9, (400, 260, 440, 330))],
              assessable=False)
        for one in drive_past([])
    ]  # fmt: skip
    assert spots(frames) == ()


STREET = [
    ("overflowing_bin", 0.8, (6.0, 15.0)), ("bin", 0.7, (6.8, 15.0)),
    ("garbage_pile", 0.6, (7.0, 41.0)), ("sand_heap", 0.7, (-6.0, 60.0)),
    ("overflowing_bin", 0.8, (6.0, 83.0)), ("garbage_pile", 0.7, (6.5, 80.5)),
    ("litter", 0.7, (5.0, 101.0)),
]  # fmt: skip


@pytest.mark.parametrize(
    "cuts",
    [
        pytest.param([(0, 60)], id="one segment"),
        pytest.param([(0, 24), (20, 44), (40, 60)], id="three with overlap"),
        pytest.param([(0, 12), (0, 24), (20, 31), (20, 44), (40, 60)], id="stopped and resumed"),
    ],
)
def test_cuts_into_segments_change_nothing(cuts):
    frames = drive_past(STREET, frames=60)
    whole = spots(frames)
    assert len(whole) == 5
    assert spots(join_segments([frames[a:b] for a, b in cuts])) == whole


@pytest.mark.parametrize("first", [0, 1])
def test_other_frames_of_the_same_drive_give_the_same_spots_within_a_metre(first):
    frames = drive_past(STREET, frames=120, step_m=1.0)
    whole, thinned = spots(frames), spots(frames[first::2])
    assert [spot.visual_class for spot in thinned] == [spot.visual_class for spot in whole]
    for one, other in zip(whole, thinned, strict=True):
        assert distance_m(one.position, other.position) < 1.0


def test_the_order_of_the_frames_says_nothing():
    frames = drive_past(STREET, frames=60)
    shuffled = random.Random(4).sample(frames, len(frames))
    assert spots(shuffled) == spots(frames)


@pytest.mark.parametrize(
    ("offset_m", "away_m", "count"),
    [
        pytest.param((0.0, 0.0), 300.0, 1, id="the track errs alike"),
        pytest.param((0.0, 11.0), 300.0, 1, id="another pass, 11 m off, within both errors"),
        pytest.param((0.0, 16.0), 300.0, 2, id="too far even for another pass"),
        pytest.param((0.0, 11.0), 0.0, 2, id="within one pass nothing errs by 11 m"),
    ],
)
def test_a_spot_passed_twice_is_one(offset_m, away_m, count):
    thing = [("overflowing_bin", 0.9, (6.0, 14.0))]
    first = drive_past(thing)
    again = drive_past(thing, start_s=1100.0, offset_m=offset_m, name="g")
    assert len(spots([*first, detour(1050.0, away_m=away_m), *again])) == count


def test_a_street_driven_ten_times_has_the_spots_of_one():
    """Each pass errs by some metres of its own."""
    passes = []
    for number in range(10):
        passes += drive_past(
            STREET,
            frames=60,
            start_s=1000.0 + 44 * number,
            offset_m=(1.5 * (number % 3) - 1.5, 1.2 * (number % 4) - 1.8),
            name=f"{number}-",
        )
        passes.append(detour(1040.0 + 44 * number, away_m=200.0))
    assert members(passes) == members(drive_past(STREET, frames=60))


def test_waiting_at_a_crossing_parts_nothing():
    frames = drive_past([("overflowing_bin", 0.9, (6.0, 22.0))])
    waited = [
        replace(one, time_s=one.time_s + (90.0 if index >= 6 else 0.0))
        for index, one in enumerate(frames)
    ]
    assert members(waited) == members(frames) == [{"overflowing_bin": 1}]


class TestWithoutATrack:
    def bare(self, frames):
        return [replace(one, pose=None) for one in frames]

    def test_what_is_seen_without_a_break_is_one_spot_without_a_place(self):
        things = [("overflowing_bin", 0.9, (5, 20)), ("overflowing_bin", 0.8, (6, 20))]
        (spot,) = spots(self.bare(drive_past(things)))
        assert spot.position is None
        assert spot.members == {"overflowing_bin": 2}

    def test_a_break_parts_two_spots(self):
        things = [("overflowing_bin", 0.9, (6, 14)), ("overflowing_bin", 0.9, (6, 70))]
        found = spots(self.bare(drive_past(things, frames=40)))
        assert len(found) == 2

    def test_a_closed_bin_is_no_problem_here_either(self):
        assert spots(self.bare(drive_past([("bin", 0.9, (5, 20))]))) == ()


def test_best_frames_are_near_whole_and_apart():
    frames = drive_past([("overflowing_bin", 0.9, (6.0, 22.0))])
    (spot,) = spots(frames)
    shown = {one.frame_id: one for one in frames if len(one.scores)}
    assert set(spot.frame_ids) == set(shown)
    best = [shown[name] for name in spot.frame_ids[:3]]
    heights = [float(one.boxes_xyxy_px[0, 3] - one.boxes_xyxy_px[0, 1]) for one in best]
    every = sorted(float(o.boxes_xyxy_px[0, 3] - o.boxes_xyxy_px[0, 1]) for o in shown.values())
    assert max(heights) == every[-1]
    assert min(abs(a.time_s - b.time_s) for a in best for b in best if a is not b) >= 0.5


def test_a_blurred_frame_is_not_the_best():
    frames = drive_past([("overflowing_bin", 0.9, (6.0, 22.0))])
    best = spots(frames)[0].frame_ids[0]
    blurred = [replace(one, sharpness=0.1) if one.frame_id == best else one for one in frames]
    assert spots(blurred)[0].frame_ids[0] != best


def test_observations_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match=r"expected boxes \(0, 4\)"):
        replace(drive_past([("bin", 0.9, (5, 20))])[0], visual_classes=())
