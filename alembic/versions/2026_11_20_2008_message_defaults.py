"""The platform's words of messages, for tenants without their own

Revision: message_defaults, after console_transactions
"""

import sqlalchemy as sa

from alembic import op

revision = "message_defaults"
down_revision = "console_transactions"
branch_labels = None
depends_on = None

KEY = ("event", "audience", "channel", "locale")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "message_default",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*KEY, "subject", "body")),
        sa.Column("changed_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("audience IN ('client', 'practitioner')", name=op.f("message_default_audience_check")),
        sa.CheckConstraint("channel IN ('email', 'sms', 'push', 'in_app')", name=op.f("message_default_channel_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("message_default_pkey")),
        sa.UniqueConstraint(*KEY, name=op.f("message_default_event_audience_channel_locale_key")),
    )
    op.secure_table(
        "message_default",
        [("ch_app", "SELECT", "true", ""), ("ch_platform", "SELECT, INSERT, UPDATE, DELETE", "true", "")],
        clinical=False,
    )
    op.audit_table("message_default", [])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_table("message_default")
