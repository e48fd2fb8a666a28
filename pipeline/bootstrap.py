"""The one place that reads settings and wires: a workspace, a scan, a warm analyst."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import asdict, dataclass, replace
from datetime import timedelta, timezone
from functools import partial
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.models.registry.manifest import Manifest
from zoubian.models.registry.service import find_model
from zoubian.pipeline.candidates.fonts import find_cjk_font
from zoubian.pipeline.candidates.service import STREET_LIMITS, Means
from zoubian.pipeline.clock import Clock, system_clock
from zoubian.pipeline.db.engine import UnitOfWork, make_engine
from zoubian.pipeline.db.errors import WorkspaceError
from zoubian.pipeline.db.migrate import migrate
from zoubian.pipeline.deadlines.calendar import seed_calendar
from zoubian.pipeline.dispatch.refresh import REFRESH_CHUNK, refresh_due
from zoubian.pipeline.domain.problems import Problem
from zoubian.pipeline.files import FileStore, StorageError
from zoubian.pipeline.intake.collect import collect
from zoubian.pipeline.intake.datum import Crs
from zoubian.pipeline.intake.layout import Surroundings
from zoubian.pipeline.intake.models import Patrol
from zoubian.pipeline.intake.quality import QualityThresholds
from zoubian.pipeline.intake.service import (
    Intake,
    PatrolSpec,
    Tracks,
    add_notes,
    read_subtitles,
    read_tracks,
    register_patrol,
    store_originals,
)
from zoubian.pipeline.intake.track import TrackRules
from zoubian.pipeline.jobs.analysis import (
    ANALYSE,
    AnalysisPerformer,
    AnalystRules,
    WarmAnalyst,
    enqueue_analysis,
)
from zoubian.pipeline.jobs.children import ChildLimits
from zoubian.pipeline.jobs.footage_rules import CAR_FOOTAGE, footage_rules
from zoubian.pipeline.jobs.footage_scan import FootageRules, FootageScan, OnStage
from zoubian.pipeline.jobs.looking import SharedAnalysts
from zoubian.pipeline.jobs.progress import Count, OnProgress
from zoubian.pipeline.jobs.proposing import Proposer
from zoubian.pipeline.jobs.queue import LeaseRules, LocalQueue
from zoubian.pipeline.jobs.scans import SCAN, ScanPerformer, open_scans
from zoubian.pipeline.jobs.seen_again import tell_seen_again
from zoubian.pipeline.organisation.place_file import load_places
from zoubian.pipeline.organisation.places import PlaceIndex
from zoubian.pipeline.organisation.stored import LoadedOrganisation
from zoubian.pipeline.review.registry import Registry, make_registry
from zoubian.pipeline.review.service import hold_back
from zoubian.pipeline.review.suspects import Reach
from zoubian.pipeline.settings import Settings
from zoubian.pipeline.sightings import service as sightings
from zoubian.pipeline.sightings.analysis import ANALYSIS_VERSION, AnalystConfig
from zoubian.pipeline.sightings.finding import FinderConfig
from zoubian.pipeline.sightings.messages import NOT_ANALYSED
from zoubian.pipeline.sightings.ways import Ways

# A later patrol is held against cases whose own place is known to so much, and that were closed so
# lately.
_OTHER_ERROR_M = 30.0
_CLOSED_WITHIN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Workspace:
    """An opened workspace: a database and a file store in a folder."""

    folder: Path
    engine: Engine
    uow: UnitOfWork
    files: FileStore
    clock: Clock
    settings: Settings
    organisation: LoadedOrganisation


@dataclass(frozen=True, slots=True)
class Eye:
    """What looks at pictures: a model, and how a child makes a finder of it.

    Attributes:
        manifest: classes, thresholds and measured precisions.
        finder: "package.module:name" of what makes the finder from `finder_config`.
        identity: changes with whatever changes what it finds.
    """

    manifest: Manifest
    finder: str
    finder_config: object
    identity: str


@dataclass(frozen=True, slots=True)
class ScanOutcome:
    """What a scan did; `skipped` media had been analysed before, `failed` are problems."""

    patrol_id: str
    done: int
    skipped: int
    failed: int


def open_workspace(settings: Settings, *, clock: Clock = system_clock) -> Workspace:
    """Open the workspace that the settings name, made or brought up to date when needed.

    Raises:
        StorageError: its folder cannot be written.
        WorkspaceError: its database cannot be used by this version.
    """
    folder = settings.workspace.absolute()
    engine = make_engine(settings.database_url or f"sqlite:///{folder / 'zoubian.db'}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        migrate(engine)
    except OSError as error:
        raise StorageError(folder, error) from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        why = error.orig if isinstance(error, DatabaseError) else error
        raise WorkspaceError(
            zh=f"{folder} 的数据库无法使用：{why}",
            en=f"the database of {folder} cannot be used: {why}",
        ) from error
    files = FileStore(folder / "files")
    files.forget_partial()
    uow = UnitOfWork(engine)
    if seed_calendar(uow, now=clock()):
        refresh_due(uow, chunk=REFRESH_CHUNK)
    return Workspace(folder, engine, uow, files, clock, settings, LoadedOrganisation())


def open_eye(workspace: Workspace, *, model: str | None) -> Eye:
    """The model of this name; without one, the setting's, else the default.

    Raises:
        RegistryError: there is none, or it is damaged.
    """
    settings = workspace.settings
    manifest = find_model(model or settings.model, workspace.folder)
    cores = os.cpu_count() or 1
    shared = max(1, cores // settings.children) if settings.children > 1 else None
    config = FinderConfig(
        manifest=manifest.weights.parent,
        runtime=settings.runtime,
        threads=settings.threads or shared,
        store_score=settings.store_score,
        tile_px=settings.tile_px if settings.fine else None,
        steady=False,
    )
    identity = _digest(
        {
            "weights": manifest.sha256,
            "nms_iou": manifest.nms_iou,
            "thresholds": dict(manifest.thresholds),
            "store_score": config.store_score,
            "runtime": config.runtime,
            "tile_px": config.tile_px,
        }
    )
    return Eye(manifest, "zoubian.pipeline.sightings.finding:load_finder", config, identity)


def load_place_file(workspace: Workspace) -> tuple[PlaceIndex, tuple[Problem, ...]]:
    """The roads and places that the settings name, none without; bad rows are problems."""
    path = workspace.settings.places
    return load_places(path) if path is not None else (PlaceIndex((), ()), ())


def review_registry(workspace: Workspace, places: PlaceIndex) -> Registry:
    """What the review asks of the loaded organisation and deadlines."""
    return make_registry(
        packaged_tables(),
        workspace.organisation,
        places,
        own_reports_register=workspace.settings.own_reports_register,
    )


def see_permits(workspace: Workspace) -> int:
    """Hold back what permits explain away, after a scan and when permits were loaded.

    Returns:
        How many candidates are held back now.
    """
    registry = review_registry(workspace, PlaceIndex((), ()))
    with workspace.uow() as session:
        return hold_back(session, registry, at=workspace.clock())


def warm_analyst(workspace: Workspace, eye: Eye) -> WarmAnalyst:
    """A child that stays, for single photos, which it looks at in several views; to be closed."""
    config = eye.finder_config
    if isinstance(config, FinderConfig):
        eye = replace(eye, finder_config=replace(config, steady=True))
    return WarmAnalyst(_analyst_rules(workspace, eye))


def scan(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    eye: Eye,
    track: Path | None,
    tz_offset_min: int,
    crs: Crs,
    patrol_name: str | None,
    on_progress: OnProgress,
    video_ahead_s: float | None = None,
    patrol_id: str | None = None,
) -> ScanOutcome:
    """From paths to stored candidates; stopped at any moment and run again, it goes on.

    What could not be used becomes rows (`candidates.result.scan_result` reads them).

    Args:
        track: GPX or NMEA; tracks that lie among the photos are used too.
        tz_offset_min: of photo and video times that name no offset.
        crs: datum of positions that name none.
        video_ahead_s: the cameras' clock is so much ahead of the tracks'; None finds it out by
            turns and stops.
        patrol_id: of a patrol that was made before.

    Raises:
        ChildStartError: the model cannot be loaded.
        StorageError: the workspace cannot be written.
    """
    collected = collect(paths, skip=[workspace.folder])
    named = [track.absolute()] if track is not None else []
    tracks = read_tracks([*named, *collected.tracks], crs=crs)
    subtitles = read_subtitles(collected.subtitles)
    places, place_problems = load_place_file(workspace)
    count = Count("store", len(collected.media), on_progress)
    stored = store_originals(collected.media, workspace.files, on_stored=count.stored)
    intake = Intake(
        stored.media,
        (
            *collected.problems,
            *stored.problems,
            *tracks.problems,
            *subtitles.problems,
            *place_problems,
        ),
        (*collected.notes, *stored.notes, *tracks.notes),
    )
    with workspace.uow() as session:
        patrol_id = register_patrol(
            session,
            intake,
            PatrolSpec(patrol_name, tuple(paths), tz_offset_min, crs, patrol_id),
            clock=workspace.clock,
        )
    outcome = analyse_patrol(workspace, patrol_id, eye=eye, on_progress=on_progress)
    footage = FootageScan(workspace.uow, patrol_id, _footage_rules(workspace, eye))
    footage.read(on_stage := _stages(on_progress))
    around = Surroundings(
        tracks=tracks.tracks,
        subtitles=subtitles.fixes,
        tz=timezone(timedelta(minutes=tz_offset_min)),
        crs=crs,
        offset_s=video_ahead_s or 0.0,
        max_gap_s=workspace.settings.track_gap_seconds,
        rules=TrackRules(),
    )
    ways = footage.look(around, on_stage, set_clock=video_ahead_s is None)
    _place(workspace, patrol_id, tracks, ways)
    means = _means(workspace, eye, places)
    proposer = Proposer(workspace.uow, workspace.files, patrol_id, means, workspace.clock)
    proposer.propose(ways, CAR_FOOTAGE, footage, on_stage)
    see_permits(workspace)
    reach = Reach(_OTHER_ERROR_M, workspace.clock() - _CLOSED_WITHIN, limit=10)
    tell_seen_again(
        workspace.uow, patrol_id, tables=packaged_tables(), reach=reach, clock=workspace.clock
    )
    videos = footage.counts()
    return ScanOutcome(
        patrol_id,
        outcome.done + videos.done,
        outcome.skipped + videos.skipped,
        outcome.failed + videos.failed,
    )


def scan_uploads(
    workspace: Workspace, patrol_id: str, *, eye: Eye, look_up: Callable[[], None]
) -> None:
    """Scan what was sent for a patrol.

    Args:
        look_up: called after each medium; what it raises stops the scan.
    """
    with workspace.uow.reading() as session:
        patrol = session.get_one(Patrol, patrol_id)
    scan(
        workspace,
        [uploads_of(workspace, patrol_id)],
        eye=eye,
        track=None,
        tz_offset_min=patrol.tz_offset_min,
        crs="gcj02" if patrol.crs == "gcj02" else "wgs84",
        patrol_name=patrol.name,
        on_progress=lambda _: look_up(),
        patrol_id=patrol_id,
    )


def uploads_of(workspace: Workspace, patrol_id: str) -> Path:
    """The folder of what was sent for a patrol."""
    return workspace.folder / "patrols" / patrol_id


def run_scans(workspace: Workspace, eye: Eye) -> int:
    """Do the scans that wait, one after the other; returns how many patrols were looked after.

    A scan that another process holds is waited for.
    """
    with workspace.uow.reading() as session:
        waiting = open_scans(session)
    lease = LeaseRules(timedelta(seconds=workspace.settings.lease_seconds), workspace.clock)
    for patrol_id in waiting:
        performer = ScanPerformer(partial(_scan_held, workspace, eye), patrol_id)
        queue = LocalQueue(workspace.uow, lease, performer=partial(closing, performer), threads=1)
        queue.run(kind=SCAN, subject=patrol_id)
    return len(waiting)


def _scan_held(workspace: Workspace, eye: Eye, patrol_id: str, look_up: Callable[[], None]) -> None:
    scan_uploads(workspace, patrol_id, eye=eye, look_up=look_up)


def shared_analysts(workspace: Workspace, eye: Eye) -> SharedAnalysts:
    """Children that stay for the photos that people send; to be closed."""
    return SharedAnalysts(
        partial(warm_analyst, workspace, eye), count=workspace.settings.photo_children
    )


def analyse_patrol(
    workspace: Workspace, patrol_id: str, *, eye: Eye, on_progress: OnProgress
) -> ScanOutcome:
    """Analyse the media of a patrol that this model and these settings have not seen.

    Jobs that a dead process left are taken over; a live one's are waited for.

    Raises:
        ChildStartError: the model cannot be loaded.
        SupersededError: another scan analyses the patrol in another way.
    """
    uow, settings, clock = workspace.uow, workspace.settings, workspace.clock
    rules = _analyst_rules(workspace, eye)
    with uow() as session:
        patrol = session.get_one(Patrol, patrol_id)
        key = _analysis_key(eye, rules.config, patrol.tz_offset_min, patrol.crs)
        before = sightings.analysis_counts(session, patrol_id)
        total = enqueue_analysis(
            session, patrol_id, analysis_key=key, chunk=settings.chunk, clock=clock
        )
    count = Count("analyse", total, on_progress)

    def performer() -> AbstractContextManager[AnalysisPerformer]:
        return closing(AnalysisPerformer(uow, rules, analysis_key=key, on_analysed=count.analysed))

    queue = LocalQueue(
        uow,
        LeaseRules(timedelta(seconds=settings.lease_seconds), clock),
        performer=performer,
        threads=settings.children,
    )
    queue.run(kind=ANALYSE, subject=patrol_id)
    with uow() as session:
        sightings.give_up_pending(session, patrol_id, NOT_ANALYSED, analysis_key=key)
        after = sightings.analysis_counts(session, patrol_id)
    return ScanOutcome(
        patrol_id, count.done, before.done + before.failed + before.pending - total, after.failed
    )


def _means(workspace: Workspace, eye: Eye, places: PlaceIndex) -> Means:
    return Means(
        manifest=eye.manifest,
        tables=packaged_tables(),
        places=places,
        limits=STREET_LIMITS,
        font=find_cjk_font(),
        evidence_frames=workspace.settings.evidence_frames,
    )


def _stages(on_progress: OnProgress) -> OnStage:
    return lambda total: Count("analyse", total, on_progress).item


def _place(workspace: Workspace, patrol_id: str, tracks: Tracks, ways: Ways) -> None:
    """Place what knows no position itself on the tracks; run again, nothing changes."""
    max_gap_s = workspace.settings.track_gap_seconds
    with workspace.uow() as session:
        asked = sightings.place_frames(
            session, patrol_id, position_at=partial(tracks.position_at, max_gap_s=max_gap_s)
        )
        asked += ways.moments()
        add_notes(session, patrol_id, tracks.other_day(asked, max_gap_s=max_gap_s))


def _footage_rules(workspace: Workspace, eye: Eye) -> FootageRules:
    settings = workspace.settings
    return footage_rules(
        settings,
        eye,
        packaged_tables(),
        files=workspace.files.folder,
        limits=_child_limits(workspace),
        lease=LeaseRules(timedelta(seconds=settings.lease_seconds), workspace.clock),
    )


def _analyst_rules(workspace: Workspace, eye: Eye) -> AnalystRules:
    settings = workspace.settings
    config = AnalystConfig(
        files=workspace.files.folder,
        finder=eye.finder,
        finder_config=eye.finder_config,
        shown_px=settings.shown_px,
        looked_px=max(settings.shown_px, settings.fine_px) if settings.fine else settings.shown_px,
        max_megapixels=settings.max_megapixels,
        position_error_m=settings.position_error_m,
        quality=QualityThresholds(),
    )
    return AnalystRules(config, _child_limits(workspace), settings.medium_seconds)


def _child_limits(workspace: Workspace) -> ChildLimits:
    settings = workspace.settings
    return ChildLimits(
        memory_bytes=settings.child_memory_mb << 20,
        niceness=settings.niceness,
        start_s=settings.start_seconds,
        log=workspace.folder / "logs" / "children.log",
    )


def _analysis_key(eye: Eye, config: AnalystConfig, tz_offset_min: int, crs: str) -> str:
    """A name for all that the stored frames depend on but the pictures themselves."""
    return _digest(
        {
            "version": ANALYSIS_VERSION,
            "eye": eye.identity,
            "shown_px": config.shown_px,
            "looked_px": config.looked_px,
            "max_megapixels": config.max_megapixels,
            "position_error_m": config.position_error_m,
            "quality": asdict(config.quality),
            "tz_offset_min": tz_offset_min,
            "crs": crs,
        }
    )


def _digest(values: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
