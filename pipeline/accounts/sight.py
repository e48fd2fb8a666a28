"""Which rows a person may see: the one place that says so, for every list and every single read."""

from datetime import date

from zoubian.pipeline.domain.actors import Actor, Role
from zoubian.pipeline.domain.scopes import (
    EVERY_CANDIDATE,
    EVERY_CASE,
    CandidateScope,
    CaseScope,
)
from zoubian.pipeline.organisation.directory import Organisation

# A desk works for the whole campaign; an administrator helps everybody.
_SEE_ALL = (Role.REVIEWER, Role.DISPATCHER, Role.OFFICE, Role.ADMIN)
_GROUPED = (Role.INSPECTOR, Role.VERIFIER)


def case_scope(actor: Actor, organisation: Organisation, on: date) -> CaseScope:
    """An officer sees the unit's cases, a member of a group those of the units that the group
    covers and those that it registered; whoever belongs to none of these sees none."""
    if actor.role in _SEE_ALL:
        return EVERY_CASE
    if actor.role is Role.OFFICER and actor.unit_id is not None:
        return CaseScope(everything=False, unit_ids=(actor.unit_id,))
    if actor.role in _GROUPED and actor.group_id is not None:
        units = organisation.units_of(actor.group_id, on)
        return CaseScope(everything=False, unit_ids=units, group_id=actor.group_id)
    return CaseScope(everything=False)


def candidate_scope(actor: Actor, organisation: Organisation, on: date) -> CandidateScope:
    """An officer sees what the unit's people reported, a member of a group what the group's
    people reported, its patrols found, and what it was asked to check."""
    if actor.role in _SEE_ALL:
        return EVERY_CANDIDATE
    grouped = actor.role in _GROUPED and actor.group_id is not None
    united = actor.role is Role.OFFICER and actor.unit_id is not None
    if not grouped and not united:
        return CandidateScope(everything=False)
    colleagues = {
        post.user_id
        for post in organisation.people(on)
        if (grouped and post.group_id == actor.group_id)
        or (united and post.role is Role.OFFICER and post.unit_id == actor.unit_id)
    }
    return CandidateScope(
        everything=False,
        reporters=tuple(sorted({*colleagues, actor.user_id})),
        group_id=actor.group_id if grouped else None,
    )
