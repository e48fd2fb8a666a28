"""Lists of cases: each filter, all of them together, pages that stand still, text of any length."""

from dataclasses import replace
from datetime import timedelta

import pytest
from case_desk import FOUND, Desk
from case_steps import (
    DETAILS,
    DISPATCHER,
    GROUP,
    INSPECTOR,
    OFFICE,
    OFFICE_UNIT,
    OFFICER,
    OTHER_OFFICER,
    OTHER_UNIT,
    UNIT,
    VERIFIER,
)
from sqlalchemy import Engine, insert, select

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.domain.cases import CaseAction, CaseState, Condition, Source
from zoubian.pipeline.domain.scopes import EVERY_CASE, CaseScope
from zoubian.pipeline.ledger.cases_lists import (
    Box,
    CaseQuery,
    Circle,
    Taker,
    count,
    earlier_takers,
    is_visible,
    search,
)
from zoubian.pipeline.ledger.cases_models import CaseRow


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(UnitOfWork(engine), thorough=False)


def found(desk: Desk, query: CaseQuery) -> set[str]:
    with desk.uow.reading() as session:
        page = search(session, query, limit=50)
        assert count(session, query) == len(page.cases)
    return {line.number.removeprefix("2026-00000") for line in page.cases}


def test_each_filter_and_all_together(desk: Desk) -> None:
    """Four cases: 1 registered, 2 dispatched and parked, 3 returned, 4 closed elsewhere."""
    desk.file(replace(FOUND, unit_ids=(UNIT, OTHER_UNIT), category="shop_spillover"))
    second = desk.do(desk.register(UNIT), CaseAction.PARK, OFFICE)
    third = desk.do(desk.register(OTHER_UNIT), CaseAction.RETURN, OTHER_OFFICER)
    filed_at = desk.now
    far = replace(FOUND, lat=43.9, lon=125.4, source=Source.MANUAL, external_number="CG-2026-9")
    fourth = desk.do(desk.file(far), CaseAction.RETURN, OFFICER)
    fourth = desk.do(fourth, CaseAction.CLOSE, VERIFIER)
    closed_at = desk.now
    second_of_time = timedelta(seconds=1)
    assert (third.state, fourth.state) == (CaseState.RETURNED, CaseState.CLOSED)
    for query, numbers in (
        (CaseQuery(), "1234"),
        (CaseQuery(unit_id=UNIT), "24"),
        (CaseQuery(states=(CaseState.REGISTERED, CaseState.RETURNED)), "13"),
        (CaseQuery(category="shop_spillover"), "1"),
        (CaseQuery(source=Source.MANUAL), "4"),
        (CaseQuery(conditions=(Condition.PARKED,)), "2"),
        (CaseQuery(conditions=(Condition.PARKED, Condition.HARD)), ""),
        (CaseQuery(season="winter-2026"), "2"),
        (CaseQuery(place=Circle(43.88, 125.32, 10.0)), "123"),
        (CaseQuery(place=Box(43.89, 125.3, 43.91, 125.5)), "4"),
        (CaseQuery(registered_from=filed_at), "4"),
        (CaseQuery(registered_to=second.registered_at + second_of_time), "12"),
        (CaseQuery(closed_from=closed_at, closed_to=closed_at + second_of_time), "4"),
        (CaseQuery(closed_to=closed_at), ""),
        (CaseQuery(due_before=closed_at), ""),  # no rule, no clock
        (CaseQuery(unit_id=UNIT, states=(CaseState.CLOSED,), text="cg-2026-9"), "4"),
        (CaseQuery(unit_id=OTHER_UNIT, text="CG-2026-9"), ""),
    ):
        assert found(desk, query) == set(numbers), query


def test_who_may_see_some_cases_sees_no_others(desk: Desk) -> None:
    """One of each: with the unit, assisted by it, led by its office, filed by the group."""
    desk.register(OTHER_UNIT)
    desk.file(replace(FOUND, unit_ids=(UNIT,)))
    desk.file(replace(FOUND, unit_ids=(OTHER_UNIT,), assisting_unit_ids=(UNIT,)))
    desk.do(desk.register(OTHER_UNIT), CaseAction.RAISE_HARD, OFFICE)
    desk.file(replace(FOUND, unit_ids=(OTHER_UNIT,)), INSPECTOR)
    for scope, numbers in (
        (EVERY_CASE, "12345"),
        (CaseScope(everything=False, unit_ids=(UNIT,)), "23"),
        (CaseScope(everything=False, unit_ids=(OFFICE_UNIT,)), "4"),
        (CaseScope(everything=False, unit_ids=(UNIT,), group_id=GROUP), "235"),
        (CaseScope(everything=False, unit_ids=("street",)), ""),
        (CaseScope(everything=False), ""),
    ):
        assert found(desk, CaseQuery(scope=scope)) == set(numbers)
    [fifth] = search_ids(desk, CaseQuery(scope=CaseScope(everything=False, group_id=GROUP)))
    with desk.uow.reading() as session:
        assert is_visible(session, fifth, CaseScope(everything=False, group_id=GROUP))
        assert not is_visible(session, fifth, CaseScope(everything=False, unit_ids=(UNIT,)))
        assert not is_visible(session, "nowhere", EVERY_CASE)


