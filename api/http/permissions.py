"""The one table of permissions: what a route is for, and which roles may use it.

A role that may use a route still sees and changes only rows within its scope (`sight`), and only
as the tables of transitions allow.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from fastapi import Depends

from zoubian.api.http.problems import FORBIDDEN, HttpFault
from zoubian.api.http.session import CurrentUser, SignedIn
from zoubian.pipeline.domain.actors import Role
from zoubian.pipeline.domain.candidate_states import TRANSITIONS as CANDIDATE_TRANSITIONS
from zoubian.pipeline.domain.candidate_states import CandidateAction
from zoubian.pipeline.domain.cases import CaseAction
from zoubian.pipeline.domain.cases_table import TRANSITIONS as CASE_TRANSITIONS


class Permission(StrEnum):
    """What a route is for."""

    PUBLIC = "public"  # nobody has to be signed in
    TASK = "task"  # who holds a link for one case, and nobody else
    SIGNED_IN = "signed_in"
    SEE_CASES = "see_cases"
    ACT_ON_CASES = "act_on_cases"
    SEE_CANDIDATES = "see_candidates"
    DECIDE_CANDIDATES = "decide_candidates"
    REPORT = "report"
    UPLOAD = "upload"
    PATROL = "patrol"
    URGE = "urge"
    MAKE_LINKS = "make_links"
    SEE_ORIGINALS = "see_originals"
    SEE_ACCESS_LOG = "see_access_log"
    SEE_PEOPLE = "see_people"
    SEE_LEDGER = "see_ledger"
    LOAD = "load"
    ACCOUNTS = "accounts"


PEOPLE = frozenset(Role) - {Role.SYSTEM}
_GROUP = frozenset({Role.INSPECTOR, Role.VERIFIER})
_DESKS = frozenset({Role.REVIEWER, Role.DISPATCHER, Role.OFFICE})
_ACTING_ON_CASES = frozenset[Role]().union(*(step.roles for step in CASE_TRANSITIONS.values()))
_DECIDING = frozenset[Role]().union(
    *(step.roles | step.own_roles for step in CANDIDATE_TRANSITIONS.values())
)

ROLES: Mapping[Permission, frozenset[Role]] = {
    Permission.PUBLIC: PEOPLE,
    Permission.TASK: frozenset(),
    Permission.SIGNED_IN: PEOPLE,
    Permission.SEE_CASES: PEOPLE,
    Permission.ACT_ON_CASES: _ACTING_ON_CASES & PEOPLE,
    Permission.SEE_CANDIDATES: PEOPLE,
    Permission.DECIDE_CANDIDATES: _DECIDING & PEOPLE,
    Permission.REPORT: CANDIDATE_TRANSITIONS[None, CandidateAction.REPORT].roles,
    Permission.UPLOAD: PEOPLE - {Role.ADMIN},
    Permission.PATROL: _GROUP | {Role.REVIEWER, Role.OFFICE},
    Permission.URGE: frozenset[Role]().union(
        *(step.roles for (_, act), step in CASE_TRANSITIONS.items() if act is CaseAction.URGE)
    )
    & PEOPLE,
    Permission.MAKE_LINKS: frozenset({Role.OFFICER}),
    Permission.SEE_ORIGINALS: _GROUP | _DESKS,
    Permission.SEE_ACCESS_LOG: frozenset({Role.OFFICE, Role.ADMIN}),
    Permission.SEE_PEOPLE: _DESKS | {Role.ADMIN},
    Permission.SEE_LEDGER: frozenset({Role.OFFICE, Role.ADMIN}),
    Permission.LOAD: frozenset({Role.OFFICE, Role.ADMIN}),
    Permission.ACCOUNTS: frozenset({Role.ADMIN}),
}


def may(who: SignedIn, permission: Permission) -> bool:
    """Whether somebody may use routes of this permission."""
    if who.link is not None:
        return permission is Permission.TASK
    return who.actor.role in ROLES[permission]


def requires(permission: Permission) -> Any:
    """The dependency that every route names: who asks, if they may."""

    def guard(who: CurrentUser) -> SignedIn:
        if not may(who, permission):
            raise HttpFault(FORBIDDEN)
        return who

    guard.permission = permission  # type: ignore[attr-defined]
    return Depends(guard)


def _nobody() -> None:
    return None


_nobody.permission = Permission.PUBLIC  # type: ignore[attr-defined]

# For routes that are open to everybody: `dependencies=[PUBLIC]`.
PUBLIC = Depends(_nobody)
