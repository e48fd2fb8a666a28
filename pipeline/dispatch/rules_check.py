"""Whether rules and due times are what was loaded and counted; a part of `ledger check`."""

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from zoubian.pipeline.deadlines.rules import all_rules, altered_rules
from zoubian.pipeline.deadlines.service import clock_times
from zoubian.pipeline.dispatch.loading import SUBJECT
from zoubian.pipeline.domain.cases import CaseState
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.ledger.cases import case_view
from zoubian.pipeline.ledger.cases_models import CaseRow
from zoubian.pipeline.ledger.events import events_of
from zoubian.pipeline.ledger.faults import Fault


def compare_deadlines(session: Session) -> Iterator[Fault]:
    """Rules that were altered or removed, and stored times that the events do not give."""
    rules = all_rules(session)
    stored = {rule.id for rule in rules}
    for rule_id in altered_rules(rules):
        yield Fault(
            None,
            "rule_altered",
            f"时限规定 {rule_id} 被改动：内容与编号不符",
            f"the deadline rule {rule_id} was changed: its content does not fit its id",
        )
    for event in events_of(session, SUBJECT):
        loaded = event.details.get("rules", ())
        assert isinstance(loaded, list | tuple)
        for rule_id in sorted(set(map(str, loaded)) - stored):
            yield Fault(
                event.number,
                "rule_missing",
                f"第 {event.number} 条记录导入的时限规定 {rule_id} 不存在",
                f"the deadline rule {rule_id}, loaded by event {event.number}, is not there",
            )
    yield from _wrong_times(session)


def _wrong_times(session: Session) -> Iterator[Fault]:
    dispatched = CaseRow.state == CaseState.DISPATCHED.value
    rows = session.execute(
        select(
            CaseRow.id, CaseRow.number, CaseRow.due_at, CaseRow.warn_at, CaseRow.supervise_at
        ).where(or_(dispatched, CaseRow.due_at.is_not(None)))
    ).all()
    for case_id, number, *times in rows:
        try:
            wanted = clock_times(session, case_view(session, case_id))
        except Refusal:
            continue  # its events are told of by the comparison of cases
        if times != [wanted.due_at, wanted.warn_at, wanted.supervise_at]:
            yield Fault(
                None,
                "due_differs",
                f"案件 {number} 的到期时间与记录不符；如刚导入日历，"
                "请运行 zoubian deadlines refresh",
                f"the due times of case {number} are not what its events give; "
                "after loading a calendar run zoubian deadlines refresh",
            )
