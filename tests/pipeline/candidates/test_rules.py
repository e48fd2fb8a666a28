"""From frames to spots: hand-worked cases of what is one candidate and what is none."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from zoubian.pipeline.candidates.rules import (
    SeenFrame,
    SeenObject,
    SpotDraft,
    SpotLimits,
    form_spots,
)
from zoubian.pipeline.domain.classes import ClassRule
from zoubian.pipeline.domain.geo import Position, distance_m

RULES = {
    rule.name: rule
    for rule in (
        ClassRule(
            "overflowing_bin", "waste", 1, problem=True, stretch=False, proven=True, threshold=0.3
        ),
        ClassRule(
            "garbage_pile", "waste", 2, problem=True, stretch=False, proven=True, threshold=0.4
        ),
        ClassRule("litter", "waste", 4, problem=True, stretch=True, proven=True, threshold=0.3),
        ClassRule("bin", "waste", 5, problem=False, stretch=False, proven=True, threshold=0.3),
        ClassRule(
            "furniture", "waste", 3, problem=True, stretch=False, proven=False, threshold=0.3
        ),
        ClassRule(
            "street_vendor", "trade", 1, problem=True, stretch=False, proven=True, threshold=0.3
        ),
    )
}
LIMITS = SpotLimits(
    near_m=8.0,
    spot_extent_m=12.0,
    stretch_gap_m=25.0,
    stretch_extent_m=100.0,
    error_share=0.0,
    trusted_error_m=20.0,
    same_object_iou=0.6,
    object_range_m=15.0,
)
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
METRE = 1 / 111_195.08  # degrees of latitude


def objects(**scores: tuple[float, ...]) -> tuple[SeenObject, ...]:
    """Objects side by side, each 40 px wide and 60 px apart from the next."""
    flat = [(name, score) for name, values in scores.items() for score in values]
    return tuple(
        SeenObject(name, score, (60.0 * at, 0.0, 60.0 * at + 40.0, 80.0))
        for at, (name, score) in enumerate(flat)
    )


def frame(
    name: str,
    seen: tuple[SeenObject, ...],
    *,
    north_m: float | None = None,
    second: float | None = 0.0,
    error_m: float = 5.0,
    assessable: bool = True,
) -> SeenFrame:
    return SeenFrame(
        id=name,
        order=name,
        taken_at=None if second is None else START + timedelta(seconds=second),
        position=None if north_m is None else Position(43.0 + north_m * METRE, 125.0, error_m),
        assessable=assessable,
        width_px=1000,
        height_px=750,
        sharpness=0.7,
        objects=seen,
    )


def spots(*frames: SeenFrame) -> tuple[SpotDraft, ...]:
    return form_spots(frames, RULES, limits=LIMITS)


def test_objects_standing_together_in_one_frame_are_one_spot() -> None:
    (spot,) = spots(frame("a", objects(overflowing_bin=(0.8, 0.5, 0.4), garbage_pile=(0.9,))))
    assert spot.members == {"overflowing_bin": 3, "garbage_pile": 1}
    assert spot.visual_class == "overflowing_bin"
    assert spot.confidence == 0.8


def test_two_photos_3_m_apart_of_the_same_three_bins_are_one_candidate_of_three() -> None:
    three = objects(overflowing_bin=(0.8, 0.7, 0.6))
    (spot,) = spots(frame("a", three, north_m=0.0), frame("b", three, north_m=3.0, second=20.0))
    assert spot.members == {"overflowing_bin": 3}
    assert [seen.id for seen in spot.frames] == ["a", "b"]


@pytest.mark.parametrize(
    ("seen", "members"),
    [
        pytest.param(objects(bin=(0.9, 0.9)), None, id="closed bins only"),
        pytest.param(objects(bin=(0.9,), overflowing_bin=(0.29,)), None, id="below threshold"),
        pytest.param(objects(dragon=(0.9,)), None, id="class without a rule"),
        pytest.param((), None, id="nothing"),
        pytest.param(
            objects(bin=(0.9, 0.2), overflowing_bin=(0.3,)),
            {"overflowing_bin": 1, "bin": 1},
            id="a closed bin counts where a problem stands",
        ),
        pytest.param(objects(garbage_pile=(0.39,), litter=(0.3,)), {"litter": 1}, id="own bars"),
    ],
)
def test_what_one_frame_gives(seen: tuple[SeenObject, ...], members: dict[str, int] | None) -> None:
    assert [spot.members for spot in spots(frame("a", seen))] == ([members] if members else [])


@pytest.mark.parametrize(
    ("seen", "naming"),
    [
        (objects(furniture=(0.9,), litter=(0.4,)), "litter"),
        (objects(furniture=(0.9,), bin=(0.9,)), "furniture"),
        (objects(garbage_pile=(0.9,), overflowing_bin=(0.4,)), "overflowing_bin"),
    ],
)
def test_the_first_ranked_proven_class_names_the_spot(
    seen: tuple[SeenObject, ...], naming: str
) -> None:
    assert [spot.visual_class for spot in spots(frame("a", seen))] == [naming]


def test_a_bin_seen_as_closed_and_as_overflowing_counts_once() -> None:
    twice = (
        SeenObject("overflowing_bin", 0.6, (0.0, 0.0, 100.0, 100.0)),
        SeenObject("bin", 0.7, (0.0, 10.0, 100.0, 110.0)),  # IoU 90 / 110 = 0.82
        SeenObject("bin", 0.7, (0.0, 50.0, 100.0, 150.0)),  # IoU 50 / 150 = 0.33
    )
    (spot,) = spots(frame("a", twice))
    assert spot.members == {"overflowing_bin": 1, "bin": 1}


def test_a_frame_with_closed_bins_only_does_not_join_the_spot_beside_it() -> None:
    (spot,) = spots(
        frame("a", objects(overflowing_bin=(0.8,)), north_m=0.0),
        frame("b", objects(bin=(0.8,) * 4), north_m=2.0),
    )
    assert [seen.id for seen in spot.frames] == ["a"]


def test_classes_of_different_groups_are_different_spots() -> None:
    found = spots(frame("a", objects(street_vendor=(0.8,), garbage_pile=(0.8,)), north_m=0.0))
    assert [(spot.group, spot.visual_class) for spot in found] == [
        ("trade", "street_vendor"),
        ("waste", "garbage_pile"),
    ]


def test_a_chain_of_spots_7_m_apart_along_60_m_is_not_one() -> None:
    pile = objects(garbage_pile=(0.8,))
    found = spots(*(frame(f"{i}", pile, north_m=7.0 * i, second=i) for i in range(9)))
    assert [len(spot.frames) for spot in found] == [2, 2, 2, 2, 1]


@pytest.mark.parametrize("other_north_m", [None, 0.0])
def test_a_frame_without_position_stays_its_own_even_in_the_same_second(
    other_north_m: float | None,
) -> None:
    pile = objects(garbage_pile=(0.8,))
    assert len(spots(frame("a", pile), frame("b", pile, north_m=other_north_m))) == 2


def test_positions_too_rough_to_trust_join_nothing_but_are_kept() -> None:
    pile = objects(garbage_pile=(0.8,))
    found = spots(*(frame(name, pile, north_m=0.0, error_m=300.0) for name in "ab"))
    assert [spot.position.error_m if spot.position else None for spot in found] == [315.0, 315.0]


def test_a_frame_that_is_not_assessable_gives_nothing() -> None:
    assert spots(frame("a", objects(overflowing_bin=(0.9,)), assessable=False)) == ()


def test_confidence_is_the_median_of_the_best_scores_of_the_frames_that_show_the_class() -> None:
    (spot,) = spots(
        frame("a", objects(overflowing_bin=(0.9, 0.3)), north_m=0.0),
        frame("b", objects(overflowing_bin=(0.5,)), north_m=1.0),
        frame("c", objects(overflowing_bin=(0.6,), garbage_pile=(0.95,)), north_m=2.0),
        frame("d", objects(garbage_pile=(0.95,)), north_m=3.0),
    )
    assert (spot.visual_class, spot.confidence) == ("overflowing_bin", 0.6)


def test_litter_is_one_stretch_whose_pieces_add_up() -> None:
    litter = objects(litter=(0.5, 0.5))
    found = spots(
        *(frame(f"{at:03}", litter, north_m=at, second=at) for at in (0, 2, 20, 40, 90, 95, 130))
    )
    # spots {0, 2}, 20, 40 lie within 25 m of each other; {90, 95} and 130 lie alone
    assert [(len(spot.frames), spot.members["litter"]) for spot in found] == [
        (4, 6),
        (2, 2),
        (1, 2),
    ]


def test_litter_beside_a_full_bin_belongs_to_its_spot() -> None:
    (spot,) = spots(
        frame("a", objects(overflowing_bin=(0.8,)), north_m=0.0),
        frame("b", objects(litter=(0.5,)), north_m=4.0),
    )
    assert spot.members == {"overflowing_bin": 1, "litter": 1}


def test_position_is_the_error_weighted_mean_and_its_radius_holds_the_object() -> None:
    pile = objects(garbage_pile=(0.8,))
    (spot,) = spots(
        frame("a", pile, north_m=0.0, error_m=2.0), frame("b", pile, north_m=5.0, error_m=4.0)
    )
    # weights 1/4 and 1/16: the mean lies 1 m north, its error is (2 * 4 + 4) / 5 = 2.4 m
    assert spot.position is not None
    assert distance_m(Position(43.0, 125.0, 0.0), spot.position) == pytest.approx(1.0, abs=0.01)
    assert spot.position.error_m == pytest.approx(17.4)


def test_radius_of_a_stretch_reaches_around_its_parts() -> None:
    litter = objects(litter=(0.5,))
    (spot,) = spots(frame("a", litter, north_m=0.0), frame("b", litter, north_m=20.0))
    assert spot.position is not None
    assert spot.position.error_m == pytest.approx(10.0 + 5.0 + 15.0, abs=0.01)


def test_first_seen_is_the_earliest_time_and_frames_without_time_come_last() -> None:
    pile = objects(garbage_pile=(0.8,))
    (spot,) = spots(
        frame("a", pile, north_m=0.0, second=None),
        frame("b", pile, north_m=1.0, second=60.0),
        frame("c", pile, north_m=2.0, second=30.0),
    )
    assert [seen.id for seen in spot.frames] == ["c", "b", "a"]
    assert spot.first_seen_at == START + timedelta(seconds=30)


def test_order_of_frames_and_objects_changes_nothing() -> None:
    rng = random.Random(7)
    names = ("overflowing_bin", "garbage_pile", "litter", "bin", "street_vendor")
    frames = [
        frame(
            f"{at:03}",
            objects(**{name: (rng.random(), rng.random()) for name in rng.sample(names, 3)}),
            north_m=rng.choice([None, rng.uniform(0, 200)]),
            second=rng.choice([None, rng.uniform(0, 3600)]),
            error_m=rng.choice([3.0, 8.0, 50.0]),
        )
        for at in range(60)
    ]
    expected = form_spots(frames, RULES, limits=LIMITS)
    assert len(expected) > 20
    for _ in range(5):
        rng.shuffle(frames)
        mixed = [replace(f, objects=tuple(rng.sample(f.objects, len(f.objects)))) for f in frames]
        assert form_spots(mixed, RULES, limits=LIMITS) == expected
