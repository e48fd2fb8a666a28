"""Several candidates that are one problem, and one that is several: merge and split."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.models import Candidate, CandidateFrame
from zoubian.pipeline.candidates.numbers import take_numbers
from zoubian.pipeline.domain.candidate_states import CandidateAction
from zoubian.pipeline.domain.ids import new_id
from zoubian.pipeline.domain.json_values import Json
from zoubian.pipeline.domain.local_time import local_day
from zoubian.pipeline.domain.refusals import Refusal
from zoubian.pipeline.review.desk import By, allow, begin, decide, hold_by_permit, lock
from zoubian.pipeline.review.pictures import pictures_of, share_pictures
from zoubian.pipeline.review.registry import Registry, known_category
from zoubian.pipeline.review.view import CandidateView, view_of
from zoubian.pipeline.sightings.models import DetectionRow


@dataclass(frozen=True, slots=True)
class Part:
    """One of the problems that a candidate turned out to be.

    Attributes:
        members: its share of the objects; the shares of all parts add up to the whole.
        frame_ids: the pictures that show it, the best first; parts may share a picture.
        category: None for that of the whole.
    """

    members: Mapping[str, int]
    frame_ids: tuple[str, ...]
    category: str | None = None


def merge(
    session: Session,
    into_id: str,
    other_ids: Sequence[str],
    *,
    versions: Mapping[str, int],
    same_objects: bool,
    by: By,
) -> CandidateView:
    """Make several candidates one (并案): `into_id` takes the others in, with their pictures.

    Args:
        versions: of all of them, as the caller has seen them.
        same_objects: the pictures show the same things again, which count once; otherwise they
            show others, which add up.

    Raises:
        Refusal: the rules do not allow it; nothing was written.
    """
    others = sorted(set(other_ids) - {into_id})
    if not others:
        raise Refusal("nothing_to_merge", zh="请选择两个以上疑似问题", en="choose two or more")
    rows = lock(session, {identifier: versions[identifier] for identifier in [into_id, *others]})
    whole, parts = rows[into_id], [rows[identifier] for identifier in others]
    allow(whole, CandidateAction.TAKE_IN, by)
    for part in parts:
        allow(part, CandidateAction.MERGE, by)
    facts: dict[str, Json] = {
        "taken": others,
        "same_objects": same_objects,
        "pictures": share_pictures(session, into_id, pictures_of(session, others)),
    }
    after = _together(whole, parts, same_objects=same_objects)
    decide(session, whole, CandidateAction.TAKE_IN, by, after, facts)
    for part in parts:
        decide(session, part, CandidateAction.MERGE, by, {"merged_into": into_id}, {})
    return view_of(whole)


def _together(
    whole: Candidate, parts: Sequence[Candidate], *, same_objects: bool
) -> dict[str, Any]:
    """What the others add to the one that takes them in; what it says of itself stays."""
    members = Counter(whole.members)
    for part in parts:
        if same_objects:
            members |= Counter(part.members)
        else:
            members.update(part.members)
    seen = [row.first_seen_at for row in (whole, *parts) if row.first_seen_at is not None]
    after: dict[str, Any] = {"members": dict(members), "first_seen_at": min(seen, default=None)}
    for names in (("lat", "lon", "radius_m"), ("place_zh", "place_en"), ("category",)):
        if getattr(whole, names[0]) is None:
            giver = next((part for part in parts if getattr(part, names[0]) is not None), None)
            if giver is not None:
                after |= {name: getattr(giver, name) for name in names}
    return after


def split(
    session: Session,
    candidate_id: str,
    parts: Sequence[Part],
    *,
    version: int,
    by: By,
    registry: Registry,
) -> tuple[CandidateView, ...]:
    """Make several candidates of one (拆分); each part is pending, with a number of its own.

    Raises:
        Refusal: the rules do not allow it; nothing was written.
    """
    row = lock(session, {candidate_id: version})[candidate_id]
    allow(row, CandidateAction.SPLIT, by)
    pictures = {picture.frame_id: picture for picture in pictures_of(session, [candidate_id])}
    _check_parts(row, parts, pictures, registry)
    numbers = take_numbers(session, local_day(by.recorded_at), len(parts))
    made = [
        _part_row(session, row, part, number, pictures, by, registry)
        for part, number in zip(parts, numbers, strict=True)
    ]
    facts: dict[str, Json] = {"parts": [one.id for one in made]}
    decide(session, row, CandidateAction.SPLIT, by, {}, facts)
    for one, part in zip(made, parts, strict=True):
        begin(session, one, CandidateAction.SPLIT_OFF, by, {"pictures": part.frame_ids})
        share_pictures(session, one.id, [pictures[name] for name in part.frame_ids])
        hold_by_permit(session, one, registry, by.at)
    return tuple(view_of(one) for one in made)


def _check_parts(
    row: Candidate,
    parts: Sequence[Part],
    pictures: Mapping[str, CandidateFrame],
    registry: Registry,
) -> None:
    """See that nothing gets lost and nothing is made up.

    Raises:
        Refusal: `too_few_parts`, `parts_differ`, `pictures_differ` or `unknown_category`.
    """
    if len(parts) < 2:
        raise Refusal("too_few_parts", zh="请至少拆分为两个", en="split it into two or more")
    counted: Counter[str] = Counter()
    for part in parts:
        counted.update(part.members)
    wrong = any(count < 1 for part in parts for count in part.members.values())
    empty = bool(row.members) and not all(part.members for part in parts)
    if wrong or empty or counted != Counter(row.members):
        raise Refusal(
            "parts_differ",
            zh="拆分后各部分的数量之和应与原数量相同，且各部分不能为空",
            en="the counts of the parts must add up to those of the whole, and no part be empty",
        )
    shown = [name for part in parts for name in part.frame_ids]
    if set(shown) != set(pictures) or not all(part.frame_ids for part in parts):
        raise Refusal(
            "pictures_differ",
            zh="每个部分至少有一张照片，且每张照片都要分到",
            en="each part needs a picture of the candidate, and each picture a part",
        )
    for part in parts:
        if part.category is not None:
            known_category(registry, part.category)


def _part_row(
    session: Session,
    row: Candidate,
    part: Part,
    number: str,
    pictures: Mapping[str, CandidateFrame],
    by: By,
    registry: Registry,
) -> Candidate:
    """A part where the whole was, in the whole's place in the queue.

    Precision is known for the class that named the whole only.
    """
    known = registry.tables.visual_classes
    naming = row.visual_class
    if part.members and naming not in part.members:
        naming = min(part.members, key=lambda name: (not known[name].problem, known[name].rank))
    same = naming == row.visual_class
    category = part.category or row.category
    drawn = (pictures[name].evidence_sha256 for name in part.frame_ids)
    return Candidate(
        id=new_id(by.recorded_at),
        patrol_id=row.patrol_id,
        number=number,
        source=row.source,
        queued_at=row.queued_at,
        visual_class=naming,
        category=category,
        filing_condition=row.filing_condition if category == row.category else None,
        members=dict(part.members),
        confidence=row.confidence if same else _confidence(session, part, naming, row.confidence),
        precision=row.precision if same else None,
        proven=row.proven and same,
        lat=row.lat,
        lon=row.lon,
        radius_m=row.radius_m,
        place_zh=row.place_zh,
        place_en=row.place_en,
        first_seen_at=row.first_seen_at,
        evidence_sha256=next((sha256 for sha256 in drawn if sha256 is not None), None),
        reported_by=row.reported_by,
        split_from=row.id,
    )


def _confidence(
    session: Session, part: Part, visual_class: str | None, otherwise: float | None
) -> float | None:
    """How sure the analysis was of a class in a part's frames: the median of the best scores."""
    best = session.scalars(
        select(func.max(DetectionRow.score))
        .where(DetectionRow.frame_id.in_(part.frame_ids), DetectionRow.visual_class == visual_class)
        .group_by(DetectionRow.frame_id)
    ).all()
    return median(best) if best else otherwise
