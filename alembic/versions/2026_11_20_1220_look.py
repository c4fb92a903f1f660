"""Saved views of lists; throttled attempts to sign in may be taken away

Revision: look, after rights
"""

import sqlalchemy as sa

from alembic import op

revision = "look"
down_revision = "rights"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
MINE = f"{OWN} AND person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)"
ALL = "SELECT, INSERT, UPDATE, DELETE"
LOGINS = [
    ("ch_auth", "SELECT, INSERT, UPDATE (outcome, person_id, email_index, address, user_agent)", "true", ""),
    ("ch_me", "SELECT", "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
    ("ch_platform", "SELECT (id, person_id, outcome, at)", "true", ""),
]


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "saved_view",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("saved_view_person_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("saved_view_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("saved_view_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "person_id", "list", "name", name=op.f("saved_view_tenant_id_person_id_list_name_key")
        ),
    )
    op.secure_table(
        "saved_view",
        [
            ("ch_app", ALL, MINE, ""),
            ("ch_platform", "SELECT (tenant_id, id, list)", "true", ""),
            ("ch_worker", "SELECT, DELETE", "true", ""),
        ],
    )
    op.secure_table(
        "login_event", [*LOGINS, ("ch_worker", "SELECT (outcome, at), DELETE", "outcome = 'throttled'", "")]
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.secure_table("login_event", LOGINS)
    op.drop_table("saved_view")
