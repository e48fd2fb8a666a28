"""From a score to the measured precision at this score: what people are shown instead of it."""

from collections.abc import Sequence

from zoubian.models.registry.manifest import Manifest, PrecisionPoint


def precision_at(manifest: Manifest, class_name: str, score: float) -> float | None:
    """Measured precision of `class_name` at `score`; None when nothing real was measured.

    Straight lines between the measured points, level outside them; never falls as the score
    rises.

    Raises:
        KeyError: the model has no such class.
    """
    points = manifest.precision.get(class_name, ())
    if not manifest.proven[class_name] or not points:
        return None
    levels = isotonic_precisions(points)
    if score <= points[0].score:
        return levels[0]
    for low, high, at_low, at_high in zip(points, points[1:], levels, levels[1:], strict=False):
        if score <= high.score:
            share = (score - low.score) / (high.score - low.score)
            return at_low + share * (at_high - at_low)
    return levels[-1]


def isotonic_precisions(points: Sequence[PrecisionPoint]) -> list[float]:
    """The rising curve nearest to the measured precisions, weighted by their counts.

    Neighbours that fall are pooled into their mean (pool adjacent violators), so that a bin of
    three lucky detections cannot lift all scores above it.

    >>> points = [PrecisionPoint(0.2, 0.5, 10), PrecisionPoint(0.4, 0.9, 1),
    ...           PrecisionPoint(0.6, 0.6, 3)]
    >>> [round(p, 3) for p in isotonic_precisions(points)]
    [0.5, 0.675, 0.675]
    """
    pools: list[tuple[float, int, int]] = []  # mean, weight, points in the pool
    for point in points:
        mean, weight, size = point.precision, max(point.n, 1), 1
        while pools and pools[-1][0] > mean:
            before, before_weight, before_size = pools.pop()
            mean = (before * before_weight + mean * weight) / (before_weight + weight)
            weight += before_weight
            size += before_size
        pools.append((mean, weight, size))
    return [mean for mean, _, size in pools for _ in range(size)]
