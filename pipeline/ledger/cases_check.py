"""Whether the tables that repeat cases say what the events say; a part of `ledger check`."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import column, exists, literal, select, table
from sqlalchemy.orm import InstrumentedAttribute, Session

from zoubian.pipeline.domain.cases_fold import SUBJECT_PREFIX, BrokenHistoryError, fold
from zoubian.pipeline.domain.cases_view import CaseView
from zoubian.pipeline.ledger import texts
from zoubian.pipeline.ledger.cases_models import (
    CaseCondition,
    CaseParty,
    CaseRow,
    LedgerText,
)
from zoubian.pipeline.ledger.cases_rows import conditions_of, parties_of, row_values
from zoubian.pipeline.ledger.events import StoredEvent, events_by_subject
from zoubian.pipeline.ledger.faults import Fault
from zoubian.pipeline.ledger.models import LedgerEvent

_AT_ONCE = 500

# Without types: a value that is no time must be named, not make reading fail.
_ROWS = table("case_row", *(column(found.name) for found in CaseRow.__table__.columns))


def compare_cases(session: Session) -> Iterator[Fault]:
    """Every row of a case that is missing, too many or different from its events; flat memory."""
    subjects = events_by_subject(session, prefix=SUBJECT_PREFIX)
    broken: list[Fault] = []
    views = _folded(subjects, broken)
    while batch := list(islice(views, _AT_ONCE)):
        yield from _compare(session, batch)
    yield from broken
    yield from _extra(session)
    yield from _changed_texts(session)


def _folded(
    subjects: Iterator[tuple[str, Iterator[StoredEvent]]], broken: list[Fault]
) -> Iterator[CaseView]:
    for subject, events in subjects:
        try:
            view = fold(events)
        except BrokenHistoryError as error:
            broken.append(_history_broken(subject, error.number))
        else:
            yield view


def _compare(session: Session, views: Sequence[CaseView]) -> Iterator[Fault]:
    ids = [view.id for view in views]
    found = session.execute(select(_ROWS).where(_ROWS.c.id.in_(ids)))
    rows = {row._mapping["id"]: row._mapping for row in found}
    conditions = _several(session, CaseCondition.case_id, CaseCondition.condition, ids)
    parties = _several(session, CaseParty.case_id, CaseParty.party, ids)
    wanted = [reference for view in views for reference in view.texts]
    bodies = {reference: str(body) for reference, body in texts.read(session, wanted).items()}
    for view in views:
        for reference in view.texts:
            if reference not in bodies:
                yield _text_missing(view)
        if view.id not in rows:
            yield _row_missing(view)
            continue
        said = row_values(view, bodies)
        stands = rows[view.id]
        differ = sorted(name for name, value in said.items() if not _same(value, stands[name]))
        if conditions[view.id] != conditions_of(view):
            differ.append("conditions")
        if parties[view.id] != parties_of(view):
            differ.append("parties")
        if differ:
            yield _row_differs(view, differ)


def _several(
    session: Session,
    of_case: InstrumentedAttribute[str],
    what: InstrumentedAttribute[str],
    ids: Sequence[str],
) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {identifier: set() for identifier in ids}
    for case_id, name in session.execute(select(of_case, what).where(of_case.in_(ids))):
        found[case_id].add(name)
    return found


def _same(said: object, stands: object) -> bool:
    if not isinstance(said, datetime):
        return said == stands
    if isinstance(stands, str):  # as SQLite keeps times
        try:
            stands = datetime.fromisoformat(stands)
        except ValueError:
            return False
    return said.astimezone(UTC).replace(tzinfo=None) == stands


def _extra(session: Session) -> Iterator[Fault]:
    registered = exists().where(LedgerEvent.subject == literal(SUBJECT_PREFIX) + CaseRow.id)
    for number in session.scalars(select(CaseRow.number).where(~registered)):
        yield Fault(
            None,
            "case_extra",
            f"案件表中的案件 {number} 没有任何记录，不是本程序登记的",
            f"the table of cases holds case {number}, of which the ledger has no event",
        )


def _changed_texts(session: Session) -> Iterator[Fault]:
    rows = session.execute(
        select(LedgerText.reference, LedgerText.salt, LedgerText.body).execution_options(
            yield_per=_AT_ONCE
        )
    )
    for reference, salt, body in rows:
        if texts.reference_of(salt, body) != reference:
            yield Fault(
                None,
                "text_changed",
                f"说明文字 {reference[:12]} 被改动，与记录中的校验值不符",
                f"text {reference[:12]} was changed: it does not have the hash that events name",
            )


def _text_missing(view: CaseView) -> Fault:
    return Fault(
        view.version,
        "text_missing",
        f"案件 {view.number} 的记录所引用的说明文字不在",
        f"a text that the events of case {view.number} refer to is not there",
    )


def _row_missing(view: CaseView) -> Fault:
    return Fault(
        view.first_event,
        "case_missing",
        f"案件表中缺少案件 {view.number}",
        f"case {view.number} is missing from the table of cases",
    )


def _row_differs(view: CaseView, columns: Sequence[str]) -> Fault:
    names = ", ".join(columns)
    return Fault(
        view.version,
        "case_differs",
        f"案件表中的案件 {view.number} 与其记录不符：{names}",
        f"the table of cases says something else of case {view.number} than its events: {names}",
    )


def _history_broken(subject: str, number: int) -> Fault:
    return Fault(
        number,
        "case_history",
        f"第 {number} 条记录不合案件办理规则（{subject}）：不是本程序写入的",
        f"event {number} cannot have followed ({subject}): something else put it there",
    )
