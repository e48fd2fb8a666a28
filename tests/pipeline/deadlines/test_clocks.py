"""Five clocks: hand-worked cases with their arithmetic, a slow plain version, and properties."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from zoubian.pipeline.domain.clocks import Calendar, Clock, Pause, WorkingHours, due_at, elapsed
from zoubian.pipeline.domain.local_time import local_day

URGENT_H, URGENT_D = Clock.URGENT_WORKING_HOURS, Clock.URGENT_WORKING_DAYS
HOURS, DAYS, CALENDAR_DAYS = Clock.WORKING_HOURS, Clock.WORKING_DAYS, Clock.CALENDAR_DAYS

# A working day is 8:30-11:30 and 13:00-16:30. National Day 2025: off 1 to 8 October, worked on
# Sunday 28 September and Saturday 11 October. 2026: off 1 to 7 October, worked on Sunday
# 20 September and Saturday 10 October.
BY_HAND = [
    # Tue 1 h to 16:30; 1-8 October off; Thu 3 h from 8:30.
    ("2025-09-30 15:30", 4, HOURS, "2025-10-09 11:30"),
    # Sat off; Sun 28th is made up: day 1; Mon 29th: day 2, to its last minute.
    ("2025-09-27 10:00", 2, DAYS, "2025-09-29 16:30"),
    # Fri 10:00 -> Sat 11th (made up) 10:00 -> Mon 13th 10:00 -> Tue 14th 10:00.
    ("2025-10-10 10:00", 3, DAYS, "2025-10-14 10:00"),
    # Wed 14:00 -> the next worked day after 1-7 October is Thu 8th.
    ("2026-09-30 14:00", 1, DAYS, "2026-10-08 14:00"),
    # Wed 2 h to 16:30; Thu 8th 3 h in the morning, 1 h from 13:00.
    ("2026-09-30 14:30", 6, HOURS, "2026-10-08 14:00"),
    # Fri 18th 15:30: 1 h; Sat off; Sun 20th (made up) 3 h.
    ("2026-09-18 15:30", 4, HOURS, "2026-09-20 11:30"),
    # On the make-up Saturday itself: 1.5 h to 16:30; Sun off; Mon 2.5 h from 8:30.
    ("2026-10-10 15:00", 4, HOURS, "2026-10-12 11:00"),
    # The same Saturday is a whole day for days, too.
    ("2026-10-10 15:00", 1, DAYS, "2026-10-12 15:00"),
    # 23:59: nothing counts before Tue 8:30.
    ("2026-06-15 23:59", 2, HOURS, "2026-06-16 10:30"),
    ("2026-06-15 23:59", 1, DAYS, "2026-06-16 16:30"),
    # The urgent clocks run through the night.
    ("2026-06-15 23:59", 2, URGENT_H, "2026-06-16 01:59"),
    # At lunch: from 13:00 on.
    ("2026-06-16 12:10", 1, HOURS, "2026-06-16 14:00"),
    # On an ordinary Saturday: Mon 3 h in the morning, 1 h from 13:00.
    ("2026-06-13 10:00", 4, HOURS, "2026-06-15 14:00"),
    # Before work in the morning.
    ("2026-06-16 06:00", 1, HOURS, "2026-06-16 09:30"),
    # Three times 24 h, straight through National Day.
    ("2025-09-30 22:00", 72, URGENT_H, "2025-10-03 22:00"),
    # Two times 24 h, on Saturday of National Day.
    ("2026-10-03 09:00", 2, URGENT_D, "2026-10-05 09:00"),
    # 15 times 24 h, over the Spring Festival; February 2026 has 28 days.
    ("2026-02-10 08:00", 15, CALENDAR_DAYS, "2026-02-25 08:00"),
    # Half a day is 3.25 h: 3 h in the morning, 0.25 h from 13:00.
    ("2026-06-16 08:30", 0.5, DAYS, "2026-06-16 13:15"),
    # Nothing is due at once, at night as well.
    ("2026-06-16 23:00", 0, DAYS, "2026-06-16 23:00"),
    # Three minutes to the end of the day, three minutes of the next.
    ("2026-06-16 16:27", 0.1, HOURS, "2026-06-17 08:33"),
    # Over the turn of a day of China: 01:00 is 17:00 UTC of the day before.
    ("2026-06-17 01:00", 1, HOURS, "2026-06-17 09:30"),
]


@pytest.mark.parametrize(("start", "amount", "clock", "due"), BY_HAND)
def test_due_time_worked_by_hand(at, calendar, start, amount, clock, due) -> None:
    found = due_at(at(start), amount=amount, clock=clock, calendar=calendar)
    assert found.at == at(due)
    assert not found.provisional


@pytest.mark.parametrize(
    ("start", "amount", "clock", "due", "provisional"),
    [
        # Nobody announced 2031: 1 October is a Wednesday like others.
        ("2031-09-30 14:00", 1, DAYS, "2031-10-01 14:00", True),
        # 1 January 2027 is a Friday like others: 1 h on Thu, 1 h on Fri.
        ("2026-12-31 15:30", 2, HOURS, "2027-01-01 09:30", True),
        # The last week of 2026 is settled with 2027's announcement.
        ("2026-12-28 09:00", 1, HOURS, "2026-12-28 10:00", True),
        ("2026-12-24 09:00", 1, HOURS, "2026-12-24 10:00", False),
        # Leap day: Mon 28th 16:00 -> Tue 29 February 2028 16:00.
        ("2028-02-28 16:00", 1, DAYS, "2028-02-29 16:00", True),
        ("2028-02-28 10:00", 2, CALENDAR_DAYS, "2028-03-01 10:00", False),
        # Day and night needs no announcement.
        ("2031-09-30 14:00", 4, URGENT_H, "2031-09-30 18:00", False),
    ],
)
def test_unannounced_year_takes_weekdays_and_says_so(
    at, calendar, start, amount, clock, due, provisional
) -> None:
    found = due_at(at(start), amount=amount, clock=clock, calendar=calendar)
    assert (found.at, found.provisional) == (at(due), provisional)


@pytest.mark.parametrize(
    ("start", "amount", "clock", "due"),
    [
        # Thu 30 April (winter, to 16:00): 1 h; 1-5 May off; Wed 6 May (summer): 3 h, then 13:30.
        ("2026-04-30 15:00", 5, HOURS, "2026-05-06 14:30"),
        # 5 of 6 winter hours are used: 1/6 of a day is left, and 5/6 of a summer day (6.5 h) are
        # 5 h 25 min: 3 h to 11:30, 2 h 25 min from 13:30.
        ("2026-04-30 15:00", 1, DAYS, "2026-05-06 15:55"),
        # The hours of 2026 do not reach back: 31 December 2025 ends at 16:30.
        ("2025-12-31 16:00", 0.5, HOURS, "2025-12-31 16:30"),
    ],
)
def test_working_hours_change_with_the_season(
    at, calendar, seasons, start, amount, clock, due
) -> None:
    seasonal = replace(calendar, hours=seasons)
    assert due_at(at(start), amount=amount, clock=clock, calendar=seasonal).at == at(due)


@pytest.mark.parametrize(
    ("start", "amount", "clock", "pauses", "due"),
    [
        # Fri 10:00-11:30 and 13:00-15:00 used: 3.5 h; of the day 3 h are left: Mon 10:30-11:30,
        # then 2 h from 13:00.
        (
            "2026-06-12 10:00",
            1,
            DAYS,
            [("2026-06-12 15:00", "2026-06-15 10:30")],
            "2026-06-15 15:00",
        ),
        # A pause on days that do not count takes nothing.
        (
            "2026-06-12 10:00",
            1,
            DAYS,
            [("2026-06-13 00:00", "2026-06-15 00:00")],
            "2026-06-15 10:00",
        ),
        # The same pause on the urgent clock: 14 h to midnight, 10 h from Mon 0:00.
        (
            "2026-06-12 10:00",
            24,
            URGENT_H,
            [("2026-06-13 00:00", "2026-06-15 00:00")],
            "2026-06-15 10:00",
        ),
        # Overlapping pauses count once: 9:00 used 0.5 h, then from 13:30 on 1.5 h.
        (
            "2026-06-16 08:30",
            2,
            HOURS,
            [("2026-06-16 10:00", "2026-06-16 13:30"), ("2026-06-16 09:00", "2026-06-16 11:00")],
            "2026-06-16 15:00",
        ),
        # Begun within a pause: from its end on.
        (
            "2026-06-16 09:00",
            1,
            HOURS,
            [("2026-06-16 08:00", "2026-06-16 10:00")],
            "2026-06-16 11:00",
        ),
        # Nothing at all, begun within a pause, is due at its end.
        (
            "2026-06-16 09:00",
            0,
            HOURS,
            [("2026-06-16 08:00", "2026-06-16 10:00")],
            "2026-06-16 10:00",
        ),
        # A pause after the due time, and one that ends where the time begins.
        (
            "2026-06-16 09:00",
            1,
            HOURS,
            [("2026-06-16 10:00", None), ("2026-06-15 09:00", "2026-06-16 09:00")],
            "2026-06-16 10:00",
        ),
        # It lasts: no due time.
        ("2026-06-16 09:00", 1, HOURS, [("2026-06-16 09:30", None)], None),
    ],
)
def test_pauses_do_not_count(at, calendar, start, amount, clock, pauses, due) -> None:
    found = due_at(
        at(start),
        amount=amount,
        clock=clock,
        calendar=calendar,
        pauses=[Pause(at(begin), end and at(end)) for begin, end in pauses],
    )
    assert found.at == (due and at(due))


def plain_due(start: datetime, minutes: int, calendar: Calendar) -> datetime:
    """Working minutes counted one by one."""
    moment = start
    while minutes:
        spans = calendar.spans(local_day(moment))
        minutes -= any(begins <= moment < ends for begins, ends in spans)
        moment += timedelta(minutes=1)
    return moment


@pytest.mark.parametrize("seed", range(25))
def test_agrees_with_counting_minute_by_minute(calendar, seasons, seed) -> None:
    dice = random.Random(seed)
    seasonal = replace(calendar, hours=seasons if seed % 2 else ())
    start = datetime(2026, 4, 20, tzinfo=UTC) + timedelta(minutes=dice.randrange(60 * 24 * 220))
    minutes = dice.randrange(1, 1500)
    found = due_at(start, amount=Fraction(minutes, 60), clock=HOURS, calendar=seasonal)
    assert found.at == plain_due(start, minutes, seasonal)


def draw(dice: random.Random) -> tuple[datetime, Fraction, Clock]:
    start = datetime(2025, 9, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(60 * 24 * 400))
    return start, Fraction(dice.randrange(0, 400), 40), dice.choice(list(Clock))


@pytest.mark.parametrize("seed", range(40))
def test_later_start_or_more_time_is_never_due_earlier(calendar, seed) -> None:
    dice = random.Random(seed)
    start, amount, clock = draw(dice)
    due = due_at(start, amount=amount, clock=clock, calendar=calendar).at
    assert due is not None and due >= start
    later = start + timedelta(minutes=dice.randrange(5000))
    more = amount + Fraction(dice.randrange(100), 30)
    assert due_at(later, amount=amount, clock=clock, calendar=calendar).at >= due
    assert due_at(start, amount=more, clock=clock, calendar=calendar).at >= due


@pytest.mark.parametrize("seed", range(40))
def test_split_amounts_add_up(calendar, seed) -> None:
    dice = random.Random(1000 + seed)
    start, amount, clock = draw(dice)
    part = amount * Fraction(dice.randrange(101), 100)
    half_way = due_at(start, amount=part, clock=clock, calendar=calendar).at
    assert half_way is not None
    whole = due_at(start, amount=amount, clock=clock, calendar=calendar).at
    rest = due_at(half_way, amount=amount - part, clock=clock, calendar=calendar).at
    assert abs(rest - whole) <= timedelta(microseconds=2)


@pytest.mark.parametrize("seed", range(40))
def test_another_pause_is_never_due_earlier(calendar, seed) -> None:
    dice = random.Random(2000 + seed)
    start, amount, clock = draw(dice)
    pauses: list[Pause] = []
    due = due_at(start, amount=amount, clock=clock, calendar=calendar).at
    for _ in range(4):
        begins = start + timedelta(minutes=dice.randrange(-500, 6000))
        pauses.append(Pause(begins, begins + timedelta(minutes=dice.randrange(3000))))
        paused = due_at(start, amount=amount, clock=clock, calendar=calendar, pauses=pauses).at
        assert paused >= due
        due = paused


@pytest.mark.parametrize("seed", range(40))
def test_what_elapsed_until_the_due_time_is_the_amount(calendar, seed) -> None:
    dice = random.Random(3000 + seed)
    start, amount, clock = draw(dice)
    begins = start + timedelta(minutes=dice.randrange(-500, 3000))
    pauses = [Pause(begins, begins + timedelta(minutes=dice.randrange(3000)))]
    due = due_at(start, amount=amount, clock=clock, calendar=calendar, pauses=pauses).at
    ran = elapsed(start, due, clock=clock, calendar=calendar, pauses=pauses)
    assert abs(ran - amount) < Fraction(1, 10**9)


@pytest.mark.parametrize(
    "spans", [(), ((690, 510),), ((510, 690), (600, 990)), ((510, 1500),), ((-1, 60),)]
)
def test_working_hours_that_do_not_rise_are_refused(spans) -> None:
    with pytest.raises(ValueError, match="rise"):
        WorkingHours((1, 1), (12, 31), spans)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 4, 30), False),
        (date(2026, 5, 1), True),
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2025, 7, 1), False),  # not yet in force
    ],
)
def test_season_holds_from_its_first_to_its_last_day(seasons, day, expected) -> None:
    summer, winter = seasons
    assert summer.holds(day) is expected
    assert winter.holds(day) is (not expected and day >= date(2026, 1, 1))
