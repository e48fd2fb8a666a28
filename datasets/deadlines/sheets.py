"""What a deadline workbook holds: rules, special days and working hours."""

from zoubian.datasets.classes.models import Clock
from zoubian.datasets.organisation.sheets import CellKind, Column, Sheet
from zoubian.datasets.organisation.workbook import Layout

WEATHER = {"降雪": "snowfall", "降雨": "rain", "大风": "wind", "雾霾": "haze"}
YES_NO = {"是": "yes", "否": "no"}
WORKED = {"上班": "yes", "休息": "no"}
CLOCKS = {clock.value: clock.value for clock in Clock}

# What a cell that is left empty means.
USUAL_WARNING = "25%"
USUAL_SUPERVISION = "100%"
USUAL_REWORK = "0"
OWN_CITY = "本市"

RULES = Sheet(
    key="rule",
    title="时限",
    title_en="Deadlines",
    identity=("category", "condition_zh"),
    purpose_zh="每个立案条件一行：整改时限及其计时方式。",
    purpose_en="One row a filing condition: how long its cure may take, and on which clock.",
    columns=(
        Column(
            "category",
            "问题类别",
            CellKind.CATEGORY,
            "从列表中选择",
            "pick one from the list",
            required=True,
            example="垃圾箱满溢",
        ),
        Column(
            "condition_zh",
            "立案条件",
            CellKind.NAME,
            "看到什么才能立案",
            "what has to be seen before a case may be registered",
            required=True,
            example="垃圾箱满溢",
        ),
        Column(
            "condition",
            "立案条件编号",
            CellKind.CODE,
            "可不填；填了就不要再改，案件以它为准",
            "may be left empty; once given it stays, because cases refer to it",
            example="overflow",
        ),
        Column("condition_en", "立案条件英文", CellKind.NAME, "可不填", "may be left empty"),
        Column(
            "amount",
            "时限",
            CellKind.NAME,
            "数字；也可连计时方式一起写，如 2紧急工作时；未规定时限的留空",
            "a number, or with its clock such as 2紧急工作时; empty where none is laid down",
            example="4",
        ),
        Column(
            "clock",
            "计时方式",
            CellKind.CHOICE,
            "紧急工作时、紧急工作日、自然日昼夜连续计时；工作时、工作日只计工作时间",
            "the urgent ones and calendar days run day and night, the others in working time only",
            choices=CLOCKS,
            example="工作时",
        ),
        Column(
            "warning",
            "预警提前",
            CellKind.NAME,
            f"到期前多久预警：25% 或 2h；留空为 {USUAL_WARNING}",
            f"how long before the due time to warn: 25% or 2h; empty means {USUAL_WARNING}",
            example="25%",
        ),
        Column(
            "supervision",
            "超期转督办",
            CellKind.NAME,
            f"超期多久由催办转为督办：100% 或 4h；留空为 {USUAL_SUPERVISION}",
            f"how long overdue until urging becomes supervising; empty means {USUAL_SUPERVISION}",
            example="100%",
        ),
        Column(
            "rework",
            "返工时限",
            CellKind.NAME,
            "退回重办后至少给多久，与时限同一计时方式；留空则只用剩余时间",
            "least time after a send-back, on the same clock; empty leaves what was not used",
            example="2",
        ),
        Column(
            "weather",
            "天气暂停",
            CellKind.CHOICE,
            "宣布这种天气期间停止计时，如清雪：雪停后起算",
            "the clock stands while such weather is declared, as for snow",
            choices=WEATHER,
        ),
        Column(
            "city",
            "城市",
            CellKind.NAME,
            f"谁的规定；留空为{OWN_CITY}",
            f"whose rule it is; empty means our own city ({OWN_CITY})",
        ),
        Column(
            "example",
            "他市示例",
            CellKind.CHOICE,
            "别的城市的时限，仅作示例",
            "another city's deadline, an example only",
            choices=YES_NO,
        ),
        Column("valid_from", "生效日期", CellKind.DATE, "首日", "first day", example="2026-01-01"),
        Column("valid_until", "失效日期", CellKind.DATE, "末日（含）", "last day, included"),
        Column("source", "依据", CellKind.NAME, "文件名称、文号", "the document it stands in"),
    ),
)

DAYS = Sheet(
    key="day",
    title="日历",
    title_en="Calendar",
    identity=("day",),
    purpose_zh="与平常周末、平日不同的日子：节假日和调休上班日。",
    purpose_en="Days that differ from plain weekdays: holidays and make-up working days.",
    columns=(
        Column("day", "日期", CellKind.DATE, "", "the day", required=True, example="2026-10-10"),
        Column(
            "worked",
            "上班",
            CellKind.CHOICE,
            "上班或休息",
            "worked or off",
            required=True,
            choices=WORKED,
            example="上班",
        ),
        Column("name", "名称", CellKind.NAME, "如 国庆节调休", "its name", example="国庆节调休"),
    ),
)

HOURS = Sheet(
    key="hours",
    title="工作时间",
    title_en="Working hours",
    identity=("season_from", "valid_from"),
    purpose_zh="各季节的工作时间；从上往下，先符合的算数。",
    purpose_en="Working hours of each season; the first row that fits a day counts.",
    columns=(
        Column(
            "season_from",
            "季节首日",
            CellKind.CODE,
            "月-日，如 05-01",
            "month-day, such as 05-01",
            required=True,
            example="05-01",
        ),
        Column(
            "season_to",
            "季节末日",
            CellKind.CODE,
            "月-日，如 09-30；可跨年",
            "month-day; may lie in the next year",
            required=True,
            example="09-30",
        ),
        Column(
            "hours",
            "工作时间",
            CellKind.NAME,
            "如 08:30-11:30,13:00-16:30",
            "such as 08:30-11:30,13:00-16:30",
            required=True,
            example="08:30-11:30,13:00-16:30",
        ),
        Column("valid_from", "生效日期", CellKind.DATE, "首日", "first day"),
        Column("valid_until", "失效日期", CellKind.DATE, "末日（含）", "last day, included"),
    ),
)

SHEETS = (RULES, DAYS, HOURS)

DEADLINES = Layout(
    sheets=SHEETS,
    how_to=(
        "1. 每张表第一行是表头，请勿改动表名和表头；深色表头为必填列；备注列不导入。",
        "2. “时限”表改动一行，就是从生效日期（未填则为导入当日）起的新规定；"
        "已立案的案件仍按立案时的规定计时。",
        "3. 文件中没有的立案条件保持不变；要停用，请填失效日期。",
        "4. “日历”表只列与平常不同的日子；写入某年的日子，即表示该年节假日已公布。",
        "5. 先试运行：zoubian deadlines load 本文件.xlsx --dry-run；任何一行有错误，全部都不导入。",
        "6. 标“他市示例”的时限来自其他城市，只供参考，请改为本市规定。",
    ),
)
