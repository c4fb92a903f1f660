"""How people are reached: preferences, numbers, push, text messages, suppressed addresses

Revision: reach, after setup_files
"""

import sqlalchemy as sa

from alembic import op

revision = "reach"
down_revision = "setup_files"
branch_labels = None
depends_on = None

CHANNELS = "'email', 'sms', 'push', 'in_app'"
ONE_OF = [
    ("delivery", "channel", CHANNELS),
    ("notification_rule", "channel", CHANNELS),
    ("message_template", "channel", CHANNELS),
    ("delivery", "status", "'scheduled', 'sending', 'sent', 'delivered', 'failed', 'withdrawn'"),
]


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "push_key",
        sa.Column("single", sa.Boolean(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("single", name=op.f("push_key_single_check")),
        sa.PrimaryKeyConstraint("single", name=op.f("push_key_pkey")),
    )
    op.create_table(
        "contact_number",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("code_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("verified_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("contact_number_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("contact_number_pkey")),
    )
    op.create_table(
        "message_gateway",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("sms_from", sa.Text(), nullable=False),
        sa.Column("whatsapp_from", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("monthly_segments", sa.Integer(), nullable=False),
        sa.Column("price_micros", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("message_gateway_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("message_gateway_pkey")),
        sa.UniqueConstraint("tenant_id", name=op.f("message_gateway_tenant_id_key")),
    )
    op.create_table(
        "notification_preference",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('email', 'sms', 'push', 'in_app')", name=op.f("notification_preference_channel_check")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("notification_preference_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", "topic", "channel", name=op.f("notification_preference_pkey")),
    )
    op.create_table(
        "notification_settings",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_to", sa.Time(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("digest_at", sa.Time(), nullable=False),
        sa.Column("text_by", sa.Text(), nullable=False),
        sa.CheckConstraint("text_by IN ('sms', 'whatsapp')", name=op.f("notification_settings_text_by_check")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("notification_settings_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("notification_settings_pkey")),
    )
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("used_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("push_subscription_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("push_subscription_pkey")),
        sa.UniqueConstraint("endpoint_hash", name=op.f("push_subscription_endpoint_hash_key")),
    )
    op.create_index(op.f("push_subscription_person_id_idx"), "push_subscription", ["person_id"], unique=False)
    op.create_table(
        "recovery_question",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("answer_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("recovery_question_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("recovery_question_pkey")),
    )
    op.create_table(
        "suppression",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("address_index", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('email', 'phone')", name=op.f("suppression_kind_check")),
        sa.CheckConstraint(
            "reason IN ('bounced', 'stopped', 'manual', 'unsubscribed')", name=op.f("suppression_reason_check")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("suppression_tenant_id_fkey")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("suppression_pkey")),
        sa.UniqueConstraint("tenant_id", "address_index", name=op.f("suppression_tenant_id_address_index_key")),
    )
    op.create_index("suppression_recent", "suppression", ["tenant_id", "created_at"], unique=False)
    op.add_column("delivery", sa.Column("held_until", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("delivery", sa.Column("carrier", sa.Text(), server_default="", nullable=False))
    op.add_column("delivery", sa.Column("handed_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("delivery", sa.Column("receipt", sa.Text(), server_default="", nullable=False))
    op.add_column("delivery", sa.Column("segments", sa.Integer(), server_default="0", nullable=False))
    op.add_column("delivery", sa.Column("cost_micros", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("delivery", sa.Column("currency", sa.Text(), server_default="", nullable=False))
    op.create_index(
        "delivery_handed",
        "delivery",
        ["tenant_id", "handed_at"],
        unique=False,
        postgresql_where=sa.text("handed_at IS NOT NULL"),
    )
    op.create_index(
        "delivery_held",
        "delivery",
        ["tenant_id", "person_id", "held_until"],
        unique=False,
        postgresql_where=sa.text("held_until IS NOT NULL"),
    )
    op.secure_table(
        "push_key",
        [
            ("ch_auth", "SELECT, INSERT", "true", ""),
            ("ch_platform", "SELECT (created_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "contact_number",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
            ("ch_worker", "SELECT (person_id, phone, verified_at)", "true", ""),
            ("ch_platform", "SELECT (person_id, verified_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "delivery",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_worker", "SELECT, UPDATE (status, due_at)", "true", ""),
            (
                "ch_platform",
                "SELECT (tenant_id, id, event, audience, channel, status, person_id, locale, due_at, attempts, error, sent_at, created_at, carrier, receipt, segments, cost_micros, currency), UPDATE (status, due_at, attempts, error)",
                "true",
                "",
            ),
        ],
        clinical=False,
    )
    op.secure_table(
        "message_gateway",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_platform", "SELECT (tenant_id, id, enabled, monthly_segments, price_micros, created_at)", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("message_gateway", ["secret"])
    op.secure_table(
        "notification_preference",
        [
            (
                "ch_me",
                "SELECT, INSERT, UPDATE, DELETE",
                "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)",
                "",
            ),
            ("ch_worker", "SELECT", "true", ""),
            ("ch_auth", "SELECT, DELETE", "true", ""),
            ("ch_platform", "SELECT (person_id)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "notification_settings",
        [
            (
                "ch_me",
                "SELECT, INSERT, UPDATE",
                "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)",
                "",
            ),
            ("ch_worker", "SELECT", "true", ""),
            ("ch_auth", "SELECT, DELETE", "true", ""),
            ("ch_platform", "SELECT (person_id)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "push_subscription",
        [
            (
                "ch_me",
                "SELECT (id, person_id, device, created_at, used_at), DELETE",
                "person_id = (SELECT nullif(current_setting('app.person_id', true), '')::uuid)",
                "",
            ),
            ("ch_auth", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
            ("ch_worker", "SELECT, UPDATE (used_at), DELETE", "true", ""),
            ("ch_platform", "SELECT (id, person_id, created_at, used_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "recovery_question",
        [
            ("ch_auth", "SELECT, INSERT, UPDATE, DELETE", "true", ""),
            ("ch_platform", "SELECT (person_id, created_at)", "true", ""),
        ],
        clinical=False,
    )
    op.secure_table(
        "suppression",
        [
            (
                "ch_app",
                "SELECT, INSERT, UPDATE, DELETE",
                "tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)",
                "",
            ),
            ("ch_platform", "SELECT (tenant_id, id, kind, reason, created_at)", "true", ""),
        ],
        clinical=False,
    )
    op.audit_table("suppression", ["address", "address_index", "hint"])

    for table, column, values in ONE_OF:
        op.drop_constraint(op.f(f"{table}_{column}_check"), table, type_="check")
        op.create_check_constraint(op.f(f"{table}_{column}_check"), table, f"{column} IN ({values})")


def downgrade() -> None:
    raise NotImplementedError("a table that stood before changed: restore a backup")
