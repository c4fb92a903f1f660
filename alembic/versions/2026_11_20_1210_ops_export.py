"""Exports of a tenant's data

Revision: ops_export, after ops_keys
"""

import sqlalchemy as sa

from alembic import op

revision = "ops_export"
down_revision = "ops_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "tenant_export",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("clinical", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ready_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'ready', 'lapsed')", name=op.f("tenant_export_status_check")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("tenant_export_asked_by_fkey")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("tenant_export_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("tenant_export_pkey")),
    )
    op.create_index("tenant_export_recent", "tenant_export", ["tenant_id", "created_at"])
    op.secure_table(
        "tenant_export",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_platform",
                "SELECT (tenant_id, id, asked_by, status, size, created_at, ready_at, expires_at)",
                "true",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("tenant_export", [])


def downgrade() -> None:
    op.drop_table("tenant_export")
