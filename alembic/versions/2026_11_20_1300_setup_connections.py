"""A tenant connects a mail server and a storage of its own

Revision: setup_connections, after setup_hours
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "setup_connections"
down_revision = "setup_hours"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "connection",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("checked_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('smtp', 's3')", name=op.f("connection_kind_check")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("connection_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("connection_pkey")),
        sa.UniqueConstraint("tenant_id", "kind", name=op.f("connection_tenant_id_kind_key")),
    )
    platform = "SELECT (tenant_id, id, kind, checked_at, trouble, updated_at)"
    op.secure_table(
        "connection", [("ch_app", "SELECT, INSERT, UPDATE, DELETE", OWN, ""), ("ch_platform", platform, "true", "")]
    )
    op.audit_table("connection", ["secret"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_table("connection")
