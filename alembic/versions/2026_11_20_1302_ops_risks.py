"""Signals of fraud and abuse

Revision: ops_risks, after ops_support
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "ops_risks"
down_revision = "ops_support"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "risk_signal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("first_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("last_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('accounts', 'sign_ins', 'guesses', 'cancellations')", name=op.f("risk_signal_kind_check")
        ),
        sa.CheckConstraint("state IN ('open', 'dismissed', 'acted')", name=op.f("risk_signal_state_check")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("risk_signal_decided_by_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("risk_signal_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("risk_signal_pkey")),
        sa.UniqueConstraint("kind", "subject", name=op.f("risk_signal_kind_subject_key")),
    )
    op.create_index("risk_signal_recent", "risk_signal", ["last_at"], unique=False)
    op.secure_table(
        "risk_signal",
        [
            ("ch_worker", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
            ("ch_platform", "SELECT, UPDATE (state, reason, decided_by, decided_at)", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("risk_signal", [])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_audit("risk_signal", [])
    op.secure_table(
        "risk_signal",
        [],
        clinical=False,
    )
    op.drop_index("risk_signal_recent", table_name="risk_signal")
    op.drop_table("risk_signal")
