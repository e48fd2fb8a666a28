"""A case's clock through the real ledger: each step moves the stored times as it should."""

import pytest
from case_steps import (
    DISPATCHER,
    OFFICE,
    OFFICER,
    OTHER_OFFICER,
    OTHER_UNIT,
    UNIT,
    VERIFIER,
)
from due_office import Office, at

from zoubian.pipeline.deadlines.service import read_clock
from zoubian.pipeline.domain.cases import CaseAction
from zoubian.pipeline.ledger.cases import case_view


@pytest.fixture
def follow(office: Office):
    """Do steps (action, actor, local time, details) and compare the due time after each."""

    def following(*steps):
        case = office.register("2026-06-16 09:00")
        for action, actor, when, details, due in steps:
            case = office.do(case, action, actor, when, **details)
            assert office.row(case).due_at == (due and at(due)), action
        with office.uow.reading() as session:
            return read_clock(session, case_view(session, case.id))

    return following


def test_dispute_rework_and_appeal(follow) -> None:
    same, other = {"unit_id": UNIT}, {"unit_id": OTHER_UNIT}
    reading = follow(
        # 4 h from Tue 9:00. Disputed with 3 h left: Wed 9:00-11:30 and 0.5 h.
        (CaseAction.DISPUTE, OFFICER, "2026-06-16 10:00", {}, None),
        (CaseAction.DISPATCH, DISPATCHER, "2026-06-17 09:00", same, "2026-06-17 13:30"),
        (CaseAction.DISPUTE, OFFICER, "2026-06-17 09:30", {}, None),
        # Another unit: 4 h from 10:00.
        (CaseAction.DISPATCH, DISPATCHER, "2026-06-17 10:00", other, "2026-06-17 15:30"),
        (CaseAction.RETURN, OTHER_OFFICER, "2026-06-17 11:00", {}, None),
        # 3 h were left; Thu 8:30-11:30.
        (CaseAction.SEND_BACK, VERIFIER, "2026-06-17 17:00", {}, "2026-06-18 11:30"),
        (CaseAction.APPEAL, OTHER_OFFICER, "2026-06-18 09:00", {}, "2026-06-18 11:30"),
        (CaseAction.UPHOLD_APPEAL, OFFICE, "2026-06-18 15:00", {}, None),
        (CaseAction.CLOSE, VERIFIER, "2026-06-18 16:00", {}, None),
    )
    assert [done.late for done in reading.rounds] == [False]
    assert not reading.overdue(at("2026-07-01 09:00"))


def test_extension_parking_and_exemption(follow) -> None:
    until = {"until": at("2026-06-17 23:59").isoformat()}
    first = {"until": at("2026-06-22 08:30").isoformat()}
    later = {"until": at("2026-06-23 08:30").isoformat()}
    reading = follow(
        (CaseAction.REQUEST_EXTENSION, OFFICER, "2026-06-16 10:00", until, "2026-06-16 14:30"),
        (CaseAction.GRANT_EXTENSION, OFFICE, "2026-06-16 11:30", until, "2026-06-17 23:59"),
        # Tue 13:00-16:30 and Wed 6.5 h were granted; on Wed 11:30 3.5 h of them are left.
        (CaseAction.PARK, OFFICE, "2026-06-17 11:30", first, "2026-06-22 13:30"),
        (CaseAction.REVIEW_PARKING, OFFICE, "2026-06-18 09:00", later, "2026-06-23 13:30"),
        (CaseAction.UNPARK, OFFICE, "2026-06-22 08:30", {}, "2026-06-22 13:30"),
        (CaseAction.RETURN, OFFICER, "2026-06-22 14:00", {}, None),
        (CaseAction.EXEMPT, OFFICE, "2026-06-22 15:00", {}, None),
        (CaseAction.SEND_BACK, VERIFIER, "2026-06-22 16:00", {}, "2026-06-22 16:00"),
    )
    assert [done.late for done in reading.rounds] == [True]
    assert reading.overdue(at("2026-06-22 16:00"))
    assert reading.exempted
