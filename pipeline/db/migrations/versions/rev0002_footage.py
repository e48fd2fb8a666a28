"""Tables of footage: what a clip is, its segments, what was covered, what shows a candidate."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("clip", "segment", "excerpt", "stretch", "exhibit")


def upgrade() -> None:
    _create_clip()
    _create_segment()
    _create_excerpt()
    _create_stretch()
    _create_exhibit()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_clip() -> None:
    op.create_table(
        "clip",
        sa.Column("medium_id", sa.Text(), nullable=False),
        sa.Column("facts_key", sa.Text(), nullable=False),
        sa.Column("codec", sa.Text(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("frame_rate", sa.Double(), nullable=True),
        sa.Column("assumed_rate", sa.Double(), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("first_shown_s", sa.Double(), nullable=False),
        sa.Column("written_stamp", sa.Text(), nullable=True),
        sa.Column("written_offset_min", sa.Integer(), nullable=True),
        sa.Column("written_zone", sa.Text(), nullable=False),
        sa.Column("position_source", sa.Text(), nullable=True),
        sa.Column("fixes", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("start_source", sa.Text(), nullable=True),
        sa.Column("seen_s", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["medium_id"], ["medium.id"], name=op.f("fk_clip_medium_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("medium_id", name=op.f("pk_clip")),
    )


def _create_segment() -> None:
    op.create_table(
        "segment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("medium_id", sa.Text(), nullable=False),
        sa.Column("start_s", sa.Double(), nullable=False),
        sa.Column("end_s", sa.Double(), nullable=False),
        sa.Column("look_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("frames_read", sa.Integer(), nullable=False),
        sa.Column("travels", sa.JSON(), nullable=False),
        sa.Column("beats", sa.JSON(), nullable=False),
        sa.Column("problem_code", sa.Text(), nullable=True),
        sa.Column("problem_zh", sa.Text(), nullable=True),
        sa.Column("problem_en", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["medium_id"], ["medium.id"], name=op.f("fk_segment_medium_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
    )
    op.create_index(op.f("ix_segment_medium_id"), "segment", ["medium_id"])


def _create_excerpt() -> None:
    op.create_table(
        "excerpt",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("medium_id", sa.Text(), nullable=False),
        sa.Column("start_s", sa.Double(), nullable=False),
        sa.Column("end_s", sa.Double(), nullable=False),
        sa.Column("clip_sha256", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["medium_id"], ["medium.id"], name=op.f("fk_excerpt_medium_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excerpt")),
    )
    op.create_index(op.f("ix_excerpt_medium_id"), "excerpt", ["medium_id"])


def _create_stretch() -> None:
    op.create_table(
        "stretch",
        sa.Column("patrol_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("length_m", sa.Double(), nullable=False),
        sa.Column("path", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["patrol_id"], ["patrol.id"], name=op.f("fk_stretch_patrol_id")),
        sa.PrimaryKeyConstraint("patrol_id", "number", name=op.f("pk_stretch")),
    )


def _create_exhibit() -> None:
    op.create_table(
        "exhibit",
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_exhibit_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("candidate_id", "kind", name=op.f("pk_exhibit")),
    )
