"""How footage is worked through, from the settings and a model."""

import hashlib
import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.datasets.classes.models import ClassTables
from zoubian.models.registry.manifest import Manifest
from zoubian.pipeline.candidates.footage import FootageMeans
from zoubian.pipeline.footage.car_patrol import (
    CALIBRATION_LIMITS,
    CAR_CAMERA,
    COVERAGE_LIMITS,
    OFFSET_LIMITS,
    SAMPLING_LIMITS,
    SPOT_LIMITS,
    TRACK_LIMITS,
    TRAVEL_LIMITS,
)
from zoubian.pipeline.footage.sizes import SIZES_BY_CLASS
from zoubian.pipeline.intake.quality import QualityThresholds
from zoubian.pipeline.jobs.children import ChildLimits
from zoubian.pipeline.jobs.footage_scan import FootageRules
from zoubian.pipeline.jobs.items import ChildSpec
from zoubian.pipeline.jobs.queue import LeaseRules
from zoubian.pipeline.settings import Settings
from zoubian.pipeline.sightings.cutting import CutConfig
from zoubian.pipeline.sightings.finding import FinderConfig
from zoubian.pipeline.sightings.footage_bench import (
    FootageBench,
    FootageBenchSetup,
    run_footage_bench,
)
from zoubian.pipeline.sightings.looking import LOOKING_VERSION, LookConfig
from zoubian.pipeline.sightings.reading import ReadConfig

_KEPT_SHARE = 0.5  # of a class's threshold: looks at one thing are judged together
_OVERLAP_S = 1.0
_HERE = "zoubian.pipeline.sightings"

CAR_FOOTAGE = FootageMeans(
    camera=CAR_CAMERA,
    sizes=SIZES_BY_CLASS,
    spots=SPOT_LIMITS,
    calibration=CALIBRATION_LIMITS,
    coverage=COVERAGE_LIMITS,
)


class LookingModel(Protocol):
    """What looks at frames: see `bootstrap.Eye`."""

    @property
    def manifest(self) -> Manifest: ...
    @property
    def finder(self) -> str: ...
    @property
    def finder_config(self) -> object: ...
    @property
    def identity(self) -> str: ...


def footage_rules(
    settings: Settings,
    model: LookingModel,
    tables: ClassTables,
    *,
    files: Path,
    limits: ChildLimits,
    lease: LeaseRules,
) -> FootageRules:
    """The rules for a workspace.

    Args:
        files: folder of the file store.
        limits: of each child.
    """
    config = look_config(settings, model, tables, files=files)
    return FootageRules(
        reader=ChildSpec(
            f"{_HERE}.reading:load_reader",
            ReadConfig(files, settings.max_frame_megapixels),
            limits,
            settings.medium_seconds,
        ),
        looker=ChildSpec(f"{_HERE}.looking:load_looker", config, limits, settings.medium_seconds),
        cutter=ChildSpec(
            f"{_HERE}.cutting:load_cutter",
            CutConfig(files, settings.shown_px, settings.clip_px),
            limits,
            settings.medium_seconds,
        ),
        look_key=_look_key(model, config),
        cut_look=f"{settings.shown_px} {settings.clip_px}",
        segment_s=settings.segment_seconds,
        threads=settings.children,
        track=TRACK_LIMITS,
        clock_offset=OFFSET_LIMITS,
        lease=lease,
    )


def look_config(
    settings: Settings, model: LookingModel, tables: ClassTables, *, files: Path
) -> LookConfig:
    """How a child looks at frames: at the model's own size."""
    thresholds = model.manifest.thresholds
    problems = {name for name, seen in tables.visual_classes.items() if seen.problem}
    return LookConfig(
        files=files,
        finder=model.finder,
        finder_config=model.finder_config,
        looked_px=max(model.manifest.input_hw_px),
        keep_scores={name: score * _KEPT_SHARE for name, score in thresholds.items()},
        hit_scores={name: score for name, score in thresholds.items() if name in problems},
        overlap_s=_OVERLAP_S,
        quality=QualityThresholds(),
        sampling=SAMPLING_LIMITS,
        travel=TRAVEL_LIMITS,
        hfov_deg=CAR_CAMERA.hfov_deg,
        decoding_threads=settings.decoding_threads,
    )


def _look_key(model: LookingModel, config: LookConfig) -> str:
    """A name for all that stored frames depend on but the footage and its way."""
    values = {
        "version": LOOKING_VERSION,
        "eye": model.identity,
        "looked_px": config.looked_px,
        "keep": dict(config.keep_scores),
        "hit": dict(config.hit_scores),
        "overlap_s": config.overlap_s,
        "quality": asdict(config.quality),
        "sampling": asdict(config.sampling),
        "travel": asdict(config.travel),
        "hfov_deg": config.hfov_deg,
    }
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def bench_footage(
    manifest: Manifest,
    path: Path,
    *,
    runtime: str,
    threads: int | None,
    speed_mps: float,
    footage_s: float,
    seconds: float,
    rounds: int,
) -> FootageBench:
    """Measure how fast a video is looked at, as a scan with the settings' defaults does it.

    Args:
        path: absolute.
        speed_mps: of the drive that the footage is taken for.
        footage_s: at most so much of it.
        seconds: of each measurement of the bare model.

    Raises:
        BenchRefusedError: the file is no video that can be used.
    """
    settings = Settings()
    finder = FinderConfig(
        manifest=manifest.weights.parent,
        runtime=runtime,
        threads=threads,
        store_score=settings.store_score,
        tile_px=None,
        steady=False,
    )
    model = _BenchModel(manifest, "zoubian.pipeline.sightings.finding:load_finder", finder, "")
    with tempfile.TemporaryDirectory() as folder:
        config = look_config(settings, model, packaged_tables(), files=Path(folder))
        setup = FootageBenchSetup(
            path, manifest, runtime, threads, config, speed_mps=speed_mps, footage_s=footage_s
        )
        return run_footage_bench(
            setup, rounds=rounds, raw_s=seconds, max_megapixels=settings.max_frame_megapixels
        )


@dataclass(frozen=True, slots=True)
class _BenchModel:
    """A `LookingModel`."""

    manifest: Manifest
    finder: str
    finder_config: object
    identity: str
