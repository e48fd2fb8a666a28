"""Spots held against what is known: the same problem seen again is proposed, never decided."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from zoubian.pipeline.domain.geo import Position, distance_m
from zoubian.pipeline.footage.models import Spot

Appearance = NDArray[np.float32]

_SIDE_PX = 48
_CELLS = 3
_HUE_BINS, _GRADIENT_BINS = 8, 8


@dataclass(frozen=True, slots=True)
class ComparisonLimits:
    """When a spot may be a known one.

    Attributes:
        near_m: apart from errors of the positions, one spot reaches so far.
        error_share: share of the root sum of squares of both radii that is added.
        least_likeness: of the look, 0 to 1, where both looks are known; another class of the spot
            group needs it, the same class does without.
    """

    near_m: float
    error_share: float
    least_likeness: float


@dataclass(frozen=True, slots=True, eq=False)
class KnownPlace:
    """A candidate or case that is on record.

    Attributes:
        key: given back in the proposal.
        group: spot group of its classes.
        position: with its radius.
        look: `appearance` of its best evidence, None where there is no picture.
    """

    key: str
    group: str
    visual_class: str
    position: Position
    look: Appearance | None


@dataclass(frozen=True, slots=True)
class SeenAgain:
    """A proposal: this spot is that known place.

    Attributes:
        spot: index of the spot.
        likeness: of the look, 0 to 1, None where one is not known.
    """

    spot: int
    key: str
    apart_m: float
    likeness: float | None


def seen_again(
    spots: Sequence[Spot],
    looks: Sequence[Appearance | None],
    known: Sequence[KnownPlace],
    *,
    limits: ComparisonLimits,
) -> tuple[SeenAgain, ...]:
    """Proposals, each spot and each known place at most once, the surest first.

    The same group is asked for, and a distance within both errors. Pairs of the same class come
    before others, then the nearest in units of what their errors allow, less the likeness.

    Args:
        looks: `appearance` of each spot's best frame.
    """
    pairs = []
    for index, (spot, look) in enumerate(zip(spots, looks, strict=True)):
        for place in known:
            if spot.position is None or place.group != spot.group:
                continue
            apart = distance_m(spot.position, place.position)
            slack = np.hypot(spot.position.error_m, place.position.error_m)
            reach = limits.near_m + limits.error_share * float(slack)
            alike = likeness(look, place.look)
            other_class = place.visual_class != spot.visual_class
            if apart > reach or (other_class and (alike or 0.0) < limits.least_likeness):
                continue
            rank = apart / reach - (alike or 0.0)
            pairs.append((other_class, rank, SeenAgain(index, place.key, apart, alike)))
    pairs.sort(key=lambda pair: (pair[0], pair[1], pair[2].spot, pair[2].key))
    proposals: list[SeenAgain] = []
    for _, _, pair in pairs:
        if all(pair.spot != one.spot and pair.key != one.key for one in proposals):
            proposals.append(pair)
    return tuple(proposals)


def appearance(picture: NDArray[np.uint8]) -> Appearance:
    """A cheap look of a cut-out: colours and edges by cell, a unit vector of float32.

    Made to be compared over weeks and lights: hue counts by saturation, edges by strength, both
    without the overall brightness.

    Args:
        picture: (H, W, 3) BGR uint8.
    """
    small = cv2.resize(picture, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    hsv = cv2.cvtColor(small, cv2.COLOR_BGR2HSV).astype(np.float32)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)
    dx, dy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    turn = (np.arctan2(dy, dx) % np.pi) / np.pi
    parts = []
    side = _SIDE_PX // _CELLS
    for row in range(0, _SIDE_PX, side):
        for column in range(0, _SIDE_PX, side):
            cell = (slice(row, row + side), slice(column, column + side))
            hues, _ = np.histogram(
                hsv[cell][..., 0], _HUE_BINS, (0, 180), weights=hsv[cell][..., 1]
            )
            edges, _ = np.histogram(
                turn[cell], _GRADIENT_BINS, (0, 1), weights=np.hypot(dx, dy)[cell]
            )
            parts += [hues / (255.0 * side**2), edges / max(float(edges.sum()), 1e-6) / 2]
    vector = np.sqrt(np.concatenate(parts))
    unit: Appearance = (vector / max(float(np.linalg.norm(vector)), 1e-6)).astype(np.float32)
    return unit


def likeness(a: Appearance | None, b: Appearance | None) -> float | None:
    """Cosine of two looks, 0 to 1; None where one is not known."""
    return None if a is None or b is None else float(np.clip(a @ b, 0.0, 1.0))
