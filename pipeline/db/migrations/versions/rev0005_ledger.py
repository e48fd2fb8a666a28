"""Tables of the ledger room."""

import sqlalchemy as sa
from alembic import op

from zoubian.pipeline.ledger.triggers import drop_functions, guard

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_events()
    _create_head()
    guard(op.get_bind())


def downgrade() -> None:
    op.drop_table("ledger_head")
    op.drop_table("ledger_event")
    drop_functions(op.get_bind())


def _create_events() -> None:
    op.create_table(
        "ledger_event",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
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
