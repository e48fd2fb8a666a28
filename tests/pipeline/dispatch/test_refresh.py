"""What an announcement, a weather or new hours change of open cases, and what they do not."""

from datetime import date

from case_steps import OFFICER
from due_office import Office, at

from zoubian.pipeline.deadlines.calendar import SpecialDay, declare_weather, store_days
from zoubian.pipeline.dispatch.refresh import Refreshed, refresh_due
from zoubian.pipeline.domain.cases import CaseAction

NOW = at("2026-11-30 09:00")


def announce_2027(office: Office) -> None:
    """1 to 3 January off."""
    off = [SpecialDay(date(2027, 1, 1), False, "元旦")]
    with office.uow() as session:
        store_days(session, off, years={2027}, source="office.xlsx", now=NOW)


def test_announced_year_moves_provisional_due_times_of_open_cases(office: Office) -> None:
    # Thu 31 December 15:30: 1 h, then 3 h on Fri 1 January, which nobody knows to be a holiday.
    waiting = office.register("2026-12-31 15:30")
    returned = office.register("2026-12-31 15:30")
    office.do(returned, CaseAction.RETURN, OFFICER, "2026-12-31 16:00")
    before = office.row(waiting)
    assert (before.due_at, before.due_provisional) == (at("2027-01-01 11:30"), True)
    announce_2027(office)
    assert refresh_due(office.uow, chunk=1) == Refreshed(cases=1, moved=1)
    after = office.row(waiting)
    assert (after.due_at, after.due_provisional) == (at("2027-01-04 11:30"), False)
    assert after.warn_at == at("2027-01-04 10:30")
    assert after.supervise_at == at("2027-01-04 15:00")
    assert office.row(returned).due_at is None
    assert refresh_due(office.uow, chunk=10) == Refreshed(cases=1, moved=0)


def test_weather_stops_and_starts_the_clocks_that_name_it(office: Office) -> None:
    case = office.register("2026-06-16 09:00")
    for ends, due in ((None, None), ("2026-06-16 13:00", "2026-06-16 15:00")):
        with office.uow() as session:
            declare_weather(
                session,
                "rain",
                starts_at=at("2026-06-16 11:00"),
                ends_at=ends and at(ends),
                now=NOW,
            )
        assert refresh_due(office.uow, chunk=10).moved == 1
        assert office.row(case).due_at == (due and at(due))


def test_progress_is_told_after_each_chunk(office: Office) -> None:
    for _ in range(5):
        office.register("2026-06-16 09:00")
    told: list[int] = []
    refresh_due(office.uow, chunk=2, on_progress=told.append)
    assert told == [2, 4, 5]


def test_following_events_take_the_calendar_of_their_day(office: Office) -> None:
    case = office.register("2026-12-31 15:30")
    announce_2027(office)
    office.do(case, CaseAction.REQUEST_EXTENSION, OFFICER, "2026-12-31 16:00")
    assert office.row(case).due_at == at("2027-01-04 11:30")
