"""Change of address

Revision: identity2_email, after message_templates
"""

import sqlalchemy as sa

from alembic import op

revision = "identity2_email"
down_revision = "message_templates"
branch_labels = None
depends_on = None

PURPOSES = "'verify_email', 'reset_password', 'change_email', 'keep_email', 'second_step'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "email_change",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("email_change_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("email_change_pkey")),
    )
    op.secure_table(
        "email_change",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
        ],
        clinical=False,
    )
    op.drop_constraint(op.f("account_token_purpose_check"), "account_token", type_="check")
    op.create_check_constraint(op.f("account_token_purpose_check"), "account_token", f"purpose IN ({PURPOSES})")


def downgrade() -> None:
    raise NotImplementedError("a table that stood before changed: restore a backup")