def search_ids(desk: Desk, query: CaseQuery) -> list[str]:
    with desk.uow.reading() as session:
        return [line.id for line in search(session, query, limit=50).cases]


def test_a_circle_is_round(desk: Desk) -> None:
    """100 m to the east is inside 100.5 m, and the same way north and east together is not."""
    desk.file(replace(FOUND, lat=43.88, lon=125.32 + 0.001248))
    desk.file(replace(FOUND, lat=43.88 + 0.0009, lon=125.32 + 0.001248))
    assert found(desk, CaseQuery(place=Circle(43.88, 125.32, 100.5))) == {"1"}
    assert found(desk, CaseQuery(place=Circle(43.88, 125.32, 99.0))) == set()


def test_a_place_with_thousands_of_cases_is_asked_as_exactly(desk: Desk) -> None:
    """Every fifth of 6,000 lies outside the circle, and every tenth outside the box."""
    desk.register(UNIT)
    with desk.uow() as session:
        [row] = session.execute(select(CaseRow.__table__)).mappings()
        copies = [
            {
                **row,
                "id": f"copy-{n:05d}",
                "first_event": row["first_event"] + 10 + n,
                "number": f"2026-{n:06d}",
                "number_count": n,
                "lon": 125.32 + (0.0 if n % 5 else 0.01 if n % 10 else 0.02),
            }
            for n in range(2, 6002)
        ]
        session.execute(insert(CaseRow), copies)
    with desk.uow.reading() as session:
        around = CaseQuery(place=Circle(43.88, 125.32, 100.0))
        inside = CaseQuery(place=Box(43.87, 125.31, 43.89, 125.335))
        assert count(session, around) == 1 + 4800
        assert count(session, inside) == 1 + 5400
        page = search(session, inside, limit=50)
        later = search(session, inside, limit=50, after=page.after)
    numbers = [line.number for line in (*page.cases, *later.cases)]
    assert numbers == [f"2026-{n:06d}" for n in range(6001, 2, -1) if n % 10][:100]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("人民大街", "1"),
        ("民大", "1"),
        ("街", "12"),
        ("2026-000002", "2"),
        ("000002", "2"),
        ("ck-７７", "2"),
        ("ck 77", ""),
        ("仍有残留", "2"),
        ("大街 人民", ""),
        ("100%", ""),
        ("_", ""),
        ("  ", "12"),
    ],
)
def test_text_of_any_length_is_found_in_number_place_and_notes(
    desk: Desk, typed: str, numbers: str
) -> None:
    desk.file(replace(FOUND, place_zh="人民大街与解放大路交会处东侧约50米"))
    second = desk.file(replace(FOUND, place_zh="红旗街1号门前", external_number="CK-77"))
    desk.do(second, CaseAction.NOTE, OFFICE, {"note": "箱旁仍有残留"})
    assert found(desk, CaseQuery(text=typed)) == set(numbers)


def test_an_amended_place_is_found_by_its_new_words_only(desk: Desk) -> None:
    view = desk.register(UNIT)
    desk.do(view, CaseAction.AMEND, OFFICE, {"place_zh": "同志街5号门前"})
    assert found(desk, CaseQuery(text="同志街")) == {"1"}
    assert found(desk, CaseQuery(text="解放大路")) == set()


def test_pages_stand_still_while_cases_are_registered(desk: Desk) -> None:
    views = [desk.register(UNIT) for _ in range(7)]
    seen: list[str] = []
    after = None
    while True:
        with desk.uow.reading() as session:
            page = search(session, CaseQuery(unit_id=UNIT), limit=3, after=after)
        seen += [line.id for line in page.cases]
        after = page.after
        if after is None:
            break
        desk.register(UNIT)
    assert seen == [view.id for view in reversed(views)]


def test_a_page_has_bounds(desk: Desk) -> None:
    with desk.uow.reading() as session, pytest.raises(ValueError, match="1 to 500"):
        search(session, CaseQuery(), limit=0)


def test_who_took_what_two_units_could_have_is_remembered(desk: Desk) -> None:
    for unit_id, officer in ((OTHER_UNIT, OTHER_OFFICER), (OTHER_UNIT, OTHER_OFFICER)):
        view = desk.register(UNIT, OTHER_UNIT)
        view = desk.do(view, CaseAction.DISPATCH, DISPATCHER, {"unit_id": unit_id})
        desk.do(view, CaseAction.RETURN, officer)
    disputed = desk.do(desk.register(UNIT, OTHER_UNIT), CaseAction.DISPATCH, DISPATCHER)
    desk.do(disputed, CaseAction.DISPUTE, OFFICER, DETAILS[CaseAction.DISPUTE])
    here = Circle(43.88, 125.32, 50.0)
    with desk.uow.reading() as session:
        assert earlier_takers(session, [OTHER_UNIT, UNIT], here) == (Taker(OTHER_UNIT, 2),)
        assert earlier_takers(session, [OTHER_UNIT, UNIT], replace(here, lat=43.9)) == ()
        assert earlier_takers(session, [OTHER_UNIT, "street-3"], here) == ()
