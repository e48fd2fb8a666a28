"""What an organisation's workbook holds: its sheets, their columns, and what each cell means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

UNIT_KINDS = {
    "街道": "subdistrict",
    "乡镇": "township",
    "处室": "office",
    "直属单位": "city_unit",
}
ROLES = {
    "工作组队员": "inspector",
    "受理员": "reviewer",
    "派遣员": "dispatcher",
    "责任单位": "officer",
    "复查": "verifier",
    "领导小组办公室": "office",
    "管理员": "admin",
}
PERMIT_KINDS = {
    "经营许可": "trade",
    "施工许可": "works",
    "区域": "zone",
}

EXPLANATION = "说明"
CHOICES = "选项"
REMARK = "备注"
EXAMPLE_ROW = "示例行"  # a row whose remark begins so is shown to people and never loaded


class CellKind(StrEnum):
    """How a cell is read."""

    CODE = "code"
    NAME = "name"
    DATE = "date"
    COUNT = "count"
    METRES = "metres"
    DEGREES = "degrees"
    CHOICE = "choice"
    CATEGORY = "category"
    CATEGORIES = "categories"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `title` is its header; `choices` maps what people pick to what is stored.

    `refers_to` is the key of the sheet whose code the cell repeats.
    """

    key: str
    title: str
    kind: CellKind
    help_zh: str
    help_en: str
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    refers_to: str | None = None
    example: str | int | float = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; rows that agree in the columns of `identity` speak of the same thing."""

    key: str
    title: str
    title_en: str
    identity: tuple[str, ...]
    columns: tuple[Column, ...]
    purpose_zh: str
    purpose_en: str

    def column(self, key: str) -> Column:
        """The column of this key."""
        return next(column for column in self.columns if column.key == key)


def _code(title: str, en: str, example: str) -> Column:
    help_zh = "自定的固定编号，作文本填写；换人、改名时不变"
    help_en = f"{en}: a code of your own that never changes, written as text"
    return Column("id", title, CellKind.CODE, help_zh, help_en, required=True, example=example)


def _name(title: str, example: str) -> Column:
    return Column(
        "name", title, CellKind.NAME, "完整名称", "full name", required=True, example=example
    )


def _name_en(example: str = "") -> Column:
    return Column(
        "name_en", "英文名称", CellKind.NAME, "英文界面显示", "shown in English", example=example
    )


def _refers(
    key: str,
    title: str,
    sheet: str,
    example: str,
    *,
    zh: str,
    en: str,
    required: bool = False,
) -> Column:
    return Column(
        key, title, CellKind.CODE, zh, en, required=required, refers_to=sheet, example=example
    )


def _dates(from_title: str = "启用日期", until_title: str = "停用日期") -> tuple[Column, Column]:
    return (
        Column(
            "valid_from", from_title, CellKind.DATE,
            "起始日，含当日；空白表示一直如此", "first day; blank: always so",
            example="2026-01-01",
        ),
        Column(
            "valid_until", until_title, CellKind.DATE,
            "最后一日，含当日；空白表示未定", "last day; blank: no end stated",
        ),
    )  # fmt: skip


CAMPAIGN = Sheet(
    "campaign", "专项行动", "campaigns", ("id",),
    (
        _code("编号", "campaign", "2026"),
        _name("名称", "“走遍长春”城市精细化管理专项行动"),
        _name_en(),
        Column(
            "valid_from", "开始日期", CellKind.DATE, "行动第一日", "first day",
            required=True, example="2026-04-10",
        ),
        Column(
            "valid_until", "结束日期", CellKind.DATE, "行动最后一日", "last day",
            required=True, example="2026-12-31",
        ),
        Column(
            "patrols_per_month", "每月马路办公次数", CellKind.COUNT,
            "每组每月最少次数", "least number of street patrols a group makes a month",
            required=True, example=4,
        ),
    ),
    "每年的专项行动各占一行", "one row a campaign",
)  # fmt: skip

UNIT = Sheet(
    "unit", "单位", "units", ("id",),
    (
        _code("编号", "unit", "JD001"),
        _name("名称", "某某街道"),
        _name_en(),
        Column(
            "kind", "类型", CellKind.CHOICE, "街道、乡镇、局机关处室，或市直属单位",
            "subdistrict, township, office of the bureau, or unit of the city",
            required=True, choices=UNIT_KINDS, example="街道",
        ),
        Column("district", "所属区", CellKind.NAME, "所在的区", "district", example="某某区"),
        Column("phone", "值班电话", CellKind.NAME, "单位电话，不填个人电话", "duty phone"),
        *_dates(),
    ),
    "街道、乡镇、处室和直属单位", "subdistricts, townships, offices, units of the city",
)  # fmt: skip

GROUP = Sheet(
    "group", "工作组", "working groups", ("id",),
    (
        _code("编号", "group", "Z01"),
        _name("名称", "第1工作组"),
        _name_en(),
        _refers(
            "lead_unit", "牵头单位编号", "unit", "CS01",
            zh="牵头处室或直属单位的编号", en="code of the unit that leads it",
        ),
        *_dates(),
    ),
    "包保联合工作组", "the joint working groups",
)  # fmt: skip

COVER = Sheet(
    "cover", "包保", "who covers what", ("group", "unit"),
    (
        _refers("group", "工作组编号", "group", "Z01", zh="工作组", en="group", required=True),
        _refers(
            "unit", "单位编号", "unit", "JD001",
            zh="该组包保的街道（乡镇）", en="unit the group covers", required=True,
        ),
        *_dates(),
    ),
    "哪个工作组包保哪个街道（乡镇），一对一行", "which group covers which unit, one row a pair",
)  # fmt: skip

USER = Sheet(
    "user", "人员", "people", ("id", "role"),
    (
        _code("用户编号", "user", "U0001"),
        _name("姓名", "某某"),
        Column(
            "role", "角色", CellKind.CHOICE, "一人多个角色时每个角色一行",
            "somebody with several roles has a row for each",
            required=True, choices=ROLES, example="责任单位",
        ),
        _refers(
            "unit", "单位编号", "unit", "JD001",
            zh="所在单位；角色为责任单位时必填", en="own unit; needed by 责任单位",
        ),
        _refers(
            "group", "工作组编号", "group", "",
            zh="所在工作组；工作组队员和复查必填", en="own group; needed by 工作组队员 and 复查",
        ),
        *_dates(),
    ),
    "使用系统的人及其角色；不含密码", "who uses the system, in which role; no passwords",
)  # fmt: skip

ASSIST = Sheet(
    "assist", "协办", "assisting units", ("unit", "category", "assisting_unit"),
    (
        _refers(
            "unit", "责任单位编号", "unit", "JD001",
            zh="空白表示所有责任单位", en="responsible unit; blank: any",
        ),
        Column(
            "category", "问题类别", CellKind.CATEGORY, "空白表示所有类别",
            "category; blank: any", example="违章设置广告（条幅乱吊乱挂）",
        ),
        _refers(
            "assisting_unit", "协办单位编号", "unit", "CS01",
            zh="协办的单位", en="the unit that assists", required=True,
        ),
        *_dates(),
    ),
    "哪类案件由谁协办", "who assists with which cases",
)  # fmt: skip

STREET = Sheet(
    "street", "街路", "streets run by the city", ("id",),
    (
        _code("编号", "street", "L01"),
        _name("名称", "某某大街"),
        _name_en(),
        _refers(
            "unit", "责任单位编号", "unit", "ZS01",
            zh="管这条街路的单位；街路范围内优先于街道（乡镇）",
            en="the unit that runs it; within its width it comes before the area's unit",
            required=True,
        ),
        Column(
            "width_m", "宽度（米）", CellKind.METRES, "两侧总宽度", "full width, m",
            required=True, example=60,
        ),
        _refers(
            "assisting_unit", "协办单位编号", "unit", "",
            zh="协办的单位", en="the unit that assists",
        ),
        *_dates(),
    ),
    "市管街路；中心线在 GeoJSON 文件中，用同一编号",
    "city-run streets; their centre lines stand in the GeoJSON file under the same code",
)  # fmt: skip

PERMIT = Sheet(
    "permit", "许可与区域", "permits and zones", ("id",),
    (
        _code("编号", "permit", "XK001"),
        _name("名称", "某某早市"),
        _name_en(),
        Column(
            "kind", "类型", CellKind.CHOICE, "许可须写明起止日期", "permits need both dates",
            required=True, choices=PERMIT_KINDS, example="经营许可",
        ),
        Column(
            "categories", "所涉问题类别", CellKind.CATEGORIES,
            "范围内这些类别不按疑似问题提出；多个类别用“；”分开",
            "categories that are held back inside it, parted by ；",
            required=True, example="早市超时经营；占道经营（加工、促销、修车、洗车、废品收购站）",
        ),
        Column(
            "hours", "每日时段", CellKind.HOURS, "如 04:00-07:30；空白表示全天",
            "such as 04:00-07:30; blank: all day", example="04:00-07:30",
        ),
        Column(
            "lat", "中心纬度", CellKind.DEGREES, "没有图形文件时填写", "where no shape is given",
            example=43.88,
        ),
        Column(
            "lon", "中心经度", CellKind.DEGREES, "没有图形文件时填写", "where no shape is given",
            example=125.32,
        ),
        Column(
            "radius_m", "半径（米）", CellKind.METRES, "没有图形文件时填写",
            "where no shape is given", example=80,
        ),
        *_dates(),
    ),
    "批准的市场、施工和划定区域；范围在 GeoJSON 文件中，或填圆心和半径",
    "licensed markets, permitted works, zones; shapes in the GeoJSON file, or centre and radius",
)  # fmt: skip

SHEETS = (CAMPAIGN, UNIT, GROUP, COVER, USER, ASSIST, STREET, PERMIT)
