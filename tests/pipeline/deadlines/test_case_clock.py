"""A unit's time for a case: hand-worked histories, with the arithmetic beside them."""

from dataclasses import replace
from fractions import Fraction

import pytest

from zoubian.pipeline.domain.case_clock import (
    ClockMark,
    ClockReading,
    DeadlineTerms,
    Margin,
    MarginKind,
    MarkKind,
    Stage,
    clock_of,
)
from zoubian.pipeline.domain.clocks import Clock, Pause

START, DISPUTE, GO_ON = MarkKind.START, MarkKind.DISPUTE, MarkKind.GO_ON
PARK, UNPARK, END = MarkKind.PARK, MarkKind.UNPARK, MarkKind.END
NEW_ROUND, VOID, EXTEND, EXEMPT = (
    MarkKind.NEW_ROUND,
    MarkKind.VOID,
    MarkKind.EXTEND,
    MarkKind.EXEMPT,
)

FOUR_HOURS = DeadlineTerms(
    amount=Fraction(4),
    clock=Clock.WORKING_HOURS,
    warning=Margin(MarginKind.SHARE, Fraction(1, 4)),
    supervision=Margin(MarginKind.HOURS, Fraction(2)),
    rework=Fraction(0),
    weather=None,
)


@pytest.fixture
def read(at, calendar):
    """Read the clock of a case from marks written as (kind, local time, until)."""

    def reading(*marks, terms: DeadlineTerms | None = FOUR_HOURS, weather=()) -> ClockReading:
        return clock_of(
            [
                ClockMark(kind, at(when), at(until[0]) if until else None)
                for kind, when, *until in marks
            ],
            terms,
            calendar,
            weather=[Pause(at(begin), end and at(end)) for begin, end in weather],
        )

    return reading


