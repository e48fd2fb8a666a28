"""The real finder: a model of the registry behind the detector."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from zoubian.detector.detections import Detections
from zoubian.detector.detector import load_detector
from zoubian.detector.pictures import ScaledPicture
from zoubian.models.registry.manifest import load_manifest
from zoubian.pipeline.sightings.records import Finder, SeenBox


@dataclass(frozen=True, slots=True)
class FinderConfig:
    """Which model, and how it runs.

    Attributes:
        manifest: the model's folder.
        runtime: "auto" or the name of one.
        threads: of the CPU; None leaves it to the runtime.
        store_score: what scores lower is not kept; a class whose own threshold is lower keeps
            what reaches that.
    """

    manifest: Path
    runtime: str
    threads: int | None
    store_score: float


def load_finder(config: FinderConfig) -> Finder:
    """Load the model.

    Raises:
        RegistryError: its files are damaged.
        DetectorError: it does not run here.
    """
    manifest = load_manifest(config.manifest)
    detector = load_detector(
        manifest,
        runtime=config.runtime,
        threads=config.threads,
        precision="auto",
        # Compiling takes half a second; a cache would save 0.2 s of it and be one more thing
        # that a killed process may leave half-written.
        cache_dir=None,
    )
    scores = {name: min(config.store_score, score) for name, score in manifest.thresholds.items()}

    def find(pictures: Iterable[ScaledPicture]) -> Iterator[list[SeenBox]]:
        found = detector.stream(pictures, score_threshold=scores, iou=manifest.nms_iou)
        return (_boxes(detections, manifest.classes) for detections in found)

    return find


def _boxes(detections: Detections, classes: tuple[str, ...]) -> list[SeenBox]:
    rows = zip(
        detections.class_ids.tolist(),
        detections.scores.tolist(),
        detections.boxes_xyxy_px.tolist(),
        strict=True,
    )
    return [SeenBox(classes[class_id], score, *box) for class_id, score, box in rows]
