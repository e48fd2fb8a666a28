"""What the report says of footage: the way that was seen, where it could not be judged, clips."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from zoubian.pipeline.candidates.models import Candidate, Exhibit
from zoubian.pipeline.candidates.report import render_report
from zoubian.pipeline.candidates.result import scan_result
from zoubian.pipeline.candidates.rules import SeenFrame, SeenObject, SpotDraft
from zoubian.pipeline.candidates.service import Means, form_candidates
from zoubian.pipeline.candidates.spot_map import draw_spot_map
from zoubian.pipeline.domain.geo import Position, moved
from zoubian.pipeline.intake.models import Medium
from zoubian.pipeline.sightings.models import Stretch

if TYPE_CHECKING:
    from tests.pipeline.candidates.conftest import PatrolDesk

PATROL = "p1"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FULL = ("overflowing_bin", 0.8, (100.0, 200.0, 400.0, 460.0))
HERE = Position(43.88, 125.32, 6.0)


def page(desk: "PatrolDesk", means: Means) -> str:
    """The report of a patrol whose media are all taken for videos."""
    with desk.uow() as session:
        form_candidates(session, desk.files, patrol_id=PATROL, means=means, at=NOW)
    with desk.uow() as session:
        for medium in session.scalars(select(Medium)):
            medium.kind = "video"
        for candidate in session.scalars(select(Candidate)):
            for kind, content in (("clip", b"an MP4"), ("map", b"<svg/>")):
                sha256 = desk.files.put_bytes(content)
                session.add(Exhibit(candidate_id=candidate.id, kind=kind, sha256=sha256))
        for number, (state, reason) in enumerate(
            [("seen", None), ("not_assessable", "too_dark"), ("seen", None)]
        ):
            session.add(
                Stretch(
                    patrol_id=PATROL,
                    number=number,
                    state=state,
                    reason=reason,
                    started_at=NOW + timedelta(minutes=number),
                    ended_at=NOW + timedelta(minutes=number, seconds=40),
                    length_m=600.0,
                    path=[[43.88, 125.32 + number * 0.007], [43.88, 125.327 + number * 0.007]],
                )
            )
    with desk.uow.reading() as session:
        result = scan_result(session, PATROL, tables=means.tables)
    return render_report(
        result,
        desk.files,
        manifest=means.manifest,
        tables=means.tables,
        places=means.places,
        generated_at=NOW,
    )


def test_tells_the_way_that_was_seen_and_why_some_was_not(desk: "PatrolDesk", means: Means) -> None:
    desk.photo("a.mp4", [FULL], at=(43.88, 125.32))
    html = page(desk, means)
    assert "<b>1.2</b>" in html and "公里，视频看过" in html
    assert "<b>0.6</b>" in html and "公里，视频无法判读" in html
    assert "10:01:00 – 10:01:40" in html and "太暗" in html
    assert html.count('stroke-dasharray="1 8"') == 1
    assert "a.mp4 0.0 s" in html


def test_shows_a_clip_and_a_map_and_lists_no_frames_of_footage(
    desk: "PatrolDesk", means: Means
) -> None:
    desk.photo("a.mp4", [FULL], at=(43.88, 125.32))
    desk.photo("b.mp4", [], quality_reason="blurred")
    html = page(desk, means)
    assert "data:video/mp4;base64,YW4gTVA0" in html
    assert "data:image/svg+xml;base64,PHN2Zy8+" in html
    assert "b.mp4" not in html
    assert "张照片未见问题" not in html


def draft(*, at: Position | None) -> SpotDraft:
    seen = SeenObject("overflowing_bin", 0.8, (0.0, 0.0, 9.0, 9.0))
    place = moved(HERE, 0.0, -12.0, error_m=4.0)
    frame = SeenFrame("f", "f", NOW, place, True, 640, 360, 0.7, (seen,))
    return SpotDraft("bins", (frame,), {"overflowing_bin": 1}, "overflowing_bin", 0.8, at, NOW)


def test_the_small_map_joins_the_way_and_breaks_it_where_nobody_knows() -> None:
    way = [moved(HERE, 3.0, north, error_m=1.0) for north in (-40, -30, -20, 20, 30, 40, 900)]
    svg = (draw_spot_map(draft(at=HERE), way, ()) or b"").decode()
    assert svg.count("<polyline") == 2
    assert svg.count("<circle") == 3  # seen from, radius, spot
    assert "20 m" in svg


@pytest.mark.parametrize("way", [[], [HERE]])
def test_the_small_map_needs_no_way_but_a_place(way: list[Position]) -> None:
    assert draw_spot_map(draft(at=None), way, ()) is None
    assert draw_spot_map(draft(at=HERE), way, ()) is not None
