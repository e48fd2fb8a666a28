"""What can be wrong with the ledger, named: at which event, and what it means."""

from collections.abc import Sequence
from dataclasses import dataclass

# Codes of faults that leave no event to be read.
NO_EVENT = ("changed", "unreadable")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was appended.

    `number` is the event's, null where none is meant; `code` is stable and for programs.
    """

    number: int | None
    code: str
    message_zh: str
    message_en: str


def changed(number: int) -> Fault:
    """The text or the hash of an event is not the one it was stored with."""
    return Fault(
        number,
        "changed",
        f"第 {number} 条记录被改动：内容与校验值不符",
        f"event {number} was changed: its text does not have the hash that stands beside it",
    )


def unreadable(number: int) -> Fault:
    """The text has its hash, but no program of ours wrote it."""
    return Fault(
        number,
        "unreadable",
        f"第 {number} 条记录的格式不对：不是本程序写入的",
        f"event {number} is not written as this program writes: something else put it there",
    )


def columns_differ(number: int, columns: Sequence[str]) -> Fault:
    """Columns say something else than the text."""
    names = ", ".join(columns)
    return Fault(
        number,
        "column",
        f"第 {number} 条记录的查询列被改动，与记录内容不符：{names}",
        f"columns of event {number} were changed, they differ from its text: {names}",
    )


def swapped(number: int, other: int) -> Fault:
    """Two events stand in each other's place."""
    return Fault(
        number,
        "swapped",
        f"第 {number} 条记录与第 {other} 条记录被对调",
        f"event {number} was swapped with event {other}",
    )


def moved(number: int, said: object) -> Fault:
    """The text belongs to another place of the chain."""
    return Fault(
        number,
        "moved",
        f"第 {number} 条的位置上放着另一条记录（自称第 {said} 条）",
        f"in the place of event {number} stands one that calls itself {said}",
    )


def replaced(number: int, *, zh: str, en: str) -> Fault:
    """What continues the chain after an event (named `zh`, `en`) names another hash than it has."""
    return Fault(
        number,
        "replaced",
        f"第 {number} 条记录被替换：{zh}接续的不是现在这一条",
        f"event {number} was replaced: {en} continues another one than stands here now",
    )


def beginning_missing() -> Fault:
    """The first event names one before it."""
    return Fault(
        1,
        "beginning_missing",
        "第 1 条记录不是记录链的开头：它接续的是另一条",
        "event 1 is not the beginning of a chain: it continues another event",
    )


def extra(number: int) -> Fault:
    """A row that has no place: the number is there already, or below 1."""
    return Fault(
        number,
        "extra",
        f"第 {number} 条记录多余：该编号不应再次出现",
        f"event {number} has no place in the chain: its number is taken or below 1",
    )


def gap(first: int, last: int) -> Fault:
    """Events are missing in between."""
    return Fault(
        first,
        "gap",
        f"缺少第 {first} 至 {last} 条记录",
        f"events {first} to {last} are missing",
    )


def tail_removed(first: int, last: int) -> Fault:
    """The head row knows more events than there are."""
    return Fault(
        first,
        "tail_removed",
        f"末尾的第 {first} 至 {last} 条记录被删除：末条标记仍指向第 {last} 条",
        f"events {first} to {last} were removed at the end: the head row still names {last}",
    )


def beyond_head(first: int, last: int) -> Fault:
    """There are more events than the head row knows."""
    return Fault(
        first,
        "beyond_head",
        f"第 {first} 至 {last} 条记录在末条标记之后：末条标记被退回，或记录未经本程序写入",
        f"events {first} to {last} stand behind the head row: it was put back, or this program "
        "did not append them",
    )


def head_missing() -> Fault:
    """The head row is gone."""
    return Fault(None, "head_missing", "末条标记被删除", "the head row was removed")


def noted_missing(first: int, noted: int) -> Fault:
    """A head that was noted outside lies behind the end."""
    return Fault(
        first,
        "noted_missing",
        f"末尾的第 {first} 至 {noted} 条记录被删除：第 {noted} 条的校验值曾在外部留存",
        f"events {first} to {noted} were removed at the end: the hash of event {noted} "
        "was noted outside",
    )


def rewritten(number: int, after: int) -> Fault:
    """A head that was noted outside has another hash in this chain."""
    return Fault(
        number,
        "rewritten",
        f"记录链被重写：第 {number} 条的校验值与外部留存的不同（改动在第 {after} 条之后）",
        f"the chain was re-written: event {number} has another hash than was noted outside "
        f"(changed somewhere after event {after})",
    )


def guard_missing(name: str) -> Fault:
    """A trigger is not there or turned off."""
    return Fault(
        None,
        "trigger_missing",
        f"数据库的防改触发器 {name} 缺失或被停用",
        f"the database's trigger {name} is missing or turned off",
    )


def guard_changed(name: str) -> Fault:
    """A trigger of that name does something else."""
    return Fault(
        None,
        "trigger_changed",
        f"数据库的防改触发器 {name} 被改动",
        f"the database's trigger {name} was changed",
    )


def not_compared() -> Fault:
    """The tables that repeat the events were left out, since some events cannot be read."""
    return Fault(
        None,
        "not_compared",
        "有记录无法读取，未核对案件表与记录是否一致",
        "the cases were not compared with their events, since some events cannot be read",
    )
