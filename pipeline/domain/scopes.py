"""Which rows somebody may see, as values that lists filter by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaseScope:
    """The cases that somebody may see: those that any of this is true of.

    Attributes:
        everything: all cases.
        unit_ids: units that have the case, assist with it, or lead it as a hard case.
        group_id: the working group that registered it.
    """

    everything: bool
    unit_ids: tuple[str, ...] = ()
    group_id: str | None = None


@dataclass(frozen=True, slots=True)
class CandidateScope:
    """The candidates that somebody may see: those that any of this is true of.

    Attributes:
        everything: all candidates.
        reporters: users who reported it.
        group_id: the working group whose patrol found it, or that was asked to check it.
    """

    everything: bool
    reporters: tuple[str, ...] = ()
    group_id: str | None = None


EVERY_CASE = CaseScope(everything=True)
EVERY_CANDIDATE = CandidateScope(everything=True)
