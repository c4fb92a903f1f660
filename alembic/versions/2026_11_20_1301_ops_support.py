"""The support desk

Revision: ops_support, after ops_console
"""

import sqlalchemy as sa

from alembic import op

revision = "ops_support"
down_revision = "ops_console"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "support_ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("of_tenant", sa.Uuid(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "category IN ('technical', 'account', 'billing', 'privacy', 'other')",
            name=op.f("support_ticket_category_check"),
        ),
        sa.CheckConstraint("state IN ('open', 'answered', 'solved')", name=op.f("support_ticket_state_check")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("support_ticket_assignee_id_fkey")),
        sa.ForeignKeyConstraint(["of_tenant"], ["tenant.id"], name=op.f("support_ticket_of_tenant_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("support_ticket_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("support_ticket_pkey")),
    )
    op.create_index("support_ticket_of_person", "support_ticket", ["person_id", "updated_at"], unique=False)
    op.create_index("support_ticket_recent", "support_ticket", ["updated_at"], unique=False)
    op.create_table(
        "support_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("from_desk", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("support_message_author_id_fkey")),
        sa.ForeignKeyConstraint(["ticket_id"], ["support_ticket.id"], name=op.f("support_message_ticket_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("support_message_pkey")),
    )
    op.create_index("support_message_of_ticket", "support_message", ["ticket_id", "created_at"], unique=False)
    op.secure_table(
        "support_ticket",
        [
            (
                "ch_me",
                "SELECT, INSERT, UPDATE (state, updated_at)",
                "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)",
                "",
            ),
            ("ch_platform", "SELECT, UPDATE (state, assignee_id, updated_at)", "true", ""),
            ("ch_auth", "SELECT, DELETE", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("support_ticket", ["subject"])
    op.secure_table(
        "support_message",
        [
            (
                "ch_me",
                "SELECT, INSERT",
                "ticket_id IN (SELECT id FROM support_ticket WHERE person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid))",
                "ticket_id IN (SELECT id FROM support_ticket WHERE person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)) AND NOT from_desk AND author_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)",
            ),
            ("ch_platform", "SELECT, INSERT", "true", "from_desk"),
            ("ch_auth", "SELECT, DELETE", "true", ""),
        ],
        clinical=False,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.secure_table(
        "support_message",
        [],
        clinical=False,
    )
    op.drop_audit("support_ticket", ["subject"])
    op.secure_table(
        "support_ticket",
        [],
        clinical=False,
    )
    op.drop_index("support_message_of_ticket", table_name="support_message")
    op.drop_table("support_message")
    op.drop_index("support_ticket_recent", table_name="support_ticket")
    op.drop_index("support_ticket_of_person", table_name="support_ticket")
    op.drop_table("support_ticket")
