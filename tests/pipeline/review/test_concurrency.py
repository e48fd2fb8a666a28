"""Many people on the same candidates, and a rescan between them: no case doubled, none lost."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from review_desk import START, ReviewDesk
from sqlalchemy import Engine, select

from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.candidates.rescan import replace_candidates
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.candidate_states import CandidateState, DeclineReason
from zoubian.pipeline.domain.cases import CaseState
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.intake.models import Patrol
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.ledger.cases_lists import CaseQuery, search
from zoubian.pipeline.review import joining, service
from zoubian.pipeline.review.desk import By
from zoubian.pipeline.review.filing import Confirmation
from zoubian.pipeline.review.queue import candidate
from zoubian.pipeline.review.reports import Report, report_manually
from zoubian.pipeline.review.undo import undo

PEOPLE = 8
CANDIDATES = [f"c{number:02d}" for number in range(24)]
STEPS = 40


def _person(uow: UnitOfWork, desk: ReviewDesk, number: int) -> Counter[str]:
    """Picks candidates and does to them what comes to mind; counts what was done and refused."""
    chance = random.Random(number)
    registry = desk.registry
    done: Counter[str] = Counter()
    for step in range(STEPS):
        by = By(Actor(f"u{number}", Role.REVIEWER), START, START)
        name, other = chance.sample(CANDIDATES, 2)
        action = chance.choice(
            ["confirm", "confirm", "decline", "merge", "undo", "report", "rescan"]
        )
        with uow.reading() as session:
            version = candidate(session, name).version
            others = candidate(session, other).version
        try:
            with uow() as session:
                if action == "confirm":
                    service.confirm(
                        session,
                        name,
                        Confirmation("bin_overflow"),
                        version=version,
                        by=by,
                        registry=registry,
                    )
                elif action == "decline":
                    service.decline(
                        session,
                        name,
                        DeclineReason.FALSE_ALARM,
                        note=None,
                        version=version,
                        by=by,
                    )
                elif action == "merge":
                    joining.merge(
                        session,
                        name,
                        [other],
                        versions={name: version, other: others},
                        same_objects=True,
                        by=by,
                    )
                elif action == "undo":
                    undo(session, name, version=version, by=by, registry=registry)
                elif action == "report":
                    told = Report("bin_overflow", place_zh=f"{number} {step}")
                    report_manually(session, told, by=by, registry=registry, request_id=f"{step}")
                else:
                    replace_candidates(session, [], patrol_id="p1", at=START)
        except Refusal as refusal:
            done[refusal.code] += 1
        else:
            done[action] += 1
    return done


def test_many_people_on_the_same_candidates(
    desk: ReviewDesk, open_database: Callable[[], Engine]
) -> None:
    with desk.uow() as session:
        session.add(Patrol(id="p1", name="p", created_at=START, tz_offset_min=480, crs="wgs84"))
    for name in CANDIDATES:
        desk.candidate(name)
    with desk.uow() as session:  # the patrol's, so that rescans see them
        for row in session.scalars(select(Candidate)):
            row.patrol_id = "p1"
            row.handled = True
    uows = [UnitOfWork(open_database()) for _ in range(PEOPLE)]
    with ThreadPoolExecutor(PEOPLE) as pool:
        outcomes = list(pool.map(_person, uows, [desk] * PEOPLE, range(PEOPLE)))
    done = sum(outcomes, Counter[str]())
    assert sum(done.values()) == PEOPLE * STEPS
    assert done["confirm"] > 0
    assert done["rescan"] > 0
    with desk.uow.reading() as session:
        rows = session.scalars(select(Candidate)).all()
        registered = search(session, CaseQuery(), limit=500).cases
        views = [cases.case_view(session, line.id) for line in registered]
    open_cases = {v.id: v.candidate_ids for v in views if v.state is not CaseState.WITHDRAWN}
    confirmed = {row.id: row.case_id for row in rows if row.state == CandidateState.CONFIRMED}
    assert {case_id: (name,) for name, case_id in confirmed.items()} == open_cases
    assert len(views) == done["confirm"]
    numbers = [row.number for row in rows]
    assert len(set(numbers)) == len(numbers) == len(CANDIDATES) + done["report"]
    assert len({view.number for view in views}) == len(views)
    assert {row.id for row in rows if row.merged_into} == {
        row.id for row in rows if row.state == CandidateState.MERGED
    }


def test_the_same_decision_by_many_is_done_once(
    desk: ReviewDesk, open_database: Callable[[], Engine]
) -> None:
    seen = desk.candidate("c1")
    uows = [UnitOfWork(open_database()) for _ in range(PEOPLE)]

    def confirm(uow: UnitOfWork) -> str:
        try:
            with uow() as session:
                service.confirm(
                    session,
                    "c1",
                    Confirmation("bin_overflow"),
                    version=seen.version,
                    by=By(Actor("u", Role.REVIEWER), START, START),
                    registry=desk.registry,
                )
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(PEOPLE) as pool:
        assert Counter(pool.map(confirm, uows)) == {"done": 1, "conflict": PEOPLE - 1}


def test_the_same_report_sent_by_many_at_once_is_one(
    desk: ReviewDesk, open_database: Callable[[], Engine]
) -> None:
    uows = [UnitOfWork(open_database()) for _ in range(PEOPLE)]
    told = Report("bin_overflow", place_zh="第一小学门前")

    def report(uow: UnitOfWork) -> str:
        by = By(Actor("u", Role.REVIEWER), START, START)
        with uow() as session:
            return report_manually(session, told, by=by, registry=desk.registry, request_id="r").id

    with ThreadPoolExecutor(PEOPLE) as pool:
        assert len(set(pool.map(report, uows))) == 1
