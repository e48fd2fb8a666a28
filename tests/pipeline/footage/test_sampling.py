"""Sampling: fixed windows of the way, the sharpest of each, nothing twice."""

import numpy as np
import pytest

from zoubian.pipeline.footage.car_patrol import SAMPLING_LIMITS
from zoubian.pipeline.footage.sampling import Decoded, choose_frames, thumb_of


def thumb(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (18, 32)).astype(np.uint8)


def decoded(
    ways_m: list[float | None], *, sharpness: list[float] | None = None, still: bool = False
) -> list[Decoded[int]]:
    """Frames five a second; the picture is their number."""
    sharp = sharpness or [0.5] * len(ways_m)
    return [
        Decoded(100.0 + index / 5, way, sharp[index], thumb(0 if still else index), index)
        for index, way in enumerate(ways_m)
    ]


def chosen(frames, *, dense: bool | None = None) -> list[int]:
    return [
        one.frame.picture
        for one in choose_frames(frames, limits=SAMPLING_LIMITS)
        if dense is None or one.dense is dense
    ]


def test_one_frame_for_each_two_metres_and_one_more_round_a_hit():
    frames = decoded([0.5 * index for index in range(40)])  # 20 m
    assert len(chosen(frames, dense=False)) == 10
    assert len(chosen(frames)) == 20


def test_the_sharpest_of_a_window_is_the_one_looked_at():
    frames = decoded([0.1, 0.6, 1.1, 1.6], sharpness=[0.3, 0.4, 0.9, 0.5])
    assert chosen(frames, dense=False) == [2]
    assert chosen(frames, dense=True) == [1]


def test_fast_driving_leaves_one_frame_a_window():
    frames = decoded([3.0 * index for index in range(10)])
    assert chosen(frames) == list(range(10))


def test_a_standing_car_gives_one_frame():
    frames = decoded([10.0 + 0.001 * index for index in range(50)])
    assert len(chosen(frames, dense=False)) == 1


def test_a_track_that_creeps_while_the_picture_stays_gives_one_frame():
    frames = decoded([0.4 * index for index in range(50)], still=True)
    assert len(chosen(frames, dense=False)) == 1


def test_is_compared_with_the_last_kept_frame_and_not_with_the_last_decoded():
    """A scene that changes a little with each frame has changed much after many."""
    base, other = thumb(1).astype(float), thumb(2).astype(float)
    frames = [
        Decoded(index / 5, 2.0 * index, 0.5, (base + (other - base) * index / 400).astype(np.uint8),
                index)
        for index in range(60)
    ]  # fmt: skip
    kept = chosen(frames, dense=False)
    assert 3 <= len(kept) < 30


def test_without_a_track_the_clock_decides():
    frames = decoded([None] * 50)  # 10 s
    assert len(chosen(frames, dense=False)) == pytest.approx(25, abs=1)


@pytest.mark.parametrize("start", [3, 10, 17, 26])
def test_a_segment_that_begins_later_chooses_the_same_frames(start):
    source = np.random.default_rng(7)
    ways = np.cumsum(source.uniform(0.2, 1.5, 80)).tolist()
    frames = decoded(ways, sharpness=source.uniform(0, 1, 80).tolist())
    boundary = next(
        index for index in range(start, 80) if ways[index] // 2.0 != ways[index - 1] // 2.0
    )
    later = [number for number in chosen(frames) if number >= boundary]
    assert chosen(frames[boundary:]) == later


def test_pictures_of_the_past_are_let_go():
    """The stream holds one window: memory does not grow with the footage."""
    taken = 0

    def endless():
        nonlocal taken
        for frame in decoded([0.5 * index for index in range(400)]):
            taken += 1
            yield frame

    for number, _ in enumerate(choose_frames(endless(), limits=SAMPLING_LIMITS)):
        assert taken - 2 * number <= 6


def test_a_thumb_is_small_and_keeps_the_brightness():
    grey = np.full((540, 960), 77, np.uint8)
    assert thumb_of(grey).shape == (18, 32)
    assert (thumb_of(grey) == 77).all()
