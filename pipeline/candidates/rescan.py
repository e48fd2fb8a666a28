"""A patrol looked at again: its plan is written around what people have dealt with meanwhile."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.models import Candidate, CandidateFrame
from zoubian.pipeline.candidates.numbers import take_numbers
from zoubian.pipeline.candidates.rules import SeenFrame, SpotDraft
from zoubian.pipeline.domain.actors import SYSTEM
from zoubian.pipeline.domain.boxes import Box, iou
from zoubian.pipeline.domain.candidate_states import CandidateAction, CandidateState, next_state
from zoubian.pipeline.intake.models import Medium, Patrol
from zoubian.pipeline.organisation.places import PlaceWords
from zoubian.pipeline.sightings.models import Frame

logger = logging.getLogger(__name__)

# Two analyses of one frame mean one object by boxes that overlap by more than this.
SAME_BOX_IOU = 0.5

_PICTURE = (
    "frame_id",
    "rank",
    "evidence_sha256",
    "photo_sha256",
    "shown_sha256",
    "taken_at",
    "boxes",
)


@dataclass(frozen=True, slots=True)
class PlannedCandidate:
    """A candidate before it is written.

    Attributes:
        category: the likeliest one, None where the campaign's list has none.
        place: None where no position is known.
        evidence: sha256 of the drawn picture by frame id, the best frame first.
    """

    id: str
    draft: SpotDraft
    category: str | None
    precision: float | None
    place: PlaceWords | None
    evidence: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Held:
    """What a candidate shows in one frame.

    Attributes:
        classes: of its members.
        boxes: its objects by class; None where all objects of its classes in the frame are its
            own, as in a photo (`form_spots` 1). A frame of footage may show several spots.
    """

    classes: frozenset[str]
    boxes: tuple[tuple[str, Box], ...] | None

    def holds(self, visual_class: str, box: Box) -> bool:
        """Whether such an object is one of the candidate's."""
        if self.boxes is None:
            return visual_class in self.classes
        return any(
            name == visual_class and iou(box, known) >= SAME_BOX_IOU for name, known in self.boxes
        )


@dataclass(frozen=True, slots=True)
class Handled:
    """What people have dealt with in a patrol: ids of candidates, and what they show by frame."""

    ids: frozenset[str]
    held: Mapping[str, Sequence[Held]]

    def knows(self, frame_id: str, visual_class: str, box: Box) -> bool:
        """Whether somebody has dealt with this object."""
        return any(held.holds(visual_class, box) for held in self.held.get(frame_id, ()))


def handled_by_people(session: Session, patrol_id: str) -> Handled:
    """What is not to be proposed a second time.

    New frames of a spot that was dealt with, or another class in its frames, are proposed: a
    person sees the earlier candidate beside them and joins the two.
    """
    rows = session.scalars(
        select(Candidate).where(Candidate.patrol_id == patrol_id, Candidate.handled)
    ).all()
    return Handled(
        ids=frozenset(row.id for row in rows),
        held={
            frame_id: [held for _, held in shown]
            for frame_id, shown in _shown_by_frame(session, rows).items()
        },
    )


def _shown_by_frame(
    session: Session, rows: Sequence[Candidate]
) -> dict[str, list[tuple[str, Held]]]:
    """By frame id, the candidates that show it, with what they show there."""
    members = {row.id: frozenset(row.members) for row in rows}
    links = session.scalars(
        select(CandidateFrame)
        .where(CandidateFrame.candidate_id.in_(members))
        .order_by(CandidateFrame.candidate_id)
    )
    shown: dict[str, list[tuple[str, Held]]] = {}
    for link in links:
        held = Held(members[link.candidate_id], boxes_of(link))
        shown.setdefault(link.frame_id, []).append((link.candidate_id, held))
    return shown


