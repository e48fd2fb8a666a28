"""What a visual class means on the street, wherever its boxes come from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassRule:
    """How one visual class takes part in spots.

    Attributes:
        spot_group: classes of one group standing together are one spot.
        rank: within the group; the lowest ranked problem class that is seen names the candidate.
        proven: measured on real pictures; such a class names the candidate before any other, so
            that a finding one can trust never hides behind one that nobody has measured.
        problem: whether the class alone makes a candidate (a closed bin does not).
        stretch: whether it is counted along a stretch of street rather than at a spot.
        threshold: lowest score that counts.
    """

    name: str
    spot_group: str
    rank: int
    problem: bool
    stretch: bool
    proven: bool
    threshold: float
