"""Tables of accounts, uploads, and whose a patrol is."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_APPEND_ONLY = "accesses of files are appended only"

_TABLES = ("account", "sign_in_tries", "sign_in", "task_link", "task_use", "file_access", "upload")


def upgrade() -> None:
    _create_accounts()
    _create_links()
    _create_access_log()
    _create_uploads()
    for name in ("group_id", "created_by"):
        op.add_column("patrol", sa.Column(name, sa.Text(), nullable=True))
    op.create_index(op.f("ix_patrol_group_id"), "patrol", ["group_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_patrol_group_id"), "patrol")
    for name in ("group_id", "created_by"):
        op.drop_column("patrol", name)
    for table in _TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION file_access_refuse()")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(), nullable=nullable)


def _key(table: str, column: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def _create_accounts() -> None:
    op.create_table(
        "account",
        _text("user_id"),
        _text("password_hash", nullable=True),
        _text("code_digest", nullable=True),
        _time("code_until", nullable=True),
        sa.Column("admin", sa.Boolean(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        _text("language"),
        _time("created_at"),
        _key("account", "user_id"),
    )
    op.create_table(
        "sign_in_tries",
        _text("name_digest"),
        sa.Column("failures", sa.Integer(), nullable=False),
        _time("locked_until", nullable=True),
        _key("sign_in_tries", "name_digest"),
    )
    op.create_table(
        "sign_in",
        _text("id"),
        _text("token_digest"),
        _text("user_id"),
        _text("kind"),
        *(_text(name, nullable=True) for name in ("name", "role", "unit_id", "group_id")),
        *(_time(name) for name in ("created_at", "seen_at", "until")),
        _time("ended_at", nullable=True),
        _key("sign_in", "id"),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_in_token_digest")),
    )
    op.create_index(op.f("ix_sign_in_user_id"), "sign_in", ["user_id"])


def _create_links() -> None:
    op.create_table(
        "task_link",
        *(_text(name) for name in ("id", "token_digest", "case_id", "unit_id", "made_by")),
        _time("made_at"),
        _time("until"),
        _time("revoked_at", nullable=True),
        _key("task_link", "id"),
        sa.UniqueConstraint("token_digest", name=op.f("uq_task_link_token_digest")),
    )
    op.create_index(op.f("ix_task_link_case_id"), "task_link", ["case_id"])
    op.create_table(
        "task_use",
        *(_text(name) for name in ("id", "link_id", "name")),
        _time("used_at"),
        _key("task_use", "id"),
    )
    op.create_index(op.f("ix_task_use_link_id"), "task_use", ["link_id"])


def _create_access_log() -> None:
    op.create_table(
        "file_access",
        *(_text(name) for name in ("id", "user_id", "sha256", "subject")),
        _time("at"),
        _key("file_access", "id"),
    )
    for name in ("sha256", "subject"):
        op.create_index(op.f(f"ix_file_access_{name}"), "file_access", [name])
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER file_access_no_{what.lower()} BEFORE {what} ON file_access "
                f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
            )
        # INSERT OR REPLACE would remove the earlier row without any delete trigger.
        op.execute(
            "CREATE TRIGGER file_access_only_new BEFORE INSERT ON file_access "
            "WHEN EXISTS (SELECT 1 FROM file_access WHERE id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION file_access_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{_APPEND_ONLY}'; END$$"
    )
    op.execute(
        "CREATE TRIGGER file_access_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON file_access FOR EACH STATEMENT EXECUTE FUNCTION file_access_refuse()"
    )


def _create_uploads() -> None:
    op.create_table(
        "upload",
        *(_text(name) for name in ("id", "user_id", "name", "sha256")),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        _time("created_at"),
        _time("done_at", nullable=True),
        _text("media_type", nullable=True),
        _text("shown_sha256", nullable=True),
        _time("taken_at", nullable=True),
        *(
            sa.Column(name, sa.Double(), nullable=True)
            for name in ("lat", "lon", "position_error_m")
        ),
        _key("upload", "id"),
    )
    for columns in (["user_id", "id"], ["sha256"]):
        op.create_index(op.f("ix_upload_" + "_".join(columns)), "upload", columns)
