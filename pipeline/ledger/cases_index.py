"""Finding cases by a piece of text, however short: an index of pairs of characters.

Chinese has no spaces, and people search for two characters (a road's name): the trigram indexes of
SQLite and PostgreSQL cannot answer that, and the latter is not installed everywhere. So pairs and
single characters are indexed: as words of an FTS5 table in SQLite, as an array under a GIN index in
PostgreSQL. The index only proposes; the text itself decides.
"""

from sqlalchemy import ColumnElement, TextClause, text
from sqlalchemy.orm import Session

from zoubian.pipeline.domain.cases_text import pieces_for, pieces_of, searchable
from zoubian.pipeline.ledger.cases_models import CaseRow

_WRITE = {
    "sqlite": (
        "DELETE FROM case_search WHERE rowid = :key",
        "INSERT INTO case_search (rowid, pieces) VALUES (:key, :pieces)",
    ),
    "postgresql": (
        "INSERT INTO case_search (first_event, pieces) VALUES (:key, :pieces) "
        "ON CONFLICT (first_event) DO UPDATE SET pieces = excluded.pieces",
    ),
}
_FIND = {
    "sqlite": "case_row.first_event IN "
    "(SELECT rowid FROM case_search WHERE case_search MATCH :pieces)",
    "postgresql": "case_row.first_event IN "
    "(SELECT first_event FROM case_search WHERE pieces @> CAST(:pieces AS text[]))",
}


def index_text(session: Session, first_event: int, line: str) -> None:
    """Make a case findable by `line`, its searchable text, and no longer by an earlier one."""
    dialect = session.get_bind().dialect.name
    found = pieces_of(line)
    values = {"key": first_event, "pieces": " ".join(found) if dialect == "sqlite" else list(found)}
    for statement in _WRITE[dialect]:
        session.execute(text(statement), values)


def contains(session: Session, wanted: str) -> list[ColumnElement[bool] | TextClause]:
    """What holds for rows of cases whose text contains `wanted`; nothing to ask for is empty."""
    line = searchable([wanted])
    if not line:
        return []
    conditions: list[ColumnElement[bool] | TextClause] = [
        CaseRow.search_text.contains(line, autoescape=True)
    ]
    found = pieces_for(line)
    if found:
        dialect = session.get_bind().dialect.name
        values = " ".join(f'"{piece}"' for piece in found) if dialect == "sqlite" else list(found)
        conditions.append(text(_FIND[dialect]).bindparams(pieces=values))
    return conditions
