"""What a case can be and what can be done to it; `cases_table` says what is allowed when."""

from dataclasses import dataclass
from enum import StrEnum

from zoubian.pipeline.domain.actors import Role


class CaseState(StrEnum):
    """Where a case stands. Parked and extended are conditions of a case, not states."""

    REGISTERED = "registered"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class CaseAction(StrEnum):
    """What somebody does to a case; the value is what the event says has happened."""

    REGISTER = "registered"
    DISPATCH = "dispatched"
    REDISPATCH = "redispatched"
    DISPUTE = "disputed"
    REQUEST_EXTENSION = "extension_requested"
    GRANT_EXTENSION = "extension_granted"
    REFUSE_EXTENSION = "extension_refused"
    REQUEST_PARKING = "parking_requested"
    PARK = "parked"
    REFUSE_PARKING = "parking_refused"
    REVIEW_PARKING = "parking_reviewed"
    UNPARK = "unparked"
    EXEMPT = "exempted"
    RETURN = "returned"
    SEND_BACK = "sent_back"
    CLOSE = "closed"
    FIX_ON_SPOT = "fixed_on_spot"
    APPEAL = "appealed"
    UPHOLD_APPEAL = "appeal_upheld"
    REJECT_APPEAL = "appeal_rejected"
    RAISE_HARD = "hard_raised"
    NOTE_HARD = "hard_noted"
    PROMISE_HARD = "hard_promised"
    STRIKE_OFF = "hard_struck_off"
    REOPEN = "reopened"
    PROPOSE_RECURRENCE = "recurrence_proposed"
    ACCEPT_RECURRENCE = "recurrence_accepted"
    REFUSE_RECURRENCE = "recurrence_refused"
    SEE_AGAIN = "seen_again"
    JOIN_CANDIDATE = "candidate_joined"
    PART_CANDIDATE = "candidate_parted"
    AMEND = "amended"
    RECLASSIFY = "reclassified"
    NOTE = "noted"
    URGE = "urged"
    WITHDRAW = "withdrawn"

    @property
    def kind(self) -> str:
        """The kind of the action's event in the ledger, such as `case.dispatched`."""
        return f"case.{self.value}"


class Condition(StrEnum):
    """What may be true of a case besides its state."""

    EXTENSION_REQUESTED = "extension_requested"
    EXTENDED = "extended"
    PARKING_REQUESTED = "parking_requested"
    PARKED = "parked"
    SENT_BACK = "sent_back"  # in this round, and not yet appealed against
    APPEALED = "appealed"  # and not yet answered
    RECURRENCE_PROPOSED = "recurrence_proposed"  # and not yet answered
    HARD = "hard"  # and not yet struck off


class Source(StrEnum):
    """How a case came to be known."""

    PATROL = "patrol"  # found in footage or photos, confirmed by a person
    MANUAL = "manual"  # reported by a person without a detection
    STREET = "street"  # the unit's own inspection (街道自查)


class Recheck(StrEnum):
    """How somebody looked whether the problem is gone."""

    ON_SITE = "on_site"
    PHOTO = "photo"


class SendBackReason(StrEnum):
    """Why a return is not accepted."""

    WRONG_ANGLE = "wrong_angle"
    TOO_CLOSE = "too_close"
    TOO_DARK = "too_dark"
    REMAINS = "remains"
    OTHER_PLACE = "other_place"
    MOVED_ELSEWHERE = "moved_elsewhere"


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step.

    Attributes:
        to: the state afterwards.
        roles: who may do it.
        needs: details that must be given.
        may: details that may be given.
        when: conditions that must all hold.
        unless: conditions of which none may hold.
    """

    to: CaseState
    roles: frozenset[Role]
    needs: frozenset[str]
    may: frozenset[str]
    when: frozenset[Condition]
    unless: frozenset[Condition]
