"""The one transition table of cases: who may do what in which state, and what must be said."""

from collections.abc import Mapping
from dataclasses import dataclass

from zoubian.pipeline.domain.actors import Role
from zoubian.pipeline.domain.cases import CaseAction as A
from zoubian.pipeline.domain.cases import CaseState, Transition
from zoubian.pipeline.domain.cases import Condition as C

_REGISTERED, _DISPATCHED = CaseState.REGISTERED, CaseState.DISPATCHED
_RETURNED, _CLOSED = CaseState.RETURNED, CaseState.CLOSED
_WITHDRAWN = CaseState.WITHDRAWN

_INSPECTOR, _VERIFIER, _REVIEWER = Role.INSPECTOR, Role.VERIFIER, Role.REVIEWER
_DISPATCHER, _OFFICER, _OFFICE, _SYSTEM = Role.DISPATCHER, Role.OFFICER, Role.OFFICE, Role.SYSTEM
_GROUP = (_INSPECTOR, _VERIFIER)  # both are members of working groups
_SEERS = (*_GROUP, _REVIEWER, _OFFICE, _SYSTEM)
_JUDGES = (_REVIEWER, _VERIFIER, _OFFICE)

_Moves = Mapping[CaseState | None, CaseState]


def _stay(*states: CaseState) -> _Moves:
    return {state: state for state in states}


_WAITING = _stay(_REGISTERED, _DISPATCHED)
_OPEN = _stay(_REGISTERED, _DISPATCHED, _RETURNED)
_LIVE = _stay(_REGISTERED, _DISPATCHED, _RETURNED, _CLOSED)


@dataclass(frozen=True, slots=True)
class _Rule:
    """Some rows of the table; `needs` and `may` are names of details, parted by spaces."""

    action: A
    moves: _Moves
    roles: tuple[Role, ...]
    needs: str = ""
    may: str = ""
    when: tuple[C, ...] = ()
    unless: tuple[C, ...] = ()


