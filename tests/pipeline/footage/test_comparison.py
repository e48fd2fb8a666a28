"""Seen again: proposals, each spot and each known place once."""

import numpy as np
import pytest
from drives import HOME, LEVEL, RULES, drive_past

from zoubian.pipeline.domain.geo import moved, offset_m
from zoubian.pipeline.footage.car_patrol import COMPARISON_LIMITS, SPOT_LIMITS
from zoubian.pipeline.footage.comparison import KnownPlace, appearance, likeness, seen_again
from zoubian.pipeline.footage.sizes import SIZES_BY_CLASS
from zoubian.pipeline.footage.spots import spots_of

SPOTS = spots_of(
    drive_past([("overflowing_bin", 0.9, (6, 20)), ("garbage_pile", 0.9, (6, 60))], frames=45),
    RULES,
    LEVEL,
    SIZES_BY_CLASS,
    limits=SPOT_LIMITS,
)
BIN, PILE = (offset_m(HOME, spot.position) for spot in SPOTS)


def known(key, at, *, kind="overflowing_bin", group="waste", error_m=6.0, look=None):
    return KnownPlace(key, group, kind, moved(HOME, *at, error_m=error_m), look)


def proposals(*places, looks=(None, None)):
    return [
        (one.spot, one.key) for one in seen_again(SPOTS, looks, places, limits=COMPARISON_LIMITS)
    ]


def picture(seed: int, hue: int) -> np.ndarray:
    source = np.random.default_rng(seed)
    base = np.zeros((80, 60, 3), np.uint8)
    base[...] = [(40, 150, 60), (160, 60, 40), (50, 60, 170)][hue]
    noise = source.integers(0, 40, base.shape).astype(np.uint8)
    base[30:50, 10:50] = 200
    return base + noise // 2


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        pytest.param(known("c1", BIN), [(0, "c1")], id="the same place"),
        pytest.param(known("c1", (BIN[0], BIN[1] + 11)), [(0, "c1")], id="within both errors"),
        pytest.param(known("c1", (BIN[0], BIN[1] + 17)), [], id="too far"),
        pytest.param(
            known("c1", (BIN[0], BIN[1] + 17), error_m=25.0), [(0, "c1")], id="known only roughly"
        ),
        pytest.param(known("c1", BIN, group="trade", kind="x"), [], id="another spot group"),
        pytest.param(known("c1", BIN, kind="garbage_pile"), [], id="another class, no look"),
    ],
)
def test_what_may_be_the_same(place, expected):
    assert proposals(place) == expected


def test_another_class_of_the_group_needs_the_look():
    look = appearance(picture(1, 0))
    place = known("c1", BIN, kind="garbage_pile", look=appearance(picture(2, 0)))
    assert proposals(place, looks=(look, None)) == [(0, "c1")]


def test_each_place_is_proposed_once_and_the_nearest_first():
    near, far = known("near", (BIN[0], BIN[1] + 2)), known("far", (BIN[0], BIN[1] + 9))
    pile = known("pile", PILE, kind="garbage_pile")
    assert proposals(far, pile, near) == [(0, "near"), (1, "pile")] or proposals(
        far, pile, near
    ) == [(1, "pile"), (0, "near")]


def test_the_look_decides_between_neighbours():
    mine = appearance(picture(1, 0))
    like = known("like", (BIN[0], BIN[1] + 5), look=appearance(picture(3, 0)))
    unlike = known("unlike", (BIN[0], BIN[1] + 4), look=appearance(picture(3, 1)))
    assert proposals(like, unlike, looks=(mine, None)) == [(0, "like")]


def test_a_look_survives_light_and_size_but_not_another_thing():
    base = picture(1, 0)
    darker = (base * 0.6).astype(np.uint8)
    larger = base.repeat(2, axis=0).repeat(2, axis=1)
    same = [likeness(appearance(base), appearance(other)) for other in (base, darker, larger)]
    other = likeness(appearance(base), appearance(picture(1, 2)))
    assert same[0] == pytest.approx(1.0, abs=1e-5)
    assert min(same) > 0.9 > other


def test_an_unknown_look_has_no_likeness():
    assert likeness(None, appearance(picture(1, 0))) is None
