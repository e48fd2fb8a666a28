"""Tables of the organisation room."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "org_load",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_load")),
    )
    op.create_table(
        "org_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["load_id"], ["org_load.id"], name=op.f("fk_org_record_load_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_record")),
    )
    op.create_index(op.f("ix_org_record_load_id"), "org_record", ["load_id"])
    op.create_index(op.f("ix_org_record_kind_identity"), "org_record", ["kind", "identity"])


def downgrade() -> None:
    op.drop_table("org_record")
    op.drop_table("org_load")
