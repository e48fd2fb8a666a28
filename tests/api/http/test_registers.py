"""The organisation, deadlines, urging, export and the chain over HTTP."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from desk_city import HERE, OTHER_UNIT, UNIT, City
from due_office import FOUR_HOURS

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.datasets.deadlines.example import example_rows
from zoubian.datasets.deadlines.sheets import DEADLINES
from zoubian.datasets.organisation.workbook import write_template, write_workbook
from zoubian.pipeline.deadlines.rules import rule_of, store_rule


def deadline_city(city: City) -> City:
    with city.workspace.uow() as session:
        store_rule(session, rule_of(FOUR_HOURS, city.now()))
    return city


def test_units_and_groups_of_the_day(shared_city: City) -> None:
    found = shared_city.person("officer").get("/organisation")
    units = {unit["id"]: unit for unit in found["units"]}
    assert units[UNIT]["group_ids"] == ["group-1"]
    assert {group["id"]: group["unit_ids"] for group in found["groups"]} == {
        "group-1": [UNIT],
        "group-2": [OTHER_UNIT],
    }


def test_people_are_for_desks(shared_city: City) -> None:
    people = shared_city.person("dispatcher").get("/organisation/people")["items"]
    assert ("officer", UNIT) in {(one["user_id"], one["unit_id"]) for one in people}
    refused = shared_city.person("officer").refused("GET", "/organisation/people")
    assert refused == (403, "forbidden")


def test_an_organisation_is_loaded_or_nothing_of_it(city: City, tmp_path: Path) -> None:
    office = city.person("office")
    path = tmp_path / "组织.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    sheet = book["单位"]
    sheet.append(["street-3", "新城街道", None, "街道"])
    book.save(path)

    def load(**form: Any) -> Any:
        files = [("files", ("组织.xlsx", path.read_bytes()))]
        return office.ask("POST", "/organisation", files=files, data=form).json()

    dry = load(dry_run="true")
    assert (dry["loaded"], dry["counts"]["unit"]["added"]) == (False, 1)
    assert "street-3" not in str(office.get("/organisation"))
    assert load()["loaded"] is True
    assert "新城街道" in str(office.get("/organisation"))
    sheet.append(["street-4", None, None, "街道"])
    book.save(path)
    wrong = load()
    assert wrong["loaded"] is False
    assert wrong["problems"][0]["sheet"] == "单位"
    assert "street-4" not in str(office.get("/organisation"))


def test_deadlines_are_loaded_and_read(city: City, tmp_path: Path) -> None:
    office = city.person("office")
    path = tmp_path / "时限.xlsx"
    rows = example_rows(packaged_tables())
    write_workbook(path, rows, title="时限", layout=DEADLINES)
    files = [("file", ("时限.xlsx", path.read_bytes()))]
    loaded = office.ask("POST", "/deadlines", files=files).json()
    assert loaded["loaded"] is True and loaded["new_rules"] > 10, loaded
    rules = office.get("/deadlines/rules", category="bin_overflow")["items"]
    assert {rule["category"] for rule in rules} == {"bin_overflow"}
    assert office.get("/deadlines/calendar", year=2026)["announced"] is True
    assert office.get("/deadlines/calendar", year=2199)["announced"] is False


def test_categories_come_in_the_order_of_the_plan(shared_city: City) -> None:
    found = shared_city.person("inspector").get("/categories")["items"]
    assert [one["number"] for one in found] == list(range(1, 46))


def test_what_is_overdue_is_listed_and_urged(city: City) -> None:
    deadline_city(city)
    case_id = city.case("c1")
    city.case("c2", at=(HERE[0], HERE[1] + 0.02))
    city.now.wait(days=2)
    city.people.clear()
    officer, office = city.person("officer"), city.person("office")
    [due] = officer.get("/due")["items"]
    assert (due["case_id"], due["unit_id"], due["condition_zh"]) == (case_id, UNIT, "箱口冒尖")
    assert set(office.get("/due/counts")) == {UNIT, OTHER_UNIT}
    assert officer.get("/cases", overdue="true")["items"][0]["stage"] in ("overdue", "supervised")
    first = office.get("/due", limit=1)
    second = office.get("/due", limit=1, after=first["next"])
    assert {first["items"][0]["unit_id"], second["items"][0]["unit_id"]} == {UNIT, OTHER_UNIT}
    assert second["next"] is None

    urged = office.post("/urgings", {"unit_ids": [UNIT]})
    assert (urged["logged"], [unit["unit_id"] for unit in urged["units"]]) == (1, [UNIT])
    assert due["number"] in urged["units"][0]["texts"][0]
    assert officer.get(f"/cases/{case_id}")["urged"] == 1
    assert officer.refused("POST", "/urgings", json={}) == (403, "forbidden")
    mine = city.person("verifier-2").post("/urgings")  # a group urges the units it covers
    assert [unit["unit_id"] for unit in mine["units"]] == [OTHER_UNIT]
    book = officer.ask("GET", f"/due/{UNIT}/export.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(book.content)).sheetnames
    assert officer.refused("GET", f"/due/{OTHER_UNIT}/export.xlsx") == (404, "no_such_file")


def test_a_search_is_exported_as_it_is_seen(city: City) -> None:
    case_id = city.case("=1+1")
    city.case("c2", at=(HERE[0], HERE[1] + 0.02))
    number = city.person("officer").get(f"/cases/{case_id}")["number"]
    answer = city.person("officer").ask("GET", "/cases/export.xlsx", params={"text": "门前"})
    assert "attachment" in answer.headers["content-disposition"]
    [page] = openpyxl.load_workbook(io.BytesIO(answer.content))
    head, *rows = list(page.values)
    assert [row[0] for row in rows] == [number]
    cells = dict(zip(head, rows[0], strict=True))
    assert (cells["状态"], cells["责任单位"], cells["来源"]) == (
        "已派遣",
        f"{UNIT}街道",
        "巡查发现",
    )
    place = page.cell(2, list(head).index("位置") + 1)
    assert (place.value, place.data_type) == ("=1+1门前", "s")


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"text": "c1门前"}, ["c1"]),
        ({"state": "dispatched", "unit_id": OTHER_UNIT}, ["c2"]),
        ({"south": 43.8, "west": 125.3, "north": 43.81, "east": 125.31}, ["c1"]),
        ({"lat": HERE[0], "lon": HERE[1] + 0.02, "radius_m": 100}, ["c2"]),
        ({"state": "closed"}, []),
        ({"registered_to": "2026-11-01T00:00:00+08:00"}, []),
    ],
)
def test_cases_are_found_by_what_is_known_of_them(
    found_city: City, parameters: dict[str, Any], found: list[str]
) -> None:
    items = found_city.person("office").get("/cases", **parameters)["items"]
    assert sorted(str(case["place_zh"]).removesuffix("门前") for case in items) == found


@pytest.fixture(scope="module")
def found_city(shared_city: City) -> City:
    shared_city.case("c1")
    shared_city.case("c2", at=(HERE[0], HERE[1] + 0.02))
    return shared_city


def test_half_a_place_is_refused(shared_city: City) -> None:
    office = shared_city.person("office")
    for parameters in ({"south": 43.8}, {"lat": 43.8, "lon": 125.3}):
        refused = office.refused("GET", "/cases", params=parameters)
        assert refused == (422, "place_incomplete")


def test_pages_of_cases_stand_still_while_others_are_registered(city: City) -> None:
    first = [city.case(f"c{n}", at=(HERE[0], HERE[1] + n * 1e-4)) for n in range(5)]
    office = city.person("office")
    page = office.get("/cases", limit=2)
    seen = [case["id"] for case in page["items"]]
    city.case("later")
    while page["next"] is not None:
        page = office.get("/cases", limit=2, after=page["next"])
        seen += [case["id"] for case in page["items"]]
    assert seen == first[::-1]


def test_the_chain_is_walked_and_compared_with_heads_kept_elsewhere(city: City) -> None:
    office = city.person("office")
    city.case("c1")
    head = office.get("/ledger/head")
    assert head["head"] == f"{head['number']}:{head['hash']}"
    city.case("c2", at=(HERE[0], HERE[1] + 0.02))
    checked = office.post("/ledger/check", {"against": [head["head"]]})
    assert (checked["faults_found"], checked["compared_heads"]) == (0, 1)
    other = f"{head['number']}:{'0' * 64}"
    assert office.post("/ledger/check", {"against": [other]})["faults_found"] == 1
    for none in ("/etc/passwd", "1:xyz"):
        refused = office.refused("POST", "/ledger/check", json={"against": [none]})
        assert refused == (422, "invalid")