# Tuesday 16 June 2026; a day is 8:30-11:30 and 13:00-16:30.
OPEN = [
    # 4 h from 9:00: 2.5 h to 11:30, 1.5 h from 13:00.
    ([(START, "2026-06-16 09:00")], "2026-06-16 14:30"),
    # Disputed at 10:00 with 3 h left; the same unit has it again from Wed 9:00: to 11:30, 0.5 h.
    (
        [(START, "2026-06-16 09:00"), (DISPUTE, "2026-06-16 10:00"), (GO_ON, "2026-06-17 09:00")],
        "2026-06-17 13:30",
    ),
    # Another unit has the whole time: 2.5 h to 11:30, 1.5 h.
    (
        [(START, "2026-06-16 09:00"), (DISPUTE, "2026-06-16 10:00"), (START, "2026-06-17 09:00")],
        "2026-06-17 14:30",
    ),
    # Parked on Friday 15:30 with 3 h left (14:30-15:30 used), until Monday 10:00: 1.5 h, 1.5 h.
    (
        [(START, "2026-06-12 14:30"), (PARK, "2026-06-12 15:30"), (UNPARK, "2026-06-15 10:00")],
        "2026-06-15 14:30",
    ),
    # Parked before it was dispatched; dispatched on Tue; over on Wed 9:00: 4 h.
    (
        [(PARK, "2026-06-15 09:00"), (START, "2026-06-16 09:00"), (UNPARK, "2026-06-17 09:00")],
        "2026-06-17 14:30",
    ),
    # Disputed and parked: the parking's end alone does not start it.
    (
        [
            (START, "2026-06-16 09:00"),
            (DISPUTE, "2026-06-16 10:00"),
            (PARK, "2026-06-16 10:30"),
            (UNPARK, "2026-06-16 11:00"),
        ],
        None,
    ),
    # An extension to Wednesday midnight is kept to the minute, outside working time as well.
    (
        [(START, "2026-06-16 09:00"), (EXTEND, "2026-06-16 10:00", "2026-06-17 23:59")],
        "2026-06-17 23:59",
    ),
    # An extension that ends before the due time moves nothing.
    (
        [(START, "2026-06-16 09:00"), (EXTEND, "2026-06-16 10:00", "2026-06-16 11:00")],
        "2026-06-16 14:30",
    ),
    # Extended on Tue 10:00 to Wed 11:30: 1.5 + 3.5 + 3 = 8 h; parked at 11:00 with 7 h left;
    # from Thu 8:30: 6.5 h, and 0.5 h on the next worked day.
    (
        [
            (START, "2026-06-16 09:00"),
            (EXTEND, "2026-06-16 10:00", "2026-06-17 11:30"),
            (PARK, "2026-06-16 11:00"),
            (UNPARK, "2026-06-17 23:00"),
        ],
        "2026-06-22 09:00",  # Fri 19 June is the Dragon Boat Festival
    ),
    # Granted after the due time has passed: the later time holds.
    (
        [(START, "2026-06-16 09:00"), (EXTEND, "2026-06-16 16:00", "2026-06-17 10:00")],
        "2026-06-17 10:00",
    ),
    # Nothing was left when it was parked: it is due when the parking ends.
    (
        [(START, "2026-06-16 09:00"), (PARK, "2026-06-16 15:00"), (UNPARK, "2026-06-17 09:00")],
        "2026-06-17 09:00",
    ),
    # Nobody ends the parking: with 3 h left it goes on at its `until`, Wed 10:00: 1.5 h, 1.5 h.
    (
        [(START, "2026-06-16 09:00"), (PARK, "2026-06-16 10:00", "2026-06-17 10:00")],
        "2026-06-17 14:30",
    ),
    # Looked at again before that, and parked for longer.
    (
        [
            (START, "2026-06-16 09:00"),
            (PARK, "2026-06-16 10:00", "2026-06-17 10:00"),
            (PARK, "2026-06-17 09:00", "2026-06-18 08:30"),
        ],
        "2026-06-18 11:30",
    ),
    # Looked at after that: 1 h was used on Wed from 10:00, 2 h are left on Thu.
    (
        [
            (START, "2026-06-16 09:00"),
            (PARK, "2026-06-16 10:00", "2026-06-17 10:00"),
            (PARK, "2026-06-17 11:00", "2026-06-18 08:30"),
        ],
        "2026-06-18 10:30",
    ),
    # Ended before its `until`.
    (
        [
            (START, "2026-06-16 09:00"),
            (PARK, "2026-06-16 10:00", "2026-06-30 10:00"),
            (UNPARK, "2026-06-17 08:30"),
        ],
        "2026-06-17 11:30",
    ),
    # Returned while it was parked; sent back: the parking is over.
    (
        [
            (START, "2026-06-16 09:00"),
            (PARK, "2026-06-16 10:00", "2026-06-30 10:00"),
            (END, "2026-06-16 11:00"),
            (NEW_ROUND, "2026-06-17 08:30"),
        ],
        "2026-06-17 11:30",
    ),
    # Dispatched once more to the unit that has it: its extension stays.
    (
        [
            (START, "2026-06-16 09:00"),
            (EXTEND, "2026-06-16 10:00", "2026-06-17 23:59"),
            (GO_ON, "2026-06-16 11:00"),
        ],
        "2026-06-17 23:59",
    ),
    # Returned: nobody's time runs.
    ([(START, "2026-06-16 09:00"), (END, "2026-06-16 10:00")], None),
    # Sent back with 3 h left: 1.5 h from 10:00 to 11:30, 1.5 h.
    (
        [
            (START, "2026-06-16 09:00"),
            (END, "2026-06-16 10:00"),
            (NEW_ROUND, "2026-06-17 10:00"),
        ],
        "2026-06-17 14:30",
    ),
    # Returned late, sent back: nothing is left.
    (
        [
            (START, "2026-06-16 09:00"),
            (END, "2026-06-16 15:00"),
            (NEW_ROUND, "2026-06-17 10:00"),
        ],
        "2026-06-17 10:00",
    ),
    # The send-back was wrong.
    (
        [
            (START, "2026-06-16 09:00"),
            (END, "2026-06-16 10:00"),
            (NEW_ROUND, "2026-06-17 10:00"),
            (VOID, "2026-06-18 10:00"),
        ],
        None,
    ),
    # Closed and reopened: the whole time again.
    (
        [
            (START, "2026-06-16 09:00"),
            (END, "2026-06-16 10:00"),
            (END, "2026-06-16 11:00"),
            (START, "2026-06-17 09:00"),
        ],
        "2026-06-17 14:30",
    ),
    # 当场整改: closed without a unit.
    ([(END, "2026-06-16 10:00")], None),
]


