"""Candidates as people deal with them: versions, reports, decisions, pictures that stay."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NUMBER = re.compile(r"Z(\d{4})-(\d{3,})")

_NEW_TEXTS = (
    "filing_condition",
    "reported_by",
    "case_id",
    "merged_into",
    "split_from",
    "decline_reason",
    "check_group_id",
    "check_fact",
    "held_by",
    "held_zh",
    "held_en",
)
_FILLED = ("version", "handled", "source", "queued_at")
_FOUND_BY_SCANS = ("patrol_id", "visual_class", "confidence")
_INDEXES = (("state", "queued_at", "number"), ("lat", "lon"), ("case_id",), ("place_zh",))


def upgrade() -> None:
    _set_pictures_aside()
    _widen_candidates()
    _create_pictures()
    _put_exhibits_back()
    op.create_table(
        "candidate_count",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_candidate_count")),
    )
    _count_numbers()


def downgrade() -> None:
    op.drop_table("candidate_count")
    _set_pictures_aside()
    # What the earlier tables had no room for.
    op.execute("DELETE FROM candidate WHERE patrol_id IS NULL")
    for columns in _INDEXES:
        op.drop_index(op.f(f"ix_candidate_{'_'.join(columns)}"), "candidate")
    with op.batch_alter_table("candidate") as table:
        for name in (*_NEW_TEXTS, *_FILLED, "check_due_at"):
            table.drop_column(name)
        for name in _FOUND_BY_SCANS:
            table.alter_column(name, nullable=False)
    _create_first_pictures()
    _put_exhibits_back()


def _set_pictures_aside() -> None:
    """SQLite changes `candidate` by copying and dropping it, which takes along what hangs on it."""
    op.execute("CREATE TABLE exhibit_aside AS SELECT * FROM exhibit")
    op.execute("DELETE FROM exhibit")
    op.execute("CREATE TABLE candidate_frame_aside AS SELECT * FROM candidate_frame")
    op.drop_table("candidate_frame")


def _put_exhibits_back() -> None:
    op.execute(
        "INSERT INTO exhibit SELECT * FROM exhibit_aside"
        " WHERE candidate_id IN (SELECT id FROM candidate)"
    )
    op.drop_table("exhibit_aside")


def _widen_candidates() -> None:
    with op.batch_alter_table("candidate") as table:
        for name in _FOUND_BY_SCANS:
            table.alter_column(name, nullable=True)
        for name in _NEW_TEXTS:
            table.add_column(sa.Column(name, sa.Text()))
        table.add_column(sa.Column("check_due_at", sa.DateTime()))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(
            sa.Column("handled", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("source", sa.Text(), nullable=False, server_default="patrol"))
        table.add_column(sa.Column("queued_at", sa.DateTime()))
    op.execute(
        "UPDATE candidate SET handled = (state <> 'pending'), queued_at ="
        " (SELECT created_at FROM patrol WHERE patrol.id = candidate.patrol_id)"
    )
    with op.batch_alter_table("candidate") as table:
        table.alter_column("queued_at", nullable=False)
    for columns in _INDEXES:
        op.create_index(op.f(f"ix_candidate_{'_'.join(columns)}"), "candidate", list(columns))


def _create_pictures() -> None:
    op.create_table(
        "candidate_frame",
        *_picture_columns(),
        sa.Column("photo_sha256", sa.Text(), nullable=True),
        sa.Column("shown_sha256", sa.Text(), nullable=True),
        sa.Column("taken_at", sa.DateTime(), nullable=True),
        sa.Column("part", sa.Text(), nullable=True),
        sa.Column("boxes", sa.JSON(), nullable=True),
    )
    for name in ("frame_id", "photo_sha256"):
        op.create_index(op.f(f"ix_candidate_frame_{name}"), "candidate_frame", [name])
    op.execute(
        "INSERT INTO candidate_frame (candidate_id, frame_id, rank, evidence_sha256,"
        " photo_sha256, shown_sha256, taken_at)"
        " SELECT p.candidate_id, p.frame_id, p.rank, p.evidence_sha256,"
        " medium.sha256, frame.shown_sha256, frame.taken_at"
        " FROM candidate_frame_aside AS p JOIN frame ON frame.id = p.frame_id"
        " JOIN medium ON medium.id = frame.medium_id"
    )
    op.drop_table("candidate_frame_aside")


def _create_first_pictures() -> None:
    op.create_table(
        "candidate_frame",
        *_picture_columns(),
        sa.ForeignKeyConstraint(
            ["frame_id"], ["frame.id"], name=op.f("fk_candidate_frame_frame_id"), ondelete="CASCADE"
        ),
    )
    op.execute(
        "INSERT INTO candidate_frame (candidate_id, frame_id, rank, evidence_sha256)"
        " SELECT candidate_id, frame_id, rank, evidence_sha256 FROM candidate_frame_aside"
        " WHERE candidate_id IN (SELECT id FROM candidate)"
        " AND frame_id IN (SELECT id FROM frame)"
    )
    op.drop_table("candidate_frame_aside")


def _picture_columns() -> tuple[sa.schema.SchemaItem, ...]:
    """What the table always had."""
    return (
        sa.Column("candidate_id", sa.Text(), nullable=False),
        sa.Column("frame_id", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("evidence_sha256", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["candidate_id"],
            ["candidate.id"],
            name=op.f("fk_candidate_frame_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("candidate_id", "frame_id", name=op.f("pk_candidate_frame")),
    )


def _count_numbers() -> None:
    """Go on after the numbers that were given before they were counted."""
    connection = op.get_bind()
    last: dict[str, int] = {}
    for number in connection.scalars(sa.text("SELECT number FROM candidate")):
        if match := _NUMBER.fullmatch(number):
            last[match[1]] = max(last.get(match[1], 0), int(match[2]))
    for day, count in sorted(last.items()):
        connection.execute(
            sa.text("INSERT INTO candidate_count (day, last) VALUES (:day, :last)"),
            {"day": day, "last": count},
        )
