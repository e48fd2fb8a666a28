"""Streets whose pictures are out in the world stay as they are, whatever the code learns."""

import hashlib

import pytest

from zoubian.datasets.city.held_streets import clean_street, second_patrol_street
from zoubian.datasets.city.patrol_plan import (
    CLEAN_DRIVE,
    SAMPLE_DRIVE,
    SECOND_DRIVE,
    patrol_frames,
    sample_patrol_street,
)
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


def people(frames) -> list:
    """Who walks where, once in four seconds."""
    return [[(p.shape, p.x, p.y, p.yaw) for p in frame.people] for frame in frames[::20]]


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
        (layout, second_patrol_street(), "d23a9fd71d47ce9b"),
        (cameras, patrol_frames(second_patrol_street(), SECOND_DRIVE), "add708eba06e4f04"),
        (people, patrol_frames(second_patrol_street(), SECOND_DRIVE), "a1bfa28c52d17d4e"),
        (layout, clean_street(), "83e140c1f3fd7ef8"),
        (cameras, patrol_frames(clean_street(), CLEAN_DRIVE), "7a92149c60485e7e"),
        (people, patrol_frames(clean_street(), CLEAN_DRIVE), "da0938c19dafa7d5"),
    ],
)
def test_a_street_kept_for_figures_stays_as_it_is(part, plan, held):
    assert digest(part(plan)) == held


def test_nobody_walks_in_the_sample_patrol():
    """Its frames were rendered before there were people."""
    assert not any(frame.people for frame in patrol_frames(sample_patrol_street(), SAMPLE_DRIVE))
