"""The whole product of state, action and role: allowed by the table, or refused in a sentence."""

import re
import runpy
from datetime import timedelta
from pathlib import Path

import pytest
from case_steps import DETAILS, START, PaperBook, actor_for, bring

from zoubian.pipeline.domain.actors import Role
from zoubian.pipeline.domain.cases import CaseAction, CaseState, Condition
from zoubian.pipeline.domain.cases_changes import CHANGES
from zoubian.pipeline.domain.cases_details import fits
from zoubian.pipeline.domain.cases_fold import fold
from zoubian.pipeline.domain.cases_rules import check
from zoubian.pipeline.domain.cases_table import TRANSITIONS
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.cases_words import (
    ACTION_WORDS,
    CONDITION_WORDS,
    DETAIL_WORDS,
    SEND_BACK_WORDS,
)
from zoubian.pipeline.domain.refusals import Refusal

DOCS = Path(__file__).parents[3] / "docs"
STATES = (None, *CaseState)
MUCH_LATER = START + timedelta(days=30)


def is_a_sentence_in_both(refusal: Refusal) -> bool:
    zh, en = refusal.message_zh, refusal.message_en
    return (
        re.search(r"[\u4e00-\u9fff]{4}", zh) is not None
        and re.search(r"[A-Za-z]{2,} [a-z]", en) is not None
        and re.search(r"[\u4e00-\u9fff]", en) is None
        and "\n" not in zh + en
    )


def refusal_of(view: CaseView | None, action: CaseAction, role: Role) -> Refusal:
    with pytest.raises(Refusal) as caught:
        check(
            view,
            action,
            actor=actor_for(role, action),
            details=DETAILS[action],
            at=MUCH_LATER,
            recorded_at=MUCH_LATER,
        )
    return caught.value


@pytest.mark.parametrize("state", STATES, ids=str)
@pytest.mark.parametrize("action", CaseAction)
def test_the_table_decides_about_every_state_action_and_role(
    state: CaseState | None, action: CaseAction
) -> None:
    transition = TRANSITIONS.get((state, action))
    allowed = frozenset() if transition is None else transition.roles
    for role in Role:
        book = PaperBook()
        needed = frozenset() if transition is None else transition.when
        view = None if state is None else bring(book, state, needed)
        assert (None if view is None else view.state) == state
        if role not in allowed:
            refusal = refusal_of(view, action, role)
            assert refusal.code == ("wrong_state" if transition is None else "role")
            assert is_a_sentence_in_both(refusal)
            continue
        assert transition is not None
        if view is None:
            after = book.register("street-1", "street-2")
        else:
            after = book.do(view, action, actor_for(role, action))
        assert after.state is transition.to
        assert fold(book.events) == after


@pytest.mark.parametrize(
    ("state", "action", "condition"),
    [
        (state, action, condition)
        for (state, action), transition in TRANSITIONS.items()
        for condition in transition.when
        if state is not None
    ],
    ids=str,
)
def test_what_needs_a_condition_is_refused_without_it(
    state: CaseState, action: CaseAction, condition: Condition
) -> None:
    view = bring(PaperBook(), state, frozenset())
    assert condition not in view.conditions
    role = min(TRANSITIONS[state, action].roles)
    refusal = refusal_of(view, action, role)
    assert refusal.code == "condition_missing"
    assert is_a_sentence_in_both(refusal)


def _hindered() -> list[tuple[CaseState, CaseAction, Condition]]:
    """Where a condition that hinders can hold at all, besides those that are needed."""
    found = []
    for (state, action), transition in TRANSITIONS.items():
        for condition in sorted(transition.unless):
            try:
                view = bring(PaperBook(), state or CaseState.REGISTERED, frozenset({condition}))
            except Refusal:
                continue
            if state is not None and condition in view.conditions:
                found.append((state, action, condition))
    return found


@pytest.mark.parametrize(("state", "action", "condition"), _hindered(), ids=str)
def test_what_a_condition_hinders_is_refused_with_it(
    state: CaseState, action: CaseAction, condition: Condition
) -> None:
    transition = TRANSITIONS[state, action]
    view = bring(PaperBook(), state, frozenset({condition}) | transition.when)
    refusal = refusal_of(view, action, min(transition.roles))
    assert refusal.code == "condition_holds"
    assert is_a_sentence_in_both(refusal)


@pytest.mark.parametrize(("state", "action"), TRANSITIONS, ids=str)
def test_every_needed_detail_is_asked_for(state: CaseState | None, action: CaseAction) -> None:
    transition = TRANSITIONS[state, action]
    view = None if state is None else bring(PaperBook(), state, transition.when)
    actor = actor_for(min(transition.roles), action)
    for key in transition.needs:
        for given in ({}, {key: ""}, {key: []}, {key: 7}, {key: "  "}):
            details = {name: value for name, value in DETAILS[action].items() if name != key}
            with pytest.raises(Refusal) as caught:
                check(
                    view,
                    action,
                    actor=actor,
                    details=details | given,
                    at=MUCH_LATER,
                    recorded_at=MUCH_LATER,
                )
            assert caught.value.code in ("detail_missing", "detail_invalid")
            assert is_a_sentence_in_both(caught.value)


def test_everything_has_words_and_an_effect() -> None:
    assert set(ACTION_WORDS) == set(CaseAction)
    assert set(CONDITION_WORDS) == set(Condition)
    assert set(CHANGES) == set(CaseAction) - {CaseAction.REGISTER}
    named = {name for rule in TRANSITIONS.values() for name in rule.needs | rule.may}
    assert named == set(DETAIL_WORDS)
    assert {action for _, action in TRANSITIONS} == set(CaseAction)
    assert all(fits(key, value) for said in DETAILS.values() for key, value in said.items())


def test_reasons_to_send_back_are_those_of_the_office() -> None:
    words = [zh for zh, _ in SEND_BACK_WORDS.values()]
    assert words == ["角度不符", "太近", "太暗", "仍有残留", "非同一处", "转移未清"]


def test_the_page_for_readers_is_made_from_the_table() -> None:
    made = runpy.run_path(str(DOCS / "make_cases.py"))["page"]()
    assert (DOCS / "cases.md").read_text(encoding="utf-8") == made, "run docs/make_cases.py"
