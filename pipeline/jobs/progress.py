"""How far a scan is, told while several threads work."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from zoubian.pipeline.intake.collect import FoundMedium
from zoubian.pipeline.sightings.records import MediumAnalysis
from zoubian.pipeline.sightings.service import PendingMedium

Stage = Literal["store", "analyse"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is. `path` is the medium that was just dealt with."""

    stage: Stage
    done: int
    failed: int
    total: int
    path: str


OnProgress = Callable[[Progress], None]


class Count:
    """Counts items from several threads and tells how far it is."""

    def __init__(self, stage: Stage, total: int, on_progress: OnProgress) -> None:
        self._stage = stage
        self._total = total
        self._on_progress = on_progress
        self._lock = threading.Lock()
        self.done = 0
        self.failed = 0

    def stored(self, medium: FoundMedium) -> None:
        """A medium lies in the store."""
        self.item(medium.shown_path, usable=True)

    def analysed(self, medium: PendingMedium, analysis: MediumAnalysis) -> None:
        """A photo was looked at."""
        self.item(medium.shown_path, usable=analysis.problem is None)

    def item(self, path: str, usable: bool) -> None:
        """One more is dealt with."""
        with self._lock:
            self.done += usable
            self.failed += not usable
            self._on_progress(Progress(self._stage, self.done, self.failed, self._total, path))
