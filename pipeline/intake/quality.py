"""Whether a picture can be judged: silence about a spoilt one must not count as clean."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Reason = Literal["too_dark", "overexposed", "covered", "blurred"]

_LONG_SIDE_PX = 320  # judged at one size, so that megapixels do not matter
_SMEAR_PX = 9  # length of the trial blur; Crete-Roffet et al., "The blur effect", 2007
_FLAT_WINDOW_PX = 9
_LIT = 25  # grey level above which a pixel shows something
_BURNT = 250


@dataclass(frozen=True, slots=True)
class QualityThresholds:
    """Where a picture stops being assessable.

    Measured at these values on waste/val: 0 of 429 honest photos are refused. Of 54 of them spoilt
    on purpose (tests/pipeline/intake/spoiling.py; shares of the long side) are refused: shaken over
    2 % 65 %, 3 % 96 %, 5 % all; out of focus by a radius of 0.5 % 13 %, of 1 % all; 4 stops less
    light 6 %, 5 stops all; 4 stops more 83 %, 5 stops 96 %; covered by a finger to 65 % 2 %, to
    80 % all. A black cover on part of the picture looks like a night sky and passes until less than
    `min_lit_share` is left.

    Attributes:
        min_highlight: grey level that the brightest hundredth reaches, 0 to 255.
        min_lit_share: share of the picture that is not black: lamps alone are no street.
        max_burnt_share: share of pure white.
        max_flat_share: share of the largest patch without any texture (a finger, a cloth).
        max_flat_deviation: grey levels of standard deviation that still count as no texture.
        max_blur: how much of the fine detail was missing already, 0 sharp to 1 blurred.
    """

    min_highlight: float = 60.0
    min_lit_share: float = 0.05
    max_burnt_share: float = 0.55
    max_flat_share: float = 0.65
    max_flat_deviation: float = 2.5
    max_blur: float = 0.5


@dataclass(frozen=True, slots=True)
class Quality:
    """A picture's quality.

    Attributes:
        reason: why it is not assessable, None when it is.
        brightness: mean grey level, 0 to 1.
        sharpness: 1 - blur, 0 to 1; honest street photos have 0.55 to 0.85.
        flat_share: share of the largest patch without texture, 0 to 1.
        burnt_share: share of pure white, 0 to 1.
    """

    reason: Reason | None
    brightness: float
    sharpness: float
    flat_share: float
    burnt_share: float

    @property
    def assessable(self) -> bool:
        """Whether finding nothing in this picture says anything."""
        return self.reason is None


def judge_quality(image: NDArray[np.uint8], *, thresholds: QualityThresholds) -> Quality:
    """Judge an (H, W, 3) uint8 BGR picture on a copy of 320 px."""
    whole = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    grey = _reduced(whole).astype(np.float32)
    flat_share = _largest_flat_share(grey, thresholds.max_flat_deviation)
    burnt_share = _share(grey >= _BURNT)
    blur = _blur(grey)
    reason: Reason | None = None
    if (
        _share(grey >= thresholds.min_highlight) < 0.01
        or _share(grey > _LIT) < thresholds.min_lit_share
    ):
        reason = "too_dark"
    elif burnt_share > thresholds.max_burnt_share:
        reason = "overexposed"
    elif flat_share > thresholds.max_flat_share:
        reason = "covered"
    elif blur > thresholds.max_blur:
        reason = "blurred"
    return Quality(reason, float(grey.mean()) / 255, 1 - blur, flat_share, burnt_share)


def _share(mask: NDArray[np.bool_]) -> float:
    return float(np.count_nonzero(mask)) / mask.size


def _reduced(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A grey picture at 320 px on its long side; small ones stay: enlarging would blur them."""
    while max(image.shape[:2]) >= 4 * _LONG_SIDE_PX:  # halving is far faster than one long step
        half = image.shape[1] // 2 or 1, image.shape[0] // 2 or 1
        image = cv2.resize(image, half, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    height, width = image.shape[:2]
    shrink = _LONG_SIDE_PX / max(height, width)
    if shrink >= 1:
        return image
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _blur(grey: NDArray[np.float32]) -> float:
    """How little a trial blur takes away, in the direction where it takes the least.

    A sharp picture loses much of the difference between neighbours, a blurred one little. Four
    directions, because a shaken camera blurs along one and leaves the other sharp.
    """
    return max(_kept_share(grey, trial, step) for trial, step in _TRIALS)


_ROW = np.ones((1, _SMEAR_PX), np.float32)
_SLOPE = np.eye(_SMEAR_PX, dtype=np.float32)
_TRIALS: tuple[tuple[NDArray[np.float32], tuple[int, int]], ...] = (
    (_ROW, (0, 1)),
    (_ROW.T.copy(), (1, 0)),
    (_SLOPE, (1, 1)),
    (_SLOPE[:, ::-1].copy(), (1, -1)),
)


def _kept_share(
    grey: NDArray[np.float32], trial: NDArray[np.float32], step: tuple[int, int]
) -> float:
    """The share of the differences between neighbours that a blur along `trial` leaves.

    Neighbours are a `step` (rows, columns) apart. Without any difference nothing is sharp: 1.
    """
    if min(grey.shape) < 2:
        return 1.0
    before = _differences(grey, step)
    after = _differences(cv2.filter2D(grey, -1, trial / _SMEAR_PX).astype(np.float32), step)
    total, left = cv2.sumElems(before)[0], cv2.sumElems(after)[0]
    # The sum of what is positive in before - after, without a picture of it.
    lost = (cv2.norm(before, after, cv2.NORM_L1) + total - left) / 2
    return 1 - lost / total if total > 0 else 1.0


def _differences(grey: NDArray[np.float32], step: tuple[int, int]) -> NDArray[np.float32]:
    rows, columns = step
    here = grey[rows:, max(columns, 0) : grey.shape[1] + min(columns, 0)]
    there = grey[: grey.shape[0] - rows, max(-columns, 0) : grey.shape[1] - max(columns, 0)]
    return cv2.absdiff(here, there).astype(np.float32, copy=False)


def _largest_flat_share(grey: NDArray[np.float32], max_deviation: float) -> float:
    """Share of the largest connected patch whose surroundings vary by less than `max_deviation`.

    Black patches do not count: a night sky has no texture either, and darkness is judged apart.
    """
    window = (_FLAT_WINDOW_PX, _FLAT_WINDOW_PX)
    mean = cv2.blur(grey, window)
    variance = cv2.blur(grey * grey, window) - mean * mean
    flat = ((variance < max_deviation**2) & (grey > _LIT)).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(flat, connectivity=4)
    return float(stats[1:, cv2.CC_STAT_AREA].max(initial=0)) / flat.size
