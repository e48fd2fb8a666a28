"""The fold: a case is what its events say, one after the other, by the one table."""

from collections.abc import Iterable
from dataclasses import replace

from zoubian.pipeline.domain.cases import CaseAction, CaseState, Source
from zoubian.pipeline.domain.cases_changes import CHANGES
from zoubian.pipeline.domain.cases_details import (
    CaseEvent,
    names,
    number_or_none,
    text,
    text_or_none,
    texts,
)
from zoubian.pipeline.domain.cases_table import TRANSITIONS
from zoubian.pipeline.domain.cases_view import CaseView

SUBJECT_PREFIX = "case:"

_BESIDE = (CaseAction.URGE, CaseAction.SEE_AGAIN)


class BrokenHistoryError(ValueError):
    """The events of a case do not follow the table: somebody wrote past it.

    Attributes:
        number: of the first event that does not fit.
    """

    def __init__(self, number: int, message: str) -> None:
        super().__init__(f"event {number}: {message}")
        self.number = number


def fold(events: Iterable[CaseEvent]) -> CaseView:
    """The case after all its events, given in their order.

    Raises:
        BrokenHistoryError: an event that the table does not allow, or none at all.
    """
    view: CaseView | None = None
    for event in events:
        view = apply(view, event)
    if view is None:
        raise BrokenHistoryError(0, "a case without events")
    return view


def apply(view: CaseView | None, event: CaseEvent) -> CaseView:
    """The case after one more event; `view` is None before the first.

    Raises:
        BrokenHistoryError: the table does not allow the event, or it lacks what it must say.
    """
    try:
        action = CaseAction(event.kind.removeprefix("case."))
        state = None if view is None else view.state
        transition = TRANSITIONS[state, action]
        if view is None:
            return _first_view(event)
        if not transition.when <= view.conditions or transition.unless & view.conditions:
            raise ValueError("its conditions do not hold")
        changes = CHANGES[action](view, event)
    except (KeyError, ValueError, TypeError) as error:
        raise BrokenHistoryError(event.number, f"{event.kind} does not fit here") from error
    after = replace(
        view,
        version=view.version if action in _BESIDE else event.number,
        state=transition.to,
        texts=view.texts + texts(event),
        **changes,
    )
    after = _settled(after)
    if after.state is not view.state or after.clock != view.clock:
        after = replace(after, moved_at=event.occurred_at)
    return after


def _settled(view: CaseView) -> CaseView:
    """What ends by itself when the state is left that it belongs to."""
    if view.state is not CaseState.DISPATCHED:
        view = replace(view, extension_request=None, parking_request=None)
    if view.state not in (CaseState.REGISTERED, CaseState.DISPATCHED):
        view = replace(view, parking=None)
    return view


def _first_view(event: CaseEvent) -> CaseView:
    """The case as it is registered."""
    details = event.details
    return CaseView(
        id=event.subject.removeprefix(SUBJECT_PREFIX),
        number=text(details, "number"),
        first_event=event.number,
        version=event.number,
        state=CaseState.REGISTERED,
        round=1,
        category=text(details, "category"),
        filing_condition=text_or_none(details, "filing_condition"),
        rule_id=text_or_none(details, "rule_id"),
        lat=number_or_none(details, "lat"),
        lon=number_or_none(details, "lon"),
        radius_m=number_or_none(details, "radius_m"),
        place_zh=text_or_none(details, "place_zh"),
        place_en=text_or_none(details, "place_en"),
        source=Source(text(details, "source")),
        external_number=text_or_none(details, "external_number"),
        candidate_ids=names(details, "candidate_ids"),
        photo_sha256s=names(details, "photo_sha256s"),
        proposed_unit_ids=names(details, "proposed_unit_ids"),
        assisting_unit_ids=names(details, "assisting_unit_ids"),
        registered_at=event.occurred_at,
        registered_by=event.actor,
        registered_group_id=text_or_none(details, "actor_group_id"),
        moved_at=event.occurred_at,
        texts=texts(event),
    )
