"""Who sees which rows: the one rule, role by role."""

from collections.abc import Sequence
from datetime import date

import pytest

from zoubian.datasets.classes.models import Period
from zoubian.pipeline.accounts.sight import candidate_scope, case_scope
from zoubian.pipeline.domain.actors import SYSTEM, Actor, Role
from zoubian.pipeline.domain.scopes import EVERY_CANDIDATE, EVERY_CASE, CandidateScope, CaseScope
from zoubian.pipeline.organisation.directory import Organisation
from zoubian.pipeline.organisation.places import PlaceIndex
from zoubian.pipeline.organisation.records import Cover, Post
from zoubian.pipeline.organisation.territory import Territory

ALWAYS = Period(None, None)
TODAY = date(2026, 11, 23)


def organisation(*, covers: Sequence[Cover] = (), posts: Sequence[Post] = ()) -> Organisation:
    nothing = Territory(units={}, streets={}, permits={}, assists=(), shapes={})
    return Organisation(
        1, {}, {}, {}, tuple(covers), tuple(posts), {}, {}, nothing, PlaceIndex((), ())
    )


OURS = organisation(
    covers=[
        Cover("g1", "u1", ALWAYS),
        Cover("g1", "u2", Period(None, date(2026, 6, 30))),
        Cover("g2", "u3", ALWAYS),
    ],
    posts=[
        Post("i1", "甲", Role.INSPECTOR, None, "g1", ALWAYS),
        Post("v1", "乙", Role.VERIFIER, None, "g1", ALWAYS),
        Post("gone", "丙", Role.INSPECTOR, None, "g1", Period(None, date(2026, 1, 1))),
        Post("i2", "丁", Role.INSPECTOR, None, "g2", ALWAYS),
        Post("o1", "戊", Role.OFFICER, "u1", None, ALWAYS),
        Post("o1b", "己", Role.OFFICER, "u1", None, ALWAYS),
        Post("o2", "庚", Role.OFFICER, "u2", None, ALWAYS),
    ],
)
NO_CASE, NO_CANDIDATE = CaseScope(everything=False), CandidateScope(everything=False)


@pytest.mark.parametrize(
    ("actor", "cases", "candidates"),
    [
        (Actor("r", Role.REVIEWER), EVERY_CASE, EVERY_CANDIDATE),
        (Actor("d", Role.DISPATCHER), EVERY_CASE, EVERY_CANDIDATE),
        (Actor("o", Role.OFFICE), EVERY_CASE, EVERY_CANDIDATE),
        (Actor("a", Role.ADMIN), EVERY_CASE, EVERY_CANDIDATE),
        (
            Actor("o1", Role.OFFICER, unit_id="u1"),
            CaseScope(everything=False, unit_ids=("u1",)),
            CandidateScope(everything=False, reporters=("o1", "o1b")),
        ),
        (
            Actor("i1", Role.INSPECTOR, group_id="g1"),
            CaseScope(everything=False, unit_ids=("u1",), group_id="g1"),
            CandidateScope(everything=False, reporters=("i1", "v1"), group_id="g1"),
        ),
        (
            Actor("v1", Role.VERIFIER, group_id="g1"),
            CaseScope(everything=False, unit_ids=("u1",), group_id="g1"),
            CandidateScope(everything=False, reporters=("i1", "v1"), group_id="g1"),
        ),
        # What does not belong anywhere sees nothing.
        (Actor("x", Role.OFFICER), NO_CASE, NO_CANDIDATE),
        (Actor("x", Role.INSPECTOR), NO_CASE, NO_CANDIDATE),
        (Actor("x", Role.VERIFIER, unit_id="u1"), NO_CASE, NO_CANDIDATE),
        (Actor("x", Role.OFFICER, group_id="g1"), NO_CASE, NO_CANDIDATE),
        (SYSTEM, NO_CASE, NO_CANDIDATE),
    ],
    ids=lambda value: f"{value.role}-{value.user_id}" if isinstance(value, Actor) else "",
)
def test_each_role_sees_its_own(actor: Actor, cases: CaseScope, candidates: CandidateScope) -> None:
    assert case_scope(actor, OURS, TODAY) == cases
    assert candidate_scope(actor, OURS, TODAY) == candidates


def test_what_a_group_covered_earlier_counts_no_longer() -> None:
    actor = Actor("i1", Role.INSPECTOR, group_id="g1")
    assert case_scope(actor, OURS, date(2026, 6, 30)).unit_ids == ("u1", "u2")
    assert case_scope(actor, OURS, date(2026, 7, 1)).unit_ids == ("u1",)
