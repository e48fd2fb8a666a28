"""Streets whose pictures are out in the world stay as they are, whatever the code learns."""

import hashlib

import pytest

from zoubian.datasets.city.patrol_plan import SAMPLE_DRIVE, patrol_frames, sample_patrol_street
from zoubian.datasets.city.plans import sample_frames, sample_street
from zoubian.datasets.city.shapes import shape
from zoubian.datasets.city.street import build_street


def written(value: object) -> str:
    """A value in full with numbers to 10 micrometres, the same on every machine."""
    if isinstance(value, float):
        return f"{value + 0.0:.5f}"
    if isinstance(value, (tuple, list)):
        return f"({','.join(map(written, value))})"
    return str(value)


def digest(value: object) -> str:
    return hashlib.sha256(written(value).encode()).hexdigest()[:16]


def layout(plan) -> list:
    street = build_street(plan)

    def told(piece):
        turns = (piece.yaw, piece.pitch, piece.roll)
        return (piece.shape, piece.x, piece.y, piece.z, *turns, piece.scale, piece.colour)

    things = [
        (t.thing_id, t.visual_class, t.spot_id, t.state, t.centre, [told(p) for p in t.pieces])
        for t in street.things
    ]
    return [[told(piece) for piece in street.pieces], things, street.lamps]


def shapes(plan) -> list:
    street = build_street(plan)
    pieces = [*street.pieces, *(piece for thing in street.things for piece in thing.pieces)]
    keys = sorted({piece.shape for piece in pieces if piece.shape[0] != "text"}, key=str)
    return [[shape(key).vertices, shape(key).faces] for key in keys]


def cameras(frames) -> list:
    fields = ("x", "y", "z", "yaw", "pitch", "roll", "hfov_deg", "width", "height")
    return [[getattr(frame.camera, name) for name in fields] for frame in frames]


@pytest.mark.parametrize(
    ("part", "plan", "held"),
    [
        (layout, sample_street(), "a13a3a0c9c8d2f71"),
        (shapes, sample_street(), "84679ddfd456d230"),
        (layout, sample_patrol_street(), "c783713bbeaeb0d1"),
        (shapes, sample_patrol_street(), "0c3002d2c762e77f"),
        (cameras, sample_frames(range(1)), "e326a5442acd6b50"),
        (cameras, patrol_frames(sample_patrol_street(), SAMPLE_DRIVE), "210ba571173a7c9f"),
    ],
)
def test_the_sample_stays_the_sample(part, plan, held):
    assert digest(part(plan)) == held


def test_nobody_walks_in_the_sample_patrol():
    """Its frames were rendered before there were people."""
    assert not any(frame.people for frame in patrol_frames(sample_patrol_street(), SAMPLE_DRIVE))
