"""May this person do this to this case now? If not: one sentence that says why."""

from collections.abc import Mapping
from datetime import datetime

from zoubian.pipeline.domain.actors import ROLE_WORDS, Actor, Role
from zoubian.pipeline.domain.cases import CaseAction, CaseState, Recheck, Transition
from zoubian.pipeline.domain.cases_details import fits, names, time
from zoubian.pipeline.domain.cases_table import TRANSITIONS
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.cases_words import (
    ACTION_WORDS,
    CONDITION_WORDS,
    DETAIL_WORDS,
    STATE_WORDS,
)
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.domain.refusals import Refusal

# A phone may have been without a line: these tell of what was seen, whenever that was.
_OF_ANY_TIME = (
    CaseAction.SEE_AGAIN,
    CaseAction.PROPOSE_RECURRENCE,
    CaseAction.JOIN_CANDIDATE,
    CaseAction.PART_CANDIDATE,
    CaseAction.AMEND,
    CaseAction.NOTE,
    CaseAction.NOTE_HARD,
)
_VERIFYING = (CaseAction.CLOSE, CaseAction.SEND_BACK)
_ASSISTANTS_MAY = (CaseAction.RETURN, CaseAction.NOTE)
_HARD_OFFICE_MAY = (CaseAction.NOTE_HARD, CaseAction.PROMISE_HARD)


def check(
    view: CaseView | None,
    action: CaseAction,
    *,
    actor: Actor,
    details: Mapping[str, Json],
    at: datetime,
    recorded_at: datetime,
) -> CaseState:
    """The state after `action`, if the table and the rules allow it.

    Args:
        view: None before the case is registered.
        details: texts as people wrote them, not references.

    Raises:
        Refusal: they do not.
    """
    transition = _transition(view, action, actor)
    if view is not None:
        _check_conditions(view, action, transition)
    _check_details(action, transition, details)
    if view is None:
        _check_street_report(actor, details)
    else:
        _check_responsible(view, action, actor)
        _check_independent(view, action, actor)
        _check_unit(view, action, transition, details)
    if actor.role is Role.INSPECTOR and details.get("recheck") == Recheck.PHOTO:
        raise Refusal(
            "on_site_only",
            zh="工作组队员应实地复检，照片复查由复查人员进行",
            en="an inspector rechecks on site; rechecking by photo is for verifiers",
        )
    _check_times(view, action, details, at=at, recorded_at=recorded_at)
    return transition.to


def allowed_actions(view: CaseView, actor: Actor) -> tuple[CaseAction, ...]:
    """What this person may do to this case now, if the details that it needs are given."""
    return tuple(action for action in CaseAction if _is_allowed(view, action, actor))


def _is_allowed(view: CaseView, action: CaseAction, actor: Actor) -> bool:
    try:
        transition = _transition(view, action, actor)
        _check_conditions(view, action, transition)
        _check_responsible(view, action, actor)
        _check_independent(view, action, actor)
    except Refusal:
        return False
    return True


def _transition(view: CaseView | None, action: CaseAction, actor: Actor) -> Transition:
    state = None if view is None else view.state
    action_zh, action_en = ACTION_WORDS[action]
    transition = TRANSITIONS.get((state, action))
    if transition is None:
        state_zh, state_en = ("未立案", "not registered") if state is None else STATE_WORDS[state]
        raise Refusal(
            "wrong_state",
            zh=f"案件{state_zh}，不能进行此项操作：{action_zh}",
            en=f"the case is {state_en}; this is not possible now: {action_en}",
        )
    if actor.role not in transition.roles:
        role_zh, role_en = ROLE_WORDS[actor.role]
        raise Refusal(
            "role",
            zh=f"{role_zh}不能进行此项操作：{action_zh}",
            en=f"this is not for the role {role_en}: {action_en}",
        )
    return transition


def _check_conditions(view: CaseView, action: CaseAction, transition: Transition) -> None:
    conditions = view.conditions
    action_zh, action_en = ACTION_WORDS[action]
    for condition in sorted(transition.when - conditions):
        zh, en = CONDITION_WORDS[condition]
        raise Refusal(
            "condition_missing",
            zh=f"只有案件{zh}时才能进行此项操作：{action_zh}",
            en=f"this is possible only when {en}: {action_en}",
        )
    for condition in sorted(transition.unless & conditions):
        zh, en = CONDITION_WORDS[condition]
        raise Refusal(
            "condition_holds",
            zh=f"案件{zh}，不能进行此项操作：{action_zh}",
            en=f"{en}; this is not possible now: {action_en}",
        )


