"""The paper of issued documents: drawn once, its bytes in the storage

Revision: billing_paper, after people_cards
"""

import sqlalchemy as sa

from alembic import op

revision = "billing_paper"
down_revision = "people_cards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "billing_paper",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content_key", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["billing_document.tenant_id", "billing_document.id"],
            name=op.f("billing_paper_tenant_id_document_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("billing_paper_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("billing_paper_pkey")),
        sa.UniqueConstraint("tenant_id", "document_id", name=op.f("billing_paper_tenant_id_document_id_key")),
    )
    op.secure_table(
        "billing_paper",
        [
            (
                "ch_app",
                "SELECT, INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "SELECT, INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_platform", "SELECT (tenant_id, id, document_id, size, made_at)", "true", ""),
        ],
        clinical=False,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_table("billing_paper")
