"""What can happen to a candidate: its states, the actions, and the one table of transitions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from zoubian.pipeline.domain.actors import ROLE_WORDS, Actor, Role
from zoubian.pipeline.domain.refusals import Refusal


class CandidateState(StrEnum):
    """Where a candidate stands."""

    PENDING = "pending"
    CHECK_REQUESTED = "check_requested"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    MERGED = "merged"
    SPLIT = "split"
    LAPSED = "lapsed"  # nobody had dealt with it, and a later analysis found it no more


# What stands for a problem that is there; the others are kept, and looked up when asked for.
STANDING = (CandidateState.PENDING, CandidateState.CHECK_REQUESTED, CandidateState.CONFIRMED)


class CandidateAction(StrEnum):
    """What is done to a candidate; the value is what its event says has happened.

    A merge is two actions: one candidate takes others in, and each of those is merged into it. A
    split makes parts, and the candidate stays as what they came from. The last two are done by a
    scan and leave no event: nobody decided anything.
    """

    REPORT = "reported"
    SPLIT_OFF = "split_off"
    CONFIRM = "confirmed"
    CORRECT = "corrected"
    TAKE_IN = "taken_in"
    MERGE = "merged"
    SPLIT = "split"
    REQUEST_CHECK = "check_requested"
    ANSWER_CHECK = "check_answered"
    DECLINE = "declined"
    RESTORE = "restored"
    UNDO = "undone"
    LAPSE = "lapsed"
    FIND_AGAIN = "found_again"

    @property
    def kind(self) -> str:
        """The kind of the action's event in the ledger, such as `candidate.confirmed`."""
        return f"candidate.{self.value}"


class DeclineReason(StrEnum):
    """Why a candidate becomes no case."""

    PHOTO_UNCLEAR = "photo_unclear"
    NO_FAR_OR_LANDMARK = "no_far_or_landmark"
    CONDITION_NOT_MET = "condition_not_met"
    ALREADY_REGISTERED = "already_registered"
    OUTSIDE_AREA = "outside_area"
    PHOTO_OF_PICTURE = "photo_of_picture"
    FALSE_ALARM = "false_alarm"


