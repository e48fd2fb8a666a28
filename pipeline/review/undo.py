"""Taking a decision back, one at a time: a compensating event, as long as nobody built on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.domain.candidate_states import (
    CandidateAction,
    CandidateState,
    Happened,
    last_decision,
)
from zoubian.pipeline.domain.cases import CaseAction, CaseState
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.ledger import cases
from zoubian.pipeline.ledger.events import StoredEvent, events_of
from zoubian.pipeline.review.desk import (
    SUBJECT_PREFIX,
    By,
    allow,
    conflict,
    decide,
    hold_by_permit,
    lock,
    only_as_own,
    told_columns,
)
from zoubian.pipeline.review.pictures import remove_pictures
from zoubian.pipeline.review.registry import Registry
from zoubian.pipeline.review.view import CandidateView, view_of


@dataclass(frozen=True, slots=True)
class _Target:
    """The decision to take back.

    Attributes:
        of: the candidate that it was about: for a merged one, that which took it in.
        event: None where nothing is left to take back.
        others: ids of the candidates that it merged or made.
    """

    of: str
    event: StoredEvent | None
    others: tuple[str, ...]


def undo(
    session: Session, candidate_id: str, *, version: int, by: By, registry: Registry
) -> CandidateView:
    """Take the last decision about a candidate back; called again, the one before it.

    A merge is taken back as a whole, from whichever of its candidates. What somebody told (a
    report, an answer) is not taken back. A case that was registered is withdrawn, unless it was
    dispatched: then the unit has it, and the case itself has to be withdrawn.

    Raises:
        Refusal: the rules do not allow it; nothing was written.
    """
    target = _target(session, candidate_id)
    rows = lock(session, {candidate_id: version}, also={target.of, *target.others})
    if _target(session, candidate_id) != target:
        raise conflict()
    row, whole = rows[candidate_id], rows[target.of]
    allow(row, CandidateAction.UNDO, by)
    last = _takeable(row, whole, target, by)
    others = {name: rows[name] for name in target.others}
    if last.kind == CandidateAction.TAKE_IN.kind:
        _untake(session, whole, others, last, by)
    elif last.kind == CandidateAction.SPLIT.kind:
        _unsplit(session, row, others, last, by)
    else:
        if last.kind == CandidateAction.CONFIRM.kind:
            _unfile(session, row, last, by)
        _take_back(session, row, last, by)
    for one in (whole, *others.values()):
        hold_by_permit(session, one, registry, by.at)
    return view_of(row)


def _target(session: Session, candidate_id: str) -> _Target:
    """What an undoing would take back, as things stand."""
    row = session.get(Candidate, candidate_id, populate_existing=True)
    of = candidate_id
    if row is not None and row.state == CandidateState.MERGED and row.merged_into is not None:
        of = row.merged_into
    last = _last(session, of)
    others: list[str] = []
    for name in ("taken", "parts"):
        others += _names(last.details if last else {}, name)
    return _Target(of, last, tuple(others))


def _last(session: Session, candidate_id: str) -> StoredEvent | None:
    """The event of the decision that stands last, if it can be taken back."""
    events = {event.number: event for event in events_of(session, SUBJECT_PREFIX + candidate_id)}
    last = last_decision(_happened(event) for event in events.values())
    return None if last is None else events[last.number]


def _happened(event: StoredEvent) -> Happened:
    undoes = event.details.get("undoes")
    return Happened(event.number, event.kind, undoes if isinstance(undoes, int) else None)


def _takeable(row: Candidate, whole: Candidate, target: _Target, by: By) -> StoredEvent:
    """The event to take back.

    Raises:
        Refusal: `nothing_to_undo`, `undo_first` or `not_yours`.
    """
    last = target.event
    part_of_split = row is not whole and row.split_from == whole.id
    if part_of_split or (last is None and row is whole):
        raise Refusal(
            "nothing_to_undo", zh="没有可以撤销的操作", en="there is nothing to take back"
        )
    if last is None or (row is not whole and row.id not in target.others):
        raise _undo_first(whole)
    if only_as_own(row, CandidateAction.UNDO, by.actor) and last.actor != by.actor.user_id:
        raise Refusal(
            "not_yours",
            zh="上一步不是您本人办理的，请联系受理员",
            en="the last step was somebody else's: ask a reviewer to take it back",
        )
    return last


def _undo_first(row: Candidate) -> Refusal:
    return Refusal(
        "undo_first",
        zh=f"相关的疑似问题 {row.number} 之后又有操作，请先撤销那里的操作",
        en=f"candidate {row.number}, which belongs to it, was dealt with since: undo that first",
    )


def _take_back(session: Session, row: Candidate, last: StoredEvent, by: By) -> None:
    before = told_columns(last.details["before"])
    facts: dict[str, Json] = {"undoes": last.number, "undone": last.kind}
    decide(session, row, CandidateAction.UNDO, by, before, facts)


def _untake(
    session: Session, whole: Candidate, others: Mapping[str, Candidate], last: StoredEvent, by: By
) -> None:
    """Take a merge apart again."""
    remove_pictures(session, whole.id, _names(last.details, "pictures"))
    _take_back(session, whole, last, by)
    for identifier, other in others.items():
        merged = _last(session, identifier)
        assert merged is not None
        _take_back(session, other, merged, by)


def _unsplit(
    session: Session, row: Candidate, parts: Mapping[str, Candidate], last: StoredEvent, by: By
) -> None:
    """Merge the parts of a split back into what they came from.

    Raises:
        Refusal: `undo_first`.
    """
    for part in parts.values():
        if part.version > 1:
            raise _undo_first(part)
    _take_back(session, row, last, by)
    for part in parts.values():
        decide(session, part, CandidateAction.MERGE, by, {"merged_into": row.id}, {})


def _unfile(session: Session, row: Candidate, last: StoredEvent, by: By) -> None:
    """Take the candidate's case back, if nobody has worked with it since.

    Raises:
        Refusal: `dispatched`, `joined_since`, or the case's rules do not allow it.
    """
    assert row.case_id is not None
    cases.lock(session, [row.case_id])
    case = cases.case_view(session, row.case_id)
    if case.state is CaseState.WITHDRAWN:
        return
    how = str(last.details["how"])
    if how == "registered" and set(case.candidate_ids) != {row.id}:
        raise Refusal(
            "joined_since",
            zh=f"案件 {case.number} 已并入其他疑似问题，请先撤销那些并案",
            en=f"other candidates have joined case {case.number}: undo those first",
        )
    waits = case.state is CaseState.REGISTERED and not case.dispatches
    untouched = how != "registered" and case.version == last.details["case_version"]
    if not (waits or untouched):
        raise Refusal(
            "dispatched",
            zh=f"案件 {case.number} 已派遣或已有后续办理，不能撤销；确需作废的请办理案件作废",
            en=f"case {case.number} was dispatched or worked on since: withdraw the case instead",
        )
    note: dict[str, Json] = {"note": "撤销确认 / confirmation taken back"}
    parted: dict[str, Json] = {"candidate_ids": [row.id]}
    action, details = {
        "registered": (CaseAction.WITHDRAW, note),
        "joined": (CaseAction.PART_CANDIDATE, parted),
        "recurrence": (CaseAction.REFUSE_RECURRENCE, note),
    }[how]
    cases.act(
        session,
        row.case_id,
        action,
        actor=by.actor,
        details=details,
        version=case.version,
        at=by.at,
        recorded_at=by.recorded_at,
    )


def _names(details: Mapping[str, Json], key: str) -> list[str]:
    """The ids that an event tells under a key, none where it has no such key."""
    said = details.get(key)
    return [str(name) for name in said] if isinstance(said, list | tuple) else []
