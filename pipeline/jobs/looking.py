"""Warm children that threads share, each child one photo at a time."""

import queue
from collections.abc import Callable

from zoubian.pipeline.domain.geo import Crs
from zoubian.pipeline.jobs.analysis import WarmAnalyst
from zoubian.pipeline.sightings.records import MediumAnalysis


class SharedAnalysts:
    """Looks at photos in as many children as there are analysts; whoever comes later waits."""

    def __init__(self, make: Callable[[], WarmAnalyst], *, count: int) -> None:
        self._all = [make() for _ in range(count)]
        self._free: queue.SimpleQueue[WarmAnalyst] = queue.SimpleQueue()
        for analyst in self._all:
            self._free.put(analyst)

    def analyse(self, sha256: str, *, tz_offset_min: int, crs: Crs) -> MediumAnalysis:
        """Look at a stored photo; a shown copy of it is kept.

        Raises:
            ChildStartError: the model cannot be loaded.
        """
        analyst = self._free.get()
        try:
            return analyst.analyse(sha256, tz_offset_min=tz_offset_min, crs=crs)
        finally:
            self._free.put(analyst)

    def close(self) -> None:
        """End the children."""
        for analyst in self._all:
            analyst.close()
