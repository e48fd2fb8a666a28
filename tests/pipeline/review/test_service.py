"""One candidate and one person: confirm, correct, have checked, decline, put back."""

from dataclasses import replace
from datetime import time, timedelta

from review_desk import (
    DISPATCHER,
    HERE,
    INSPECTOR,
    MARKET,
    OFFICE,
    OTHER_INSPECTOR,
    OTHER_REVIEWER,
    REVIEWER,
    START,
    ReviewDesk,
    clear,
    refusal,
    sha,
)
from sqlalchemy import func, select

from zoubian.pipeline.domain.actors import Actor
from zoubian.pipeline.domain.candidate_states import DeclineReason
from zoubian.pipeline.domain.cases import CaseState, Source
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.ledger import cases, texts
from zoubian.pipeline.ledger.models import LedgerEvent
from zoubian.pipeline.organisation.territory import Responsibility
from zoubian.pipeline.review import service
from zoubian.pipeline.review.filing import Confirmation
from zoubian.pipeline.review.pictures import ReportedPhoto
from zoubian.pipeline.review.service import CheckRequest, Correction
from zoubian.pipeline.review.view import CandidateView, Check, Hold

FULL = Confirmation(category="bin_overflow")


def confirm(
    desk: ReviewDesk,
    seen: CandidateView,
    confirmation: Confirmation = FULL,
    actor: Actor = REVIEWER,
) -> CandidateView:
    with desk.uow() as session:
        return service.confirm(
            session,
            seen.id,
            confirmation,
            version=seen.version,
            by=desk.by(actor),
            registry=desk.registry,
        )


def correct(desk: ReviewDesk, seen: CandidateView, correction: Correction) -> CandidateView:
    with desk.uow() as session:
        return service.correct(
            session,
            seen.id,
            correction,
            version=seen.version,
            by=desk.by(),
            registry=desk.registry,
        )


def ask(desk: ReviewDesk, seen: CandidateView, fact: str = "是否有许可？") -> CandidateView:
    by = desk.by()
    request = CheckRequest(fact, "g12", by.at + timedelta(hours=24))
    with desk.uow() as session:
        return service.request_check(session, seen.id, request, version=seen.version, by=by)


def answer(
    desk: ReviewDesk, seen: CandidateView, actor: Actor, text: str = "没有许可", photo: str = ""
) -> CandidateView:
    photos = [ReportedPhoto(sha(photo))] if photo else []
    with desk.uow() as session:
        return service.answer_check(
            session, seen.id, text, photos, version=seen.version, by=desk.by(actor)
        )


def case_of(desk: ReviewDesk, seen: CandidateView) -> CaseView:
    assert seen.case_id is not None
    with desk.uow.reading() as session:
        return cases.case_view(session, seen.case_id)


def event_count(desk: ReviewDesk) -> int:
    with desk.uow.reading() as session:
        return session.scalar(select(func.count()).select_from(LedgerEvent)) or 0


def test_confirming_registers_a_case_with_all_that_is_known(desk: ReviewDesk) -> None:
    desk.answers.rules = {"full_bin": "rule-1"}
    desk.answers.responsibility = Responsibility(
        ("street-1", "street-2"), (0.6, 0.4), ("water-office",), None, False, None, None
    )
    seen = desk.candidate("c1", frames=["f1", "f2"])
    done = confirm(desk, seen, Confirmation("bin_overflow", external_number="12345-7"))
    case = case_of(desk, done)
    assert (done.state, done.version, done.filing_condition) == ("confirmed", 2, "full_bin")
    assert case.state is CaseState.REGISTERED
    assert (case.category, case.filing_condition, case.rule_id) == (
        "bin_overflow",
        "full_bin",
        "rule-1",
    )
    assert (case.lat, case.lon, case.radius_m, case.place_zh) == (*HERE, 20.0, seen.place_zh)
    assert (case.source, case.candidate_ids) == (Source.PATROL, ("c1",))
    assert case.photo_sha256s == (sha("f1shown"), sha("f2shown"))
    assert (case.proposed_unit_ids, case.assisting_unit_ids) == (
        ("street-1", "street-2"),
        ("water-office",),
    )
    assert case.external_number == "12345-7"
    (event,) = desk.events("c1")
    assert (event.kind, event.actor) == ("candidate.confirmed", REVIEWER.user_id)
    assert event.details["actor_role"] == "reviewer"


