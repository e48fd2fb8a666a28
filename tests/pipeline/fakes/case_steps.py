"""People and steps that bring a case anywhere, on paper or in a database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from zoubian.pipeline.domain.actors import SYSTEM, Actor, Role
from zoubian.pipeline.domain.cases import CaseAction, CaseState, Condition
from zoubian.pipeline.domain.cases_fold import apply
from zoubian.pipeline.domain.cases_rules import check
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.json_values import Json

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LATER = (START + timedelta(days=60)).isoformat()
PHOTO, PHOTO_AFTER = "a" * 64, "b" * 64

UNIT, OTHER_UNIT, OFFICE_UNIT = "street-1", "street-2", "bureau-1"
GROUP, OTHER_GROUP = "group-1", "group-2"

INSPECTOR = Actor("user-inspector", Role.INSPECTOR, group_id=GROUP)
REVIEWER = Actor("user-reviewer", Role.REVIEWER)
DISPATCHER = Actor("user-dispatcher", Role.DISPATCHER)
OFFICER = Actor("user-officer", Role.OFFICER, unit_id=UNIT)
OTHER_OFFICER = Actor("user-officer-2", Role.OFFICER, unit_id=OTHER_UNIT)
HARD_OFFICER = Actor("user-bureau", Role.OFFICER, unit_id=OFFICE_UNIT)
VERIFIER = Actor("user-verifier", Role.VERIFIER, group_id=GROUP)
OTHER_VERIFIER = Actor("user-verifier-2", Role.VERIFIER, group_id=OTHER_GROUP)
OFFICE = Actor("user-office", Role.OFFICE)
ADMIN = Actor("user-admin", Role.ADMIN)

ACTORS = {
    actor.role: actor
    for actor in (INSPECTOR, REVIEWER, DISPATCHER, OFFICER, VERIFIER, OFFICE, ADMIN, SYSTEM)
}
HARD_ACTIONS = (CaseAction.NOTE_HARD, CaseAction.PROMISE_HARD)

Details = Mapping[str, Json]

# What each action needs to be told, and all that it may be told where that says more.
DETAILS: dict[CaseAction, Details] = {
    CaseAction.REGISTER: {
        "number": "2026-000001",
        "category": "bin_overflow",
        "source": "patrol",
        "proposed_unit_ids": [UNIT, OTHER_UNIT],
        "lat": 43.88,
        "lon": 125.32,
        "radius_m": 6.0,
        "place_zh": "人民大街与解放大路交会处东侧约50米",
        "candidate_ids": ["candidate-1"],
        "photo_sha256s": [PHOTO],
    },
    CaseAction.DISPATCH: {"unit_id": UNIT},
    CaseAction.REDISPATCH: {"unit_id": OTHER_UNIT, "note": "路段属街道二"},
    CaseAction.DISPUTE: {"note": "不在本街道辖区", "unit_id": OTHER_UNIT},
    CaseAction.REQUEST_EXTENSION: {"until": LATER, "note": "等待吊车"},
    CaseAction.GRANT_EXTENSION: {"until": LATER},
    CaseAction.REFUSE_EXTENSION: {"note": "理由不足"},
    CaseAction.REQUEST_PARKING: {"until": LATER, "note": "冬季无法施工"},
    CaseAction.PARK: {"until": LATER, "note": "冬季无法施工", "season": "winter-2026"},
    CaseAction.REFUSE_PARKING: {"note": "可以施工"},
    CaseAction.REVIEW_PARKING: {"note": "仍有冻土"},
    CaseAction.UNPARK: {},
    CaseAction.EXEMPT: {"note": "道路封闭三日"},
    CaseAction.RETURN: {"photo_sha256s": [PHOTO_AFTER]},
    CaseAction.SEND_BACK: {
        "recheck": "on_site",
        "reason": "remains",
        "remaining": "箱旁仍有散落垃圾",
    },
    CaseAction.CLOSE: {"recheck": "on_site"},
    CaseAction.FIX_ON_SPOT: {
        "before_photo_sha256s": [PHOTO],
        "after_photo_sha256s": [PHOTO_AFTER],
    },
    CaseAction.APPEAL: {"note": "照片所示为相邻点位"},
    CaseAction.UPHOLD_APPEAL: {"note": "经核实属相邻点位"},
    CaseAction.REJECT_APPEAL: {"note": "确有残留"},
    CaseAction.RAISE_HARD: {"office_unit_id": OFFICE_UNIT, "note": "权属不清", "until": LATER},
    CaseAction.NOTE_HARD: {"note": "已与园林部门协商"},
    CaseAction.PROMISE_HARD: {"until": LATER},
    CaseAction.STRIKE_OFF: {"ground": "已整改并现场确认"},
    CaseAction.REOPEN: {"recheck": "on_site", "remaining": "垃圾再次堆积"},
    CaseAction.PROPOSE_RECURRENCE: {"candidate_ids": ["candidate-9"]},
    CaseAction.ACCEPT_RECURRENCE: {},
    CaseAction.REFUSE_RECURRENCE: {"note": "是另一处"},
    CaseAction.SEE_AGAIN: {"candidate_ids": ["candidate-8"]},
    CaseAction.JOIN_CANDIDATE: {"candidate_ids": ["candidate-7"]},
    CaseAction.PART_CANDIDATE: {"candidate_ids": ["candidate-1"]},
    CaseAction.AMEND: {"place_zh": "人民大街1号门前", "external_number": "CG-77"},
    CaseAction.RECLASSIFY: {"category": "household_waste_uncollected"},
    CaseAction.NOTE: {"note": "已电话告知"},
    CaseAction.URGE: {"level": "urge", "unit_id": UNIT},
    CaseAction.WITHDRAW: {"note": "误报"},
}


@dataclass(frozen=True, slots=True)
class WrittenEvent:
    """An event on paper: no chain, no database."""

    number: int
    subject: str
    kind: str
    actor: str
    occurred_at: datetime
    details: Mapping[str, Json]


class Book(Protocol):
    """Where cases are kept."""

    def register(self, *unit_ids: str) -> CaseView: ...

    def do(
        self, view: CaseView, action: CaseAction, actor: Actor, details: Details | None = None
    ) -> CaseView: ...


class PaperBook:
    """Cases by the rules alone; each step an hour after the one before."""

    def __init__(self) -> None:
        self.now = START
        self.events: list[WrittenEvent] = []

    def register(self, *unit_ids: str) -> CaseView:
        facts = {**DETAILS[CaseAction.REGISTER], "proposed_unit_ids": list(unit_ids)}
        view = self._step(None, CaseAction.REGISTER, REVIEWER, facts)
        if len(unit_ids) == 1:
            view = self._step(view, CaseAction.DISPATCH, SYSTEM, {"unit_id": unit_ids[0]})
        return view

    def do(
        self, view: CaseView, action: CaseAction, actor: Actor, details: Details | None = None
    ) -> CaseView:
        return self._step(view, action, actor, DETAILS[action] if details is None else details)

    def _step(
        self, view: CaseView | None, action: CaseAction, actor: Actor, details: Details
    ) -> CaseView:
        self.now += timedelta(hours=1)
        check(view, action, actor=actor, details=details, at=self.now, recorded_at=self.now)
        said = {**details, "actor_role": actor.role.value}
        said |= {"actor_unit_id": actor.unit_id, "actor_group_id": actor.group_id}
        number = len(self.events) + 1
        event = WrittenEvent(number, "case:one", action.kind, actor.user_id, self.now, said)
        self.events.append(event)
        return apply(view, event)


def bring(book: Book, state: CaseState, conditions: frozenset[Condition]) -> CaseView:
    """A case in `state` of which just these conditions hold (and no more than one by one)."""
    unit_ids = (UNIT, OTHER_UNIT) if state is CaseState.REGISTERED else (UNIT,)
    view = book.register(*unit_ids)
    if conditions & {Condition.SENT_BACK, Condition.APPEALED}:
        view = book.do(view, CaseAction.RETURN, OFFICER)
        view = book.do(view, CaseAction.SEND_BACK, VERIFIER)
    for condition, action, actor in (
        (Condition.APPEALED, CaseAction.APPEAL, OFFICER),
        (Condition.HARD, CaseAction.RAISE_HARD, OFFICE),
        (Condition.EXTENDED, CaseAction.REQUEST_EXTENSION, OFFICER),
        (Condition.EXTENDED, CaseAction.GRANT_EXTENSION, OFFICE),
        (Condition.EXTENSION_REQUESTED, CaseAction.REQUEST_EXTENSION, OFFICER),
        (Condition.PARKING_REQUESTED, CaseAction.REQUEST_PARKING, OFFICER),
        (Condition.PARKED, CaseAction.PARK, OFFICE),
    ):
        if condition in conditions:
            view = book.do(view, action, actor)
    if state in (CaseState.RETURNED, CaseState.CLOSED):
        view = book.do(view, CaseAction.RETURN, OFFICER)
    if state is CaseState.CLOSED:
        view = book.do(view, CaseAction.CLOSE, VERIFIER)
    if state is CaseState.WITHDRAWN:
        view = book.do(view, CaseAction.WITHDRAW, OFFICE)
    if Condition.RECURRENCE_PROPOSED in conditions:
        view = book.do(view, CaseAction.PROPOSE_RECURRENCE, SYSTEM)
    return view


def actor_for(role: Role, action: CaseAction) -> Actor:
    """Somebody of this role who has to do with the case."""
    if role is Role.OFFICER and action in HARD_ACTIONS:
        return HARD_OFFICER
    return ACTORS[role]
