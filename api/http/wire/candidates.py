"""Candidates and reports: what is decided about them, and how they are told."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from zoubian.api.http.paging import LONGEST_PAGE, PAGE
from zoubian.api.http.wire.base import Answer, Ask, Id, Name, Sha256, Text, Time
from zoubian.api.http.wire.cases import (
    ActorNamed,
    ExhibitDocument,
    Latitude,
    Longitude,
    Photos,
    PictureDocument,
    Radius,
)
from zoubian.pipeline.domain.candidate_states import (
    CandidateAction,
    CandidateState,
    DeclineReason,
)
from zoubian.pipeline.domain.cases import Source
from zoubian.pipeline.review.pictures import PhotoPart
from zoubian.pipeline.review.suspects import SuspectKind

Certainty = Annotated[float, Field(ge=0, le=1)]
Counts = Annotated[dict[str, Annotated[int, Field(ge=1, le=10_000)]], Field(max_length=100)]


def _pending() -> list[CandidateState]:
    return [CandidateState.PENDING]


class CandidateFilters(Ask):
    """What is looked for; filters hold together."""

    state: Annotated[list[CandidateState], Field(default_factory=_pending)]
    visual_class: Annotated[list[Name], Field(default_factory=list)]
    category: Annotated[list[Name], Field(default_factory=list)]
    certain: bool | None = None
    certain_from: Certainty = 0.8
    proven: bool | None = None
    held_back: bool | None = None
    patrol_id: Id | None = None
    text: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class CandidateSearch(CandidateFilters):
    """A page of the queue."""

    after: Annotated[str, Field(max_length=300)] | None = None
    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = PAGE


class CheckDocument(Answer):
    """What a working group is asked to find out."""

    group_id: str
    due_at: Time
    fact: str | None


class HoldDocument(Answer):
    """The permit or zone that explains the candidate away."""

    permit_id: str
    name_zh: str
    name_en: str


class CandidateItem(Answer):
    """One candidate in the queue; `precision` is null where it was never measured."""

    id: str
    number: str
    version: int
    state: CandidateState
    source: Source
    patrol_id: str | None
    queued_at: Time
    visual_class: str | None
    category: str | None
    filing_condition: str | None
    members: Mapping[str, int]
    confidence: float | None
    precision: float | None
    proven: bool
    lat: float | None
    lon: float | None
    radius_m: float | None
    place_zh: str | None
    place_en: str | None
    first_seen_at: Time | None
    evidence_sha256: str | None
    reported_by: str | None
    case_id: str | None
    merged_into: str | None
    split_from: str | None
    decline_reason: DeclineReason | None
    check: CheckDocument | None
    hold: HoldDocument | None


class ChoiceDocument(Answer):
    """A category that the candidate's class suggests, and what would decide for it."""

    category: str
    category_zh: str
    category_en: str
    decided_by_zh: str
    decided_by_en: str


class CandidateEntry(Answer):
    """One thing that was decided about a candidate."""

    number: int
    action: CandidateAction
    actor: ActorNamed
    occurred_at: Time
    recorded_at: Time
    note: str | None
    details: Mapping[str, Any]


class CandidateDocument(CandidateItem):
    """One candidate with its evidence, and what the user may do to it now."""

    choices: list[ChoiceDocument]
    allowed_actions: list[CandidateAction]
    pictures: list[PictureDocument]
    exhibits: list[ExhibitDocument]
    timeline: list[CandidateEntry]


class SuspectDocument(Answer):
    """A case or candidate that may be the same problem."""

    kind: SuspectKind
    id: str
    number: str
    case_id: str | None
    distance_m: float | None
    errors_m: float | None
    why_zh: str
    why_en: str


class CandidateCounts(Answer):
    """How many candidates wait, and of what kind; reports are under ""."""

    total: int
    by_class: Mapping[str, int]
    certain: int
    uncertain: int
    unproven: int
    reported: int
    held_back: int


class DecisionAsk(Ask):
    """A decision; `version` is that of the candidate as the user has seen it."""

    version: int
    at: Time | None = None


class ConfirmAsk(DecisionAsk):
    """Register a case, or join the candidate to `into_case`."""

    category: Name
    filing_condition: Name | None = None
    into_case: Id | None = None
    case_version: int | None = None
    despite_permit: bool = False
    external_number: Name | None = None
    note: Text | None = None
    after_photo_sha256s: Annotated[list[Sha256], Field(max_length=50, default_factory=list)]


class PositionAsk(Ask):
    """A position in WGS-84 degrees, and how far it may be off in metres."""

    lat: Latitude
    lon: Longitude
    radius_m: Radius


class CorrectAsk(DecisionAsk):
    """What a person knows better; what is left out stays."""

    category: Name | None = None
    filing_condition: Name | None = None
    place_zh: Name | None = None
    place_en: Name | None = None
    position: PositionAsk | None = None


class MergeAsk(Ask):
    """Others that this candidate takes in, and the versions of all of them by id."""

    other_ids: Annotated[list[Id], Field(min_length=1, max_length=100)]
    versions: Annotated[dict[str, int], Field(max_length=101)]
    same_objects: bool
    at: Time | None = None


class PartAsk(Ask):
    """One of the problems that a candidate turned out to be."""

    members: Counts
    frame_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]
    category: Name | None = None


class SplitAsk(DecisionAsk):
    """The parts of a candidate."""

    parts: Annotated[list[PartAsk], Field(min_length=1, max_length=50)]


class CheckAsk(DecisionAsk):
    """A fact that a working group is to find out before a case is registered."""

    fact: Text
    group_id: Id
    due_at: Time


class PhotoAsk(Ask):
    """A photo that was uploaded, and what it shows."""

    sha256: Sha256
    part: PhotoPart | None = None


class AnswerAsk(DecisionAsk):
    """What was found out."""

    answer: Annotated[str, Field(max_length=4000)] = ""
    photos: Annotated[list[PhotoAsk], Field(max_length=50, default_factory=list)]


class DeclineAsk(DecisionAsk):
    """Why no case is registered."""

    reason: DeclineReason
    note: Text | None = None


class ReportAsk(Ask):
    """A problem that a person reports; the same `request_id` a second time changes nothing."""

    category: Name
    filing_condition: Name | None = None
    position: PositionAsk | None = None
    place_zh: Name | None = None
    place_en: Name | None = None
    photos: Annotated[list[PhotoAsk], Field(max_length=50, default_factory=list)]
    after_photo_sha256s: Photos | None = None
    seen_at: Time | None = None
    note: Text | None = None
    external_number: Name | None = None
    request_id: Id | None = None


class CandidatesDocument(Answer):
    """Several candidates that a decision made."""

    items: Sequence[CandidateDocument]
