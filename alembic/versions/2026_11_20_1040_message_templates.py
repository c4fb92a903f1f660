"""A tenant's own words for its messages

Revision: message_templates, after console_secrets
"""

import sqlalchemy as sa

from alembic import op

revision = "message_templates"
down_revision = "console_secrets"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
TEXTS = ("event", "audience", "channel", "locale", "subject", "body")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "message_template",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        sa.CheckConstraint("audience IN ('client', 'practitioner')", name=op.f("message_template_audience_check")),
        sa.CheckConstraint("channel IN ('email', 'in_app')", name=op.f("message_template_channel_check")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("message_template_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("message_template_pkey")),
        sa.UniqueConstraint(
            *("tenant_id", "event", "audience", "channel", "locale"),
            name=op.f("message_template_tenant_id_event_audience_channel_locale_key"),
        ),
    )
    op.secure_table("message_template", [("ch_app", "SELECT, INSERT, UPDATE, DELETE", OWN, "")])
    op.audit_table("message_template", [])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_table("message_template")
