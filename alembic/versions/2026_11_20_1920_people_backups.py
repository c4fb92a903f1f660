"""Backups that were asked for or made by the clock

Revision: people_backups, after questions
"""

import sqlalchemy as sa

from alembic import op

revision = "people_backups"
down_revision = "questions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "backup_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("done_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("file", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tables", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('asked', 'running', 'done', 'failed')", name=op.f("backup_run_state_check")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("backup_run_asked_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("backup_run_pkey")),
    )
    op.create_index("backup_run_recent", "backup_run", ["asked_at"], unique=False)
    op.secure_table(
        "backup_run",
        [
            ("ch_worker", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
            ("ch_platform", "SELECT, INSERT", "true", ""),
        ],
        clinical=False,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.secure_table("backup_run", [], clinical=False)
    op.drop_index("backup_run_recent", table_name="backup_run")
    op.drop_table("backup_run")
