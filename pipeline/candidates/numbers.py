"""Names of candidates: an id for programs and a number that people say on the telephone."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

_NUMBER = re.compile(r"Z(\d{4})-(\d{3,})")


def candidate_id(patrol_id: str, first_frame_id: str, group: str) -> str:
    """The same spot of the same patrol gets the same id in every run.

    The spot is named by its first frame and the group of its objects, not by what was found in
    it: better weights may see another heap there, and it stays the same candidate.
    """
    named = "\n".join((patrol_id, first_frame_id, group))
    return hashlib.sha256(named.encode()).hexdigest()[:20]


def assign_numbers(
    ids: Sequence[str], day: date, *, known: Mapping[str, str], taken: Iterable[str]
) -> dict[str, str]:
    """Give each candidate a number such as Z1123-007: month and day of the patrol, then a count.

    Said as "Z, eleven twenty-three, seven": digits only, no look-alike letters, and as short as
    one day of one bureau allows. The count runs through all patrols of a workspace, so that two
    groups that patrol on one day never say one number for two things. A candidate keeps the number
    it once had, and a number is not given again while any candidate holds it.

    Args:
        ids: in the order in which they are to be counted.
        day: local day of the patrol.
        known: numbers that candidates of this patrol hold already, by id.
        taken: all numbers of the workspace.

    >>> assign_numbers(["a", "b"], date(2026, 11, 23), known={"b": "Z1123-004"},
    ...                taken=["Z1123-004"])
    {'a': 'Z1123-005', 'b': 'Z1123-004'}
    """
    prefix = f"{day:%m%d}"
    counts = [
        int(match[2])
        for number in taken
        if (match := _NUMBER.fullmatch(number)) is not None and match[1] == prefix
    ]
    last = max(counts, default=0)
    numbers: dict[str, str] = {}
    for identifier in ids:
        if identifier in known:
            numbers[identifier] = known[identifier]
        else:
            last += 1
            numbers[identifier] = f"Z{prefix}-{last:03d}"
    return numbers
