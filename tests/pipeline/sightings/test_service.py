"""What is stored of the analysis, and which media wait for one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from zoubian.pipeline.db.engine import UnitOfWork, make_engine
from zoubian.pipeline.db.migrate import migrate
from zoubian.pipeline.intake.models import Medium, Patrol, Remark
from zoubian.pipeline.sightings import service
from zoubian.pipeline.sightings.models import DetectionRow, Frame
from zoubian.pipeline.sightings.records import (
    Line,
    MediumAnalysis,
    SeenBox,
    SeenFrame,
    failed_analysis,
)

NOW = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)


@pytest.fixture
def uow(tmp_path: Path) -> UnitOfWork:
    engine = make_engine(f"sqlite:///{tmp_path / 'zoubian.db'}")
    migrate(engine)
    uow = UnitOfWork(engine)
    with uow() as session:
        session.add(Patrol(id="p", name="p", created_at=NOW, tz_offset_min=480, crs="wgs84"))
        session.flush()
        for name in ("IMG_10", "IMG_2"):
            session.add(
                Medium(
                    id=name,
                    patrol_id="p",
                    sha256=name,
                    path=f"/p/{name}.jpg",
                    shown_path=f"{name}.jpg",
                    kind="photo",
                    size_bytes=1,
                )
            )
    return uow


def _frame(index: int, boxes: int) -> SeenFrame:
    return SeenFrame(
        index=index,
        offset_s=float(index),
        taken_at=NOW,
        lat=43.8,
        lon=125.3,
        position_error_m=8.0,
        position_source="exif",
        heading_deg=None,
        width_px=640,
        height_px=480,
        assessable=True,
        quality_reason=None,
        brightness=0.5,
        sharpness=0.6,
        shown_sha256=None,
        shown_scale=None,
        boxes=tuple(SeenBox("bin", 0.5, n, n, n + 9, n + 9) for n in range(boxes)),
    )


def _analysis(boxes: Sequence[int], *, notes: Sequence[str] = ()) -> MediumAnalysis:
    """`boxes`: how many in each frame."""
    frames = tuple(_frame(index, count) for index, count in enumerate(boxes))
    return MediumAnalysis("IMG_2", 9, frames, tuple(Line(code, "", "") for code in notes), None)


def _store(uow: UnitOfWork, analysis: MediumAnalysis, key: str = "key") -> None:
    with uow() as session:
        service.store_analysis(session, analysis, analysis_key=key)


def _stored(uow: UnitOfWork) -> tuple[list[str], list[str], list[str]]:
    """Ids of the frames, the frame of each detection, codes of the remarks."""
    with uow.reading() as session:
        return (
            sorted(session.scalars(select(Frame.id))),
            sorted(session.scalars(select(DetectionRow.frame_id))),
            sorted(session.scalars(select(Remark.code))),
        )


def _request(uow: UnitOfWork, key: str = "key") -> list[str]:
    with uow() as session:
        return service.request_analysis(session, "p", analysis_key=key)


def test_media_wait_in_natural_order_until_they_are_analysed_in_this_way(uow: UnitOfWork) -> None:
    assert _request(uow) == ["IMG_2", "IMG_10"]
    _store(uow, _analysis([1]))
    assert _request(uow) == ["IMG_10"]
    assert _request(uow, key="other model") == ["IMG_2", "IMG_10"]


@pytest.mark.parametrize(
    ("code", "tried_again"),
    [("truncated", False), ("crashed", True), ("timed_out", True), ("out_of_memory", True)],
)
def test_only_what_may_pass_is_tried_again(uow: UnitOfWork, code: str, tried_again: bool) -> None:
    _store(uow, failed_analysis("IMG_2", Line(code, "坏", "bad")))
    with uow.reading() as session:
        medium = session.get_one(Medium, "IMG_2")
        assert (medium.state, medium.problem_code, medium.problem_zh) == ("failed", code, "坏")
    assert ("IMG_2" in _request(uow)) == tried_again


def test_storing_again_replaces_what_was_there(uow: UnitOfWork) -> None:
    _store(uow, _analysis([2, 1], notes=["exif_broken", "time_damaged"]))
    _store(uow, _analysis([1], notes=["exif_broken"]))
    once = _stored(uow)
    assert once == (["IMG_2-000000"], ["IMG_2-000000"], ["exif_broken"])
    _store(uow, _analysis([1], notes=["exif_broken"]))
    assert _stored(uow) == once
    _store(uow, failed_analysis("IMG_2", Line("truncated", "", "")))
    assert _stored(uow) == ([], [], [])


def test_media_that_a_child_died_on_are_suspects_until_they_have_an_answer(
    uow: UnitOfWork,
) -> None:
    with uow() as session:
        media = service.pending_media(session, ["IMG_2", "IMG_10", "unknown"])
        service.suspect(session, media[:1])
    assert [(medium.id, medium.suspect) for medium in media] == [
        ("IMG_2", False),
        ("IMG_10", False),
    ]
    with uow.reading() as session:
        again = service.pending_media(session, ["IMG_10", "IMG_2"])
    assert [(medium.id, medium.suspect) for medium in again] == [("IMG_10", False), ("IMG_2", True)]
    _store(uow, _analysis([0]))
    with uow.reading() as session:
        assert session.get_one(Medium, "IMG_2").attempts == 0


def test_what_no_job_comes_to_is_given_up(uow: UnitOfWork) -> None:
    _store(uow, _analysis([0]))
    with uow() as session:
        service.give_up_pending(session, "p", Line("not_analysed", "", ""), analysis_key="key")
        counts = service.analysis_counts(session, "p")
    assert counts == service.AnalysisCounts(done=1, failed=1, pending=0)
    assert _request(uow) == ["IMG_10"]
