"""What tenants pay CareHub for: subscriptions, their invoices, add-ons

Revision: plans, after papers
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "plans"
down_revision = "papers"
branch_labels = None
depends_on = None

OWN = "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
# Plans were given by hand until now, and whoever sends by WhatsApp goes on with it.
KEEP = (
    "UPDATE tenant_plan SET agreed = true WHERE plan <> 'free'",
    """UPDATE tenant_plan SET granted = '{whatsapp}' WHERE tenant_id IN
        (SELECT tenant_id FROM message_gateway WHERE whatsapp_from <> '')""",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "plan_invoice",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("due_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("from_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("until_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("issued_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("paid_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("next_attempt_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("plan_invoice_currency_check")),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'paid', 'void', 'uncollectible')", name=op.f("plan_invoice_state_check")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("plan_invoice_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("plan_invoice_pkey")),
        sa.UniqueConstraint("tenant_id", "ref", name=op.f("plan_invoice_tenant_id_ref_key")),
    )
    op.create_index(
        "plan_invoice_newest", "plan_invoice", ["tenant_id", sa.literal_column("issued_at DESC")], unique=False
    )
    op.create_table(
        "plan_subscription",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("subscription_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("session_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("addons", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("trial_used_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("trial_ends_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("period_ends_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("cancels", sa.Boolean(), nullable=False),
        sa.Column("card", sa.Text(), server_default="", nullable=False),
        sa.Column("discount", sa.SmallInteger(), nullable=False),
        sa.Column("next_minor", sa.BigInteger(), nullable=True),
        sa.Column("past_due_since", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("told", sa.SmallInteger(), nullable=False),
        sa.Column("trial_told", sa.Boolean(), nullable=False),
        sa.Column("wanted", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decline", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "plan IN ('free', 'professional', 'clinic', 'enterprise')", name=op.f("plan_subscription_plan_check")
        ),
        sa.CheckConstraint(
            "state IN ('none', 'incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled')",
            name=op.f("plan_subscription_state_check"),
        ),
        sa.CheckConstraint("discount BETWEEN 0 AND 100", name=op.f("plan_subscription_discount_check")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("plan_subscription_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("plan_subscription_pkey")),
        sa.UniqueConstraint("tenant_id", name=op.f("plan_subscription_tenant_id_key")),
    )
    op.create_index(
        "plan_subscription_customer",
        "plan_subscription",
        ["customer_ref"],
        unique=False,
        postgresql_where=sa.text("customer_ref <> ''"),
    )
    op.create_index(
        "plan_subscription_due",
        "plan_subscription",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.add_column("tenant_plan", sa.Column("agreed", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column(
        "tenant_plan", sa.Column("addons", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
    )
    op.add_column(
        "tenant_plan", sa.Column("granted", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
    )
    for table in ("tenant_plan", "message_gateway"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for one in KEEP:
        op.execute(one)
    for table in ("tenant_plan", "message_gateway"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.secure_table(
        "plan_invoice",
        [
            ("ch_money", "SELECT, INSERT, UPDATE", OWN, ""),
            ("ch_app", "SELECT", OWN, ""),
            ("ch_platform", "SELECT (tenant_id, id, number, state, total_minor, currency, issued_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "plan_subscription",
        [
            ("ch_money", "SELECT, INSERT, UPDATE", OWN, ""),
            ("ch_app", "SELECT", OWN, ""),
            (
                "ch_worker",
                "SELECT (tenant_id, id, customer_ref, state, trial_ends_at, past_due_since, told, due_at), UPDATE (due_at)",
                "true",
                "",
            ),
            (
                "ch_platform",
                "SELECT (tenant_id, id, state, plan, addons, trial_used_at, trial_ends_at, period_ends_at, cancels, discount, past_due_since, next_minor, created_at)",
                "true",
                "",
            ),
        ],
        clinical=False,
    )
    op.secure_table(
        "tenant_plan",
        [
            ("ch_app", "SELECT, UPDATE (asked, asked_at)", OWN, ""),
            ("ch_booking", "SELECT", OWN, ""),
            ("ch_auth", "SELECT, INSERT", "true", ""),
            ("ch_money", "SELECT, UPDATE (plan, since, asked, asked_at, addons)", OWN, ""),
            ("ch_platform", "SELECT, INSERT, UPDATE", "true", ""),
        ],
        clinical=False,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.secure_table(
        "tenant_plan",
        [
            ("ch_app", "SELECT, UPDATE (asked, asked_at)", OWN, ""),
            ("ch_booking", "SELECT", OWN, ""),
            ("ch_auth", "SELECT, INSERT", "true", ""),
            ("ch_platform", "SELECT, INSERT, UPDATE", "true", ""),
        ],
        clinical=False,
    )
    for column in ("granted", "addons", "agreed"):
        op.drop_column("tenant_plan", column)
    op.drop_table("plan_subscription")
    op.drop_table("plan_invoice")