def test_a_clear_unit_has_the_case_at_once(desk: ReviewDesk) -> None:
    desk.answers.responsibility = clear("street-1")
    case = case_of(desk, confirm(desk, desk.candidate("c1")))
    assert (case.state, case.unit_id) == (CaseState.DISPATCHED, "street-1")


def test_a_unit_that_the_position_only_comes_near_waits_for_the_dispatcher(
    desk: ReviewDesk,
) -> None:
    desk.answers.responsibility = Responsibility(("street-1",), (0.3,), (), None, False, None, None)
    case = case_of(desk, confirm(desk, desk.candidate("c1")))
    assert (case.state, case.unit_id) == (CaseState.REGISTERED, None)


def test_without_an_organisation_the_case_waits_for_the_dispatcher(desk: ReviewDesk) -> None:
    case = case_of(desk, confirm(desk, desk.candidate("c1")))
    assert (case.state, case.rule_id, case.proposed_unit_ids) == (CaseState.REGISTERED, None, ())


def test_a_place_in_words_is_enough_and_none_at_all_is_not(desk: ReviewDesk) -> None:
    desk.answers.responsibility = clear("street-1")
    told = desk.candidate("c1", at=None)
    assert case_of(desk, confirm(desk, told)).state is CaseState.REGISTERED
    lost = desk.candidate("c2", at=None, place_zh=None)
    with refusal("no_place"):
        confirm(desk, lost)


def test_a_candidate_joins_an_open_case(desk: ReviewDesk) -> None:
    first = confirm(desk, desk.candidate("c1"))
    second = confirm(
        desk, desk.candidate("c2"), Confirmation("bin_overflow", into_case=first.case_id)
    )
    case = case_of(desk, second)
    assert second.case_id == first.case_id
    assert case.candidate_ids == ("c1", "c2")
    assert set(case.photo_sha256s) == {sha("f-c1shown"), sha("f-c2shown")}


def test_joining_a_case_that_somebody_changed_meanwhile_is_a_conflict(desk: ReviewDesk) -> None:
    first = confirm(desk, desk.candidate("c1"))
    old = case_of(desk, first).version
    confirm(desk, desk.candidate("c2"), Confirmation("bin_overflow", into_case=first.case_id))
    with refusal("conflict"):
        confirm(
            desk,
            desk.candidate("c3"),
            Confirmation("bin_overflow", into_case=first.case_id, case_version=old),
        )
    assert desk.row("c3").state == "pending"


def test_two_people_on_one_candidate_are_a_conflict(desk: ReviewDesk) -> None:
    seen = desk.candidate("c1")
    confirm(desk, seen)
    before = event_count(desk)
    with refusal("conflict") as refused:
        with desk.uow() as session:
            service.decline(
                session,
                "c1",
                DeclineReason.FALSE_ALARM,
                note=None,
                version=seen.version,
                by=desk.by(OTHER_REVIEWER),
            )
    assert refused.value.message_zh == "其他人刚刚处理了该疑似问题，请查看最新情况后再操作"
    assert "look at it again" in refused.value.message_en
    assert (desk.row("c1").state, event_count(desk)) == ("confirmed", before)


def test_a_candidate_that_is_gone_is_told(desk: ReviewDesk) -> None:
    seen = desk.candidate("c1")
    gone = CandidateView(**{f: getattr(seen, f) for f in seen.__slots__} | {"id": "elsewhere"})
    with refusal("no_such_candidate"):
        confirm(desk, gone)


