"""An office with deadlines, a calendar and cases, and times as it says them."""

from dataclasses import replace
from datetime import date, datetime

from case_desk import FOUND
from case_steps import DETAILS, OFFICE, REVIEWER
from sqlalchemy import Engine, select

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.deadlines.calendar import SpecialDay
from zoubian.pipeline.deadlines.loading import plan_rules, rules_of
from zoubian.pipeline.deadlines.rules import DeadlineRule, RuleText, rule_of, store_rule
from zoubian.pipeline.dispatch.loading import LoadPlan, store_load
from zoubian.pipeline.dispatch.urging import DueCase, Level
from zoubian.pipeline.domain.actors import Actor
from zoubian.pipeline.domain.cases import CaseAction
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.clocks import Clock
from zoubian.pipeline.domain.local_time import from_local, local_day
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.ledger.cases_models import CaseRow
from zoubian.pipeline.ledger.events import StoredEvent, events_of

FOUR_HOURS = RuleText(
    category="bin_overflow",
    condition="overflow",
    condition_zh="箱口冒尖",
    condition_en="overflowing",
    amount="4",
    clock=Clock.WORKING_HOURS,
    warning="25%",
    supervision="2h",
    rework="0",
    weather="rain",
    city="运城市",
    example=True,
    valid_from=None,
    valid_to=None,
    source="",
)


def at(text: str) -> datetime:
    """A local time such as "2026-06-16 09:00"."""
    return from_local(datetime.fromisoformat(text))


class Office:
    """What an office does in the tests; nothing is special about 2026 but one make-up Saturday."""

    def __init__(self, engine: Engine) -> None:
        self.uow = UnitOfWork(engine)
        now = at("2026-01-01 00:00")
        rules = plan_rules([], [FOUR_HOURS], day=local_day(now))
        [self.rule] = rules_of(rules, loaded_at=now)
        saturday = SpecialDay(date(2026, 6, 20), True, "调休")
        plan = LoadPlan(rules, (saturday,), (2026,), None)
        with self.uow() as session:
            store_load(session, plan, source="时限.xlsx", sha256="", actor=OFFICE, now=now)

    def add_rule(self, text: RuleText) -> DeadlineRule:
        rule = rule_of(text, at("2026-01-01 00:00"))
        with self.uow() as session:
            store_rule(session, rule)
        return rule

    def register(
        self, when: str, unit: str = "street-1", rule: DeadlineRule | None = None, **facts: object
    ) -> CaseView:
        rule = rule or self.rule
        case = replace(FOUND, unit_ids=(unit,), rule_id=rule.id, **facts)  # type: ignore[arg-type]
        with self.uow() as session:
            return cases.register(session, case, actor=REVIEWER, at=at(when), recorded_at=at(when))

    def do(
        self, case: CaseView, action: CaseAction, actor: Actor, when: str, **details: object
    ) -> CaseView:
        with self.uow() as session:
            return cases.act(
                session,
                case.id,
                action,
                actor=actor,
                details={**DETAILS[action], **details},  # type: ignore[dict-item]
                version=None,
                at=at(when),
                recorded_at=at(when),
            )

    def row(self, case: CaseView) -> CaseRow:
        with self.uow.reading() as session:
            return session.scalars(select(CaseRow).where(CaseRow.id == case.id)).one()

    def events(self, subject: str) -> list[StoredEvent]:
        with self.uow.reading() as session:
            return events_of(session, subject)


def due_case(number: int, level: Level = Level.OVERDUE, **changes: object) -> DueCase:
    """One case of a list, due on 16 June 2026 at 9:00 plus its number in minutes."""
    case = DueCase(
        case_id=f"case-{number}",
        number=f"2026-{number:06d}",
        unit_id="street-1",
        category_zh="垃圾箱满溢",
        condition_zh="箱口冒尖",
        place_zh="人民大街与解放大路交会处东侧约50米",
        due_at=at(f"2026-06-16 09:{number % 60:02d}"),
        level=level,
        round=1,
        urged=0,
        provisional=False,
        example_city=None,
    )
    return replace(case, **changes)  # type: ignore[arg-type]
