"""Cases in the ledger: registering one, acting on one, reading one back from its events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from zoubian.pipeline.domain.actors import Actor
from zoubian.pipeline.domain.cases import CaseAction, Source
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.json_values import Json


@dataclass(frozen=True, slots=True)
class NewCase:
    """What is known of a case when it is registered.

    Attributes:
        lat: WGS-84 degrees, like `lon`; None where only words say the place.
        unit_ids: proposed ones; a single one is clear, and the case is dispatched to it at once.
        rule_id: the deadline rule in force, which the case keeps.
        note: free text of a person, None for none.
        after_photo_sha256s: photos of the same group's own work (当场整改): with them the case is
            registered and closed in one step, and `photo_sha256s` are the photos before.
    """

    category: str
    filing_condition: str | None
    lat: float | None
    lon: float | None
    radius_m: float | None
    place_zh: str | None
    place_en: str | None
    unit_ids: tuple[str, ...]
    assisting_unit_ids: tuple[str, ...]
    source: Source
    candidate_ids: tuple[str, ...]
    photo_sha256s: tuple[str, ...]
    external_number: str | None
    rule_id: str | None
    note: str | None
    after_photo_sha256s: tuple[str, ...] = ()


def register(
    session: Session,
    case: NewCase,
    *,
    actor: Actor,
    at: datetime,
    recorded_at: datetime,
    request_id: str | None = None,
) -> CaseView:
    """Register a case; a clear unit has it dispatched in the same transaction."""
    raise NotImplementedError


def act(
    session: Session,
    case_id: str,
    action: CaseAction,
    *,
    actor: Actor,
    details: Mapping[str, Json],
    version: int | None,
    at: datetime,
    recorded_at: datetime,
    request_id: str | None = None,
) -> CaseView:
    """Do something to a case; several cases in one transaction: `lock` them all first."""
    raise NotImplementedError


def lock(session: Session, case_ids: tuple[str, ...]) -> None:
    """Lock the rows of several cases, before the first event of the transaction is appended."""
    raise NotImplementedError


def case_view(session: Session, case_id: str) -> CaseView:
    """The case as its events tell it."""
    raise NotImplementedError
