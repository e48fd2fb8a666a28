"""Candidates as documents: in the queue, and alone with their evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from zoubian.api.http.context import Service
from zoubian.api.http.session import SignedIn
from zoubian.api.http.telling import WHO, who_did
from zoubian.api.http.wire.candidates import (
    CandidateDocument,
    CandidateEntry,
    CandidateItem,
    CheckDocument,
    ChoiceDocument,
)
from zoubian.api.http.wire.cases import ExhibitDocument, PictureDocument
from zoubian.pipeline.candidates.knowledge import ranked_categories
from zoubian.pipeline.domain.candidate_states import CandidateAction
from zoubian.pipeline.ledger import texts
from zoubian.pipeline.ledger.events import events_of
from zoubian.pipeline.organisation.directory import Organisation
from zoubian.pipeline.review.desk import SUBJECT_PREFIX
from zoubian.pipeline.review.evidence import evidence_of_candidates
from zoubian.pipeline.review.queue import candidate
from zoubian.pipeline.review.view import CandidateView, allowed_actions

_SAID = ("note", "answer")  # references of what people wrote
_INSIDE = ("before", "after", *_SAID, *WHO)


def candidate_items(session: Session, views: Iterable[CandidateView]) -> list[CandidateItem]:
    """Candidates in a list."""
    views = list(views)
    facts = texts.read(session, [view.check.fact for view in views if view.check])
    return [CandidateItem(**_fields(view, facts)) for view in views]


def candidate_document(
    here: Service, session: Session, who: SignedIn, candidate_id: str
) -> CandidateDocument:
    """One candidate with its evidence and what was decided about it."""
    view = candidate(session, candidate_id)
    facts = texts.read(session, [view.check.fact] if view.check else [])
    evidence = evidence_of_candidates(session, [candidate_id])
    organisation = here.workspace.organisation.current(session)
    choices = (
        ranked_categories(view.visual_class, tuple(view.members), here.tables)
        if view.visual_class is not None
        else ()
    )
    return CandidateDocument(
        **_fields(view, facts),
        choices=[ChoiceDocument.model_validate(choice) for choice in choices],
        allowed_actions=list(allowed_actions(view, who.actor)),
        pictures=[PictureDocument.model_validate(one) for one in evidence.pictures],
        exhibits=[ExhibitDocument.model_validate(one) for one in evidence.exhibits],
        timeline=list(_timeline(session, candidate_id, organisation)),
    )


def _fields(view: CandidateView, facts: Mapping[str, str]) -> dict[str, Any]:
    here, check = view.position, view.check
    fields = {
        name: getattr(view, name) for name in CandidateItem.model_fields if hasattr(view, name)
    }
    return {
        **fields,
        "lat": here.lat if here else None,
        "lon": here.lon if here else None,
        "radius_m": here.error_m if here else None,
        "check": check
        and CheckDocument(group_id=check.group_id, due_at=check.due_at, fact=facts.get(check.fact)),
        "hold": view.hold and asdict(view.hold),
    }


def _timeline(
    session: Session, candidate_id: str, organisation: Organisation
) -> Iterable[CandidateEntry]:
    events = events_of(session, SUBJECT_PREFIX + candidate_id)
    said = {event.number: _reference(event.details) for event in events}
    bodies = texts.read(session, [reference for reference in said.values() if reference])
    for event in events:
        yield CandidateEntry(
            number=event.number,
            action=CandidateAction(event.kind.removeprefix(SUBJECT_PREFIX[:-1] + ".")),
            actor=who_did(event.actor, event.details, organisation),
            occurred_at=event.occurred_at,
            recorded_at=event.recorded_at,
            note=bodies.get(said[event.number] or ""),
            details={k: v for k, v in event.details.items() if k not in _INSIDE},
        )


def _reference(details: Mapping[str, Any]) -> str | None:
    return next((str(details[key]) for key in _SAID if details.get(key)), None)
