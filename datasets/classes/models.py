"""Values of the class tables: campaign, categories, visual classes and what links them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PhotoEvidence(StrEnum):
    """Whether one photo can prove a category."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Clock(StrEnum):
    """How the amount of a deadline runs, in the words of the bureaus' own tables."""

    URGENT_HOURS = "紧急工作时"  # day and night
    URGENT_DAYS = "紧急工作日"  # day and night
    WORKING_HOURS = "工作时"
    WORKING_DAYS = "工作日"
    CALENDAR_DAYS = "自然日"


class CodeKind(StrEnum):
    """Which part of a national standard a code belongs to."""

    EVENT = "event"
    COMPONENT = "component"


class CodeMatch(StrEnum):
    """How well a code fits a category; NONE says that our sources state no code."""

    EXACT = "exact"
    NEAREST = "nearest"
    CITY_EXTENSION = "city_extension"
    NONE = "none"


class Standing(StrEnum):
    """How far a source can be trusted."""

    PRIMARY = "primary"
    SECONDARY = "secondary"  # retold by somebody else; the original was not seen
    UNVERIFIED = "unverified"  # not checked for this city


class Aggregate(StrEnum):
    """What objects of one visual class are counted together by."""

    SPOT = "spot"
    STRETCH = "stretch"


class Basis(StrEnum):
    """The pictures a visual class was learnt from; rendered ones prove nothing by themselves."""

    REAL = "real"
    RENDERED = "rendered"


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from and how far they can be trusted."""

    id: str
    standing: Standing
    origin: str
    note_zh: str
    note_en: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """One inspection campaign; both end dates belong to it."""

    id: str
    name_zh: str
    name_en: str
    valid_from: date
    valid_to: date
    working_groups: int
    subdistricts: int
    townships: int
    street_patrols_per_month_min: int
    source: Source


@dataclass(frozen=True, slots=True)
class Group:
    """A task of the campaign, or with `parent` a part of one."""

    id: str
    parent: "Group | None"
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Category:
    """What the ledger records.

    `missing_fact_*` names what a photo cannot show. It is always there where `photo_evidence` is
    partly or no; on a yes it concerns only part of the category, such as a bin that is missing.
    """

    number: int
    group: Group
    id: str
    name_zh: str
    meaning_en: str
    photo_evidence: PhotoEvidence
    missing_fact_zh: str | None
    missing_fact_en: str | None


@dataclass(frozen=True, slots=True)
class Period:
    """Days on which a row is in force; both ends belong to it, None is an end nobody stated."""

    valid_from: date | None
    valid_to: date | None

    def holds(self, day: date) -> bool:
        """Tell whether `day` lies within the period."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def overlaps(self, other: "Period") -> bool:
        """Tell whether some day lies within both periods."""
        return (self.valid_from or date.min) <= (other.valid_to or date.max) and (
            other.valid_from or date.min
        ) <= (self.valid_to or date.max)


@dataclass(frozen=True, slots=True)
class Deadline:
    """Time to put right, counted on one clock."""

    amount: int
    clock: Clock


@dataclass(frozen=True, slots=True)
class FilingCondition:
    """What has to be seen for a case of a category (立案条件) and how long its cure may take.

    `deadline` is None where the source states none. `example` marks the row of another city: it
    is shown as such and never binds anybody.
    """

    category: str
    condition: str
    condition_zh: str
    condition_en: str
    deadline: Deadline | None
    city: str
    example: bool
    period: Period
    source: Source


@dataclass(frozen=True, slots=True)
class NationalCode:
    """A national code of a category while a standard is in force.

    `code` is None where the sources state none, `name_zh` where they state only a number, `kind`
    where `match` is NONE. `when_*` names the part of the category that the code is for.
    """

    category: str
    standard: str
    code: str | None
    name_zh: str | None
    kind: CodeKind | None
    match: CodeMatch
    when_zh: str | None
    when_en: str | None
    period: Period
    source: Source


@dataclass(frozen=True, slots=True)
class VisualClass:
    """What a model can see.

    Objects of one `spot_group` that stand together are one candidate, named by the member of the
    lowest `rank`. `note_*` says why a class suggests no category.
    """

    id: str
    name_zh: str
    name_en: str
    problem: bool
    spot_group: str
    rank: int
    aggregate: Aggregate
    basis: Basis
    note_zh: str | None
    note_en: str | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category that a visual class may mean, 1 the likeliest, and what would decide for it."""

    category: Category
    rank: int
    decided_by_zh: str
    decided_by_en: str


@dataclass(frozen=True, slots=True)
class ClassTables:
    """All tables of one campaign, checked against each other; mappings keep the files' order.

    `suggestions` is keyed by visual class, `filing_conditions` and `national_codes` by category.
    """

    campaign: Campaign
    categories: Mapping[str, Category]
    visual_classes: Mapping[str, VisualClass]
    suggestions: Mapping[str, tuple[Suggestion, ...]]
    filing_conditions: Mapping[str, tuple[FilingCondition, ...]]
    national_codes: Mapping[str, tuple[NationalCode, ...]]
