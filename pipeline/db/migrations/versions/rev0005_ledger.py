"""Tables of the ledger room."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from zoubian.pipeline.ledger.triggers import drop_functions, guard

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# By code point, whatever the database's language: prefixes are looked up in the index.
SUBJECT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _create_events()
    _create_head()
    guard(op.get_bind())
    _create_case_row()
    _create_of_case("case_condition", "condition")
    _create_of_case("case_party", "party")
    _create_case_request()
    _create_ledger_text()
    _create_case_search()


def downgrade() -> None:
    for table in (
        "case_search",
        "ledger_text",
        "case_request",
        "case_party",
        "case_condition",
        "case_row",
    ):
        op.drop_table(table)
    op.drop_table("ledger_head")
    op.drop_table("ledger_event")
    drop_functions(op.get_bind())


def _create_events() -> None:
    op.create_table(
        "ledger_event",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("subject", SUBJECT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_event")),
    )
    op.create_index(op.f("ix_ledger_event_subject_number"), "ledger_event", ["subject", "number"])


def _create_head() -> None:
    table = op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_head_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
    )
    op.bulk_insert(table, [{"id": 1, "number": 0, "hash": "0" * 64}])


def _create_case_row() -> None:
    op.create_table(
        "case_row",
        *_case_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_row")),
        sa.UniqueConstraint("number", name=op.f("uq_case_row_number")),
        sa.UniqueConstraint("first_event", name=op.f("uq_case_row_first_event")),
    )
    for columns in (
        ["number_year", "number_count"],
        ["unit_id", "first_event"],
        ["state", "first_event"],
        ["category", "first_event"],
        ["source", "first_event"],
        ["lat", "lon", "first_event"],
        ["unit_id", "due_at"],
        ["due_at"],
        ["registered_at"],
        ["closed_at"],
        ["parking_review_at"],
    ):
        op.create_index(op.f("ix_case_row_" + "_".join(columns)), "case_row", columns)


def _case_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("first_event", NUMBER, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_year", sa.Integer(), nullable=False),
        sa.Column("number_count", sa.Integer(), nullable=False),
        sa.Column("external_number", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("filing_condition", sa.Text(), nullable=True),
        sa.Column("rule_id", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=True),
        sa.Column("proposed_unit_ids", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("radius_m", sa.Double(), nullable=True),
        sa.Column("place_zh", sa.Text(), nullable=True),
        sa.Column("place_en", sa.Text(), nullable=True),
        sa.Column("registered_at", sa.DateTime(), nullable=False),
        sa.Column("registered_group_id", sa.Text(), nullable=True),
        sa.Column("dispatched_at", sa.DateTime(), nullable=True),
        sa.Column("returned_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closing", sa.Text(), nullable=True),
        sa.Column("extended_until", sa.DateTime(), nullable=True),
        sa.Column("parked_until", sa.DateTime(), nullable=True),
        sa.Column("parking_review_at", sa.DateTime(), nullable=True),
        sa.Column("parking_season", sa.Text(), nullable=True),
        sa.Column("hard_office_id", sa.Text(), nullable=True),
        sa.Column("hard_due_at", sa.DateTime(), nullable=True),
        sa.Column("hard_promised_at", sa.DateTime(), nullable=True),
        sa.Column("send_backs", sa.Integer(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("urged", sa.Integer(), nullable=False),
        sa.Column("exempted", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("warn_at", sa.DateTime(), nullable=True),
        sa.Column("supervise_at", sa.DateTime(), nullable=True),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
    )


def _create_of_case(table: str, what: str) -> None:
    """A table that holds several of something for each case."""
    op.create_table(
        table,
        sa.Column(what, sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_row.id"], name=op.f(f"fk_{table}_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(what, "case_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_case_id"), table, ["case_id"])


def _create_case_request() -> None:
    op.create_table(
        "case_request",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_request")),
    )


def _create_ledger_text() -> None:
    op.create_table(
        "ledger_text",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_ledger_text")),
    )


def _create_case_search() -> None:
    """The index of texts: what each database has for it, so no model speaks of it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE case_search USING fts5"
            "(pieces, tokenize = 'unicode61 remove_diacritics 0', detail = none, columnsize = 0)"
        )
        return
    op.create_table(
        "case_search",
        sa.Column("first_event", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pieces", sa.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("first_event", name=op.f("pk_case_search")),
    )
    op.create_index("ix_case_search_pieces", "case_search", ["pieces"], postgresql_using="gin")
