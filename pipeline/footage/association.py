"""Which boxes show the same object: all boxes of a patrol at once, so that order says nothing."""

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
    if not len(rays):
        return []
    order = np.lexsort((rays.bearings_rad, rays.frames, rays.times_s))
    sorted_rays = rays.take(order)
    groups: list[NDArray[np.int64]] = []
    for part in _reachable_parts(sorted_rays, limits):
        groups += [part[group] for group in _agglomerated(sorted_rays.take(part), limits)]
    return [order[group] for group in sorted(groups, key=lambda group: int(group[0]))]


def _reachable_parts(rays: Rays, limits: AssociationLimits) -> list[NDArray[np.int64]]:
    """Connected parts: no ray of one lies within reach of a ray of another in the same pass."""
    places, reach_m = rays.places_m(), limits.reach_m
    n = len(places)
    parent = np.arange(n)

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = int(parent[i])
        return i

    by_east = np.argsort(places[:, 0], kind="stable")
    east = places[by_east, 0]
    for at, i in enumerate(by_east):
        stop = int(np.searchsorted(east, east[at] + reach_m, side="right"))
        others = by_east[at + 1 : stop]
        near = others[
            (np.linalg.norm(places[others] - places[i], axis=1) <= reach_m)
            & (np.abs(rays.driven_m[others] - rays.driven_m[i]) <= limits.pass_gap_m)
        ]
        for j in near:
            parent[root(int(j))] = root(int(i))
    roots = np.array([root(i) for i in range(n)])
    return [np.flatnonzero(roots == one) for one in np.unique(roots)]


class _Groups:
    """Normal distributions that grow together; rows of groups that were swallowed are dead."""

    def __init__(self, rays: Rays, limits: AssociationLimits) -> None:
        self.limits = limits
        covariances = rays.covariances_m2(place_sd_m=limits.place_sd_m)
        self.information = np.linalg.inv(covariances)
        self.weighted = np.einsum("nij,nj->ni", self.information, rays.places_m())
        self.first_s, self.last_s = rays.times_s.copy(), rays.times_s.copy()
        self.first_m, self.last_m = rays.driven_m.copy(), rays.driven_m.copy()
        self.members: list[list[int]] = [[i] for i in range(len(rays))]
        self.alive = np.ones(len(rays), dtype=bool)
        self.conflict = rays.frames[:, None] == rays.frames[None, :]
        self.extents = rays.extents_m
        self.common = rays.common_covariances_m2()
        self.covariances = covariances
        self.means = rays.places_m()

    def distances(self, i: int) -> Array:
        """(N,) squared distances of group i to all; infinite where they must not join."""
        limits = self.limits
        gap = np.maximum(
            0.0, np.maximum(self.first_s - self.last_s[i], self.first_s[i] - self.last_s)
        )
        way = np.maximum(self.first_m - self.last_m[i], self.first_m[i] - self.last_m)
        drift = np.minimum(limits.drift_m_per_sqrt_s**2 * gap, limits.max_drift_m**2)
        spread = self.covariances + self.covariances[i] + self.common + self.common[i]
        alike = limits.place_sd_m**2 + self.extents[i] * self.extents
        spread = spread + (drift + alike)[:, None, None] * np.eye(2)
        apart = self.means - self.means[i]
        a, b, d = spread[:, 0, 0], spread[:, 0, 1], spread[:, 1, 1]
        squared = d * apart[:, 0] ** 2 - 2 * b * apart[:, 0] * apart[:, 1] + a * apart[:, 1] ** 2
        squared = squared / (a * d - b * b)
        may_join = self.alive & ~self.conflict[i] & (way <= limits.pass_gap_m)
        result: Array = np.where(may_join, squared, np.inf)
        result[i] = np.inf
        return result

    def join(self, i: int, j: int) -> None:
        """Let group i swallow group j."""
        self.information[i] += self.information[j]
        self.weighted[i] += self.weighted[j]
        self.covariances[i] = np.linalg.inv(self.information[i])
        self.means[i] = self.covariances[i] @ self.weighted[i]
        self.first_s[i] = min(self.first_s[i], self.first_s[j])
        self.last_s[i] = max(self.last_s[i], self.last_s[j])
        self.first_m[i] = min(self.first_m[i], self.first_m[j])
        self.last_m[i] = max(self.last_m[i], self.last_m[j])
        self.members[i] += self.members[j]
        if np.trace(self.common[j]) < np.trace(self.common[i]):  # the nearest look errs the least
            self.common[i] = self.common[j]
        self.alive[j] = False
        self.conflict[i] |= self.conflict[j]
        self.conflict[:, i] = self.conflict[i]


def _agglomerated(rays: Rays, limits: AssociationLimits) -> list[NDArray[np.int64]]:
    """Joins the nearest two groups again and again; each row remembers its nearest."""
    groups = _Groups(rays, limits)
    apart = np.stack([groups.distances(i) for i in range(len(rays))])
    nearest = apart.argmin(axis=1)
    least = apart.min(axis=1)
    while True:
        i = int(least.argmin())
        if not least[i] <= limits.gate:
            break
        i, j = sorted((i, int(nearest[i])))
        groups.join(i, j)
        apart[j] = apart[:, j] = np.inf
        apart[i] = apart[:, i] = groups.distances(i)
        stale = np.flatnonzero(np.isin(nearest, (i, j)) | (apart[i] < least))
        stale = np.union1d(stale, (i, j))
        nearest[stale] = apart[stale].argmin(axis=1)
        least[stale] = apart[stale, nearest[stale]]
    return [
        np.sort(np.array(members, dtype=np.int64))
        for members, alive in zip(groups.members, groups.alive, strict=True)
        if alive
    ]
