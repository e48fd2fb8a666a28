"""A ledger as large as years of a city's work, written by the real chain, fold and rows.

Only the transactions are larger than in life: thousands of events are committed at once.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from zoubian.datasets.classes.lookup import packaged_tables
from zoubian.pipeline.db.engine import UnitOfWork
from zoubian.pipeline.deadlines.calendar import TimeTable, time_table
from zoubian.pipeline.deadlines.rules import RuleText, rule_of
from zoubian.pipeline.deadlines.service import reading_of
from zoubian.pipeline.domain.actors import SYSTEM, Actor, Role
from zoubian.pipeline.domain.case_numbers import case_number, number_year
from zoubian.pipeline.domain.cases import CaseAction
from zoubian.pipeline.domain.cases_details import FREE_TEXTS
from zoubian.pipeline.domain.cases_fold import SUBJECT_PREFIX, apply
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.clocks import Clock
from zoubian.pipeline.domain.ids import new_id
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.ledger import texts
from zoubian.pipeline.ledger.cases_index import index_text
from zoubian.pipeline.ledger.cases_models import CaseCondition, CaseParty, CaseRow, LedgerText
from zoubian.pipeline.ledger.cases_rows import conditions_of, parties_of, row_values
from zoubian.pipeline.ledger.events import (
    FIRST_PREVIOUS,
    Head,
    NewEvent,
    chain_rows,
    read_event,
)
from zoubian.pipeline.ledger.models import LedgerEvent, LedgerHead

START = datetime(2023, 4, 1, tzinfo=UTC)
STEP = timedelta(seconds=80)  # a million events in two and a half years
OPEN_AT_ONCE = 4000
EVENTS_AT_ONCE = 5000
UNITS = tuple(f"unit-{n:02d}" for n in range(1, 75))
CATEGORIES = tuple(packaged_tables().categories)
SOUTH, WEST = 43.70, 125.10  # of a city some 30 km wide
ROAD_WORDS = "安北昌春东繁丰富光海和华辉建江金锦景康乐林龙民南宁平清庆荣瑞盛泰天同文西祥新兴"
# One deadline for everything: two days, whatever days they are.
RULE = rule_of(
    RuleText(
        category=CATEGORIES[0],
        condition="any",
        condition_zh="任何情形",
        condition_en="whatever it is",
        amount="2",
        clock=Clock.CALENDAR_DAYS,
        warning="25%",
        supervision="4h",
        rework="0",
        weather=None,
        city="benchmark",
        example=True,
        valid_from=None,
        valid_to=None,
        source="benchmark",
    ),
    START,
)

Details = dict[str, Json]
Step = tuple[CaseAction, Actor, Details]


@dataclass(slots=True)
class Batch:
    """What goes into a database in one transaction."""

    events: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, str]] = field(default_factory=list)
    cases: list[tuple[CaseView, Mapping[str, str]]] = field(default_factory=list)


class City:
    """Places, people and what befalls a case; the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        pick = self._random.choice
        self.roads = [pick(ROAD_WORDS) + pick(ROAD_WORDS) + pick("路街") for _ in range(400)]
        self._centres = [self._spot((SOUTH + 0.13, WEST + 0.18), 0.1) for _ in range(40)]
        self._weights = [1 / (n + 3) for n in range(len(UNITS))]

    def life(self, number: str) -> Iterator[Step]:
        """All that happens to one case, step by step."""
        chance = self._random.random
        unit = self._random.choices(UNITS, self._weights)[0]
        officer = Actor(f"officer-{unit}", Role.OFFICER, unit_id=unit)
        group = f"group-{self._random.randrange(1, 46):02d}"
        inspector = Actor(f"inspector-{group}", Role.INSPECTOR, group_id=group)
        verifier = Actor(f"verifier-{group}", Role.VERIFIER, group_id=group)
        yield CaseAction.REGISTER, inspector, self._facts(number, unit)
        if chance() < 0.1:
            wrong = self._random.choice(UNITS)
            away = Actor(f"officer-{wrong}", Role.OFFICER, unit_id=wrong)
            yield CaseAction.DISPATCH, SYSTEM, {"unit_id": wrong}
            yield CaseAction.DISPUTE, away, {"note": "不在本街道辖区", "unit_id": unit}
            dispatcher = Actor("dispatcher-1", Role.DISPATCHER)
            yield CaseAction.DISPATCH, dispatcher, {"unit_id": unit, "note": "路段属该街道"}
        else:
            yield CaseAction.DISPATCH, SYSTEM, {"unit_id": unit}
        while chance() < 0.72:
            yield CaseAction.SEE_AGAIN, SYSTEM, {"candidate_ids": [self._hex(20)]}
        if chance() < 0.5:
            yield (
                CaseAction.NOTE,
                officer,
                {"note": f"已联系{self._random.choice(self.roads)}养护队"},
            )
        if chance() < 0.3:
            yield CaseAction.URGE, SYSTEM, {"level": "urge", "unit_id": unit}
        yield CaseAction.RETURN, officer, {"photo_sha256s": [self._hex(64)]}
        while chance() < 0.3:
            sent_back = {"recheck": "on_site", "reason": "remains", "remaining": "箱旁仍有散落垃圾"}
            yield CaseAction.SEND_BACK, verifier, sent_back
            yield CaseAction.RETURN, officer, {"photo_sha256s": [self._hex(64)]}
        yield CaseAction.CLOSE, verifier, {"recheck": "on_site" if chance() < 0.6 else "photo"}

    def _facts(self, number: str, unit: str) -> Details:
        lat, lon = self._spot(self._random.choice(self._centres), 0.01)
        one, other = self._random.sample(self.roads, 2)
        metres = self._random.randrange(10, 300, 10)
        return {
            "number": number,
            "category": self._random.choice(CATEGORIES),
            "rule_id": RULE.id,
            "source": "patrol",
            "lat": lat,
            "lon": lon,
            "radius_m": 8.0,
            "place_zh": f"{one}与{other}交会处{self._random.choice('东南西北')}侧约{metres}米",
            "proposed_unit_ids": [unit],
            "candidate_ids": [self._hex(20)],
            "photo_sha256s": [self._hex(64), self._hex(64)],
        }

    def _spot(self, centre: tuple[float, float], spread_deg: float) -> tuple[float, float]:
        gauss = self._random.gauss
        return gauss(centre[0], spread_deg), gauss(centre[1], spread_deg * 1.4)

    def _hex(self, digits: int) -> str:
        return f"{self._random.getrandbits(digits * 4):0{digits}x}"


