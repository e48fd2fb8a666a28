"""Decisions about one candidate: confirm, correct, have checked, decline, put back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.domain.candidate_states import (
    CandidateAction,
    CandidateState,
    DeclineReason,
)
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.review.desk import (
    By,
    allow,
    decide,
    hold_by_permit,
    kept_text,
    lock,
    only_as_own,
)
from zoubian.pipeline.review.filing import Confirmation, file_case
from zoubian.pipeline.review.pictures import ReportedPhoto, add_photos, check_photos
from zoubian.pipeline.review.registry import Registry, known_category, known_condition
from zoubian.pipeline.review.view import CandidateView, view_of


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person knows better; None leaves as it is.

    Attributes:
        category: another one forgets the filing condition, unless one is given with it.
        position: its `error_m` is how far it may be off; without words they are made anew.
    """

    category: str | None = None
    filing_condition: str | None = None
    place_zh: str | None = None
    place_en: str | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What is to be found out on site before a case is registered (立案前核实).

    Attributes:
        fact: what is missing, in the words of whoever asks.
        group_id: the working group that is asked.
    """

    fact: str
    group_id: str
    due_at: datetime


def confirm(
    session: Session,
    candidate_id: str,
    confirmation: Confirmation,
    *,
    version: int,
    by: By,
    registry: Registry,
) -> CandidateView:
    """Register a case for a candidate, or join it to one that is there already.

    Raises:
        Refusal: the rules do not allow it; the transaction is to be left with it.
    """
    row = lock(session, {candidate_id: version})[candidate_id]
    allow(row, CandidateAction.CONFIRM, by)
    if only_as_own(row, CandidateAction.CONFIRM, by.actor) and not registry.own_reports_register:
        raise Refusal(
            "reviewer_first",
            zh="按现行设置，上报的问题须由受理员确认后立案",
            en="as it is set now, a reviewer confirms what is reported",
        )
    return register_case(session, row, confirmation, by=by, registry=registry)


def register_case(
    session: Session, row: Candidate, confirmation: Confirmation, *, by: By, registry: Registry
) -> CandidateView:
    """Confirm a candidate that is locked and that the actor may confirm.

    Raises:
        Refusal: the candidate lacks something that a case needs, or the case's rules refuse it.
    """
    filed = file_case(session, row, confirmation, by, registry)
    after = {
        "category": filed.filing.category,
        "filing_condition": filed.filing.condition,
        "case_id": filed.case_id,
    }
    facts: dict[str, Json] = {
        "how": filed.how,
        "case_version": filed.version,
        "despite_permit": confirmation.despite_permit,
    }
    decide(session, row, CandidateAction.CONFIRM, by, after, facts)
    return view_of(row)


def correct(
    session: Session,
    candidate_id: str,
    correction: Correction,
    *,
    version: int,
    by: By,
    registry: Registry,
) -> CandidateView:
    """Put right what a candidate says of itself: category, condition, place in words, position.

    Raises:
        Refusal: the rules do not allow it; nothing was written.
    """
    row = lock(session, {candidate_id: version})[candidate_id]
    allow(row, CandidateAction.CORRECT, by)
    after = _corrected(session, row, correction, by, registry)
    if all(getattr(row, name) == value for name, value in after.items()):
        raise Refusal("nothing_changed", zh="没有需要更正的内容", en="there is nothing to correct")
    decide(session, row, CandidateAction.CORRECT, by, after, {})
    hold_by_permit(session, row, registry, by.at)
    return view_of(row)


def _corrected(
    session: Session, row: Candidate, correction: Correction, by: By, registry: Registry
) -> dict[str, Any]:
    """The columns that a correction sets, by name."""
    after: dict[str, Any] = {}
    category = row.category
    if correction.category is not None:
        category = known_category(registry, correction.category)
        if category != row.category:
            after |= {"category": category, "filing_condition": None}
    if correction.filing_condition is not None:
        known_condition(session, registry, category, correction.filing_condition, by.at)
        after["filing_condition"] = correction.filing_condition
    if correction.position is not None:
        here = correction.position
        words = registry.words(session, here, by.at)
        after |= {"lat": here.lat, "lon": here.lon, "radius_m": here.error_m}
        after |= {"place_zh": words.zh, "place_en": words.en}
    for name, said in (("place_zh", correction.place_zh), ("place_en", correction.place_en)):
        if said is not None and said.strip():
            after[name] = said.strip()
    return after


def request_check(
    session: Session, candidate_id: str, request: CheckRequest, *, version: int, by: By
) -> CandidateView:
    """Ask a working group for a fact that is missing; the candidate waits for the answer.

    Raises:
        Refusal: the rules do not allow it; nothing was written.
    """
    row = lock(session, {candidate_id: version})[candidate_id]
    allow(row, CandidateAction.REQUEST_CHECK, by)
    if not request.fact.strip():
        raise Refusal("no_fact", zh="请写明需要核实的事项", en="say what is to be found out")
    if request.due_at <= by.at:
        raise Refusal(
            "due_passed", zh="核实时限应晚于现在", en="the time to answer is past already"
        )
    after = {
        "check_fact": kept_text(session, request.fact),
        "check_group_id": request.group_id,
        "check_due_at": request.due_at,
    }
    decide(session, row, CandidateAction.REQUEST_CHECK, by, after, {})
    return view_of(row)


def answer_check(
    session: Session,
    candidate_id: str,
    answer: str,
    photos: Sequence[ReportedPhoto],
    *,
    version: int,
    by: By,
) -> CandidateView:
    """Say what was found on site; the candidate is pending again, its new photos with it.

    Raises:
        Refusal: the rules do not allow it; nothing was written.
    """
    row = lock(session, {candidate_id: version})[candidate_id]
    allow(row, CandidateAction.ANSWER_CHECK, by)
    if not answer.strip() and not photos:
        raise Refusal("no_answer", zh="请填写核实结果或附照片", en="give an answer or a photo")
    check_photos(photos)
    facts: dict[str, Json] = {
        "answer": kept_text(session, answer),
        "pictures": add_photos(session, row.id, photos),
    }
    after = dict.fromkeys(("check_fact", "check_group_id", "check_due_at"))
    decide(session, row, CandidateAction.ANSWER_CHECK, by, after, facts)
    return view_of(row)


def decline(
    session: Session,
    candidate_id: str,
    reason: DeclineReason,
    *,
    note: str | None,
    version: int,
    by: By,
) -> CandidateView:
    """Register no case (不予立案), with the reason.

    Raises:
        Refusal: the rules do not allow it; nothing was written.
    """
    row = lock(session, {candidate_id: version})[candidate_id]
    allow(row, CandidateAction.DECLINE, by)
    facts: dict[str, Json] = {"note": kept_text(session, note)}
    after = {"decline_reason": reason.value}
    decide(session, row, CandidateAction.DECLINE, by, after, facts)
    return view_of(row)


def restore(session: Session, candidate_id: str, *, version: int, by: By) -> CandidateView:
    """Take up again what a later analysis no longer found.

    Raises:
        Refusal: the rules do not allow it; nothing was written.
    """
    row = lock(session, {candidate_id: version})[candidate_id]
    decide(session, row, CandidateAction.RESTORE, by, {}, {})
    return view_of(row)


def hold_back(session: Session, registry: Registry, *, at: datetime) -> int:
    """See anew which pending candidates a permit explains away; to be called when permits change.

    They stay in the queue, in a lane of their own, with the permit's name.

    Returns:
        How many are held back now.
    """
    rows = session.scalars(
        select(Candidate)
        .where(Candidate.state == CandidateState.PENDING)
        .order_by(Candidate.id)
        .with_for_update()
    )
    return sum(hold_by_permit(session, row, registry, at) for row in rows)
