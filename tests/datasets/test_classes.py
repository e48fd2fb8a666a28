"""The class tables say what the plan and the sources say, and nothing dangles."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from zoubian.datasets.classes import (
    Aggregate,
    Clock,
    CodeMatch,
    Deadline,
    PhotoEvidence,
    Standing,
    UnknownIdError,
    campaign,
    categories,
    category,
    filing_conditions,
    national_codes,
    spot_group,
    suggested_categories,
    visual_class,
    visual_classes,
)

PLAN = (Path(__file__).parent / "plan_2021_section_3.zh.txt").read_text(encoding="utf-8")
SECTION = re.compile(r"^(?:（[一二三四]）|\d\.)(?P<group>[^：]+)：(?P<names>.*)$", re.MULTILINE)
BEFORE, AFTER = date(2026, 6, 30), date(2026, 7, 1)
CATEGORY_IDS = [one.id for one in categories()]
CLASS_IDS = [one.id for one in visual_classes()]


def _plan_names() -> list[tuple[str, str]]:
    return [
        (match["group"], name)
        for match in SECTION.finditer(PLAN)
        for name in re.split("[；。]", match["names"])
        if name
    ]


def test_names_and_groups_are_the_plans_to_the_letter_and_in_its_order() -> None:
    assert [(c.group.name_zh, c.name_zh) for c in categories()] == _plan_names()
    assert [c.number for c in categories()] == list(range(1, 46))


def test_groups_hold_as_many_categories_as_in_the_plan() -> None:
    assert Counter(c.group.id for c in categories()) == {
        "city_appearance": 14,
        "sanitation": 15,
        "recycling": 3,
        "illegal_buildings": 2,
        "greening": 5,
        "municipal_works": 4,
        "environment": 2,
    }
    parts = [c.group.parent.name_zh for c in categories() if c.group.parent]
    assert parts == ["城市管理行政执法"] * 13


def test_a_photo_proves_25_categories_18_partly_and_2_not() -> None:
    assert Counter(c.photo_evidence for c in categories()) == {
        PhotoEvidence.YES: 25,
        PhotoEvidence.PARTLY: 18,
        PhotoEvidence.NO: 2,
    }
    unseen = {c.id for c in categories() if c.photo_evidence is PhotoEvidence.NO}
    assert unseen == {"illegal_tree_transplant", "illegal_telecom_facility"}


def test_every_missing_fact_is_named_in_both_languages() -> None:
    for one in categories():
        if one.photo_evidence is not PhotoEvidence.YES:
            assert re.search("[一-鿿]", one.missing_fact_zh or ""), one.id
            assert re.search("[a-z]", one.missing_fact_en or ""), one.id


def test_the_campaign_is_the_plans() -> None:
    now = campaign()
    assert (now.valid_from, now.valid_to) == (date(2021, 4, 10), date(2021, 12, 31))
    assert (now.working_groups, now.subdistricts, now.townships) == (45, 72, 2)
    assert now.street_patrols_per_month_min == 4


@pytest.mark.parametrize(
    ("class_id", "first", "among"),
    [
        ("overflowing_bin", "bin_overflow", {"household_waste_uncollected"}),
        (
            "garbage_pile",
            "household_waste_uncollected",
            {"residential_yard_unclean", "road_occupying_pile", "fire_lane_blocked"},
        ),
        ("muck_truck_uncovered", "uncovered_muck_truck", set()),
        ("roadside_snow", "snow_not_cleared", set()),
    ],
)
def test_visual_classes_suggest_ranked_categories(
    class_id: str, first: str, among: set[str]
) -> None:
    ranked = suggested_categories(class_id)
    assert ranked[0].category == category(first)
    assert [s.rank for s in ranked] == list(range(1, len(ranked) + 1))
    assert among <= {s.category.id for s in ranked}


@pytest.mark.parametrize("class_id", CLASS_IDS)
def test_a_class_suggests_categories_or_says_why_not(class_id: str) -> None:
    seen, ranked = visual_class(class_id), suggested_categories(class_id)
    assert bool(ranked) != bool(seen.note_zh and seen.note_en)
    assert not ranked or seen.problem
    assert all(s.category.photo_evidence is not PhotoEvidence.NO for s in ranked)


def test_classes_that_are_no_problem_are_the_intact_twins() -> None:
    harmless = {c.id for c in visual_classes() if not c.problem}
    assert harmless == {"bin", "muck_truck_covered", "excavation_hoarded"}


@pytest.mark.parametrize("group", sorted({c.spot_group for c in visual_classes()}))
def test_a_spot_is_named_by_its_worst_problem(group: str) -> None:
    members = spot_group(group)
    assert [m.rank for m in members] == list(range(1, len(members) + 1))
    assert members[0].problem
    assert [m.problem for m in members] == sorted((m.problem for m in members), reverse=True)


def test_waste_stands_together_and_only_litter_and_snow_are_counted_by_stretch() -> None:
    assert [m.id for m in spot_group("waste")] == [
        "overflowing_bin",
        "garbage_pile",
        "furniture_dumped",
        "litter",
        "bin",
    ]
    stretched = {c.id for c in visual_classes() if c.aggregate is Aggregate.STRETCH}
    assert stretched == {"litter", "roadside_snow"}


@pytest.mark.parametrize(
    ("category_id", "before", "after"),
    [
        ("bin_overflow", [("01-92", CodeMatch.CITY_EXTENSION)], [("06042", CodeMatch.EXACT)]),
        ("window_advertising", [("02-03", CodeMatch.NEAREST)], [("07003", CodeMatch.NEAREST)]),
        ("litter_bin_damage", [("03-05", CodeMatch.EXACT)], [("03005", CodeMatch.EXACT)]),
        (
            "household_waste_uncollected",
            [("01-10", CodeMatch.EXACT), ("01-92", CodeMatch.CITY_EXTENSION)],
            [("06010", CodeMatch.EXACT), ("06042", CodeMatch.EXACT)],
        ),
    ],
)
def test_national_codes_change_with_the_standard(
    category_id: str,
    before: list[tuple[str, CodeMatch]],
    after: list[tuple[str, CodeMatch]],
) -> None:
    assert [(c.code, c.match) for c in national_codes(category_id, on=BEFORE)] == before
    assert [(c.code, c.match) for c in national_codes(category_id, on=AFTER)] == after


@pytest.mark.parametrize("category_id", CATEGORY_IDS)
def test_each_category_is_answered_by_one_standard_a_day_and_none_is_called_primary(
    category_id: str,
) -> None:
    for day, standard in ((BEFORE, "GB/T 30428.2-2013"), (AFTER, "GB/T 47678.5-2026")):
        codes = national_codes(category_id, on=day)
        assert {c.standard for c in codes} == {standard}
        assert all(c.source.standing is Standing.SECONDARY for c in codes)


@pytest.mark.parametrize(
    ("category_id", "condition", "deadline"),
    [
        ("mobile_vendor", "vendor", Deadline(2, Clock.URGENT_HOURS)),
        ("illegal_structure_public", "under_way", Deadline(2, Clock.URGENT_DAYS)),
        ("illegal_structure_public", "finished", Deadline(15, Clock.WORKING_DAYS)),
        ("bin_overflow", "overflow", Deadline(4, Clock.WORKING_HOURS)),
        ("parking_bay_obstacle", "dead_car", None),
    ],
)
def test_deadlines_stand_per_filing_condition_on_their_clock(
    category_id: str, condition: str, deadline: Deadline | None
) -> None:
    by_condition = {f.condition: f for f in filing_conditions(category_id, on=AFTER)}
    assert by_condition[condition].deadline == deadline


@pytest.mark.parametrize("category_id", CATEGORY_IDS)
def test_every_filing_condition_is_marked_as_another_citys_example(category_id: str) -> None:
    rows = filing_conditions(category_id, on=AFTER)
    assert rows
    for row in rows:
        assert row.example
        assert row.city in {"运城市", "哈尔滨市"}
        assert row.source.standing is Standing.UNVERIFIED


@pytest.mark.parametrize("look_up", [category, visual_class, suggested_categories, spot_group])
def test_an_unknown_id_is_named_in_both_languages(look_up: Callable[[str], object]) -> None:
    with pytest.raises(UnknownIdError) as caught:
        look_up("no_such_thing")
    assert "no_such_thing" in caught.value.message_en
    assert "没有名为“no_such_thing”" in caught.value.message_zh


@pytest.mark.data
def test_every_class_of_the_shared_pictures_is_a_visual_class(data_root: Path) -> None:
    import yaml

    waste = yaml.safe_load((data_root / "waste" / "data.yaml").read_text(encoding="utf-8"))
    street = (data_root / "street" / "classes.txt").read_text(encoding="utf-8").split()
    for name in [*waste["names"].values(), *street]:
        assert visual_class(name).basis == "real"
