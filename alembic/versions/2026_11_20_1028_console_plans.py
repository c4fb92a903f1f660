"""Plans and their limits

Revision: console_plans, after console
"""

import sqlalchemy as sa

from alembic import op
from carehub.core.rls import OWN_TENANT, Access

revision = "console_plans"
down_revision = "console"
branch_labels = None
depends_on = None


BEFORE = "tenant_id, id, person_id, given_name, family_name, email_index, email, locale"
ADDED = BEFORE + ", created_at"  # a booking counts the month's new ones


def _booking(columns: str) -> None:
    op.execute("DROP POLICY ch_booking ON patient")
    op.execute("REVOKE ALL ON patient FROM ch_booking")
    privileges = f"SELECT ({columns}), INSERT, UPDATE (person_id, phone, phone_index)"
    for statement in Access("ch_booking", privileges, OWN_TENANT).statements("patient"):
        op.execute(statement)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "tenant_plan",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("since", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "plan IN ('free', 'professional', 'clinic', 'enterprise')", name=op.f("tenant_plan_plan_check")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("tenant_plan_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("tenant_plan_pkey")),
        sa.UniqueConstraint("tenant_id", name=op.f("tenant_plan_tenant_id_key")),
    )
    _booking(ADDED)
    op.secure_table(
        "tenant_plan",
        [
            (
                "ch_app",
                "SELECT, UPDATE (asked, asked_at)",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "SELECT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_auth", "SELECT, INSERT", "true", ""),
            ("ch_platform", "SELECT, INSERT, UPDATE", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("tenant_plan", [])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    _booking(BEFORE)
    op.drop_table("tenant_plan")
