"""What every action changes of a case: one function for each row of the table."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from zoubian.pipeline.domain.case_clock import ClockMark, MarkKind
from zoubian.pipeline.domain.cases import (
    CaseAction,
    CaseState,
    Recheck,
    SendBackReason,
)
from zoubian.pipeline.domain.cases_details import (
    CaseEvent,
    names,
    text,
    text_or_none,
    time,
    time_or_none,
)
from zoubian.pipeline.domain.cases_view import (
    Appeal,
    CaseView,
    Closing,
    Dispatch,
    Dispute,
    Extension,
    HardCase,
    HardNote,
    Parking,
    Recurrence,
    Request,
    Return,
    SeenAgain,
    SendBack,
)

Changes = dict[str, Any]


def _dispatched(view: CaseView, event: CaseEvent) -> Changes:
    unit_id = text(event.details, "unit_id")
    same = bool(view.dispatches) and view.dispatches[-1].unit_id == unit_id
    changes = _given_to(view, event, unit_id)
    changes |= _mark(view, event, MarkKind.GO_ON if same else MarkKind.START)
    if "assisting_unit_ids" in event.details:
        changes["assisting_unit_ids"] = names(event.details, "assisting_unit_ids")
    if not same:
        changes |= {"extension": None, "extension_request": None, "parking_request": None}
    return changes


def _given_to(view: CaseView, event: CaseEvent, unit_id: str) -> Changes:
    given = Dispatch(event.occurred_at, event.actor, unit_id)
    return {"unit_id": unit_id, "dispatches": (*view.dispatches, given)}


def _disputed(view: CaseView, event: CaseEvent) -> Changes:
    dispute = Dispute(
        at=event.occurred_at,
        by=event.actor,
        unit_id=_held_by(view),
        note=text(event.details, "note"),
        other_unit_id=text_or_none(event.details, "unit_id"),
    )
    changes = {"unit_id": None, "disputes": (*view.disputes, dispute)}
    return changes | _mark(view, event, MarkKind.DISPUTE)


def _extension_requested(_view: CaseView, event: CaseEvent) -> Changes:
    return {"extension_request": _request(event)}


def _extension_granted(view: CaseView, event: CaseEvent) -> Changes:
    assert view.extension_request is not None
    until = time(event.details, "until")
    granted = Extension(event.occurred_at, event.actor, until, view.extension_request.note)
    return {
        "extension": granted,
        "extension_request": None,
        "extensions_granted": view.extensions_granted + 1,
    } | _mark(view, event, MarkKind.EXTEND, until)


def _parking_requested(_view: CaseView, event: CaseEvent) -> Changes:
    return {"parking_request": _request(event)}


def _parked(view: CaseView, event: CaseEvent) -> Changes:
    until = time(event.details, "until")
    parking = Parking(
        at=event.occurred_at,
        by=event.actor,
        until=until,
        note=text(event.details, "note"),
        season=text_or_none(event.details, "season"),
        reviewed_at=event.occurred_at,
    )
    changes: Changes = {"parking": parking, "parking_request": None}
    return changes | _mark(view, event, MarkKind.PARK, until)


def _parking_reviewed(view: CaseView, event: CaseEvent) -> Changes:
    assert view.parking is not None
    until = time_or_none(event.details, "until")
    reviewed = replace(view.parking, reviewed_at=event.occurred_at)
    if until is None:
        return {"parking": reviewed}
    changes = {"parking": replace(reviewed, until=until)}
    return changes | _mark(view, event, MarkKind.PARK, until)


def _unparked(view: CaseView, event: CaseEvent) -> Changes:
    return {"parking": None} | _mark(view, event, MarkKind.UNPARK)


def _exempted(view: CaseView, event: CaseEvent) -> Changes:
    return {"exempted": True} | _mark(view, event, MarkKind.EXEMPT)


def _returned(view: CaseView, event: CaseEvent) -> Changes:
    done = Return(
        number=event.number,
        at=event.occurred_at,
        by=event.actor,
        unit_id=text_or_none(event.details, "actor_unit_id"),
        group_id=text_or_none(event.details, "actor_group_id"),
        round=view.round,
        photo_sha256s=names(event.details, "photo_sha256s"),
    )
    return {"returns": (*view.returns, done)} | _mark(view, event, MarkKind.END)


def _sent_back(view: CaseView, event: CaseEvent) -> Changes:
    back = SendBack(
        number=event.number,
        at=event.occurred_at,
        by=event.actor,
        unit_id=_held_by(view),
        round=view.round,
        recheck=Recheck(text(event.details, "recheck")),
        reason=SendBackReason(text(event.details, "reason")),
        remaining=text(event.details, "remaining"),
    )
    return {
        "send_backs": (*view.send_backs, back),
        "round": view.round + 1,
        "extension": None,
    } | _mark(view, event, MarkKind.NEW_ROUND)


def _closed(view: CaseView, event: CaseEvent) -> Changes:
    return _closing(view, event, Recheck(text(event.details, "recheck")))


def _fixed_on_spot(view: CaseView, event: CaseEvent) -> Changes:
    return _closing(view, event, None) | _mark(view, event, MarkKind.END)


def _closing(view: CaseView, event: CaseEvent, recheck: Recheck | None) -> Changes:
    closing = Closing(
        at=event.occurred_at,
        by=event.actor,
        unit_id=text_or_none(event.details, "actor_unit_id"),
        group_id=text_or_none(event.details, "actor_group_id"),
        recheck=recheck,
    )
    return {"closings": (*view.closings, closing)}


def _appealed(view: CaseView, event: CaseEvent) -> Changes:
    appeal = Appeal(event.occurred_at, event.actor, text(event.details, "note"))
    return _with_appeal(view, appeal)


def _appeal_upheld(view: CaseView, event: CaseEvent) -> Changes:
    changes = _answered(view, event, upheld=True)
    if view.state is CaseState.DISPATCHED:
        changes |= _mark(view, event, MarkKind.VOID)
    return changes


def _appeal_rejected(view: CaseView, event: CaseEvent) -> Changes:
    return _answered(view, event, upheld=False)


def _answered(view: CaseView, event: CaseEvent, *, upheld: bool) -> Changes:
    appeal = view.open_appeal
    assert appeal is not None
    return _with_appeal(
        view,
        replace(
            appeal,
            upheld=upheld,
            answered_at=event.occurred_at,
            answered_by=event.actor,
            answer=text(event.details, "note"),
        ),
    )


def _with_appeal(view: CaseView, appeal: Appeal) -> Changes:
    last = replace(view.send_backs[-1], appeal=appeal)
    return {"send_backs": (*view.send_backs[:-1], last)}


def _hard_raised(_view: CaseView, event: CaseEvent) -> Changes:
    return {
        "hard": HardCase(
            at=event.occurred_at,
            by=event.actor,
            office_unit_id=text(event.details, "office_unit_id"),
            note=text(event.details, "note"),
            due_at=time_or_none(event.details, "until"),
        )
    }


def _hard_noted(view: CaseView, event: CaseEvent) -> Changes:
    assert view.hard is not None
    note = HardNote(event.occurred_at, event.actor, text(event.details, "note"))
    office_id = text_or_none(event.details, "office_unit_id") or view.hard.office_unit_id
    return {"hard": replace(view.hard, notes=(*view.hard.notes, note), office_unit_id=office_id)}


def _hard_promised(view: CaseView, event: CaseEvent) -> Changes:
    assert view.hard is not None
    return {"hard": replace(view.hard, promised_at=time(event.details, "until"))}


def _hard_struck_off(view: CaseView, event: CaseEvent) -> Changes:
    assert view.hard is not None
    return {
        "hard": replace(
            view.hard,
            struck_off_at=event.occurred_at,
            struck_off_by=event.actor,
            ground=text(event.details, "ground"),
        )
    }


def _reopened(view: CaseView, event: CaseEvent) -> Changes:
    unit_id = text_or_none(event.details, "unit_id") or _held_by(view)
    changes = {"round": view.round + 1, "reopened": view.reopened + 1, "extension": None}
    return changes | _given_to(view, event, unit_id) | _mark(view, event, MarkKind.START)


def _recurrence_proposed(view: CaseView, event: CaseEvent) -> Changes:
    proposal = Recurrence(
        at=event.occurred_at,
        by=event.actor,
        candidate_ids=names(event.details, "candidate_ids"),
        photo_sha256s=names(event.details, "photo_sha256s"),
    )
    return {"recurrences": (*view.recurrences, proposal)}


def _recurrence_accepted(view: CaseView, event: CaseEvent) -> Changes:
    changes = _recurrence_answered(view, event, accepted=True)
    return changes | _reopened(view, event)


def _recurrence_refused(view: CaseView, event: CaseEvent) -> Changes:
    return _recurrence_answered(view, event, accepted=False)


def _recurrence_answered(view: CaseView, event: CaseEvent, *, accepted: bool) -> Changes:
    proposal = view.open_recurrence
    assert proposal is not None
    answered = replace(
        proposal, accepted=accepted, answered_at=event.occurred_at, answered_by=event.actor
    )
    return {"recurrences": (*view.recurrences[:-1], answered)}


def _seen_again(view: CaseView, event: CaseEvent) -> Changes:
    seen = SeenAgain(
        at=event.occurred_at,
        by=event.actor,
        candidate_ids=names(event.details, "candidate_ids"),
        photo_sha256s=names(event.details, "photo_sha256s"),
    )
    return {"seen_again": (*view.seen_again, seen)}


def _candidate_joined(view: CaseView, event: CaseEvent) -> Changes:
    return {
        key: _united(getattr(view, key), names(event.details, key))
        for key in ("candidate_ids", "photo_sha256s")
    }


def _candidate_parted(view: CaseView, event: CaseEvent) -> Changes:
    return {
        key: tuple(name for name in getattr(view, key) if name not in names(event.details, key))
        for key in ("candidate_ids", "photo_sha256s")
    }


def _amended(_view: CaseView, event: CaseEvent) -> Changes:
    return {
        key: text_or_none(event.details, key)
        for key in ("place_zh", "place_en", "external_number")
        if key in event.details
    }


def _reclassified(_view: CaseView, event: CaseEvent) -> Changes:
    return {
        "category": text(event.details, "category"),
        "filing_condition": text_or_none(event.details, "filing_condition"),
        "rule_id": text_or_none(event.details, "rule_id"),
    }


def _urged(view: CaseView, _event: CaseEvent) -> Changes:
    return {"urged": view.urged + 1}


def _withdrawn(view: CaseView, event: CaseEvent) -> Changes:
    return {"withdrawn_at": event.occurred_at} | _mark(view, event, MarkKind.END)


CHANGES: Mapping[CaseAction, Callable[[CaseView, CaseEvent], Changes]] = {
    CaseAction.DISPATCH: _dispatched,
    CaseAction.REDISPATCH: _dispatched,
    CaseAction.DISPUTE: _disputed,
    CaseAction.REQUEST_EXTENSION: _extension_requested,
    CaseAction.GRANT_EXTENSION: _extension_granted,
    CaseAction.REFUSE_EXTENSION: lambda _view, _event: {"extension_request": None},
    CaseAction.REQUEST_PARKING: _parking_requested,
    CaseAction.PARK: _parked,
    CaseAction.REFUSE_PARKING: lambda _view, _event: {"parking_request": None},
    CaseAction.REVIEW_PARKING: _parking_reviewed,
    CaseAction.UNPARK: _unparked,
    CaseAction.EXEMPT: _exempted,
    CaseAction.RETURN: _returned,
    CaseAction.SEND_BACK: _sent_back,
    CaseAction.CLOSE: _closed,
    CaseAction.FIX_ON_SPOT: _fixed_on_spot,
    CaseAction.APPEAL: _appealed,
    CaseAction.UPHOLD_APPEAL: _appeal_upheld,
    CaseAction.REJECT_APPEAL: _appeal_rejected,
    CaseAction.RAISE_HARD: _hard_raised,
    CaseAction.NOTE_HARD: _hard_noted,
    CaseAction.PROMISE_HARD: _hard_promised,
    CaseAction.STRIKE_OFF: _hard_struck_off,
    CaseAction.REOPEN: _reopened,
    CaseAction.PROPOSE_RECURRENCE: _recurrence_proposed,
    CaseAction.ACCEPT_RECURRENCE: _recurrence_accepted,
    CaseAction.REFUSE_RECURRENCE: _recurrence_refused,
    CaseAction.SEE_AGAIN: _seen_again,
    CaseAction.JOIN_CANDIDATE: _candidate_joined,
    CaseAction.PART_CANDIDATE: _candidate_parted,
    CaseAction.AMEND: _amended,
    CaseAction.RECLASSIFY: _reclassified,
    CaseAction.NOTE: lambda _view, _event: {},
    CaseAction.URGE: _urged,
    CaseAction.WITHDRAW: _withdrawn,
}


def _mark(
    view: CaseView, event: CaseEvent, kind: MarkKind, until: datetime | None = None
) -> Changes:
    return {"clock": (*view.clock, ClockMark(kind, event.occurred_at, until))}


def _request(event: CaseEvent) -> Request:
    return Request(
        at=event.occurred_at,
        by=event.actor,
        until=time(event.details, "until"),
        note=text(event.details, "note"),
    )


def _held_by(view: CaseView) -> str:
    if view.unit_id is None:
        raise ValueError("no unit has the case")
    return view.unit_id


def _united(held: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*held, *more)))
