"""Cases: what is asked of them, and how they are told."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from zoubian.api.http.paging import LONGEST_PAGE, PAGE
from zoubian.api.http.wire.base import Answer, Ask, Id, Name, Sha256, Text, Time
from zoubian.pipeline.domain.actors import Role
from zoubian.pipeline.domain.case_clock import Stage
from zoubian.pipeline.domain.cases import (
    CaseAction,
    CaseState,
    Condition,
    Recheck,
    SendBackReason,
    Source,
)

Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Radius = Annotated[float, Field(gt=0, le=100_000)]
Photos = Annotated[list[Sha256], Field(min_length=1, max_length=50)]


class CaseFilters(Ask):
    """What is looked for; filters hold together. A box (south, west, north, east) or a circle
    (lat, lon, radius_m) is given whole or not at all."""

    unit_id: Id | None = None
    state: Annotated[list[CaseState], Field(default_factory=list)]
    category: Name | None = None
    source: Source | None = None
    text: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    south: Latitude | None = None
    west: Longitude | None = None
    north: Latitude | None = None
    east: Longitude | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    radius_m: Radius | None = None
    condition: Annotated[list[Condition], Field(default_factory=list)]
    season: Name | None = None
    hard_office_id: Id | None = None
    registered_from: Time | None = None
    registered_to: Time | None = None
    closed_from: Time | None = None
    closed_to: Time | None = None
    due_before: Time | None = None
    overdue: bool = False
    review_before: Time | None = None
    hard_due_before: Time | None = None


class CaseSearch(CaseFilters):
    """A page of a search."""

    after: Annotated[str, Field(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=LONGEST_PAGE)] = PAGE


class CaseItem(Answer):
    """One case in a list.

    `closing` is "on_site", "photo" or "fixed_on_spot"; `stage` tells how urgent it is now; a due
    time is provisional (暂定) where it rests on a year that is not announced.
    """

    id: str
    number: str
    version: int
    external_number: str | None
    state: CaseState
    round: int
    category: str
    filing_condition: str | None
    source: Source
    unit_id: str | None
    proposed_unit_ids: Sequence[str]
    lat: float | None
    lon: float | None
    radius_m: float | None
    place_zh: str | None
    place_en: str | None
    registered_at: Time
    dispatched_at: Time | None
    returned_at: Time | None
    closed_at: Time | None
    closing: str | None
    extended_until: Time | None
    parked_until: Time | None
    parking_review_at: Time | None
    parking_season: str | None
    hard_office_id: str | None
    hard_due_at: Time | None
    hard_promised_at: Time | None
    send_backs: int
    reopened: int
    urged: int
    exempted: bool
    due_at: Time | None
    warn_at: Time | None
    supervise_at: Time | None
    due_provisional: bool


class CaseListItem(CaseItem):
    """One case in a list, and how urgent it is now."""

    stage: Stage


class ActorNamed(Answer):
    """Who did something; the name is None for somebody whom the organisation does not know."""

    user_id: str
    name: str | None
    role: Role | None
    unit_id: str | None
    group_id: str | None


class TimelineEntry(Answer):
    """One thing that happened to a case; free texts stand in `details` as they were written."""

    number: int
    action: CaseAction
    actor: ActorNamed
    occurred_at: Time
    recorded_at: Time
    details: Mapping[str, Any]


class PictureDocument(Answer):
    """One picture. Copies are at .../photos/{shown_sha256} or {evidence_sha256}; the original,
    whose every reading is noted, at .../originals/{original_sha256}."""

    sha256: str
    shown_sha256: str | None
    original_sha256: str | None
    evidence_sha256: str | None
    taken_at: Time | None
    event: int | None
    kind: str | None
    part: str | None
    boxes: Sequence[Sequence[Any]] | None


class ExhibitDocument(Answer):
    """A clip (MP4) or map (SVG) of a candidate, at .../photos/{sha256}."""

    kind: str
    sha256: str


class CaseDocument(CaseListItem):
    """One case with all that happened to it, and what the user may do to it now."""

    rule_id: str | None
    assisting_unit_ids: Sequence[str]
    candidate_ids: Sequence[str]
    registered_group_id: str | None
    conditions: list[Condition]
    allowed_actions: list[CaseAction]
    timeline: list[TimelineEntry]
    pictures: list[PictureDocument]
    exhibits: list[ExhibitDocument]


class ActionDetails(Ask):
    """What an action is told; which details each needs or may have says the refusal."""

    note: Text | None = None
    remaining: Text | None = None
    ground: Text | None = None
    unit_id: Id | None = None
    office_unit_id: Id | None = None
    assisting_unit_ids: Annotated[list[Id], Field(max_length=20)] | None = None
    until: Time | None = None
    recheck: Recheck | None = None
    reason: SendBackReason | None = None
    photo_sha256s: Photos | None = None
    before_photo_sha256s: Photos | None = None
    after_photo_sha256s: Photos | None = None
    candidate_ids: Annotated[list[Id], Field(min_length=1, max_length=50)] | None = None
    season: Name | None = None
    level: Name | None = None
    category: Name | None = None
    filing_condition: Name | None = None
    place_zh: Name | None = None
    place_en: Name | None = None
    external_number: Name | None = None


class ActionAsk(Ask):
    """Something that is done to a case.

    `version` is that of the case as the user has seen it; `at` when it happened, now if left out;
    the same `request_id` a second time changes nothing.
    """

    action: CaseAction
    details: ActionDetails = ActionDetails()
    version: int | None = None
    at: Time | None = None
    request_id: Id | None = None


class BulkAsk(Ask):
    """The same done to many cases."""

    case_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]
    action: CaseAction
    details: ActionDetails = ActionDetails()


class RefusedCase(Answer):
    """A case that something was not done to, and why."""

    case_id: str
    code: str
    message: str


class BulkDocument(Answer):
    """What was done to many cases."""

    done: list[str]
    refused: list[RefusedCase]


class TakerDocument(Answer):
    """How often a unit ended up with cases near by that were proposed to the same units."""

    unit_id: str
    cases: int


class CountDocument(Answer):
    """How many there are."""

    count: int


class LinkAsk(Ask):
    """A link for one case."""

    hours: Annotated[float, Field(gt=0, le=24 * 14)] | None = None


class LinkToken(Answer):
    """A new link: its token stands behind the # of the page's address, and is shown this once."""

    id: str
    token: str
    path: str
    until: Time


class LinkUse(Answer):
    """Somebody used a link, and said this name."""

    name: str
    used_at: Time


class LinkDocument(Answer):
    """A link that was given out."""

    id: str
    made_by: str
    made_at: Time
    until: Time
    revoked_at: Time | None
    uses: list[LinkUse]
