"""What a candidate may belong to: near, of one kind, told with distance and ground."""

from datetime import timedelta

import pytest
from review_desk import HERE, INSPECTOR, OFFICER, START, ReviewDesk, clear, refusal, sha
from sqlalchemy import update

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.pipeline.candidates.models import CandidateFrame
from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.candidate_states import DeclineReason
from zoubian.pipeline.domain.cases import CaseAction
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.review import service
from zoubian.pipeline.review.filing import Confirmation
from zoubian.pipeline.review.joining import merge
from zoubian.pipeline.review.pictures import ReportedPhoto
from zoubian.pipeline.review.reports import Report, report_manually
from zoubian.pipeline.review.suspects import Reach, Suspect, SuspectKind, suspects
from zoubian.pipeline.review.view import CandidateView

NORTH_30_M = (43.88027, 125.32)
NORTH_60_M = (43.88054, 125.32)
VERIFIER = Actor("u-ver", Role.VERIFIER, group_id="g12")


def of(desk: ReviewDesk, identifier: str, *, days: int = 30, limit: int = 10) -> list[Suspect]:
    reach = Reach(other_error_m=50.0, closed_since=desk.now - timedelta(days=days), limit=limit)
    with desk.uow.reading() as session:
        return list(suspects(session, identifier, tables=packaged_tables(), reach=reach))


def ids(found: list[Suspect]) -> list[str]:
    return [suspect.id for suspect in found]


def confirm(desk: ReviewDesk, seen: CandidateView, category: str = "bin_overflow") -> str:
    with desk.uow() as session:
        done = service.confirm(
            session,
            seen.id,
            Confirmation(category),
            version=seen.version,
            by=desk.by(),
            registry=desk.registry,
        )
    assert done.case_id is not None
    return done.case_id


def act(desk: ReviewDesk, case_id: str, action: CaseAction, actor: Actor, **said: Json) -> None:
    by = desk.by()
    with desk.uow() as session:
        cases.act(
            session,
            case_id,
            action,
            actor=actor,
            details=said,
            version=None,
            at=by.at,
            recorded_at=by.recorded_at,
        )


def test_an_open_case_within_both_errors_is_proposed_with_distance_and_ground(
    desk: ReviewDesk,
) -> None:
    case_id = confirm(desk, desk.candidate("c1"))
    desk.candidate("c2", at=NORTH_30_M, place_zh=None)
    (found,) = of(desk, "c2")
    assert (found.kind, found.id, found.case_id) == (SuspectKind.CASE, case_id, case_id)
    assert found.distance_m == pytest.approx(30.0, abs=0.1)
    assert found.errors_m == 40.0
    assert found.why_zh == "同类问题，相距约30米（误差合计40米）；已立案"
    assert found.why_en == "the same kind, about 30 m away (errors 40 m together); registered"


BESIDE = {
    "near": (NORTH_30_M, 20.0, "bin_overflow", "overflowing_bin"),
    "far": (NORTH_60_M, 20.0, "bin_overflow", "overflowing_bin"),
    "less sure": (NORTH_60_M, 45.0, "bin_overflow", "overflowing_bin"),
    "other class": (NORTH_30_M, 20.0, None, "garbage_pile"),
    "other kind": (NORTH_30_M, 20.0, "road_damage", "road_damage"),
}


def test_candidates_go_together_by_kind_and_error(desk: ReviewDesk) -> None:
    desk.candidate("c1", place_zh=None)
    for name, (at, radius_m, category, visual_class) in BESIDE.items():
        desk.candidate(
            name,
            at=at,
            radius_m=radius_m,
            category=category,
            visual_class=visual_class,
            place_zh=None,
        )
    assert set(ids(of(desk, "c1"))) == {"near", "less sure", "other class"}
    assert {name for name in BESIDE if "c1" in ids(of(desk, name))} == set(ids(of(desk, "c1")))


def test_what_was_declined_before_is_shown_with_its_reason(desk: ReviewDesk) -> None:
    desk.candidate("c1")
    with desk.uow() as session:
        service.decline(
            session, "c1", DeclineReason.OUTSIDE_AREA, note=None, version=1, by=desk.by()
        )
    desk.candidate("c2")
    (found,) = of(desk, "c2")
    assert found.why_zh.endswith("；不予受理：非管辖范围")
    assert found.why_en.endswith("; declined: outside our area")


def test_a_lately_closed_case_is_a_recurrence_and_an_old_one_is_not(desk: ReviewDesk) -> None:
    desk.answers.responsibility = clear("street-1")
    case_id = confirm(desk, desk.candidate("c1"))
    act(desk, case_id, CaseAction.RETURN, OFFICER, photo_sha256s=[sha("after")])
    act(desk, case_id, CaseAction.CLOSE, VERIFIER, recheck="on_site")
    desk.candidate("c2")
    (found,) = of(desk, "c2")
    assert (found.kind, found.id) == (SuspectKind.CLOSED_CASE, case_id)
    desk.now += timedelta(days=31)
    (other,) = of(desk, "c2")
    assert (other.kind, other.id, other.case_id) == (SuspectKind.CANDIDATE, "c1", case_id)