DECLINE_WORDS: Mapping[DeclineReason, tuple[str, str]] = {
    DeclineReason.PHOTO_UNCLEAR: ("照片不清", "photo not clear"),
    DeclineReason.NO_FAR_OR_LANDMARK: ("缺远景或标志物", "no far or landmark photo"),
    DeclineReason.CONDITION_NOT_MET: ("不够立案条件", "filing condition not met"),
    DeclineReason.ALREADY_REGISTERED: ("已立案", "already a case"),
    DeclineReason.OUTSIDE_AREA: ("非管辖范围", "outside our area"),
    DeclineReason.PHOTO_OF_PICTURE: ("翻拍", "photo of a photo or screen"),
    DeclineReason.FALSE_ALARM: ("误报", "false alarm"),
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step.

    Attributes:
        to: the state afterwards.
        roles: who may do it to any candidate.
        own_roles: who may do it to what concerns them: their own report, or a check that their
            working group was asked for.
    """

    to: CandidateState
    roles: frozenset[Role]
    own_roles: frozenset[Role]


_DESK = (Role.REVIEWER, Role.OFFICE)
_DECIDED = (
    CandidateState.CHECK_REQUESTED,
    CandidateState.CONFIRMED,
    CandidateState.DECLINED,
    CandidateState.MERGED,
    CandidateState.SPLIT,
)

_Table = dict[tuple[CandidateState | None, CandidateAction], Transition]


def _transitions() -> _Table:
    pending, asked = CandidateState.PENDING, CandidateState.CHECK_REQUESTED
    table: _Table = {}

    def rule(
        states: Iterable[CandidateState | None],
        action: CandidateAction,
        to: CandidateState,
        roles: Iterable[Role],
        *,
        own: Iterable[Role] = (),
    ) -> None:
        for state in states:
            table[state, action] = Transition(to, frozenset(roles), frozenset(own))

    reporters = (Role.INSPECTOR, Role.OFFICER, *_DESK)
    rule([None], CandidateAction.REPORT, pending, reporters)
    rule([None], CandidateAction.SPLIT_OFF, pending, _DESK)
    confirmed = CandidateState.CONFIRMED
    rule([pending], CandidateAction.CONFIRM, confirmed, _DESK, own=[Role.INSPECTOR])
    rule([pending], CandidateAction.CORRECT, pending, _DESK, own=[Role.INSPECTOR, Role.OFFICER])
    rule([pending], CandidateAction.TAKE_IN, pending, _DESK)
    rule([pending], CandidateAction.MERGE, CandidateState.MERGED, _DESK)
    rule([pending], CandidateAction.SPLIT, CandidateState.SPLIT, _DESK)
    rule([pending], CandidateAction.REQUEST_CHECK, asked, _DESK)
    rule([asked], CandidateAction.ANSWER_CHECK, pending, _DESK, own=[Role.INSPECTOR])
    rule([pending], CandidateAction.DECLINE, CandidateState.DECLINED, _DESK)
    rule([CandidateState.LAPSED], CandidateAction.RESTORE, pending, _DESK)
    rule(_DECIDED, CandidateAction.UNDO, pending, _DESK)
    # A report that its maker has just handed in, and what he has corrected of it.
    rule([pending, confirmed], CandidateAction.UNDO, pending, _DESK, own=[Role.INSPECTOR])
    rule([pending], CandidateAction.LAPSE, CandidateState.LAPSED, [Role.SYSTEM])
    rule([CandidateState.LAPSED], CandidateAction.FIND_AGAIN, pending, [Role.SYSTEM])
    return table


TRANSITIONS: Mapping[tuple[CandidateState | None, CandidateAction], Transition] = _transitions()


def next_state(
    state: CandidateState | None, action: CandidateAction, actor: Actor, *, own: bool
) -> CandidateState:
    """The state after `actor` did `action`.

    Args:
        state: None for what is not there yet.
        own: whether it concerns the actor (see `Transition.own_roles`).

    Raises:
        Refusal: `wrong_state` or `role`.
    """
    step = TRANSITIONS.get((state, action))
    action_zh, action_en = _ACTION_WORDS[action]
    if step is None:
        if state is None:
            raise Refusal(
                "wrong_state",
                zh=f"尚未上报的问题不能{action_zh}",
                en=f"a problem that nobody has reported cannot be {action_en}",
            )
        state_zh, state_en = STATE_WORDS[state]
        raise Refusal(
            "wrong_state",
            zh=f"{state_zh}的疑似问题不能{action_zh}",
            en=f"a candidate that is {state_en} cannot be {action_en}",
        )
    if actor.role not in step.roles and not (own and actor.role in step.own_roles):
        role_zh, role_en = ROLE_WORDS[actor.role]
        whose_zh, whose_en = ("", "")
        if actor.role in step.own_roles:
            whose_zh, whose_en = ("他人上报的", " that others reported")
        raise Refusal(
            "role",
            zh=f"{role_zh}不能对{whose_zh}疑似问题进行此项操作：{action_zh}",
            en=f"for the {role_en}, a candidate{whose_en} cannot be {action_en}",
        )
    return step.to


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a candidate as undoing needs it.

    Attributes:
        undoes: number of the event that this one takes back, None for another kind of event.
    """

    number: int
    kind: str
    undoes: int | None


# What can be taken back; an answer or a report is a fact that somebody told, and stays told.
_UNDOABLE = frozenset(
    action.kind
    for action in (
        CandidateAction.CONFIRM,
        CandidateAction.CORRECT,
        CandidateAction.TAKE_IN,
        CandidateAction.MERGE,
        CandidateAction.SPLIT,
        CandidateAction.REQUEST_CHECK,
        CandidateAction.DECLINE,
    )
)


def last_decision(events: Iterable[Happened]) -> Happened | None:
    """The latest decision that still stands and can be taken back, None if there is none.

    >>> declined = Happened(1, "candidate.declined", None)
    >>> last_decision([declined])
    Happened(number=1, kind='candidate.declined', undoes=None)
    >>> last_decision([declined, Happened(2, "candidate.undone", 1)]) is None
    True
    """
    known = list(events)
    undone = {event.undoes for event in known if event.undoes is not None}
    standing = [event for event in known if event.undoes is None and event.number not in undone]
    return standing[-1] if standing and standing[-1].kind in _UNDOABLE else None


def state_after(kind: str) -> CandidateState:
    """The state that an event of this kind leads to, whatever came before it.

    >>> state_after("candidate.undone").value
    'pending'
    """
    return _STATE_AFTER[kind]


_STATE_AFTER = {action.kind: step.to for (_, action), step in TRANSITIONS.items()}

STATE_WORDS: Mapping[CandidateState, tuple[str, str]] = {
    CandidateState.PENDING: ("待受理", "pending"),
    CandidateState.CHECK_REQUESTED: ("立案前核实中", "being checked on site"),
    CandidateState.CONFIRMED: ("已确认", "confirmed"),
    CandidateState.DECLINED: ("不予受理", "declined"),
    CandidateState.MERGED: ("已并案", "merged into another"),
    CandidateState.SPLIT: ("已拆分", "split"),
    CandidateState.LAPSED: ("重新分析后未再发现", "no longer found"),
}

_ACTION_WORDS: Mapping[CandidateAction, tuple[str, str]] = {
    CandidateAction.REPORT: ("上报", "reported"),
    CandidateAction.SPLIT_OFF: ("从其他疑似问题中拆出", "split off another one"),
    CandidateAction.CONFIRM: ("确认立案", "confirmed"),
    CandidateAction.CORRECT: ("更正", "corrected"),
    CandidateAction.TAKE_IN: ("并入其他疑似问题", "taken as the one that others are merged into"),
    CandidateAction.MERGE: ("并案", "merged into another one"),
    CandidateAction.SPLIT: ("拆分", "split"),
    CandidateAction.REQUEST_CHECK: ("要求立案前核实", "sent to be checked on site"),
    CandidateAction.ANSWER_CHECK: ("答复立案前核实", "answered as checked on site"),
    CandidateAction.DECLINE: ("不予受理", "declined"),
    CandidateAction.RESTORE: ("恢复待受理", "put back into the queue"),
    CandidateAction.UNDO: ("撤销上一步", "undone"),
    CandidateAction.LAPSE: ("标为未再发现", "marked as no longer found"),
    CandidateAction.FIND_AGAIN: ("标为再次发现", "marked as found again"),
}
