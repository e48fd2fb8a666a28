"""A candidate as people are shown it: values without behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.domain.actors import Actor
from zoubian.pipeline.domain.candidate_states import (
    TRANSITIONS,
    CandidateAction,
    CandidateState,
    DeclineReason,
)
from zoubian.pipeline.domain.cases import Source
from zoubian.pipeline.domain.geo import Position


@dataclass(frozen=True, slots=True)
class Check:
    """A fact that a working group was asked for; `fact` is a reference into the ledger's texts."""

    group_id: str
    due_at: datetime
    fact: str


@dataclass(frozen=True, slots=True)
class Hold:
    """The permit or zone that explains a candidate away, until a person decides otherwise."""

    permit_id: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class CandidateView:
    """One candidate as it stands.

    Attributes:
        version: what a decision about it has to name.
        visual_class: None for a report; then `members` is empty and `confidence` None.
        position: its `error_m` is the radius that holds the object.
        case_id: the case that it became or joined.
        merged_into: the candidate that it is part of now; `split_from` what it was part of.
    """

    id: str
    number: str
    version: int
    state: CandidateState
    source: Source
    patrol_id: str | None
    queued_at: datetime
    visual_class: str | None
    category: str | None
    filing_condition: str | None
    members: Mapping[str, int]
    confidence: float | None
    precision: float | None
    proven: bool
    position: Position | None
    place_zh: str | None
    place_en: str | None
    first_seen_at: datetime | None
    evidence_sha256: str | None
    reported_by: str | None
    case_id: str | None
    merged_into: str | None
    split_from: str | None
    decline_reason: DeclineReason | None
    check: Check | None
    hold: Hold | None


def allowed_actions(view: CandidateView, actor: Actor) -> tuple[CandidateAction, ...]:
    """What this person may do to this candidate now, if nothing else stands against it."""
    asked = view.check is not None and view.check.group_id == actor.group_id
    own = view.reported_by == actor.user_id or asked
    found = []
    for action in CandidateAction:
        step = TRANSITIONS.get((view.state, action))
        if step and (actor.role in step.roles or (own and actor.role in step.own_roles)):
            found.append(action)
    return tuple(found)


def position_of(row: Candidate) -> Position | None:
    """Where the candidate is, None without a position."""
    if row.lat is None or row.lon is None or row.radius_m is None:
        return None
    return Position(row.lat, row.lon, row.radius_m)


def view_of(row: Candidate) -> CandidateView:
    """The row as a value."""
    return CandidateView(
        id=row.id,
        number=row.number,
        version=row.version,
        state=CandidateState(row.state),
        source=Source(row.source),
        patrol_id=row.patrol_id,
        queued_at=row.queued_at,
        visual_class=row.visual_class,
        category=row.category,
        filing_condition=row.filing_condition,
        members=dict(row.members),
        confidence=row.confidence,
        precision=row.precision,
        proven=row.proven,
        position=position_of(row),
        place_zh=row.place_zh,
        place_en=row.place_en,
        first_seen_at=row.first_seen_at,
        evidence_sha256=row.evidence_sha256,
        reported_by=row.reported_by,
        case_id=row.case_id,
        merged_into=row.merged_into,
        split_from=row.split_from,
        decline_reason=DeclineReason(row.decline_reason) if row.decline_reason else None,
        check=_check(row),
        hold=_hold(row),
    )


def _check(row: Candidate) -> Check | None:
    if row.check_group_id is None or row.check_due_at is None or row.check_fact is None:
        return None
    return Check(row.check_group_id, row.check_due_at, row.check_fact)


def _hold(row: Candidate) -> Hold | None:
    if row.held_by is None or row.held_zh is None or row.held_en is None:
        return None
    return Hold(row.held_by, row.held_zh, row.held_en)
