"""What the review asks of other rooms: who is responsible, which rule, what is permitted where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from zoubian.datasets.classes.models import ClassTables
from zoubian.pipeline.deadlines.rules import rules_in_force
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.domain.local_time import local_day
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.organisation.places import PlaceIndex, PlaceWords
from zoubian.pipeline.organisation.records import Permit
from zoubian.pipeline.organisation.stored import LoadedOrganisation
from zoubian.pipeline.organisation.territory import Responsibility, holds_back, responsible
from zoubian.pipeline.organisation.words import place_words


@dataclass(frozen=True, slots=True)
class Registry:
    """The other rooms' answers, as functions; tests give their own.

    Attributes:
        tables: categories and visual classes of the campaign.
        own_reports_register: whether what a member of a working group reports becomes a case at
            once, without a reviewer.
        rules: ids of the deadline rules in force, by filing condition of a category.
        responsibility: who is responsible for a position and category.
        permit: what allows a category at a position and moment.
        words: a position as people say it.
    """

    tables: ClassTables
    own_reports_register: bool
    rules: Callable[[Session, str, datetime], Mapping[str, str]]
    responsibility: Callable[[Session, Position, str, datetime], Responsibility]
    permit: Callable[[Session, str, Position, datetime], Permit | None]
    words: Callable[[Session, Position, datetime], PlaceWords]


@dataclass(frozen=True, slots=True)
class Filing:
    """What a case is filed under, and the deadline rule that it will keep."""

    category: str
    condition: str | None
    rule_id: str | None


def make_registry(
    tables: ClassTables,
    organisation: LoadedOrganisation,
    places: PlaceIndex,
    *,
    own_reports_register: bool,
) -> Registry:
    """The answers of the loaded organisation and deadlines.

    With nothing loaded no unit is proposed, no rule binds and nothing is permitted: every case
    waits for the dispatcher.
    """

    def rules(session: Session, category: str, at: datetime) -> Mapping[str, str]:
        found = rules_in_force(session, local_day(at), category=category)
        return {rule.text.condition: rule.id for rule in found}

    def responsibility(
        session: Session, position: Position, category: str, at: datetime
    ) -> Responsibility:
        territory = organisation.current(session).territory
        return responsible(territory, position, at=at, category=category)

    def permit(session: Session, category: str, position: Position, at: datetime) -> Permit | None:
        return holds_back(organisation.current(session).territory, category, position, at=at)

    def words(session: Session, position: Position, at: datetime) -> PlaceWords:
        return place_words(organisation.current(session), position, places=places, at=at)

    return Registry(tables, own_reports_register, rules, responsibility, permit, words)


def known_category(registry: Registry, category: str | None) -> str:
    """The category, if the campaign has it.

    Raises:
        Refusal: `unknown_category`.
    """
    if category is None or category not in registry.tables.categories:
        raise Refusal("unknown_category", zh="请从问题类别表中选择类别", en="choose a category")
    return category


def known_condition(
    session: Session, registry: Registry, category: str | None, condition: str, at: datetime
) -> None:
    """See that a category has a filing condition; any will do where none is listed for it.

    Raises:
        Refusal: `unknown_category` or `unknown_condition`.
    """
    chosen = known_category(registry, category)
    listed = registry.tables.filing_conditions.get(chosen, ())
    known = set(registry.rules(session, chosen, at)) or {one.condition for one in listed}
    if known and condition not in known:
        raise Refusal(
            "unknown_condition",
            zh="该类别没有这一立案条件，请重新选择",
            en="this category has no such filing condition: choose again",
        )


def choose_filing(
    session: Session, registry: Registry, category: str | None, condition: str | None, at: datetime
) -> Filing:
    """What a case of this category and filing condition keeps.

    Raises:
        Refusal: `unknown_category`, `unknown_condition`, or `condition_needed` where the deadlines
            of the category differ by condition and none was named.
    """
    chosen = known_category(registry, category)
    rules = registry.rules(session, chosen, at)
    if condition is None and len(rules) == 1:
        (condition,) = rules
    if condition is None:
        if rules:
            raise Refusal(
                "condition_needed",
                zh="该类别的时限因立案条件而异，请选择立案条件",
                en="the deadlines of this category differ by filing condition: choose one",
            )
        return Filing(chosen, None, None)
    known_condition(session, registry, chosen, condition, at)
    return Filing(chosen, condition, rules.get(condition))
