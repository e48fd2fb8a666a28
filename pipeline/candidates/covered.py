"""Coverage of a patrol's footage as rows: which stretches were seen, and where silence says
nothing."""

from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.footage import SeenFootage
from zoubian.pipeline.footage.coverage import Coverage
from zoubian.pipeline.footage.coverage import Stretch as SeenStretch
from zoubian.pipeline.sightings.models import Stretch

_TIMED_FROM_S = 0.0  # clocks of clips without a time are negative


def replace_coverage(
    session: Session, patrol_id: str, coverage: Coverage, footage: SeenFootage
) -> None:
    """Write the stretches of a patrol; run again, nothing changes."""
    session.execute(delete(Stretch).where(Stretch.patrol_id == patrol_id))
    for number, stretch in enumerate(coverage.stretches):
        timed = stretch.from_s > _TIMED_FROM_S
        session.add(
            Stretch(
                patrol_id=patrol_id,
                number=number,
                state="seen" if stretch.assessable else "not_assessable",
                reason=None if stretch.assessable else _reason(stretch, footage),
                started_at=datetime.fromtimestamp(stretch.from_s, UTC) if timed else None,
                ended_at=datetime.fromtimestamp(stretch.to_s, UTC) if timed else None,
                length_m=stretch.length_m,
                path=[[round(p.lat, 7), round(p.lon, 7)] for p in stretch.line],
            )
        )


def _reason(stretch: SeenStretch, footage: SeenFootage) -> str | None:
    """Why most of a stretch's frames cannot be judged."""
    reasons = Counter(
        footage.reasons[frame.frame_id]
        for frame in footage.observations
        if stretch.from_s <= frame.time_s <= stretch.to_s and frame.frame_id in footage.reasons
    )
    return min(reasons, key=lambda reason: (-reasons[reason], reason), default=None)
