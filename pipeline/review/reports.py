"""Reports that people make themselves: any category, no detection needed."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.candidates.numbers import take_numbers
from zoubian.pipeline.domain.actors import Role
from zoubian.pipeline.domain.candidate_states import CandidateAction, next_state
from zoubian.pipeline.domain.cases import Source
from zoubian.pipeline.domain.geo import Position
from zoubian.pipeline.domain.ids import new_id
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.domain.local_time import local_day
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.review.desk import By, begin, hold_by_permit, kept_text
from zoubian.pipeline.review.filing import Confirmation
from zoubian.pipeline.review.pictures import PhotoPart, ReportedPhoto, add_photos, check_photos
from zoubian.pipeline.review.registry import (
    Registry,
    choose_filing,
    known_category,
    known_condition,
)
from zoubian.pipeline.review.service import register_case
from zoubian.pipeline.review.view import CandidateView, view_of

# Those who stand before the problem; a desk may pass on what somebody told by telephone.
_ON_SITE = (Role.INSPECTOR, Role.OFFICER)


@dataclass(frozen=True, slots=True)
class Report:
    """A problem as a person hands it in.

    Attributes:
        position: its `error_m` is how far it may be off; None where only words say the place.
        place_zh: the place in words; None makes them of the position.
        photos: of the problem as it was found.
        after_photo_sha256s: the group put it right itself (当场整改), and these photos show it.
        external_number: of the city's own system.
    """

    category: str
    filing_condition: str | None = None
    position: Position | None = None
    place_zh: str | None = None
    place_en: str | None = None
    photos: tuple[ReportedPhoto, ...] = ()
    after_photo_sha256s: tuple[str, ...] = ()
    seen_at: datetime | None = None
    note: str | None = None
    external_number: str | None = None


def report_manually(
    session: Session, report: Report, *, by: By, registry: Registry, request_id: str | None = None
) -> CandidateView:
    """Take a report in; a member of a working group registers the case with it (by the setting).

    Others' reports wait for a reviewer, and so does one that a permit explains away: the view then
    names the permit.

    Args:
        request_id: the same one of the same person a second time changes nothing and returns the
            first's candidate.

    Raises:
        Refusal: the rules do not allow it; the transaction is to be left with it.
    """
    next_state(None, CandidateAction.REPORT, by.actor, own=False)
    _check(session, report, by, registry)
    at_once = (
        by.actor.role is Role.INSPECTOR
        and by.actor.group_id is not None
        and registry.own_reports_register
    )
    if at_once:
        choose_filing(session, registry, report.category, report.filing_condition, by.at)
    # Whoever repeats a request waits here for the first one to end.
    [number] = take_numbers(session, local_day(by.recorded_at), 1)
    identifier = _identifier(by, request_id)
    done = session.get(Candidate, identifier) if request_id is not None else None
    if done is not None:
        return view_of(done)
    row = _row(session, report, identifier, number, by, registry)
    facts: dict[str, Json] = {
        "pictures": list(dict.fromkeys(photo.sha256 for photo in _photos(report))),
        "note": kept_text(session, report.note),
    }
    begin(session, row, CandidateAction.REPORT, by, facts)
    add_photos(session, row.id, _photos(report))
    if hold_by_permit(session, row, registry, by.at) or not at_once:
        return view_of(row)
    confirmation = Confirmation(
        category=report.category,
        filing_condition=report.filing_condition,
        external_number=report.external_number,
        note=report.note,
        after_photo_sha256s=report.after_photo_sha256s,
    )
    return register_case(session, row, confirmation, by=by, registry=registry)


def _check(session: Session, report: Report, by: By, registry: Registry) -> None:
    """See that somebody else can find and judge it.

    Raises:
        Refusal: `unknown_category`, `unknown_condition`, `no_place`, `no_photo` or `bad_photo`.
    """
    known_category(registry, report.category)
    if report.filing_condition is not None:
        known_condition(session, registry, report.category, report.filing_condition, by.at)
    if report.position is None and not (report.place_zh and report.place_zh.strip()):
        raise Refusal(
            "no_place",
            zh="请提供定位，或用文字说明地点",
            en="give a position, or say in words where it is",
        )
    if not report.photos and by.actor.role in _ON_SITE:
        raise Refusal("no_photo", zh="请至少上传一张照片", en="add a photo at least")
    check_photos(_photos(report))


def _photos(report: Report) -> list[ReportedPhoto]:
    after = [ReportedPhoto(name, part=PhotoPart.AFTER) for name in report.after_photo_sha256s]
    return [*report.photos, *after]


def _identifier(by: By, request_id: str | None) -> str:
    if request_id is None:
        return new_id(by.recorded_at)
    named = "\n".join(("report", by.actor.user_id, request_id))
    return hashlib.sha256(named.encode()).hexdigest()[:26]


def _row(
    session: Session, report: Report, identifier: str, number: str, by: By, registry: Registry
) -> Candidate:
    here = report.position
    place_zh, place_en = report.place_zh, report.place_en
    if here is not None and not place_zh:
        words = registry.words(session, here, by.at)
        place_zh, place_en = words.zh, words.en
    return Candidate(
        id=identifier,
        number=number,
        source=(Source.STREET if by.actor.role is Role.OFFICER else Source.MANUAL).value,
        queued_at=by.recorded_at,
        category=report.category,
        filing_condition=report.filing_condition,
        members={},
        proven=False,
        lat=here.lat if here else None,
        lon=here.lon if here else None,
        radius_m=here.error_m if here else None,
        place_zh=place_zh,
        place_en=place_en,
        first_seen_at=report.seen_at or by.at,
        reported_by=by.actor.user_id,
    )