_RULES = (
    # Whose case it is. A clear unit is dispatched on registering, by the system.
    _Rule(
        A.REGISTER,
        {None: _REGISTERED},
        (_INSPECTOR, _REVIEWER, _OFFICER, _OFFICE),
        needs="number category source",
        may="proposed_unit_ids assisting_unit_ids filing_condition rule_id lat lon radius_m "
        "place_zh place_en candidate_ids photo_sha256s external_number note",
    ),
    _Rule(
        A.DISPATCH,
        {_REGISTERED: _DISPATCHED},
        (_DISPATCHER, _SYSTEM),
        needs="unit_id",
        may="assisting_unit_ids note",
    ),
    _Rule(
        A.REDISPATCH,
        _stay(_DISPATCHED),
        (_DISPATCHER,),
        needs="unit_id note",
        may="assisting_unit_ids",
        unless=(C.APPEALED,),
    ),
    _Rule(
        A.DISPUTE,
        {_DISPATCHED: _REGISTERED},
        (_OFFICER,),
        needs="note",
        may="unit_id photo_sha256s",
        unless=(C.APPEALED, C.PARKED),
    ),
    # More time: extension, parking, and an exemption beside the fact.
    _Rule(
        A.REQUEST_EXTENSION,
        _stay(_DISPATCHED),
        (_OFFICER,),
        needs="until note",
        may="photo_sha256s",
        unless=(C.EXTENSION_REQUESTED, C.PARKED),
    ),
    _Rule(
        A.GRANT_EXTENSION,
        _stay(_DISPATCHED),
        (_OFFICE,),
        needs="until",
        may="note",
        when=(C.EXTENSION_REQUESTED,),
    ),
    _Rule(
        A.REFUSE_EXTENSION,
        _stay(_DISPATCHED),
        (_OFFICE,),
        needs="note",
        when=(C.EXTENSION_REQUESTED,),
    ),
    _Rule(
        A.REQUEST_PARKING,
        _stay(_DISPATCHED),
        (_OFFICER,),
        needs="until note",
        may="photo_sha256s",
        unless=(C.PARKING_REQUESTED, C.PARKED),
    ),
    _Rule(A.PARK, _WAITING, (_OFFICE,), needs="until note", may="season", unless=(C.PARKED,)),
    _Rule(
        A.REFUSE_PARKING,
        _stay(_DISPATCHED),
        (_OFFICE,),
        needs="note",
        when=(C.PARKING_REQUESTED,),
    ),
    _Rule(A.REVIEW_PARKING, _WAITING, (_OFFICE,), needs="note", may="until", when=(C.PARKED,)),
    _Rule(A.UNPARK, _WAITING, (_OFFICE,), may="note", when=(C.PARKED,)),
    _Rule(A.EXEMPT, _LIVE, (_OFFICE,), needs="note"),
    # The work, and the look at it. An upheld appeal puts the return back to its recheck, unless
    # somebody has gone on meanwhile; the sending back stays on record either way.
    _Rule(
        A.RETURN,
        {_DISPATCHED: _RETURNED},
        (_OFFICER, _INSPECTOR),
        needs="photo_sha256s",
        may="note",
    ),
    _Rule(
        A.SEND_BACK,
        {_RETURNED: _DISPATCHED},
        _GROUP,
        needs="recheck reason remaining",
        may="photo_sha256s note",
        unless=(C.APPEALED,),
    ),
    _Rule(A.CLOSE, {_RETURNED: _CLOSED}, _GROUP, needs="recheck", may="photo_sha256s note"),
    _Rule(
        A.FIX_ON_SPOT,
        {_REGISTERED: _CLOSED},
        (_INSPECTOR,),
        needs="before_photo_sha256s after_photo_sha256s",
        may="note",
    ),
    _Rule(
        A.APPEAL,
        _stay(_DISPATCHED),
        (_OFFICER,),
        needs="note",
        may="photo_sha256s",
        when=(C.SENT_BACK,),
    ),
    _Rule(
        A.UPHOLD_APPEAL,
        {_DISPATCHED: _RETURNED, _RETURNED: _RETURNED, _CLOSED: _CLOSED},
        (_OFFICE,),
        needs="note",
        when=(C.APPEALED,),
    ),
    _Rule(
        A.REJECT_APPEAL,
        _stay(_DISPATCHED, _RETURNED, _CLOSED),
        (_OFFICE,),
        needs="note",
        when=(C.APPEALED,),
    ),
    # The ledger of hard cases.
    _Rule(
        A.RAISE_HARD,
        _OPEN,
        (*_GROUP, _OFFICE),
        needs="office_unit_id note",
        may="until",
        unless=(C.HARD,),
    ),
    _Rule(
        A.NOTE_HARD,
        _LIVE,
        (*_GROUP, _OFFICE, _OFFICER),
        needs="note",
        may="office_unit_id photo_sha256s",
        when=(C.HARD,),
    ),
    _Rule(
        A.PROMISE_HARD,
        _LIVE,
        (_OFFICE, _OFFICER),
        needs="until",
        may="note",
        when=(C.HARD,),
    ),
    _Rule(A.STRIKE_OFF, _LIVE, (_OFFICE,), needs="ground", may="photo_sha256s", when=(C.HARD,)),
    # Seen again, come back, opened again.
    _Rule(A.SEE_AGAIN, _OPEN, _SEERS, may="candidate_ids photo_sha256s note"),
    _Rule(
        A.PROPOSE_RECURRENCE,
        _stay(_CLOSED),
        _SEERS,
        needs="candidate_ids",
        may="photo_sha256s note",
        unless=(C.RECURRENCE_PROPOSED,),
    ),
    _Rule(
        A.ACCEPT_RECURRENCE,
        {_CLOSED: _DISPATCHED},
        _JUDGES,
        may="unit_id note",
        when=(C.RECURRENCE_PROPOSED,),
        unless=(C.APPEALED,),
    ),
    _Rule(
        A.REFUSE_RECURRENCE,
        _stay(_CLOSED),
        _JUDGES,
        needs="note",
        when=(C.RECURRENCE_PROPOSED,),
    ),
    _Rule(
        A.REOPEN,
        {_CLOSED: _DISPATCHED},
        (*_GROUP, _OFFICE),
        needs="recheck remaining",
        may="photo_sha256s unit_id note",
        unless=(C.APPEALED,),
    ),
    # What is known of the case, and its withdrawal.
    _Rule(
        A.JOIN_CANDIDATE,
        _OPEN,
        (_REVIEWER, _INSPECTOR, _OFFICE),
        needs="candidate_ids",
        may="photo_sha256s note",
    ),
    _Rule(
        A.PART_CANDIDATE,
        _OPEN,
        (_REVIEWER, _INSPECTOR, _OFFICE),
        needs="candidate_ids",
        may="photo_sha256s note",
    ),
    _Rule(
        A.AMEND,
        _LIVE,
        (_REVIEWER, _INSPECTOR, _DISPATCHER, _OFFICE),
        may="place_zh place_en external_number",
    ),
    _Rule(
        A.RECLASSIFY,
        _stay(_REGISTERED),
        (_REVIEWER,),
        needs="category",
        may="filing_condition note",
    ),
    _Rule(
        A.NOTE,
        _stay(_REGISTERED),
        (*_GROUP, _REVIEWER, _DISPATCHER, _OFFICE),
        needs="note",
        may="photo_sha256s",
    ),
    _Rule(
        A.NOTE,
        _stay(_DISPATCHED, _RETURNED, _CLOSED),
        (*_GROUP, _REVIEWER, _DISPATCHER, _OFFICE, _OFFICER),
        needs="note",
        may="photo_sha256s",
    ),
    _Rule(
        A.URGE,
        _stay(_DISPATCHED),
        (*_GROUP, _OFFICE, _SYSTEM),
        needs="level unit_id",
        may="due_at batch note",
    ),
    _Rule(
        A.WITHDRAW,
        {_REGISTERED: _WITHDRAWN},
        (_REVIEWER, _INSPECTOR, _DISPATCHER, _OFFICE),
        needs="note",
    ),
    _Rule(
        A.WITHDRAW,
        {_DISPATCHED: _WITHDRAWN, _RETURNED: _WITHDRAWN},
        (_OFFICE,),
        needs="note",
    ),
)

TRANSITIONS: Mapping[tuple[CaseState | None, A], Transition] = {
    (state, rule.action): Transition(
        to=to,
        roles=frozenset(rule.roles),
        needs=frozenset(rule.needs.split()),
        may=frozenset(rule.may.split()),
        when=frozenset(rule.when),
        unless=frozenset(rule.unless),
    )
    for rule in _RULES
    for state, to in rule.moves.items()
}
