"""The queue: lanes, text, pages that stand still, counts that add up; and the open checks."""

from datetime import timedelta

import pytest
from review_desk import INSPECTOR, MARKET, START, ReviewDesk, refusal

from zoubian.pipeline.domain.candidate_states import CandidateState, DeclineReason
from zoubian.pipeline.review import service
from zoubian.pipeline.review.queue import (
    QueueKey,
    QueueQuery,
    candidate,
    checks,
    pending,
    queue_counts,
)
from zoubian.pipeline.review.reports import Report, report_manually
from zoubian.pipeline.review.service import CheckRequest


def fill(desk: ReviewDesk) -> None:
    desk.candidate("sure", precision=0.9)
    desk.candidate("unsure", precision=0.5, place_zh="人民大街100%路口")
    desk.candidate("heap", visual_class="garbage_pile", category="household_waste_uncollected")
    desk.candidate("rubble", visual_class="rubble_heap", precision=None, place_zh=None)
    desk.candidate("business", visual_class="street_vendor", category="road_occupying_business")
    desk.candidate("gone", state="lapsed")
    desk.answers.permit = MARKET
    with desk.uow() as session:
        service.hold_back(session, desk.registry, at=desk.now)
        report_manually(
            session,
            Report("bin_overflow", place_zh="学校 100号", photos=()),
            by=desk.by(),
            registry=desk.registry,
        )


def found(desk: ReviewDesk, query: QueueQuery) -> list[str]:
    with desk.uow.reading() as session:
        page = pending(session, query, limit=50)
    assert page.after is None
    return [one.id if len(one.id) < 12 else "report" for one in page.candidates]


ASKED = (
    (QueueQuery(), ["sure", "unsure", "heap", "rubble", "business", "report"]),
    (QueueQuery(visual_classes=("garbage_pile", "rubble_heap")), ["heap", "rubble"]),
    (QueueQuery(categories=("household_waste_uncollected",)), ["heap"]),
    (QueueQuery(certain=True), ["sure", "heap", "business"]),
    (QueueQuery(certain=False), ["unsure"]),
    (QueueQuery(certain=True, certain_from=0.4, held_back=False), ["sure", "unsure", "heap"]),
    (QueueQuery(proven=True), ["sure", "unsure", "heap", "business"]),
    (QueueQuery(proven=False), ["rubble"]),
    (QueueQuery(held_back=True), ["business"]),
    (QueueQuery(text="人民大街"), ["sure", "unsure", "heap", "business"]),
    (QueueQuery(text="100%"), ["unsure"]),
    (QueueQuery(text="z1123-003"), ["heap"]),
    (QueueQuery(text="人民", certain=False), ["unsure"]),
    (QueueQuery(states=(CandidateState.LAPSED,)), ["gone"]),
    (QueueQuery(patrol_id="p1"), []),
)


def test_finds_what_was_asked_for(desk: ReviewDesk) -> None:
    fill(desk)
    assert [(query, found(desk, query)) for query, _ in ASKED] == list(ASKED)


def test_counts_add_up(desk: ReviewDesk) -> None:
    fill(desk)
    with desk.uow.reading() as session:
        counts = queue_counts(session, QueueQuery())
        none = queue_counts(session, QueueQuery(text="nowhere"))
    assert counts.total == 6
    assert (counts.certain, counts.uncertain, counts.unproven, counts.reported) == (3, 1, 1, 1)
    assert counts.held_back == 1
    assert counts.by_class == {
        "overflowing_bin": 2,
        "garbage_pile": 1,
        "rubble_heap": 1,
        "street_vendor": 1,
        None: 1,
    }
    assert (none.total, none.by_class) == (0, {})


def test_pages_stand_still_while_others_decide_and_new_ones_come(desk: ReviewDesk) -> None:
    for number in range(7):
        desk.candidate(f"c{number}", queued_at=START + timedelta(minutes=number // 3))
    seen: list[str] = []
    after: QueueKey | None = None
    for step in range(3):
        with desk.uow.reading() as session:
            page = pending(session, QueueQuery(), limit=3, after=after)
        seen += [one.id for one in page.candidates]
        after = page.after
        if step == 0:
            with desk.uow() as session:
                service.decline(
                    session,
                    "c1",
                    DeclineReason.FALSE_ALARM,
                    note=None,
                    version=1,
                    by=desk.by(),
                )
            desk.candidate("late", queued_at=START + timedelta(minutes=1))
    assert seen == ["c0", "c1", "c2", "c3", "c4", "c5", "late", "c6"]
    assert after is None


def test_a_page_has_a_size(desk: ReviewDesk) -> None:
    for limit in (0, 501):
        with desk.uow.reading() as session, pytest.raises(ValueError, match="1 to 500"):
            pending(session, QueueQuery(), limit=limit)


def test_open_checks_come_by_urgency_and_group(desk: ReviewDesk) -> None:
    by = desk.by()
    for name, group, hours in (("a", "g12", 48), ("b", "g12", 24), ("c", "g13", 36)):
        desk.candidate(name)
        request = CheckRequest("?", group, by.at + timedelta(hours=hours))
        with desk.uow() as session:
            service.request_check(session, name, request, version=1, by=by)
    with desk.uow() as session:
        service.answer_check(session, "a", "yes", [], version=2, by=desk.by(INSPECTOR))

    def open_checks(group_id: str | None, hours: int | None = None) -> list[str]:
        due = None if hours is None else by.at + timedelta(hours=hours)
        with desk.uow.reading() as session:
            return [one.id for one in checks(session, group_id=group_id, due_before=due)]

    assert open_checks(None) == ["b", "c"]
    assert open_checks("g13") == ["c"]
    assert open_checks(None, 30) == ["b"]


def test_one_candidate_is_shown_or_said_to_be_gone(desk: ReviewDesk) -> None:
    seen = desk.candidate("a")
    with desk.uow.reading() as session:
        assert candidate(session, "a") == seen
        with refusal("no_such_candidate"):
            candidate(session, "b")
