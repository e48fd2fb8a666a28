"""What a later patrol sees of a case is told to the case, once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from review_desk import HERE, OFFICER, START, ReviewDesk, clear, sha
from sqlalchemy import Engine, update

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.cases import CaseAction
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.intake.models import Patrol
from zoubian.pipeline.jobs.seen_again import tell_seen_again
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.review import service
from zoubian.pipeline.review.filing import Confirmation
from zoubian.pipeline.review.suspects import Reach

VERIFIER = Actor("u-ver", Role.VERIFIER, group_id="g12")
NORTH_10_M = (43.88009, 125.32)
NORTH_200_M = (43.8818, 125.32)


@pytest.fixture
def desk(engine: Engine) -> Iterator[ReviewDesk]:
    opened = ReviewDesk(UnitOfWork(engine))
    opened.answers.responsibility = clear("street-1")
    with opened.uow() as session:
        session.add(Patrol(id="p2", name="p2", created_at=START, tz_offset_min=480, crs="wgs84"))
    yield opened
    assert opened.faults() == []


def case_of(desk: ReviewDesk) -> str:
    """A case at HERE, registered from an earlier patrol's candidate."""
    seen = desk.candidate("first")
    with desk.uow() as session:
        done = service.confirm(
            session,
            seen.id,
            Confirmation("bin_overflow"),
            version=seen.version,
            by=desk.by(),
            registry=desk.registry,
        )
    assert done.case_id is not None
    return done.case_id


def closed(desk: ReviewDesk, case_id: str) -> None:
    photo: dict[str, Json] = {"photo_sha256s": [sha("after")]}
    steps = [
        (CaseAction.RETURN, OFFICER, photo),
        (CaseAction.CLOSE, VERIFIER, {"recheck": "on_site"}),
    ]
    for action, actor, details in steps:
        by = desk.by()
        with desk.uow() as session:
            cases.act(
                session,
                case_id,
                action,
                actor=actor,
                details=details,
                version=None,
                at=by.at,
                recorded_at=by.recorded_at,
            )


def patrolled(desk: ReviewDesk, at: tuple[float, float], *, hours: float = 1.0) -> None:
    """A later patrol sees something there."""
    desk.candidate("second", at=at, seen_at=desk.now + timedelta(hours=hours))
    with desk.uow() as session:
        session.execute(update(Candidate).where(Candidate.id == "second").values(patrol_id="p2"))
    desk.now += timedelta(hours=12)


def told(desk: ReviewDesk) -> int:
    reach = Reach(other_error_m=50.0, closed_since=desk.now - timedelta(days=30), limit=10)
    return tell_seen_again(
        desk.uow, "p2", tables=packaged_tables(), reach=reach, clock=lambda: desk.now
    )


def view(desk: ReviewDesk, case_id: str) -> CaseView:
    with desk.uow.reading() as session:
        return cases.case_view(session, case_id)


def test_an_open_case_is_told_once_that_it_was_seen_again(desk: ReviewDesk) -> None:
    case_id = case_of(desk)
    patrolled(desk, NORTH_10_M)
    assert told(desk) == 1
    told(desk)
    (seen,) = view(desk, case_id).seen_again
    assert (seen.candidate_ids, seen.by) == (("second",), "system")


def test_a_closed_case_gets_a_proposed_recurrence(desk: ReviewDesk) -> None:
    case_id = case_of(desk)
    closed(desk, case_id)
    patrolled(desk, NORTH_10_M)
    assert told(desk) == 1
    told(desk)
    (proposal,) = view(desk, case_id).recurrences
    assert (proposal.candidate_ids, proposal.accepted) == (("second",), None)


@pytest.mark.parametrize(
    ("at", "hours"), [(NORTH_200_M, 1.0), (HERE, -30.0)], ids=["elsewhere", "before the case"]
)
def test_what_cannot_be_the_case_is_not_told(
    desk: ReviewDesk, at: tuple[float, float], hours: float
) -> None:
    case_id = case_of(desk)
    patrolled(desk, at, hours=hours)
    assert told(desk) == 0
    assert view(desk, case_id).seen_again == ()
