"""Questions to experts: their words, and the name of who asked

Revision: questions, after people_figures
"""

import sqlalchemy as sa

from alembic import op

revision = "questions"
down_revision = "people_figures"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
MINE = "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)"
MESSAGE = [
    ("ch_app", "SELECT, UPDATE", OWN, ""),
    ("ch_me", "SELECT", MINE, ""),
    ("ch_booking", "SELECT, INSERT", OWN, ""),
    ("ch_worker", "SELECT (tenant_id, id, state, answer_by)", "true", ""),
]
PLATFORM = (
    "ch_platform",
    "SELECT (tenant_id, id, practitioner_id, kind, coins, state, answer_by, resolved_at, created_at)",
    "true",
    "",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("paid_message", sa.Column("client_name", sa.Text(), server_default="", nullable=False))
    op.secure_table("paid_message", [*MESSAGE, PLATFORM], clinical=False)
    op.create_table(
        "message_text",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("side IN ('asked', 'answered')", name=op.f("message_text_side_check")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("message_text_person_id_fkey")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("message_text_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("message_text_pkey")),
        sa.UniqueConstraint("tenant_id", "message_id", "side", name=op.f("message_text_tenant_id_message_id_side_key")),
    )
    op.secure_table(
        "message_text",
        [("ch_care", "SELECT, INSERT, DELETE", OWN, ""), ("ch_booking", "INSERT", OWN, "")],
        clinical=True,
    )
    op.audit_table("message_text", ["body"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_table("message_text")
    op.secure_table("paid_message", MESSAGE, clinical=False)
    op.drop_column("paid_message", "client_name")
