"""The ledger: accounts, transactions, entries, holds, split rules, corrections

Revision: money_ledger, after ops_risks
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "money_ledger"
down_revision = "ops_risks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "ledger_account",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("lot", sa.Uuid(), nullable=False),
        sa.Column("shard", sa.SmallInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3,4}$'", name=op.f("ledger_account_currency_check")),
        sa.CheckConstraint(
            "kind IN ('coins', 'bonus', 'held', 'earning', 'payable', 'revenue', 'platform', 'issued', 'expired', 'adjustment')",
            name=op.f("ledger_account_kind_check"),
        ),
        sa.CheckConstraint("floor IS NULL OR balance >= floor", name=op.f("ledger_account_floor_check")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("ledger_account_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("ledger_account_pkey")),
        sa.UniqueConstraint(
            "tenant_id",
            "owner_id",
            "kind",
            "currency",
            "lot",
            "shard",
            name=op.f("ledger_account_tenant_id_owner_id_kind_currency_lot_shard_key"),
        ),
    )
    op.create_index(
        "ledger_account_ending",
        "ledger_account",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("kind = 'bonus' AND balance > 0"),
    )
    op.create_table(
        "ledger_adjustment",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'approved', 'refused')", name=op.f("ledger_adjustment_state_check")),
        sa.CheckConstraint("amount <> 0", name=op.f("ledger_adjustment_amount_check")),
        sa.CheckConstraint(
            "answered_by IS NULL OR answered_by <> asked_by", name=op.f("ledger_adjustment_two_people_check")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("ledger_adjustment_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("ledger_adjustment_pkey")),
    )
    op.create_table(
        "ledger_transaction",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("memo", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("ledger_transaction_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("ledger_transaction_pkey")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("ledger_transaction_tenant_id_key_key")),
    )
    op.create_index("ledger_transaction_of", "ledger_transaction", ["tenant_id", "reference"], unique=False)
    op.create_table(
        "ledger_entry",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.SmallInteger(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ledger_entry_amount_check")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "account_id"],
            ["ledger_account.tenant_id", "ledger_account.id"],
            name=op.f("ledger_entry_tenant_id_account_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "transaction_id"],
            ["ledger_transaction.tenant_id", "ledger_transaction.id"],
            name=op.f("ledger_entry_tenant_id_transaction_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("ledger_entry_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "transaction_id", "seq", name=op.f("ledger_entry_pkey")),
    )
    op.create_index(
        "ledger_entry_of_account",
        "ledger_entry",
        ["tenant_id", "account_id", sa.literal_column("transaction_id DESC")],
        unique=False,
    )
    op.create_index(
        "ledger_entry_of_owner",
        "ledger_entry",
        ["tenant_id", "owner_id", "currency", sa.literal_column("transaction_id DESC")],
        unique=False,
    )
    op.create_table(
        "ledger_hold",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("held_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("sources", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("amounts", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("captured", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("shares", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'captured', 'released', 'expired')", name=op.f("ledger_hold_state_check")
        ),
        sa.CheckConstraint(
            "amount > 0 AND captured BETWEEN 0 AND amount AND refunded BETWEEN 0 AND captured",
            name=op.f("ledger_hold_bounds_check"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "held_id"],
            ["ledger_account.tenant_id", "ledger_account.id"],
            name=op.f("ledger_hold_tenant_id_held_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("ledger_hold_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("ledger_hold_pkey")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("ledger_hold_tenant_id_key_key")),
    )
    op.create_index("ledger_hold_of", "ledger_hold", ["tenant_id", "reference"], unique=False)
    op.create_index(
        "ledger_hold_open", "ledger_hold", ["expires_at"], unique=False, postgresql_where=sa.text("state = 'open'")
    )
    op.create_table(
        "split_rule",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("tenant_points", sa.Integer(), nullable=False),
        sa.Column("platform_points", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "tenant_points BETWEEN 0 AND 10000 AND platform_points BETWEEN 0 AND 10000 AND tenant_points + platform_points <= 10000",
            name=op.f("split_rule_points_check"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_id"],
            ["service.tenant_id", "service.id"],
            name=op.f("split_rule_tenant_id_service_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("split_rule_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("split_rule_pkey")),
    )
    op.create_index(
        "split_rule_newest",
        "split_rule",
        ["tenant_id", "service_id", sa.literal_column("valid_from DESC")],
        unique=False,
    )
    op.secure_table(
        "ledger_account",
        [
            ("ch_money", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            (
                "ch_owner",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_app", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            ("ch_me", "SELECT", "owner_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
            ("ch_worker", "SELECT (tenant_id, id, kind, balance, expires_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "ledger_adjustment",
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
    op.audit_table("ledger_adjustment", [])
    op.secure_table(
        "ledger_transaction",
        [
            ("ch_money", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            (
                "ch_owner",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_app", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "ledger_entry",
        [
            ("ch_money", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            (
                "ch_owner",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_app", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "ledger_hold",
        [
            ("ch_money", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            (
                "ch_owner",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_app", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            ("ch_worker", "SELECT (tenant_id, id, state, expires_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "split_rule",
        [
            (
                "ch_app",
                "SELECT, INSERT",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_money", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
        ],
        clinical=False,
    )
    op.audit_table("split_rule", [])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_audit("split_rule", [])
    op.secure_table(
        "split_rule",
        [],
        clinical=False,
    )
    op.secure_table(
        "ledger_hold",
        [],
        clinical=False,
    )
    op.secure_table(
        "ledger_entry",
        [],
        clinical=False,
    )
    op.secure_table(
        "ledger_transaction",
        [],
        clinical=False,
    )
    op.drop_audit("ledger_adjustment", [])
    op.secure_table(
        "ledger_adjustment",
        [],
        clinical=False,
    )
    op.secure_table(
        "ledger_account",
        [],
        clinical=False,
    )
    op.drop_index("split_rule_newest", table_name="split_rule")
    op.drop_table("split_rule")
    op.drop_index("ledger_hold_open", table_name="ledger_hold", postgresql_where=sa.text("state = 'open'"))
    op.drop_index("ledger_hold_of", table_name="ledger_hold")
    op.drop_table("ledger_hold")
    op.drop_index("ledger_entry_of_owner", table_name="ledger_entry")
    op.drop_index("ledger_entry_of_account", table_name="ledger_entry")
    op.drop_table("ledger_entry")
    op.drop_index("ledger_transaction_of", table_name="ledger_transaction")
    op.drop_table("ledger_transaction")
    op.drop_table("ledger_adjustment")
    op.drop_table("ledger_account")
