"""Announcements of the platform

Revision: console_news, after identity2_oidc
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "console_news"
down_revision = "identity2_oidc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "announcement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("readers", sa.Text(), nullable=False),
        sa.Column("titles", postgresql.JSONB(), nullable=False),
        sa.Column("bodies", postgresql.JSONB(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ends_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('news', 'terms', 'promotion', 'incident')", name=op.f("announcement_kind_check")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("announcement_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("announcement_pkey")),
    )
    op.create_index("announcement_shown", "announcement", ["ends_at"])
    op.secure_table(
        "announcement",
        [
            ("ch_auth", "SELECT", "true", ""),
            ("ch_platform", "SELECT, INSERT, UPDATE (ends_at)", "true", ""),
        ],
    )
    op.audit_table("announcement", [])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_table("announcement")
