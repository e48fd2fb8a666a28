"""Cases in the ledger: registering one, acting on one, reading one back from its events.

Everything happens in the caller's transaction: the events, the case's row, the texts. Who writes
several cases in one transaction locks them all first: rows of cases come before the ledger's head.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from zoubian.pipeline.deadlines.rules import rules_in_force
from zoubian.pipeline.domain.actors import SYSTEM, Actor
from zoubian.pipeline.domain.case_numbers import case_number, number_year
from zoubian.pipeline.domain.cases import CaseAction, Source
from zoubian.pipeline.domain.cases_details import FREE_TEXTS, text, text_or_none
from zoubian.pipeline.domain.cases_fold import SUBJECT_PREFIX, BrokenHistoryError, apply, fold
from zoubian.pipeline.domain.cases_rules import check
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.domain.ids import new_id
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.domain.local_time import local_day
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.ledger import texts
from zoubian.pipeline.ledger.cases_models import CaseRequest, CaseRow
from zoubian.pipeline.ledger.cases_rows import write_row
from zoubian.pipeline.ledger.events import NewEvent, append, events_of
from zoubian.pipeline.ledger.models import LedgerHead


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


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What an action on many cases did: cases that it was done to, and refusals by case id."""

    done: tuple[CaseView, ...]
    refused: Mapping[str, Refusal]


def register(
    session: Session,
    case: NewCase,
    *,
    actor: Actor,
    at: datetime,
    recorded_at: datetime,
    request_id: str | None = None,
) -> CaseView:
    """Register a case; a clear unit has it dispatched in the same transaction (立案即派遣).

    Args:
        at: when it happened in the world; `recorded_at` is now.
        request_id: the same one a second time returns the case of the first.

    Raises:
        Refusal: the rules do not allow it; the transaction is to be left with it.
    """
    case_id = new_id(recorded_at)
    done = _done_before(session, request_id, case_id, CaseAction.REGISTER)
    if done is not None:
        return case_view(session, done)
    # The head is locked first: no two cases can be given one number.
    session.execute(select(LedgerHead.number).with_for_update())
    steps = [(CaseAction.REGISTER, actor, _facts(case, _next_number(session, recorded_at)))]
    if case.after_photo_sha256s:
        photos: dict[str, Json] = {
            "before_photo_sha256s": case.photo_sha256s,
            "after_photo_sha256s": case.after_photo_sha256s,
        }
        steps.append((CaseAction.FIX_ON_SPOT, actor, photos))
    elif len(case.unit_ids) == 1:
        steps.append((CaseAction.DISPATCH, SYSTEM, {"unit_id": case.unit_ids[0]}))
    view: CaseView | None = None
    for action, who, details in steps:
        check(view, action, actor=who, details=details, at=at, recorded_at=recorded_at)
        view = _append(
            session,
            view,
            _event(session, case_id, action, actor=who, details=details, at=at),
            recorded_at=recorded_at,
        )
    assert view is not None
    write_row(session, view, before=None)
    return view


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
    """Do something to a case.

    Args:
        details: what the table asks for; times as ISO 8601 with a zone, free texts as written.
        version: the `CaseView.version` that the caller has seen; None where nothing was looked at.
        at: when it happened in the world; `recorded_at` is now.
        request_id: the same one a second time changes nothing and returns the case.

    Raises:
        Refusal: the rules do not allow it, or somebody came between (`conflict`).
    """
    lock(session, [case_id])
    done = _done_before(session, request_id, case_id, action)
    if done is not None:
        return case_view(session, case_id)
    view = case_view(session, case_id)
    if version is not None and version != view.version:
        raise Refusal(
            "conflict",
            zh="其他人刚刚办理了该案件，请查看最新情况后再操作",
            en="somebody else has just acted on this case: look at it again",
        )
    check(view, action, actor=actor, details=details, at=at, recorded_at=recorded_at)
    if action is CaseAction.RECLASSIFY:
        details = {**details, "rule_id": _rule_id(session, details, view.registered_at)}
    event = _event(session, case_id, action, actor=actor, details=details, at=at)
    after = _append(session, view, event, recorded_at=recorded_at)
    write_row(session, after, before=view)
    return after


def act_on_all(
    session: Session,
    case_ids: Sequence[str],
    action: CaseAction,
    *,
    actor: Actor,
    details: Mapping[str, Json],
    at: datetime,
    recorded_at: datetime,
) -> BulkOutcome:
    """Do the same to many cases (seasonal parking, urging); refused ones stay as they are."""
    wanted = sorted(set(case_ids))
    missing = set(wanted) - set(_locked(session, wanted))
    done: list[CaseView] = []
    refused: dict[str, Refusal] = {}
    for case_id in wanted:
        try:
            if case_id in missing:
                raise _no_such_case()
            view = act(
                session,
                case_id,
                action,
                actor=actor,
                details=details,
                version=None,
                at=at,
                recorded_at=recorded_at,
            )
        except Refusal as refusal:
            refused[case_id] = refusal
        else:
            done.append(view)
    return BulkOutcome(tuple(done), refused)


