"""Many people on the same candidates, and a rescan between them: no case doubled, none lost."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from review_desk import DISPATCHER, OFFICER, START, ReviewDesk, sha
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.candidates.rescan import replace_candidates
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.candidate_states import DeclineReason
from zoubian.pipeline.domain.cases import CaseAction, CaseState
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.intake.models import Patrol
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.ledger.cases_lists import CaseLine, CaseQuery, search
from zoubian.pipeline.ledger.models import LedgerEvent
from zoubian.pipeline.review import joining, service
from zoubian.pipeline.review.desk import By
from zoubian.pipeline.review.filing import Confirmation
from zoubian.pipeline.review.queue import candidate
from zoubian.pipeline.review.registry import Registry
from zoubian.pipeline.review.reports import Report, report_manually
from zoubian.pipeline.review.undo import undo
from zoubian.pipeline.review.view import CandidateView

PEOPLE = 8
CANDIDATES = [f"c{number:02d}" for number in range(40)]
STEPS = 25
ACTIONS = ("confirm", "undo") * 3 + ("dispatch", "return", "merge") * 2 + ("decline", "report")


def _person(uow: UnitOfWork, registry: Registry, number: int) -> Counter[str]:
    """Picks candidates and does to them what comes to mind; counts what was done and refused."""
    chance = random.Random(number)
    done: Counter[str] = Counter()
    for step in range(STEPS):
        action = chance.choice(ACTIONS) if step % 10 else "rescan"
        name, other = chance.sample(CANDIDATES, 2)
        with uow.reading() as session:
            seen, beside = candidate(session, name), candidate(session, other)
            if action in ("dispatch", "return"):
                state = CaseState.REGISTERED if action == "dispatch" else CaseState.DISPATCHED
                waiting = search(session, CaseQuery(states=(state,)), limit=20).cases
        try:
            with uow() as session:
                if action in ("dispatch", "return"):
                    if waiting:
                        _work(session, chance.choice(waiting), action)
                        done[action] += 1
                else:
                    _decide(session, action, seen, beside, registry, f"{number} {step}")
                    done[action] += 1
        except Refusal as refusal:
            done[refusal.code] += 1
    return done


def _decide(
    session: Session,
    action: str,
    seen: CandidateView,
    beside: CandidateView,
    registry: Registry,
    said: str,
) -> None:
    by = By(Actor("u-rev", Role.REVIEWER), START, START)
    known = {"version": seen.version, "by": by}
    match action:
        case "confirm":
            chosen = Confirmation("bin_overflow")
            service.confirm(session, seen.id, chosen, registry=registry, **known)
        case "decline":
            reason = DeclineReason.FALSE_ALARM
            service.decline(session, seen.id, reason, note=None, **known)
        case "merge":
            versions = {seen.id: seen.version, beside.id: beside.version}
            joining.merge(
                session, seen.id, [beside.id], versions=versions, same_objects=True, by=by
            )
        case "undo":
            undo(session, seen.id, registry=registry, **known)
        case "report":
            told = Report("bin_overflow", place_zh=said)
            report_manually(session, told, by=by, registry=registry, request_id=said)
        case "rescan":
            replace_candidates(session, [], patrol_id="p1", at=START)


def _work(session: Session, line: CaseLine, action: str) -> None:
    actor, what, details = {
        "dispatch": (DISPATCHER, CaseAction.DISPATCH, {"unit_id": "street-1"}),
        "return": (OFFICER, CaseAction.RETURN, {"photo_sha256s": [sha("after")]}),
    }[action]
    cases.act(
        session,
        line.id,
        what,
        actor=actor,
        details=details,
        version=line.version,
        at=START,
        recorded_at=START,
    )


def test_many_people_on_the_same_candidates(
    desk: ReviewDesk, open_database: Callable[[], Engine]
) -> None:
    with desk.uow() as session:
        session.add(Patrol(id="p1", name="p", created_at=START, tz_offset_min=480, crs="wgs84"))
    for name in CANDIDATES:
        desk.candidate(name)
    with desk.uow() as session:  # the patrol's own and looked at, so that rescans meet them
        session.execute(update(Candidate).values(patrol_id="p1", handled=True))
    uows = [UnitOfWork(open_database()) for _ in range(PEOPLE)]
    with ThreadPoolExecutor(PEOPLE) as pool:
        outcomes = list(pool.map(_person, uows, [desk.registry] * PEOPLE, range(PEOPLE)))
    done = sum(outcomes, Counter[str]())
    assert all(done[action] for action in {*ACTIONS, "rescan"})
    with desk.uow.reading() as session:
        rows = session.scalars(select(Candidate)).all()
        registered = search(session, CaseQuery(), limit=500).cases
        views = [cases.case_view(session, line.id) for line in registered]
        kinds = Counter(session.scalars(select(LedgerEvent.kind)))
    # No case doubled: each that stands has the one candidate that became it, and the other way.
    standing = {v.candidate_ids: v.id for v in views if v.state is not CaseState.WITHDRAWN}
    confirmed = {(row.id,): row.case_id for row in rows if row.state == "confirmed"}
    assert confirmed == standing
    assert len({view.number for view in views}) == len(views)
    # No event lost: as many as people were told that it was done.
    assert kinds["candidate.confirmed"] == kinds["case.registered"] == done["confirm"]
    assert kinds["case.dispatched"] == done["dispatch"]
    assert kinds["case.returned"] == done["return"]
    assert kinds["candidate.merged"] == kinds["candidate.taken_in"] == done["merge"]
    assert kinds["candidate.declined"] == done["decline"]
    assert kinds["candidate.reported"] == done["report"]
    assert kinds["candidate.undone"] >= done["undo"]
    # No number given twice, no candidate gone.
    assert len({row.number for row in rows}) == len(rows) == len(CANDIDATES) + done["report"]


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
