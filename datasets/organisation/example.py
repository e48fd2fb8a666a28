"""An invented organisation of full size, marked as an example (示例) in all its names."""

import math
import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from shapely.geometry import Polygon

from zoubian.datasets.classes.lookup import category
from zoubian.datasets.organisation.example_ground import (
    Drawing,
    avenues,
    block,
    cells,
    city_outline,
    degrees,
    write_geojson,
)
from zoubian.datasets.organisation.workbook import Value, write_workbook

WORKBOOK = "example-organisation.xlsx"
SHAPES = "example-shapes.geojson"
SEED = 2026

SUBDISTRICTS, TOWNSHIPS, GROUPS = 72, 2, 45
OFFICES = (
    "综合协调处", "市容管理处", "环境卫生处", "废弃物管理处", "广告管理处", "执法监督处",
    "园林绿化处", "市政设施处", "建筑执法处", "环境执法处", "信息处", "督查考核处",
)  # fmt: skip
CITY_UNITS = (
    "市环卫作业中心", "市道路养护中心", "市绿化养护中心",
    "市排水中心", "市照明中心", "站前管理中心",
)  # fmt: skip
MEMBERS, VERIFIERS, OFFICERS = 4, 2, 2  # of each group, of these, of each unit
DESK = (("受理员", 18), ("派遣员", 8), ("领导小组办公室", 8), ("管理员", 2))

# Who assists with what, by category: the bureau's own offices.
ASSISTING = {
    "window_advertising": "CS05", "illegal_banner_advertising": "CS05",
    "damaged_signboard": "CS05", "construction_waste_uncleared": "CS04",
    "uncovered_muck_truck": "CS04", "illegal_recycling_station": "CS04",
    "illegal_structure_residential": "CS09", "illegal_structure_public": "CS09",
    "green_destruction": "CS07", "green_occupation": "CS07",
    "unpermitted_excavation": "CS08", "unpermitted_works_on_road": "CS08",
    "cooking_fume_or_toxic_burning": "CS10",
}  # fmt: skip
MARKET = ("morning_market_overtime", "market_spillover", "road_occupying_business", "mobile_vendor")
WORKS = ("unpermitted_excavation", "unpermitted_works_on_road")
ZONE = ("household_waste_uncollected", "construction_waste_uncleared")

_FIRST, _SECOND = "松柏枫槐柳桦榆杉棠竹兰荷", "泉川岭溪园台桥湾林庄"
_MARK = "（示例）"

Rows = dict[str, list[dict[str, Value]]]


def write_example(folder: Path, *, seed: int) -> None:
    """Write the workbook and the shapes of an invented organisation; a seed gives always the same.

    Args:
        folder: gets `example-organisation.xlsx` and `example-shapes.geojson`.
    """
    rows, drawings = make_example(seed=seed)
    folder.mkdir(parents=True, exist_ok=True)
    write_workbook(folder / WORKBOOK, rows, title="组织数据（示例：单位、人员、街路均为虚构）")
    write_geojson(folder / SHAPES, drawings, title="示例图形，均为虚构")


def make_example(*, seed: int) -> tuple[Rows, list[Drawing]]:
    """The rows by sheet and the shapes of an invented organisation."""
    source = random.Random(seed)
    words = [a + b for a in _FIRST for b in _SECOND]
    source.shuffle(words)
    outline = city_outline(source)
    grounds = cells(source, outline, SUBDISTRICTS + TOWNSHIPS)
    codes = [f"JD{n + 1:03d}" for n in range(SUBDISTRICTS)]
    codes += [f"XZ{n + 1:02d}" for n in range(TOWNSHIPS)]
    drawings = [
        Drawing({"编号": code, "类型": "单位"}, ground)
        for code, ground in zip(codes, grounds, strict=True)
    ]
    rows: Rows = {
        "campaign": [_campaign()],
        "unit": [*_territorial(codes, grounds, words), *_offices()],
        "group": _groups(),
        "cover": _covers(codes, grounds),
        "user": _people(codes),
        "assist": [
            {"category": category(held).name_zh, "assisting_unit": office}
            for held, office in ASSISTING.items()
        ],
    }
    rows["street"], streets = _streets(source, outline, words[len(codes) :])
    rows["permit"], permits = _permits(source, grounds, words)
    return rows, [*drawings, *streets, *permits]


def _campaign() -> dict[str, Value]:
    return {
        "id": "2026",
        "name": f"“走遍长春”城市精细化管理专项行动{_MARK}",
        "name_en": "Walk through Changchun (example)",
        "valid_from": date(2026, 4, 10),
        "valid_until": date(2026, 12, 31),
        "patrols_per_month": 4,
    }


