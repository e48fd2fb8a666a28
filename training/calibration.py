"""From raw scores to measured precision, and to the score from which a class is worth showing."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from zoubian.models.registry.manifest import PrecisionPoint
from zoubian.training.metrics import ScoredMatches


def precision_table(matches: ScoredMatches, *, min_per_step: int) -> tuple[PrecisionPoint, ...]:
    """Measured precision (IoU 0.5) as a rising staircase over the score.

    Isotonic regression by pooling adjacent violators (Ayer et al. 1955): the closest rising
    function to the hits in least squares. Steps with fewer than `min_per_step` detections are
    joined with the step below, so that no figure rests on a handful of boxes. A step's precision
    is (hits + 1) / (detections + 2), Laplace's rule: 25 hits of 25 do not promise certainty.
    """
    scores, place = np.unique(matches.scores, return_inverse=True)
    hits = np.bincount(place, weights=matches.hits[:, 0], minlength=len(scores))
    counts = np.bincount(place, minlength=len(scores))
    pools: list[tuple[float, int, int]] = []  # hits, detections, index of the lowest score
    for index in range(len(scores)):
        pools.append((float(hits[index]), int(counts[index]), index))
        while len(pools) > 1 and _must_pool(pools[-2], pools[-1], min_per_step):
            _pool_last_two(pools)
    if len(pools) > 1 and pools[-1][1] < min_per_step:
        _pool_last_two(pools)
    return tuple(
        PrecisionPoint(score=float(scores[lowest]), precision=(total + 1) / (count + 2), n=count)
        for total, count, lowest in pools
    )


def _pool_last_two(pools: list[tuple[float, int, int]]) -> None:
    upper, lower = pools.pop(), pools.pop()
    pools.append((lower[0] + upper[0], lower[1] + upper[1], lower[2]))


def _must_pool(
    lower: tuple[float, int, int], upper: tuple[float, int, int], min_per_step: int
) -> bool:
    return lower[1] < min_per_step or lower[0] / lower[1] >= upper[0] / upper[1]


def best_f1_threshold(matches: ScoredMatches) -> float:
    """The score at which precision and recall (IoU 0.5) balance best; 1.0 when nothing was hit."""
    order = np.argsort(-matches.scores, kind="stable")
    hits = matches.hits[order, 0].cumsum()
    if matches.boxes == 0 or not len(order) or hits[-1] == 0:
        return 1.0
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + matches.boxes)
    return float(matches.scores[order[int(np.argmax(f1))]])


def quiet_thresholds(
    top_scores: Mapping[str, NDArray[np.float64]],
    *,
    floors: Mapping[str, float],
    quiet_share: float,
) -> dict[str, float]:
    """Thresholds of several classes that together leave most harmless photos alone.

    Every class may disturb the same number of photos, the largest at which the classes together
    disturb at most `1 - quiet_share` of them; a class whose floor is higher leaves its part to the
    others.

    Args:
        top_scores: by class, for each photo without a problem the class's best score, `(N,)`, the
            photos in one order.
        floors: by class, the score below which it is not shown anyway.
        quiet_share: share of those photos, 0..1, that shall stay without a suggestion.
    """
    scores = {name: np.sort(tops) for name, tops in top_scores.items()}
    photos = len(next(iter(scores.values()), ()))
    for loud in range(photos, -1, -1):  # photos that each class may disturb
        thresholds = {
            name: max(floors[name], float(np.nextafter(ordered[photos - loud - 1], 1.0)))
            if loud < photos
            else floors[name]
            for name, ordered in scores.items()
        }
        disturbed = np.zeros(photos, dtype=bool)
        for name, threshold in thresholds.items():
            disturbed |= top_scores[name] >= threshold
        if disturbed.sum() <= (1.0 - quiet_share) * photos + 1e-9:
            return thresholds
    return dict(floors)
