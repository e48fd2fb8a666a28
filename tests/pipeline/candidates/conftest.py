"""A patrol that tests fill by hand: drawn pictures, chosen boxes, a model that says what it may."""

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import Engine

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.datasets.classes.models import ClassTables
from zoubian.models.registry.manifest import Manifest, PrecisionPoint
from zoubian.pipeline.candidates.service import STREET_LIMITS, Means
from zoubian.pipeline.db.engine import UnitOfWork, make_engine
from zoubian.pipeline.db.migrate import migrate
from zoubian.pipeline.files import FileStore
from zoubian.pipeline.intake.models import Medium, Patrol, Remark
from zoubian.pipeline.organisation.places import PlaceIndex
from zoubian.pipeline.sightings.models import DetectionRow, Frame

PATROL = "p1"
STARTED_AT = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # 01:30 on the 23rd in Changchun

Found = tuple[str, float, tuple[float, float, float, float]]


class PatrolDesk:
    """A workspace with one patrol; `photo` adds a photo with what was found in it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.uow = UnitOfWork(engine)
        self.files = FileStore(folder / "files")
        self.add_patrol(PATROL)

    def add_patrol(self, patrol_id: str) -> None:
        with self.uow() as session:
            session.add(
                Patrol(
                    id=patrol_id,
                    name="第12工作组",
                    created_at=STARTED_AT,
                    tz_offset_min=480,
                    crs="wgs84",
                )
            )

    def photo(
        self,
        name: str,
        found: Sequence[Found],
        *,
        at: tuple[float, float] | None = None,
        taken_at: datetime | None = None,
        quality_reason: str | None = None,
        patrol_id: str = PATROL,
    ) -> str:
        """Store a 640x480 photo; returns the id of its frame."""
        shown = self.files.put_bytes(street_jpeg(name))
        frame_id = f"f-{patrol_id}-{name}"
        with self.uow() as session:
            session.add(
                Medium(
                    id=f"m-{patrol_id}-{name}",
                    patrol_id=patrol_id,
                    sha256=shown,
                    path=f"/in/{name}",
                    shown_path=name,
                    kind="photo",
                    size_bytes=1,
                    state="done",
                    frames_read=1,
                    frames_sampled=1,
                )
            )
            session.flush()
            session.add(
                Frame(
                    id=frame_id,
                    medium_id=f"m-{patrol_id}-{name}",
                    index=0,
                    offset_s=0.0,
                    taken_at=taken_at,
                    lat=at[0] if at else None,
                    lon=at[1] if at else None,
                    position_error_m=5.0 if at else None,
                    width_px=1280,
                    height_px=960,
                    assessable=quality_reason is None,
                    quality_reason=quality_reason,
                    brightness=0.5,
                    sharpness=0.7,
                    shown_sha256=shown,
                    shown_scale=0.5,
                )
            )
            session.flush()
            for visual_class, score, (x1, y1, x2, y2) in found:
                session.add(
                    DetectionRow(
                        frame_id=frame_id,
                        visual_class=visual_class,
                        score=score,
                        x1_px=x1,
                        y1_px=y1,
                        x2_px=x2,
                        y2_px=y2,
                    )
                )
        return frame_id

    def remark(self, severity: str, path: str, code: str) -> None:
        with self.uow() as session:
            session.add(
                Remark(
                    patrol_id=PATROL,
                    severity=severity,
                    path=path,
                    code=code,
                    message_zh=f"{code}：说明",
                    message_en=f"{code}: told",
                )
            )


def street_jpeg(seed: str) -> bytes:
    """A grey street of 640x480 px that differs from name to name."""
    picture = Image.new("RGB", (640, 480), (120, 124, 128))
    ImageDraw.Draw(picture).text((10, 10), seed, fill=(30, 30, 30))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=85)
    return stream.getvalue()


@pytest.fixture
def desk(tmp_path: Path) -> PatrolDesk:
    engine = make_engine(f"sqlite:///{tmp_path / 'zoubian.db'}")
    migrate(engine)
    return PatrolDesk(engine, tmp_path)


@pytest.fixture
def both_desks(engine: Engine, tmp_path: Path) -> PatrolDesk:
    """The same on SQLite and on PostgreSQL."""
    return PatrolDesk(engine, tmp_path)


@pytest.fixture(scope="session")
def tables() -> ClassTables:
    return packaged_tables()


@pytest.fixture(scope="session")
def manifest() -> Manifest:
    """Three classes measured on real photos, one learnt from rendered ones only."""
    classes = ("bin", "overflowing_bin", "garbage_pile", "rubble_heap")
    points = (PrecisionPoint(0.2, 0.4, 100), PrecisionPoint(0.8, 0.9, 100))
    return Manifest(
        name="test-model",
        version="0.1",
        weights=Path("/nowhere/model.onnx"),
        sha256="ab" * 32,
        classes=classes,
        head="one_to_many",
        input_hw_px=(640, 640),
        quantisation="fp32",
        thresholds=dict.fromkeys(classes, 0.3),
        nms_iou=0.7,
        precision={name: points for name in classes if name != "rubble_heap"},
        proven={name: name != "rubble_heap" for name in classes},
        metrics={},
        licence="AGPL-3.0-or-later",
        attributions=(),
        source_weights_sha256=None,
        made_with={},
    )


@pytest.fixture
def means_with(manifest: Manifest, tables: ClassTables) -> Callable[[PlaceIndex], Means]:
    def make(places: PlaceIndex) -> Means:
        return Means(manifest, tables, places, STREET_LIMITS, font=None, evidence_frames=3)

    return make


@pytest.fixture
def means(means_with: Callable[[PlaceIndex], Means]) -> Means:
    return means_with(PlaceIndex((), ()))