def _territorial(
    codes: Sequence[str], grounds: Sequence[Polygon], words: Sequence[str]
) -> list[dict[str, Value]]:
    rows: list[dict[str, Value]] = []
    for code, ground, word in zip(codes, grounds, words, strict=False):
        kind = "街道" if code.startswith("JD") else "乡镇"
        turn = math.atan2(ground.centroid.y, ground.centroid.x) / (2 * math.pi) + 0.5
        rows.append(
            {
                "id": code,
                "name": f"{word}{'街道' if kind == '街道' else '镇'}{_MARK}",
                "kind": kind,
                "district": f"示例{'一二三四五六七'[min(6, int(turn * 7))]}区",
            }
        )
    return rows


def _offices() -> list[dict[str, Value]]:
    rows: list[dict[str, Value]] = []
    for prefix, kind, names in (("CS", "处室", OFFICES), ("ZS", "直属单位", CITY_UNITS)):
        rows += [
            {"id": f"{prefix}{n:02d}", "name": f"{name}{_MARK}", "kind": kind}
            for n, name in enumerate(names, start=1)
        ]
    return rows


def _groups() -> list[dict[str, Value]]:
    leads = [unit["id"] for unit in _offices()]
    return [
        {
            "id": f"Z{n + 1:02d}",
            "name": f"第{n + 1}工作组{_MARK}",
            "name_en": f"Group {n + 1} (example)",
            "lead_unit": leads[n % len(leads)],
        }
        for n in range(GROUPS)
    ]


def _covers(codes: Sequence[str], grounds: Sequence[Polygon]) -> list[dict[str, Value]]:
    """Each unit has one group; a group has one or two units that lie in the same direction."""
    around = sorted(
        zip(codes, grounds, strict=True),
        key=lambda unit: math.atan2(unit[1].centroid.y, unit[1].centroid.x),
    )
    return [
        {"group": f"Z{position * GROUPS // len(around) + 1:02d}", "unit": code}
        for position, (code, _) in enumerate(around)
    ]


def _people(codes: Sequence[str]) -> list[dict[str, Value]]:
    rows: list[dict[str, Value]] = []
    number = 0

    def person(*roles: str, **post: Value) -> None:
        nonlocal number
        number += 1
        who: dict[str, Value] = {"id": f"U{number:04d}", "name": f"示例人员{number:03d}"}
        rows.extend({**who, "role": role, **post} for role in roles)

    for group in _groups():
        for member in range(MEMBERS):
            roles = ("工作组队员", "复查") if member < VERIFIERS else ("工作组队员",)
            person(*roles, group=group["id"])
    for unit in (*codes, *(str(row["id"]) for row in _offices())):
        for _ in range(OFFICERS):
            person("责任单位", unit=unit)
    for role, count in DESK:
        for _ in range(count):
            person(role)
    return rows


def _streets(
    source: random.Random, outline: Polygon, words: Sequence[str]
) -> tuple[list[dict[str, Value]], list[Drawing]]:
    lines = avenues(source, outline, north_south=16, east_west=20, rings=4)
    kinds = [("大街", 60)] * 16 + [("路", 40)] * 20 + [("环路", 80)] * 4
    rows: list[dict[str, Value]] = []
    drawings = []
    for n, (line, (kind, width_m), word) in enumerate(zip(lines, kinds, words, strict=False)):
        code = f"L{n + 1:02d}"
        row: dict[str, Value] = {
            "id": code,
            "name": f"{word}{kind}{_MARK}",
            "unit": "ZS01" if n % 2 else "ZS02",
            "width_m": width_m,
        }
        if kind == "环路":
            row["assisting_unit"] = "ZS03"
        rows.append(row)
        drawings.append(Drawing({"编号": code, "类型": "街路"}, line))
    return rows, drawings


def _permits(
    source: random.Random, grounds: Sequence[Polygon], words: Sequence[str]
) -> tuple[list[dict[str, Value]], list[Drawing]]:
    """Markets, works and zones; every other one is given by middle and radius."""
    rows: list[dict[str, Value]] = []
    drawings = []
    kinds = [("经营许可", "早市", MARKET)] * 10 + [("施工许可", "施工", WORKS)] * 8
    kinds += [("区域", "分类投放点", ZONE)] * 6
    for n, (kind, what, held) in enumerate(kinds):
        cell = source.randrange(len(grounds))
        code = f"XK{n + 1:03d}"
        row: dict[str, Value] = {
            "id": code,
            "name": f"{words[cell]}{what}{_MARK}",
            "kind": kind,
            "categories": "；".join(category(one).name_zh for one in held),
        }
        if kind != "区域":
            month = source.randint(4, 8)
            row |= {"valid_from": date(2026, month, 1), "valid_until": date(2026, month + 3, 28)}
        if what == "早市":
            row["hours"] = "04:00-07:30"
        if n % 2:
            west, south, _, _ = degrees(grounds[cell].representative_point()).bounds
            row |= {"lat": south, "lon": west, "radius_m": 90}
        else:
            area = block(source, grounds[cell], long_m=260, wide_m=120)
            drawings.append(Drawing({"编号": code, "类型": "许可"}, area))
        rows.append(row)
    return rows, drawings
