"""What shows a footage candidate besides its pictures: a short clip and a small map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shapely.geometry import LineString
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.footage import FootageDraft, SeenFootage
from zoubian.pipeline.candidates.models import Candidate, Exhibit
from zoubian.pipeline.candidates.spot_map import draw_spot_map
from zoubian.pipeline.files import FileStore
from zoubian.pipeline.organisation.places import NamedShape
from zoubian.pipeline.sightings.excerpts import ExcerptPlan, clip_of, plan_excerpts

_BEFORE_S, _AFTER_S = 3.0, 2.0  # of a clip, round the best frame


@dataclass(frozen=True, slots=True)
class PlannedExhibit:
    """One thing to show of a candidate, in the file store."""

    kind: str
    sha256: str


def excerpts_for(
    draft: FootageDraft, footage: SeenFootage, *, look: str
) -> tuple[ExcerptPlan, ...]:
    """What is to be cut for a spot: a clip round its best frame first, and its best frames.

    Args:
        look: names the settings that the pictures depend on.
    """
    by_clip: dict[str, list[float]] = {}
    for frame_id in draft.best:
        clip_id, offset_s = footage.media[frame_id]
        by_clip.setdefault(clip_id, []).append(offset_s)
    return tuple(
        plan
        for clip_id, shown_s in by_clip.items()
        for plan in plan_excerpts(clip_id, shown_s, before_s=_BEFORE_S, after_s=_AFTER_S, look=look)
    )


def plan_exhibits(
    session: Session,
    files: FileStore,
    draft: FootageDraft,
    footage: SeenFootage,
    excerpts: Sequence[ExcerptPlan],
    roads: Sequence[NamedShape[LineString]],
) -> list[PlannedExhibit]:
    """What there is to show of a spot; the map is drawn into the store."""
    exhibits = []
    clip = clip_of(session, excerpts[0])
    if clip is not None:
        exhibits.append(PlannedExhibit("clip", clip))
    way = [frame.pose.position for frame in footage.observations if frame.pose is not None]
    drawn = draw_spot_map(draft.draft, way, roads)
    if drawn is not None:
        exhibits.append(PlannedExhibit("map", files.put_bytes(drawn)))
    return exhibits


def replace_exhibits(session: Session, exhibits: Mapping[str, Sequence[PlannedExhibit]]) -> None:
    """Write what is shown of candidates, by their ids; those that have no row are left out."""
    known = set(session.scalars(select(Candidate.id).where(Candidate.id.in_(list(exhibits)))))
    for candidate_id in sorted(known):
        session.execute(delete(Exhibit).where(Exhibit.candidate_id == candidate_id))
        session.add_all(
            Exhibit(candidate_id=candidate_id, kind=one.kind, sha256=one.sha256)
            for one in exhibits[candidate_id]
        )
