"""Card payments: what was asked of Stripe and what became of it

Revision: buy_payments, after setup_keys
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "buy_payments"
down_revision = "setup_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "payment_webhook_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("taken_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("payment_webhook_event_pkey")),
        sa.UniqueConstraint("account", "ref", name=op.f("payment_webhook_event_account_ref_key")),
    )
    op.create_index("payment_webhook_event_at", "payment_webhook_event", ["received_at"], unique=False)
    op.create_table(
        "payment_customer",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), server_default="", nullable=False),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("payment_customer_person_id_fkey")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("payment_customer_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("payment_customer_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "person_id", "account", name=op.f("payment_customer_tenant_id_person_id_account_key")
        ),
    )
    op.create_index(
        "payment_customer_due",
        "payment_customer",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "payment_method",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("last4", sa.Text(), nullable=False),
        sa.Column("exp_month", sa.SmallInteger(), nullable=False),
        sa.Column("exp_year", sa.SmallInteger(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("detached_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("payment_method_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["payment_customer.tenant_id", "payment_customer.id"],
            name=op.f("payment_method_tenant_id_customer_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("payment_method_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("payment_method_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "customer_id", "ref", name=op.f("payment_method_tenant_id_customer_id_ref_key")
        ),
    )
    op.create_index("payment_method_of", "payment_method", ["tenant_id", "person_id"], unique=False)
    op.create_table(
        "payment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("return_path", sa.Text(), nullable=False),
        sa.Column("capture", sa.Text(), nullable=False),
        sa.Column("save_card", sa.Boolean(), nullable=False),
        sa.Column("off_session", sa.Boolean(), nullable=False),
        sa.Column("method_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("session_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("intent_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("charge_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("captured", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=True),
        sa.Column("paid_with", sa.Text(), server_default="", nullable=False),
        sa.Column("decline", sa.Text(), server_default="", nullable=False),
        sa.Column("wanted", sa.Text(), server_default="", nullable=False),
        sa.Column("wanted_amount", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("paid_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("capture IN ('automatic', 'manual')", name=op.f("payment_capture_check")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("payment_currency_check")),
        sa.CheckConstraint(
            "left(return_path, 1) = '/' AND left(return_path, 2) <> '//'", name=op.f("payment_return_path_check")
        ),
        sa.CheckConstraint("mode IN ('payment', 'setup')", name=op.f("payment_mode_check")),
        sa.CheckConstraint(
            "status IN ('requires_payment', 'requires_action', 'processing', 'authorised', 'succeeded', 'failed', 'canceled', 'refunded', 'partially_refunded')",
            name=op.f("payment_status_check"),
        ),
        sa.CheckConstraint("wanted IN ('', 'capture', 'cancel')", name=op.f("payment_wanted_check")),
        sa.CheckConstraint(
            "amount >= 0 AND captured BETWEEN 0 AND amount AND refunded BETWEEN 0 AND captured",
            name=op.f("payment_bounds_check"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("payment_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "method_id"],
            ["payment_method.tenant_id", "payment_method.id"],
            name=op.f("payment_tenant_id_method_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("payment_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("payment_pkey")),
    )
    op.create_index("payment_due", "payment", ["due_at"], unique=False, postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_index(
        "payment_intent", "payment", ["intent_ref"], unique=False, postgresql_where=sa.text("intent_ref <> ''")
    )
    op.create_index(
        "payment_of_person", "payment", ["tenant_id", "person_id", sa.literal_column("id DESC")], unique=False
    )
    op.create_index("payment_of_subject", "payment", ["tenant_id", "purpose", "subject_id"], unique=False)
    op.create_table(
        "payment_dispute",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("evidence_by", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('open', 'won', 'lost')", name=op.f("payment_dispute_status_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payment.tenant_id", "payment.id"],
            name=op.f("payment_dispute_tenant_id_payment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("payment_dispute_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("payment_dispute_pkey")),
        sa.UniqueConstraint("tenant_id", "ref", name=op.f("payment_dispute_tenant_id_ref_key")),
    )
    op.create_table(
        "payment_refund",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('pending', 'succeeded', 'failed')", name=op.f("payment_refund_status_check")),
        sa.CheckConstraint("amount > 0", name=op.f("payment_refund_amount_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payment.tenant_id", "payment.id"],
            name=op.f("payment_refund_tenant_id_payment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("payment_refund_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("payment_refund_pkey")),
        sa.UniqueConstraint("tenant_id", "payment_id", "key", name=op.f("payment_refund_tenant_id_payment_id_key_key")),
    )
    op.create_index("payment_refund_ref", "payment_refund", ["tenant_id", "ref"], unique=False)
    op.secure_table(
        "payment_webhook_event",
        [
            ("ch_worker", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
            ("ch_platform", "SELECT (id, account, ref, kind, received_at, taken_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "outbox",
        [
            ("ch_worker", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
            (
                "ch_app",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) OR tenant_id IS NULL",
                "",
            ),
            (
                "ch_me",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) OR tenant_id IS NULL",
                "",
            ),
            (
                "ch_booking",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) OR tenant_id IS NULL",
                "",
            ),
            (
                "ch_care",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) OR tenant_id IS NULL",
                "",
            ),
            (
                "ch_money",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) OR tenant_id IS NULL",
                "",
            ),
            ("ch_auth", "INSERT", "true", ""),
            ("ch_platform", "SELECT, INSERT, UPDATE (available_at, leased_until, attempts, failed_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "payment_customer",
        [
            (
                "ch_money",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_app",
                "SELECT, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_worker", "SELECT (tenant_id, id, due_at), UPDATE (due_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "payment_method",
        [
            (
                "ch_money",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_me", "SELECT", "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
            (
                "ch_app",
                "SELECT, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.secure_table(
        "payment",
        [
            (
                "ch_money",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_app", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            ("ch_me", "SELECT", "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
            ("ch_worker", "SELECT (tenant_id, id, account, intent_ref, status, due_at), UPDATE (due_at)", "true", ""),
            (
                "ch_platform",
                "SELECT (tenant_id, id, purpose, amount, currency, status, captured, refunded, created_at, paid_at)",
                "true",
                "",
            ),
        ],
        clinical=False,
    )
    op.secure_table(
        "payment_dispute",
        [
            (
                "ch_money",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_app", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "payment_refund",
        [
            (
                "ch_money",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_app", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
        ],
        clinical=False,
    )
    op.drop_constraint(op.f("connection_kind_check"), "connection")
    op.create_check_constraint(op.f("connection_kind_check"), "connection", "kind IN ('smtp', 's3', 'stripe')")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_constraint(op.f("connection_kind_check"), "connection")
    op.execute("DELETE FROM connection WHERE kind = 'stripe'")
    op.create_check_constraint(op.f("connection_kind_check"), "connection", "kind IN ('smtp', 's3')")
    op.secure_table(
        "payment_refund",
        [],
        clinical=False,
    )
    op.secure_table(
        "payment_dispute",
        [],
        clinical=False,
    )
    op.secure_table(
        "payment",
        [],
        clinical=False,
    )
    op.secure_table(
        "payment_method",
        [],
        clinical=False,
    )
    op.secure_table(
        "payment_customer",
        [],
        clinical=False,
    )
    op.secure_table(
        "outbox",
        [
            ("ch_worker", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
            (
                "ch_app",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) OR tenant_id IS NULL",
                "",
            ),
            (
                "ch_me",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) OR tenant_id IS NULL",
                "",
            ),
            (
                "ch_booking",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) OR tenant_id IS NULL",
                "",
            ),
            (
                "ch_care",
                "INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) OR tenant_id IS NULL",
                "",
            ),
            ("ch_auth", "INSERT", "true", ""),
            ("ch_platform", "SELECT, INSERT, UPDATE (available_at, leased_until, attempts, failed_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "payment_webhook_event",
        [],
        clinical=False,
    )
    op.drop_index("payment_refund_ref", table_name="payment_refund")
    op.drop_table("payment_refund")
    op.drop_table("payment_dispute")
    op.drop_index("payment_of_subject", table_name="payment")
    op.drop_index("payment_of_person", table_name="payment")
    op.drop_index("payment_intent", table_name="payment", postgresql_where=sa.text("intent_ref <> ''"))
    op.drop_index("payment_due", table_name="payment", postgresql_where=sa.text("due_at IS NOT NULL"))
    op.drop_table("payment")
    op.drop_index("payment_method_of", table_name="payment_method")
    op.drop_table("payment_method")
    op.drop_index("payment_customer_due", table_name="payment_customer", postgresql_where=sa.text("due_at IS NOT NULL"))
    op.drop_table("payment_customer")
    op.drop_index("payment_webhook_event_at", table_name="payment_webhook_event")
    op.drop_table("payment_webhook_event")
