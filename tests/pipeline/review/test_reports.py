"""What people report themselves: every category, no detection, at once for a group's member."""

import pytest
from review_desk import (
    DISPATCHER,
    HERE,
    INSPECTOR,
    MARKET,
    OFFICER,
    REVIEWER,
    ReviewDesk,
    clear,
    refusal,
    sha,
)

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.pipeline.domain.actors import Actor
from zoubian.pipeline.domain.cases import CaseState, Source
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.ledger import cases, texts
from zoubian.pipeline.organisation.places import PlaceIndex
from zoubian.pipeline.organisation.stored import LoadedOrganisation
from zoubian.pipeline.review import service
from zoubian.pipeline.review.filing import Confirmation
from zoubian.pipeline.review.pictures import PhotoPart, ReportedPhoto
from zoubian.pipeline.review.registry import make_registry
from zoubian.pipeline.review.reports import Report, report_manually
from zoubian.pipeline.review.view import CandidateView

PHOTOS = (
    ReportedPhoto(sha("near"), sha("near-shown"), part=PhotoPart.NEAR),
    ReportedPhoto(sha("far"), part=PhotoPart.FAR),
)
AT_THE_GATE = Report("bin_overflow", place_zh="第一小学门前", photos=PHOTOS)


def report(
    desk: ReviewDesk,
    told: Report = AT_THE_GATE,
    actor: Actor = INSPECTOR,
    request_id: str | None = None,
) -> CandidateView:
    with desk.uow() as session:
        return report_manually(
            session, told, by=desk.by(actor), registry=desk.registry, request_id=request_id
        )


def case(desk: ReviewDesk, seen: CandidateView) -> CaseView:
    assert seen.case_id is not None
    with desk.uow.reading() as session:
        return cases.case_view(session, seen.case_id)


def test_each_of_the_45_categories_can_be_reported_without_any_detection(desk: ReviewDesk) -> None:
    desk.answers.responsibility = clear("street-1")
    categories = list(packaged_tables().categories)
    assert len(categories) == 45
    numbers = set()
    for category in categories:
        told = Report(category, position=Position(*HERE, 8.0), photos=PHOTOS)
        seen = report(desk, told)
        assert (seen.state, seen.visual_class, seen.members) == ("confirmed", None, {})
        registered = case(desk, seen)
        assert (registered.category, registered.source) == (category, Source.MANUAL)
        assert (registered.state, registered.unit_id) == (CaseState.DISPATCHED, "street-1")
        assert registered.photo_sha256s == (sha("near-shown"), sha("far"))
        assert (registered.lat, registered.lon, registered.radius_m) == (*HERE, 8.0)
        numbers.add(seen.number)
    assert len(numbers) == 45


def test_a_report_says_when_where_and_by_whom_and_names_nobody(desk: ReviewDesk) -> None:
    told = Report(
        "bin_overflow", position=Position(*HERE, 8.0), photos=PHOTOS, note="店主李四不配合"
    )
    seen = report(desk, told)
    assert (seen.reported_by, seen.place_zh) == (INSPECTOR.user_id, f"北纬{HERE[0]}")
    assert seen.first_seen_at == desk.now
    first, second = desk.events(seen.id)
    assert (first.kind, second.kind) == ("candidate.reported", "candidate.confirmed")
    assert first.details["pictures"] == [sha("near"), sha("far")]
    assert "李四" not in str(first.details) + str(second.details)
    with desk.uow.reading() as session:
        assert list(texts.read(session, [str(first.details["note"])]).values()) == [told.note]


WAITING = (
    pytest.param(REVIEWER, True, Source.MANUAL, id="a desk's"),
    pytest.param(OFFICER, True, Source.STREET, id="a subdistrict's"),
    pytest.param(INSPECTOR, False, Source.MANUAL, id="a group's, by the setting"),
    pytest.param(Actor("u", INSPECTOR.role), True, Source.MANUAL, id="of no group"),
)


