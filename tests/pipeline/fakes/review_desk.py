"""A reviewer's desk in a real database: small candidates, answers that tests choose."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.datasets.classes.models import Period
from zoubian.pipeline.candidates.models import Candidate, CandidateFrame
from zoubian.pipeline.candidates.numbers import take_numbers
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.ledger.cases_check import compare_cases
from zoubian.pipeline.ledger.check import check
from zoubian.pipeline.ledger.events import StoredEvent, events_of
from zoubian.pipeline.ledger.faults import Fault
from zoubian.pipeline.organisation.places import PlaceWords
from zoubian.pipeline.organisation.records import Permit, PermitKind
from zoubian.pipeline.organisation.territory import Responsibility
from zoubian.pipeline.review.check import compare_candidates
from zoubian.pipeline.review.desk import By
from zoubian.pipeline.review.registry import Registry
from zoubian.pipeline.review.view import CandidateView, view_of

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HERE = (43.88, 125.32)

REVIEWER = Actor("u-rev", Role.REVIEWER)
OTHER_REVIEWER = Actor("u-rev2", Role.REVIEWER)
OFFICE = Actor("u-office", Role.OFFICE)
INSPECTOR = Actor("u-insp", Role.INSPECTOR, group_id="g12")
OTHER_INSPECTOR = Actor("u-insp2", Role.INSPECTOR, group_id="g13")
OFFICER = Actor("u-street", Role.OFFICER, unit_id="street-1")
DISPATCHER = Actor("u-disp", Role.DISPATCHER)

NOBODY = Responsibility((), (), (), None, False, None, None)
MARKET = Permit(
    id="permit-7",
    name_zh="南湖早市",
    name_en="Nanhu morning market",
    kind=PermitKind.TRADE,
    categories=frozenset({"road_occupying_business"}),
    hours=None,
    circle=None,
    period=Period(date(2026, 1, 1), None),
)


def clear(unit_id: str) -> Responsibility:
    """One unit, and the position lies on its ground."""
    return Responsibility((unit_id,), (1.0,), ("water-office",), None, True, None, None)


@dataclass
class Answers:
    """What the other rooms say, to be changed by a test."""

    responsibility: Responsibility = NOBODY
    rules: dict[str, str] = field(default_factory=dict)
    permit: Permit | None = None
    own_reports_register: bool = True

    def registry(self) -> Registry:
        def permit(session: Session, category: str, at: Position, when: datetime) -> Permit | None:
            known = self.permit
            holds = known is not None and category in known.categories and known.holds_at(when)
            return known if holds else None

        return Registry(
            tables=packaged_tables(),
            own_reports_register=self.own_reports_register,
            rules=lambda session, category, at: self.rules,
            responsibility=lambda session, position, category, at: self.responsibility,
            permit=permit,
            words=lambda session, position, at: PlaceWords(
                f"北纬{position.lat}", f"{position.lat} N"
            ),
        )


class ReviewDesk:
    """Candidates in a database; `thorough` checks the whole ledger when asked to `see`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.answers = Answers()
        self.now = START

    def by(self, actor: Actor = REVIEWER) -> By:
        """A step of an actor, an hour after the one before."""
        self.now += timedelta(hours=1)
        return By(actor, self.now, self.now)

    @property
    def registry(self) -> Registry:
        return self.answers.registry()

    def candidate(
        self,
        identifier: str,
        *,
        visual_class: str = "overflowing_bin",
        category: str | None = "bin_overflow",
        members: Mapping[str, int] | None = None,
        at: tuple[float, float] | None = HERE,
        radius_m: float = 20.0,
        precision: float | None = 0.9,
        place_zh: str | None = "人民大街与解放大路交会处东侧约50米",
        frames: Iterable[str] | None = None,
        state: str = "pending",
        seen_at: datetime | None = START,
        queued_at: datetime = START,
    ) -> CandidateView:
        """A machine candidate as a scan leaves it, with one picture or the named ones."""
        with self.uow() as session:
            [number] = take_numbers(session, date(2026, 11, 23), 1)
            row = Candidate(
                id=identifier,
                number=number,
                state=state,
                source="patrol",
                queued_at=queued_at,
                visual_class=visual_class,
                category=category,
                members=dict(members or {visual_class: 1}),
                confidence=0.8,
                precision=precision,
                proven=precision is not None,
                lat=at[0] if at else None,
                lon=at[1] if at else None,
                radius_m=radius_m if at else None,
                place_zh=place_zh,
                place_en=None,
                first_seen_at=seen_at,
            )
            session.add(row)
            session.flush()
            names = [f"f-{identifier}"] if frames is None else list(frames)
            session.add_all(
                CandidateFrame(
                    candidate_id=identifier,
                    frame_id=name,
                    rank=rank,
                    photo_sha256=sha(name + "photo"),
                    shown_sha256=sha(name + "shown"),
                    evidence_sha256=sha(name + "drawn"),
                    taken_at=seen_at,
                )
                for rank, name in enumerate(names)
            )
            return view_of(row)

    def row(self, identifier: str) -> CandidateView:
        with self.uow.reading() as session:
            return view_of(session.get_one(Candidate, identifier))

    def frames(self, identifier: str) -> list[str]:
        with self.uow.reading() as session:
            return list(
                session.scalars(
                    select(CandidateFrame.frame_id)
                    .where(CandidateFrame.candidate_id == identifier)
                    .order_by(CandidateFrame.rank)
                )
            )

    def events(self, identifier: str) -> list[StoredEvent]:
        with self.uow.reading() as session:
            return events_of(session, f"candidate:{identifier}")

    def kinds(self, identifier: str) -> list[str]:
        return [event.kind.removeprefix("candidate.") for event in self.events(identifier)]

    def faults(self) -> list[Fault]:
        with self.uow.reading() as session:
            return list(check(session, noted=(), comparisons=(compare_cases, compare_candidates)))


def sha(name: str) -> str:
    """A name such as files have."""
    return hashlib.sha256(name.encode()).hexdigest()


def refusal(code: str) -> "pytest.RaisesExc[Refusal]":
    """Expects a refusal of this code, with a sentence in each language."""

    def is_said(refused: Refusal) -> bool:
        chinese = re.search("[\u4e00-\u9fff]", refused.message_zh)
        english = re.search("[a-z]{2}", refused.message_en)
        return refused.code == code and chinese is not None and english is not None

    return pytest.raises(Refusal, check=is_said)