MISFITS: tuple[tuple[dict[str, str], Confirmation, str], ...] = (
    ({}, Confirmation("no_such_category"), "unknown_category"),
    ({"a": "r1", "b": "r2"}, Confirmation("bin_overflow"), "condition_needed"),
    ({"a": "r1", "b": "r2"}, Confirmation("bin_overflow", "c"), "unknown_condition"),
    ({}, Confirmation("bin_overflow", "no_such_condition"), "unknown_condition"),
)


def test_category_and_condition_must_fit(desk: ReviewDesk) -> None:
    seen = desk.candidate("c1")
    for rules, confirmation, code in MISFITS:
        desk.answers.rules = rules
        with refusal(code):
            confirm(desk, seen, confirmation)
    assert desk.row("c1") == seen


def test_a_permit_holds_back_until_a_person_says_that_it_does_not_apply(desk: ReviewDesk) -> None:
    desk.answers.permit = MARKET
    trade = Confirmation("road_occupying_business")
    seen = desk.candidate("c1", category="road_occupying_business")
    with desk.uow() as session:
        assert service.hold_back(session, desk.registry, at=desk.now) == 1
    assert desk.row("c1").hold == Hold("permit-7", "南湖早市", "Nanhu morning market")
    assert desk.row("c1").version == seen.version
    with refusal("held_back") as refused:
        confirm(desk, seen, trade)
    assert "南湖早市" in refused.value.message_zh
    assert "Nanhu morning market" in refused.value.message_en
    done = confirm(desk, seen, Confirmation("road_occupying_business", despite_permit=True), OFFICE)
    assert done.state == "confirmed"
    assert desk.events("c1")[0].details["despite_permit"] is True


def test_a_permit_counts_at_the_hour_when_the_thing_was_seen(desk: ReviewDesk) -> None:
    desk.answers.permit = replace(MARKET, hours=(time(5), time(8)))
    stall = {"visual_class": "street_vendor", "category": "road_occupying_business"}
    desk.candidate("at_six", seen_at=START - timedelta(hours=3), **stall)  # 06:00 in Changchun
    desk.candidate("at_nine", seen_at=START, **stall)
    with desk.uow() as session:
        assert service.hold_back(session, desk.registry, at=START) == 1
    assert (desk.row("at_six").hold is not None, desk.row("at_nine").hold) == (True, None)


def test_correcting_the_category_sees_the_permits_anew(desk: ReviewDesk) -> None:
    desk.answers.permit = MARKET
    seen = desk.candidate("c1")
    held = correct(desk, seen, Correction(category="road_occupying_business"))
    assert held.hold is not None
    assert correct(desk, held, Correction(category="bin_overflow")).hold is None


def test_correcting_keeps_what_it_was_in_the_event(desk: ReviewDesk) -> None:
    seen = desk.candidate("c1")
    done = correct(
        desk,
        seen,
        Correction(
            category="household_waste_uncollected",
            position=Position(43.9, 125.4, 8.0),
            place_zh=" 第一小学门前 ",
        ),
    )
    assert (done.category, done.position) == (
        "household_waste_uncollected",
        Position(43.9, 125.4, 8.0),
    )
    assert (done.place_zh, done.place_en) == ("第一小学门前", "43.9 N")
    assert (done.state, done.version) == ("pending", 2)
    (event,) = desk.events("c1")
    assert event.details["before"] == {
        "category": "bin_overflow",
        "filing_condition": None,
        "lat": HERE[0],
        "lon": HERE[1],
        "radius_m": 20.0,
        "place_zh": seen.place_zh,
        "place_en": None,
    }


def test_another_category_forgets_the_condition(desk: ReviewDesk) -> None:
    seen = correct(desk, desk.candidate("c1"), Correction(filing_condition="overflow"))
    assert seen.filing_condition == "overflow"
    assert (
        correct(desk, seen, Correction(category="household_waste_uncollected")).filing_condition
        is None
    )