@pytest.mark.parametrize(("actor", "setting", "source"), WAITING)
def test_other_reports_wait_for_a_reviewer(
    desk: ReviewDesk, actor: Actor, setting: bool, source: Source
) -> None:
    desk.answers.own_reports_register = setting
    seen = report(desk, actor=actor)
    assert (seen.state, seen.case_id, seen.source) == ("pending", None, source)
    with desk.uow() as session:
        done = service.confirm(
            session,
            seen.id,
            Confirmation("bin_overflow"),
            version=seen.version,
            by=desk.by(REVIEWER),
            registry=desk.registry,
        )
    assert case(desk, done).source is source


def test_without_the_setting_a_member_does_not_confirm_his_own_report(desk: ReviewDesk) -> None:
    desk.answers.own_reports_register = False
    seen = report(desk)
    with refusal("reviewer_first"), desk.uow() as session:
        service.confirm(
            session,
            seen.id,
            Confirmation("bin_overflow"),
            version=seen.version,
            by=desk.by(INSPECTOR),
            registry=desk.registry,
        )


def test_a_report_that_a_permit_explains_away_waits_with_its_name(desk: ReviewDesk) -> None:
    desk.answers.permit = MARKET
    told = Report("road_occupying_business", position=Position(*HERE, 8.0), photos=PHOTOS)
    seen = report(desk, told)
    assert (seen.state, seen.hold is not None and seen.hold.permit_id) == ("pending", "permit-7")


def test_fixed_on_the_spot_is_closed_in_one_step(desk: ReviewDesk) -> None:
    told = Report(
        "bin_overflow",
        place_zh="第一小学门前",
        photos=PHOTOS,
        after_photo_sha256s=(sha("after"),),
    )
    closed = case(desk, report(desk, told))
    assert closed.state is CaseState.CLOSED
    assert closed.closings[0].on_spot
    assert closed.dispatches == ()


def test_the_same_request_again_is_the_same_report(desk: ReviewDesk) -> None:
    first = report(desk, request_id="r1")
    assert report(desk, request_id="r1") == first
    assert report(desk, request_id="r2").id != first.id
    assert report(desk, actor=REVIEWER, request_id="r1").id != first.id


NO_USE = (
    (Report("nothing", place_zh="x", photos=PHOTOS), INSPECTOR, "unknown_category"),
    (
        Report("bin_overflow", "nothing", place_zh="x", photos=PHOTOS),
        INSPECTOR,
        "unknown_condition",
    ),
    (Report("bin_overflow", place_zh=" ", photos=PHOTOS), INSPECTOR, "no_place"),
    (Report("bin_overflow", place_zh="x"), INSPECTOR, "no_photo"),
    (Report("bin_overflow", place_zh="x"), OFFICER, "no_photo"),
    (Report("bin_overflow", place_zh="x", photos=(ReportedPhoto("?"),)), INSPECTOR, "bad_photo"),
    (AT_THE_GATE, DISPATCHER, "role"),
)


def test_a_report_that_nobody_could_use_is_refused(desk: ReviewDesk) -> None:
    for told, actor, code in NO_USE:
        with refusal(code):
            report(desk, told, actor)


def test_a_desk_passes_on_what_was_told_by_telephone(desk: ReviewDesk) -> None:
    seen = report(desk, Report("bin_overflow", place_zh="第一小学门前"), REVIEWER)
    assert desk.frames(seen.id) == []


def test_two_conditions_with_two_deadlines_ask_which_one_was_met(desk: ReviewDesk) -> None:
    desk.answers.rules = {"overflow": "rule-1", "burning": "rule-2"}
    with refusal("condition_needed"):
        report(desk)
    told = Report("bin_overflow", "burning", place_zh="第一小学门前", photos=PHOTOS)
    assert case(desk, report(desk, told)).rule_id == "rule-2"


def test_nothing_loaded_is_enough_to_begin_with(desk: ReviewDesk) -> None:
    registry = make_registry(
        packaged_tables(), LoadedOrganisation(), PlaceIndex((), ()), own_reports_register=True
    )
    told = Report("bin_overflow", position=Position(*HERE, 8.0), photos=PHOTOS)
    with desk.uow() as session:
        seen = report_manually(session, told, by=desk.by(INSPECTOR), registry=registry)
    assert seen.place_zh == "北纬43.88000，东经125.32000"
    registered = case(desk, seen)
    assert (registered.state, registered.rule_id) == (CaseState.REGISTERED, None)
