"""Values of the pipeline as documents: a case with its story, in lists and alone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from zoubian.api.http.context import Service
from zoubian.api.http.session import SignedIn
from zoubian.api.http.wire.cases import (
    ActorNamed,
    CaseDocument,
    CaseItem,
    CaseListItem,
    ExhibitDocument,
    PictureDocument,
    TimelineEntry,
)
from zoubian.pipeline.domain.actors import Role
from zoubian.pipeline.domain.case_clock import Stage, stage_at
from zoubian.pipeline.domain.cases import CaseAction
from zoubian.pipeline.domain.cases_details import FREE_TEXTS
from zoubian.pipeline.domain.cases_fold import SUBJECT_PREFIX
from zoubian.pipeline.domain.cases_rules import allowed_actions
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.ledger import cases, texts
from zoubian.pipeline.ledger.cases_lists import CaseLine, case_line
from zoubian.pipeline.ledger.events import StoredEvent, events_of
from zoubian.pipeline.organisation.directory import Organisation
from zoubian.pipeline.review.evidence import evidence_of_case

WHO = ("actor_role", "actor_unit_id", "actor_group_id")

# Done to a case through its candidates only, so that both stay in step.
CLOSED_ACTIONS = (CaseAction.REGISTER, CaseAction.JOIN_CANDIDATE, CaseAction.PART_CANDIDATE)


def case_item(line: CaseLine, now: datetime) -> CaseListItem:
    """A case in a list."""
    told = CaseItem.model_validate(line)
    return CaseListItem(**told.model_dump(), stage=_stage(line, now))


def case_document(here: Service, session: Session, who: SignedIn, case_id: str) -> CaseDocument:
    """A case with all that happened to it."""
    view = cases.case_view(session, case_id)
    line = case_line(session, case_id)
    now = here.workspace.clock()
    evidence = evidence_of_case(session, case_id, view.candidate_ids)
    events = events_of(session, SUBJECT_PREFIX + case_id)
    organisation = here.workspace.organisation.current(session)
    return CaseDocument(
        **case_item(line, now).model_dump(),
        rule_id=view.rule_id,
        assisting_unit_ids=view.assisting_unit_ids,
        candidate_ids=view.candidate_ids,
        registered_group_id=view.registered_group_id,
        conditions=sorted(view.conditions),
        allowed_actions=_open_actions(view, who),
        timeline=list(timeline(session, events, organisation)),
        pictures=[PictureDocument.model_validate(one) for one in evidence.pictures],
        exhibits=[ExhibitDocument.model_validate(one) for one in evidence.exhibits],
    )


def timeline(
    session: Session, events: Iterable[StoredEvent], organisation: Organisation
) -> Iterable[TimelineEntry]:
    """What happened to a case, in order, with what people wrote."""
    events = list(events)
    references = [
        str(event.details[key]) for event in events for key in FREE_TEXTS if key in event.details
    ]
    bodies = texts.read(session, references)
    for event in events:
        yield TimelineEntry(
            number=event.number,
            action=CaseAction(event.kind.removeprefix("case.")),
            actor=who_did(event.actor, event.details, organisation),
            occurred_at=event.occurred_at,
            recorded_at=event.recorded_at,
            details={
                key: bodies.get(str(value)) if key in FREE_TEXTS else value
                for key, value in event.details.items()
                if key not in WHO
            },
        )


def who_did(user_id: str, details: Mapping[str, Any], organisation: Organisation) -> ActorNamed:
    """Who did something, as the event says, with the name that the organisation knows."""
    role = details.get("actor_role")
    return ActorNamed(
        user_id=user_id,
        name=organisation.name_of(user_id),
        role=None if role is None else Role(role),
        unit_id=details.get("actor_unit_id"),
        group_id=details.get("actor_group_id"),
    )


def _open_actions(view: CaseView, who: SignedIn) -> list[CaseAction]:
    return [one for one in allowed_actions(view, who.actor) if one not in CLOSED_ACTIONS]


def _stage(line: CaseLine, now: datetime) -> Stage:
    return stage_at(line.due_at, line.warn_at, line.supervise_at, now=now)