def test_a_correction_that_changes_nothing_is_refused(desk: ReviewDesk) -> None:
    seen = desk.candidate("c1")
    with refusal("nothing_changed"):
        correct(desk, seen, Correction(category="bin_overflow"))


def test_a_check_names_the_fact_and_comes_back_with_an_answer(desk: ReviewDesk) -> None:
    asked = ask(desk, desk.candidate("c1"))
    assert asked.state == "check_requested"
    assert isinstance(asked.check, Check)
    assert (asked.check.group_id, asked.check.due_at) == ("g12", desk.now + timedelta(hours=24))
    with desk.uow.reading() as session:
        assert texts.read(session, [asked.check.fact]) == {asked.check.fact: "是否有许可？"}
    done = answer(desk, asked, INSPECTOR, photo="again")
    assert (done.state, done.check) == ("pending", None)
    assert desk.frames("c1") == ["f-c1", sha("again")]
    assert desk.kinds("c1") == ["check_requested", "check_answered"]
    assert confirm(desk, done).state == "confirmed"


def test_only_the_group_that_was_asked_or_the_desk_answers(desk: ReviewDesk) -> None:
    asked = ask(desk, desk.candidate("c1"))
    with refusal("role"):
        answer(desk, asked, OTHER_INSPECTOR)
    assert answer(desk, asked, REVIEWER).state == "pending"


def test_a_check_without_words_is_refused(desk: ReviewDesk) -> None:
    seen = desk.candidate("c1")
    with refusal("no_fact"):
        ask(desk, seen, " ")
    with refusal("no_answer"):
        answer(desk, ask(desk, seen), INSPECTOR, " ")


def test_a_check_that_was_due_before_it_was_asked_is_refused(desk: ReviewDesk) -> None:
    seen = desk.candidate("c1")
    by = desk.by()
    with refusal("due_passed"), desk.uow() as session:
        service.request_check(
            session, "c1", CheckRequest("x", "g12", by.at), version=seen.version, by=by
        )


def test_declining_keeps_the_reason_and_no_words_in_the_event(desk: ReviewDesk) -> None:
    for reason in DeclineReason:
        seen = desk.candidate(reason.value)
        with desk.uow() as session:
            done = service.decline(
                session, seen.id, reason, note="张三说没有", version=seen.version, by=desk.by()
            )
        assert (done.state, done.decline_reason) == ("declined", reason)
        (event,) = desk.events(seen.id)
        assert "张三" not in str(event.details)
        reference = event.details["note"]
        with desk.uow.reading() as session:
            assert texts.read(session, [str(reference)]) == {reference: "张三说没有"}


def test_what_lapsed_is_put_back_by_a_person(desk: ReviewDesk) -> None:
    seen = desk.candidate("c1", state="lapsed")
    with refusal("wrong_state"):
        confirm(desk, seen)
    with desk.uow() as session:
        back = service.restore(session, "c1", version=seen.version, by=desk.by())
    assert (back.state, back.version) == ("pending", 2)
    assert confirm(desk, back).state == "confirmed"


def test_a_refused_action_leaves_nothing_even_if_the_transaction_goes_on(
    desk: ReviewDesk,
) -> None:
    desk.answers.rules = {"a": "r1", "b": "r2"}
    seen = desk.candidate("c1")
    with desk.uow() as session:
        with refusal("condition_needed"):
            service.confirm(
                session,
                "c1",
                FULL,
                version=seen.version,
                by=desk.by(),
                registry=desk.registry,
            )
        with refusal("role"):
            service.decline(
                session,
                "c1",
                DeclineReason.FALSE_ALARM,
                note="x",
                version=seen.version,
                by=desk.by(DISPATCHER),
            )
    assert desk.row("c1") == seen
    assert event_count(desk) == 0
