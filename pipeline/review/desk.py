"""What every decision does: lock the rows, see that nobody came between, move, leave an event."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.domain.actors import Actor
from zoubian.pipeline.domain.candidate_states import (
    TRANSITIONS,
    CandidateAction,
    CandidateState,
    next_state,
)
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.ledger import texts
from zoubian.pipeline.ledger.events import NewEvent, append
from zoubian.pipeline.organisation.records import Permit
from zoubian.pipeline.review.registry import Registry
from zoubian.pipeline.review.view import position_of

SUBJECT_PREFIX = "candidate:"

_TIMES = ("first_seen_at", "check_due_at")

# What an event tells of a candidate that a person made; the rest is empty, or follows from it.
_TOLD = (
    "number",
    "source",
    "patrol_id",
    "visual_class",
    "category",
    "filing_condition",
    "members",
    "lat",
    "lon",
    "radius_m",
    "place_zh",
    "place_en",
    "first_seen_at",
    "reported_by",
    "split_from",
)


@dataclass(frozen=True, slots=True)
class By:
    """Who decides, when it happened in the world, and now."""

    actor: Actor
    at: datetime
    recorded_at: datetime


def lock(
    session: Session, versions: Mapping[str, int], *, also: Collection[str] = ()
) -> dict[str, Candidate]:
    """The rows of candidates, locked, if nobody has changed them since they were looked at.

    All that one decision touches are locked together, before any case and before the ledger's
    head: everybody waits in the same order, and nobody in a ring.

    Args:
        versions: the `Candidate.version` that the caller has seen, by id.
        also: ids of others that follow from those, which the caller need not have seen.

    Raises:
        Refusal: `no_such_candidate` or `conflict`.
    """
    wanted = {*versions, *also}
    rows = session.scalars(
        select(Candidate)
        .where(Candidate.id.in_(wanted))
        .order_by(Candidate.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {row.id: row for row in rows}
    if len(found) != len(wanted):
        raise no_such_candidate()
    if any(found[identifier].version != version for identifier, version in versions.items()):
        raise conflict()
    return found


def no_such_candidate() -> Refusal:
    """It was never there, or a rescan has put another one in its place."""
    return Refusal(
        "no_such_candidate",
        zh="该疑似问题已不存在，可能已被重新分析的结果替换，请刷新列表",
        en="this candidate is gone, perhaps replaced by a new analysis: load the list anew",
    )


def conflict() -> Refusal:
    """Two people at one candidate: the second looks again, nothing is overwritten."""
    return Refusal(
        "conflict",
        zh="其他人刚刚处理了该疑似问题，请查看最新情况后再操作",
        en="somebody else has just dealt with this candidate: look at it again",
    )


def allow(row: Candidate, action: CandidateAction, by: By) -> CandidateState:
    """The state after the action; asked before anything else, because nothing is written then.

    Raises:
        Refusal: the table does not allow it.
    """
    return next_state(CandidateState(row.state), action, by.actor, own=concerns(row, by.actor))


def decide(
    session: Session,
    row: Candidate,
    action: CandidateAction,
    by: By,
    after: Mapping[str, Any],
    facts: Mapping[str, Json],
) -> None:
    """Move a candidate by the table, change its columns, leave the event.

    The event says what the columns were and what they are: its `after` of all events in order is
    the row, and its `before` is what taking it back restores. From now on a scan leaves the row
    alone.

    Raises:
        Refusal: the table does not allow it.
    """
    state = allow(row, action, by)
    before = {name: getattr(row, name) for name in after}
    said = {**facts, "before": _plain(before), "after": _plain(after)}
    append(session, [event(row.id, action, by, said)], recorded_at=by.recorded_at)
    row.state = state
    row.version += 1
    row.handled = True
    for name, value in after.items():
        setattr(row, name, value)


def begin(
    session: Session, row: Candidate, action: CandidateAction, by: By, facts: Mapping[str, Json]
) -> None:
    """Add a candidate that a person made, with the event that tells all of it.

    Raises:
        Refusal: the table does not allow it.
    """
    row.state = next_state(None, action, by.actor, own=False)
    row.version, row.handled = 1, True
    session.add(row)
    session.flush()
    said = {**facts, "after": _plain({name: getattr(row, name) for name in _TOLD})}
    append(session, [event(row.id, action, by, said)], recorded_at=by.recorded_at)


def concerns(row: Candidate, actor: Actor) -> bool:
    """Whether it is the actor's own report, or a check that the actor's group was asked for."""
    asked = row.check_group_id is not None and row.check_group_id == actor.group_id
    return row.reported_by == actor.user_id or asked


def only_as_own(row: Candidate, action: CandidateAction, actor: Actor) -> bool:
    """Whether the actor may do it only because it concerns the actor."""
    return actor.role not in TRANSITIONS[CandidateState(row.state), action].roles


def event(
    identifier: str, action: CandidateAction, by: By, details: Mapping[str, Json]
) -> NewEvent:
    """The event of a decision; it names who acted in what capacity."""
    said: dict[str, Json] = {**details, "actor_role": by.actor.role.value}
    if by.actor.unit_id is not None:
        said["actor_unit_id"] = by.actor.unit_id
    if by.actor.group_id is not None:
        said["actor_group_id"] = by.actor.group_id
    return NewEvent(SUBJECT_PREFIX + identifier, action.kind, by.actor.user_id, by.at, said)


def kept_text(session: Session, said: str | None) -> str | None:
    """A reference to what somebody wrote: it may name people and never stands in an event."""
    return texts.keep(session, said.strip()) if said is not None and said.strip() else None


def permit_for(
    session: Session, row: Candidate, category: str | None, registry: Registry, at: datetime
) -> Permit | None:
    """The permit or zone that allowed the category there when it was seen (else `at`)."""
    position = position_of(row)
    if position is None or category is None:
        return None
    return registry.permit(session, category, position, row.first_seen_at or at)


def hold_by_permit(session: Session, row: Candidate, registry: Registry, at: datetime) -> bool:
    """Write down which permit explains a candidate away, if any does; returns whether one does."""
    permit = permit_for(session, row, row.category, registry, at)
    row.held_by = permit.id if permit else None
    row.held_zh = permit.name_zh if permit else None
    row.held_en = permit.name_en if permit else None
    return permit is not None


def told_columns(said: Json) -> dict[str, Any]:
    """Columns as an event holds them, as a row holds them."""
    assert isinstance(said, Mapping)
    return {
        name: datetime.fromisoformat(value) if name in _TIMES and isinstance(value, str) else value
        for name, value in said.items()
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Json]:
    """Columns as an event can hold them; `told_columns` reads them back."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
