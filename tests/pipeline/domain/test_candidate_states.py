"""The candidates' table: every step it allows, and a sentence for every one it does not."""

import re
from collections.abc import Sequence
from itertools import product

import pytest

from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.candidate_states import (
    DECLINE_WORDS,
    STATE_WORDS,
    TRANSITIONS,
    CandidateAction,
    CandidateState,
    DeclineReason,
    Happened,
    last_decision,
    next_state,
    state_after,
)
from zoubian.pipeline.domain.refusals import Refusal

DESK = {Role.REVIEWER, Role.OFFICE}
STATES = (None, *CandidateState)

# Hand-written a second time, apart from the table: (state, action) -> state, anybody's and own.
ALLOWED = {
    (None, "reported"): ("pending", DESK | {Role.INSPECTOR, Role.OFFICER}, set()),
    (None, "split_off"): ("pending", DESK, set()),
    ("pending", "confirmed"): ("confirmed", DESK, {Role.INSPECTOR}),
    ("pending", "corrected"): ("pending", DESK, {Role.INSPECTOR, Role.OFFICER}),
    ("pending", "taken_in"): ("pending", DESK, set()),
    ("pending", "merged"): ("merged", DESK, set()),
    ("pending", "split"): ("split", DESK, set()),
    ("pending", "check_requested"): ("check_requested", DESK, set()),
    ("pending", "declined"): ("declined", DESK, set()),
    ("pending", "undone"): ("pending", DESK, {Role.INSPECTOR}),
    ("pending", "lapsed"): ("lapsed", {Role.SYSTEM}, set()),
    ("check_requested", "check_answered"): ("pending", DESK, {Role.INSPECTOR}),
    ("check_requested", "undone"): ("pending", DESK, set()),
    ("confirmed", "undone"): ("pending", DESK, {Role.INSPECTOR}),
    ("declined", "undone"): ("pending", DESK, set()),
    ("merged", "undone"): ("pending", DESK, set()),
    ("split", "undone"): ("pending", DESK, set()),
    ("lapsed", "restored"): ("pending", DESK, set()),
    ("lapsed", "found_again"): ("pending", {Role.SYSTEM}, set()),
}


def test_every_state_action_and_role_is_allowed_or_refused_in_both_languages() -> None:
    allowed = set()
    for state, action, role, own in product(STATES, CandidateAction, Role, (False, True)):
        actor = Actor("u1", role)
        to, roles, own_roles = ALLOWED.get((state, action.value), ("", set(), set()))
        if role in roles or (own and role in own_roles):
            assert next_state(state, action, actor, own=own) == to
            allowed.add((state, action))
            continue
        with pytest.raises(Refusal) as refused:
            next_state(state, action, actor, own=own)
        assert refused.value.code == ("role" if (state, action) in TRANSITIONS else "wrong_state")
        assert re.search("[\u4e00-\u9fff]{6,}", refused.value.message_zh)
        assert re.fullmatch(r"[a-zA-Z ,()]{20,}", refused.value.message_en)
    assert allowed == set(TRANSITIONS)


def test_a_refusal_names_state_action_and_role() -> None:
    with pytest.raises(Refusal) as state:
        next_state(
            CandidateState.DECLINED,
            CandidateAction.CONFIRM,
            Actor("u1", Role.REVIEWER),
            own=False,
        )
    assert state.value.message_zh == "不予受理的疑似问题不能确认立案"
    assert state.value.message_en == "a candidate that is declined cannot be confirmed"
    with pytest.raises(Refusal) as role:
        next_state(
            CandidateState.PENDING,
            CandidateAction.CONFIRM,
            Actor("u1", Role.INSPECTOR),
            own=False,
        )
    assert role.value.message_zh == "工作组队员不能对他人上报的疑似问题进行此项操作：确认立案"
    assert role.value.message_en == (
        "for the inspector, a candidate that others reported cannot be confirmed"
    )


def test_every_state_and_reason_has_words() -> None:
    assert set(STATE_WORDS) == set(CandidateState)
    assert [DECLINE_WORDS[reason][0] for reason in DeclineReason] == [
        "照片不清",
        "缺远景或标志物",
        "不够立案条件",
        "已立案",
        "非管辖范围",
        "翻拍",
        "误报",
    ]


def events(*kinds: str | tuple[str, int]) -> list[Happened]:
    return [
        Happened(number, f"candidate.{kind}", None)
        if isinstance(kind, str)
        else Happened(number, f"candidate.{kind[0]}", kind[1])
        for number, kind in enumerate(kinds, start=1)
    ]


@pytest.mark.parametrize(
    ("kinds", "undoes", "state"),
    [
        pytest.param([], None, "pending", id="untouched"),
        pytest.param(["reported"], None, "pending", id="a report is no decision"),
        pytest.param(["reported", "confirmed"], 2, "confirmed", id="registered at once"),
        pytest.param(["corrected", "declined"], 2, "declined", id="the latest first"),
        pytest.param(["corrected", "declined", ("undone", 2)], 1, "pending", id="then the next"),
        pytest.param(
            ["corrected", "declined", ("undone", 2), ("undone", 1)],
            None,
            "pending",
            id="to its end",
        ),
        pytest.param(
            ["declined", ("undone", 1), "merged"], 3, "merged", id="decided anew after undoing"
        ),
        pytest.param(["check_requested"], 1, "check_requested", id="a request"),
        pytest.param(
            ["check_requested", "check_answered"], None, "pending", id="an answer stays told"
        ),
        pytest.param(
            ["corrected", "check_requested", "check_answered"],
            None,
            "pending",
            id="nothing behind an answer is undone",
        ),
        pytest.param(["split_off", "taken_in"], 2, "pending", id="what was taken in"),
    ],
)
def test_undoing_goes_back_one_decision_at_a_time(
    kinds: Sequence[str | tuple[str, int]], undoes: int | None, state: str
) -> None:
    happened = events(*kinds)
    last = last_decision(happened)
    assert (last.number if last else None) == undoes
    assert happened == [] or state_after(happened[-1].kind) == state