def lock(session: Session, case_ids: Sequence[str]) -> None:
    """Lock the rows of cases; several at once before the first event of a transaction.

    Raises:
        Refusal: one of them is not there.
    """
    wanted = sorted(set(case_ids))
    if len(_locked(session, wanted)) != len(wanted):
        raise _no_such_case()


def case_view(session: Session, case_id: str) -> CaseView:
    """The case as its events tell it.

    Raises:
        Refusal: there is no such case, or its events were tampered with.
    """
    events = events_of(session, SUBJECT_PREFIX + case_id)
    if not events:
        raise _no_such_case()
    try:
        return fold(events)
    except BrokenHistoryError as error:
        raise Refusal(
            "broken",
            zh="该案件的记录不连贯，可能被改动，请管理员核查台账",
            en="the events of this case do not fit together: have the ledger checked",
        ) from error


def _locked(session: Session, case_ids: Sequence[str]) -> list[str]:
    rows = session.scalars(
        select(CaseRow.id).where(CaseRow.id.in_(case_ids)).order_by(CaseRow.id).with_for_update()
    )
    return list(rows)


def _append(
    session: Session, view: CaseView | None, event: NewEvent, *, recorded_at: datetime
) -> CaseView:
    [stored] = append(session, [event], recorded_at=recorded_at)
    return apply(view, stored)


def _event(
    session: Session,
    case_id: str,
    action: CaseAction,
    *,
    actor: Actor,
    details: Mapping[str, Json],
    at: datetime,
) -> NewEvent:
    """The event of an allowed action; its free texts are stored beside the chain."""
    said: dict[str, Json] = {key: value for key, value in details.items() if value is not None}
    for key in FREE_TEXTS:
        body = said.get(key)
        if isinstance(body, str):
            said[key] = texts.keep(session, body.strip())
    said["actor_role"] = actor.role.value
    if actor.unit_id is not None:
        said["actor_unit_id"] = actor.unit_id
    if actor.group_id is not None:
        said["actor_group_id"] = actor.group_id
    return NewEvent(SUBJECT_PREFIX + case_id, action.kind, actor.user_id, at, said)


def _facts(case: NewCase, number: str) -> dict[str, Json]:
    facts: dict[str, Json] = {
        "number": number,
        "category": case.category,
        "filing_condition": case.filing_condition,
        "rule_id": case.rule_id,
        "source": case.source,
        "lat": case.lat,
        "lon": case.lon,
        "radius_m": case.radius_m,
        "place_zh": case.place_zh,
        "place_en": case.place_en,
        "external_number": case.external_number,
        "proposed_unit_ids": case.unit_ids,
        "assisting_unit_ids": case.assisting_unit_ids,
        "candidate_ids": case.candidate_ids,
        "photo_sha256s": case.photo_sha256s,
        "note": case.note,
    }
    return {key: value for key, value in facts.items() if value is not None}


def _rule_id(session: Session, details: Mapping[str, Json], at: datetime) -> str | None:
    """The rule that would have bound the case, had it been registered like this."""
    rules = rules_in_force(session, local_day(at), category=text(details, "category"))
    condition = text_or_none(details, "filing_condition")
    if condition is not None:
        rules = [rule for rule in rules if rule.text.condition == condition]
    return rules[0].id if len(rules) == 1 else None


def _next_number(session: Session, at: datetime) -> str:
    year = number_year(at)
    last = session.scalar(select(func.max(CaseRow.number_count)).where(CaseRow.number_year == year))
    return case_number(year, (last or 0) + 1)


def _done_before(
    session: Session, request_id: str | None, case_id: str, action: CaseAction
) -> str | None:
    """The case that this request was done to before, None when it comes for the first time.

    Raises:
        Refusal: the id belongs to another request.
    """
    if request_id is None:
        return None
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    # Two at once: the second waits here for the first to commit.
    claimed = session.execute(
        dialect.insert(CaseRequest)
        .values(id=request_id, case_id=case_id, kind=action.kind)
        .on_conflict_do_nothing()
        .returning(CaseRequest.id)
    ).first()
    if claimed is not None:
        return None
    earlier = session.get_one(CaseRequest, request_id)
    same_case = action is CaseAction.REGISTER or earlier.case_id == case_id
    if earlier.kind != action.kind or not same_case:
        raise Refusal(
            "request_reused",
            zh="请求编号重复，请刷新页面后重试",
            en="this request number was used for something else: reload and try again",
        )
    return earlier.case_id


def _no_such_case() -> Refusal:
    return Refusal("no_such_case", zh="没有这个案件", en="there is no such case")
