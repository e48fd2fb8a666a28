"""Which boxes show the same object: all boxes of a patrol at once, so that order says nothing."""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zoubian.pipeline.footage.rays import Array, Rays


@dataclass(frozen=True, slots=True)
class AssociationLimits:
    """When two groups of boxes are one object.

    Attributes:
        gate: greatest squared distance in standard deviations (chi-square, 2 degrees of freedom).
        reach_m: greatest distance of two boxes' own places that is looked at.
        place_sd_m: of a camera's place against the next one's, per axis; never averaged away.
        drift_m_per_sqrt_s: how fast a receiver's error wanders, per axis.
        max_drift_m: most that it is taken for, as after waiting at a crossing.
        pass_gap_m: boxes between which the camera drove farther are not joined here: who comes by
            again has a track that errs anew, and is told by the place of the whole spot.
    """

    gate: float
    reach_m: float
    place_sd_m: float
    drift_m_per_sqrt_s: float
    max_drift_m: float
    pass_gap_m: float


def associate(rays: Rays, *, limits: AssociationLimits) -> list[NDArray[np.int64]]:
    """Group rays into objects seen in one pass: agglomeration from the surest pair on.

    Each group is a normal distribution on the ground, the product of its boxes' own; the two groups
    least standard deviations apart join first, until the next are farther apart than the gate. Two
    boxes of one frame are never one object, so groups that share a frame never join. The order of
    the input breaks no tie: rays are sorted first.

    Returns:
        Index arrays into `rays`, each by time; the groups by their first index in time order.
    """
    order = np.lexsort((rays.bearings_rad, rays.frames, rays.times_s))
    groups = _Groups(rays.take(order), limits)
    queue: list[tuple[float, int, int, int, int]] = []
    for i in range(len(rays)):
        groups.offer(i, queue)
    while queue:
        _, i, j, grown_i, grown_j = heapq.heappop(queue)
        if (groups.grown[i], groups.grown[j]) == (grown_i, grown_j):
            groups.join(i, j)
            groups.offer(i, queue)
    return [order[np.sort(members)] for members in groups.members if members]


_DEAD = -1


class _Groups:
    """Normal distributions that grow together; a group that was swallowed is dead.

    Each knows the groups that have a ray within reach of one of its own: only those are asked.
    """

    def __init__(self, rays: Rays, limits: AssociationLimits) -> None:
        self.limits = limits
        self.members = [[i] for i in range(len(rays))]
        self.grown = [0] * len(rays)  # how often each has grown: what was offered before is void
        self._frames = [{int(frame)} for frame in rays.frames]
        self._near = _within_reach(rays, limits)
        self._means = rays.places_m()
        self._covariances = rays.covariances_m2(place_sd_m=limits.place_sd_m)
        self._information = np.linalg.inv(self._covariances)
        self._weighted = np.einsum("nij,nj->ni", self._information, self._means)
        self._common = rays.common_covariances_m2()
        self._extents = rays.extents_m
        self._times = np.stack([rays.times_s, rays.times_s], axis=1)  # of first and last ray
        self._ways = np.stack([rays.ways_m, rays.ways_m], axis=1)

    def offer(self, i: int, queue: list[tuple[float, int, int, int, int]]) -> None:
        """Put the groups that i may join into the queue, the nearest comes out first."""
        others = sorted(
            j for j in self._near[i] if j != i and self._frames[i].isdisjoint(self._frames[j])
        )
        if not others:
            return
        for j, squared in zip(others, self._squared_distances(i, others).tolist(), strict=True):
            if squared <= self.limits.gate:
                a, b = min(i, j), max(i, j)
                heapq.heappush(queue, (squared, a, b, self.grown[a], self.grown[b]))

    def join(self, i: int, j: int) -> None:
        """Let group i swallow group j."""
        self._information[i] += self._information[j]
        self._weighted[i] += self._weighted[j]
        self._covariances[i] = np.linalg.inv(self._information[i])
        self._means[i] = self._covariances[i] @ self._weighted[i]
        if np.trace(self._common[j]) < np.trace(self._common[i]):  # the nearest look errs the least
            self._common[i] = self._common[j]
        for spans in (self._times, self._ways):
            spans[i] = min(spans[i, 0], spans[j, 0]), max(spans[i, 1], spans[j, 1])
        self.members[i] += self.members[j]
        self._frames[i] |= self._frames[j]
        for k in self._near[j]:
            self._near[k].discard(j)
            self._near[k].add(i)
        self._near[i] |= self._near[j]
        self._near[i] -= {i, j}
        self.members[j], self.grown[j], self._near[j] = [], _DEAD, set()
        self.grown[i] += 1

    def _squared_distances(self, i: int, others: list[int]) -> Array:
        """(K,) in standard deviations; infinite where the camera drove too far in between."""
        limits = self.limits
        gap_s, gap_m = (
            np.maximum(spans[others, 0] - spans[i, 1], spans[i, 0] - spans[others, 1])
            for spans in (self._times, self._ways)
        )
        drift = np.minimum(
            limits.drift_m_per_sqrt_s**2 * np.maximum(gap_s, 0.0), limits.max_drift_m**2
        )
        alike = drift + limits.place_sd_m**2 + self._extents[i] * self._extents[others]
        spread = self._covariances[others] + self._common[others]
        spread = spread + (self._covariances[i] + self._common[i])
        spread = spread + alike[:, None, None] * np.eye(2)
        apart = self._means[others] - self._means[i]
        a, b, d = spread[:, 0, 0], spread[:, 0, 1], spread[:, 1, 1]
        squared = d * apart[:, 0] ** 2 - 2 * b * apart[:, 0] * apart[:, 1] + a * apart[:, 1] ** 2
        result: Array = np.where(gap_m <= limits.pass_gap_m, squared / (a * d - b * b), np.inf)
        return result


def _within_reach(rays: Rays, limits: AssociationLimits) -> list[set[int]]:
    """For each ray the others that put their object within reach of its own, in one pass."""
    places = rays.places_m()
    by_way = np.argsort(rays.ways_m, kind="stable")
    ways = rays.ways_m[by_way]
    near: list[set[int]] = [set() for _ in range(len(rays))]
    for at, i in enumerate(by_way.tolist()):
        stop = int(np.searchsorted(ways, ways[at] + limits.pass_gap_m, side="right"))
        others = by_way[at + 1 : stop]
        apart = np.linalg.norm(places[others] - places[i], axis=1)
        for j in others[apart <= limits.reach_m].tolist():
            near[i].add(j)
            near[j].add(i)
    return near
