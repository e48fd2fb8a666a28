"""Cases in a real database: every step is a transaction, and everything is checked after it."""

from dataclasses import replace
from datetime import datetime, timedelta

from case_steps import DETAILS, REVIEWER, START, Details
from sqlalchemy import select

from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.domain.actors import Actor
from zoubian.pipeline.domain.cases import CaseAction, Source
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.ledger.cases import NewCase
from zoubian.pipeline.ledger.cases_check import compare_cases
from zoubian.pipeline.ledger.cases_models import CaseRow
from zoubian.pipeline.ledger.check import check
from zoubian.pipeline.ledger.faults import Fault

FOUND = NewCase(
    category="bin_overflow",
    filing_condition=None,
    lat=43.88,
    lon=125.32,
    radius_m=6.0,
    place_zh="人民大街与解放大路交会处东侧约50米",
    place_en="Renmin Street, about 50 m east of Jiefang Road",
    unit_ids=("street-1",),
    assisting_unit_ids=(),
    source=Source.PATROL,
    candidate_ids=("candidate-1",),
    photo_sha256s=("a" * 64,),
    external_number=None,
    rule_id=None,
    note=None,
)


class Desk:
    """A `Book` of cases in a database; each step an hour after the one before.

    `thorough` walks the whole chain and compares all rows with their events after every step.
    """

    def __init__(self, uow: UnitOfWork, *, thorough: bool) -> None:
        self.uow = uow
        self.now = START
        self._thorough = thorough

    def register(self, *unit_ids: str) -> CaseView:
        return self.file(replace(FOUND, unit_ids=unit_ids))

    def file(self, case: NewCase, actor: Actor = REVIEWER) -> CaseView:
        self.now += timedelta(hours=1)
        with self.uow() as session:
            view = cases.register(session, case, actor=actor, at=self.now, recorded_at=self.now)
        self.see(view)
        return view

    def do(
        self,
        view: CaseView,
        action: CaseAction,
        actor: Actor,
        details: Details | None = None,
        *,
        at: datetime | None = None,
    ) -> CaseView:
        """One action by somebody who has seen `view`."""
        self.now = at or self.now + timedelta(hours=1)
        with self.uow() as session:
            after = cases.act(
                session,
                view.id,
                action,
                actor=actor,
                details=DETAILS[action] if details is None else details,
                version=view.version,
                at=self.now,
                recorded_at=self.now,
            )
        self.see(after)
        return after

    def see(self, view: CaseView) -> None:
        if self._thorough:
            assert self.faults() == []
            with self.uow.reading() as session:
                assert cases.case_view(session, view.id) == view
                assert session.scalar(select(CaseRow.state).where(CaseRow.id == view.id)) == (
                    view.state
                )

    def faults(self) -> list[Fault]:
        with self.uow.reading() as session:
            return list(check(session, noted=(), comparisons=(compare_cases,)))
