"""Lists of what is due, read from the rows of cases."""

from dataclasses import replace

import pytest
from case_steps import OFFICE, OFFICER
from due_office import FOUR_HOURS, Office, at

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.pipeline.dispatch.due_list import all_due_cases, due_cases, due_counts
from zoubian.pipeline.dispatch.urging import DueCase, Level
from zoubian.pipeline.domain.case_clock import Stage
from zoubian.pipeline.domain.cases import CaseAction

CATEGORIES = packaged_tables().categories


def listed(office: Office, now: str, units: tuple[str, ...] | None = None) -> list[DueCase]:
    with office.uow.reading() as session:
        return all_due_cases(session, now=at(now), categories=CATEGORIES, unit_ids=units)


def test_case_goes_from_running_to_supervised(office: Office) -> None:
    # 4 h from Tue 9:00 are due at 14:30; a quarter before is 13:30, 2 h after 16:30.
    case = office.register("2026-06-16 09:00")
    levels = {
        now: [due.level for due in listed(office, f"2026-06-16 {now}")]
        for now in ("13:29", "13:30", "14:30", "14:31", "16:31")
    }
    assert levels == {
        "13:29": [],
        "13:30": [Level.SOON],
        "14:30": [Level.SOON],
        "14:31": [Level.OVERDUE],
        "16:31": [Level.SUPERVISE],
    }
    [due] = listed(office, "2026-06-16 15:00")
    assert due == DueCase(
        case_id=case.id,
        number="2026-000001",
        unit_id="street-1",
        category_zh="垃圾箱满溢",
        condition_zh="箱口冒尖",
        place_zh="人民大街与解放大路交会处东侧约50米",
        due_at=at("2026-06-16 14:30"),
        level=Level.OVERDUE,
        round=1,
        urged=0,
        provisional=False,
        example_city="运城市",
    )


@pytest.mark.parametrize(
    ("action", "actor"),
    [
        (CaseAction.RETURN, OFFICER),
        (CaseAction.DISPUTE, OFFICER),
        (CaseAction.PARK, OFFICE),
        (CaseAction.REQUEST_EXTENSION, OFFICER),
    ],
)
def test_case_leaves_the_list_when_its_unit_need_not_act(office, action, actor) -> None:
    office.do(office.register("2026-06-16 09:00"), action, actor, "2026-06-16 10:00")
    waits = action is CaseAction.REQUEST_EXTENSION  # asking alone moves nothing
    assert bool(listed(office, "2026-06-16 15:00")) is waits


def test_case_without_a_rule_or_own_example_or_place(office: Office) -> None:
    own = office.add_rule(replace(FOUR_HOURS, condition="own", city="本市", example=False))
    office.register("2026-06-16 09:00", place_zh=None)
    office.register("2026-06-16 09:01", rule=own, place_zh=None, lat=None, lon=None, radius_m=None)
    found = listed(office, "2026-06-16 15:00")
    assert [(due.place_zh, due.example_city) for due in found] == [
        ("北纬43.88000，东经125.32000", "运城市"),
        ("位置未填写", None),
    ]


def test_pages_follow_the_due_times_and_lose_nothing(office: Office) -> None:
    for minute in (5, 1, 3, 1, 4):
        office.register(f"2026-06-16 09:{minute:02d}", unit=f"street-{minute % 2}")
    whole = listed(office, "2026-06-16 15:00")
    assert [f"{due.due_at:%M}" for due in whole] == ["31", "31", "33", "34", "35"]
    assert [due.unit_id for due in listed(office, "2026-06-16 15:00", ("street-0",))] == [
        "street-0"
    ]
    pages, after = [], None
    while True:
        with office.uow.reading() as session:
            page = due_cases(
                session,
                now=at("2026-06-16 15:00"),
                categories=CATEGORIES,
                unit_ids=None,
                limit=2,
                after=after,
            )
        pages.append(page.cases)
        after = page.after
        if after is None:
            break
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [due for page in pages for due in page] == whole


def test_counts_say_what_the_lists_say(office: Office) -> None:
    for hour in ("08:30", "10:00", "11:29", "14:00"):
        office.register(f"2026-06-16 {hour}")
    office.register("2026-06-16 10:00", unit="street-2")
    office.do(office.register("2026-06-16 09:00"), CaseAction.RETURN, OFFICER, "2026-06-16 10:00")
    with office.uow.reading() as session:
        # Due Tue 14:00 and 15:30, Wed 8:59 and 10:00; warned 1 h before, supervised 2 h after.
        counts = due_counts(session, now=at("2026-06-16 16:01"))
    assert counts == {
        "street-1": {
            Stage.RUNNING: 1,
            Stage.WARNING: 1,
            Stage.OVERDUE: 1,
            Stage.SUPERVISED: 1,
        },
        "street-2": {Stage.OVERDUE: 1},
    }