class Recorder:
    """Writes lives side by side, as they happen in a city, into one chain."""

    def __init__(self, city: City, seed: int) -> None:
        self._city = city
        self._random = random.Random(seed)
        self._head = Head(0, FIRST_PREVIOUS)
        self._now = START
        self._counts: dict[int, int] = {}
        self._batch = Batch()

    def batches(self, events: int) -> Iterator[Batch]:
        """Batches of `events` events; the cases that are open at the end come with the last."""
        lives: list[_Life] = []
        while self._head.number < events:
            if len(lives) < OPEN_AT_ONCE:
                lives.append(_Life(new_id(self._now), self._city.life(self._next_number())))
                chosen = len(lives) - 1
            else:
                chosen = self._random.randrange(len(lives))
            life = lives[chosen]
            step = next(life.steps, None)
            if step is None:
                lives[chosen] = lives[-1]
                lives.pop()
                self._batch.cases.append((life.seen(), life.bodies))
                continue
            self._append(life, step)
            if len(self._batch.events) >= EVENTS_AT_ONCE:
                yield self._taken()
        self._batch.cases += [(life.seen(), life.bodies) for life in lives if life.view]
        yield self._taken()

    def _append(self, life: "_Life", step: Step) -> None:
        action, actor, details = step
        self._now += STEP
        said: Details = {**details, "actor_role": actor.role.value}
        if actor.unit_id is not None:
            said["actor_unit_id"] = actor.unit_id
        if actor.group_id is not None:
            said["actor_group_id"] = actor.group_id
        for key in FREE_TEXTS:
            if key in said:
                body, salt = str(said[key]), f"{self._random.getrandbits(128):032x}"
                reference = texts.reference_of(salt, body)
                said[key] = reference
                life.bodies[reference] = body
                self._batch.texts.append({"reference": reference, "salt": salt, "body": body})
        event = NewEvent(SUBJECT_PREFIX + life.id, action.kind, actor.user_id, self._now, said)
        [row] = chain_rows([event], after=self._head, recorded_at=self._now)
        self._head = Head(row["number"], row["hash"])
        self._batch.events.append(row)
        life.view = apply(life.view, read_event(row["canonical"], row["hash"]))

    def _next_number(self) -> str:
        year = number_year(self._now)
        self._counts[year] = self._counts.get(year, 0) + 1
        return case_number(year, self._counts[year])

    def _taken(self) -> Batch:
        batch, self._batch = self._batch, Batch()
        return batch


@dataclass(slots=True)
class _Life:
    id: str
    steps: Iterator[Step]
    view: CaseView | None = None
    bodies: dict[str, str] = field(default_factory=dict)

    def seen(self) -> CaseView:
        """The case after its steps so far."""
        assert self.view is not None
        return self.view


def write(uow: UnitOfWork, batch: Batch) -> None:
    """Store a batch: events, head, texts, rows of cases and the index of their text."""
    with uow() as session:
        if batch.events:
            session.execute(insert(LedgerEvent), batch.events)
            last = batch.events[-1]
            session.execute(
                update(LedgerHead)
                .values(number=last["number"], hash=last["hash"])
                .execution_options(synchronize_session=False)
            )
        if batch.texts:
            session.execute(insert(LedgerText), batch.texts)
        table = time_table(session)
        rows = [_row(table, view, bodies) for view, bodies in batch.cases]
        if rows:
            session.execute(insert(CaseRow), rows)
        for row in rows:
            index_text(session, row["first_event"], row["search_text"])
        for several_of, key, held in (
            (CaseCondition, "condition", conditions_of),
            (CaseParty, "party", parties_of),
        ):
            several = [
                {"case_id": view.id, key: name}
                for view, _ in batch.cases
                for name in sorted(held(view))
            ]
            if several:
                session.execute(insert(several_of), several)


def _row(table: TimeTable, view: CaseView, bodies: Mapping[str, str]) -> dict[str, Any]:
    clock = reading_of(view, RULE, table)
    return {
        **row_values(view, bodies),
        "due_at": clock.due_at,
        "warn_at": clock.warn_at,
        "supervise_at": clock.supervise_at,
        "due_provisional": clock.provisional,
    }
