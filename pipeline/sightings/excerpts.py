"""Excerpts of clips as rows: what shows a candidate, cut once."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from zoubian.pipeline.sightings.cutting import CUTTING_VERSION, Cut
from zoubian.pipeline.sightings.models import Excerpt, Frame


@dataclass(frozen=True, slots=True)
class ExcerptPlan:
    """A part of a clip that is to be cut.

    Attributes:
        with_clip: whether the part itself is wanted, or only its frames at `shown_s`.
    """

    id: str
    medium_id: str
    start_s: float
    end_s: float
    with_clip: bool
    shown_s: tuple[float, ...]


def plan_excerpts(
    medium_id: str, shown_s: Sequence[float], *, before_s: float, after_s: float, look: str
) -> tuple[ExcerptPlan, ...]:
    """A clip round the best frame of a candidate, and its other frames where they lie outside.

    Args:
        shown_s: times of the frames to show, the best one first.
        before_s, after_s: of the clip, round the best frame.
        look: names the settings that the pictures depend on.
    """
    best_s = shown_s[0]
    start_s, end_s = max(0.0, best_s - before_s), best_s + after_s
    inside = tuple(sorted(at for at in shown_s if start_s <= at < end_s))
    plans = [_plan(medium_id, start_s, end_s, True, inside, look)]
    for at in sorted(set(shown_s) - set(inside)):
        plans.append(_plan(medium_id, max(0.0, at - 0.05), at + 0.05, False, (at,), look))
    return tuple(plans)


def is_cut(session: Session, plan: ExcerptPlan) -> bool:
    """Whether it was cut, and its frames have their pictures."""
    if session.get(Excerpt, plan.id) is None:
        return False
    stamps = [round(at * 1000) for at in plan.shown_s]
    lacking = select(Frame.id).where(
        Frame.medium_id == plan.medium_id, Frame.index.in_(stamps), Frame.shown_sha256.is_(None)
    )
    return session.scalars(lacking).first() is None


def clip_of(session: Session, plan: ExcerptPlan) -> str | None:
    """The sha256 of an excerpt's MP4, None where there is none."""
    row = session.get(Excerpt, plan.id)
    return None if row is None else row.clip_sha256


def store_excerpt(session: Session, plan: ExcerptPlan, cut: Cut | None) -> None:
    """Write what was cut; the frames learn of their pictures. None: nothing could be cut."""
    session.merge(
        Excerpt(
            id=plan.id,
            medium_id=plan.medium_id,
            start_s=plan.start_s,
            end_s=plan.end_s,
            clip_sha256=None if cut is None else cut.clip_sha256,
        )
    )
    for shown in () if cut is None else cut.shown:
        session.execute(
            update(Frame)
            .where(Frame.medium_id == plan.medium_id, Frame.index == round(shown.offset_s * 1000))
            .values(shown_sha256=shown.sha256, shown_scale=shown.scale)
        )


def _plan(
    medium_id: str,
    start_s: float,
    end_s: float,
    with_clip: bool,
    shown_s: tuple[float, ...],
    look: str,
) -> ExcerptPlan:
    named = json.dumps([medium_id, start_s, end_s, with_clip, shown_s, look, CUTTING_VERSION])
    identifier = f"{medium_id}-{hashlib.sha256(named.encode()).hexdigest()[:16]}"
    return ExcerptPlan(identifier, medium_id, start_s, end_s, with_clip, shown_s)
