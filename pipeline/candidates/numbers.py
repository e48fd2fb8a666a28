"""Names of candidates: an id for programs and a number that people say on the telephone."""

import hashlib
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

# Both databases lock the row until the transaction ends, and both know this form.
_COUNT_ON = text(
    "INSERT INTO candidate_count (day, last) VALUES (:day, :more) "
    "ON CONFLICT (day) DO UPDATE SET last = candidate_count.last + :more RETURNING last"
)


def candidate_id(patrol_id: str, first_frame_id: str, group: str) -> str:
    """The same spot of the same patrol gets the same id in every run.

    The spot is named by its first frame and the group of its objects, not by what was found in
    it: better weights may see another heap there, and it stays the same candidate.
    """
    named = "\n".join((patrol_id, first_frame_id, group))
    return hashlib.sha256(named.encode()).hexdigest()[:20]


def take_numbers(session: Session, day: date, count: int) -> list[str]:
    """Take the next `count` numbers of a day, such as Z1123-007: month and day, then a count.

    Said as "Z, eleven twenty-three, seven": digits only, no look-alike letters, and as short as
    one day of one bureau allows. The count runs through all patrols and reports of a workspace, so
    that two groups that go out on one day never say one number for two things, and a number is
    never given twice, whatever became of its candidate. Who takes numbers at the same time waits
    for this transaction to end.

    Args:
        day: local day of the patrol or report.
    """
    if count == 0:
        return []
    prefix = f"{day:%m%d}"
    last: int = session.execute(_COUNT_ON, {"day": prefix, "more": count}).scalar_one()
    return [f"Z{prefix}-{number:03d}" for number in range(last - count + 1, last + 1)]