def test_one_frame_is_one_spot_whatever_the_positions_say(desk: ReviewDesk) -> None:
    desk.candidate("c1", frames=["f"], at=HERE)
    desk.candidate("c2", frames=["f"], at=(43.9, 125.32), visual_class="garbage_pile")
    desk.candidate("c3", at=(43.90001, 125.32), place_zh=None)
    first, second = of(desk, "c2")
    assert (first.id, second.id) == ("c1", "c3")
    assert first.why_zh.startswith("同一张照片，相距约22")


def test_spots_of_one_frame_of_footage_are_told_apart_by_their_boxes(desk: ReviewDesk) -> None:
    left = [["overflowing_bin", 100.0, 100.0, 200.0, 300.0]]
    right = [["overflowing_bin", 500.0, 100.0, 600.0, 300.0]]
    for name, boxes in (("c1", left), ("c2", right), ("c3", left)):
        desk.candidate(name, frames=["f"], at=None, place_zh=None)
        with desk.uow() as session:
            session.execute(
                update(CandidateFrame)
                .where(CandidateFrame.candidate_id == name)
                .values(boxes=boxes)
            )
    assert ids(of(desk, "c1")) == ["c3"]
    assert of(desk, "c2") == []


def test_a_photo_that_was_reported_and_scanned_is_recognised(desk: ReviewDesk) -> None:
    desk.candidate("c1", frames=["f"], at=None, place_zh=None)
    photo = ReportedPhoto(sha("fphoto"), taken_at=START)
    told = Report("bin_overflow", place_zh="第一小学门前", photos=(photo,))
    with desk.uow() as session:
        mine = report_manually(session, told, by=desk.by(), registry=desk.registry)
    (found,) = of(desk, "c1")
    assert (found.id, found.distance_m) == (mine.id, None)
    assert found.why_zh == "同一张照片；待受理"


def test_words_for_the_place_count_where_a_position_is_missing(desk: ReviewDesk) -> None:
    desk.answers.own_reports_register = False
    told = Report("bin_overflow", place_zh="第一小学门前", photos=(ReportedPhoto(sha("p")),))
    with desk.uow() as session:
        mine = report_manually(session, told, by=desk.by(INSPECTOR), registry=desk.registry)
    desk.candidate("c1", place_zh="第一小学门前")
    desk.candidate("c2", place_zh="第一小学门前", at=None)
    desk.candidate("c3", place_zh="第二小学门前", at=None)
    assert set(ids(of(desk, mine.id))) == {"c1", "c2"}
    assert set(ids(of(desk, "c1"))) == {mine.id, "c2"}
    assert of(desk, "c3") == []


def test_a_case_known_by_words_only_is_found_by_them(desk: ReviewDesk) -> None:
    case_id = confirm(desk, desk.candidate("c1", at=None, place_zh="第一小学门前"))
    desk.candidate("c2", at=None, place_zh="第一小学门前")
    (found,) = of(desk, "c2")
    assert (found.id, found.why_zh) == (case_id, "地点描述相同；已立案")


def test_the_nearest_come_first_and_not_more_than_asked_for(desk: ReviewDesk) -> None:
    for number, north_m in enumerate((30, 10, 20)):
        desk.candidate(f"c{number}", at=(HERE[0] + north_m / 111_195, HERE[1]), place_zh=None)
    desk.candidate("c9", place_zh=None)
    assert ids(of(desk, "c9")) == ["c1", "c2", "c0"]
    assert ids(of(desk, "c9", limit=2)) == ["c1", "c2"]


def test_what_merged_away_or_lapsed_is_not_proposed(desk: ReviewDesk) -> None:
    desk.candidate("lapsed", state="lapsed")
    for name in ("into", "merged", "c1"):
        desk.candidate(name)
    with desk.uow() as session:
        merge(
            session,
            "into",
            ["merged"],
            versions={"into": 1, "merged": 1},
            same_objects=True,
            by=desk.by(),
        )
    assert ids(of(desk, "c1")) == ["into"]


def test_asking_for_nobody_is_refused(desk: ReviewDesk) -> None:
    with refusal("no_such_candidate"):
        of(desk, "nobody")


def test_a_report_at_another_position_of_the_same_kind_is_proposed(desk: ReviewDesk) -> None:
    told = Report(
        "household_waste_uncollected",
        position=Position(*NORTH_30_M, 15.0),
        photos=(ReportedPhoto(sha("p")),),
    )
    with desk.uow() as session:
        mine = report_manually(session, told, by=desk.by(INSPECTOR), registry=desk.registry)
    desk.candidate("c1", visual_class="garbage_pile", category=None, place_zh=None)
    (found,) = of(desk, "c1")
    assert (found.kind, found.id) == (SuspectKind.CASE, mine.case_id)
