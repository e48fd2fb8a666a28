"""Who acts: a user in one of the roles, for a unit or a working group."""

from collections.abc import Mapping
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

ROLE_WORDS: Mapping[Role, tuple[str, str]] = {
    Role.INSPECTOR: ("工作组队员", "inspector"),
    Role.REVIEWER: ("受理员", "reviewer"),
    Role.DISPATCHER: ("派遣员", "dispatcher"),
    Role.OFFICER: ("街道（乡镇）人员", "subdistrict officer"),
    Role.VERIFIER: ("复查人员", "verifier"),
    Role.OFFICE: ("领导小组办公室", "campaign office"),
    Role.ADMIN: ("系统管理员", "administrator"),
    Role.SYSTEM: ("系统", "system"),
}