@pytest.mark.parametrize(("marks", "due"), OPEN)
def test_due_time_follows_from_what_happened(read, at, marks, due) -> None:
    assert read(*marks).due_at == (due and at(due))


def test_rework_grants_its_least_amount(read, at) -> None:
    terms = replace(FOUR_HOURS, rework=Fraction(2))
    late = [(START, "2026-06-16 09:00"), (END, "2026-06-16 15:00")]
    early = [(START, "2026-06-16 09:00"), (END, "2026-06-16 10:00")]
    back = (NEW_ROUND, "2026-06-17 08:30")
    assert read(*late, back, terms=terms).due_at == at("2026-06-17 10:30")
    assert read(*early, back, terms=terms).due_at == at("2026-06-17 11:30")  # 3 h were left


@pytest.mark.parametrize(
    ("weather", "due"),
    [
        # Snow fell until Wed 10:00: 4 h from then, 1.5 h to 11:30 and 2.5 h.
        ([("2026-01-13 20:00", "2026-01-14 10:00")], "2026-01-14 15:30"),
        # It was over before the dispatch: 4 h from Tue 21:00 are Wed 8:30 to 14:00.
        ([("2026-01-13 08:00", "2026-01-13 20:00")], "2026-01-14 14:00"),
        # It still falls.
        ([("2026-01-13 20:00", None)], None),
        # New snow while it is being cleared: 1 h used, 3 h from 14:00 are 2.5 h and Thu 0.5 h.
        ([("2026-01-14 09:30", "2026-01-14 14:00")], "2026-01-15 09:00"),
    ],
)
def test_snow_clock_runs_from_the_end_of_snowfall(read, at, weather, due) -> None:
    terms = replace(FOUR_HOURS, weather="snowfall")
    reading = read((START, "2026-01-13 21:00"), terms=terms, weather=weather)
    assert reading.due_at == (due and at(due))
    assert reading.standing is (due is None)


def test_weather_leaves_other_rules_alone(read, at) -> None:
    reading = read((START, "2026-06-16 09:00"), weather=[("2026-06-16 09:00", None)])
    assert reading.due_at == at("2026-06-16 14:30")


@pytest.mark.parametrize(
    ("warning", "supervision", "warn", "supervise"),
    [
        # Due 14:30. A quarter of 4 h before: 13:30. 2 h after: 16:30.
        (("share", "1/4"), ("hours", "2"), "2026-06-16 13:30", "2026-06-16 16:30"),
        # 2 working hours before: 1.5 h to 13:00, 0.5 h before lunch. Once more 4 h: Wed 10:30.
        (("hours", "2"), ("share", "1"), "2026-06-16 11:00", "2026-06-17 10:30"),
        # Longer than the time there is: from the start on.
        (("hours", "30"), ("share", "0"), "2026-06-16 09:00", "2026-06-16 14:30"),
    ],
)
def test_warning_and_supervision_lie_beside_the_due_time(
    read, at, warning, supervision, warn, supervise
) -> None:
    terms = replace(
        FOUR_HOURS,
        warning=Margin(MarginKind(warning[0]), Fraction(warning[1])),
        supervision=Margin(MarginKind(supervision[0]), Fraction(supervision[1])),
    )
    reading = read((START, "2026-06-16 09:00"), terms=terms)
    assert (reading.warn_at, reading.supervise_at) == (at(warn), at(supervise))


