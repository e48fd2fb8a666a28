"""Who acts: a user in one of the roles, for a unit or a working group."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """In what capacity somebody acts; a user may hold several and acts in one at a time."""

    INSPECTOR = "inspector"
    REVIEWER = "reviewer"
    DISPATCHER = "dispatcher"
    OFFICER = "officer"
    VERIFIER = "verifier"
    OFFICE = "office"
    ADMIN = "admin"
    SYSTEM = "system"  # the software itself: it proposes and remembers, it does not decide


@dataclass(frozen=True, slots=True)
class Actor:
    """A user acting in one role.

    Attributes:
        user_id: a reference, never a name.
        unit_id: the subdistrict, township or bureau office that the user belongs to.
        group_id: the working group (工作组) that the user belongs to.
    """

    user_id: str
    role: Role
    unit_id: str | None = None
    group_id: str | None = None


SYSTEM = Actor(user_id="system", role=Role.SYSTEM)
