"""From a confirmed candidate to its case: a new one, or one that is there already."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.domain.cases import CaseAction, CaseState, Source
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.ledger.cases import NewCase
from zoubian.pipeline.review.desk import By, permit_for
from zoubian.pipeline.review.pictures import photos_for_case
from zoubian.pipeline.review.registry import Filing, Registry, choose_filing
from zoubian.pipeline.review.view import position_of


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a person says in confirming a candidate.

    Attributes:
        into_case: the case that it belongs to; None registers a new one. For a closed case it is
            a proposed recurrence (反复).
        case_version: of `into_case`, as the person has seen it; None where nothing was looked at.
        despite_permit: the person has seen the permit that covers the place, and it does not cover
            this.
        external_number: of the city's own system.
        after_photo_sha256s: the group put it right itself (当场整改), and these photos show it.
    """

    category: str
    filing_condition: str | None = None
    into_case: str | None = None
    case_version: int | None = None
    despite_permit: bool = False
    external_number: str | None = None
    note: str | None = None
    after_photo_sha256s: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """The case that a candidate became or joined.

    `how` is "registered", "joined" or "recurrence"; `version` the case's after it.
    """

    case_id: str
    how: str
    version: int
    filing: Filing


def file_case(
    session: Session, row: Candidate, confirmation: Confirmation, by: By, registry: Registry
) -> Filed:
    """Register a case for a candidate, or tell an earlier case of it; the row stays as it is.

    Raises:
        Refusal: the candidate lacks something that a case needs, or the case's rules refuse it.
    """
    filing = choose_filing(
        session, registry, confirmation.category, confirmation.filing_condition, by.at
    )
    if confirmation.into_case is not None:
        return _join(session, row, confirmation.into_case, confirmation, filing, by)
    position = position_of(row)
    if position is None and row.place_zh is None:
        raise Refusal(
            "no_place",
            zh="缺少位置，请先补充定位或地点描述",
            en="there is no place yet: give a position or say in words where it is",
        )
    _heed_permit(session, row, filing, confirmation, by, registry)
    unit_ids: tuple[str, ...] = ()
    assisting: tuple[str, ...] = ()
    if position is not None:
        found = registry.responsibility(session, position, filing.category, by.at)
        # A single unit is dispatched to at once: one that the position only comes near is no
        # clear one, and waits for the dispatcher.
        unit_ids = found.unit_ids if found.clear or len(found.unit_ids) > 1 else ()
        assisting = found.assisting_unit_ids
    new = NewCase(
        category=filing.category,
        filing_condition=filing.condition,
        lat=row.lat,
        lon=row.lon,
        radius_m=row.radius_m,
        place_zh=row.place_zh,
        place_en=row.place_en,
        unit_ids=unit_ids,
        assisting_unit_ids=assisting,
        source=Source(row.source),
        candidate_ids=(row.id,),
        photo_sha256s=photos_for_case(session, row.id),
        external_number=confirmation.external_number,
        rule_id=filing.rule_id,
        note=confirmation.note,
        after_photo_sha256s=confirmation.after_photo_sha256s,
    )
    case = cases.register(session, new, actor=by.actor, at=by.at, recorded_at=by.recorded_at)
    return Filed(case.id, "registered", case.version, filing)


def _heed_permit(
    session: Session,
    row: Candidate,
    filing: Filing,
    confirmation: Confirmation,
    by: By,
    registry: Registry,
) -> None:
    permit = permit_for(session, row, filing.category, registry, by.at)
    if permit is not None and not confirmation.despite_permit:
        raise Refusal(
            "held_back",
            zh=f"该处有“{permit.name_zh}”的许可，请核对；确属问题的，选择“许可不适用”后再确认",
            en=f'"{permit.name_en}" permits this here; if it does not apply, say so and confirm',
        )


def _join(
    session: Session,
    row: Candidate,
    case_id: str,
    confirmation: Confirmation,
    filing: Filing,
    by: By,
) -> Filed:
    cases.lock(session, [case_id])
    before = cases.case_view(session, case_id)
    action, how = (
        (CaseAction.PROPOSE_RECURRENCE, "recurrence")
        if before.state is CaseState.CLOSED
        else (CaseAction.JOIN_CANDIDATE, "joined")
    )
    details: dict[str, Json] = {"candidate_ids": [row.id]}
    if photos := photos_for_case(session, row.id):
        details["photo_sha256s"] = photos
    if confirmation.note is not None and confirmation.note.strip():
        details["note"] = confirmation.note
    case: CaseView = cases.act(
        session,
        case_id,
        action,
        actor=by.actor,
        details=details,
        version=confirmation.case_version,
        at=by.at,
        recorded_at=by.recorded_at,
    )
    return Filed(case.id, how, case.version, filing)
