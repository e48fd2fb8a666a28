"""`ledger check` on candidates: a row that says otherwise than its events is named."""

import pytest
from review_desk import ReviewDesk
from sqlalchemy import Engine, text

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.domain.candidate_states import DeclineReason
from zoubian.pipeline.review import service
from zoubian.pipeline.review.service import Correction


@pytest.fixture
def desk(engine: Engine) -> ReviewDesk:
    """Without the check at the end: here it is to find something."""
    return ReviewDesk(UnitOfWork(engine))


def decided(desk: ReviewDesk) -> None:
    for name in ("c1", "c2", "c3"):
        desk.candidate(name)
    with desk.uow() as session:
        service.decline(
            session, "c1", DeclineReason.FALSE_ALARM, note=None, version=1, by=desk.by()
        )
        service.correct(
            session,
            "c2",
            Correction(place_zh="别处"),
            version=1,
            by=desk.by(),
            registry=desk.registry,
        )


def test_rows_that_people_decided_are_what_their_events_say(desk: ReviewDesk) -> None:
    decided(desk)
    assert desk.faults() == []


@pytest.mark.parametrize(
    ("statement", "code", "named"),
    [
        (
            "UPDATE candidate SET state = 'pending' WHERE id = 'c1'",
            "candidate_differs",
            "Z1123-001 与其办理记录不符：state",
        ),
        (
            "UPDATE candidate SET decline_reason = 'outside_area' WHERE id = 'c1'",
            "candidate_differs",
            "decline_reason",
        ),
        (
            "UPDATE candidate SET place_zh = '另一处' WHERE id = 'c2'",
            "candidate_differs",
            "Z1123-002 与其办理记录不符：place_zh",
        ),
        (
            "UPDATE candidate SET state = 'declined' WHERE id = 'c3'",
            "candidate_undecided",
            "Z1123-003",
        ),
        ("DELETE FROM candidate WHERE id = 'c2'", "candidate_missing", "c2"),
    ],
)
def test_a_row_that_was_changed_behind_the_events_is_named(
    desk: ReviewDesk, statement: str, code: str, named: str
) -> None:
    decided(desk)
    with desk.uow() as session:
        session.execute(text(statement))
    (fault,) = desk.faults()
    assert fault.code == code
    assert named in fault.message_zh
    assert fault.message_en