def _check_details(action: CaseAction, transition: Transition, details: Mapping[str, Json]) -> None:
    action_zh, action_en = ACTION_WORDS[action]
    for key in sorted(details.keys() - transition.needs - transition.may):
        raise Refusal(
            "detail_unknown",
            zh=f"此项操作不接受内容“{key}”：{action_zh}",
            en=f"this takes no detail called {key}: {action_en}",
        )
    for key in sorted(transition.needs):
        if details.get(key) in (None, "", [], ()):
            zh, en = DETAIL_WORDS[key]
            raise Refusal(
                "detail_missing",
                zh=f"请填写{zh}：{action_zh}",
                en=f"please give the {en}: {action_en}",
            )
    for key in sorted(details):
        if not fits(key, details[key]):
            zh, en = DETAIL_WORDS[key]
            raise Refusal(
                "detail_invalid",
                zh=f"填写的{zh}无效：{action_zh}",
                en=f"what was given as {en} cannot be used: {action_en}",
            )
    if action is CaseAction.AMEND and not details:
        raise Refusal("detail_missing", zh="没有要修改的内容", en="there is nothing to amend")


def _check_street_report(actor: Actor, details: Mapping[str, Json]) -> None:
    if actor.role is Role.OFFICER and actor.unit_id not in names(details, "proposed_unit_ids"):
        raise Refusal(
            "other_unit",
            zh="街道（乡镇）人员只能上报本单位辖区内的问题",
            en="a subdistrict officer reports problems of the own unit only",
        )


def _check_responsible(view: CaseView, action: CaseAction, actor: Actor) -> None:
    """An officer acts on the own unit's cases only."""
    if actor.role is not Role.OFFICER:
        return
    allowed = {view.unit_id}
    if action in _ASSISTANTS_MAY:
        allowed.update(view.assisting_unit_ids)
    if action in _HARD_OFFICE_MAY and view.hard is not None:
        allowed.add(view.hard.office_unit_id)
    if actor.unit_id is None or actor.unit_id not in allowed:
        raise Refusal(
            "other_unit",
            zh="该案件不由本单位办理，不能操作",
            en="the case is not with your unit",
        )


def _check_independent(view: CaseView, action: CaseAction, actor: Actor) -> None:
    """Nobody verifies the own work: not the person, not the unit, not the group."""
    if action not in _VERIFYING:
        return
    if actor.unit_id is not None and actor.unit_id in {view.unit_id, *view.assisting_unit_ids}:
        raise Refusal(
            "own_work",
            zh="整改单位的人员不能复查本单位办理的案件",
            en="a member of the unit that did the work cannot verify it",
        )
    for done in view.returns:
        same_unit = actor.unit_id is not None and actor.unit_id == done.unit_id
        same_group = actor.group_id is not None and actor.group_id == done.group_id
        if actor.user_id == done.by or same_unit or same_group:
            raise Refusal(
                "own_work",
                zh="回传照片的人员、单位或工作组不能复查自己的回传",
                en="who returned the photos, and their unit and group, cannot verify them",
            )


def _check_unit(
    view: CaseView, action: CaseAction, transition: Transition, details: Mapping[str, Json]
) -> None:
    """A case that is dispatched is with somebody, and a re-dispatch changes with whom."""
    needs_unit = transition.to is CaseState.DISPATCHED and view.state is CaseState.CLOSED
    if needs_unit and view.unit_id is None and details.get("unit_id") is None:
        raise Refusal(
            "detail_missing",
            zh="该案件没有责任单位，请先指定责任单位",
            en="no unit has the case: please give the responsible unit",
        )
    if action is CaseAction.REDISPATCH and details["unit_id"] == view.unit_id:
        raise Refusal(
            "same_unit",
            zh="该案件已由此单位办理，无需改派",
            en="the case is with this unit already",
        )
    if action is CaseAction.PART_CANDIDATE:
        unknown = set(names(details, "candidate_ids")) - set(view.candidate_ids)
        if unknown:
            raise Refusal(
                "detail_invalid",
                zh="要拆分的疑似问题不在该案件中",
                en="the candidate to split off is not part of the case",
            )


def _check_times(
    view: CaseView | None,
    action: CaseAction,
    details: Mapping[str, Json],
    *,
    at: datetime,
    recorded_at: datetime,
) -> None:
    if at > recorded_at:
        raise Refusal(
            "in_future",
            zh="操作时间不能晚于当前时间",
            en="what is recorded cannot lie in the future",
        )
    if view is not None and action not in _OF_ANY_TIME and at < view.moved_at:
        raise Refusal(
            "too_early",
            zh="操作时间不能早于案件的上一步",
            en="this cannot have happened before the case's last step",
        )
    if "until" in details and time(details, "until") <= at:
        raise Refusal("until_past", zh="期限必须晚于当前时间", en="the date must lie in the future")