def replace_candidates(
    session: Session, planned: Sequence[PlannedCandidate], *, patrol_id: str, at: datetime
) -> None:
    """Write a plan in place of the patrol's candidates that nobody has dealt with.

    Those that a person has dealt with stay as they are, and are not proposed a second time. One
    that the plan holds under another id (an earlier frame was found) hands its number and its place
    in the queue on. One that the plan no longer holds lapses: it leaves the queue, its row stays.

    Args:
        at: when new candidates enter the queue.
    """
    patrol = session.get_one(Patrol, patrol_id, with_for_update=True)  # one rescan at a time
    untouched = {
        row.id: row
        for row in session.scalars(
            select(Candidate)
            .where(Candidate.patrol_id == patrol_id, ~Candidate.handled)
            .order_by(Candidate.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    handled = handled_by_people(session, patrol_id)
    plans = [kept for plan in planned if (kept := _new_in(plan, handled)) is not None]
    heirs = _heirs(session, plans, untouched)
    _remove(session, [row for rows in heirs.values() for row in rows])
    _lapse(untouched.keys() - {plan.id for plan in plans}, untouched)
    fresh = [plan for plan in plans if plan.id not in untouched]
    day = (patrol.created_at + timedelta(minutes=patrol.tz_offset_min)).date()
    taken = iter(take_numbers(session, day, sum(plan.id not in heirs for plan in fresh)))
    for plan in fresh:
        before = heirs.get(plan.id)
        row = Candidate(
            id=plan.id,
            patrol_id=patrol_id,
            number=min(r.number for r in before) if before else next(taken),
            queued_at=min(r.queued_at for r in before) if before else at,
            **_found(plan),
        )
        session.add(row)
    session.flush()  # the pictures refer to the rows
    pictures = _pictures(session, patrol_id)
    for plan in plans:
        shown = _shown(plan, pictures)
        if plan.id in untouched:
            _renew(session, untouched[plan.id], plan, shown)
        else:
            session.add_all(CandidateFrame(candidate_id=plan.id, **fields) for fields in shown)
    session.flush()
    logger.info("patrol %s: %d candidates proposed", patrol_id, len(plans))


def _new_in(plan: PlannedCandidate, handled: Handled) -> PlannedCandidate | None:
    """The plan with the frames that tell something new; None without any.

    A planner that asks `handled_by_people` first plans nothing else; what was decided between its
    asking and this writing is left out here, and the next plan counts the rest anew.
    """
    frames = tuple(
        frame
        for frame in plan.draft.frames
        if not all(
            handled.knows(frame.id, seen.visual_class, seen.box_xyxy_px) for seen in frame.objects
        )
    )
    if not frames or plan.id in handled.ids:
        return None
    kept = {frame.id for frame in frames}
    return replace(
        plan,
        draft=replace(plan.draft, frames=frames),
        evidence={name: sha256 for name, sha256 in plan.evidence.items() if name in kept},
    )


def _heirs(
    session: Session, plans: Iterable[PlannedCandidate], untouched: dict[str, Candidate]
) -> dict[str, list[Candidate]]:
    """By id of a new plan, the rows that held some of its objects; taken out of `untouched`."""
    ids = {plan.id for plan in plans}
    shown = _shown_by_frame(session, [r for r in untouched.values() if r.id not in ids])
    heirs: dict[str, list[Candidate]] = {}
    for plan in plans:
        if plan.id in untouched:
            continue
        before = {
            candidate_id
            for frame in plan.draft.frames
            for candidate_id, held in shown.get(frame.id, ())
            for seen in frame.objects
            if held.holds(seen.visual_class, seen.box_xyxy_px)
        }
        found = [untouched.pop(name) for name in sorted(before) if name in untouched]
        if found:
            heirs[plan.id] = found
    return heirs


def _remove(session: Session, rows: Sequence[Candidate]) -> None:
    """Make room for the heirs, which take the numbers over."""
    for row in rows:
        session.delete(row)
    session.flush()


def _lapse(gone: Iterable[str], untouched: Mapping[str, Candidate]) -> None:
    for identifier in gone:
        row = untouched[identifier]
        if row.state != CandidateState.LAPSED:
            row.state = next_state(
                CandidateState(row.state), CandidateAction.LAPSE, SYSTEM, own=False
            )
            row.version += 1


def _renew(
    session: Session, row: Candidate, plan: PlannedCandidate, shown: Sequence[Mapping[str, Any]]
) -> None:
    """Write what the plan says otherwise than the row; its version rises only then."""
    links = session.scalars(
        select(CandidateFrame)
        .where(CandidateFrame.candidate_id == row.id)
        .order_by(CandidateFrame.rank)
    )
    before = [{name: getattr(link, name) for name in _PICTURE} for link in links]
    changed = {name: value for name, value in _found(plan).items() if getattr(row, name) != value}
    if row.state == CandidateState.LAPSED:
        changed["state"] = next_state(
            CandidateState.LAPSED, CandidateAction.FIND_AGAIN, SYSTEM, own=False
        )
    if before != shown:
        session.execute(delete(CandidateFrame).where(CandidateFrame.candidate_id == row.id))
        session.add_all(CandidateFrame(candidate_id=row.id, **fields) for fields in shown)
    if changed or before != shown:
        row.version += 1
    for name, value in changed.items():
        setattr(row, name, value)


def _found(plan: PlannedCandidate) -> dict[str, Any]:
    """The columns that a scan fills."""
    draft, position, place = plan.draft, plan.draft.position, plan.place
    return {
        "visual_class": draft.visual_class,
        "category": plan.category,
        "members": dict(draft.members),
        "confidence": draft.confidence,
        "precision": plan.precision,
        "proven": plan.precision is not None,
        "lat": position.lat if position else None,
        "lon": position.lon if position else None,
        "radius_m": position.error_m if position else None,
        "place_zh": place.zh if place else None,
        "place_en": place.en if place else None,
        "first_seen_at": draft.first_seen_at,
        "evidence_sha256": next(iter(plan.evidence.values()), None),
    }


def _pictures(session: Session, patrol_id: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """By frame id, the kind of its medium and what a candidate keeps of it."""
    rows = session.execute(
        select(Frame.id, Medium.kind, Medium.sha256, Frame.shown_sha256, Frame.taken_at)
        .join(Medium, Frame.medium_id == Medium.id)
        .where(Medium.patrol_id == patrol_id)
    )
    return {
        frame_id: (kind, {"photo_sha256": photo, "shown_sha256": shown, "taken_at": taken_at})
        for frame_id, kind, photo, shown, taken_at in rows
    }


def _shown(
    plan: PlannedCandidate, pictures: Mapping[str, tuple[str, Mapping[str, Any]]]
) -> list[dict[str, Any]]:
    """The plan's pictures: the drawn frames first, in their order, then the others by time."""
    frames = {frame.id: frame for frame in plan.draft.frames}
    others = [name for name in frames if name not in plan.evidence]
    names = [name for name in (*plan.evidence, *others) if name in pictures]
    return [
        {
            "frame_id": name,
            "rank": rank,
            "evidence_sha256": plan.evidence.get(name),
            "boxes": _boxes(frames[name]) if pictures[name][0] == "video" else None,
            **pictures[name][1],
        }
        for rank, name in enumerate(names)
    ]


def boxes_of(picture: CandidateFrame) -> tuple[tuple[str, Box], ...] | None:
    """A candidate's objects in a frame of footage, by class; None for a photo."""
    if picture.boxes is None:
        return None
    return tuple((name, (x1, y1, x2, y2)) for name, x1, y1, x2, y2 in picture.boxes)


def _boxes(frame: SeenFrame) -> list[list[Any]]:
    return [[seen.visual_class, *seen.box_xyxy_px] for seen in frame.objects]
