"""pay payments of services

Revision: pay_checkout, after setup_keys
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "pay_checkout"
down_revision = "buy_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.execute("ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_kind_check")
    op.execute(
        "ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_kind_check CHECK (kind IN ('coins', 'bonus', 'held', 'earning', 'payable', 'payout', 'revenue', 'platform', 'issued', 'expired', 'adjustment', 'tax'))"
    )
    op.create_table(
        "payout_batch",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("pay_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("payout_batch_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("payout_batch_pkey")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("payout_batch_tenant_id_number_key")),
    )
    op.create_table(
        "tax_rule",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('vat', 'withholding')", name=op.f("tax_rule_kind_check")),
        sa.CheckConstraint("points BETWEEN 0 AND 10000", name=op.f("tax_rule_points_check")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("tax_rule_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("tax_rule_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "kind", "country", "valid_from", name=op.f("tax_rule_tenant_id_kind_country_valid_from_key")
        ),
    )
    op.create_table(
        "package",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("price_minor > 0", name=op.f("package_price_check")),
        sa.CheckConstraint("sessions BETWEEN 2 AND 50", name=op.f("package_sessions_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_id"],
            ["service.tenant_id", "service.id"],
            name=op.f("package_tenant_id_service_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("package_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("package_pkey")),
    )
    op.create_table(
        "price_rule",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("weekdays", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("percent BETWEEN -90 AND 100 AND percent <> 0", name=op.f("price_rule_percent_check")),
        sa.CheckConstraint("starts < ends", name=op.f("price_rule_order_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_id"],
            ["service.tenant_id", "service.id"],
            name=op.f("price_rule_tenant_id_service_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("price_rule_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("price_rule_pkey")),
    )
    op.create_index("price_rule_active", "price_rule", ["tenant_id"], unique=False, postgresql_where=sa.text("active"))
    op.create_table(
        "promo_code",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("amount_minor", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("first_visit", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("per_person", sa.Integer(), nullable=True),
        sa.Column("in_all", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(percent BETWEEN 1 AND 100 AND amount_minor IS NULL) OR (percent IS NULL AND amount_minor > 0)",
            name=op.f("promo_code_takes_check"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_id"],
            ["service.tenant_id", "service.id"],
            name=op.f("promo_code_tenant_id_service_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("promo_code_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("promo_code_pkey")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("promo_code_tenant_id_code_key")),
    )
    op.create_table(
        "checkout",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=True),
        sa.Column("slot_hold_id", sa.Uuid(), nullable=True),
        sa.Column("form", sa.LargeBinary(), nullable=True),
        sa.Column("starts_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("ends_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("mode", sa.Text(), server_default="", nullable=False),
        sa.Column("promo_id", sa.Uuid(), nullable=True),
        sa.Column("use_session", sa.Boolean(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("due_minor", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.Integer(), nullable=False),
        sa.Column("kept_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("coin_minor", sa.Integer(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('booking', 'package')", name=op.f("checkout_kind_check")),
        sa.CheckConstraint(
            "state IN ('open', 'paying', 'held', 'captured', 'released', 'lost', 'expired')",
            name=op.f("checkout_state_check"),
        ),
        sa.CheckConstraint(
            "due_minor BETWEEN 0 AND price_minor AND kept_minor BETWEEN 0 AND total_minor",
            name=op.f("checkout_amounts_check"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("checkout_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "package_id"],
            ["package.tenant_id", "package.id"],
            name=op.f("checkout_tenant_id_package_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "practitioner_id"],
            ["practitioner.tenant_id", "practitioner.id"],
            name=op.f("checkout_tenant_id_practitioner_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "promo_id"],
            ["promo_code.tenant_id", "promo_code.id"],
            name=op.f("checkout_tenant_id_promo_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_id"],
            ["service.tenant_id", "service.id"],
            name=op.f("checkout_tenant_id_service_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("checkout_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("checkout_pkey")),
        sa.UniqueConstraint("tenant_id", "slot_hold_id", name=op.f("checkout_tenant_id_slot_hold_id_key")),
    )
    op.create_index(
        "checkout_alive",
        "checkout",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('open', 'paying')"),
    )
    op.create_index("checkout_held", "checkout", ["ends_at"], unique=False, postgresql_where=sa.text("state = 'held'"))
    op.create_index("checkout_of_appointment", "checkout", ["tenant_id", "appointment_id"], unique=False)
    op.create_index("checkout_of_person", "checkout", ["person_id"], unique=False)
    op.create_table(
        "package_session",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.SmallInteger(), nullable=False),
        sa.Column("value_minor", sa.Integer(), nullable=False),
        sa.Column("coins", sa.Integer(), nullable=False),
        sa.Column("coins_hold_id", sa.Uuid(), nullable=True),
        sa.Column("money_minor", sa.Integer(), nullable=False),
        sa.Column("money_hold_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('free', 'taken', 'used', 'returned')", name=op.f("package_session_state_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "package_id"],
            ["package.tenant_id", "package.id"],
            name=op.f("package_session_tenant_id_package_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_id"],
            ["service.tenant_id", "service.id"],
            name=op.f("package_session_tenant_id_service_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("package_session_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("package_session_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "purchase_id", "seq", name=op.f("package_session_tenant_id_purchase_id_seq_key")
        ),
    )
    op.create_index(
        "package_session_of", "package_session", ["tenant_id", "person_id", "service_id", "state"], unique=False
    )
    op.create_table(
        "paid_call",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("coins", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("ended_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'paid', 'released')", name=op.f("paid_call_state_check")),
        sa.CheckConstraint(
            "per_minute > 0 AND minutes >= minimum AND minimum >= 1", name=op.f("paid_call_minutes_check")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("paid_call_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "practitioner_id"],
            ["practitioner.tenant_id", "practitioner.id"],
            name=op.f("paid_call_tenant_id_practitioner_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("paid_call_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("paid_call_pkey")),
    )
    op.create_index(
        "paid_call_open", "paid_call", ["created_at"], unique=False, postgresql_where=sa.text("state = 'open'")
    )
    op.create_table(
        "paid_message",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("coins", sa.Integer(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('message', 'video_message', 'call')", name=op.f("paid_message_kind_check")),
        sa.CheckConstraint("state IN ('open', 'paid', 'released')", name=op.f("paid_message_state_check")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("paid_message_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "practitioner_id"],
            ["practitioner.tenant_id", "practitioner.id"],
            name=op.f("paid_message_tenant_id_practitioner_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("paid_message_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("paid_message_pkey")),
        sa.UniqueConstraint("tenant_id", "message_id", name=op.f("paid_message_tenant_id_message_id_key")),
    )
    op.create_index(
        "paid_message_waiting", "paid_message", ["answer_by"], unique=False, postgresql_where=sa.text("state = 'open'")
    )
    op.create_table(
        "payout",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("coins", sa.BigInteger(), nullable=False),
        sa.Column("coin_minor", sa.Integer(), nullable=False),
        sa.Column("money_minor", sa.BigInteger(), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("vat_minor", sa.BigInteger(), nullable=False),
        sa.Column("withheld_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("regime", sa.Text(), nullable=False),
        sa.Column("statement", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("holder", sa.Text(), server_default="", nullable=False),
        sa.Column("iban", sa.LargeBinary(), nullable=False),
        sa.Column("iban_hint", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("first_by", sa.Uuid(), nullable=True),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("two_people", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("decided_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("paid_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("regime IN ('vat', 'withholding', 'exempt')", name=op.f("payout_regime_check")),
        sa.CheckConstraint(
            "state IN ('asked', 'second', 'approved', 'sent', 'paid', 'refused', 'failed', 'returned')",
            name=op.f("payout_state_check"),
        ),
        sa.CheckConstraint(
            "gross_minor > 0 AND net_minor BETWEEN 0 AND gross_minor", name=op.f("payout_amounts_check")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "batch_id"],
            ["payout_batch.tenant_id", "payout_batch.id"],
            name=op.f("payout_tenant_id_batch_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "practitioner_id"],
            ["practitioner.tenant_id", "practitioner.id"],
            name=op.f("payout_tenant_id_practitioner_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("payout_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("payout_pkey")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("payout_tenant_id_number_key")),
    )
    op.create_index("payout_by_state", "payout", ["tenant_id", "state"], unique=False)
    op.create_index("payout_of", "payout", ["tenant_id", "practitioner_id", "created_at"], unique=False)
    op.create_table(
        "use_price",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("coins", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('message', 'video_message', 'call')", name=op.f("use_price_kind_check")),
        sa.CheckConstraint("coins BETWEEN 1 AND 100000", name=op.f("use_price_coins_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "practitioner_id"],
            ["practitioner.tenant_id", "practitioner.id"],
            name=op.f("use_price_tenant_id_practitioner_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("use_price_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("use_price_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "practitioner_id", "kind", name=op.f("use_price_tenant_id_practitioner_id_kind_key")
        ),
    )
    op.create_table(
        "checkout_part",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("checkout_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('coins', 'card', 'session')", name=op.f("checkout_part_kind_check")),
        sa.CheckConstraint("amount > 0 AND kept BETWEEN 0 AND amount", name=op.f("checkout_part_amounts_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "checkout_id"],
            ["checkout.tenant_id", "checkout.id"],
            name=op.f("checkout_part_tenant_id_checkout_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["package_session.tenant_id", "package_session.id"],
            name=op.f("checkout_part_tenant_id_session_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("checkout_part_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("checkout_part_pkey")),
    )
    op.create_index("checkout_part_of", "checkout_part", ["tenant_id", "checkout_id"], unique=False)
    op.create_index("checkout_part_payment", "checkout_part", ["tenant_id", "payment_id"], unique=False)
    op.create_table(
        "paid_call_hold",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("coins", sa.Integer(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_id"],
            ["paid_call.tenant_id", "paid_call.id"],
            name=op.f("paid_call_hold_tenant_id_call_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("paid_call_hold_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("paid_call_hold_pkey")),
        sa.UniqueConstraint(
            "tenant_id", "call_id", "consent", name=op.f("paid_call_hold_tenant_id_call_id_consent_key")
        ),
    )
    op.add_column("service", sa.Column("prepay", sa.Text(), server_default="rule", nullable=False))
    op.add_column("service", sa.Column("deposit_percent", sa.Integer(), nullable=True))
    op.secure_table(
        "payout_batch",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("payout_batch", [])
    op.secure_table(
        "tax_rule",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("tax_rule", [])
    op.secure_table(
        "package",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_public", "SELECT", "active", ""),
            ("ch_me", "SELECT", "active", ""),
            (
                "ch_booking",
                "SELECT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("package", [])
    op.secure_table(
        "price_rule",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "SELECT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("price_rule", [])
    op.secure_table(
        "promo_code",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "SELECT, UPDATE (used)",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("promo_code", [])
    op.secure_table(
        "checkout",
        [
            (
                "ch_app",
                "SELECT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_me",
                "SELECT (tenant_id, id, person_id, state, kind, expires_at)",
                "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_worker", "SELECT (tenant_id, id, state, kind, expires_at, ends_at)", "true", ""),
            (
                "ch_platform",
                "SELECT (tenant_id, id, kind, price_minor, due_minor, kept_minor, currency, state, created_at)",
                "true",
                "",
            ),
        ],
        clinical=False,
    )
    op.secure_table(
        "package_session",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_me", "SELECT", "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
            (
                "ch_booking",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.secure_table(
        "paid_call",
        [
            (
                "ch_app",
                "SELECT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_me", "SELECT", "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
            (
                "ch_booking",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_worker", "SELECT (tenant_id, id, state, started_at, minutes, created_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "paid_message",
        [
            (
                "ch_app",
                "SELECT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_me", "SELECT", "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
            (
                "ch_booking",
                "SELECT, INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_worker", "SELECT (tenant_id, id, state, answer_by)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "payout",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_money", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            (
                "ch_platform",
                "SELECT (tenant_id, id, number, practitioner_id, currency, gross_minor, net_minor, state, created_at)",
                "true",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("payout", ["iban", "holder"])
    op.secure_table(
        "use_price",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_public", "SELECT", "true", ""),
            ("ch_me", "SELECT", "true", ""),
            (
                "ch_booking",
                "SELECT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.audit_table("use_price", [])
    op.secure_table(
        "checkout_part",
        [
            (
                "ch_app",
                "SELECT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            (
                "ch_booking",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.secure_table(
        "paid_call_hold",
        [
            ("ch_app", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            (
                "ch_booking",
                "SELECT, INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
        ],
        clinical=False,
    )
    op.create_check_constraint("prepay", "service", "prepay IN ('rule', 'none', 'deposit', 'full')")
    op.create_check_constraint("deposit_percent", "service", "deposit_percent BETWEEN 1 AND 100")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_constraint("service_prepay_check", "service")
    op.drop_constraint("service_deposit_percent_check", "service")
    op.execute("ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_kind_check")
    op.execute(
        "ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_kind_check CHECK (kind IN ('coins', 'bonus', 'held', 'earning', 'payable', 'revenue', 'platform', 'issued', 'expired', 'adjustment'))"
    )
    op.secure_table(
        "paid_call_hold",
        [],
        clinical=False,
    )
    op.secure_table(
        "checkout_part",
        [],
        clinical=False,
    )
    op.drop_audit("use_price", [])
    op.secure_table(
        "use_price",
        [],
        clinical=False,
    )
    op.drop_audit("payout", ["iban", "holder"])
    op.secure_table(
        "payout",
        [],
        clinical=False,
    )
    op.secure_table(
        "paid_message",
        [],
        clinical=False,
    )
    op.secure_table(
        "paid_call",
        [],
        clinical=False,
    )
    op.secure_table(
        "package_session",
        [],
        clinical=False,
    )
    op.secure_table(
        "checkout",
        [],
        clinical=False,
    )
    op.drop_audit("promo_code", [])
    op.secure_table(
        "promo_code",
        [],
        clinical=False,
    )
    op.drop_audit("price_rule", [])
    op.secure_table(
        "price_rule",
        [],
        clinical=False,
    )
    op.drop_audit("package", [])
    op.secure_table(
        "package",
        [],
        clinical=False,
    )
    op.drop_audit("tax_rule", [])
    op.secure_table(
        "tax_rule",
        [],
        clinical=False,
    )
    op.drop_audit("payout_batch", [])
    op.secure_table(
        "payout_batch",
        [],
        clinical=False,
    )
    op.drop_column("service", "deposit_percent")
    op.drop_column("service", "prepay")
    op.drop_table("paid_call_hold")
    op.drop_index("checkout_part_payment", table_name="checkout_part")
    op.drop_index("checkout_part_of", table_name="checkout_part")
    op.drop_table("checkout_part")
    op.drop_table("use_price")
    op.drop_index("payout_of", table_name="payout")
    op.drop_index("payout_by_state", table_name="payout")
    op.drop_table("payout")
    op.drop_index("paid_message_waiting", table_name="paid_message", postgresql_where=sa.text("state = 'open'"))
    op.drop_table("paid_message")
    op.drop_index("paid_call_open", table_name="paid_call", postgresql_where=sa.text("state = 'open'"))
    op.drop_table("paid_call")
    op.drop_index("package_session_of", table_name="package_session")
    op.drop_table("package_session")
    op.drop_index("checkout_of_person", table_name="checkout")
    op.drop_index("checkout_of_appointment", table_name="checkout")
    op.drop_index("checkout_held", table_name="checkout", postgresql_where=sa.text("state = 'held'"))
    op.drop_index("checkout_alive", table_name="checkout", postgresql_where=sa.text("state IN ('open', 'paying')"))
    op.drop_table("checkout")
    op.drop_table("promo_code")
    op.drop_index("price_rule_active", table_name="price_rule", postgresql_where=sa.text("active"))
    op.drop_table("price_rule")
    op.drop_table("package")
    op.drop_table("tax_rule")
    op.drop_table("payout_batch")
