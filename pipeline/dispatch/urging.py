"""What a unit is urged about: its due and overdue cases, gravest first, and how they are worded."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from zoubian.pipeline.domain.case_clock import Stage
from zoubian.pipeline.domain.local_time import local_clock


class Level(StrEnum):
    """How strongly a case is urged, gravest first."""

    SUPERVISE = "supervise"  # 督办
    OVERDUE = "overdue"  # 催办: 已超期
    SOON = "soon"  # 催办: 即将到期


LEVEL_WORDS: Mapping[Level, str] = {
    Level.SUPERVISE: "督办",
    Level.OVERDUE: "超期",
    Level.SOON: "即将到期",
}
_LEVELS = {
    Stage.SUPERVISED: Level.SUPERVISE,
    Stage.OVERDUE: Level.OVERDUE,
    Stage.WARNING: Level.SOON,
}


@dataclass(frozen=True, slots=True)
class DueCase:
    """One case on a list of what is due.

    Attributes:
        place_zh: in words; for a case that has none, its coordinates.
        round: 1, or more after send-backs (返工).
        urged: how often its unit has been urged about it.
        provisional: the due time rests on a year that is not announced (暂定).
        example_city: city whose table gave the deadline, where it is not our own (他市示例).
    """

    case_id: str
    number: str
    unit_id: str
    category_zh: str
    condition_zh: str | None
    place_zh: str
    due_at: datetime
    level: Level
    round: int
    urged: int
    provisional: bool
    example_city: str | None


@dataclass(frozen=True, slots=True)
class UrgeSheet:
    """All that one unit is urged about at one time; `cases` is never empty."""

    unit_id: str
    unit_zh: str
    cases: tuple[DueCase, ...]
    made_at: datetime

    @property
    def title(self) -> str:
        """The heading: it supervises as soon as one case is to be supervised."""
        grave = any(case.level is Level.SUPERVISE for case in self.cases)
        return f"{'督办' if grave else '催办'}单"

    def counts(self) -> dict[Level, int]:
        """Cases by level, those with none left out, gravest first."""
        found = Counter(case.level for case in self.cases)
        return {level: found[level] for level in Level if found[level]}

    def remarks(self) -> tuple[str, ...]:
        """What a reader has to know about the due times."""
        remarks = []
        if any(case.provisional for case in self.cases):
            remarks.append("标“暂定”的时限涉及节假日安排尚未公布的年份，公布后可能变动。")
        cities = sorted({case.example_city for case in self.cases if case.example_city})
        if cities:
            remarks.append(f"时限暂按他市示例（{'、'.join(cities)}）计算，仅供参考。")
        return tuple(remarks)


def level_of(stage: Stage) -> Level | None:
    """How strongly a case at this stage is urged; None: not at all."""
    return _LEVELS.get(stage)


def urge_sheets(
    cases: Iterable[DueCase], unit_names: Mapping[str, str], *, made_at: datetime
) -> list[UrgeSheet]:
    """One sheet a unit, units by id; within it gravest cases first, then by due time."""
    by_unit: dict[str, list[DueCase]] = {}
    for case in cases:
        by_unit.setdefault(case.unit_id, []).append(case)
    ranks = {level: rank for rank, level in enumerate(Level)}
    return [
        UrgeSheet(
            unit_id,
            unit_names.get(unit_id, unit_id),
            tuple(sorted(mine, key=lambda case: (ranks[case.level], case.due_at, case.number))),
            made_at,
        )
        for unit_id, mine in sorted(by_unit.items())
    ]


def when_in_words(at: datetime) -> str:
    """A local time as people write it.

    >>> from datetime import UTC
    >>> when_in_words(datetime(2026, 11, 23, 1, 5, tzinfo=UTC))
    '11月23日 09:05'
    """
    local = local_clock(at)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def span_in_words(span: timedelta) -> str:
    """A stretch of time in its two largest units, rounded down.

    >>> span_in_words(timedelta(days=2, hours=3, minutes=59)), span_in_words(timedelta(minutes=5))
    ('2天3小时', '5分钟')
    """
    minutes = int(span.total_seconds()) // 60
    days, hours = minutes // (24 * 60), minutes // 60 % 24
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    if hours:
        return f"{hours}小时{minutes % 60}分钟" if minutes % 60 else f"{hours}小时"
    return f"{max(minutes, 1)}分钟"


def state_in_words(case: DueCase, now: datetime) -> str:
    """How late a case is, or how long it still has."""
    if now > case.due_at:
        return f"已超期{span_in_words(now - case.due_at)}"
    return f"还剩{span_in_words(case.due_at - now)}"


def due_in_words(case: DueCase) -> str:
    """When a case is due."""
    return when_in_words(case.due_at) + ("（暂定）" if case.provisional else "")


def history_in_words(case: DueCase) -> str:
    """What has already been said to the unit; empty for nothing."""
    said = []
    if case.round > 1:
        said.append(f"第{case.round}轮整改")
    if case.urged:
        said.append(f"已催办{case.urged}次")
    return "，".join(said)