def test_hours_beside_an_urgent_due_time_run_through_the_night(read, at) -> None:
    terms = DeadlineTerms(
        Fraction(2),
        Clock.URGENT_WORKING_DAYS,
        Margin(MarginKind.HOURS, Fraction(6)),
        Margin(MarginKind.HOURS, Fraction(12)),
        Fraction(0),
        None,
    )
    reading = read((START, "2026-06-12 04:00"), terms=terms)
    assert reading.warn_at == at("2026-06-13 22:00")
    assert reading.due_at == at("2026-06-14 04:00")
    assert reading.supervise_at == at("2026-06-14 16:00")


@pytest.mark.parametrize(
    ("now", "stage"),
    [
        ("2026-06-16 13:29", Stage.RUNNING),
        ("2026-06-16 13:30", Stage.WARNING),
        ("2026-06-16 14:30", Stage.WARNING),  # the last minute is in time
        ("2026-06-16 14:31", Stage.OVERDUE),
        ("2026-06-16 16:30", Stage.OVERDUE),
        ("2026-06-16 16:31", Stage.SUPERVISED),
    ],
)
def test_stage_follows_from_the_clock_on_the_wall(read, at, now, stage) -> None:
    reading = read((START, "2026-06-16 09:00"))
    assert reading.stage(at(now)) is stage
    assert reading.overdue(at(now)) is (stage in (Stage.OVERDUE, Stage.SUPERVISED))


def test_remaining_time_turns_negative(read, at) -> None:
    reading = read((START, "2026-06-16 09:00"))
    assert reading.remaining(at("2026-06-16 14:00")).total_seconds() == 30 * 60
    assert reading.remaining(at("2026-06-16 15:00")).total_seconds() == -30 * 60


def test_late_round_stays_a_fact_beside_its_exemption(read, at) -> None:
    marks = [(START, "2026-06-16 09:00"), (END, "2026-06-16 14:31"), (END, "2026-06-17 09:00")]
    plain, exempted = read(*marks), read(*marks, (EXEMPT, "2026-06-18 09:00"))
    now = at("2026-06-30 09:00")
    assert [done.late for done in plain.rounds] == [True]
    assert (plain.overdue(now), plain.exempted) == (True, False)
    assert (exempted.overdue(now), exempted.exempted) == (True, True)


def test_due_time_missed_before_parking_stays_a_fact(read, at) -> None:
    marks = [(START, "2026-06-16 09:00"), (PARK, "2026-06-16 15:00", "2026-06-30 09:00")]
    parked = read(*marks)
    assert parked.stage(at("2026-06-20 09:00")) is not Stage.OVERDUE  # nobody is urged now
    assert parked.overdue(at("2026-06-20 09:00"))
    returned = read(*marks, (END, "2026-06-20 09:00"))
    assert [done.late for done in returned.rounds] == [True]


def test_round_of_another_unit_is_nobodys_lateness(read, at) -> None:
    disputed_late = [
        (START, "2026-06-16 09:00"),
        (DISPUTE, "2026-06-16 16:00"),
        (START, "2026-06-17 09:00"),
        (END, "2026-06-17 10:00"),
    ]
    reading = read(*disputed_late)
    assert [done.started_at for done in reading.rounds] == [at("2026-06-17 09:00")]
    assert not reading.overdue(at("2026-06-18 09:00"))


def test_case_without_a_deadline_has_no_clock(read, at) -> None:
    reading = read((START, "2026-06-16 09:00"), terms=None)
    assert reading.stage(at("2030-01-01 00:00")) is Stage.NONE
    assert not reading.standing


def test_due_time_in_an_unannounced_year_is_provisional(read) -> None:
    assert read((START, "2031-06-16 09:00")).provisional
    assert not read((START, "2026-06-16 09:00")).provisional
