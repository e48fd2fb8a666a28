"""What a candidate may belong to: proposed with distance and ground, never decided here."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from zoubian.datasets.classes.models import ClassTables
from zoubian.pipeline.candidates.knowledge import ranked_categories
from zoubian.pipeline.candidates.models import Candidate, CandidateFrame
from zoubian.pipeline.candidates.rescan import Held, boxes_of
from zoubian.pipeline.domain.candidate_states import (
    DECLINE_WORDS,
    STATE_WORDS,
    CandidateState,
    DeclineReason,
)
from zoubian.pipeline.domain.cases import CaseState
from zoubian.pipeline.domain.cases_words import STATE_WORDS as CASE_STATE_WORDS
from zoubian.pipeline.domain.geo import EARTH_RADIUS_M, Position, distance_m
from zoubian.pipeline.ledger.cases_lists import PAGE_LIMIT, CaseLine, CaseQuery, Circle, search
from zoubian.pipeline.review.desk import no_such_candidate
from zoubian.pipeline.review.pictures import pictures_of
from zoubian.pipeline.review.view import position_of

_OPEN = (CaseState.REGISTERED, CaseState.DISPATCHED, CaseState.RETURNED)

# Parts of a split and what was taken in are shown through what they belong to now.
_COMPARED = tuple(
    state
    for state in CandidateState
    if state not in (CandidateState.MERGED, CandidateState.SPLIT, CandidateState.LAPSED)
)


class SuspectKind(StrEnum):
    """What the candidate may belong to."""

    CASE = "case"  # open: join it
    CLOSED_CASE = "closed_case"  # a recurrence?
    CANDIDATE = "candidate"  # merge with it, or see what was decided about it


@dataclass(frozen=True, slots=True)
class Reach:
    """How far and how long to look.

    Attributes:
        other_error_m: errors of the others up to this are allowed for, in metres.
        closed_since: cases closed before are left out.
        limit: most that are proposed.
    """

    other_error_m: float
    closed_since: datetime
    limit: int


@dataclass(frozen=True, slots=True)
class Suspect:
    """One case or candidate that may be the same problem.

    Attributes:
        case_id: of the case, or of that which the candidate became.
        distance_m: None where one of them has no position.
        errors_m: the errors of both together; the distance lies within them.
        why_zh: why it is proposed, in one line, like `why_en`.
    """

    kind: SuspectKind
    id: str
    number: str
    case_id: str | None
    distance_m: float | None
    errors_m: float | None
    why_zh: str
    why_en: str


def suspects(
    session: Session, candidate_id: str, *, tables: ClassTables, reach: Reach
) -> tuple[Suspect, ...]:
    """Open and lately closed cases and other candidates that may be the same problem.

    Of a kind that goes with the candidate's, and seen in the same picture, or nearer than the
    errors of both allow, or, where a position is missing, with the same words for the place. Same
    pictures come first, then the nearest.

    Raises:
        Refusal: there is no such candidate.
    """
    row = session.get(Candidate, candidate_id, populate_existing=True)
    if row is None:
        raise no_such_candidate()
    beside = {one.id: one for one in (*_near(session, row, reach), *_same_words(session, row))}
    pictured = {one.id: one for one in _same_pictures(session, row)}
    others = [one for one in {**beside, **pictured}.values() if _goes_with(row, one, tables)]
    found = [
        *(s for one in others if (s := _candidate(row, one, pictured=one.id in pictured))),
        *_cases(session, row, tables, reach),
    ]
    cases = {suspect.id for _, suspect in found if suspect.kind is not SuspectKind.CANDIDATE}
    # A candidate whose case is proposed would be the same thing told twice.
    kept = [one for one in found if one[1].id in cases or one[1].case_id not in cases]
    kept.sort(key=lambda item: (*item[0], item[1].kind.value, item[1].number))
    return tuple(suspect for _, suspect in kept[: reach.limit])


_Ranked = tuple[tuple[int, float], Suspect]


def _near(session: Session, row: Candidate, reach: Reach) -> list[Candidate]:
    here = position_of(row)
    if here is None:
        return []
    away_m = here.error_m + reach.other_error_m
    high = math.degrees(away_m / EARTH_RADIUS_M)
    wide = high / max(math.cos(math.radians(here.lat)), 1e-6)
    return _others(
        session,
        row,
        Candidate.lat.between(here.lat - high, here.lat + high),
        Candidate.lon.between(here.lon - wide, here.lon + wide),
    )


def _same_words(session: Session, row: Candidate) -> list[Candidate]:
    if row.place_zh is None:
        return []
    placeless = Candidate.lat.is_(None) if row.lat is not None else true()
    return _others(session, row, Candidate.place_zh == row.place_zh, placeless)


def _same_pictures(session: Session, row: Candidate) -> list[Candidate]:
    """Those that show the same objects: in one frame, or in one photo handed in twice."""
    mine = pictures_of(session, [row.id])
    names = {name for p in mine for name in (p.frame_id, p.photo_sha256) if name is not None}
    links = session.scalars(
        select(CandidateFrame).where(
            or_(CandidateFrame.frame_id.in_(names), CandidateFrame.photo_sha256.in_(names)),
            CandidateFrame.candidate_id != row.id,
        )
    )
    same = {link.candidate_id for link in links if any(_same_picture(one, link) for one in mine)}
    return _others(session, row, Candidate.id.in_(same)) if same else []


def _same_picture(one: CandidateFrame, other: CandidateFrame) -> bool:
    """Whether two candidates show the same objects in one picture.

    Frames of one video have one original and are told apart by their time; one frame of footage
    may show several spots, which are told apart by their boxes.
    """
    if one.frame_id != other.frame_id and (one.photo_sha256, one.taken_at) != (
        other.photo_sha256,
        other.taken_at,
    ):
        return False
    mine, theirs = boxes_of(one), boxes_of(other)
    if mine is None or theirs is None:
        return True
    held = Held(frozenset(), mine)
    return any(held.holds(name, box) for name, box in theirs)


def _others(session: Session, row: Candidate, *conditions: ColumnElement[bool]) -> list[Candidate]:
    """States are looked at here: SQLite, asked for them, prefers their index to that of places."""
    found = session.scalars(select(Candidate).where(Candidate.id != row.id, *conditions))
    return [one for one in found if one.state in _COMPARED]


def _goes_with(row: Candidate, other: Candidate, tables: ClassTables) -> bool:
    """Whether the two may be one problem: a category in common, or one group of classes."""
    groups = {
        tables.visual_classes[one.visual_class].spot_group
        for one in (row, other)
        if one.visual_class is not None
    }
    both_seen = row.visual_class is not None and other.visual_class is not None
    return (both_seen and len(groups) == 1) or bool(
        _categories(row, tables) & _categories(other, tables)
    )


def _categories(row: Candidate, tables: ClassTables) -> set[str]:
    """The categories that a candidate may end up under."""
    named = {row.category} if row.category is not None else set()
    if row.visual_class is None:
        return named
    return named | {c.category for c in ranked_categories(row.visual_class, row.members, tables)}


def _candidate(row: Candidate, other: Candidate, *, pictured: bool) -> _Ranked | None:
    ground = _ground(position_of(row), position_of(other), pictured=pictured)
    if ground is None:
        return None
    state_zh, state_en = STATE_WORDS[CandidateState(other.state)]
    if other.decline_reason is not None:
        reason_zh, reason_en = DECLINE_WORDS[DeclineReason(other.decline_reason)]
        state_zh, state_en = f"{state_zh}：{reason_zh}", f"{state_en}: {reason_en}"
    return ground.rank, Suspect(
        SuspectKind.CANDIDATE,
        other.id,
        other.number,
        other.case_id,
        ground.distance_m,
        ground.errors_m,
        f"{ground.zh}；{state_zh}",
        f"{ground.en}; {state_en}",
    )


def _cases(
    session: Session, row: Candidate, tables: ClassTables, reach: Reach
) -> Iterator[_Ranked]:
    here = position_of(row)
    if here is not None:
        circle = Circle(here.lat, here.lon, here.error_m + reach.other_error_m)
        wanted = CaseQuery(place=circle)
    elif row.place_zh is not None:
        wanted = CaseQuery(text=row.place_zh)
    else:
        return
    allowed = _categories(row, tables)
    for kind, query in (
        (SuspectKind.CASE, replace(wanted, states=_OPEN)),
        (SuspectKind.CLOSED_CASE, replace(wanted, closed_from=reach.closed_since)),
    ):
        for case in search(session, query, limit=PAGE_LIMIT).cases:
            same_words = case.place_zh == row.place_zh
            if case.category not in allowed or (here is None and not same_words):
                continue
            ground = _ground(here, _position(case), pictured=False)
            if ground is not None:
                zh, en = CASE_STATE_WORDS[case.state]
                yield (
                    ground.rank,
                    Suspect(
                        kind,
                        case.id,
                        case.number,
                        case.id,
                        ground.distance_m,
                        ground.errors_m,
                        f"{ground.zh}；{zh}",
                        f"{ground.en}; {en}",
                    ),
                )


@dataclass(frozen=True, slots=True)
class _Ground:
    """Why two things may be one, in words and in metres."""

    rank: tuple[int, float]
    zh: str
    en: str
    distance_m: float | None = None
    errors_m: float | None = None


def _ground(here: Position | None, there: Position | None, *, pictured: bool) -> _Ground | None:
    """None where both know their places, and these are farther apart than they may err."""
    if here is None or there is None:
        if pictured:
            return _Ground((0, 0.0), "同一张照片", "the same picture")
        return _Ground((2, 0.0), "地点描述相同", "the same words for the place")
    away_m, errors_m = distance_m(here, there), here.error_m + there.error_m
    near_zh = f"相距约{away_m:.0f}米（误差合计{errors_m:.0f}米）"
    near_en = f"about {away_m:.0f} m away (errors {errors_m:.0f} m together)"
    if pictured:
        return _Ground(
            (0, away_m), f"同一张照片，{near_zh}", f"the same picture, {near_en}", away_m, errors_m
        )
    if away_m > errors_m:
        return None
    return _Ground(
        (1, away_m), f"同类问题，{near_zh}", f"the same kind, {near_en}", away_m, errors_m
    )


def _position(case: CaseLine) -> Position | None:
    if case.lat is None or case.lon is None or case.radius_m is None:
        return None
    return Position(case.lat, case.lon, case.radius_m)
