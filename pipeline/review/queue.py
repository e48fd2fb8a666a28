"""The reviewer's queue: what waits, by lane and place, in pages that stand still; the checks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from zoubian.pipeline.candidates.models import Candidate
from zoubian.pipeline.domain.candidate_states import CandidateState
from zoubian.pipeline.domain.scopes import EVERY_CANDIDATE, CandidateScope
from zoubian.pipeline.intake.models import Patrol
from zoubian.pipeline.review.desk import no_such_candidate
from zoubian.pipeline.review.view import CandidateView, view_of

PAGE_LIMIT = 500


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """What is looked for; filters that are left out ask for nothing, the others hold together.

    Attributes:
        states: any of these.
        visual_classes: any of these; reports have none.
        categories: any of these.
        certain: measured precision of at least `certain_from`, or below it; either leaves out
            reports and the unproven lane, where nothing was measured.
        proven: the lane of classes that were measured on real pictures, or the other one.
        held_back: those that a permit explains away, or the others.
        text: a piece of the place in words or of the number.
        scope: which candidates whoever asks may see at all.
    """

    states: tuple[CandidateState, ...] = (CandidateState.PENDING,)
    visual_classes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    certain: bool | None = None
    certain_from: float = 0.8
    proven: bool | None = None
    held_back: bool | None = None
    patrol_id: str | None = None
    text: str | None = None
    scope: CandidateScope = EVERY_CANDIDATE


@dataclass(frozen=True, slots=True)
class QueueKey:
    """Where a page ended."""

    queued_at: datetime
    number: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some candidates, those first that wait longest; `after` asks for the next page."""

    candidates: tuple[CandidateView, ...]
    after: QueueKey | None


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many candidates a query finds, and of what kind.

    Attributes:
        by_class: by visual class; reports are under None.
        certain: as the query draws the line; `certain`, `uncertain`, `unproven` and `reported` add
            up to `total`.
        held_back: those of the total that a permit explains away.
    """

    total: int
    by_class: dict[str | None, int]
    certain: int
    uncertain: int
    unproven: int
    reported: int
    held_back: int


def pending(
    session: Session, query: QueueQuery, *, limit: int, after: QueueKey | None = None
) -> QueuePage:
    """Candidates that wait for a reviewer, those first that wait longest.

    What is decided or proposed meanwhile neither shifts a later page nor appears twice.

    Args:
        limit: candidates of a page, 1 to 500.
        after: `QueuePage.after` of the page before.
    """
    if not 1 <= limit <= PAGE_LIMIT:
        raise ValueError(f"a page holds 1 to {PAGE_LIMIT} candidates, asked for {limit}")
    order = (Candidate.queued_at, Candidate.number)
    statement = select(Candidate).where(*_filters(query))
    if after is not None:
        statement = statement.where(tuple_(*order) > (after.queued_at, after.number))
    rows = session.scalars(statement.order_by(*order).limit(limit + 1)).all()
    shown = rows[:limit]
    more = len(rows) > limit
    last = QueueKey(shown[-1].queued_at, shown[-1].number) if more else None
    return QueuePage(tuple(view_of(row) for row in shown), last)


def queue_counts(session: Session, query: QueueQuery) -> QueueCounts:
    """How many there are, in all and of each kind."""
    certain = Candidate.precision >= query.certain_from
    measured = Candidate.precision.is_not(None)
    found = Candidate.visual_class.is_not(None)

    def of(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    rows = session.execute(
        select(
            Candidate.visual_class,
            func.count(),
            of(and_(measured, certain)),
            of(and_(measured, ~certain)),
            of(and_(found, ~measured)),
            of(~found),
            of(Candidate.held_by.is_not(None)),
        )
        .where(*_filters(query))
        .group_by(Candidate.visual_class)
    ).all()
    return QueueCounts(
        total=sum(row[1] for row in rows),
        by_class={row[0]: row[1] for row in rows},
        certain=sum(row[2] for row in rows),
        uncertain=sum(row[3] for row in rows),
        unproven=sum(row[4] for row in rows),
        reported=sum(row[5] for row in rows),
        held_back=sum(row[6] for row in rows),
    )


def checks(
    session: Session,
    *,
    group_id: str | None = None,
    due_before: datetime | None = None,
    scope: CandidateScope = EVERY_CANDIDATE,
) -> tuple[CandidateView, ...]:
    """Facts that working groups were asked for and have not answered, the most urgent first.

    Args:
        group_id: None for all groups.
        due_before: only those whose time runs out before this moment (now: what is overdue).
        scope: which candidates whoever asks may see at all.
    """
    waiting = Candidate.state == CandidateState.CHECK_REQUESTED
    statement = select(Candidate).where(waiting, *_seen(scope))
    if group_id is not None:
        statement = statement.where(Candidate.check_group_id == group_id)
    if due_before is not None:
        statement = statement.where(Candidate.check_due_at < due_before)
    rows = session.scalars(statement.order_by(Candidate.check_due_at, Candidate.number))
    return tuple(view_of(row) for row in rows)


def is_visible(session: Session, candidate_id: str, scope: CandidateScope) -> bool:
    """Whether there is such a candidate, and whoever has the scope may see it."""
    found = select(Candidate.id).where(Candidate.id == candidate_id, *_seen(scope))
    return session.scalar(found) is not None


def candidate(session: Session, candidate_id: str) -> CandidateView:
    """One candidate as it stands.

    Raises:
        Refusal: `no_such_candidate`.
    """
    row = session.get(Candidate, candidate_id, populate_existing=True)
    if row is None:
        raise no_such_candidate()
    return view_of(row)


def _seen(scope: CandidateScope) -> tuple[ColumnElement[bool], ...]:
    """What a candidate must be like to be within a scope."""
    if scope.everything:
        return ()
    reported = Candidate.reported_by.in_(scope.reporters)
    if scope.group_id is None:
        return (reported,)
    patrols = select(Patrol.id).where(Patrol.group_id == scope.group_id)
    asked = Candidate.check_group_id == scope.group_id
    return (or_(reported, asked, Candidate.patrol_id.in_(patrols)),)


def _filters(query: QueueQuery) -> list[ColumnElement[bool]]:
    row = Candidate
    wanted: list[ColumnElement[bool]] = [row.state.in_(query.states), *_seen(query.scope)]
    if query.visual_classes:
        wanted.append(row.visual_class.in_(query.visual_classes))
    if query.categories:
        wanted.append(row.category.in_(query.categories))
    if query.certain is not None:
        sure = row.precision >= query.certain_from
        wanted.append(sure if query.certain else row.precision < query.certain_from)
    if query.proven is not None:
        wanted += [row.visual_class.is_not(None), row.proven.is_(query.proven)]
    if query.held_back is not None:
        held = row.held_by.is_not(None)
        wanted.append(held if query.held_back else ~held)
    if query.patrol_id is not None:
        wanted.append(row.patrol_id == query.patrol_id)
    if query.text is not None:
        columns = (row.place_zh, row.place_en, row.number)
        wanted.append(or_(*(c.icontains(query.text.strip(), autoescape=True) for c in columns)))
    return wanted
