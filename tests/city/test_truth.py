"""Masks become boxes, shares and pictures that read back."""

import numpy as np
import pytest
from PIL import Image

from zoubian.datasets.city.truth import IdMask, visibility


def mask_of(rows: list[str]) -> IdMask:
    return IdMask(len(rows[0]), len(rows), bytes(int(c) for row in rows for c in row))


def test_boxes_hold_exactly_the_pixels_of_an_id():
    mask = mask_of(["0000", "0110", "0012", "0002"])
    assert mask.extents() == {1: ((1, 1, 3, 3), 3), 2: ((3, 2, 4, 4), 2)}


def test_boxes_agree_with_a_slow_count_on_noise():
    ids = np.random.default_rng(4).integers(0, 5, (37, 53)).astype(np.uint8)
    found = IdMask(53, 37, ids.tobytes()).extents()
    for number in range(1, 5):
        rows, columns = np.nonzero(ids == number)
        box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        assert found[number] == (box, len(rows))


def test_upright_turns_clockwise_as_orientation_6_asks():
    ids = np.arange(12, dtype=np.uint8).reshape(3, 4)
    turned = IdMask(4, 3, ids.tobytes()).upright()
    expected = np.rot90(ids, k=-1)
    assert (turned.width, turned.height) == (3, 4)
    assert turned.ids == expected.tobytes()


def test_mask_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="expected 6 ids, got 5"):
        IdMask(3, 2, bytes(5))


def test_saved_mask_reads_back(tmp_path):
    mask = mask_of(["012", "345"])
    mask.save_png(tmp_path / "mask.png")
    with Image.open(tmp_path / "mask.png") as image:
        assert image.mode == "L"
        assert image.tobytes() == mask.ids


@pytest.mark.parametrize(
    ("visible", "unhidden", "share"), [(50, 100, 0.5), (105, 100, 1.0), (7, 0, 0.0)]
)
def test_visibility_is_a_share(visible, unhidden, share):
    assert visibility(visible, unhidden) == share
