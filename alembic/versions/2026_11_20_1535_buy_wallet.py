"""Coins bought by card, wishes of a wallet, the nightly comparison with Stripe

Revision: buy_wallet, after people_roles
"""

import sqlalchemy as sa

from alembic import op

revision = "buy_wallet"
down_revision = "people_roles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "payment_difference",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("ours", sa.BigInteger(), nullable=False),
        sa.Column("theirs", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("mended", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('status', 'amount', 'unknown', 'missing')", name=op.f("payment_difference_kind_check")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("payment_difference_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("payment_difference_pkey")),
        sa.UniqueConstraint("tenant_id", "ref", "kind", name=op.f("payment_difference_tenant_id_ref_kind_key")),
    )
    op.create_index(
        "payment_difference_newest", "payment_difference", ["tenant_id", sa.literal_column("id DESC")], unique=False
    )
    op.create_table(
        "wallet_settings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("alert_below", sa.Integer(), nullable=False),
        sa.Column("top_up", sa.Boolean(), nullable=False),
        sa.Column("top_up_coins", sa.Integer(), nullable=False),
        sa.Column("month_limit_minor", sa.BigInteger(), nullable=False),
        sa.Column("low_since", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "alert_below >= 0 AND top_up_coins > 0 AND month_limit_minor > 0", name=op.f("wallet_settings_bounds_check")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("wallet_settings_person_id_fkey")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("wallet_settings_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("wallet_settings_pkey")),
        sa.UniqueConstraint("tenant_id", "person_id", name=op.f("wallet_settings_tenant_id_person_id_key")),
    )
    op.create_table(
        "coin_purchase",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("coins", sa.Integer(), nullable=False),
        sa.Column("coin_minor", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("frozen", sa.Integer(), nullable=False),
        sa.Column("owed", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("bought_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'bought', 'failed', 'disputed', 'refunded', 'lost')",
            name=op.f("coin_purchase_state_check"),
        ),
        sa.CheckConstraint(
            "coins > 0 AND price_minor > 0 AND returned BETWEEN 0 AND coins AND frozen BETWEEN 0 AND coins AND owed BETWEEN 0 AND coins",
            name=op.f("coin_purchase_bounds_check"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("coin_purchase_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payment.tenant_id", "payment.id"],
            name=op.f("coin_purchase_tenant_id_payment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("coin_purchase_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("coin_purchase_pkey")),
    )
    op.create_index(
        "coin_purchase_of_person",
        "coin_purchase",
        ["tenant_id", "person_id", sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "coin_purchase_owed",
        "coin_purchase",
        ["tenant_id", "person_id"],
        unique=False,
        postgresql_where=sa.text("owed > 0"),
    )
    op.secure_table(
        "payment_difference",
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
        "wallet_settings",
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
            ("ch_worker", "SELECT (tenant_id, id, person_id, alert_below, top_up)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "coin_purchase",
        [
            (
                "ch_money",
                "SELECT, INSERT, UPDATE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_me", "SELECT", "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)", ""),
            ("ch_app", "SELECT", "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)", ""),
            ("ch_platform", "SELECT (tenant_id, id, coins, price_minor, currency, state, created_at)", "true", ""),
        ],
        clinical=False,
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.secure_table(
        "coin_purchase",
        [],
        clinical=False,
    )
    op.secure_table(
        "wallet_settings",
        [],
        clinical=False,
    )
    op.secure_table(
        "payment_difference",
        [],
        clinical=False,
    )
    op.drop_index("coin_purchase_owed", table_name="coin_purchase", postgresql_where=sa.text("owed > 0"))
    op.drop_index("coin_purchase_of_person", table_name="coin_purchase")
    op.drop_table("coin_purchase")
    op.drop_table("wallet_settings")
    op.drop_index("payment_difference_newest", table_name="payment_difference")
    op.drop_table("payment_difference")
