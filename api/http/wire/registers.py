"""The organisation, deadlines, categories, urging and the ledger's chain."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from zoubian.api.http.wire.base import Answer, Ask, Id, Time
from zoubian.api.http.wire.cases import RefusedCase
from zoubian.pipeline.dispatch.urging import Level
from zoubian.pipeline.domain.actors import Role
from zoubian.pipeline.organisation.records import UnitKind


class UnitDocument(Answer):
    """A unit, and the working groups that cover it."""

    id: str
    name_zh: str
    name_en: str
    kind: UnitKind
    district: str | None
    phone: str | None
    group_ids: Sequence[str]


class GroupDocument(Answer):
    """A working group, and the units that it covers."""

    id: str
    name_zh: str
    name_en: str
    lead_unit_id: str | None
    unit_ids: Sequence[str]


class OrganisationDocument(Answer):
    """The organisation of a day; `version` grows with each load."""

    version: int
    units: Sequence[UnitDocument]
    groups: Sequence[GroupDocument]


class PersonDocument(Answer):
    """A person in one role."""

    user_id: str
    name: str
    role: Role
    unit_id: str | None
    group_id: str | None


class CategoryDocument(Answer):
    """A category of the campaign; `photo_evidence` tells whether one photo can prove it."""

    id: str
    number: int
    name_zh: str
    meaning_en: str
    photo_evidence: str
    missing_fact_zh: str | None
    missing_fact_en: str | None


class RuleDocument(Answer):
    """The deadline of one filing condition; `example` marks another city's (他市示例)."""

    id: str
    category: str
    condition: str
    condition_zh: str
    condition_en: str
    amount: str | None
    clock: str | None
    warning: str
    supervision: str
    rework: str
    weather: str | None
    city: str
    example: bool
    valid_from: date | None
    valid_to: date | None
    source: str


class DayDocument(Answer):
    """A day that differs from plain weekdays."""

    day: date
    worked: bool
    name: str


class CalendarDocument(Answer):
    """A year's days that differ from plain weekdays; times in a year that is not `announced` are
    provisional (暂定)."""

    year: int
    announced: bool
    days: Sequence[DayDocument]


class FindingDocument(Answer):
    """Something about a row of a loaded file."""

    file: str | None
    sheet: str | None
    row: int | None
    code: str
    message: str


class OrganisationLoad(Answer):
    """What a load of the organisation changed, or would change."""

    loaded: bool
    dry_run: bool
    version: int | None
    as_of: date
    counts: Mapping[str, Mapping[str, int]]
    changes: Sequence[Mapping[str, Any]]
    problems: Sequence[FindingDocument]
    notes: Sequence[FindingDocument]


class DeadlineLoad(Answer):
    """What a load of deadlines and calendar changed, or would change."""

    loaded: bool
    dry_run: bool
    new_rules: int
    days: int
    years: Sequence[int]
    hours: bool
    moved_cases: int | None
    problems: Sequence[FindingDocument]
    notes: Sequence[FindingDocument]


class DueDocument(Answer):
    """A case that is due soon or overdue."""

    case_id: str
    number: str
    unit_id: str
    category_zh: str
    condition_zh: str | None
    place_zh: str
    due_at: Time
    level: Level
    round: int
    urged: int
    provisional: bool
    example_city: str | None


class UrgeAsk(Ask):
    """Which units are to be urged; all if left out."""

    unit_ids: Annotated[list[Id], Field(min_length=1, max_length=500)] | None = None


class UrgedUnit(Answer):
    """What one unit is urged about; `texts` are ready to be pasted into a messenger."""

    unit_id: str
    unit_zh: str
    title: str
    case_ids: Sequence[str]
    counts: Mapping[str, int]
    texts: Sequence[str]


class UrgedDocument(Answer):
    """An urging that stands in the ledger; `batch` is null where there was nothing to urge."""

    batch: str | None
    logged: int
    refused: Sequence[RefusedCase]
    units: Sequence[UrgedUnit]


class HeadDocument(Answer):
    """Where the chain ends; `head` is the line to be kept elsewhere."""

    number: int
    hash: str
    head: str


# A head as it was passed on; nothing else, as the command line would read a file of that name.
HeadLine = Annotated[str, Field(pattern=r"^[0-9]{1,18}:[0-9a-f]{64}$")]


class LedgerCheckAsk(Ask):
    """Heads (NUMBER:HASH) that left the system earlier, to compare with."""

    against: Annotated[list[HeadLine], Field(max_length=1000, default_factory=list)]


class FaultDocument(Answer):
    """Something that is wrong with the ledger."""

    number: int | None
    code: str
    message_zh: str
    message_en: str


class LedgerCheckDocument(Answer):
    """The ledger was walked from end to end."""

    head: HeadDocument | None
    compared_heads: int
    faults_found: int
    faults: Sequence[FaultDocument]
